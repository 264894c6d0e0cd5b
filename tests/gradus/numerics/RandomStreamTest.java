package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The streams against a second implementation (random_stream.py wrote the file), and their distributions. Seeds are fixed: no test here can flicker. */
class RandomStreamTest {
    private final Golden golden = new Golden("random_stream.txt");

    private static RandomStream stream() {
        return new RandomStream(0x0123456789abcdefL, "layer/größe");
    }

    @Test
    void wordsAreThoseOfTheSecondImplementation() {
        RandomStream random = stream();
        for (long expected : golden.longs("words")) {
            assertEquals(expected, random.nextWord() & 0xffffffffL);
        }
        random.seek((1L << 34) + 3);
        for (long expected : golden.longs("far")) {
            assertEquals(expected, random.nextWord() & 0xffffffffL);
        }
        assertEquals((1L << 34) + 8, random.position());
    }

    @Test
    void drawsAreThoseOfTheSecondImplementation() {
        RandomStream random = stream();
        for (float expected : golden.floats("uniform")) {
            assertEquals(expected, random.uniform());
        }
        random.seek(0);
        for (double expected : golden.doubles("uniform64")) {
            assertEquals(expected, random.uniform64());
        }
        random.seek(0);
        float[] normal = new float[80];
        random.normal(normal, 0, 80, 0.25f, 1.5f);
        assertArrayEquals(golden.floats("normal"), normal);
        random.seek(0);
        assertArrayEquals(golden.longs("permutation"), Arrays.stream(random.permutation(60)).asLongStream().toArray());
        RandomStream rejecting = new RandomStream(7, "rejected");
        long[] below = golden.longs("below");
        for (int i = 0; i < below.length - 1; i++) {
            assertEquals(below[i], rejecting.below((1 << 30) + (1 << 29)));
        }
        assertEquals(below[below.length - 1], rejecting.position(), "words taken, rejected ones included");
    }

    @Test
    void fillsTakeTheWordsThatSingleDrawsTake() {
        for (int start = 0; start < 5; start++) {
            for (int length : new int[] {0, 1, 2, 3, 7, 64, 1023, 1024, 1025, 5000}) {
                RandomStream filled = stream();
                RandomStream single = stream();
                filled.seek(start);
                single.seek(start);
                int[] words = new int[length + 2];
                filled.words(words, 1, length);
                float[] uniform = new float[length];
                filled.uniform(uniform, 0, length, 0, 1);
                float[] events = new float[length];
                filled.bernoulli(events, 0, length, 0.5, 1, 0);
                for (int i = 0; i < length; i++) {
                    assertEquals(single.nextWord(), words[i + 1]);
                }
                assertEquals(0, words[0] | words[length + 1]);
                for (int i = 0; i < length; i++) {
                    assertEquals(single.uniform(), uniform[i]);
                }
                for (int i = 0; i < length; i++) {
                    assertEquals(single.bernoulli(0.5) ? 1 : 0, events[i]);
                }
                assertEquals(single.position(), filled.position());
            }
        }
    }

    @Test
    void aDrawInOneStreamMovesNothingInAnother() {
        RandomStream a = new RandomStream(1, "a");
        RandomStream b = new RandomStream(1, "b");
        int alone = b.nextWord();
        a.permutation(100);
        b.seek(0);
        assertEquals(alone, b.nextWord());
        assertNotEquals(new RandomStream(1, "a").nextLong(), new RandomStream(2, "a").nextLong());
        assertNotEquals(new RandomStream(1, "a").nextLong(), new RandomStream(1, "b").nextLong());
        assertEquals(new RandomStream(1, "a/x").nextLong(), new RandomStream(1, "a").child("x").nextLong());
    }

    @Test
    void uniformsFillTheirRangeEvenlyAndNeverReachItsEnd() {
        float[] x = new float[100_000];
        stream().uniform(x, 0, x.length, -2, 3);
        assertFollows(x, v -> (v + 2) / 5);
        float[] narrow = new float[10_000];
        stream().uniform(narrow, 0, narrow.length, 1, Math.nextUp(Math.nextUp(1f)));
        for (float v : narrow) {
            assertTrue(v == 1 || v == Math.nextUp(1f), () -> v + " is outside");
        }
    }

