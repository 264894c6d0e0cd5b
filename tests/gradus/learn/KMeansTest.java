package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** k-means against scikit-learn, against Lloyd's two steps written plainly, and on data that is not fit for it. */
class KMeansTest {
    private static final Workers ONE = new Workers(1);

    /** Lloyd's steps without bounds, float32 or differences, from given centres; returns the labels of the last round. */
    private static int[] plain(double[] x, int n, int d, double[] centers, int rounds) {
        int k = centers.length / d;
        int[] labels = new int[n];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < n; i++) {
                double best = Double.POSITIVE_INFINITY;
                for (int j = 0; j < k; j++) {
                    double square = 0;
                    for (int p = 0; p < d; p++) {
                        square += Math.pow(x[i * d + p] - centers[j * d + p], 2);
                    }
                    if (square < best) {
                        best = square;
                        labels[i] = j;
                    }
                }
            }
            for (int j = 0; j < k; j++) {
                int count = 0;
                double[] sum = new double[d];
                for (int i = 0; i < n; i++) {
                    if (labels[i] == j) {
                        count++;
                        for (int p = 0; p < d; p++) {
                            sum[p] += x[i * d + p];
                        }
                    }
                }
                for (int p = 0; p < d && count > 0; p++) {
                    centers[j * d + p] = sum[p] / count;
                }
            }
        }
        return labels;
    }

    private static Clustering lloyd(Tensor x, double[] begin, KMeans options, LearnKernels kernels) {
        ClusterData data = ClusterData.of("test", Matrix.of(x.dim(0), x.dim(1), x.toDoubles()));
        Matrix centers = Columns.minus(Matrix.of(begin.length / data.d(), data.d(), begin), data.mean());
        return new Lloyd(data, centers, options, ONE, kernels, null).run();
    }

    @Test
    void agreesWithScikitLearnFromTheSameStart() {
        Golden golden = Golden.read("measures_golden.txt").getFirst();
        int d = golden.arguments()[1];
        Tensor x = TsneData.distinct(golden.arguments()[0], d);
        Clustering found = lloyd(x, Arrays.copyOf(x.toDoubles(), 4 * d), KMeans.of(4, 0).withLimits(300, 0), LearnKernels.best());
        assertArrayEquals(golden.get("centers"), found.centers().data(), 1e-6);
        assertArrayEquals(golden.get("labels"), Arrays.stream(found.labels()).asDoubleStream().toArray());
        assertEquals(golden.get("inertia")[0], found.inertia(), 1e-6 * found.inertia());
        assertEquals(golden.get("rounds")[0], found.iterations());
        assertTrue(found.settled());
    }

    @Test
    void boundsFloat32AndDifferencesChangeNoLabel() {
        for (int[] size : new int[][] {{300, 2, 3}, {1000, 7, 17}, {700, 40, 33}, {2000, 3, 5}}) {
            int n = size[0];
            int d = size[1];
            Tensor x = TsneData.clusters(n, d, n);
            double[] begin = Arrays.copyOf(x.toDoubles(), size[2] * d);
            for (int rounds : new int[] {1, 2, 5, 20}) {
                // After its rounds Lloyd gives the labels of the last centres: one round more than the plain steps.
                int[] expected = plain(x.toDoubles(), n, d, begin.clone(), rounds + 1);
                Clustering found = lloyd(x, begin, KMeans.of(size[2], 0).withLimits(rounds, 0), LearnKernels.best());
                assertArrayEquals(expected, found.labels(), n + " × " + d + ", " + rounds + " rounds");
            }
        }
    }

    /** Integers on a line with a centre halfway: every second distance is a tie. */
    @Test
    void tiesGoToTheFirstCentre() {
        float[] x = {-4, -2, 0, 2, 4};
        double[] begin = {-2, 2};
        Clustering found = lloyd(Tensor.of(x, 5, 1), begin, KMeans.of(2, 0).withLimits(1, 1e9), LearnKernels.best());
        assertArrayEquals(new int[] {0, 0, 0, 1, 1}, found.labels());
    }

    @Test
    void neitherStepRaisesTheObjective() {
        for (Clustering found : starts(KMeans.of(7, 3), TsneData.clusters(800, 6, 4))) {
            double[] history = found.history();
            for (int i = 1; i < history.length; i++) {
                assertTrue(history[i] <= history[i - 1] * (1 + 1e-12), "half " + i + ": " + history[i - 1] + " → " + history[i]);
            }
            assertEquals(found.inertia(), history[history.length - 1], 1e-9 * found.inertia());
            assertTrue(history[0] > history[history.length - 1]);
        }
    }

    private static List<Clustering> starts(KMeans options, Tensor x) {
        List<Clustering> all = new ArrayList<>();
        Clustering best = options.fit(x, ONE, all::add);
        assertEquals(options.starts(), all.size());
        assertEquals(all.stream().mapToDouble(Clustering::inertia).min().orElseThrow(), best.inertia());
        return all;
    }

    @Test
    void reachesScikitLearnsInertiaOnImages() {
        Tensor x = Fashion.images(2000);
        // scikit-learn 1.9.1, KMeans(10, n_init=10, random_state=0…4) on the same rows: 4.06083e9 to 4.06463e9.
        double inertia = KMeans.of(10, 120).fit(x, ONE).inertia();
        assertTrue(inertia < 4.0647e9, "inertia " + inertia);
    }

    @Test
    void findsClustersThatAreThere() {
        float[] x = new float[400];
        for (int i = 0; i < 200; i++) {
            x[2 * i] = 100 * (i % 5) + (i * 7919 % 13) * 0.1f;
            x[2 * i + 1] = (i * 104729 % 17) * 0.1f;
        }
        Clustering found = KMeans.of(5, 1).fit(Tensor.of(x, 200, 2), ONE);
        assertArrayEquals(new int[] {40, 40, 40, 40, 40}, found.sizes());
        for (int i = 5; i < 200; i++) {
            assertEquals(found.labels()[i % 5], found.labels()[i]);
        }
        assertArrayEquals(found.labels(), found.predict(Tensor.of(x, 200, 2)));
    }

    @Test
    void threadsAndKernelsDoNotChangeABit() {
        Tensor x = TsneData.clusters(1500, 20, 8);
        KMeans options = KMeans.of(12, 5).withStarts(2);
        Clustering one = options.fit(x, ONE);
        List<Clustering> others = new ArrayList<>();
        others.add(options.fit(x, ONE, c -> { }, new ScalarLearnKernels(), null));
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                others.add(options.fit(x, workers));
            }
        }
        for (Clustering other : others) {
            assertArrayEquals(one.centers().data(), other.centers().data(), 0);
            assertArrayEquals(one.labels(), other.labels());
            assertArrayEquals(one.history(), other.history(), 0);
            assertEquals(one.inertia(), other.inertia());
        }
    }

    @Test
    void everyOptionChangesSomething() {
        Tensor x = TsneData.clusters(500, 4, 9);
        KMeans base = new KMeans(6, 1, 50, 0, 1);
        double[] centers = base.fit(x, ONE).centers().data();
        assertArrayEquals(centers, base.fit(x, ONE).centers().data(), 0);
        assertFalse(Arrays.equals(centers, new KMeans(7, 1, 50, 0, 1).fit(x, ONE).centers().data()), "k");
        assertFalse(Arrays.equals(centers, new KMeans(6, 1, 50, 0, 2).fit(x, ONE).centers().data()), "seed");
        assertEquals(3, base.withLimits(3, 0).fit(x, ONE).iterations(), "iterations");
        assertFalse(base.withLimits(3, 0).fit(x, ONE).settled());
        assertEquals(1, base.withLimits(50, 1e9).fit(x, ONE).iterations(), "tolerance");
        assertTrue(base.withStarts(20).fit(x, ONE).inertia() <= base.fit(x, ONE).inertia(), "starts");
        assertEquals(20, starts(base.withStarts(20), x).size());
    }

    @Test
    void anEmptiedClusterTakesTheFarthestRow() {
        // The third centre is nobody's nearest.
        float[] x = {0, 1, 2, 10, 11, 40};
        Clustering found = lloyd(Tensor.of(x, 6, 1), new double[] {1, 12, 1000}, KMeans.of(3, 0).withLimits(100, 0), LearnKernels.best());
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 2}, found.labels());
        assertArrayEquals(new int[] {3, 2, 1}, found.sizes());
        assertEquals(40, found.centers().get(2, 0), 1e-5);
        assertEquals(2.5, found.inertia(), 1e-5);
        for (int i = 1; i < found.history().length; i++) {
            assertTrue(found.history()[i] <= found.history()[i - 1] * (1 + 1e-12));
        }
    }

    @Test
    void fewerDistinctRowsThanClustersLeaveSomeEmpty() {
        float[] x = {1, 1, 1, 5, 5, 5, 9, 9};
        Clustering found = KMeans.of(5, 3).fit(Tensor.of(x, 8, 1), ONE);
        assertEquals(0, found.inertia(), 1e-10);
        assertEquals(2, IntStream.of(found.sizes()).filter(s -> s == 0).count());
        Clustering same = KMeans.of(3, 3).fit(Tensor.of(new float[20], 10, 2), ONE);
        assertEquals(0, same.inertia());
        assertTrue(same.settled());
    }

    @Test
    void oneClusterAndOneRowEach() {
        Tensor x = TsneData.clusters(30, 3, 1);
        Clustering one = KMeans.of(1, 0).fit(x, ONE);
        assertArrayEquals(Columns.means(Matrix.of(x)), one.centers().data(), 1e-6);
        assertEquals(0, KMeans.of(30, 0).withStarts(1).fit(x, ONE).inertia(), 1e-9);
    }

    @Test
    void refusesWhatItCannotUse() {
        Tensor x = TsneData.clusters(10, 3, 1);
        assertEquals("k-means: 11 clusters asked for; data [10, 3] has only 10 rows",
                assertThrows(IllegalArgumentException.class, () -> KMeans.of(11, 0).fit(x, ONE)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(0, 0));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(2, 0).withStarts(0));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(2, 0).withLimits(0, 1));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(2, 0).withLimits(1, Double.NaN));
        assertThrows(ShapeException.class, () -> KMeans.of(2, 0).fit(Tensor.of(new float[4], 4), ONE));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(1, 0).fit(Tensor.of(new float[0], 0, 3), ONE));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(1, 0).fit(Tensor.of(new float[0], 3, 0), ONE));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(1, 0).fit(Tensor.of(new double[] {1e30, -1e30}, 2, 1), ONE));
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(1, 0).fit(Tensor.of(new float[] {1, Float.NaN}, 2, 1), ONE));
        assertThrows(ShapeException.class, () -> KMeans.of(2, 0).fit(x, ONE).predict(Tensor.of(new float[4], 2, 2)));
    }
}
