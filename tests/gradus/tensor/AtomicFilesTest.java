package gradus.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    private long files() throws IOException {
        try (var list = Files.list(folder)) {
            return list.count();
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFiles.write(file, "old");
        assertThrows(IOException.class, () -> AtomicFiles.write(file, out -> {
            out.write(new byte[100_000]);
            throw new IOException("disk full");
        }));
        assertEquals("old", Files.readString(file));
        assertEquals(1, files());
    }

    @Test
    void replacesWholeFilesAndMakesFolders() throws IOException {
        Path file = folder.resolve("deep/er/a.txt");
        AtomicFiles.write(file, "a longer first text");
        AtomicFiles.write(file, "new");
        assertEquals("new", Files.readString(file));
    }

    @Test
    void followsLinks() throws IOException {
        Path real = folder.resolve("real.txt");
        Path link = folder.resolve("link.txt");
        Files.writeString(real, "old");
        Files.createSymbolicLink(link, real);
        AtomicFiles.write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(real));
    }

    @Test
    void aFileInPlaceOfAFolderIsAnError() throws IOException {
        Files.writeString(folder.resolve("f"), "x");
        assertThrows(IOException.class, () -> AtomicFiles.write(folder.resolve("f/a.txt"), "y"));
    }
}
