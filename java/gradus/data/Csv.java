package gradus.data;

import gradus.tensor.AtomicFiles;
import gradus.tensor.FormatReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tables of comma-separated values (RFC 4180, UTF-8), read strictly: every row has the same number of fields, quotes are closed, and a number is a
 * number.
 */
public final class Csv {
    private Csv() {
    }

    /** A table of texts: the names in its first row, and the rows below. */
    public record Table(List<String> columns, List<List<String>> rows) {
    }

    /**
     * A table of numbers.
     *
     * @param columns names from the first row; empty when the file has none
     * @param values  row after row
     */
    public record Numbers(List<String> columns, int rows, int width, double[] values) {
        /** One number. */
        public double get(int row, int column) {
            return values[row * width + column];
        }
    }

    /** Reads a table whose first row holds the columns' names. */
    public static Table read(Path path) throws IOException {
        return read(new CsvReader(path));
    }

    /** Reads such a table from bytes in memory; {@code name} stands for them in errors. */
    public static Table read(byte[] bytes, String name) throws IOException {
        return read(new CsvReader(new FormatReader(name, new ByteArrayInputStream(bytes), bytes.length)));
    }

    private static Table read(CsvReader source) throws IOException {
        try (CsvReader reader = source) {
            List<String> columns = reader.next();
            if (columns == null) {
                throw reader.error(0, "is the end of the file", "wanted a row of column names");
            }
            List<List<String>> rows = new ArrayList<>();
            for (List<String> row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
            return new Table(columns, rows);
        }
    }

    /** Reads a table of numbers. The first row is taken for names when none of its fields is a number. */
    public static Numbers readNumbers(Path path) throws IOException {
        try (CsvReader reader = new CsvReader(path)) {
            List<String> row = reader.next();
            List<String> columns = List.of();
            if (row != null && row.stream().allMatch(f -> Decimals.parse(f) == null)) {
                columns = row;
                row = reader.next();
            }
            double[] values = new double[1024];
            int used = 0;
            int rows = 0;
            int width = columns.isEmpty() && row != null ? row.size() : columns.size();
            for (; row != null; row = reader.next()) {
                if (values.length - used < width) {
                    values = Arrays.copyOf(values, Math.max(values.length * 2, used + width));
                }
                for (int j = 0; j < width; j++) {
                    values[used++] = reader.number(row, j);
                }
                rows++;
            }
            return new Numbers(columns, rows, width, Arrays.copyOf(values, used));
        }
    }

    /** Writes a table; a field is a text, or a number in its shortest decimal form ({@link Decimals}). */
    public static void write(Path path, List<String> columns, Iterable<? extends List<?>> rows) throws IOException {
        AtomicFiles.write(path, out -> {
            writeRow(out, columns);
            for (List<?> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException("csv: row " + row + " has " + row.size() + " fields, the table " + columns.size() + " columns");
                }
                writeRow(out, row);
            }
        });
    }

    static void writeRow(OutputStream out, List<?> fields) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            line.append(i == 0 ? "" : ",").append(field(fields.get(i), fields.size()));
        }
        out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** One field as it stands in a file: numbers shortest, texts quoted where they must be. */
    private static String field(Object value, int width) {
        String text = switch (value) {
            case null -> "";
            case Double d -> Decimals.of(d);
            case Float f -> Decimals.of(f);
            default -> value.toString();
        };
        // A lone empty field would read as no row at all.
        boolean quote = text.isEmpty() && width == 1 || text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == '\uFEFF');
        return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
