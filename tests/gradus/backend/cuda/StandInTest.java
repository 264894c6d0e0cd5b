package gradus.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The path of {@code --backend cuda} without a GPU: JCuda over a stand-in for the driver, whose device memory is the heap's, the emulator's kernels in place of the
 * device's, and JCublas2 over our library of the name libcublas.so.12 and a stand-in for libcublas.so.13 that writes its arguments down.
 */
@Execution(ExecutionMode.CONCURRENT)
class StandInTest {
    private static final Path NATIVE = Path.of("target", "native");

    @TempDir
    private Path folder;

    @Test
    void theWholePathRunsOnStandIns() throws Exception {
        compile("stand_in_driver", "libcuda.so.1");
        compile("stand_in_cublas", "libcublas.so.13");
        Path libraries = libraries(NATIVE.resolve("libgradus_emulated.so"));
        Map<String, String> said = program(libraries);

        assertEquals("--backend cuda: the driver found no CUDA device (CUDA_ERROR_NO_DEVICE (100), no device); see what nvidia-smi and CUDA_VISIBLE_DEVICES say, "
                + "or use --backend cpu", said.get("no device"));
        assertTrue(said.get("device").startsWith("Stand-in, compute capability 9.0, 1.0 GiB, driver for CUDA 13.0, kernels by emulator"), said::toString);
        assertEquals("bits equal, contract", said.get("contract"));
        assertTrue(said.get("full").matches("device memory: no room for tensor \\[100, 100, 5\\] of \\d+ bytes; \\d+ of 1048576 are free, .*"), said::toString);
        assertEquals("3.0, 256 bytes in use", said.get("after"));
        requireOrSkip(!said.get("mode").contains("libcublas.so.12"), "this machine has a libcublas.so.12: " + said.get("mode"));
        assertEquals("fast, cuBLAS 130000 (libcublas.so.13 through libgradus_cublas.so)", said.get("mode"));
        assertEquals("numbers equal", said.get("fast"));
        // By columns: the transposed product, with n and m exchanged.
        List<String> calls = Files.readAllLines(folder.resolve("cublas.log"));
        assertEquals(2 * 5 + 2 * 2 * 6, calls.size(), "five products, and two groups of six passes of a convolution, in each type");
        for (int i = 0; i < 2; i++) {
            String type = i == 0 ? "sgemm" : "dgemm";
            assertEquals(List.of(
                    type + " 0 0 m=4 n=3 k=5 alpha=1 lda=4 sa=0 ldb=5 sb=0 beta=0 ldc=4 sc=12 batches=1",
                    type + " 1 1 m=4 n=3 k=5 alpha=1 lda=5 sa=0 ldb=3 sb=0 beta=1 ldc=4 sc=12 batches=1",
                    type + " 0 0 m=4 n=3 k=5 alpha=1 lda=7 sa=35 ldb=5 sb=15 beta=0 ldc=4 sc=12 batches=12",
                    type + " 0 0 m=4 n=3 k=5 alpha=1 lda=4 sa=0 ldb=5 sb=15 beta=0 ldc=4 sc=12 batches=2",
                    type + " 0 0 m=1 n=1 k=9 alpha=1 lda=1 sa=0 ldb=9 sb=0 beta=0 ldc=1 sc=1 batches=1"), calls.subList(5 * i, 5 * i + 5));
            // Two groups: 3 filters by 2 · 3 · 2 taps, 3 · 7 places, 5 samples.
            assertEquals(List.of(
                    type + " 0 0 m=21 n=3 k=12 alpha=1 lda=21 sa=504 ldb=12 sb=0 beta=1 ldc=21 sc=126 batches=5",
                    type + " 0 0 m=21 n=3 k=12 alpha=1 lda=21 sa=504 ldb=12 sb=0 beta=1 ldc=21 sc=126 batches=5",
                    type + " 0 1 m=21 n=12 k=3 alpha=1 lda=21 sa=126 ldb=12 sb=0 beta=0 ldc=21 sc=504 batches=5",
                    type + " 0 1 m=21 n=12 k=3 alpha=1 lda=21 sa=126 ldb=12 sb=0 beta=0 ldc=21 sc=504 batches=5",
                    type + " 1 0 m=12 n=3 k=105 alpha=1 lda=105 sa=0 ldb=105 sb=0 beta=0 ldc=12 sc=0 batches=1",
                    type + " 1 0 m=12 n=3 k=105 alpha=1 lda=105 sa=0 ldb=105 sb=0 beta=0 ldc=12 sc=0 batches=1"), calls.subList(10 + 12 * i, 16 + 12 * i));
        }
    }

    @Test
    void kernelsForAnotherArchitectureAreRefused() throws Exception {
        assertEquals("--backend cuda: the kernels (a stand-in) do not run on Stand-in, compute capability 9.0: cudaErrorNoKernelImageForDevice (209): no kernel image is "
                + "available for execution on the device. Compute capability 7.5 or newer is needed; native/build.sh --architectures 90 compiles for this device, or use "
                + "--backend cpu", refusal(Bridge.INTERFACE, 209, ""));
    }

