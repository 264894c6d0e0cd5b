package gradus.backend.cuda;

import gradus.backend.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Finds the native libraries: in the folder that the system property {@code gradus.native} names, else in {@code target/native} beside the classes, else in
 * the jar, from which they are unpacked to a folder that only this user can read, under their hash, which is checked each time.
 */
final class NativeLibraries {
    private static final String RESOURCES = "/gradus/native/";
    private static boolean bridgeLoaded;

    private NativeLibraries() {
    }

    /** The file of a library, {@code emulated} for libgradus_emulated.so. */
    static Path find(String name) {
        String file = "libgradus_" + name + ".so";
        String folder = System.getProperty("gradus.native");
        if (folder != null) {
            return inFolder(Path.of(folder), file, "which -Dgradus.native names");
        }
        Path built = besideClasses();
        if (built != null) {
            return inFolder(built, file, "native/build.sh puts it there" + (name.equals("cuda") ? ", where the CUDA toolkit is installed" : ""));
        }
        return unpacked(file);
    }

    /** Loads the JNI functions, once. */
    @SuppressWarnings("restricted")
    static synchronized void loadBridge() {
        if (!bridgeLoaded) {
            Path file = find("bridge");
            try {
                System.load(file.toAbsolutePath().toString());
            } catch (UnsatisfiedLinkError e) {
                throw new UnavailableException("native library " + file + " cannot be loaded: " + e.getMessage());
            }
            requireInterface(file, bridgeInterface());
            bridgeLoaded = true;
        }
    }

    /** 0 for a bridge from before there was such a number. */
    private static int bridgeInterface() {
        try {
            return Bridge.builtInterface();
        } catch (UnsatisfiedLinkError older) {
            return 0;
        }
    }

    static void requireInterface(Path file, int found) {
        if (found != Bridge.INTERFACE) {
            throw new UnavailableException("native library " + file + " has interface version " + found + ", these classes want " + Bridge.INTERFACE
                    + "; native/build.sh builds the native libraries anew");
        }
    }

    /** The platform as the jar's folders are named: {@code linux-x86_64}. */
    static String platform() {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(" ", "") + "-" + machine;
    }

    private static Path inFolder(Path folder, String file, String hint) {
        Path path = folder.resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new UnavailableException("native library " + path + " does not exist; " + hint);
        }
        return path;
    }

    private static Path besideClasses() {
        CodeSource source = NativeLibraries.class.getProtectionDomain().getCodeSource();
        try {
            Path classes = source == null ? null : Path.of(source.getLocation().toURI());
            return classes != null && Files.isDirectory(classes) ? classes.resolveSibling("native") : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static Path unpacked(String file) {
        String resource = RESOURCES + platform() + "/" + file;
        URL hash = NativeLibraries.class.getResource(resource + ".sha256");
        if (hash == null) {
            throw new UnavailableException("native library " + file + " is not in this jar for " + platform()
                    + "; build Gradus from source on such a machine (native/build.sh)");
        }
        try {
            String wanted = read(hash).strip();
            Path folder = privateFolder().resolve(wanted.substring(0, 16));
            Path path = folder.resolve(file);
            if (!Files.isRegularFile(path) || !wanted.equals(sha256(Files.readAllBytes(path)))) {
                Files.createDirectories(folder);
                Path beside = Files.createTempFile(folder, file, ".part");
                try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
                    Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
                }
                String found = sha256(Files.readAllBytes(beside));
                if (!found.equals(wanted)) {
                    Files.delete(beside);
                    throw new UnavailableException("native library " + resource + " in the jar has hash " + found + ", wanted " + wanted);
                }
                Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return path;
        } catch (IOException e) {
            throw new UnavailableException("native library " + file + " cannot be unpacked: " + e.getMessage());
        }
    }

    private static String read(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static Path privateFolder() throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache != null && !cache.isBlank() ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        Path folder = base.resolve("gradus").resolve("native");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.getParent());
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
