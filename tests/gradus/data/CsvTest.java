package gradus.data;

import static gradus.tensor.Damage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    @Test
    void numbersAreWrittenShortest() {
        assertEquals("0.1", Decimals.of(0.1));
        assertEquals("0.1", Decimals.of(0.1f));
        assertEquals("0.10000000149011612", Decimals.of((double) 0.1f));
        assertEquals("3", Decimals.of(3.0));
        assertEquals("5e-4", Decimals.of(0.0005));
        assertEquals("1.5e10", Decimals.of(1.5e10));
        assertEquals("1e23", Decimals.of(1e23));
        assertEquals("-0", Decimals.of(-0.0));
        assertEquals("nan", Decimals.of(Double.NaN));
        assertEquals("-inf", Decimals.of(Float.NEGATIVE_INFINITY));
        assertNull(Decimals.parse("1d"));
        assertNull(Decimals.parse("0x1p3"));
        assertNull(Decimals.parse(""));
        assertNull(Decimals.parse("1,5"));
    }

    @Test
    void readsTablesOfTexts() throws IOException {
        Csv.Table table = Csv.read(file("\uFEFFname,note\r\nBag,\"big, \"\"red\"\"\nand old\"\r\nCoat,"));
        assertEquals(List.of("name", "note"), table.columns());
        assertEquals(List.of(List.of("Bag", "big, \"red\"\nand old"), List.of("Coat", "")), table.rows());
    }

    @Test
    void readsTablesOfNumbersWithAndWithoutNames() throws IOException {
        Csv.Numbers named = Csv.readNumbers(file("user,item,rating\n3,5,4.5\n1, 2 ,-1e3\n"));
        assertEquals(List.of("user", "item", "rating"), named.columns());
        assertArrayEquals(new double[] {3, 5, 4.5, 1, 2, -1000}, named.values());
        assertEquals(-1000, named.get(1, 2));
        Csv.Numbers bare = Csv.readNumbers(file("3,nan\n1,inf\n"));
        assertEquals(List.of(), bare.columns());
        assertArrayEquals(new double[] {3, Double.NaN, 1, Double.POSITIVE_INFINITY}, bare.values());
        assertEquals(0, Csv.readNumbers(file("")).rows());
    }

    @Test
    void refusesWhatItCannotRead() throws IOException {
        assertRefused(file("a,b\n1,2\n3\n"), Csv::readNumbers, "byte 8 (line 3) begins a row of 1 field, the first row has 2");
        assertRefused(file("a,b\n1,2\n\n"), Csv::readNumbers, "(line 3) begins a row of 1 field");
        assertRefused(file("a,b\n1,two\n"), Csv::readNumbers, "byte 6 (line 2) holds 'two', wanted a number");
        assertRefused(file("1,b\n"), Csv::readNumbers, "byte 2 (line 1) holds 'b', wanted a number");
        assertRefused(file("a\n\"open\n"), Csv::read, "byte 2 (line 2) begins a quoted field that never ends");
        assertRefused(file("a\nx\"y\n"), Csv::read, "byte 3 (line 2) holds a quote inside a field");
        assertRefused(file("a\n\"x\"y\n"), Csv::read, "byte 5 (line 2) holds 'y' after a field");
        assertRefused(file("a\rb\n"), Csv::read, "holds a carriage return");
        assertRefused(file(""), Csv::read, "wanted a row of column names");
        Files.write(folder.resolve("latin.csv"), "a\ncafé\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(folder.resolve("latin.csv"), Csv::read, "byte 2 (line 2) begins a field that is not UTF-8");
    }

    @Test
    void rowsMustFitTheColumns() {
        assertThrows(IllegalArgumentException.class, () -> Csv.write(folder.resolve("x.csv"), List.of("a", "b"), List.of(List.of(1))));
    }
}
