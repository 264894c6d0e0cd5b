package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vector code of the proof's reference has the bits of the scalar code, whose error bound is proven. */
class VectorReferenceTest {
    private static final int STRIDE = 30_011;

    @ParameterizedTest
    @EnumSource(Function.class)
    void vectorsChangeNoBit(Function f) {
        Oracle oracle = new Oracle.Elementary(f);
        float[] x = new float[VectorReference.BLOCK];
        double[] y = new double[VectorReference.BLOCK];
        for (long from = 0; from < 1L << 32; from += (long) STRIDE * x.length) {
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat((int) (from + (long) i * STRIDE));
            }
            VectorReference.values(f, x, y);
            for (int i = 0; i < x.length; i++) {
                if (!oracle.isLimit(x[i])) {
                    float input = x[i];
                    assertEquals(Double.doubleToRawLongBits(Reference.value(f, input)), Double.doubleToRawLongBits(y[i]),
                            () -> f + " at " + Float.toHexString(input) + " should be " + Reference.value(f, input));
                }
            }
        }
    }
}
