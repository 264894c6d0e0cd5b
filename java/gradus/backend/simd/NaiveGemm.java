package gradus.backend.simd;

/** The twin of {@link FloatGemm} and {@link DoubleGemm} that is plain to read: three loops and {@code Math.fma}. Their arguments, their bits. */
public final class NaiveGemm {
    private NaiveGemm() {
    }

    /** C = A·B, started at +0, or at {@code bias[biasOffset + j]} where a bias is given. */
    public static void multiply(int m, int n, int k, float[] a, int aOffset, int aRowStride, int aColStride,
            float[] b, int bOffset, int bRowStride, int bColStride, float[] bias, int biasOffset, float[] c, int cOffset, int cRowStride) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = bias == null ? 0 : bias[biasOffset + j];
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[aOffset + i * aRowStride + p * aColStride], b[bOffset + p * bRowStride + j * bColStride], sum);
                }
                c[cOffset + i * cRowStride + j] = sum;
            }
        }
    }

    /** The same in double precision. */
    public static void multiply(int m, int n, int k, double[] a, int aOffset, int aRowStride, int aColStride,
            double[] b, int bOffset, int bRowStride, int bColStride, double[] bias, int biasOffset, double[] c, int cOffset, int cRowStride) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = bias == null ? 0 : bias[biasOffset + j];
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[aOffset + i * aRowStride + p * aColStride], b[bOffset + p * bRowStride + j * bColStride], sum);
                }
                c[cOffset + i * cRowStride + j] = sum;
            }
        }
    }
}
