package gradus.linalg;

import gradus.backend.Workers;
import gradus.backend.simd.DoubleGemm;
import gradus.backend.simd.SimdLinear;
import gradus.tensor.ShapeException;
import java.util.Arrays;

/**
 * The one door to dense matrix products. Every entry is one fma chain over the inner index, ascending, from +0 (or from what stood in c),
 * whatever computes it.
 */
public final class Products {
    private static final boolean VECTORS = Vectors.KERNELS instanceof SimdLinear;
    private static final int ROWS_A_PIECE = 8;
    private static final int GRAM_BLOCK = 192;

    private Products() {
    }

    /** a · b on one thread. */
    public static Matrix multiply(Matrix a, Matrix b) {
        return multiply(a, b, new Workers(1));
    }

    /** a · b. */
    public static Matrix multiply(Matrix a, Matrix b, Workers workers) {
        return multiply(a, false, b, false, workers);
    }

    /** aᵀ · b. */
    public static Matrix multiplyTransposedLeft(Matrix a, Matrix b, Workers workers) {
        return multiply(a, true, b, false, workers);
    }

    /** a · bᵀ. */
    public static Matrix multiplyTransposedRight(Matrix a, Matrix b, Workers workers) {
        return multiply(a, false, b, true, workers);
    }

    /** aᵀ · a, symmetric to the bit. The blocks below the diagonal are copied from those above, which halves the work and changes nothing. */
    public static Matrix gram(Matrix a, Workers workers) {
        int n = a.columns();
        Matrix c = Matrix.zeros(n, n);
        View right = View.of(a);
        for (int i = 0; i < n; i += GRAM_BLOCK) {
            set(Math.min(GRAM_BLOCK, n - i), n - i, a.rows(), right.from(0, i).transpose(), right.from(0, i), c.data(), i * n + i, n, workers);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i / GRAM_BLOCK * GRAM_BLOCK; j++) {
                c.data()[i * n + j] = c.data()[j * n + i];
            }
        }
        return c;
    }

    private static Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB, Workers workers) {
        View left = transposeA ? View.of(a).transpose() : View.of(a);
        View right = transposeB ? View.of(b).transpose() : View.of(b);
        int m = transposeA ? a.columns() : a.rows();
        int k = transposeA ? a.rows() : a.columns();
        int n = transposeB ? b.rows() : b.columns();
        int inner = transposeB ? b.columns() : b.rows();
        if (k != inner) {
            throw new ShapeException("multiply: " + a.shape() + (transposeA ? "ᵀ" : "") + " and " + b.shape() + (transposeB ? "ᵀ" : "")
                    + " have inner extents " + k + " and " + inner);
        }
        Matrix c = Matrix.zeros(m, n);
        set(m, n, k, left, right, c.data(), 0, n, workers);
        return c;
    }

    /** Where an operand's entry (i, j) lies: {@code data[offset + i·rowStride + j·columnStride]}. */
    record View(double[] data, int offset, int rowStride, int columnStride) {
        static View of(Matrix a) {
            return new View(a.data(), 0, a.columns(), 1);
        }

        static View rows(double[] data, int offset, int rowStride) {
            return new View(data, offset, rowStride, 1);
        }

        View transpose() {
            return new View(data, offset, columnStride, rowStride);
        }

        /** The view whose entry (0, 0) is this one's entry (i, j). */
        View from(int i, int j) {
            return new View(data, offset + i * rowStride + j * columnStride, rowStride, columnStride);
        }

        private View dense(int rows, int columns) {
            double[] copy = new double[rows * columns];
            for (int i = 0; i < rows; i++) {
                Vectors.gather(data, offset + i * rowStride, columnStride, copy, i * columns, columns);
            }
            return new View(copy, 0, columns, 1);
        }
    }

    /** c ← a · b, with a of m × k, b of k × n and c of m × n with unit column stride; c must not overlap a or b. */
    static void set(int m, int n, int k, View a, View b, double[] c, int cOffset, int cRowStride, Workers workers) {
        if (VECTORS) {
            DoubleGemm.multiply(m, n, k, a.data, a.offset, a.rowStride, a.columnStride, b.data, b.offset, b.rowStride, b.columnStride, null, 0, c, cOffset,
                    cRowStride, workers);
            return;
        }
        for (int i = 0; i < m; i++) {
            Arrays.fill(c, cOffset + i * cRowStride, cOffset + i * cRowStride + n, 0);
        }
        plain(m, n, k, a, b, c, cOffset, cRowStride, workers);
    }

    /** c ← c + a · b, with a of m × k, b of k × n and c of m × n with unit column stride; c must not overlap a or b. */
    static void add(int m, int n, int k, View a, View b, double[] c, int cOffset, int cRowStride, Workers workers) {
        if (VECTORS) {
            DoubleGemm.accumulate(m, n, k, a.data, a.offset, a.rowStride, a.columnStride, b.data, b.offset, b.rowStride, b.columnStride, c, cOffset,
                    cRowStride, workers);
        } else {
            plain(m, n, k, a, b, c, cOffset, cRowStride, workers);
        }
    }

    /** The same chains without the Vector API. */
    static void plain(int m, int n, int k, View a, View b, double[] c, int cOffset, int cRowStride, Workers workers) {
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        View right = b.columnStride == 1 ? b : b.dense(k, n);
        workers.forEach((m + ROWS_A_PIECE - 1) / ROWS_A_PIECE, piece -> {
            int end = Math.min(m, (piece + 1) * ROWS_A_PIECE);
            for (int i = piece * ROWS_A_PIECE; i < end; i++) {
                Vectors.KERNELS.combine(right.data, right.offset, right.rowStride, k, a.data, a.offset + i * a.rowStride, a.columnStride, c,
                        cOffset + i * cRowStride, n);
            }
        });
    }
}
