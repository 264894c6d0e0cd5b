package gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.tensor.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Round trips of data files, and damaged ones. */
class DataProperties {
    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("gradus-data");
    }

    @AfterContainer
    static void dropFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path p : files.toList()) {
                Files.delete(p);
            }
        }
        Files.delete(folder);
    }

    @Property(tries = 2000)
    void theShortestDecimalReadsBackAsTheSameNumber(@ForAll long bits) {
        double wide = Double.longBitsToDouble(bits);
        assertEquals(wide, Decimals.parse(Decimals.of(wide)));
        float narrow = Float.intBitsToFloat((int) (bits ^ bits >>> 32));
        assertEquals(narrow, Decimals.parse(Decimals.of(narrow)).floatValue());
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        Arbitrary<String> field = Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(8), Arbitraries.strings().withChars(",\"\r\n a\uFEFF").ofMaxLength(6))
                .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        return Arbitraries.integers().between(1, 4).flatMap(width -> field.list().ofSize(width).list().ofMinSize(1).ofMaxSize(6));
    }

    @Property(tries = 300)
    void csvKeepsEveryText(@ForAll("tables") List<List<String>> rows) throws IOException {
        Path file = folder.resolve("t.csv");
        Csv.write(file, rows.getFirst(), rows.subList(1, rows.size()));
        Csv.Table read = Csv.read(file);
        assertEquals(rows.getFirst(), read.columns());
        assertEquals(rows.subList(1, rows.size()), read.rows());
    }

    @Property(tries = 100)
    void csvKeepsEveryNumber(@ForAll @Size(min = 1, max = 60) List<Double> values) throws IOException {
        Path file = folder.resolve("n.csv");
        Csv.write(file, List.of("value"), values.stream().map(List::of).toList());
        assertArrayEquals(values.stream().mapToDouble(Double::doubleValue).toArray(), Csv.readNumbers(file).values());
    }

    @Property(tries = 60)
    void damagedFilesAreReadOrRefused(@ForAll long seed) throws IOException {
        Path sound = folder.resolve("sound");
        for (String name : List.of("sound", "sound.gz")) {
            sound = folder.resolve(name);
            Idx.write(sound, Images.of(new byte[600], 100, 2, 3));
            Damage.surviveAll(Files.readAllBytes(sound), folder.resolve("damaged"), Idx::readImages, seed, 15);
            Idx.write(sound, new int[] {1, 2, 3, 4});
            Damage.surviveAll(Files.readAllBytes(sound), folder.resolve("damaged"), Idx::readLabels, seed, 15);
        }
        byte[] csv = "a,\"b,c\"\n1.5,2\n3,4e-5\n".getBytes(StandardCharsets.UTF_8);
        Damage.surviveAll(csv, folder.resolve("damaged"), Csv::read, seed, 15);
        Damage.surviveAll(csv, folder.resolve("damaged"), Csv::readNumbers, seed, 15);
    }
}
