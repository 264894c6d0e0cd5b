package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The mean squared error and its gradient on runs of float32, in one pass where {@link Kernels#zip} and {@link Kernels#fold} take two or three; each operation is rounded as theirs. */
final class FloatLosses {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);
    private static final int LANES = SPECIES.length();
    private static final int VIRTUAL = Kernels.VIRTUAL_LANES;
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

    private FloatLosses() {
    }

    /** Σ (x − t)² over at most one chunk of terms, as {@link FloatFolds#sumOfSquares} of the differences: for vectors of 16 lanes or of 8. */
    static float squaredDistance(float[] x, int xo, float[] t, int to, int n) {
        float[] lanes = new float[VIRTUAL];
        int whole = n & -VIRTUAL;
        if (LANES == 16) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                FloatVector d0 = FloatVector.fromArray(SPECIES, x, xo + i).sub(FloatVector.fromArray(SPECIES, t, to + i));
                s0 = d0.fma(d0, s0);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
        } else {
            FloatVector s0 = FloatVector.zero(SPECIES), s1 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                FloatVector d0 = FloatVector.fromArray(SPECIES, x, xo + i).sub(FloatVector.fromArray(SPECIES, t, to + i));
                s0 = d0.fma(d0, s0);
                FloatVector d1 = FloatVector.fromArray(SPECIES, x, xo + i + 8).sub(FloatVector.fromArray(SPECIES, t, to + i + 8));
                s1 = d1.fma(d1, s1);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 8);
        }
        for (int i = whole; i < n; i++) {
            float d = x[xo + i] - t[to + i];
            lanes[i - whole] = Math.fma(d, d, lanes[i - whole]);
        }
        return FloatFolds.folded(lanes);
    }

    /** {@code y[yo + i] = (x[xo + i] − t[to + i])·c}. */
    static void gradient(float[] x, int xo, float[] t, int to, float c, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xo + i).sub(FloatVector.fromArray(SPECIES, t, to + i)).mul(c).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = (x[xo + i] - t[to + i]) * c;
        }
    }

    /** {@code y[yo + i] = (x[xo + i] − t[to + i])·c·(x[xo + i]·(1 − x[xo + i]))}: further through the sigmoid that made x. */
    static void gradientThroughSigmoid(float[] x, int xo, float[] t, int to, float c, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, x, xo + i);
            FloatVector g = u.sub(FloatVector.fromArray(SPECIES, t, to + i)).mul(c);
            g.mul(u.mul(ONE.sub(u))).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            float u = x[xo + i];
            y[yo + i] = (u - t[to + i]) * c * (u * (1 - u));
        }
    }
}
