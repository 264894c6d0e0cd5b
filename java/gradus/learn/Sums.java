package gradus.learn;

import java.util.Arrays;

/**
 * Sums in the order of the numeric contract: chunks of 4096 terms, in each of them 16 virtual lanes (index mod 16) that start at +0, folded
 * pairwise (+8, +4, +2, +1); the chunks are added in order.
 */
final class Sums {
    static final int CHUNK = 4096;
    static final int LANES = 16;

    private Sums() {
    }

    /** Σ xᵢ over a run. */
    static double sum(double[] x, int offset, int n) {
        double total = 0;
        double[] lanes = new double[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            Arrays.fill(lanes, 0);
            for (int i = from; i < Math.min(n, from + CHUNK); i++) {
                lanes[i % LANES] += x[offset + i];
            }
            total += fold(lanes);
        }
        return total;
    }

    /** Σ xᵢyᵢ over two runs, every lane one fma chain. */
    static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double total = 0;
        double[] lanes = new double[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            Arrays.fill(lanes, 0);
            for (int i = from; i < Math.min(n, from + CHUNK); i++) {
                lanes[i % LANES] = Math.fma(x[xOffset + i], y[yOffset + i], lanes[i % LANES]);
            }
            total += fold(lanes);
        }
        return total;
    }

    private static double fold(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }
}
