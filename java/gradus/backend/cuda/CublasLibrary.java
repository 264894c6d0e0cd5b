package gradus.backend.cuda;

import gradus.backend.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds cuBLAS for JCublas2, which asks the loader for {@code libcublas.so.12}: that library itself, or, with only CUDA 13 installed, {@code libcublas.so.13} behind
 * our library of the older name ({@code native/cublas}).
 */
final class CublasLibrary {
    private static final String[] FOLDERS = {"lib64", "lib", "targets/x86_64-linux/lib"};

    private CublasLibrary() {
    }

    /**
     * Loads cuBLAS, once and for all of the process, and says which.
     *
     * @throws UnavailableException with the places that were looked at and what to install
     */
    static String load() {
        NativeLibraries.loadBridge();
        String twelve = loadFirst("libcublas.so.12");
        if (twelve != null) {
            return twelve;
        }
        String thirteen = loadFirst("libcublas.so.13");
        if (thirteen == null) {
            throw new UnavailableException("neither libcublas.so.12 nor libcublas.so.13 was found (looked where the loader looks, in $CUDA_HOME and in "
                    + "/usr/local/cuda*); install cuBLAS of the CUDA toolkit, 12 or 13");
        }
        Path forwarder = NativeLibraries.find("cublas");
        String problem = Bridge.load(forwarder.toAbsolutePath().toString());
        if (problem != null) {
            throw new UnavailableException(forwarder + " cannot be loaded: " + problem);
        }
        return thirteen + " through " + forwarder.getFileName();
    }

    /** The first place that a library is loaded from, or null. cuBLAS needs its companion libcublasLt from the same folder. */
    private static String loadFirst(String name) {
        for (String place : places(name)) {
            if (place.startsWith("/")) {
                Bridge.load(place.replace("libcublas.", "libcublasLt."));
            }
            if (Bridge.load(place) == null) {
                return place;
            }
        }
        return null;
    }

    private static List<String> places(String name) {
        List<String> places = new ArrayList<>(List.of(name));
        for (Path toolkit : toolkits()) {
            for (String folder : FOLDERS) {
                Path file = toolkit.resolve(folder).resolve(name);
                if (Files.isRegularFile(file)) {
                    places.add(file.toString());
                }
            }
        }
        return places;
    }

    /** Folders where CUDA toolkits are installed. */
    static List<Path> toolkits() {
        List<Path> toolkits = new ArrayList<>();
        for (String variable : new String[] {"CUDA_HOME", "CUDA_PATH"}) {
            String value = System.getenv(variable);
            if (value != null && !value.isBlank()) {
                toolkits.add(Path.of(value));
            }
        }
        toolkits.add(Path.of("/usr/local/cuda"));
        toolkits.add(Path.of("/opt/cuda"));
        try (Stream<Path> local = Files.list(Path.of("/usr/local"))) {
            local.filter(p -> p.getFileName().toString().startsWith("cuda-")).sorted().forEach(toolkits::add);
        } catch (java.io.IOException unreadable) {
            // Then there are none to add.
        }
        return toolkits.stream().filter(Files::isDirectory).distinct().toList();
    }
}
