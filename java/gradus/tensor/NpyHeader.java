package gradus.tensor;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Python dictionary at the head of a {@code .npy} file: {@code {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }}. Keys may come in
 * any order; each of the three must be there once, and nothing else.
 */
record NpyHeader(NpyType type, ByteOrder order, boolean fortran, Shape shape) {

    /** NumPy's own text for a header, with its room for growth of the first extent, without padding and line end. */
    static String text(NpyType type, Shape shape) {
        StringBuilder dims = new StringBuilder("(");
        for (int d : shape.dims()) {
            dims.append(d).append(", ");
        }
        if (shape.rank() > 1) {
            dims.setLength(dims.length() - 2);
        } else if (shape.rank() == 1) {
            dims.setLength(dims.length() - 1);
        }
        String text = "{'descr': '" + type.littleEndian() + "', 'fortran_order': False, 'shape': " + dims.append(")") + ", }";
        int growth = shape.rank() == 0 ? 0 : 21 - Integer.toString(shape.dim(0)).length();
        return text + " ".repeat(growth);
    }

    /** Parses the header; {@code start} is its place in the file, for messages. */
    static NpyHeader parse(String text, long start, FormatReader reader) throws IOException {
        return new Parser(text, start, reader).header();
    }

    private static final class Parser {
        private final String text;
        private final long start;
        private final FormatReader reader;
        private int at;

        private NpyType type;
        private ByteOrder order;
        private Boolean fortran;
        private Shape shape;

        Parser(String text, long start, FormatReader reader) {
            this.text = text;
            this.start = start;
            this.reader = reader;
        }

        NpyHeader header() throws IOException {
            expect('{');
            Set<String> seen = new TreeSet<>();
            while (!take('}')) {
                int keyAt = at;
                String key = string();
                if (!seen.add(key)) {
                    throw error(keyAt, "holds the key '" + key + "' a second time", "wanted each key once");
                }
                expect(':');
                value(key, keyAt);
                if (!take(',')) {
                    expect('}');
                    break;
                }
            }
            skip();
            if (at < text.length()) {
                throw error(at, "holds " + shown(), "wanted only spaces after the header's dictionary");
            }
            if (seen.size() < 3) {
                throw error(0, "begins a header with the keys " + seen, "wanted descr, fortran_order and shape");
            }
            return new NpyHeader(type, order, fortran, shape);
        }

        private void value(String key, int keyAt) throws IOException {
            switch (key) {
                case "descr" -> descr();
                case "fortran_order" -> fortran = truth();
                case "shape" -> shape = shape();
                default -> throw error(keyAt, "holds the key '" + key + "'", "wanted descr, fortran_order or shape");
            }
        }

        private void descr() throws IOException {
            skip();
            int from = at;
            if (at < text.length() && text.charAt(at) == '[') {
                throw error(from, "begins a record type", "Gradus reads arrays of plain numbers");
            }
            String descr = string();
            String code = descr.isEmpty() ? "" : descr.substring(1);
            type = Arrays.stream(NpyType.values()).filter(t -> t.code().equals(code)).findFirst().orElse(null);
            char mark = descr.isEmpty() ? ' ' : descr.charAt(0);
            boolean marked = mark == '<' || mark == '>' || mark == '|' && type != null && type.bytes() == 1;
            if (type == null || !marked) {
                throw error(from, "says element type '" + descr + "'",
                        "Gradus reads " + String.join(" ", Arrays.stream(NpyType.values()).map(NpyType::code).toList()) + " in either byte order");
            }
            order = mark == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }

        private boolean truth() throws IOException {
            skip();
            if (text.startsWith("True", at)) {
                at += 4;
                return true;
            }
            if (text.startsWith("False", at)) {
                at += 5;
                return false;
            }
            throw error(at, "holds " + shown(), "wanted True or False");
        }

        private Shape shape() throws IOException {
            skip();
            int from = at;
            expect('(');
            List<Integer> dims = new ArrayList<>();
            boolean comma = true;
            while (!take(')')) {
                if (!comma) {
                    throw error(at, "holds " + shown(), "wanted ',' or ')'");
                }
                dims.add(extent());
                comma = take(',');
            }
            if (dims.size() == 1 && !comma) {
                throw error(from, "holds a number in brackets", "wanted a tuple: (" + dims.get(0) + ",)");
            }
            try {
                return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
            } catch (ShapeException e) {
                throw error(from, "says shape " + dims, "Gradus reads fewer than 2^31 elements");
            }
        }

        private int extent() throws IOException {
            skip();
            int from = at;
            long value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = value * 10 + (text.charAt(at++) - '0');
                if (value > Integer.MAX_VALUE) {
                    throw error(from, "begins an extent of 2^31 or more", "Gradus reads fewer than 2^31 elements");
                }
            }
            if (at == from) {
                throw error(from, "holds " + shown(), "wanted an extent");
            }
            if (at < text.length() && text.charAt(at) == 'L') {
                at++;   // Python 2 wrote long integers so
            }
            return (int) value;
        }

        private String string() throws IOException {
            skip();
            int from = at;
            char quote = at < text.length() ? text.charAt(at) : ' ';
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw error(from, "holds " + shown(), "wanted a quoted name");
            }
            at = end + 1;
            return text.substring(from + 1, end);
        }

        private boolean take(char c) {
            skip();
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(char c) throws IOException {
            if (!take(c)) {
                throw error(at, "holds " + shown(), "wanted '" + c + "'");
            }
        }

        private void skip() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
                at++;
            }
        }

        private String shown() {
            if (at >= text.length()) {
                return "the header's end";
            }
            return "'" + text.substring(at, Math.min(text.length(), at + 12)).replace("\n", "\\n") + "'";
        }

        private FormatException error(int place, String found, String expected) {
            return reader.error(start + place, found, expected);
        }
    }
}
