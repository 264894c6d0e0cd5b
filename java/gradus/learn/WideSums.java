package gradus.learn;

import gradus.numerics.Sums;
import java.util.Arrays;

/** Sums of float32 values in float64, in the order of {@link Sums}. */
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
}
