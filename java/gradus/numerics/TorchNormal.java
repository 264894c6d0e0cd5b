package gradus.numerics;

/**
 * The block of 16 with which PyTorch fills tensors of normal values: eight uniforms u, eight uniforms v, radius √(−2 log(1 − u)), angle 2πv.
 *
 * <p>For float32 PyTorch's AVX2 code takes logarithm, sine and cosine from Cephes' single-precision polynomials (S. Moshier, {@code logf}, {@code sinf}), and its
 * compiler fuses every multiplication with the addition after it. Both are followed here step by step: these are not the correctly rounded functions, they
 * are PyTorch's.
 */
final class TorchNormal {
    private static final float[] LOG = {7.0376836292E-2f, -1.1514610310E-1f, 1.1676998740E-1f, -1.2420140846E-1f, 1.4249322787E-1f,
        -1.6668057665E-1f, 2.0000714765E-1f, -2.4999993993E-1f, 3.3333331174E-1f};
    private static final float SQRT_HALF = 0.70710677f;
    private static final float LN2_HEAD = 0.693359375f;
    private static final float LN2_TAIL = -2.12194440e-4f;
    private static final float FOUR_OVER_PI = 1.2732395f;
    private static final float[] QUARTER_PI = {0.78515625f, 2.4187564849853515625e-4f, 3.77489497744594108e-8f};
    private static final float TWO_PI = 6.2831855f;

    private TorchNormal() {
    }

    /** Turns 16 uniform values into normal ones. */
    static void block(float[] data, int at, float mean, float deviation) {
        for (int i = at; i < at + 8; i++) {
            float radius = (float) Math.sqrt(-2 * log(1 - data[i]));
            float angle = TWO_PI * data[i + 8];
            data[i] = Math.fma(radius * sinOrCos(angle, 2), deviation, mean);
            data[i + 8] = Math.fma(radius * sinOrCos(angle, 0), deviation, mean);
        }
    }

    /** The same in float64, with {@link StrictMath}. */
    static void block(double[] data, int at, double mean, double deviation) {
        for (int i = at; i < at + 8; i++) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - data[i]));
            double angle = 2 * StrictMath.PI * data[i + 8];
            data[i] = Math.fma(radius * StrictMath.cos(angle), deviation, mean);
            data[i + 8] = Math.fma(radius * StrictMath.sin(angle), deviation, mean);
        }
    }

    private static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        float e = (bits >>> 23) - 126;
        float m = Float.intBitsToFloat(bits & 0x807fffff | 0x3f000000);
        if (m < SQRT_HALF) {
            e -= 1;
            m = m - 1 + m;
        } else {
            m -= 1;
        }
        float z = m * m;
        float y = LOG[0];
        for (int i = 1; i < LOG.length; i++) {
            y = Math.fma(y, m, LOG[i]);
        }
        y = Math.fma(y * m, z, e * LN2_TAIL);
        return Math.fma(e, LN2_HEAD, m + Math.fma(-0.5f, z, y));
    }

    /** Sine of an angle ≥ 0 for {@code turned} = 0, cosine for 2: the octant is turned by as many eighths. */
    private static float sinOrCos(float x, int turned) {
        int octant = (int) (x * FOUR_OVER_PI) + 1 & ~1;
        float y = octant;
        float r = x;
        for (float part : QUARTER_PI) {
            r = Math.fma(-y, part, r);
        }
        int place = octant + turned;
        float value = (place & 2) == 0 ? sinPolynomial(r) : cosPolynomial(r);
        return (place & 4) == 0 ? value : -value;
    }

    private static float sinPolynomial(float r) {
        float z = r * r;
        float y = Math.fma(Math.fma(-1.9515295891E-4f, z, 8.3321608736E-3f), z, -1.6666654611E-1f);
        return Math.fma(y * z, r, r);
    }

    private static float cosPolynomial(float r) {
        float z = r * r;
        float y = Math.fma(Math.fma(2.443315711809948E-005f, z, -1.388731625493765E-003f), z, 4.166664568298827E-002f);
        return Math.fma(y * z, z, -0.5f * z) + 1;
    }
}
