package gradus.linalg;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A sparse matrix by rows (compressed sparse rows): the entries of row i are {@code rowStart[i] ≤ k < rowStart[i + 1]} of {@code columnIndex} and
 * {@code values}, columns ascending without repetition. A stored value may be 0.
 *
 * <p>Products skip what is not stored: each entry of a result is one fma chain from +0 over the stored terms, ascending by the inner index, on any number of
 * threads. Like {@link Matrix} it is not changed after it was made.
 */
public final class Csr {
    private static final int ROWS_A_PIECE = 32;

    private final int rows;
    private final int columns;
    private final int[] rowStart;
    private final int[] columnIndex;
    private final double[] values;

    private Csr(int rows, int columns, int[] rowStart, int[] columnIndex, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.rowStart = rowStart;
        this.columnIndex = columnIndex;
        this.values = values;
    }

    /**
     * Wraps the arrays without copying them.
     *
     * @throws ShapeException when they do not describe such a matrix; the message says where
     */
    public static Csr of(int rows, int columns, int[] rowStart, int[] columnIndex, double[] values) {
        Coo.requireExtents("csr", rows, columns);
        if (rowStart.length != rows + 1 || rowStart[0] != 0 || rowStart[rows] != columnIndex.length || columnIndex.length != values.length) {
            throw new ShapeException("csr: " + rowStart.length + " row starts for " + rows + " rows, " + columnIndex.length + " column indices and "
                    + values.length + " values do not fit together");
        }
        for (int i = 0; i < rows; i++) {
            if (rowStart[i + 1] < rowStart[i]) {
                throw new ShapeException("csr: row " + i + " begins at " + rowStart[i] + " and ends at " + rowStart[i + 1]);
            }
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                if (columnIndex[k] < 0 || columnIndex[k] >= columns || k > rowStart[i] && columnIndex[k] <= columnIndex[k - 1]) {
                    throw new ShapeException("csr: column index " + columnIndex[k] + " at place " + k + " of row " + i + " is outside " + columns
                            + " columns or not above the one before it");
                }
            }
        }
        return new Csr(rows, columns, rowStart, columnIndex, values);
    }

    /** The entries of a dense matrix that are not 0. */
    public static Csr of(Matrix a) {
        int count = 0;
        for (double x : a.data()) {
            count += x != 0 ? 1 : 0;
        }
        Rows out = new Rows(a.rows(), count);
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.columns(); j++) {
                double x = a.data()[i * a.columns() + j];
                if (x != 0) {
                    out.add(j, x);
                }
            }
            out.endRow();
        }
        return out.matrix(a.columns());
    }

    /** Rows that are filled one after the other. */
    private static final class Rows {
        private final int[] start;
        private int[] column;
        private double[] value;
        private int row;
        private int at;

        Rows(int rows, int room) {
            start = new int[rows + 1];
            column = new int[room];
            value = new double[room];
        }

        void add(int j, double x) {
            if (at == column.length) {
                int room = Math.max(16, at + (at >> 1));
                column = Arrays.copyOf(column, room);
                value = Arrays.copyOf(value, room);
            }
            column[at] = j;
            value[at++] = x;
        }

        void endRow() {
            start[++row] = at;
        }

        Csr matrix(int columns) {
            return new Csr(start.length - 1, columns, start, at == column.length ? column : Arrays.copyOf(column, at),
                    at == value.length ? value : Arrays.copyOf(value, at));
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

    /** Number of stored entries. */
    public int size() {
        return values.length;
    }

    /** Where each row begins, and after the last where it ends; the array itself, read it only. */
    public int[] rowStart() {
        return rowStart;
    }

    /** Column of each stored entry; the array itself, read it only. */
    public int[] columnIndex() {
        return columnIndex;
    }

    /** Value of each stored entry; the array itself, read it only. */
    public double[] values() {
        return values;
    }

    /** The extents in brackets. */
    public String shape() {
        return "[" + rows + ", " + columns + "]";
    }

    /** Entry (i, j), 0 when it is not stored. */
    public double get(int i, int j) {
        if (i < 0 || i >= rows || j < 0 || j >= columns) {
            throw new ShapeException("csr: entry (" + i + ", " + j + ") lies outside " + shape());
        }
        int k = Arrays.binarySearch(columnIndex, rowStart[i], rowStart[i + 1], j);
        return k < 0 ? 0 : values[k];
    }

    /** Stored entries of each row. */
    public int[] rowCounts() {
        int[] counts = new int[rows];
        Arrays.setAll(counts, i -> rowStart[i + 1] - rowStart[i]);
        return counts;
    }

    /** Stored entries of each column. */
    public int[] columnCounts() {
        int[] counts = new int[columns];
        for (int j : columnIndex) {
            counts[j]++;
        }
        return counts;
    }

    /** The transpose by rows, which is this matrix by columns. */
    public Csr transpose() {
        int[] start = new int[columns + 1];
        for (int j : columnIndex) {
            start[j + 1]++;
        }
        for (int j = 0; j < columns; j++) {
            start[j + 1] += start[j];
        }
        int[] next = start.clone();
        int[] index = new int[values.length];
        double[] value = new double[values.length];
        for (int i = 0; i < rows; i++) {
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                int to = next[columnIndex[k]]++;
                index[to] = i;
                value[to] = values[k];
            }
        }
        return new Csr(columns, rows, start, index, value);
    }

    /** By columns. */
    public Csc toCsc() {
        return new Csc(transpose());
    }

    /** As a list of entries, row by row. */
    public Coo toCoo() {
        int[] row = new int[values.length];
        for (int i = 0; i < rows; i++) {
            Arrays.fill(row, rowStart[i], rowStart[i + 1], i);
        }
        return Coo.of(rows, columns, row, columnIndex, values);
    }

    /** The dense matrix. */
    public Matrix toMatrix() {
        Matrix out = Matrix.zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                out.data()[i * columns + columnIndex[k]] = values[k];
            }
        }
        return out;
    }

    /** A·x on one thread. */
    public double[] times(double... x) {
        return times(x, new Workers(1));
    }

    /** A·x. */
    public double[] times(double[] x, Workers workers) {
        requireLength("times", x.length, columns);
        double[] y = new double[rows];
        pieces(workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                double s = 0;
                for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                    s = Math.fma(values[k], x[columnIndex[k]], s);
                }
                y[i] = s;
            }
        });
        return y;
    }

    /** Aᵀ·x, on one thread; {@link #toCsc} serves many such products better. */
    public double[] transposedTimes(double... x) {
        requireLength("transposedTimes", x.length, rows);
        double[] y = new double[columns];
        for (int i = 0; i < rows; i++) {
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                y[columnIndex[k]] = Math.fma(values[k], x[i], y[columnIndex[k]]);
            }
        }
        return y;
    }

    /** A·B with a dense B. */
    public Matrix times(Matrix b, Workers workers) {
        requireInner(b.rows(), b.shape());
        int n = b.columns();
        Matrix c = Matrix.zeros(rows, n);
        pieces(workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                    Vectors.axpy(values[k], b.data(), columnIndex[k] * n, c.data(), i * n, n);
                }
            }
        });
        return c;
    }

    /** A·B with a sparse B (Gustavson 1978). An entry is stored when any term of it is, even if they cancel. */
    public Csr times(Csr b) {
        requireInner(b.rows, b.shape());
        Rows out = new Rows(rows, values.length);
        double[] sum = new double[b.columns];
        int[] seenIn = new int[b.columns];
        int[] places = new int[b.columns];
        for (int i = 0; i < rows; i++) {
            int count = 0;
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                int inner = columnIndex[k];
                for (int l = b.rowStart[inner]; l < b.rowStart[inner + 1]; l++) {
                    int j = b.columnIndex[l];
                    if (seenIn[j] != i + 1) {
                        seenIn[j] = i + 1;
                        sum[j] = 0;
                        places[count++] = j;
                    }
                    sum[j] = Math.fma(values[k], b.values[l], sum[j]);
                }
            }
            Arrays.sort(places, 0, count);
            for (int p = 0; p < count; p++) {
                out.add(places[p], sum[places[p]]);
            }
            out.endRow();
        }
        return out.matrix(b.columns);
    }

    private void requireInner(int inner, String other) {
        if (columns != inner) {
            throw new ShapeException("times: " + shape() + " and " + other + " have inner extents " + columns + " and " + inner);
        }
    }

    private static void requireLength(String operation, int length, int wanted) {
        if (length != wanted) {
            throw new ShapeException(operation + ": a vector of " + length + " came, the matrix wants " + wanted);
        }
    }

    private interface RowRange {
        void run(int from, int to);
    }

    private void pieces(Workers workers, RowRange body) {
        workers.forEach((rows + ROWS_A_PIECE - 1) / ROWS_A_PIECE, p -> body.run(p * ROWS_A_PIECE, Math.min(rows, (p + 1) * ROWS_A_PIECE)));
    }

    /** Entry-by-entry sum; an entry is stored when one of the two has it. */
    public Csr plus(Csr b) {
        if (rows != b.rows || columns != b.columns) {
            throw new ShapeException("plus: shapes " + shape() + " and " + b.shape() + " differ");
        }
        Rows out = new Rows(rows, values.length + b.values.length);
        for (int i = 0; i < rows; i++) {
            int k = rowStart[i];
            int l = b.rowStart[i];
            while (k < rowStart[i + 1] || l < b.rowStart[i + 1]) {
                int mine = k < rowStart[i + 1] ? columnIndex[k] : Integer.MAX_VALUE;
                int theirs = l < b.rowStart[i + 1] ? b.columnIndex[l] : Integer.MAX_VALUE;
                double x = mine <= theirs ? values[k++] : 0;
                double y = theirs <= mine ? b.values[l++] : 0;
                out.add(Math.min(mine, theirs), x + y);
            }
            out.endRow();
        }
        return out.matrix(columns);
    }

    /** Every entry times a factor. */
    public Csr scaled(double factor) {
        return mapped((i, j, x) -> x * factor);
    }

    /** A function of the row, the column and the value of an entry. */
    public interface EntryFunction {
        /** The value that takes the place of x at (i, j). */
        double apply(int i, int j, double x);
    }

    /** A condition on the row, the column and the value of an entry. */
    public interface EntryTest {
        /** Whether the entry x at (i, j) stays. */
        boolean keeps(int i, int j, double x);
    }

    /** The same places with other values. */
    public Csr mapped(EntryFunction f) {
        double[] out = new double[values.length];
        for (int i = 0; i < rows; i++) {
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                out[k] = f.apply(i, columnIndex[k], values[k]);
            }
        }
        return new Csr(rows, columns, rowStart, columnIndex, out);
    }

    /** The stored entries that pass a test; the shape stays. */
    public Csr masked(EntryTest test) {
        Rows out = new Rows(rows, values.length);
        for (int i = 0; i < rows; i++) {
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                if (test.keeps(i, columnIndex[k], values[k])) {
                    out.add(columnIndex[k], values[k]);
                }
            }
            out.endRow();
        }
        return out.matrix(columns);
    }

    /** The rows {@code from ≤ i < to}. */
    public Csr rows(int from, int to) {
        requireRange("rows", from, to, rows);
        return selectRows(IntStream.range(from, to).toArray());
    }

    /** The columns {@code from ≤ j < to}. */
    public Csr columns(int from, int to) {
        requireRange("columns", from, to, columns);
        return selectColumns(IntStream.range(from, to).toArray());
    }

    private void requireRange(String operation, int from, int to, int bound) {
        if (from < 0 || to < from || to > bound) {
            throw new ShapeException(operation + ": " + from + ".." + to + " is out of range for " + shape());
        }
    }

    /** These rows in this order; a row may come twice. */
    public Csr selectRows(int... wanted) {
        long count = 0;
        for (int i : wanted) {
            if (i < 0 || i >= rows) {
                throw new ShapeException("selectRows: row " + i + " lies outside " + shape());
            }
            count += rowStart[i + 1] - rowStart[i];
        }
        if (count > Integer.MAX_VALUE) {
            throw new ShapeException("selectRows: the chosen rows of " + shape() + " have " + count + " entries, 2^31 or more");
        }
        int[] start = new int[wanted.length + 1];
        int[] column = new int[(int) count];
        double[] value = new double[(int) count];
        for (int r = 0; r < wanted.length; r++) {
            int from = rowStart[wanted[r]];
            int length = rowStart[wanted[r] + 1] - from;
            System.arraycopy(columnIndex, from, column, start[r], length);
            System.arraycopy(values, from, value, start[r], length);
            start[r + 1] = start[r] + length;
        }
        return new Csr(wanted.length, columns, start, column, value);
    }

    /** These columns in this order; a column may come twice. */
    public Csr selectColumns(int... wanted) {
        for (int j : wanted) {
            if (j < 0 || j >= columns) {
                throw new ShapeException("selectColumns: column " + j + " lies outside " + shape());
            }
        }
        return transpose().selectRows(wanted).transpose();
    }

    /** The rows where the mask is true. */
    public Csr keepRows(boolean... mask) {
        return selectRows(places("keepRows", mask, rows));
    }

    /** The columns where the mask is true. */
    public Csr keepColumns(boolean... mask) {
        return selectColumns(places("keepColumns", mask, columns));
    }

    private int[] places(String operation, boolean[] mask, int wanted) {
        if (mask.length != wanted) {
            throw new ShapeException(operation + ": a mask of " + mask.length + " came for " + wanted + " of " + shape());
        }
        return IntStream.range(0, wanted).filter(i -> mask[i]).toArray();
    }

    /** √Σa². */
    public double frobeniusNorm() {
        return Vectors.norm(values, 0, values.length);
    }

    /** Refuses NaN and infinities, with the first place where one stands. */
    Csr requireFinite(String operation) {
        for (int i = 0; i < rows; i++) {
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
                if (!Double.isFinite(values[k])) {
                    throw new IllegalArgumentException(operation + ": entry (" + i + ", " + columnIndex[k] + ") of " + shape() + " is " + values[k]
                            + "; every entry must be finite");
                }
            }
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Csr m && rows == m.rows && columns == m.columns && Arrays.equals(rowStart, m.rowStart)
                && Arrays.equals(columnIndex, m.columnIndex) && Arrays.equals(values, m.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * columns + Arrays.hashCode(rowStart)) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "csr" + shape() + " with " + values.length + " entries";
    }
}
