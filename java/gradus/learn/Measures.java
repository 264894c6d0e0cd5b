package gradus.learn;

import gradus.backend.Workers;
import gradus.numerics.Sums;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;

/** How far two arrays are apart, and how much of a neighbourhood an embedding keeps. */
public final class Measures {
    private Measures() {
    }

    /**
     * The root of the mean squared difference, in float64.
     *
     * @throws ShapeException when the shapes differ or there are no elements
     */
    public static double rmse(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape()) || a.size() == 0) {
            throw new ShapeException("rmse: shapes " + a.shape() + " and " + b.shape() + "; two equal ones with elements are wanted");
        }
        double[] x = a.toDoubles();
        double[] y = b.toDoubles();
        return Math.sqrt(WideSums.squaredDistance(x, 0, y, 0, x.length) / x.length);
    }

    /**
     * {@link #rmse} over the range of the reference, its largest element less its smallest.
     *
     * @throws ShapeException as {@link #rmse}
     * @throws IllegalArgumentException when the reference is constant
     */
    public static double nrmse(Tensor approximation, Tensor reference) {
        double rmse = rmse(approximation, reference);
        double[] x = reference.toDoubles();
        double low = Arrays.stream(x).min().orElseThrow();
        double high = Arrays.stream(x).max().orElseThrow();
        if (high == low) {
            throw new IllegalArgumentException("nrmse: all elements of the reference " + reference.shape() + " are " + low + ", so it has no range");
        }
        return rmse / (high - low);
    }

    /**
     * The share of the k nearest rows of x that are among the k nearest of their image y, averaged over all rows: 1 when all are kept, about k/n by chance.
     *
     * @throws IllegalArgumentException when the row counts differ or k is not in 1 … n − 1
     */
    public static double neighbourRecall(Tensor x, Tensor y, int k, Workers workers) {
        requireSameRows("neighbour recall", x, y);
        Neighbours of = Neighbours.of(x, k, workers);
        Neighbours image = Neighbours.of(y, k, workers);
        long kept = 0;
        for (int i = 0; i < of.size(); i++) {
            int[] a = Arrays.copyOfRange(of.indices(), i * k, (i + 1) * k);
            int[] b = Arrays.copyOfRange(image.indices(), i * k, (i + 1) * k);
            Arrays.sort(b);
            for (int j : a) {
                kept += Arrays.binarySearch(b, j) >= 0 ? 1 : 0;
            }
        }
        return (double) kept / ((long) of.size() * k);
    }

    /**
     * Trustworthiness (Venna and Kaski 2001): 1 − 2/(nk(2n − 3k − 1)) · Σᵢ Σⱼ max(0, r(i, j) − k), where j runs over the k nearest images of i and r(i, j) is the
     * rank, from 1, of j among the rows by distance from row i. 1 when no stranger came near.
     *
     * @throws IllegalArgumentException when the row counts differ or k is not in 1 … n/2 − 1, as scikit-learn demands
     */
    public static double trustworthiness(Tensor x, Tensor y, int k, Workers workers) {
        requireSameRows("trustworthiness", x, y);
        int n = x.dim(0);
        if (k < 1 || 2 * k >= n) {
            throw new IllegalArgumentException("trustworthiness: " + k + " neighbours of " + n + " rows; wanted from 1 to below " + n / 2.0);
        }
        Neighbours image = Neighbours.of(y, k, workers);
        ClusterData data = ClusterData.of("trustworthiness", Inputs.matrix("trustworthiness", x));
        LearnKernels kernels = LearnKernels.best();
        int[] all = new int[n];
        Arrays.setAll(all, i -> i);
        double[] excess = new double[n];
        workers.forEach(n, i -> {
            float[] distance = new float[n];
            kernels.squaredDistances(data.rows(), i * data.d(), data.rows(), all, 0, n, data.d(), distance);
            long sum = 0;
            for (int j = 0; j < k; j++) {
                sum += Math.max(0, rank(distance, i, image.neighbour(i, j)) - k);
            }
            excess[i] = sum;
        });
        return 1 - Sums.sum(excess, 0, 1, n) * 2 / ((double) n * k * (2.0 * n - 3.0 * k - 1));
    }

    /** How many others are at least as near; of equals the lower index is nearer. */
    private static int rank(float[] distance, int self, int j) {
        int rank = 1;
        for (int other = 0; other < distance.length; other++) {
            if (other != self && (distance[other] < distance[j] || distance[other] == distance[j] && other < j)) {
                rank++;
            }
        }
        return rank;
    }

    private static void requireSameRows(String what, Tensor x, Tensor y) {
        if (x.rank() != 2 || y.rank() != 2 || x.dim(0) != y.dim(0)) {
            throw new ShapeException(what + ": data " + x.shape() + " and image " + y.shape() + "; two of rows [n, ·] with the same n are wanted");
        }
    }
}
