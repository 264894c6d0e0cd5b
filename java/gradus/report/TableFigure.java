package gradus.report;

import java.util.List;

/**
 * A table of texts and numbers.
 *
 * @param title   what is shown
 * @param caption what to see in it
 * @param columns names of the columns
 * @param rows    one list a row; the first entry names the row, numbers are set to the right
 */
public record TableFigure(String title, String caption, List<String> columns, List<List<Object>> rows) implements Figure {
    /** Copies the lists and checks the lengths. */
    public TableFigure {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("table: row " + row + " has " + row.size() + " entries for " + columns.size() + " columns");
            }
        }
    }

    /** The same table with a caption. */
    public TableFigure caption(String text) {
        return new TableFigure(title, text, columns, rows);
    }
}
