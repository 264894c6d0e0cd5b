package gradus.lens;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON of some hundred thousand numbers, written as bytes. Commas are set where a value follows another. It is used once in a process, at its end, while the user waits: so
 * there is little code to be loaded and compiled.
 */
final class JsonBytes {
    private static final int ROOM = 1 << 16;
    private static final int LONGEST = 32;
    private static final int DIGITS = 5;
    private static final double LOG_2 = 0.30102999566398120;
    private static final double WHOLE = 1e9;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final double[] POWERS = powers();

    private final OutputStream out;
    private final byte[] bytes = new byte[ROOM];
    private int length;
    private byte last = '[';

    JsonBytes(OutputStream out) {
        this.out = out;
    }

    private static double[] powers() {
        double[] powers = new double[290];
        Arrays.setAll(powers, i -> Double.parseDouble("1e" + i));
        return powers;
    }

    /** {@code [} or <code>{</code>. */
    void open(char bracket) throws IOException {
        value();
        put((byte) bracket);
    }

    /** {@code ]} or <code>}</code>. */
    void close(char bracket) throws IOException {
        room(1);
        put((byte) bracket);
    }

    /** A field's name. */
    void name(String name) throws IOException {
        text(name);
        put((byte) ':');
    }

    /** A text. */
    void text(String text) throws IOException {
        raw('"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
    }

    /** A value, or values and commas, as it is; the sign &lt; is escaped, which must not stand inside a script element. */
    void raw(String json) throws IOException {
        value();
        flush();
        byte[] text = json.replace("<", "\\u003c").getBytes(StandardCharsets.UTF_8);
        out.write(text);
        last = text[text.length - 1];
    }

    /** A whole number. */
    void number(long value) throws IOException {
        value();
        digits(value);
    }

    /** A number to five digits, whole ones below 10⁹ in full; null for what JSON does not know. */
    void number(double value) throws IOException {
        value();
        if (!Double.isFinite(value)) {
            System.arraycopy(NULL, 0, bytes, length, NULL.length);
            length += NULL.length;
            last = 'l';
        } else if (value == Math.rint(value) && Math.abs(value) < WHOLE) {
            digits((long) value);
        } else {
            rounded(value);
        }
    }

    /** Five or six digits and a power of ten; BigDecimal took most of the time of writing a page. */
    private void rounded(double value) throws IOException {
        int power = (int) Math.floor(Math.getExponent(value) * LOG_2) - DIGITS + 1;
        if (Math.abs(power) >= POWERS.length) {
            raw(new BigDecimal(value).round(new MathContext(DIGITS)).toString());
            return;
        }
        digits(Math.round(power < 0 ? value * POWERS[-power] : value / POWERS[power]));
        put((byte) 'e');
        digits(power);
    }

    private void digits(long value) {
        long rest = Math.abs(value);
        if (value < 0) {
            put((byte) '-');
        }
        int places = 1;
        for (long r = rest / 10; r > 0; r /= 10) {
            places++;
        }
        for (int i = length + places - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += places;
        last = '0';
    }

    /** Room for a value, and a comma where it follows another. */
    private void value() throws IOException {
        room(LONGEST);
        if (last != '[' && last != '{' && last != ':' && last != ',') {
            put((byte) ',');
        }
    }

    private void room(int wanted) throws IOException {
        if (bytes.length - length < wanted) {
            flush();
        }
    }

    private void put(byte b) {
        bytes[length++] = b;
        last = b;
    }

    /** Hands on what was written. */
    void flush() throws IOException {
        out.write(bytes, 0, length);
        length = 0;
    }
}
