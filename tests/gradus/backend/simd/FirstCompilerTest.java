package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.Window;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * No kernel is too large for the JVM's first compiler, which gives up when a method, entered at one of its loops, needs more virtual registers than it has. Such a kernel
 * is stuck where its vectors lie on the heap: the convolutions of one commit took a hundred times as long as before, in two of three processes.
 */
@Execution(ExecutionMode.CONCURRENT)
class FirstCompilerTest {
    @Test
    void everyKernelFits() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules=jdk.incubator.vector", "-Xbatch",
                "-XX:TieredStopAtLevel=3", "-XX:+UnlockDiagnosticVMOptions", "-XX:Tier0BackedgeNotifyFreqLog=0", "-XX:Tier3BackEdgeThreshold=40", "-XX:+PrintCompilation",
                "-cp", System.getProperty("java.class.path"), FirstCompilerTest.class.getName()).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        if (Lanes.FLOAT.length() == 16) {
            assertEquals(List.of(), kernels().filter(kernel -> out.lines().noneMatch(line -> line.contains("%") && line.contains(kernel))).toList(), "not compiled at a loop");
        }
        assertEquals(List.of(), out.lines().filter(line -> line.contains("COMPILE SKIPPED") && line.contains("gradus.")).toList());
    }

    /** The largest kernels, which machines with 32 vector registers use. */
    private static Stream<String> kernels() {
        return Stream.of("Float", "Double").flatMap(type -> Stream.of("ConvOuterTiles::outer6x4", "ConvOuterTiles::outer5x4", "ConvOuterTiles::outer4x4", "ConvPaddedTaps::outer4x1x3",
                "ConvPaddedTaps::outer1x4x3", "ConvTaps::outer4x1x3", "ConvTiles::chain8x3", "ConvTiles::chain4x6", "PackedTiles::tile12x2",
                "RowTiles::tile12x2", "Tiles::tile12x2", "Tiles::tile6x4").map(kernel -> type + kernel));
    }

    /** Convolutions and products through tiles of all sizes. */
    public static void main(String[] none) {
        try (Backend backend = new SimdBackend(1)) {
            for (DType type : DType.values()) {
                for (int[] sizes : new int[][] {{3, 11}, {5, 4}, {4, 1}, {1, 9}}) {
                    convolutions(backend, type, sizes[0], sizes[1]);
                }
                for (int rows : new int[] {1, 5, 40, 100}) {
                    for (int columns : new int[] {1, 7, 20, 64, 100, 200, 600}) {
                        Tensor a = Tensor.zeros(type, Shape.of(rows, 60));
                        Tensor b = Tensor.zeros(type, Shape.of(60, columns));
                        backend.release(backend.matmul(a, b, null, null));
                    }
                }
            }
        }
    }

    private static void convolutions(Backend backend, DType type, int channels, int filters) {
        for (int padding = 0; padding < 2; padding++) {
            for (int samples : new int[] {2, 32}) {
                Tensor x = Tensor.zeros(type, Shape.of(samples, channels, 12, 21));
                Tensor weight = Tensor.zeros(type, Shape.of(filters, channels, 3, 3));
                ConvShape shape = ConvShape.of(x.shape(), weight.shape(), Window.of(3).padding(padding), 1);
                Tensor y = backend.convolutions().forward(shape, x, weight, null, Epilogue.IDENTITY);
                backend.release(backend.convolutions().inputGradient(shape, y, weight, null, Epilogue.IDENTITY));
                backend.release(backend.convolutions().weightGradient(shape, y, x));
                backend.release(y);
            }
        }
    }
}
