package gradus.lab;

import gradus.tensor.AtomicFiles;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A text file that grows by lines while a run goes on, under the name {@code NAME.part}; {@link #finish} gives it its real name. After a run that was killed the
 * part file is still there, and {@link #resume} takes its lines over.
 */
final class GrowingFile implements Closeable {
    private final Path target;
    private final Path part;
    private final BufferedWriter out;

    private GrowingFile(Path target, List<String> lines) throws IOException {
        this.target = target.toAbsolutePath();
        part = partOf(target);
        Files.createDirectories(part.getParent());
        // Through a second file: were the part file cut short and the process killed here, the lines would be gone.
        AtomicFiles.write(part, String.join("", lines.stream().map(l -> l + "\n").toList()));
        out = Files.newBufferedWriter(part, StandardCharsets.UTF_8, java.nio.file.StandardOpenOption.APPEND);
    }

    private static Path partOf(Path target) {
        return target.toAbsolutePath().resolveSibling(target.getFileName() + ".part");
    }

    /** Begins a file with this line. */
    static GrowingFile begin(Path target, String first) throws IOException {
        return new GrowingFile(target, List.of(first));
    }

    /**
     * Begins a file with this line and those lines of an earlier run, from its second on, that are to be kept. They come from the part file, or from the finished file when there is none.
     * A last line without an end was being written when the process died, and is dropped.
     */
    static GrowingFile resume(Path target, String first, Predicate<String> keep) throws IOException {
        Path earlier = Files.exists(partOf(target)) ? partOf(target) : target;
        List<String> lines = new ArrayList<>(List.of(first));
        if (Files.exists(earlier)) {
            String text = Files.readString(earlier);
            text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(1).filter(keep).forEach(lines::add);
        }
        return new GrowingFile(target, lines);
    }

    void line(String line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    /** Hands what was written to the operating system, so that it outlives this process. */
    void flush() throws IOException {
        out.flush();
    }

    /** Closes the file and gives it its real name. */
    void finish() throws IOException {
        out.close();
        AtomicFiles.rename(part, target);
    }

    /** Closes the file; without {@link #finish} it keeps the name of a part. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
