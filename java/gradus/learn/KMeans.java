package gradus.learn;

import gradus.backend.Backend;
import gradus.backend.NearestCenters;
import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;
import java.util.function.Consumer;

/**
 * k-means (Lloyd 1982) from several greedy k-means++ starts (Arthur and Vassilvitskii 2007): centres c and labels that make J = Σ ‖xᵢ − c(i)‖² small.
 *
 * <p>A start ends when no label changes, when the centres' squared moves sum to no more than {@code tolerance} times the mean variance of a feature
 * (scikit-learn's rule), or after {@code iterations}. The start with the smallest J wins, the first of several. Start s draws from the stream
 * {@code kmeans/s} of the seed. docs/kmeans.md derives both steps.
 *
 * <p>Labels are those that float64 gives: {@link Lloyd} says how float32 and Hamerly's bounds save most of the work. The result does not depend on the
 * number of threads.
 *
 * @param k          number of clusters
 * @param starts     number of starts
 * @param iterations most rounds of one start
 * @param tolerance  share of the mean variance at which centres count as still
 * @param seed       what starts are drawn from
 */
public record KMeans(int k, int starts, int iterations, double tolerance, long seed) {
    private static final String NAME = "k-means";

    /** Refuses what makes no sense. */
    public KMeans {
        if (k < 1 || starts < 1 || iterations < 1 || !(tolerance >= 0)) {
            throw new IllegalArgumentException(NAME + ": k = " + k + ", starts = " + starts + ", iterations = " + iterations + ", tolerance = " + tolerance
                    + "; wanted at least 1, 1, 1 and 0");
        }
    }

    /** Ten starts of at most 300 rounds, tolerance 10⁻⁴: scikit-learn's with {@code n_init=10}. */
    public static KMeans of(int k, long seed) {
        return new KMeans(k, 10, 300, 1e-4, seed);
    }

    /** With another number of starts. */
    public KMeans withStarts(int value) {
        return new KMeans(k, value, iterations, tolerance, seed);
    }

    /** With other limits of one start. */
    public KMeans withLimits(int newIterations, double newTolerance) {
        return new KMeans(k, starts, newIterations, newTolerance, seed);
    }

    /** The best of all starts. Errors as for {@link #fit(Tensor, Workers, Consumer)}. */
    public Clustering fit(Tensor x, Workers workers) {
        return fit(x, workers, start -> { });
    }

    /**
     * The best of all starts for the rows of x [n, d].
     *
     * @param watcher is told the clustering of every start
     * @throws gradus.tensor.ShapeException when x has not two axes
     * @throws IllegalArgumentException when an entry is not finite or beyond 2⁶⁰ in magnitude, or k exceeds the number of rows
     */
    public Clustering fit(Tensor x, Workers workers, Consumer<Clustering> watcher) {
        return fit(x, workers, watcher, LearnKernels.best(), null);
    }

    /** The same; on a backend that has kernels for it, rows look for their nearest centres there. */
    public Clustering fit(Tensor x, Workers workers, Backend backend, Consumer<Clustering> watcher) {
        return fit(x, workers, watcher, LearnKernels.best(), backend);
    }

    Clustering fit(Tensor x, Workers workers, Consumer<Clustering> watcher, LearnKernels kernels, Backend backend) {
        ClusterData data = ClusterData.of(NAME, Inputs.matrix(NAME, x));
        if (k > data.n()) {
            throw new IllegalArgumentException(NAME + ": " + k + " clusters asked for; data " + x.shape() + " has only " + data.n() + " rows");
        }
        Clustering best = null;
        try (NearestCenters device = backend == null ? null : backend.nearestCenters(data.rows(), data.d()).orElse(null)) {
            for (int s = 0; s < starts; s++) {
                Matrix begin = KMeansPlusPlus.centers(data, k, new RandomStream(seed, "kmeans/" + s), workers, kernels);
                Clustering found = new Lloyd(data, begin, this, workers, kernels, device).run();
                watcher.accept(found);
                best = best == null || found.inertia() < best.inertia() ? found : best;
            }
        }
        return best;
    }
}
