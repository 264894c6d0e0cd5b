package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.numerics.RandomStream;
import java.util.Arrays;

/**
 * Greedy k-means++: the first centre is any row; each further one is the best of 2 + ⌊log k⌋ rows drawn with probability in proportion to the squared
 * distance from the nearest centre, the best being the one that leaves the smallest sum of those distances (as scikit-learn does it).
 */
final class KMeansPlusPlus {
    private static final int ROWS = 512;

    private final ClusterData data;
    private final RandomStream random;
    private final Workers workers;
    private final LearnKernels kernels;
    private final int[] rows;
    private float[] nearest;

    private KMeansPlusPlus(ClusterData data, RandomStream random, Workers workers, LearnKernels kernels) {
        this.data = data;
        this.random = random;
        this.workers = workers;
        this.kernels = kernels;
        this.rows = new int[data.n()];
        Arrays.setAll(rows, i -> i);
        this.nearest = new float[data.n()];
        Arrays.fill(nearest, Float.MAX_VALUE);
    }

    /** k rows as centres [k, d]. Where fewer than k rows differ, some appear more than once. */
    static Matrix centers(ClusterData data, int k, RandomStream random, Workers workers, LearnKernels kernels) {
        KMeansPlusPlus draw = new KMeansPlusPlus(data, random, workers, kernels);
        int trials = 2 + (int) StrictMath.log(k);
        double[] centers = new double[k * data.d()];
        for (int j = 0; j < k; j++) {
            int chosen = j == 0 ? random.below(data.n()) : draw.best(trials);
            draw.nearest = draw.withCenter(chosen);
            for (int p = 0; p < data.d(); p++) {
                centers[j * data.d() + p] = data.rows()[chosen * data.d() + p];
            }
        }
        return Matrix.of(k, data.d(), centers);
    }

    private int best(int trials) {
        double[] cumulative = new double[data.n()];
        double sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            sum += nearest[i];
            cumulative[i] = sum;
        }
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int t = 0; t < trials; t++) {
            int candidate = draw(cumulative, sum);
            double left = WideSums.sum(withCenter(candidate), 0, data.n());
            if (left < least) {
                least = left;
                best = candidate;
            }
        }
        return best;
    }

    /** The first row whose running sum exceeds a uniform share of the whole; any row when all distances are 0. */
    private int draw(double[] cumulative, double sum) {
        if (sum == 0) {
            return random.below(cumulative.length);
        }
        double target = random.uniform64() * sum;
        int place = Arrays.binarySearch(cumulative, target);
        int i = place < 0 ? -place - 1 : place;
        while (i < cumulative.length - 1 && cumulative[i] <= target) {
            i++;
        }
        return i;
    }

    /** Squared distances from the nearest centre if this row becomes one. */
    private float[] withCenter(int row) {
        float[] distance = new float[data.n()];
        workers.forEach((data.n() + ROWS - 1) / ROWS, piece -> {
            int from = piece * ROWS;
            int to = Math.min(data.n(), from + ROWS);
            kernels.squaredDistances(data.rows(), row * data.d(), data.rows(), rows, from, to, data.d(), distance);
            for (int i = from; i < to; i++) {
                distance[i] = Math.min(distance[i], nearest[i]);
            }
        });
        return distance;
    }
}
