package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PageNumbersTest {
    /** Up to 1e308: five digits of the largest numbers would be rounded beyond all of them. */
    @Property(tries = 500)
    void numbersKeepFiveDigits(@ForAll @DoubleRange(min = -1e308, max = 1e308) double value, @ForAll @DoubleRange(min = -10, max = 10) double small) {
        assertKept(value);
        assertKept(small);
        assertKept(small * 1e-12);
        assertKept(small * 1e-200);
    }

    private static void assertKept(double value) {
        if (value != 0) {
            assertEquals(value, Double.parseDouble(written(value)), Math.abs(value) * 5.1e-5);
        }
    }

    private static String written(double... values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            JsonBytes json = new JsonBytes(out);
            for (double value : values) {
                json.number(value);
            }
            json.flush();
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsJson() throws IOException {
        assertEquals("0,-7,999999999,null,null,0", written(-0.0, -7, 999_999_999, Double.NaN, Double.NEGATIVE_INFINITY, 0));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonBytes json = new JsonBytes(out);
        json.open('{');
        json.name("a\"</script>");
        json.open('[');
        json.open('[');
        json.close(']');
        // More than the buffer holds.
        for (int i = 0; i < 30_000; i++) {
            json.number(-0.25 - i);
        }
        json.close(']');
        json.name("b");
        json.text("ε");
        json.close('}');
        json.flush();
        String text = out.toString(StandardCharsets.UTF_8);
        assertFalse(text.contains("<"));
        JsonNode read = new ObjectMapper().readTree(text);
        assertEquals("ε", read.get("b").asText());
        assertEquals(30_001, read.get("a\"</script>").size());
        assertEquals(-29_999.25, read.get("a\"</script>").get(30_000).asDouble(), 0.5);
    }
}
