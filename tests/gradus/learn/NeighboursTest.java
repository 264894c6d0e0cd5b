package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nearest neighbours against brute force over all pairs. */
class NeighboursTest {
    private static final Workers ONE = new Workers(1);

    /** Small integers around an exact mean of zero, whose distances float32 holds exactly: many ties, many duplicates. */
    private static double[] integers(int n, int d, int range, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[n * d];
        for (int i = 0; i < n / 2; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] = random.nextInt(-range, range + 1);
                x[(n - 1 - i) * d + j] = -x[i * d + j];
            }
        }
        return x;
    }

    private static int[] bruteForce(double[] x, int n, int d, int i, int k) {
        long[] key = new long[n];
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int c = 0; c < d; c++) {
                sum += (x[i * d + c] - x[j * d + c]) * (x[i * d + c] - x[j * d + c]);
            }
            key[j] = i == j ? Long.MAX_VALUE : (long) sum * n + j;
        }
        return IntStream.range(0, n).boxed().sorted((a, b) -> Long.compare(key[a], key[b])).limit(k).mapToInt(j -> j).toArray();
    }

    private static int[] row(Neighbours found, int i) {
        return IntStream.range(0, found.k()).map(j -> found.neighbour(i, j)).toArray();
    }

    @Test
    void findsWhatBruteForceFindsTiesIncluded() {
        for (int[] size : new int[][] {{2, 1, 1, 3}, {4, 2, 3, 3}, {50, 3, 7, 2}, {300, 20, 17, 3}, {1300, 5, 40, 4}, {4700, 3, 9, 6}}) {
            int n = size[0];
            int d = size[1];
            double[] x = integers(n, d, size[3], n);
            Neighbours found = Neighbours.of(Tensor.of(x, n, d), size[2], ONE);
            for (int i = 0; i < n; i += Math.max(1, n / 60)) {
                assertArrayEquals(bruteForce(x, n, d, i, size[2]), row(found, i), "row " + i + " of " + n + " × " + d);
            }
        }
    }

    @Test
    void distancesAreMeasuredNotDerived() {
        // Far from the origin ‖x‖² + ‖y‖² − 2x·y would lose everything but rounding.
        double[] x = {1e6, 1e6, 1e6 + 1, 1e6, 1e6, 1e6 + 3, 1e6, 1e6};
        Neighbours found = Neighbours.of(Tensor.of(x, 4, 2), 3, ONE);
        assertArrayEquals(new int[] {3, 1, 2}, row(found, 0));
        assertEquals(0, found.distance(0, 0));
        assertEquals(1, found.distance(0, 1), 1e-6);
        assertEquals(3, found.distance(0, 2), 1e-6);
    }

    @Test
    void anyScaleOfTheDataWillDo() {
        Tensor x = TsneData.clusters(80, 6, 1);
        Neighbours found = Neighbours.of(x, 5, ONE);
        for (int exponent : new int[] {-600, 600}) {
            double[] scaled = x.toDoubles();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = Math.scalb(scaled[i], exponent);
            }
            Neighbours other = Neighbours.of(Tensor.of(scaled, 80, 6), 5, ONE);
            assertArrayEquals(found.indices(), other.indices());
            assertEquals(Math.scalb(found.distance(7, 4), exponent), other.distance(7, 4));
        }
    }

    @Test
    void identicalRowsAreAllAtDistanceZero() {
        Neighbours found = Neighbours.of(Tensor.of(new float[40 * 3], 40, 3), 4, ONE);
        assertArrayEquals(new int[] {0, 1, 2, 3}, row(found, 20));
        assertEquals(0, found.distance(20, 3));
    }

    @Test
    void threadsAndKernelsDoNotChangeABit() {
        Tensor x = TsneData.clusters(1500, 37, 5);
        Neighbours one = Neighbours.of(x, 20, ONE);
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                assertSame(one, Neighbours.of(x, 20, workers));
            }
        }
        assertSame(one, Neighbours.of(x, 20, ONE, new ScalarLearnKernels()));
    }

    private static void assertSame(Neighbours a, Neighbours b) {
        assertArrayEquals(a.indices(), b.indices());
        assertArrayEquals(a.squaredDistances(), b.squaredDistances(), 0);
    }

    @Test
    void refusesWhatItCannotUse() {
        Tensor x = TsneData.clusters(10, 3, 2);
        assertEquals("neighbours: 10 nearest asked for; data [10, 3] allows 1 to 9",
                assertThrows(IllegalArgumentException.class, () -> Neighbours.of(x, 10, ONE)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Neighbours.of(x, 0, ONE));
        assertThrows(ShapeException.class, () -> Neighbours.of(Tensor.of(new float[8], 2, 2, 2), 1, ONE));
        float[] values = x.toFloats();
        values[5] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> Neighbours.of(Tensor.of(values, 10, 3), 2, ONE));
        assertThrows(IndexOutOfBoundsException.class, () -> Neighbours.of(x, 2, ONE).neighbour(0, 2));
    }
}
