package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The order of the sums, seen from outside. */
class SumsTest {
    /** A huge term and its opposite swallow every small term that is added between them: which terms survive shows the tree. */
    @Test
    void masksShowTheDocumentedTree() {
        for (int n : new int[] {2, 5, 16, 17, 33, 100, 4096, 4097, 4100, 8200, 12289}) {
            SplittableRandom random = new SplittableRandom(n);
            for (int trial = 0; trial < 60; trial++) {
                int i = random.nextInt(n);
                int j = random.nextInt(n);
                if (i == j) {
                    continue;
                }
                float[] x = new float[n];
                Arrays.fill(x, 1);
                x[i] = 0x1p60f;
                x[j] = -0x1p60f;
                assertEquals(survivors(n, i, j), Sums.sum(x, 0, 1, n), () -> "sum of " + n + " terms with masks");
                float[] ones = new float[n];
                Arrays.fill(ones, 1);
                assertEquals(survivors(n, i, j), Sums.dot(x, 0, 1, ones, 0, 1, n), () -> "dot of " + n + " terms with masks");
            }
        }
    }

    /** How many ones outlive ±2⁶⁰ at places i and j, by the tree as documented: a node is a count, or a mask that has swallowed its count. */
    private static float survivors(int n, int i, int j) {
        Masked total = new Masked(0, 0);
        for (int from = 0; from < n; from += 4096) {
            Masked[] lanes = new Masked[16];
            Arrays.fill(lanes, new Masked(0, 0));
            for (int k = from; k < Math.min(n, from + 4096); k++) {
                Masked term = k == i ? new Masked(1, 0) : k == j ? new Masked(-1, 0) : new Masked(0, 1);
                lanes[(k - from) % 16] = lanes[(k - from) % 16].plus(term);
            }
            for (int half = 8; half > 0; half /= 2) {
                for (int l = 0; l < half; l++) {
                    lanes[l] = lanes[l].plus(lanes[l + half]);
                }
            }
            total = total.plus(lanes[0]);
        }
        return total.count;
    }

    private record Masked(int mask, int count) {
        Masked plus(Masked other) {
            int sum = mask + other.mask;
            boolean cancelled = sum == 0 && mask != 0;
            return new Masked(sum, sum != 0 || cancelled ? 0 : count + other.count);
        }
    }

    @Test
    void sumsThatNoOrderCanChangeAreExact() {
        SplittableRandom random = new SplittableRandom(4);
        for (int n : new int[] {0, 1, 15, 16, 31, 4095, 4096, 4097, 10_000}) {
            float[] x = new float[n];
            double[] wide = new double[n];
            long exact = 0;
            long squares = 0;
            for (int i = 0; i < n; i++) {
                int v = random.nextInt(-30, 31);
                x[i] = v;
                wide[i] = v;
                exact += v;
                squares += v * v;
            }
            assertEquals(exact, Sums.sum(x, 0, 1, n));
            assertEquals(exact, Sums.sum(wide, 0, 1, n));
            assertEquals(squares, Sums.sumOfSquares(x, 0, 1, n));
            assertEquals(squares, Sums.sumOfSquares(wide, 0, 1, n));
        }
    }

    @Test
    void aTermEntersItsLaneWithOneRounding() {
        float a = 1 + 0x1p-12f;
        float[] x = {a, 1};
        assertEquals(Math.fma(a, a, 0f), Sums.dot(x, 0, 1, x, 0, 1, 1));
        float[] y = new float[17];
        float[] z = new float[17];
        y[0] = a;
        z[0] = a;
        y[16] = -1;
        z[16] = 1 + 0x1p-11f;
        assertEquals(Math.fma(-1f, 1 + 0x1p-11f, Math.fma(a, a, 0f)), Sums.dot(y, 0, 1, z, 0, 1, 17));
        assertEquals(Math.fma(a, a, -(1 + 0x1p-11f)), Sums.dot(new float[] {-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a}, 0, 1,
                new float[] {1 + 0x1p-11f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a}, 0, 1, 17));
    }

    @Test
    void stridesPickTheirTerms() {
        double[] x = new double[100];
        Arrays.setAll(x, i -> i);
        assertEquals(3 + 10 + 17 + 24, Sums.sum(x, 3, 7, 4));
        assertEquals(24 + 17 + 10 + 3, Sums.sum(x, 24, -7, 4));
        assertEquals(5 * 9.0, Sums.sum(x, 9, 0, 5));
        assertEquals(3 * 50 + 10 * 49 + 17 * 48, Sums.dot(x, 3, 7, x, 50, -1, 3));
    }

    @Test
    void errorsStayWithinTheBoundOfTheTree() {
        SplittableRandom random = new SplittableRandom(6);
        int n = 100_000;
        double[] x = new double[n];
        BigDecimal exact = BigDecimal.ZERO;
        BigDecimal size = BigDecimal.ZERO;
        for (int i = 0; i < n; i++) {
            x[i] = random.nextGaussian();
            exact = exact.add(new BigDecimal(x[i]));
            size = size.add(new BigDecimal(Math.abs(x[i])));
        }
        double error = exact.subtract(new BigDecimal(Sums.sum(x, 0, 1, n)), MathContext.DECIMAL128).abs().doubleValue();
        assertTrue(error <= (4096 / 16 + 4 + n / 4096 + 1) * 0x1p-53 * size.doubleValue());
    }

    @Test
    void anEmptySumIsPositiveZeroAndAStrayOneIsRefused() {
        assertEquals(0, Float.floatToRawIntBits(Sums.sum(new float[0], 0, 1, 0)));
        assertEquals(0, Float.floatToRawIntBits(Sums.sum(new float[] {-0f}, 0, 1, 1)), "lanes start at +0");
        assertThrows(IndexOutOfBoundsException.class, () -> Sums.sum(new float[5], 0, 2, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> Sums.sum(new float[5], 2, -1, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> Sums.dot(new float[5], 0, 1, new float[4], 0, 1, 5));
        assertThrows(IllegalArgumentException.class, () -> Sums.sum(new double[5], 0, 1, -1));
    }
}
