package gradus.backend.simd;

import gradus.backend.Workers;

/**
 * The product of two matrices in double precision on plain arrays.
 *
 * <p>{@code c[i, j] = start + Σ a[i, p]·b[p, j]}, where the sum is one chain of fused multiply-adds over {@code p = 0, 1, …, k − 1}. The result has the
 * bits of {@link NaiveGemm} on any number of threads and any vector width.
 *
 * <p>A is m × k with {@code a[i, p] = a[aOffset + i·aRowStride + p·aColStride]}, B is k × n likewise; any strides do, so a transposed matrix is one with its strides
 * exchanged. C is row-major and must not overlap A or B. Threads are used when the work is worth them; {@code workers} may be null.
 */
public final class DoubleGemm {
    static final DoubleProduct PRODUCT = new DoubleProduct();

    private DoubleGemm() {
    }

    /** C = A·B, started at +0, or at {@code bias[biasOffset + j]} where a bias is given. */
    public static void multiply(int m, int n, int k, double[] a, int aOffset, int aRowStride, int aColStride,
            double[] b, int bOffset, int bRowStride, int bColStride, double[] bias, int biasOffset, double[] c, int cOffset, int cRowStride, Workers workers) {
        PRODUCT.multiply(m, n, k, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, bColStride, bias, biasOffset, c, cOffset, cRowStride, workers);
    }

    /** C = C + A·B: each chain goes on from what C holds. */
    public static void accumulate(int m, int n, int k, double[] a, int aOffset, int aRowStride, int aColStride,
            double[] b, int bOffset, int bRowStride, int bColStride, double[] c, int cOffset, int cRowStride, Workers workers) {
        PRODUCT.multiply(m, n, k, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, bColStride, c, cOffset, cRowStride, 1,
                c, cOffset, cRowStride, workers);
    }
}
