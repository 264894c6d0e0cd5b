package gradus.linalg;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * A dense float64 matrix, row-major: entry (i, j) lies at {@code data[i·columns + j]}.
 *
 * <p>A matrix is not changed after it was made. {@link #data()} hands out the array itself, for kernels; whoever writes to it makes a
 * matrix of their own first ({@link #copy()}). Sizes may be 0.
 */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final double[] data;

    private Matrix(int rows, int columns, double[] data) {
        this.rows = rows;
        this.columns = columns;
        this.data = data;
    }

    /** A matrix over the row-major values, which are not copied. */
    public static Matrix of(int rows, int columns, double... rowMajor) {
        int size = Shape.of(rows, columns).size();
        if (size != rowMajor.length) {
            throw new ShapeException("matrix: " + rowMajor.length + " values do not fill [" + rows + ", " + columns + "]");
        }
        return new Matrix(rows, columns, rowMajor);
    }

    /** A matrix with these rows, which must have one length. */
    public static Matrix ofRows(double[]... rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] data = new double[Shape.of(rows.length, columns).size()];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new ShapeException("matrix: row " + i + " has " + rows[i].length + " entries, row 0 has " + columns);
            }
            System.arraycopy(rows[i], 0, data, i * columns, columns);
        }
        return new Matrix(rows.length, columns, data);
    }

    /** A copy of a tensor of two axes, widened to float64; a tensor of one axis becomes one column. */
    public static Matrix of(Tensor tensor) {
        return switch (tensor.rank()) {
            case 1 -> new Matrix(tensor.dim(0), 1, tensor.toDoubles());
            case 2 -> new Matrix(tensor.dim(0), tensor.dim(1), tensor.toDoubles());
            default -> throw new ShapeException("matrix: tensor " + tensor.shape() + " has " + tensor.rank() + " axes, a matrix has 2");
        };
    }

    /** A matrix of zeros. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[Shape.of(rows, columns).size()]);
    }

    /** The n × n matrix with ones on the diagonal. */
    public static Matrix identity(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return diagonal(ones);
    }

    /** The square matrix with these values on its diagonal and zeros elsewhere. */
    public static Matrix diagonal(double... values) {
        Matrix m = zeros(values.length, values.length);
        for (int i = 0; i < values.length; i++) {
            m.data[i * values.length + i] = values[i];
        }
        return m;
    }

    /** One column. */
    public static Matrix column(double... values) {
        return new Matrix(values.length, 1, values);
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Number of columns. */
    public int columns() {
        return columns;
    }

    /** The row-major array itself, not a copy: read it only. */
    public double[] data() {
        return data;
    }

    /** Entry in row i and column j. */
    public double get(int i, int j) {
        if (i < 0 || i >= rows || j < 0 || j >= columns) {
            throw new ShapeException("matrix: entry (" + i + ", " + j + ") lies outside " + shape());
        }
        return data[i * columns + j];
    }

    /** A copy of a row. */
    public double[] row(int i) {
        requireIndex("row", i, rows);
        return Arrays.copyOfRange(data, i * columns, (i + 1) * columns);
    }

    /** A copy of a column. */
    public double[] columnAt(int j) {
        requireIndex("column", j, columns);
        double[] out = new double[rows];
        for (int i = 0; i < rows; i++) {
            out[i] = data[i * columns + j];
        }
        return out;
    }

    /** The entries (i, i), as many as the shorter side has. */
    public double[] diagonalValues() {
        double[] out = new double[Math.min(rows, columns)];
        for (int i = 0; i < out.length; i++) {
            out[i] = data[i * columns + i];
        }
        return out;
    }

    /** A copy of the rows {@code fromRow ≤ i < toRow} and the columns {@code fromColumn ≤ j < toColumn}. */
    public Matrix block(int fromRow, int toRow, int fromColumn, int toColumn) {
        if (fromRow < 0 || toRow < fromRow || toRow > rows || fromColumn < 0 || toColumn < fromColumn || toColumn > columns) {
            throw new ShapeException("block: rows " + fromRow + ".." + toRow + " and columns " + fromColumn + ".." + toColumn
                    + " do not lie inside " + shape());
        }
        int width = toColumn - fromColumn;
        Matrix out = zeros(toRow - fromRow, width);
        for (int i = 0; i < out.rows; i++) {
            System.arraycopy(data, (fromRow + i) * columns + fromColumn, out.data, i * width, width);
        }
        return out;
    }

    /** The first rows, as a copy. */
    public Matrix firstRows(int count) {
        return block(0, count, 0, columns);
    }

    /** The first columns, as a copy. */
    public Matrix firstColumns(int count) {
        return block(0, rows, 0, count);
    }

    /** The transpose, as a copy. */
    public Matrix transpose() {
        Matrix out = zeros(columns, rows);
        int tile = 16; // 16 × 16 doubles: the strided side stays within 16 cache lines
        for (int i0 = 0; i0 < rows; i0 += tile) {
            for (int j0 = 0; j0 < columns; j0 += tile) {
                transposeTile(out.data, i0, Math.min(rows, i0 + tile), j0, Math.min(columns, j0 + tile));
            }
        }
        return out;
    }

    private void transposeTile(double[] out, int i0, int i1, int j0, int j1) {
        for (int j = j0; j < j1; j++) {
            for (int i = i0; i < i1; i++) {
                out[j * rows + i] = data[i * columns + j];
            }
        }
    }

    /** The product this · other; each entry is one fma chain over the inner index, ascending. */
    public Matrix times(Matrix other) {
        return Products.multiply(this, other);
    }

    /** The product this · x with a vector. */
    public double[] times(double... x) {
        return Products.multiply(this, column(x)).data;
    }

    /** Entry-by-entry sum. */
    public Matrix plus(Matrix other) {
        requireSameShape("plus", other);
        double[] out = new double[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = data[i] + other.data[i];
        }
        return new Matrix(rows, columns, out);
    }

    /** Entry-by-entry difference. */
    public Matrix minus(Matrix other) {
        requireSameShape("minus", other);
        double[] out = new double[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = data[i] - other.data[i];
        }
        return new Matrix(rows, columns, out);
    }

    /** Every entry times a factor. */
    public Matrix scaled(double factor) {
        double[] out = new double[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = data[i] * factor;
        }
        return new Matrix(rows, columns, out);
    }

    /** Column j times {@code factors[j]}: this · diag(factors). */
    public Matrix scaledColumns(double... factors) {
        if (factors.length != columns) {
            throw new ShapeException("scaledColumns: " + factors.length + " factors for the columns of " + shape());
        }
        double[] out = new double[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = data[i] * factors[i % columns];
        }
        return new Matrix(rows, columns, out);
    }

    /** A copy with an array of its own. */
    public Matrix copy() {
        return new Matrix(rows, columns, data.clone());
    }

    /** The largest magnitude of any entry, 0 when there is none; NaN when an entry is NaN. */
    public double maxAbs() {
        double max = 0;
        for (double x : data) {
            max = Math.max(max, Math.abs(x));
        }
        return max;
    }

    /** The Frobenius norm √Σa², by contract order, without overflow or underflow on the way. */
    public double frobeniusNorm() {
        return Vectors.norm(data, 0, data.length);
    }

    /** A float64 tensor over the same array. */
    public Tensor toTensor() {
        return Tensor.of(data, rows, columns);
    }

    /** A tensor of the type; float64 shares the array, float32 is rounded. */
    public Tensor toTensor(DType dtype) {
        return toTensor().as(dtype);
    }

    /** The extents in brackets: {@code [784, 8]}. */
    public String shape() {
        return "[" + rows + ", " + columns + "]";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix m && rows == m.rows && columns == m.columns && Arrays.equals(data, m.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "matrix" + shape();
    }

    /** Refuses NaN and infinities, with the first place where one stands. */
    Matrix requireFinite(String operation) {
        for (int i = 0; i < data.length; i++) {
            if (!Double.isFinite(data[i])) {
                throw new IllegalArgumentException(operation + ": entry (" + i / columns + ", " + i % columns + ") of " + shape() + " is "
                        + data[i] + "; every entry must be finite");
            }
        }
        return this;
    }

    /** Refuses a matrix that is not square. */
    Matrix requireSquare(String operation) {
        if (rows != columns) {
            throw new ShapeException(operation + ": matrix " + shape() + " is not square");
        }
        return this;
    }

    private void requireSameShape(String operation, Matrix other) {
        if (rows != other.rows || columns != other.columns) {
            throw new ShapeException(operation + ": shapes " + shape() + " and " + other.shape() + " differ");
        }
    }

    private void requireIndex(String what, int index, int bound) {
        if (index < 0 || index >= bound) {
            throw new ShapeException("matrix: " + what + " " + index + " lies outside " + shape());
        }
    }
}
