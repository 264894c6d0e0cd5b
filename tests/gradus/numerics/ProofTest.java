package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function correctly rounded at a stride of all floats, and the judge itself. */
class ProofTest {
    private static List<Proof.Subject> subjects() {
        return Proof.subjects();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void aStrideOfAllFloatsIsRight(Proof.Subject subject) {
        Proof.Result result = Proof.run(subject, 20_011, 2, (done, total) -> { });
        assertEquals((1L << 32) / 20_011 + 1, result.inputs());
        assertTrue(result.vectors());
        assertTrue(result.holds(), () -> subject.title() + ": " + result.examples());
    }

    /** The inputs that only a proof over all floats finds: binary64 ends on the wrong side of the middle of two floats. */
    @Test
    void hardestInputsAreRight() {
        for (Function f : List.of(Function.SOFTPLUS, Function.COS, Function.ERF)) {
            Oracle oracle = new Oracle.Elementary(f);
            float hard = f == Function.SOFTPLUS ? 0x1.d483ap-12f : f == Function.COS ? 0x1.20ffccp-7f : 0x1.81d5acp-13f;
            for (float x : new float[] {hard, -hard}) {
                float[] many = new float[37];
                float[] results = new float[many.length];
                Arrays.fill(many, x);
                oracle.computed(many, results, many.length);
                float expected = oracle.computedSlowly(x);
                assertEquals(expected, oracle.computed(x), () -> f + " of " + Float.toHexString(x));
                for (float result : results) {
                    assertEquals(expected, result, () -> f + " of " + Float.toHexString(x) + " by vectors");
                }
            }
        }
    }

    @Test
    void oneWrongInputIsFound() {
        Oracle right = new Oracle.Elementary(Function.EXP);
        int target = 7 * 1_000_003;
        Oracle wrong = new Oracle() {
            @Override
            public float limit(float x) {
                return right.limit(x);
            }

            @Override
            public boolean isLimit(float x) {
                return right.isLimit(x);
            }

            @Override
            public double approximation(float x) {
                return right.approximation(x);
            }

            @Override
            public BigDecimal value(float x, Multiprecision arithmetic) {
                return right.value(x, arithmetic);
            }

            @Override
            public boolean isExact() {
                return right.isExact();
            }

            @Override
            public float computed(float x) {
                float y = right.computed(x);
                return Float.floatToRawIntBits(x) == target ? Math.nextUp(y) : y;
            }

            @Override
            public void computed(float[] x, float[] y, int length) {
                right.computed(x, y, length);
                for (int i = 0; i < length; i++) {
                    if (Float.floatToRawIntBits(x[i]) == 2 * target) {
                        y[i] = -y[i];
                    }
                }
            }
        };
        Proof.Result result = Proof.run(new Proof.Subject.Elementary(Function.EXP), wrong, 1_000_003, 2, (done, total) -> { });
        assertFalse(result.holds());
        assertEquals(1, result.wrongScalar());
        assertEquals(1, result.wrongVector());
        assertEquals(Float.intBitsToFloat(target), result.examples().get(0).x());
        assertEquals(Float.intBitsToFloat(2 * target), result.examples().get(1).x());
    }

    @Test
    void progressReachesTheEnd() {
        AtomicLong last = new AtomicLong();
        Proof.Result result = Proof.run(new Proof.Subject.Power(2), 100_003, 2, (done, total) -> last.accumulateAndGet(done, Math::max));
        assertEquals(result.inputs(), last.get());
    }

    @Test
    void threadsDoNotChangeTheCounts() {
        Proof.Subject square = new Proof.Subject.Elementary(Function.SQUARE);
        Proof.Result one = Proof.run(square, 60_013, 1, (done, total) -> { });
        Proof.Result three = Proof.run(square, 60_013, 3, (done, total) -> { });
        assertEquals(one.inputs(), three.inputs());
        assertEquals(one.slow(), three.slow());
    }

    @Test
    void aListenerThatFailsEndsTheRunWithItsReason() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Proof.run(new Proof.Subject.Power(3), 100_003, 2, (done, total) -> {
            throw new IllegalArgumentException("enough");
        }));
        assertTrue(e.getMessage().contains("enough"));
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Proof.run(new Proof.Subject.Power(2), 0, 1, (done, total) -> { }));
        assertThrows(IllegalArgumentException.class, () -> Proof.run(new Proof.Subject.Power(2), 1, 0, (done, total) -> { }));
        assertThrows(IllegalArgumentException.class, () -> Proof.run(new Proof.Subject.Power(0), 1, 1, (done, total) -> { }));
    }
}
