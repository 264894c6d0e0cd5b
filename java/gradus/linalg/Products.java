package gradus.linalg;

import gradus.tensor.ShapeException;

/**
 * The one door to dense matrix products. Every entry is one fma chain over the inner index, ascending, from +0 (or from what stood in c),
 * whatever computes it.
 */
public final class Products {
    private Products() {
    }

    /** a · b. */
    public static Matrix multiply(Matrix a, Matrix b) {
        return multiply(a, false, b, false);
    }

    /** aᵀ · b. */
    public static Matrix multiplyTransposedLeft(Matrix a, Matrix b) {
        return multiply(a, true, b, false);
    }

    /** a · bᵀ. */
    public static Matrix multiplyTransposedRight(Matrix a, Matrix b) {
        return multiply(a, false, b, true);
    }

    private static Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
        int m = transposeA ? a.columns() : a.rows();
        int k = transposeA ? a.rows() : a.columns();
        int n = transposeB ? b.rows() : b.columns();
        if (k != (transposeB ? b.columns() : b.rows())) {
            throw new ShapeException("multiply: " + a.shape() + (transposeA ? "ᵀ" : "") + " and " + b.shape() + (transposeB ? "ᵀ" : "")
                    + " have inner extents " + k + " and " + (transposeB ? b.columns() : b.rows()));
        }
        Matrix c = Matrix.zeros(m, n);
        add(m, n, k, new View(a.data(), 0, transposeA ? 1 : a.columns(), transposeA ? a.columns() : 1),
                new View(b.data(), 0, transposeB ? 1 : b.columns(), transposeB ? b.columns() : 1), c.data(), 0, n);
        return c;
    }

    /** Where the operand's entry (i, j) lies: {@code data[offset + i·rowStride + j·columnStride]}. */
    record View(double[] data, int offset, int rowStride, int columnStride) {
    }

    /** c ← c + a · b, with a of m × k, b of k × n and c of m × n with unit column stride. */
    static void add(int m, int n, int k, View a, View b, double[] c, int cOffset, int cRowStride) {
        double[] row = new double[n];
        for (int i = 0; i < m; i++) {
            System.arraycopy(c, cOffset + i * cRowStride, row, 0, n);
            for (int p = 0; p < k; p++) {
                double x = a.data[a.offset + i * a.rowStride + p * a.columnStride];
                int from = b.offset + p * b.rowStride;
                for (int j = 0; j < n; j++) {
                    row[j] = Math.fma(x, b.data[from + j * b.columnStride], row[j]);
                }
            }
            System.arraycopy(row, 0, c, cOffset + i * cRowStride, n);
        }
    }
}