    @Test
    void kernelsOfAnotherVersionAreRefused() throws Exception {
        String said = refusal(Bridge.INTERFACE - 1, 0, "");
        assertEquals("--backend cuda: " + folder.resolve("native/libgradus_cuda.so") + " has interface version " + (Bridge.INTERFACE - 1) + ", wanted " + Bridge.INTERFACE
                + "; native/build.sh builds the native libraries anew", said);
    }

    @Test
    void aDriverThatServesAnOlderCudaIsRefused() throws Exception {
        assertEquals("--backend cuda: the driver serves CUDA 11.4, the kernels were built by CUDA 13.0; install a newer driver, build with an older toolkit "
                + "(native/build.sh), or use --backend cpu", refusal(Bridge.INTERFACE, 0, "old-driver"));
    }

    @Test
    void aBridgeOfAnotherVersionIsRefused() throws Exception {
        String header = Files.readString(Path.of("kernels", "launchers.h"));
        assertTrue(header.contains("#define GRADUS_INTERFACE " + Bridge.INTERFACE + "\n"), "Bridge.INTERFACE and launchers.h");
        UnavailableException refusal = assertThrows(UnavailableException.class, () -> NativeLibraries.requireInterface(Path.of("libgradus_bridge.so"), 0));
        assertEquals("native library libgradus_bridge.so has interface version 0, these classes want " + Bridge.INTERFACE + "; native/build.sh builds the native "
                + "libraries anew", refusal.getMessage());
    }

    /** What --backend cuda says with kernels that do nothing but have this version and answer the first launch so. */
    private String refusal(int version, int ready, String behaviour) throws Exception {
        compile("stand_in_driver", "libcuda.so.1");
        compile("stand_in_kernels", "libgradus_cuda.so", "-DINTERFACE=" + version, "-DREADY=" + ready);
        return program(libraries(folder.resolve("libgradus_cuda.so")), behaviour).get("refusal");
    }

    private Path libraries(Path kernels) throws IOException {
        for (String library : List.of("libgradus_bridge.so", "libgradus_emulated.so", "libgradus_cublas.so", "jcuda/lib")) {
            requireOrSkip(Files.exists(NATIVE.resolve(library)), NATIVE.resolve(library) + " is missing");
        }
        Path libraries = Files.createDirectory(folder.resolve("native"));
        Files.copy(NATIVE.resolve("libgradus_bridge.so"), libraries.resolve("libgradus_bridge.so"));
        Files.copy(kernels, libraries.resolve("libgradus_cuda.so"));
        Files.copy(NATIVE.resolve("libgradus_cublas.so"), libraries.resolve("libgradus_cublas.so"));
        return libraries;
    }

    @Test
    void aDriverOlderThanTheKernelsIsRefused() {
        CudaDevice.requireDriver(13000, 12060);
        CudaDevice.requireDriver(12040, 12060);
        UnavailableException refusal = assertThrows(UnavailableException.class, () -> CudaDevice.requireDriver(12040, 13000));
        assertEquals("--backend cuda: the driver serves CUDA 12.4, the kernels were built by CUDA 13.0; install a newer driver, build with an older toolkit "
                + "(native/build.sh), or use --backend cpu", refusal.getMessage());
    }

    private void compile(String source, String library, String... definitions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("g++", "-std=c++20", "-O1", "-shared", "-fPIC", "-Wl,-soname," + library, "-o", folder.resolve(library).toString(),
                Path.of("native", "tests", source + ".cpp").toString()));
        command.addAll(List.of(definitions));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String words = new String(process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor(), words);
        } catch (IOException e) {
            requireOrSkip(false, "no compiler: " + e.getMessage());
        }
    }

    private Map<String, String> program(Path libraries, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED", "-Djava.library.path=" + NATIVE.resolve("jcuda/lib").toAbsolutePath(), "-Dgradus.native=" + libraries, "-cp",
                System.getProperty("java.class.path"), StandInProgram.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("LD_LIBRARY_PATH", folder.toString(), "STAND_IN", folder.resolve("behaviour").toString(), "STAND_IN_CUBLAS",
                folder.resolve("cublas.log").toString()));
        builder.environment().keySet().removeAll(List.of("CUDA_HOME", "CUDA_PATH"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        return said.lines().filter(l -> l.contains(": ")).collect(Collectors.toMap(l -> l.substring(0, l.indexOf(": ")), l -> l.substring(l.indexOf(": ") + 2), (a, b) -> b));
    }

    private static void requireOrSkip(boolean held, String reason) {
        if (!held) {
            System.out.println("SKIPPED: stand-ins for driver and cuBLAS: " + reason);
            Assumptions.abort(reason);
        }
    }
}
