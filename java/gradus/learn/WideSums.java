package gradus.learn;

import gradus.numerics.Sums;
import java.util.Arrays;

/** Sums in float64 that {@link Sums} does not have, of float32 values and of squared differences, in the order of {@link Sums}. */
final class WideSums {
    private WideSums() {
    }

    /** Σ xᵢ over a run. */
    static double sum(float[] x, int offset, int n) {
        double total = 0;
        double[] lanes = new double[Sums.LANES];
        for (int from = 0; from < n; from += Sums.CHUNK) {
            Arrays.fill(lanes, 0);
            int count = Math.min(Sums.CHUNK, n - from);
            for (int i = 0; i < count; i++) {
                lanes[i % Sums.LANES] += x[offset + from + i];
            }
            total += Sums.fold(lanes);
        }
        return total;
    }

    /** Σ xᵢ² over a run. */
    static double squares(float[] x, int offset, int n) {
        double total = 0;
        double[] lanes = new double[Sums.LANES];
        for (int from = 0; from < n; from += Sums.CHUNK) {
            Arrays.fill(lanes, 0);
            int count = Math.min(Sums.CHUNK, n - from);
            for (int i = 0; i < count; i++) {
                double v = x[offset + from + i];
                lanes[i % Sums.LANES] = Math.fma(v, v, lanes[i % Sums.LANES]);
            }
            total += Sums.fold(lanes);
        }
        return total;
    }

    /** Σ (xᵢ − yᵢ)² over two runs of float64. */
    static double squaredDistance(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double total = 0;
        double[] lanes = new double[Sums.LANES];
        for (int from = 0; from < n; from += Sums.CHUNK) {
            Arrays.fill(lanes, 0);
            int count = Math.min(Sums.CHUNK, n - from);
            for (int i = 0; i < count; i++) {
                double v = x[xOffset + from + i] - y[yOffset + from + i];
                lanes[i % Sums.LANES] = Math.fma(v, v, lanes[i % Sums.LANES]);
            }
            total += Sums.fold(lanes);
        }
        return total;
    }

    /** The same between a run of float32 and one of float64. */
    static double squaredDistance(float[] x, int xOffset, double[] y, int yOffset, int n) {
        double total = 0;
        double[] lanes = new double[Sums.LANES];
        for (int from = 0; from < n; from += Sums.CHUNK) {
            Arrays.fill(lanes, 0);
            int count = Math.min(Sums.CHUNK, n - from);
            for (int i = 0; i < count; i++) {
                double v = x[xOffset + from + i] - y[yOffset + from + i];
                lanes[i % Sums.LANES] = Math.fma(v, v, lanes[i % Sums.LANES]);
            }
            total += Sums.fold(lanes);
        }
        return total;
    }
}
