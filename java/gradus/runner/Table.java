package gradus.runner;

import java.util.ArrayList;
import java.util.List;

/** Rows under a header, for a CSV file and for the report. */
public final class Table {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /** An empty table. */
    public Table(String... header) {
        this.header = List.of(header);
    }

    /** Adds a row; numbers are written as the shortest decimal that round-trips. */
    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("table: a row of " + cells.length + " cells under a header of " + header.size() + " " + header);
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        rows.add(row);
        return this;
    }

    /** Column names. */
    public List<String> header() {
        return header;
    }

    /** The rows so far. */
    public List<List<String>> rows() {
        return List.copyOf(rows);
    }
}
