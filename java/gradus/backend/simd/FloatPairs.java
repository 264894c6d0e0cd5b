package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pooling and resampling in single precision where windows of two by two lie side by side and no window touches another: the common case of {@link FloatPixels}, four windows
 * at a time. Rows are short, so vectors have four lanes on every machine, and the last four windows of a row are computed twice where they overlap: the bits are the
 * same twice. One by one, a window takes 15 ns where the compiler makes branches of the choices, which go wrong at every other window.
 */
final class FloatPairs {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_128;
    private static final int W = SPECIES.length();
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromValues(SPECIES, 0, 2, 0, 2);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromValues(SPECIES, 1, 3, 1, 3);
    private static final VectorShuffle<Float> LOW = VectorShuffle.fromValues(SPECIES, 0, 0, 1, 1);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.fromValues(SPECIES, 2, 2, 3, 3);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(SPECIES, 0b1100);
    /** The tap that a lane of a window's upper row is, two windows a vector; the lower row's are two more. */
    private static final FloatVector TOP = FloatVector.fromArray(SPECIES, new float[] {0, 1, 0, 1}, 0);
    private static final FloatVector BOTTOM = FloatVector.fromArray(SPECIES, new float[] {2, 3, 2, 3}, 0);

    private FloatPairs() {
    }

    /** Whether the windows of a run lie so, and are enough for a vector. */
    static boolean serve(int[] bases, int[] taps) {
        int n = bases.length;
        return n >= W && taps.length == 4 && taps[1] == taps[0] + 1 && taps[3] == taps[2] + 1 && bases[n - 1] - bases[0] == 2 * (n - 1);
    }

    /** Where u beats the winner so far: it is larger or the first NaN. */
    private static VectorMask<Float> beats(FloatVector u, FloatVector winner) {
        return u.compare(VectorOperators.LE, winner).not().and(winner.compare(VectorOperators.EQ, winner));
    }

    /** As {@link FloatPixels#max} for n windows whose upper rows begin at x[top] and whose lower rows begin at x[bottom]. */
    static void max(float[] x, int top, int bottom, int n, float[] y, int yo) {
        for (int p = 0; p < n; p += W) {
            int q = Math.min(p, n - W);
            FloatVector a = FloatVector.fromArray(SPECIES, x, top + 2 * q), b = FloatVector.fromArray(SPECIES, x, top + 2 * q + W);
            FloatVector c = FloatVector.fromArray(SPECIES, x, bottom + 2 * q), d = FloatVector.fromArray(SPECIES, x, bottom + 2 * q + W);
            FloatVector v0 = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
            FloatVector v1 = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
            FloatVector v2 = c.rearrange(EVEN).blend(d.rearrange(EVEN), UPPER);
            FloatVector v3 = c.rearrange(ODD).blend(d.rearrange(ODD), UPPER);
            FloatVector upper = v0.blend(v1, beats(v1, v0));
            FloatVector lower = v2.blend(v3, beats(v3, v2));
            upper.blend(lower, beats(lower, upper)).intoArray(y, yo + q);
        }
    }

    /** As {@link FloatPixels#maxGradient} for such windows, whose gradients dx lie as x does, {@code shift} further on. */
    static void maxGradient(float[] x, int top, int bottom, int n, float[] g, int go, float[] dx, int shift) {
        for (int p = 0; p < n; p += W) {
            int q = Math.min(p, n - W);
            FloatVector a = FloatVector.fromArray(SPECIES, x, top + 2 * q), b = FloatVector.fromArray(SPECIES, x, top + 2 * q + W);
            FloatVector c = FloatVector.fromArray(SPECIES, x, bottom + 2 * q), d = FloatVector.fromArray(SPECIES, x, bottom + 2 * q + W);
            FloatVector v0 = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
            FloatVector v1 = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
            FloatVector v2 = c.rearrange(EVEN).blend(d.rearrange(EVEN), UPPER);
            FloatVector v3 = c.rearrange(ODD).blend(d.rearrange(ODD), UPPER);
            VectorMask<Float> right = beats(v1, v0), lowerRight = beats(v3, v2);
            FloatVector upper = v0.blend(v1, right);
            FloatVector lower = v2.blend(v3, lowerRight);
            FloatVector first = ZERO.blend(FloatVector.broadcast(SPECIES, 1), right);
            FloatVector second = FloatVector.broadcast(SPECIES, 2).blend(FloatVector.broadcast(SPECIES, 3), lowerRight);
            FloatVector which = first.blend(second, beats(lower, upper));
            FloatVector u = ZERO.add(FloatVector.fromArray(SPECIES, g, go + q));
            FloatVector which0 = which.rearrange(LOW), which1 = which.rearrange(HIGH);
            FloatVector u0 = u.rearrange(LOW), u1 = u.rearrange(HIGH);
            int above = shift + top + 2 * q, below = shift + bottom + 2 * q;
            ZERO.blend(u0, which0.compare(VectorOperators.EQ, TOP)).intoArray(dx, above);
            ZERO.blend(u1, which1.compare(VectorOperators.EQ, TOP)).intoArray(dx, above + W);
            ZERO.blend(u0, which0.compare(VectorOperators.EQ, BOTTOM)).intoArray(dx, below);
            ZERO.blend(u1, which1.compare(VectorOperators.EQ, BOTTOM)).intoArray(dx, below + W);
        }
    }

    /** {@code y[yo + p] = +0 + x[top + 2p] + x[top + 2p + 1] + x[bottom + 2p] + x[bottom + 2p + 1]} for n windows, in that order. */
    static void sums(float[] x, int top, int bottom, int n, float[] y, int yo) {
        for (int p = 0; p < n; p += W) {
            int q = Math.min(p, n - W);
            FloatVector a = FloatVector.fromArray(SPECIES, x, top + 2 * q), b = FloatVector.fromArray(SPECIES, x, top + 2 * q + W);
            FloatVector c = FloatVector.fromArray(SPECIES, x, bottom + 2 * q), d = FloatVector.fromArray(SPECIES, x, bottom + 2 * q + W);
            FloatVector v0 = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
            FloatVector v1 = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
            FloatVector v2 = c.rearrange(EVEN).blend(d.rearrange(EVEN), UPPER);
            FloatVector v3 = c.rearrange(ODD).blend(d.rearrange(ODD), UPPER);
            ZERO.add(v0).add(v1).add(v2).add(v3).intoArray(y, yo + q);
        }
    }

    /** {@code y[top + 2p] = y[top + 2p + 1] = y[bottom + 2p] = y[bottom + 2p + 1] = x[xo + p]} for n places. */
    static void spread(float[] x, int xo, int n, float[] y, int top, int bottom) {
        for (int p = 0; p < n; p += W) {
            int q = Math.min(p, n - W);
            FloatVector u = FloatVector.fromArray(SPECIES, x, xo + q);
            FloatVector low = u.rearrange(LOW), high = u.rearrange(HIGH);
            low.intoArray(y, top + 2 * q);
            high.intoArray(y, top + 2 * q + W);
            low.intoArray(y, bottom + 2 * q);
            high.intoArray(y, bottom + 2 * q + W);
        }
    }
}
