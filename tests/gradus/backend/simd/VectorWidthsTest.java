package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels give one result in JVMs of every vector width and mode. */
@Execution(ExecutionMode.CONCURRENT)
class VectorWidthsTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Dgradus.vector.bits=128", "-Dgradus.vector.bits=256", "-Dgradus.vector.bits=512", "-XX:UseAVX=2", "-XX:TieredStopAtLevel=1", "-Xint"})
    void aJvmOfAnotherKindGivesTheTwinsDigest(String flag) throws Exception {
        assertEquals("digest " + KernelDigest.digest(true, new ScalarBackend()), run(KernelDigest.class, flag));
    }

    /** Machines with sixteen registers have tiles of their own, which no test of a machine with thirty-two would reach. */
    @Test
    void theProductsPropertiesHoldWithSixteenRegisters() throws Exception {
        assertEquals("the products hold", run(GemmProperties.class, "-XX:UseAVX=2"));
    }

    @Test
    void anUnknownWidthIsAnError() throws Exception {
        String said = run(KernelDigest.class, "-Dgradus.vector.bits=96");
        assertTrue(said.contains("gradus.vector.bits is 96; 128, 256 or 512 wanted"), said);
    }

    private static String run(Class<?> main, String flag) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-XX:+IgnoreUnrecognizedVMOptions", flag, "-cp", System.getProperty("java.class.path"),
                main.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return String.join("\n", Stream.of(out.split("\n")).filter(line -> !line.startsWith("WARNING")).toList());
    }
}
