package gradus.linalg;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;

/**
 * A sparse matrix by columns (compressed sparse columns). It is its transpose by rows: what is asked of columns here is done to the rows of that
 * {@link Csr}, in the same order and with the same bits.
 *
 * @param transposed the transpose, by rows
 */
public record Csc(Csr transposed) {
    /** The entries of a dense matrix that are not 0. */
    public static Csc of(Matrix a) {
        return Csr.of(a).toCsc();
    }

    /** Number of rows. */
    public int rows() {
        return transposed.columns();
    }

    /** Number of columns. */
    public int columns() {
        return transposed.rows();
    }

    /** Number of stored entries. */
    public int size() {
        return transposed.size();
    }

    /** Where each column begins, and after the last where it ends; the array itself, read it only. */
    public int[] columnStart() {
        return transposed.rowStart();
    }

    /** Row of each stored entry; the array itself, read it only. */
    public int[] rowIndex() {
        return transposed.columnIndex();
    }

    /** Value of each stored entry; the array itself, read it only. */
    public double[] values() {
        return transposed.values();
    }

    /** Entry (i, j), 0 when it is not stored. */
    public double get(int i, int j) {
        if (i < 0 || i >= rows() || j < 0 || j >= columns()) {
            throw new ShapeException("csc: entry (" + i + ", " + j + ") lies outside [" + rows() + ", " + columns() + "]");
        }
        return transposed.get(j, i);
    }

    /** By rows. */
    public Csr toCsr() {
        return transposed.transpose();
    }

    /** The dense matrix. */
    public Matrix toMatrix() {
        return transposed.toMatrix().transpose();
    }

    /** The transpose, by columns. */
    public Csc transpose() {
        return new Csc(toCsr());
    }

    /** A·x, on one thread; {@link Csr#times(double[], Workers)} shares it out. */
    public double[] times(double... x) {
        return transposed.transposedTimes(x);
    }

    /** Aᵀ·x. */
    public double[] transposedTimes(double[] x, Workers workers) {
        return transposed.times(x, workers);
    }

    /** Aᵀ·B with a dense B. */
    public Matrix transposedTimes(Matrix b, Workers workers) {
        return transposed.times(b, workers);
    }

    /** The columns {@code from ≤ j < to}. */
    public Csc columns(int from, int to) {
        return new Csc(transposed.rows(from, to));
    }

    /** These columns in this order; a column may come twice. */
    public Csc selectColumns(int... wanted) {
        return new Csc(transposed.selectRows(wanted));
    }

    /** The columns where the mask is true. */
    public Csc keepColumns(boolean... mask) {
        return new Csc(transposed.keepRows(mask));
    }
}
