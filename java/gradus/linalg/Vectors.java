package gradus.linalg;

/** Operations on runs of a float64 array, in the order that the numeric contract fixes. */
final class Vectors {
    private static final int CHUNK = 4096;
    private static final int LANES = 16;

    private Vectors() {
    }

    /**
     * Σ xᵢyᵢ: chunks of 4096 terms, in each 16 virtual lanes (i mod 16), every lane one fma chain, lanes folded pairwise, chunks added in order.
     */
    static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double total = 0;
        double[] lanes = new double[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            total += dotChunk(x, xOffset + from, y, yOffset + from, Math.min(CHUNK, n - from), lanes);
        }
        return total;
    }

    private static double dotChunk(double[] x, int xOffset, double[] y, int yOffset, int n, double[] s) {
        java.util.Arrays.fill(s, 0);
        for (int i = 0; i < n; i++) {
            s[i % LANES] = Math.fma(x[xOffset + i], y[yOffset + i], s[i % LANES]);
        }
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                s[l] += s[l + half];
            }
        }
        return s[0];
    }

    /** y ← y + αx. */
    static void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    /** x ← αx. */
    static void scale(double alpha, double[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            x[i] *= alpha;
        }
    }

    /** (x, y) ← (cx + sy, cy − sx). */
    static void rotate(double[] x, int xOffset, double[] y, int yOffset, int n, double c, double s) {
        for (int i = 0; i < n; i++) {
            double u = x[xOffset + i];
            double v = y[yOffset + i];
            x[xOffset + i] = Math.fma(c, u, s * v);
            y[yOffset + i] = Math.fma(c, v, -(s * u));
        }
    }

    /** The largest magnitude in the run, 0 when it is empty; NaN when it holds one. */
    static double maxAbs(double[] x, int offset, int n) {
        double max = 0;
        for (int i = offset; i < offset + n; i++) {
            max = Math.max(max, Math.abs(x[i]));
        }
        return max;
    }

    /** √Σx², the terms scaled by a power of two so that none overflows or vanishes that matters. */
    static double norm(double[] x, int offset, int n) {
        double max = maxAbs(x, offset, n);
        if (max == 0 || !Double.isFinite(max)) {
            return max;
        }
        int exponent = Math.getExponent(max);
        if (Math.abs(exponent) < 400) {
            return Math.sqrt(dot(x, offset, x, offset, n));
        }
        double[] scaled = new double[n];
        for (int i = 0; i < n; i++) {
            scaled[i] = Math.scalb(x[offset + i], -exponent);
        }
        return Math.scalb(Math.sqrt(dot(scaled, 0, scaled, 0, n)), exponent);
    }
}
