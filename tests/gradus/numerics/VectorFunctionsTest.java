package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector twins give the bits of the scalar functions. */
class VectorFunctionsTest {
    private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.NaN, Float.intBitsToFloat(0xffc12345), Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, 88.7228317f, 88.7228394f, 89f,
        -87.5f, -103.972076f, -103.97208f, -104f, -104.00001f, 9.010913f, 10f, 0x1p-12f, -0x1p-12f, 0x1p22f, -0x1p22f, 3.9375f, 16.5f, 1e-30f,
        -0.0011178852f, 0.039486412f, -0.14087462f}; // sigmoids that end on a tie in binary64

    @ParameterizedTest
    @EnumSource
    void everyKindOfInputGivesTheScalarBits(Function f) {
        SplittableRandom random = new SplittableRandom(f.ordinal());
        float[] x = new float[24_000 + SPECIAL.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (i % 4) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> (float) random.nextDouble(-110, 110);
                case 2 -> (float) random.nextDouble(-1.5, 1.5);
                default -> (float) random.nextDouble(0, 0x1p24);
            };
        }
        System.arraycopy(SPECIAL, 0, x, 12_000, SPECIAL.length);
        float[] y = new float[x.length];
        VectorFunctions.apply(f, x, 0, y, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            assertBits(f.apply(x[i]), y[i], f, x[i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthAndOffsetTouchesItsRangeAlone(Function f) {
        for (int length = 0; length <= 40; length++) {
            int from = length % 5;
            int to = length % 3;
            float[] x = new float[length + 9];
            for (int i = 0; i < x.length; i++) {
                x[i] = SPECIAL[(7 * i + length) % SPECIAL.length];
            }
            float[] y = new float[length + 9];
            java.util.Arrays.fill(y, 42);
            VectorFunctions.apply(f, x, from, y, to, length);
            for (int i = 0; i < y.length; i++) {
                boolean inside = i >= to && i < to + length;
                assertBits(inside ? f.apply(x[i - to + from]) : 42, y[i], f, inside ? x[i - to + from] : Float.NaN);
            }
            float[] inPlace = x.clone();
            VectorFunctions.apply(f, inPlace, from, inPlace, from, length);
            for (int i = 0; i < length; i++) {
                assertBits(y[to + i], inPlace[from + i], f, x[from + i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 10, 31, 100, 1000, 65535, Integer.MAX_VALUE, -1, -2, -3, -6, -77, Integer.MIN_VALUE})
    void powersGiveTheScalarBits(int n) {
        SplittableRandom random = new SplittableRandom(n);
        float[] x = new float[4_003];
        for (int i = 0; i < x.length; i++) {
            x[i] = i < SPECIAL.length ? SPECIAL[i] : switch (i % 3) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> (float) random.nextDouble(-4, 4);
                default -> (float) (1 + random.nextDouble(-4, 4) / Math.max(1, Math.abs((double) n)));
            };
        }
        float[] y = new float[x.length];
        VectorFunctions.pow(n, x, 0, y, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            float expected = Functions.pow(x[i], n);
            float got = y[i];
            float at = x[i];
            assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(got), () -> at + " to the " + n + ": " + got + ", not " + expected);
        }
    }

    @Test
    void aRangeThatLeavesItsArrayIsRefused() {
        float[] five = new float[5];
        assertThrows(IndexOutOfBoundsException.class, () -> VectorFunctions.apply(Function.EXP, five, 1, new float[9], 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> VectorFunctions.apply(Function.EXP, new float[9], 0, five, 1, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> VectorFunctions.pow(3, five, -1, new float[9], 0, 2));
    }

    private static void assertBits(float expected, float actual, Function f, float x) {
        if (Float.floatToRawIntBits(expected) != Float.floatToRawIntBits(actual)) {
            throw new AssertionError(f + " of " + x + " (" + Float.toHexString(x) + "): vector " + actual + ", scalar " + expected);
        }
    }
}
