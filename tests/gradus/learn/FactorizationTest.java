package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.LeastSquares;
import gradus.linalg.Matrix;
import gradus.linalg.Svd;
import gradus.numerics.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Factorization: each step against its definition, recovery of planted factors, and what it refuses. */
class FactorizationTest {
    private static final Workers ONE = new Workers(1);
    private static final Factorization.Method ALS = new Factorization.Alternating();

    private static Ratings random(int users, int items, double share, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<long[]> pairs = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            for (int v = 0; v < items; v++) {
                if (random.nextDouble() < share || v == u % items || u == v % users) {
                    pairs.add(new long[] {u, v});
                }
            }
        }
        return Ratings.of(pairs.stream().mapToLong(p -> p[0]).toArray(), pairs.stream().mapToLong(p -> p[1]).toArray(),
                pairs.stream().mapToDouble(p -> 1 + random.nextInt(5)).toArray());
    }

    private static double objective(CenteredRatings data, Matrix q, Matrix p, double lambda) {
        return data.loss(q, p, ONE) + lambda * (Math.pow(q.frobeniusNorm(), 2) + Math.pow(p.frobeniusNorm(), 2));
    }

    /** The ridge solution by least squares over A with √λ·I below it, for every user and item, with fewer and with more ratings than factors. */
    @Test
    void anAlternatingStepSolvesEveryRidgeRegression() {
        CenteredRatings data = CenteredRatings.of(random(40, 25, 0.4, 1));
        for (int k : new int[] {3, 12, 30, 60}) {
            for (double lambda : new double[] {1e-3, 0.7}) {
                FactorStart.Pair start = FactorStart.RANDOM.of(data, k, 5, ONE);
                Matrix p0 = start.p().copy();
                new AlternatingLeastSquares(data, start.q(), start.p(), lambda, ONE).step(0);
                for (int u = 0; u < 40; u += 7) {
                    double[] expected = ridge(data, p0, u, lambda);
                    assertArrayEquals(expected, start.q().row(u), 1e-9 * Matrix.column(expected).maxAbs(), "user " + u + ", k = " + k + ", λ = " + lambda);
                }
            }
        }
    }

    private static double[] ridge(CenteredRatings data, Matrix p, int u, double lambda) {
        int k = p.columns();
        int from = data.userStart()[u];
        int m = data.userStart()[u + 1] - from;
        Matrix a = Matrix.zeros(m + k, k);
        double[] b = new double[m + k];
        for (int i = 0; i < m; i++) {
            System.arraycopy(p.data(), data.item()[from + i] * k, a.data(), i * k, k);
            b[i] = data.value()[from + i];
        }
        for (int f = 0; f < k; f++) {
            a.data()[(m + f) * k + f] = Math.sqrt(lambda);
        }
        return LeastSquares.solve(a, Matrix.column(b)).x().data();
    }

    @Test
    void alternatingStepsNeverRaiseTheObjective() {
        CenteredRatings data = CenteredRatings.of(random(60, 45, 0.3, 2));
        FactorStart.Pair f = FactorStart.RANDOM.of(data, 6, 1, ONE);
        AlternatingLeastSquares als = new AlternatingLeastSquares(data, f.q(), f.p(), 0.5, ONE);
        double last = Double.POSITIVE_INFINITY;
        for (int step = 0; step < 15; step++) {
            als.step(step);
            double now = objective(data, f.q(), f.p(), 0.5);
            assertTrue(now <= last * (1 + 1e-12), "step " + step + ": " + last + " → " + now);
            last = now;
        }
    }

    @Test
    void aStochasticStepMovesEachPairByItsGradient() {
        Ratings ratings = random(6, 5, 0.5, 3);
        CenteredRatings data = CenteredRatings.of(ratings);
        FactorStart.Pair f = FactorStart.RANDOM.of(data, 4, 2, ONE);
        double[] q = f.q().data().clone();
        double[] p = f.p().data().clone();
        double rate = 0.05;
        double lambda = 0.3;
        new StochasticDescent(data, f.q(), f.p(), lambda, rate, 9).step(2);
        for (int i : new RandomStream(9, "ratings/order 2").permutation(ratings.size())) {
            int u = ratings.user(i);
            int v = ratings.item(i);
            double error = ratings.value(i) - data.mean()[u];
            for (int c = 0; c < 4; c++) {
                error -= q[u * 4 + c] * p[v * 4 + c];
            }
            for (int c = 0; c < 4; c++) {
                double before = q[u * 4 + c];
                q[u * 4 + c] += rate * (error * p[v * 4 + c] - lambda * before);
                p[v * 4 + c] += rate * (error * before - lambda * p[v * 4 + c]);
            }
        }
        assertArrayEquals(q, f.q().data(), 1e-13);
        assertArrayEquals(p, f.p().data(), 1e-13);
    }

    @Test
    void meansAreThoseOfTheTrainingPart() {
        Ratings r = Ratings.of(new long[] {0, 0, 0, 1, 1, 2}, new long[] {0, 1, 2, 0, 1, 2}, new double[] {1, 2, 9, 4, 4, 7});
        Ratings.Split split = r.split(1, 1, new RandomStream(0, "s"));
        CenteredRatings data = CenteredRatings.of(split.training());
        Ratings training = split.training();
        double overall = Arrays.stream(training.values()).sum() / 4;
        for (int u = 0; u < 3; u++) {
            int user = u;
            double[] own = java.util.stream.IntStream.range(0, 4).filter(i -> training.user(i) == user).mapToDouble(training::value).toArray();
            assertEquals(own.length == 0 ? overall : Arrays.stream(own).average().orElseThrow(), data.mean()[u], 1e-15);
        }
        Ratings lonely = Ratings.of(new long[] {0, 1}, new long[] {0, 0}, new double[] {5, 1});
        CenteredRatings without = CenteredRatings.of(lonely.split(1, 0, new RandomStream(1, "s")).training());
        assertEquals(without.mean()[0], without.mean()[1], "a user without ratings has the mean of all");
    }

    @Test
    void theSvdStartIsTheBestProductOfItsRank() {
        for (int[] size : new int[][] {{30, 20}, {20, 30}}) {
            CenteredRatings data = CenteredRatings.of(random(size[0], size[1], 0.4, 5));
            double[] dense = new double[size[0] * size[1]];
            for (int u = 0; u < size[0]; u++) {
                for (int i = data.userStart()[u]; i < data.userStart()[u + 1]; i++) {
                    dense[u * size[1] + data.item()[i]] = data.value()[i];
                }
            }
            Matrix r = Matrix.of(size[0], size[1], dense);
            double[] sigma = Svd.of(r).values();
            FactorStart.Pair f = FactorStart.SVD.of(data, 5, 0, ONE);
            double left = 0;
            for (int i = 5; i < sigma.length; i++) {
                left += sigma[i] * sigma[i];
            }
            assertEquals(Math.sqrt(left), r.minus(f.q().times(f.p().transpose())).frobeniusNorm(), 1e-9);
            // Both sides carry √σ.
            for (int c = 0; c < 5; c++) {
                assertEquals(Math.sqrt(sigma[c]), Matrix.column(f.q().columnAt(c)).frobeniusNorm(), 1e-9);
                assertEquals(Math.sqrt(sigma[c]), Matrix.column(f.p().columnAt(c)).frobeniusNorm(), 1e-9);
            }
            // More factors than the rank: the rest is zero, not NaN.
            FactorStart.Pair all = FactorStart.SVD.of(data, 40, 0, ONE);
            assertEquals(0, r.minus(all.q().times(all.p().transpose())).maxAbs(), 1e-9);
        }
    }

    @Test
    void plantedFactorsAreRecovered() {
        RatingsGenerator generator = RatingsGenerator.small();
        RatingsGenerator.Planted planted = generator.generate(1);
        Ratings.Split split = planted.ratings().withMoreThan(20).split(200, 200, new RandomStream(1, "split"));
        for (FactorStart start : FactorStart.values()) {
            FactorModel model = new Factorization(generator.rank(), 1, 60, 10, ALS, start, 1).fit(split.training(), split.validation(), ONE, s -> { });
            assertTrue(model.rmse(split.test()) < 1.25 * generator.noise(), start + ": RMSE " + model.rmse(split.test()) + " for noise " + generator.noise());
        }
        FactorModel sgd = new Factorization(generator.rank(), 0.05, 100, 10, new Factorization.Stochastic(0.01), FactorStart.SVD, 1)
                .fit(split.training(), split.validation(), ONE, s -> { });
        assertTrue(sgd.rmse(split.test()) < 1.25 * generator.noise(), "SGD: RMSE " + sgd.rmse(split.test()));
    }

    @Test
    void theBestStepIsReturnedAndPatienceEnds() {
        Ratings.Split split = random(80, 60, 0.3, 7).split(100, 100, new RandomStream(1, "split"));
        List<Factorization.Step> steps = new ArrayList<>();
        // Random ratings: after the first few steps only noise is left to fit.
        Factorization options = new Factorization(10, 1e-4, 100, 4, new Factorization.Stochastic(0.03), FactorStart.RANDOM, 1);
        FactorModel model = options.fit(split.training(), split.validation(), ONE, steps::add);
        int best = model.bestStep();
        assertEquals(best + 4, steps.size());
        for (Factorization.Step s : steps) {
            assertTrue(s.validation() >= steps.get(best - 1).validation());
            assertEquals(s.validation(), model.validationLoss()[s.step() - 1]);
            assertEquals(s.training(), model.trainingLoss()[s.step() - 1]);
        }
        assertEquals(steps.get(best - 1).validation(), model.squaredError(split.validation()));
        assertEquals(steps.get(best - 1).training(), model.squaredError(split.training()), 1e-9 * model.squaredError(split.training()) + 1e-12);
    }

    @Test
    void threadsDoNotChangeABit() {
        Ratings.Split split = random(90, 70, 0.3, 8).split(50, 50, new RandomStream(1, "split"));
        for (FactorStart start : FactorStart.values()) {
            Factorization options = new Factorization(9, 0.1, 3, 3, ALS, start, 1);
            FactorModel one = options.fit(split.training(), split.validation(), ONE, s -> { });
            for (int threads = 2; threads <= 3; threads++) {
                try (Workers workers = new Workers(threads)) {
                    FactorModel other = options.fit(split.training(), split.validation(), workers, s -> { });
                    assertArrayEquals(one.userFactors().data(), other.userFactors().data(), 0);
                    assertArrayEquals(one.itemFactors().data(), other.itemFactors().data(), 0);
                    assertArrayEquals(one.trainingLoss(), other.trainingLoss(), 0);
                }
            }
        }
    }

    /** The vector path cuts the sum of products into blocks; plain chains over the rows have the same bits. */
    @Test
    void gramsHaveTheBitsOfPlainChains() {
        SplittableRandom random = new SplittableRandom(4);
        for (int[] size : new int[][] {{1, 1}, {7, 5}, {30, 47}, {33, 48}, {100, 57}, {97, 100}, {300, 131}}) {
            int m = size[0];
            int n = size[1];
            double[] b = random.doubles((long) m * n, -1, 1).toArray();
            double[] g = new double[n * n];
            for (int i = 0; i < n; i++) {
                g[i * n + i] = 0.1;
            }
            Factors.addGram(b, m, n, g);
            for (int i = 0; i < n; i++) {
                for (int j = i; j < n; j++) {
                    double sum = i == j ? 0.1 : 0;
                    for (int r = 0; r < m; r++) {
                        sum = Math.fma(b[r * n + i], b[r * n + j], sum);
                    }
                    assertEquals(sum, g[i * n + j], 0, "entry (" + i + ", " + j + ") of " + m + " × " + n);
                }
            }
        }
    }

    @Test
    void everyOptionChangesSomething() {
        Ratings.Split split = random(50, 40, 0.3, 9).split(30, 30, new RandomStream(1, "split"));
        double[] base = factors(split, new Factorization(5, 0.1, 3, 3, ALS, FactorStart.RANDOM, 1));
        for (Factorization other : List.of(new Factorization(6, 0.1, 3, 3, ALS, FactorStart.RANDOM, 1), new Factorization(5, 0.2, 3, 3, ALS, FactorStart.RANDOM, 1),
                new Factorization(5, 0.1, 3, 3, new Factorization.Stochastic(0.01), FactorStart.RANDOM, 1),
                new Factorization(5, 0.1, 3, 3, ALS, FactorStart.SVD, 1), new Factorization(5, 0.1, 3, 3, ALS, FactorStart.RANDOM, 2))) {
            assertFalse(Arrays.equals(base, factors(split, other)), other.toString());
        }
        assertEquals(2, new Factorization(5, 0.1, 2, 3, ALS, FactorStart.RANDOM, 1).fit(split.training(), split.validation(), ONE, step -> { }).trainingLoss().length);
        double[] slow = factors(split, new Factorization(5, 0.1, 3, 3, new Factorization.Stochastic(0.01), FactorStart.RANDOM, 1));
        assertFalse(Arrays.equals(slow, factors(split, new Factorization(5, 0.1, 3, 3, new Factorization.Stochastic(0.02), FactorStart.RANDOM, 1))));
    }

    private static double[] factors(Ratings.Split split, Factorization options) {
        return options.fit(split.training(), split.validation(), ONE, s -> { }).userFactors().data();
    }

    @Test
    void refusesWhatItCannotUse() {
        Ratings r = random(20, 15, 0.3, 10);
        Ratings.Split split = r.split(10, 10, new RandomStream(1, "split"));
        assertThrows(IllegalArgumentException.class, () -> new Factorization(0, 1, 1, 1, ALS, FactorStart.RANDOM, 1));
        assertThrows(IllegalArgumentException.class, () -> new Factorization(1, -1, 1, 1, ALS, FactorStart.RANDOM, 1));
        assertThrows(IllegalArgumentException.class, () -> new Factorization(1, 1, 0, 1, ALS, FactorStart.RANDOM, 1));
        assertThrows(IllegalArgumentException.class, () -> new Factorization(1, 1, 1, 0, ALS, FactorStart.RANDOM, 1));
        assertThrows(IllegalArgumentException.class, () -> new Factorization.Stochastic(0));
        assertThrows(IllegalArgumentException.class, () -> new Factorization(2, 1, 1, 1, ALS, FactorStart.RANDOM, 1)
                .fit(split.training(), random(21, 15, 0.3, 1), ONE, s -> { }));
        // Two ratings of one item cannot fix two factors without a penalty.
        assertTrue(assertThrows(ArithmeticException.class, () -> new Factorization(3, 0, 1, 1, ALS, FactorStart.SVD, 1)
                .fit(constant(), constant(), ONE, s -> { })).getMessage().contains("lambda"));
        assertTrue(assertThrows(ArithmeticException.class, () -> new Factorization(3, 0.1, 500, 500, new Factorization.Stochastic(50), FactorStart.RANDOM, 1)
                .fit(split.training(), split.validation(), ONE, s -> { })).getMessage().contains("lower the learning rate"));
    }

    private static Ratings constant() {
        return Ratings.of(new long[] {0, 0, 1, 1}, new long[] {0, 1, 0, 1}, new double[] {3, 3, 3, 3});
    }

    @Test
    void constantRatingsLeaveNothingToExplain() {
        FactorModel model = new Factorization(2, 0.1, 3, 3, ALS, FactorStart.RANDOM, 1).fit(constant(), constant(), ONE, s -> { });
        assertEquals(0, model.rmse(constant()));
        assertEquals(3, model.predict(1, 1));
    }
}
