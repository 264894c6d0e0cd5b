package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops for two by two pixels that meet beside a convolution, in single precision; see {@link ConvKernels}. */
final class FloatPairPixels {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final VectorSpecies<Integer> BITS = Lanes.INT;
    private static final int W = SPECIES.length();
    private static final int GROUP = gradus.backend.Convolutions.LANES;
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatPairPixels() {
    }

    /** {@link ConvKernels#largestOfPairs}. */
    static void largest(float[] x, int xo, int row, int pixels, int n, float[] y, int yo, float[] winners, int wo) {
        for (int first = 0; first < pixels; first += Pairs.TOGETHER) {
            int end = Math.min(first + Pairs.TOGETHER, pixels);
            for (int i = 0; i < n; i += W) {
                IntVector all = IntVector.zero(BITS);
                for (int p = first; p < end; p++) {
                    int at = xo + 2 * p * n + i;
                    FloatVector v0 = FloatVector.fromArray(SPECIES, x, at), v1 = FloatVector.fromArray(SPECIES, x, at + n);
                    FloatVector v2 = FloatVector.fromArray(SPECIES, x, at + row), v3 = FloatVector.fromArray(SPECIES, x, at + row + n);
                    VectorMask<Float> second = FloatConvKernels.beats(v1, v0), fourth = FloatConvKernels.beats(v3, v2);
                    FloatVector upper = v0.blend(v1, second), lower = v2.blend(v3, fourth);
                    VectorMask<Float> below = FloatConvKernels.beats(lower, upper);
                    EXACT.cast(upper.blend(lower, below)).intoArray(y, yo + p * n + i);
                    IntVector above = IntVector.zero(BITS).blend(1, second.cast(BITS)), under = IntVector.broadcast(BITS, 2).blend(3, fourth.cast(BITS));
                    all = all.or(above.blend(under, below.cast(BITS)).lanewise(VectorOperators.LSHL, 2 * (p - first)));
                }
                EXACT.cast(all.reinterpretAsFloats()).intoArray(winners, wo + first / Pairs.TOGETHER * n + i);
            }
        }
    }

    /** {@link ConvKernels#unpooled}. */
    static void unpooled(float[] g, int go, float[] winners, int wo, int second, int pixels, int n, int live, float[] y, int yo, int cell) {
        int groups = live / GROUP;
        for (int p = 0; p < pixels; p++) {
            for (int i = 0; i < live; i += W) {
                IntVector all = FloatVector.fromArray(SPECIES, winners, wo + p / Pairs.TOGETHER * n + i).reinterpretAsInts();
                IntVector winner = all.lanewise(VectorOperators.LSHR, 2 * (p % Pairs.TOGETHER)).and(3);
                IntVector u = ZERO.add(FloatVector.fromArray(SPECIES, g, go + p * n + i)).reinterpretAsInts();
                IntVector left = IntVector.zero(BITS).blend(u, winner.eq(2 * second));
                IntVector right = IntVector.zero(BITS).blend(u, winner.eq(2 * second + 1));
                int to = yo + (2 * p * groups + i / GROUP) * cell + i % GROUP;
                EXACT.cast(left.reinterpretAsFloats()).intoArray(y, to);
                EXACT.cast(right.reinterpretAsFloats()).intoArray(y, to + groups * cell);
            }
        }
    }

    /** {@link ConvKernels#sumsOfPairs}. */
    static void sums(float[] x, int xo, int row, int pixels, int n, float[] y, int yo) {
        for (int p = 0; p < pixels; p++) {
            for (int i = 0; i < n; i += W) {
                int at = xo + 2 * p * n + i;
                FloatVector upper = ZERO.add(FloatVector.fromArray(SPECIES, x, at)).add(FloatVector.fromArray(SPECIES, x, at + n));
                EXACT.cast(upper.add(FloatVector.fromArray(SPECIES, x, at + row)).add(FloatVector.fromArray(SPECIES, x, at + row + n))).intoArray(y, yo + p * n + i);
            }
        }
    }

    /** {@link ConvKernels#doubled}. */
    static void doubled(float[] x, int xo, int pixels, int n, int live, float[] y, int yo, int cell) {
        int groups = live / GROUP;
        for (int p = 0; p < pixels; p++) {
            for (int i = 0; i < live; i += W) {
                FloatVector v = FloatVector.fromArray(SPECIES, x, xo + p * n + i);
                int to = yo + (2 * p * groups + i / GROUP) * cell + i % GROUP;
                v.intoArray(y, to);
                v.intoArray(y, to + groups * cell);
            }
        }
    }
}
