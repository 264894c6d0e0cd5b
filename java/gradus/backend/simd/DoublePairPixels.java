package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops for two by two pixels that meet beside a convolution, in double precision; see {@link ConvKernels}. */
final class DoublePairPixels {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final VectorSpecies<Long> BITS = Lanes.LONG;
    private static final int W = SPECIES.length();
    private static final int GROUP = gradus.backend.Convolutions.LANES;
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);

    private DoublePairPixels() {
    }

    /** {@link ConvKernels#largestOfPairs}. */
    static void largest(double[] x, int xo, int row, int pixels, int n, double[] y, int yo, double[] winners, int wo) {
        for (int first = 0; first < pixels; first += Pairs.TOGETHER) {
            int end = Math.min(first + Pairs.TOGETHER, pixels);
            for (int i = 0; i < n; i += W) {
                LongVector all = LongVector.zero(BITS);
                for (int p = first; p < end; p++) {
                    int at = xo + 2 * p * n + i;
                    DoubleVector v0 = DoubleVector.fromArray(SPECIES, x, at), v1 = DoubleVector.fromArray(SPECIES, x, at + n);
                    DoubleVector v2 = DoubleVector.fromArray(SPECIES, x, at + row), v3 = DoubleVector.fromArray(SPECIES, x, at + row + n);
                    VectorMask<Double> second = DoubleConvKernels.beats(v1, v0), fourth = DoubleConvKernels.beats(v3, v2);
                    DoubleVector upper = v0.blend(v1, second), lower = v2.blend(v3, fourth);
                    VectorMask<Double> below = DoubleConvKernels.beats(lower, upper);
                    EXACT.cast(upper.blend(lower, below)).intoArray(y, yo + p * n + i);
                    LongVector above = LongVector.zero(BITS).blend(1, second.cast(BITS)), under = LongVector.broadcast(BITS, 2).blend(3, fourth.cast(BITS));
                    all = all.or(above.blend(under, below.cast(BITS)).lanewise(VectorOperators.LSHL, 2 * (p - first)));
                }
                EXACT.cast(all.reinterpretAsDoubles()).intoArray(winners, wo + first / Pairs.TOGETHER * n + i);
            }
        }
    }

    /** {@link ConvKernels#unpooled}. */
    static void unpooled(double[] g, int go, double[] winners, int wo, int second, int pixels, int n, int live, double[] y, int yo, int cell) {
        int groups = live / GROUP;
        for (int p = 0; p < pixels; p++) {
            for (int i = 0; i < live; i += W) {
                LongVector all = DoubleVector.fromArray(SPECIES, winners, wo + p / Pairs.TOGETHER * n + i).reinterpretAsLongs();
                LongVector winner = all.lanewise(VectorOperators.LSHR, 2 * (p % Pairs.TOGETHER)).and(3);
                LongVector u = ZERO.add(DoubleVector.fromArray(SPECIES, g, go + p * n + i)).reinterpretAsLongs();
                LongVector left = LongVector.zero(BITS).blend(u, winner.eq(2 * second));
                LongVector right = LongVector.zero(BITS).blend(u, winner.eq(2 * second + 1));
                int to = yo + (2 * p * groups + i / GROUP) * cell + i % GROUP;
                EXACT.cast(left.reinterpretAsDoubles()).intoArray(y, to);
                EXACT.cast(right.reinterpretAsDoubles()).intoArray(y, to + groups * cell);
            }
        }
    }

    /** {@link ConvKernels#sumsOfPairs}. */
    static void sums(double[] x, int xo, int row, int pixels, int n, double[] y, int yo) {
        for (int p = 0; p < pixels; p++) {
            for (int i = 0; i < n; i += W) {
                int at = xo + 2 * p * n + i;
                DoubleVector upper = ZERO.add(DoubleVector.fromArray(SPECIES, x, at)).add(DoubleVector.fromArray(SPECIES, x, at + n));
                EXACT.cast(upper.add(DoubleVector.fromArray(SPECIES, x, at + row)).add(DoubleVector.fromArray(SPECIES, x, at + row + n))).intoArray(y, yo + p * n + i);
            }
        }
    }

    /** {@link ConvKernels#doubled}. */
    static void doubled(double[] x, int xo, int pixels, int n, int live, double[] y, int yo, int cell) {
        int groups = live / GROUP;
        for (int p = 0; p < pixels; p++) {
            for (int i = 0; i < live; i += W) {
                DoubleVector v = DoubleVector.fromArray(SPECIES, x, xo + p * n + i);
                int to = yo + (2 * p * groups + i / GROUP) * cell + i % GROUP;
                v.intoArray(y, to);
                v.intoArray(y, to + groups * cell);
            }
        }
    }
}