    @Test
    void normalsFollowTheNormalLaw() {
        float[] x = new float[100_001];
        stream().normal(x, 0, x.length, 1, 2);
        assertFollows(x, v -> normal((v - 1) / 2));
        double[] wide = new double[100_001];
        stream().normal(wide, 0, wide.length, 1, 2);
        float[] narrow = new float[wide.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) wide[i];
        }
        assertFollows(narrow, v -> normal((v - 1) / 2));
    }

    @ParameterizedTest
    @CsvSource({"-2, 2", "-0.5, 1", "0, 9", "3, 4", "4, 100", "2, 2.01", "-100, -5", "-3, -2.9", "-1e30, 1e30"})
    void truncatedNormalsFollowTheirLawAndStayInside(double low, double high) {
        float[] x = new float[10_000];
        new RandomStream(3, "truncated").truncatedNormal(x, 0, x.length, 10, 2, (float) (10 + 2 * low), (float) (10 + 2 * high));
        boolean mirror = high < 0;
        double a = mirror ? -high : low;
        double b = mirror ? -low : high;
        double all = upper(a) - upper(b);
        for (int i = 0; i < x.length; i++) {
            assertTrue(x[i] >= (float) (10 + 2 * low) && x[i] <= (float) (10 + 2 * high));
            x[i] = mirror ? 20 - x[i] : x[i];
        }
        assertFollows(x, v -> (upper(a) - upper((v - 10) / 2)) / all);
    }

    @Test
    void bernoulliHappensAsOftenAsItShould() {
        float[] x = new float[200_000];
        stream().bernoulli(x, 0, x.length, 0.3, 2, -1);
        int yes = 0;
        for (float v : x) {
            assertTrue(v == 2 || v == -1);
            yes += v == 2 ? 1 : 0;
        }
        assertEquals(0.3, yes / 200_000.0, 4 * Math.sqrt(0.21 / 200_000));
        RandomStream random = stream();
        for (int i = 0; i < 1000; i++) {
            assertTrue(random.bernoulli(1));
            assertTrue(!random.bernoulli(0));
        }
    }

    @Test
    void everyPermutationOfFiveComesEquallyOften() {
        int[] counts = new int[3125];
        RandomStream random = stream();
        for (int i = 0; i < 60_000; i++) {
            int code = 0;
            for (int v : random.permutation(5)) {
                code = code * 5 + v;
            }
            counts[code]++;
        }
        double chi = 0;
        int seen = 0;
        for (int c : counts) {
            if (c > 0) {
                seen++;
                chi += (c - 500.0) * (c - 500.0) / 500;
            }
        }
        assertEquals(120, seen);
        assertTrue(chi < 119 + 4 * Math.sqrt(2 * 119), "chi square " + chi);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        RandomStream random = stream();
        assertThrows(IllegalArgumentException.class, () -> random.below(0));
        assertThrows(IllegalArgumentException.class, () -> random.bernoulli(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> random.bernoulli(1.1));
        assertThrows(IllegalArgumentException.class, () -> random.seek(-1));
        assertThrows(IllegalArgumentException.class, () -> random.uniform(new float[3], 0, 3, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> random.truncatedNormal(new float[3], 0, 3, 0, 0, -1, 1));
    }

    /** Kolmogorov and Smirnov's distance stays below 1.95/√n, which chance passes once in a thousand. */
    private static void assertFollows(float[] x, DoubleUnaryOperator law) {
        float[] sorted = x.clone();
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.length; i++) {
            double p = law.applyAsDouble(sorted[i]);
            distance = Math.max(distance, Math.max(Math.abs(p - (double) i / sorted.length), Math.abs(p - (i + 1.0) / sorted.length)));
        }
        double measured = distance * Math.sqrt(sorted.length);
        assertTrue(measured < 1.95, () -> "distance·√n is " + measured);
    }

    private static double normal(double z) {
        return 0.5 + 0.5 * Functions64.erf(z / Math.sqrt(2));
    }

    /** The upper tail 1 − Φ(z) of the normal law, by Simpson's rule far out. */
    private static double upper(double z) {
        if (z < 1.5) {
            return 1 - normal(Math.max(z, -20));
        }
        double to = z + 10;
        if (z > 30) {
            return 0;
        }
        int steps = 400;
        double h = (to - z) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double v = z + i * h;
            sum += StrictMath.exp(-v * v / 2) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
        }
        return sum * h / 3 / Math.sqrt(2 * Math.PI);
    }
}
