package gradus.backend.simd;

/**
 * Pooling and resampling of single numbers in float64, for images that lie row-major: the loops of {@link DoubleConvKernels} for runs of one sample.
 */
final class DoublePixels {
    private DoublePixels() {
    }

    /**
     * The place of the winner among x[at + taps[t]]: the first NaN, else the first of the largest. Numbers are compared as integers in the same order, for a comparison
     * of integers can become a conditional move, and a branch would be guessed wrong at every other window.
     */
    private static int winner(double[] x, int at, int[] taps) {
        int best = at + taps[0];
        long most = key(x[best]);
        for (int t = 1; t < taps.length; t++) {
            int place = at + taps[t];
            long key = key(x[place]);
            best = key > most ? place : best;
            most = Math.max(key, most);
        }
        return best;
    }

    /** An integer in the order of the numbers: −0 is +0, and NaN the largest. */
    private static long key(double v) {
        long bits = Double.doubleToLongBits(v + 0);
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    static void max(double[] x, int xo, int[] bases, int[] taps, double[] y, int yo) {
        for (int p = 0; p < bases.length; p++) {
            y[yo + p] = taps.length == 0 ? Double.NEGATIVE_INFINITY : x[winner(x, xo + bases[p], taps)];
        }
    }

    static void maxGradient(double[] x, int xo, int[] bases, int[] taps, double[] g, int go, double[] dx, int dxo, boolean alone) {
        for (int p = 0; p < bases.length && taps.length > 0; p++) {
            for (int t = 0; alone && t < taps.length; t++) {
                dx[dxo + bases[p] + taps[t]] = 0;
            }
            dx[dxo - xo + winner(x, xo + bases[p], taps)] += g[go + p];
        }
    }

    static void maxPick(double[] x, int xo, int[] bases, int[] taps, double[] u, int uo, double[] y, int yo) {
        for (int p = 0; p < bases.length; p++) {
            y[yo + p] = taps.length == 0 ? 0 : u[uo - xo + winner(x, xo + bases[p], taps)];
        }
    }

    static void average(double[] x, int xo, int[] bases, int[] taps, double divisor, double[] y, int yo) {
        for (int p = 0; p < bases.length; p++) {
            double sum = 0;
            for (int tap : taps) {
                sum += x[xo + bases[p] + tap];
            }
            y[yo + p] = sum / divisor;
        }
    }

    static void averageGradient(double[] g, int go, double divisor, int[] bases, int[] taps, double[] dx, int dxo) {
        for (int p = 0; p < bases.length; p++) {
            double share = g[go + p] / divisor;
            for (int tap : taps) {
                dx[dxo + bases[p] + tap] += share;
            }
        }
    }

    static double blend(double[] x, int xo, int[] taps, double[] weights) {
        double sum = 0;
        for (int t = 0; t < taps.length; t++) {
            sum = Math.fma(weights[t], x[xo + taps[t]], sum);
        }
        return sum;
    }

    static void blendGradient(double g, int[] taps, double[] weights, double[] dx, int dxo) {
        for (int t = 0; t < taps.length; t++) {
            dx[dxo + taps[t]] = Math.fma(weights[t], g, dx[dxo + taps[t]]);
        }
    }

    /** {@code y[yo + i] = x[xo + places[i]]}. */
    static void pick(double[] x, int xo, int[] places, double[] y, int yo) {
        for (int i = 0; i < places.length; i++) {
            y[yo + i] = x[xo + places[i]];
        }
    }

    /** {@code y[yo + i] = +0 + Σ x[xo + places[k]]}, k from starts[i] up to starts[i + 1]. */
    static void pickSums(double[] x, int xo, int[] starts, int[] places, double[] y, int yo) {
        for (int i = 0, k = 0; i < starts.length - 1; i++) {
            double sum = 0;
            for (; k < starts[i + 1]; k++) {
                sum += x[xo + places[k]];
            }
            y[yo + i] = sum;
        }
    }
}
