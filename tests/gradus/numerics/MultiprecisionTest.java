package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two references that the proof rests on: multi-precision against mpmath's digits, binary64 against multi-precision. */
class MultiprecisionTest {
    private static final Multiprecision ARITHMETIC = new Multiprecision(45);

    @Test
    void digitsAreMpmaths() throws IOException {
        int lines = 0;
        try (var in = MultiprecisionTest.class.getResourceAsStream("multiprecision.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                String[] words = line.split(" ");
                BigDecimal expected = new BigDecimal(words[2]);
                BigDecimal got = ARITHMETIC.value(Function.valueOf(words[0]), new BigDecimal(Double.parseDouble(words[1])));
                double error = got.subtract(expected).divide(expected, MathContext.DECIMAL32).abs().doubleValue();
                assertTrue(error < 1e-45, () -> line + ": got " + got);
                lines++;
            }
        }
        assertTrue(lines >= 40);
    }

    /** The proof trusts 2⁻⁴⁸; seen is less than 2⁻⁴⁹. */
    @ParameterizedTest
    @EnumSource
    void binary64ReferenceKeepsItsBound(Function f) {
        SplittableRandom random = new SplittableRandom(f.ordinal());
        Oracle oracle = new Oracle.Elementary(f);
        int tried = 0;
        for (int i = 0; i < 4000; i++) {
            float x = switch (i % 3) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> (float) random.nextDouble(-20, 20);
                default -> (float) ((1 + random.nextDouble(-1, 1) * 0x1p-5) * (random.nextBoolean() ? 1 : random.nextDouble()));
            };
            if (oracle.isLimit(x) || Math.abs(x) > farOut(f)) {
                continue;
            }
            double y = Reference.value(f, x);
            if (y == 0 || Math.abs(y) < 1e-60 || Math.abs(y) > 1e60) {
                continue;
            }
            BigDecimal exact = ARITHMETIC.value(f, new BigDecimal(x));
            double error = new BigDecimal(y).subtract(exact).divide(exact, MathContext.DECIMAL32).abs().doubleValue();
            assertTrue(error < 0x1p-49, () -> f + " of " + Float.toHexString(x) + ": reference " + y + " is off by 2^" + Math.getExponent(error));
            tried++;
        }
        assertTrue(tried > 1000, tried + " inputs tried");
    }

    /** From where the reference knows the rounded result without the value. */
    private static float farOut(Function f) {
        return switch (f) {
            case ERF -> Math.nextDown(4f);
            case EXP, EXPM1, TANH, SIGMOID, SOFTPLUS -> 120;
            case LOG, LOG1P, SIN, COS, RSQRT, NEG, ABS, SQRT, SQUARE, RECIPROCAL, SIGN, RELU, FLOOR -> Float.MAX_VALUE;
        };
    }

    @Test
    void sinesNextToMultiplesOfPiKeepTheBound() {
        for (float x : new float[] {3.1415927f, 6.2831855f, 0x1.921fb6p0f, 16367173 * 0x1p72f, 0x1.6ac5b2p62f, 1.7042695E23f}) {
            for (Function f : new Function[] {Function.SIN, Function.COS}) {
                BigDecimal exact = ARITHMETIC.value(f, new BigDecimal(x));
                double y = Reference.value(f, x);
                assertTrue(new BigDecimal(y).subtract(exact).divide(exact, MathContext.DECIMAL32).abs().doubleValue() < 0x1p-49, () -> f + " of " + x);
            }
        }
    }

    @Test
    void tiesAreBrokenExactly() {
        // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴ lies in the middle of two floats and goes to the even one.
        float x = 1 + 0x1p-12f;
        assertEquals(1 + 0x1p-11f, new Oracle.Power(2).computedSlowly(x));
        assertEquals(1 + 0x1p-11f, new Oracle.Elementary(Function.SQUARE).computedSlowly(x));
        // ½ + x/4 − x³/48 at x = 2⁻²³: the third term, 2⁻⁷⁵ of the whole, decides.
        assertEquals(0.5f, new Oracle.Elementary(Function.SIGMOID).computedSlowly(0x1p-23f));
        assertTrue(Float.isNaN(new Oracle.Elementary(Function.SIGMOID).decided(0x1p-23f)));
        assertThrows(IllegalArgumentException.class, () -> new Oracle.Power(25));
    }
}
