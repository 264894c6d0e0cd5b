package gradus.data;

import gradus.tensor.FormatException;
import gradus.tensor.FormatReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Splits a CSV file into rows, keeping the place of each field for messages. */
final class CsvReader implements Closeable {
    private static final int END = -1;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final FormatReader reader;
    private final byte[] buffer = new byte[1 << 16];
    private int used;
    private int length;
    private long at;
    private int line = 1;
    private int rowLine;
    private int width = -1;
    private final List<Long> starts = new ArrayList<>();
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();

    CsvReader(Path path) throws IOException {
        this(FormatReader.openMaybeGzip(path));
    }

    CsvReader(FormatReader source) throws IOException {
        reader = source;
        length = Math.max(0, reader.fillSome(buffer));
        if (length >= 3 && java.util.Arrays.equals(buffer, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
            used = 3;
            at = 3;
        }
    }

    /** The next row's fields, or {@code null} at the end. */
    List<String> next() throws IOException {
        if (peek() == END) {
            return null;
        }
        rowLine = line;
        long begin = at;
        List<String> row = new ArrayList<>();
        starts.clear();
        do {
            starts.add(at);
            row.add(peek() == '"' ? quoted() : plain());
        } while (endOfField());
        if (width >= 0 && row.size() != width) {
            throw error(begin, "begins a row of " + row.size() + (row.size() == 1 ? " field" : " fields"), "the first row has " + width);
        }
        width = row.size();
        return row;
    }

    /** Field {@code j} of the row read last, as a number. */
    double number(List<String> row, int j) throws FormatException {
        Double value = Decimals.parse(row.get(j));
        if (value == null) {
            throw error(starts.get(j), "holds '" + shown(row.get(j)) + "'", "wanted a number");
        }
        return value;
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** Steps over what ends a field, and tells whether another follows in this row. */
    private boolean endOfField() throws IOException {
        int c = take();
        if (c == '\r' && peek() == '\n') {
            c = take();
        }
        if (c == ',') {
            return true;
        }
        if (c != '\n' && c != END) {
            throw error(at - 1, "holds " + (c == '\r' ? "a carriage return" : "'" + (char) c + "'") + " after a field", "wanted a comma or the end of the line");
        }
        line++;
        return false;
    }

    private String plain() throws IOException {
        long begin = at;
        field.reset();
        for (int c = peek(); c != END && c != ',' && c != '\n' && c != '\r'; c = peek()) {
            if (c == '"') {
                throw error(at, "holds a quote inside a field", "wanted the whole field in quotes");
            }
            field.write(take());
        }
        return decoded(begin);
    }

    private String quoted() throws IOException {
        long begin = at;
        take();
        field.reset();
        while (true) {
            int c = take();
            if (c == END) {
                throw error(begin, "begins a quoted field that never ends", "wanted a closing quote");
            }
            if (c == '"') {
                if (peek() != '"') {
                    return decoded(begin);
                }
                take();
            }
            if (c == '\n') {
                line++;
            }
            field.write(c);
        }
    }

    private String decoded(long begin) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(field.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw error(begin, "begins a field that is not UTF-8", "wanted UTF-8");
        }
    }

    private int peek() throws IOException {
        if (used == length) {
            length = reader.fillSome(buffer);
            used = 0;
        }
        return length == 0 ? END : buffer[used] & 0xff;
    }

    private int take() throws IOException {
        int c = peek();
        if (c != END) {
            used++;
            at++;
        }
        return c;
    }

    FormatException error(long offset, String found, String expected) {
        return reader.error(offset, "(line " + Math.max(1, rowLine) + ") " + found, expected);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
