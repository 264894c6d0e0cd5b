package gradus.backend.simd;

/**
 * Pooling and resampling of single numbers in float32, for images that lie row-major: the loops of {@link FloatConvKernels} for runs of one sample.
 */
final class FloatPixels {
    private FloatPixels() {
    }

    /**
     * The place of the winner among x[at + taps[t]]: the first NaN, else the first of the largest. Numbers are compared as integers in the same order, for a comparison
     * of integers can become a conditional move, and a branch would be guessed wrong at every other window.
     */
    private static int winner(float[] x, int at, int[] taps) {
        int best = at + taps[0];
        int most = key(x[best]);
        for (int t = 1; t < taps.length; t++) {
            int place = at + taps[t];
            int key = key(x[place]);
            best = key > most ? place : best;
            most = Math.max(key, most);
        }
        return best;
    }

    /** An integer in the order of the numbers: −0 is +0, and NaN the largest. */
    private static int key(float v) {
        int bits = Float.floatToIntBits(v + 0);
        return bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    static void max(float[] x, int xo, int[] bases, int[] taps, float[] y, int yo) {
        for (int p = 0; p < bases.length; p++) {
            y[yo + p] = taps.length == 0 ? Float.NEGATIVE_INFINITY : x[winner(x, xo + bases[p], taps)];
        }
    }

    static void maxGradient(float[] x, int xo, int[] bases, int[] taps, float[] g, int go, float[] dx, int dxo, boolean alone) {
        for (int p = 0; p < bases.length && taps.length > 0; p++) {
            for (int t = 0; alone && t < taps.length; t++) {
                dx[dxo + bases[p] + taps[t]] = 0;
            }
            dx[dxo - xo + winner(x, xo + bases[p], taps)] += g[go + p];
        }
    }

    static void maxPick(float[] x, int xo, int[] bases, int[] taps, float[] u, int uo, float[] y, int yo) {
        for (int p = 0; p < bases.length; p++) {
            y[yo + p] = taps.length == 0 ? 0 : u[uo - xo + winner(x, xo + bases[p], taps)];
        }
    }

    static void average(float[] x, int xo, int[] bases, int[] taps, float divisor, float[] y, int yo) {
        for (int p = 0; p < bases.length; p++) {
            float sum = 0;
            for (int tap : taps) {
                sum += x[xo + bases[p] + tap];
            }
            y[yo + p] = sum / divisor;
        }
    }

    static void averageGradient(float[] g, int go, float divisor, int[] bases, int[] taps, float[] dx, int dxo) {
        for (int p = 0; p < bases.length; p++) {
            float share = g[go + p] / divisor;
            for (int tap : taps) {
                dx[dxo + bases[p] + tap] += share;
            }
        }
    }

    static float blend(float[] x, int xo, int[] taps, double[] weights) {
        float sum = 0;
        for (int t = 0; t < taps.length; t++) {
            sum = Math.fma((float) weights[t], x[xo + taps[t]], sum);
        }
        return sum;
    }

    static void blendGradient(float g, int[] taps, double[] weights, float[] dx, int dxo) {
        for (int t = 0; t < taps.length; t++) {
            dx[dxo + taps[t]] = Math.fma((float) weights[t], g, dx[dxo + taps[t]]);
        }
    }

    /** {@code y[yo + i] = x[xo + places[i]]}. */
    static void pick(float[] x, int xo, int[] places, float[] y, int yo) {
        for (int i = 0; i < places.length; i++) {
            y[yo + i] = x[xo + places[i]];
        }
    }

    /** {@code y[yo + i] = +0 + Σ x[xo + places[k]]}, k from starts[i] up to starts[i + 1]. */
    static void pickSums(float[] x, int xo, int[] starts, int[] places, float[] y, int yo) {
        for (int i = 0, k = 0; i < starts.length - 1; i++) {
            float sum = 0;
            for (; k < starts[i + 1]; k++) {
                sum += x[xo + places[k]];
            }
            y[yo + i] = sum;
        }
    }
}
