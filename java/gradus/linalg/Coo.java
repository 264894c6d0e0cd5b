package gradus.linalg;

import gradus.tensor.ShapeException;

/**
 * A sparse matrix as a list of entries (i, j, value), in any order; entries of one place add up. The form in which sparse data arrives: make a
 * {@link Csr} or {@link Csc} of it to compute.
 */
public final class Coo {
    private final int rows;
    private final int columns;
    private final int[] rowIndex;
    private final int[] columnIndex;
    private final double[] values;

    private Coo(int rows, int columns, int[] rowIndex, int[] columnIndex, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.rowIndex = rowIndex;
        this.columnIndex = columnIndex;
        this.values = values;
    }

    /**
     * Wraps the entries without copying them.
     *
     * @throws ShapeException when the arrays have different lengths or an index lies outside the matrix
     */
    public static Coo of(int rows, int columns, int[] rowIndex, int[] columnIndex, double[] values) {
        requireExtents("coo", rows, columns);
        if (rowIndex.length != columnIndex.length || rowIndex.length != values.length) {
            throw new ShapeException("coo: " + rowIndex.length + " row indices, " + columnIndex.length + " column indices and " + values.length
                    + " values; the numbers must agree");
        }
        for (int k = 0; k < values.length; k++) {
            if (rowIndex[k] < 0 || rowIndex[k] >= rows || columnIndex[k] < 0 || columnIndex[k] >= columns) {
                throw new ShapeException("coo: entry " + k + " at (" + rowIndex[k] + ", " + columnIndex[k] + ") lies outside [" + rows + ", " + columns + "]");
            }
        }
        return new Coo(rows, columns, rowIndex, columnIndex, values);
    }

    static void requireExtents(String operation, int rows, int columns) {
        if (rows < 0 || columns < 0) {
            throw new ShapeException(operation + ": extents [" + rows + ", " + columns + "] must not be negative");
        }
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Number of columns. */
    public int columns() {
        return columns;
    }

    /** Number of entries in the list. */
    public int size() {
        return values.length;
    }

    /** Row of each entry; the array itself, read it only. */
    public int[] rowIndex() {
        return rowIndex;
    }

    /** Column of each entry; the array itself, read it only. */
    public int[] columnIndex() {
        return columnIndex;
    }

    /** Value of each entry; the array itself, read it only. */
    public double[] values() {
        return values;
    }

    /** The transpose, over the same arrays. */
    public Coo transpose() {
        return new Coo(columns, rows, columnIndex, rowIndex, values);
    }

    /** By rows. Entries of one place are added in the order of the list. */
    public Csr toCsr() {
        // Two stable counting sorts, by column and then by row, leave each row's entries in the order of their columns.
        int[] byColumn = sorted(identity(values.length), columnIndex, columns);
        int[] order = sorted(byColumn, rowIndex, rows);
        int[] start = new int[rows + 1];
        int[] column = new int[values.length];
        double[] value = new double[values.length];
        int at = 0;
        int row = 0;
        for (int k : order) {
            while (row < rowIndex[k]) {
                start[++row] = at;
            }
            if (at > start[row] && column[at - 1] == columnIndex[k]) {
                value[at - 1] += values[k];
            } else {
                column[at] = columnIndex[k];
                value[at++] = values[k];
            }
        }
        while (row < rows) {
            start[++row] = at;
        }
        return Csr.of(rows, columns, start, java.util.Arrays.copyOf(column, at), java.util.Arrays.copyOf(value, at));
    }

    /** By columns. Entries of one place are added in the order of the list. */
    public Csc toCsc() {
        return new Csc(transpose().toCsr());
    }

    /** The dense matrix. */
    public Matrix toMatrix() {
        return toCsr().toMatrix();
    }

    private static int[] identity(int n) {
        int[] out = new int[n];
        java.util.Arrays.setAll(out, i -> i);
        return out;
    }

    private static int[] sorted(int[] order, int[] key, int keys) {
        int[] next = new int[keys + 1];
        for (int k : order) {
            next[key[k] + 1]++;
        }
        for (int i = 0; i < keys; i++) {
            next[i + 1] += next[i];
        }
        int[] out = new int[order.length];
        for (int k : order) {
            out[next[key[k]]++] = k;
        }
        return out;
    }


    @Override
    public String toString() {
        return "coo[" + rows + ", " + columns + "] with " + values.length + " entries";
    }
}
