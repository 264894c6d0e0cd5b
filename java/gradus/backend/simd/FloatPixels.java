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

    /** The same for four taps, two pairs side by side: windows of two by two are the common ones. */
    private static int winner(float[] x, int p0, int p1, int p2, int p3) {
        int k0 = key(x[p0]), k1 = key(x[p1]), k2 = key(x[p2]), k3 = key(x[p3]);
        int left = k1 > k0 ? p1 : p0;
        int right = k3 > k2 ? p3 : p2;
        return Math.max(k2, k3) > Math.max(k0, k1) ? right : left;
    }

    /** An integer in the order of the numbers: −0 is +0, and NaN the largest. */
    private static int key(float v) {
        int bits = Float.floatToIntBits(v + 0);
        return bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    static void max(float[] x, int xo, int[] bases, int[] taps, float[] y, int yo) {
        if (FloatPairs.serve(bases, taps)) {
            FloatPairs.max(x, xo + bases[0] + taps[0], xo + bases[0] + taps[2], bases.length, y, yo);
            return;
        }
        if (taps.length == 4) {
            int t0 = xo + taps[0], t1 = xo + taps[1], t2 = xo + taps[2], t3 = xo + taps[3];
            for (int p = 0; p < bases.length; p++) {
                y[yo + p] = x[winner(x, bases[p] + t0, bases[p] + t1, bases[p] + t2, bases[p] + t3)];
            }
            return;
        }
        for (int p = 0; p < bases.length; p++) {
            y[yo + p] = taps.length == 0 ? Float.NEGATIVE_INFINITY : x[winner(x, xo + bases[p], taps)];
        }
    }

    static void maxGradient(float[] x, int xo, int[] bases, int[] taps, float[] g, int go, float[] dx, int dxo, boolean alone) {
        if (alone && FloatPairs.serve(bases, taps)) {
            FloatPairs.maxGradient(x, xo + bases[0] + taps[0], xo + bases[0] + taps[2], bases.length, g, go, dx, dxo - xo);
            return;
        }
        if (alone && taps.length == 4) {
            int t0 = xo + taps[0], t1 = xo + taps[1], t2 = xo + taps[2], t3 = xo + taps[3], shift = dxo - xo;
            for (int p = 0; p < bases.length; p++) {
                int p0 = bases[p] + t0, p1 = bases[p] + t1, p2 = bases[p] + t2, p3 = bases[p] + t3;
                int best = winner(x, p0, p1, p2, p3);
                dx[shift + p0] = 0;
                dx[shift + p1] = 0;
                dx[shift + p2] = 0;
                dx[shift + p3] = 0;
                dx[shift + best] = 0 + g[go + p];
            }
            return;
        }
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
