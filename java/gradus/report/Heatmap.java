package gradus.report;

import java.util.List;

/**
 * A table of numbers whose cells are coloured by value, such as a confusion matrix.
 *
 * @param title       what is shown
 * @param caption     what to see in it
 * @param rowLabel    what the rows are
 * @param columnLabel what the columns are
 * @param rows        names of the rows
 * @param columns     names of the columns
 * @param values      row after row
 */
public record Heatmap(String title, String caption, String rowLabel, String columnLabel, List<String> rows, List<String> columns, double[][] values) implements Figure {
    /** Copies the lists and checks the extents. */
    public Heatmap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        if (values.length != rows.size()) {
            throw new IllegalArgumentException("heatmap: " + values.length + " rows of values for " + rows.size() + " names");
        }
        for (double[] row : values) {
            if (row.length != columns.size()) {
                throw new IllegalArgumentException("heatmap: a row of " + row.length + " values for " + columns.size() + " columns");
            }
        }
    }

    /** A confusion matrix: rows are the true classes, columns the predicted ones. */
    public static Heatmap confusion(String title, List<String> classes, int[][] counts) {
        double[][] values = new double[counts.length][];
        for (int i = 0; i < counts.length; i++) {
            values[i] = java.util.Arrays.stream(counts[i]).asDoubleStream().toArray();
        }
        return new Heatmap(title, "", "true class", "predicted class", classes, classes, values);
    }

    /** The same map with a caption. */
    public Heatmap caption(String text) {
        return new Heatmap(title, text, rowLabel, columnLabel, rows, columns, values);
    }
}
