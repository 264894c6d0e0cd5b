package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The functions at their limits, against each other, and against exact arithmetic. */
class FunctionsTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void limitsAreThoseOfIeee754() {
        expect(Function.EXP, 1, 1, INFINITY, 0);
        expect(Function.EXPM1, -0f, 0, INFINITY, -1);
        expect(Function.LOG, -INFINITY, -INFINITY, INFINITY, Float.NaN);
        expect(Function.LOG1P, -0f, 0, INFINITY, Float.NaN);
        expect(Function.TANH, -0f, 0, 1, -1);
        expect(Function.SIGMOID, 0.5f, 0.5f, 1, 0);
        expect(Function.SOFTPLUS, (float) StrictMath.log(2), (float) StrictMath.log(2), INFINITY, 0);
        expect(Function.SIN, -0f, 0, Float.NaN, Float.NaN);
        expect(Function.COS, 1, 1, Float.NaN, Float.NaN);
        expect(Function.ERF, -0f, 0, 1, -1);
        expect(Function.RSQRT, -INFINITY, INFINITY, 0, Float.NaN);
        expect(Function.NEG, 0, -0f, -INFINITY, INFINITY);
        expect(Function.ABS, 0, 0, INFINITY, INFINITY);
        expect(Function.SQRT, -0f, 0, INFINITY, Float.NaN);
        expect(Function.SQUARE, 0, 0, INFINITY, INFINITY);
        expect(Function.RECIPROCAL, -INFINITY, INFINITY, 0, -0f);
        expect(Function.SIGN, -0f, 0, 1, -1);
        expect(Function.RELU, 0, 0, INFINITY, 0);
        expect(Function.FLOOR, -0f, 0, INFINITY, -INFINITY);
        assertBits(-INFINITY, Functions.log1p(-1), "log1p -1");
        assertBits(Float.NaN, Functions.log1p(Math.nextDown(-1f)), "log1p below -1");
    }

    /** Values at −0, +0, +∞, −∞; NaN gives the quiet NaN, of whatever sign and payload it comes. */
    private static void expect(Function f, float minusZero, float zero, float plusInfinity, float minusInfinity) {
        assertBits(minusZero, f.apply(-0f), f + " -0");
        assertBits(zero, f.apply(0f), f + " +0");
        assertBits(plusInfinity, f.apply(INFINITY), f + " +inf");
        assertBits(minusInfinity, f.apply(-INFINITY), f + " -inf");
        for (int nan : new int[] {0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001, 0xffc12345}) {
            assertBits(Float.NaN, f.apply(Float.intBitsToFloat(nan)), f + " NaN");
        }
        assertEquals(Double.doubleToRawLongBits(Double.NaN),
                Double.doubleToRawLongBits(f.apply(Double.longBitsToDouble(0xfff0000000000001L))), f + " NaN in float64");
    }

    private static void assertBits(float expected, float actual, String what) {
        assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(actual), () -> what + " gave " + actual + ", not " + expected);
    }

    @Test
    void float64AgreesWithFloat32WhereItCanDecide() {
        SplittableRandom random = new SplittableRandom(1);
        for (Function f : Function.values()) {
            for (int i = 0; i < 20_000; i++) {
                float x = Float.intBitsToFloat(random.nextInt());
                double wide = f.apply((double) x);
                float low = (float) (wide - Math.abs(wide) * 0x1p-46);
                float high = (float) (wide + Math.abs(wide) * 0x1p-46);
                if (low == high) {
                    float y = f.apply(x);
                    assertEquals(low, y, () -> f + " of " + x + " is " + wide + " in float64 but " + y + " in float32");
                }
            }
        }
    }

    @Test
    void integerPowersAreTheExactPowerRoundedOnce() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 60_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt());
            if (i % 3 == 1) {
                x = (float) (1 + random.nextDouble(-0.3, 0.3));
            } else if (i % 3 == 2) {
                x = random.nextInt(-4096, 4096) * 0x1p-6f;
            }
            int n = i % 5 == 0 ? random.nextInt(-400, 400) : random.nextInt(-9, 10);
            if (Float.isFinite(x) && x != 0) {
                assertBits(exactPower(x, n), Functions.pow(x, n), x + " to the " + n);
            }
        }
    }

    private static float exactPower(float x, int n) {
        BigDecimal power = new BigDecimal(x).pow(Math.abs(n), n < 0 ? new MathContext(400, RoundingMode.HALF_EVEN) : MathContext.UNLIMITED);
        return (n < 0 ? BigDecimal.ONE.divide(power, new MathContext(300, RoundingMode.HALF_EVEN)) : power).floatValue();
    }

    @Test
    void integerPowersKeepTheirLimits() {
        assertBits(1, Functions.pow(Float.NaN, 0), "NaN to the 0");
        assertBits(Float.NaN, Functions.pow(Float.NaN, 1), "NaN to the 1");
        assertBits(-INFINITY, Functions.pow(-0f, -3), "-0 to the -3");
        assertBits(INFINITY, Functions.pow(-0f, -2), "-0 to the -2");
        assertBits(-0f, Functions.pow(-0f, 5), "-0 to the 5");
        assertBits(-0f, Functions.pow(-INFINITY, -1), "-inf to the -1");
        assertBits(INFINITY, Functions.pow(Math.nextUp(1f), Integer.MAX_VALUE), "just above 1");
        assertBits(INFINITY, Functions.pow(Math.nextDown(1f), Integer.MIN_VALUE), "just below 1");
        assertBits(0, Functions.pow(Math.nextDown(1f), Integer.MAX_VALUE), "just below 1, upwards");
        assertBits(-1, Functions.pow(-1, Integer.MAX_VALUE), "-1 to an odd power");
    }

    @Test
    void erf64IsWithinOneAndAHalfUlpsOfItsSeries() {
        for (double x = -6.5; x < 6.5; x += 0.0137) {
            double got = Functions64.erf(x);
            double error = Math.abs(series(x).subtract(new BigDecimal(got)).doubleValue());
            assertTrue(error <= 1.5 * Math.ulp(got), "erf(" + x + ") = " + got + " is off by " + error / Math.ulp(got) + " ulp");
        }
    }

    /** 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)). */
    private static BigDecimal series(double x) {
        MathContext digits = new MathContext(60);
        BigDecimal square = new BigDecimal(x).multiply(new BigDecimal(x), digits);
        BigDecimal power = new BigDecimal(x);
        BigDecimal sum = power;
        for (int n = 1; n < 200; n++) {
            power = power.multiply(square, digits).divide(BigDecimal.valueOf(-n), digits);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
        }
        BigDecimal pi = new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211707");
        return sum.multiply(BigDecimal.TWO).divide(pi.sqrt(digits), digits);
    }
}
