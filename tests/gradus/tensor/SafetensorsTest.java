package gradus.tensor;

import static gradus.tensor.Damage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** safetensors against files that the reference implementation wrote. */
class SafetensorsTest {
    private static final Path GOLDEN = Path.of("tests/gradus/tensor/golden");

    @TempDir
    Path folder;

    @Test
    void readsWhatTheReferenceWrote() throws IOException {
        Safetensors.Contents contents = Safetensors.read(GOLDEN.resolve("metadata.safetensors"));
        assertEquals(Map.of("title", "café “quoted” \\ \n"), contents.metadata());
        Map<String, Tensor> t = contents.tensors();
        assertEquals("[count, decoder.bias, decoder.weight, none, wide]", t.keySet().toString());
        assertEquals(Shape.of(4, 6), t.get("decoder.weight").shape());
        assertEquals(23 / 7f, t.get("decoder.weight").get(3, 5));
        assertArrayEquals(new float[] {-0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE, 1}, t.get("decoder.bias").toFloats());
        assertArrayEquals(new double[] {Math.PI, -Math.E}, t.get("wide").toDoubles());
        assertEquals(3, t.get("count").item());
        assertEquals(Shape.of(0, 5), t.get("none").shape());
    }

    @Test
    void writesTheBytesThatTheReferenceWrites() throws IOException {
        for (String name : new String[] {"plain", "metadata"}) {
            Path golden = GOLDEN.resolve(name + ".safetensors");
            Safetensors.Contents contents = Safetensors.read(golden);
            Path ours = folder.resolve("ours.safetensors");
            Safetensors.write(ours, new HashMap<>(contents.tensors()), contents.metadata());
            assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(ours), name);
        }
    }

    private Path file(String header, int data) throws IOException {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + head.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(head.length).put(head);
        return Files.write(folder.resolve("bad.safetensors"), out.array());
    }

    private static String tensor(String name, String shape, long from, long to) {
        return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[" + from + "," + to + "]}";
    }

    @Test
    void refusesHeadersThatDoNotFitTheFile() throws IOException {
        byte[] length = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array();
        assertRefused(Files.write(folder.resolve("x"), length), Safetensors::read, "byte 0 says a header of 9223372036854775807 bytes", "at most 2 bytes");
        length = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array();
        assertRefused(Files.write(folder.resolve("x"), length), Safetensors::read, "says a header of 18446744073709551615 bytes");
        assertRefused(Files.write(folder.resolve("x"), new byte[5]), Safetensors::read, "byte 5 is the end of the file");
        assertRefused(file("{" + tensor("a", "[500000000]", 0, 2_000_000_000L) + "}", 16), Safetensors::read, "the tensors take 2,000,000,000 bytes");
    }

    @Test
    void refusesGapsOverlapsAndRests() throws IOException {
        assertRefused(file("{" + tensor("a", "[2]", 0, 8) + "," + tensor("b", "[1]", 12, 16) + "}", 16), Safetensors::read, "belongs to no tensor", "'b'");
        assertRefused(file("{" + tensor("a", "[2]", 0, 8) + "," + tensor("b", "[2]", 4, 12) + "}", 12), Safetensors::read, "is passed when tensor 'b' begins");
        assertRefused(file("{" + tensor("a", "[2]", 4, 12) + "}", 12), Safetensors::read, "belongs to no tensor");
        assertRefused(file("{" + tensor("a", "[2]", 0, 8) + "}", 12), Safetensors::read, "begins 4 bytes of no tensor");
        assertRefused(file("{" + tensor("a", "[3]", 0, 12) + "}", 8), Safetensors::read, "is the end of the file");
        assertRefused(file("{" + tensor("a", "[2]", 0, 12) + "}", 12), Safetensors::read, "data_offsets 0, 12", "F32[2] takes 8 bytes");
        assertRefused(file("{" + tensor("a", "[2]", 8, 0) + "}", 8), Safetensors::read, "data_offsets 8, 0");
    }

    @Test
    void refusesBrokenHeaders() throws IOException {
        String a = tensor("a", "[1]", 0, 4);
        assertRefused(file("{" + a + "," + a + "}", 4), Safetensors::read, "breaks the JSON header (Duplicate field 'a')");
        assertRefused(file("{" + a + "} x", 4), Safetensors::read, "breaks the JSON header");
        assertRefused(file("{" + a + "} {}", 4), Safetensors::read, "wanted only spaces");
        assertRefused(file("[1]", 4), Safetensors::read, "byte 8 does not begin a JSON object");
        assertRefused(file("{" + a, 4), Safetensors::read, "breaks the JSON header");
        assertRefused(file("{" + a.replace("F32", "BF16") + "}", 4), Safetensors::read, "dtype 'BF16' for tensor 'a'", "F32 and F64");
        assertRefused(file("{" + a.replace("dtype", "type") + "}", 4), Safetensors::read, "holds the key 'type'");
        assertRefused(file("{" + a.replace("[1]", "[1.5]") + "}", 4), Safetensors::read, "wanted whole numbers");
        assertRefused(file("{" + a.replace("[1]", "[-1]") + "}", 4), Safetensors::read, "says -1 in shape");
        assertRefused(file("{" + a.replace("[1]", "[99999999999999999999]") + "}", 4), Safetensors::read, "says 99999999999999999999 in shape");
        assertRefused(file("{" + a.replace("[1]", "[4294967296]") + "}", 4), Safetensors::read, "extent 4294967296");
        assertRefused(file("{" + a.replace("[1]", "[65536,65536]") + "}", 4), Safetensors::read, "2^31");
        assertRefused(file("{" + a.replace("[0,4]", "[0]") + "}", 4), Safetensors::read, "two data_offsets");
        assertRefused(file("{\"__metadata__\":{\"n\":1}}", 0), Safetensors::read, "a text for 'n'");
        assertRefused(file("{\"a\":" + "[".repeat(5000) + "}", 0), Safetensors::read, "wanted an object");
    }

    @Test
    void aTensorCannotTakeTheMetadataName() {
        assertThrows(IllegalArgumentException.class,
                () -> Safetensors.write(folder.resolve("x"), Map.of("__metadata__", Tensor.scalar(DType.FLOAT32, 1)), Map.of()));
    }
}
