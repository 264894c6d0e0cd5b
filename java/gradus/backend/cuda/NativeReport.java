package gradus.backend.cuda;

import gradus.backend.Mode;
import gradus.backend.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/** What of the emulated and the CUDA backend is here, and for what is not, why and what to install. For {@code doctor}. */
public final class NativeReport {
    private NativeReport() {
    }

    /** One line for each part, by name. Tries everything, and so may take a second where there is a GPU. */
    public static SequencedMap<String, String> lines() {
        SequencedMap<String, String> lines = new LinkedHashMap<>();
        for (String library : new String[] {"bridge", "emulated", "cuda", "cublas"}) {
            lines.put("libgradus_" + library, attempt(() -> NativeLibraries.find(library).toString()));
        }
        lines.put("emulated device", attempt(() -> {
            try (CudaBackend backend = CudaBackend.emulated(1)) {
                return backend.description();
            }
        }));
        lines.put("CUDA toolkit", toolkit());
        lines.put("NVIDIA driver", attempt(NativeReport::driver));
        lines.put("CUDA device", attempt(NativeReport::device));
        lines.put("cuBLAS", attempt(CublasLibrary::load));
        lines.put("fast mode", attempt(() -> {
            try (CudaBackend backend = CudaBackend.cuda(Mode.FAST)) {
                return backend.mode();
            }
        }));
        return lines;
    }

    private interface Attempt {
        String get();
    }

    private static String attempt(Attempt attempt) {
        try {
            return attempt.get();
        } catch (UnavailableException | DeviceException e) {
            return "none: " + e.getMessage().replaceFirst("^--backend cuda: ", "");
        }
    }

    private static String driver() {
        NativeLibraries.loadBridge();
        String problem = Bridge.load("libcuda.so.1");
        if (problem != null) {
            throw new UnavailableException(problem + "; install the NVIDIA driver if this machine has a GPU");
        }
        Path version = Path.of("/proc/driver/nvidia/version");
        try {
            return Files.isReadable(version) ? Files.readAllLines(version).getFirst().strip() : "libcuda.so.1";
        } catch (IOException unreadable) {
            return "libcuda.so.1";
        }
    }

    /** The device, its memory, and what the pool took for a first product. */
    private static String device() {
        try (CudaBackend backend = CudaBackend.cuda(Mode.CONTRACT)) {
            CudaBackend.MemoryUse use = backend.memoryUse();
            return String.format(Locale.ROOT, "%s; %.1f GiB free; pool: %d bytes in use, %d at most", backend.description(), backend.freeMemory() / 0x1p30, use.inUse(),
                    use.peak());
        }
    }

    private static String toolkit() {
        for (Path toolkit : CublasLibrary.toolkits()) {
            if (Files.isExecutable(toolkit.resolve("bin/nvcc"))) {
                return version(toolkit) + toolkit;
            }
        }
        return "none: needed only to build libgradus_cuda (CUDA_HOME, /usr/local/cuda* and /opt/cuda were looked at); install CUDA 12 or newer for that";
    }

    private static String version(Path toolkit) {
        Path json = toolkit.resolve("version.json");
        try {
            String text = Files.isReadable(json) ? Files.readString(json) : "";
            String found = text.replaceAll("(?s).*?\"cuda\"\\s*:\\s*\\{[^}]*\"version\"\\s*:\\s*\"([^\"]+)\".*", "$1");
            return found.equals(text) ? "" : found + ", ";
        } catch (IOException unreadable) {
            return "";
        }
    }
}
