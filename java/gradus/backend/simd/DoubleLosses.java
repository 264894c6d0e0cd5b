package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The mean squared error and its gradient on runs of float64, in one pass where {@link Kernels#zip} and {@link Kernels#fold} take two or three; each operation is rounded as theirs. */
final class DoubleLosses {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);
    private static final int LANES = SPECIES.length();
    private static final int VIRTUAL = Kernels.VIRTUAL_LANES;
    private static final DoubleVector ONE = DoubleVector.broadcast(SPECIES, 1);

    private DoubleLosses() {
    }

    /** Σ (x − t)² over at most one chunk of terms, as {@link DoubleFolds#sumOfSquares} of the differences: for vectors of 8 lanes or of 4. */
    static double squaredDistance(double[] x, int xo, double[] t, int to, int n) {
        double[] lanes = new double[VIRTUAL];
        int whole = n & -VIRTUAL;
        if (LANES == 8) {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                DoubleVector d0 = DoubleVector.fromArray(SPECIES, x, xo + i).sub(DoubleVector.fromArray(SPECIES, t, to + i));
                s0 = d0.fma(d0, s0);
                DoubleVector d1 = DoubleVector.fromArray(SPECIES, x, xo + i + 8).sub(DoubleVector.fromArray(SPECIES, t, to + i + 8));
                s1 = d1.fma(d1, s1);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 8);
        } else {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES), s2 = DoubleVector.zero(SPECIES), s3 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                DoubleVector d0 = DoubleVector.fromArray(SPECIES, x, xo + i).sub(DoubleVector.fromArray(SPECIES, t, to + i));
                s0 = d0.fma(d0, s0);
                DoubleVector d1 = DoubleVector.fromArray(SPECIES, x, xo + i + 4).sub(DoubleVector.fromArray(SPECIES, t, to + i + 4));
                s1 = d1.fma(d1, s1);
                DoubleVector d2 = DoubleVector.fromArray(SPECIES, x, xo + i + 8).sub(DoubleVector.fromArray(SPECIES, t, to + i + 8));
                s2 = d2.fma(d2, s2);
                DoubleVector d3 = DoubleVector.fromArray(SPECIES, x, xo + i + 12).sub(DoubleVector.fromArray(SPECIES, t, to + i + 12));
                s3 = d3.fma(d3, s3);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 4);
            EXACT.cast(s2).intoArray(lanes, 8);
            EXACT.cast(s3).intoArray(lanes, 12);
        }
        for (int i = whole; i < n; i++) {
            double d = x[xo + i] - t[to + i];
            lanes[i - whole] = Math.fma(d, d, lanes[i - whole]);
        }
        return DoubleFolds.folded(lanes);
    }

    /** {@code y[yo + i] = (x[xo + i] − t[to + i])·c}. */
    static void gradient(double[] x, int xo, double[] t, int to, double c, double[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector.fromArray(SPECIES, x, xo + i).sub(DoubleVector.fromArray(SPECIES, t, to + i)).mul(c).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = (x[xo + i] - t[to + i]) * c;
        }
    }

    /** {@code y[yo + i] = (x[xo + i] − t[to + i])·c·(x[xo + i]·(1 − x[xo + i]))}: further through the sigmoid that made x. */
    static void gradientThroughSigmoid(double[] x, int xo, double[] t, int to, double c, double[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, x, xo + i);
            DoubleVector g = u.sub(DoubleVector.fromArray(SPECIES, t, to + i)).mul(c);
            g.mul(u.mul(ONE.sub(u))).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            double u = x[xo + i];
            y[yo + i] = (u - t[to + i]) * c * (u * (1 - u));
        }
    }
}
