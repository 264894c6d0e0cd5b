package gradus.learn;

import gradus.backend.LinearKernels;
import gradus.backend.simd.DoubleGemm;
import gradus.backend.simd.SimdLinear;

/** The float64 kernels that factorization runs on. */
final class Factors {
    static final LinearKernels KERNELS = LinearKernels.best();
    private static final boolean VECTORS = KERNELS instanceof SimdLinear;
    private static final int WORTH_CUTTING = 48;

    private Factors() {
    }

    /**
     * Adds BᵀB to the upper triangle of g, n × n, for B of {@code rows × n}: each entry one fma chain over the rows, ascending, that starts at what g holds. What becomes of
     * the lower triangle is left open.
     */
    static void addGram(double[] b, int rows, int n, double[] g) {
        if (!VECTORS) {
            for (int i = 0; i < n; i++) {
                KERNELS.combine(b, i, n, rows, b, i, n, g, i * n + i, n - i);
            }
        } else if (n < WORTH_CUTTING) {
            block(b, rows, n, g, 0, n);
        } else {
            // Half the lower triangle is not computed.
            int half = (n / 2 + 7) / 8 * 8;
            block(b, rows, n, g, 0, half);
            block(b, rows, n, g, half, n);
        }
    }

    private static void block(double[] b, int rows, int n, double[] g, int from, int to) {
        DoubleGemm.accumulate(to - from, n - from, rows, b, from, 1, n, b, from, n, 1, g, from * n + from, n, null);
    }
}
