package gradus.backend.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and extremes of runs of float32. The sixteen virtual lanes of a sum lie in as many vectors as it takes; they are folded in the order of
 * {@link gradus.backend.Reduction}.
 */
final class FloatFolds {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);
    private static final int LANES = SPECIES.length();
    private static final int VIRTUAL = Kernels.VIRTUAL_LANES;

    private FloatFolds() {
    }

    /** The sum of at most one chunk of terms. */
    static float sum(float[] x, int xo, int n) {
        if (n < VIRTUAL) {
            return sumOfFew(x, xo, n);
        }
        float[] lanes = new float[VIRTUAL];
        int whole = n & -VIRTUAL;
        if (LANES == 16) {
            FloatVector s0 = FloatVector.zero(SPECIES);   // from a static field it would be boxed in every turn
            for (int i = 0; i < whole; i += 16) {
                s0 = FloatVector.fromArray(SPECIES, x, xo + i).add(s0);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
        } else if (LANES == 8) {
            FloatVector s0 = FloatVector.zero(SPECIES), s1 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                s0 = FloatVector.fromArray(SPECIES, x, xo + i).add(s0);
                s1 = FloatVector.fromArray(SPECIES, x, xo + i + 8).add(s1);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 8);
        } else {
            FloatVector s0 = FloatVector.zero(SPECIES), s1 = FloatVector.zero(SPECIES), s2 = FloatVector.zero(SPECIES), s3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                s0 = FloatVector.fromArray(SPECIES, x, xo + i).add(s0);
                s1 = FloatVector.fromArray(SPECIES, x, xo + i + 4).add(s1);
                s2 = FloatVector.fromArray(SPECIES, x, xo + i + 8).add(s2);
                s3 = FloatVector.fromArray(SPECIES, x, xo + i + 12).add(s3);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 4);
            EXACT.cast(s2).intoArray(lanes, 8);
            EXACT.cast(s3).intoArray(lanes, 12);
        }
        for (int i = whole; i < n; i++) {
            lanes[i - whole] += x[xo + i];
        }
        return folded(lanes);
    }

    /** The sum of the squares of at most one chunk of terms, each a fused multiply-add. */
    static float sumOfSquares(float[] x, int xo, int n) {
        float[] lanes = new float[VIRTUAL];
        int whole = n & -VIRTUAL;
        if (LANES == 16) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                FloatVector t0 = FloatVector.fromArray(SPECIES, x, xo + i);
                s0 = t0.fma(t0, s0);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
        } else if (LANES == 8) {
            FloatVector s0 = FloatVector.zero(SPECIES), s1 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                FloatVector t0 = FloatVector.fromArray(SPECIES, x, xo + i);
                s0 = t0.fma(t0, s0);
                FloatVector t1 = FloatVector.fromArray(SPECIES, x, xo + i + 8);
                s1 = t1.fma(t1, s1);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 8);
        } else {
            FloatVector s0 = FloatVector.zero(SPECIES), s1 = FloatVector.zero(SPECIES), s2 = FloatVector.zero(SPECIES), s3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                FloatVector t0 = FloatVector.fromArray(SPECIES, x, xo + i);
                s0 = t0.fma(t0, s0);
                FloatVector t1 = FloatVector.fromArray(SPECIES, x, xo + i + 4);
                s1 = t1.fma(t1, s1);
                FloatVector t2 = FloatVector.fromArray(SPECIES, x, xo + i + 8);
                s2 = t2.fma(t2, s2);
                FloatVector t3 = FloatVector.fromArray(SPECIES, x, xo + i + 12);
                s3 = t3.fma(t3, s3);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 4);
            EXACT.cast(s2).intoArray(lanes, 8);
            EXACT.cast(s3).intoArray(lanes, 12);
        }
        for (int i = whole; i < n; i++) {
            lanes[i - whole] = Math.fma(x[xo + i], x[xo + i], lanes[i - whole]);
        }
        return folded(lanes);
    }

    /** Fewer terms than lanes: each lane holds one term or +0. */
    static float sumOfFew(float[] x, int xo, int n) {
        if (n <= VIRTUAL / 2) {
            // No term is −0 after 0 was added, so that the upper lanes' +0 change nothing.
            return lane(x, xo, n, 0) + lane(x, xo, n, 4) + (lane(x, xo, n, 2) + lane(x, xo, n, 6))
                    + (lane(x, xo, n, 1) + lane(x, xo, n, 5) + (lane(x, xo, n, 3) + lane(x, xo, n, 7)));
        }
        float a = lane(x, xo, n, 0) + lane(x, xo, n, 8) + (lane(x, xo, n, 4) + lane(x, xo, n, 12));
        float b = lane(x, xo, n, 1) + lane(x, xo, n, 9) + (lane(x, xo, n, 5) + lane(x, xo, n, 13));
        float c = lane(x, xo, n, 2) + lane(x, xo, n, 10) + (lane(x, xo, n, 6) + lane(x, xo, n, 14));
        float d = lane(x, xo, n, 3) + lane(x, xo, n, 11) + (lane(x, xo, n, 7) + lane(x, xo, n, 15));
        return a + c + (b + d);
    }

    private static float lane(float[] x, int xo, int n, int lane) {
        return lane < n ? 0 + x[xo + lane] : 0;
    }

    /** The sixteen lanes folded by halves. */
    static float folded(float[] s) {
        float a = s[0] + s[8] + (s[4] + s[12]);
        float b = s[1] + s[9] + (s[5] + s[13]);
        float c = s[2] + s[10] + (s[6] + s[14]);
        float d = s[3] + s[11] + (s[7] + s[15]);
        return a + c + (b + d);
    }

    /** The largest term, NaN when there is one, −∞ when there is none. */
    static float max(float[] x, int xo, int n) {
        float max = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (n >= 2 * LANES) {
            FloatVector s = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            for (; i <= n - LANES; i += LANES) {
                s = FloatVector.fromArray(SPECIES, x, xo + i).max(s);
            }
            float[] lanes = new float[LANES];
            EXACT.cast(s).intoArray(lanes, 0);
            for (float lane : lanes) {
                max = Math.max(max, lane);
            }
        }
        for (; i < n; i++) {
            max = Math.max(max, x[xo + i]);
        }
        return max;
    }

    /** The smallest term, NaN when there is one, +∞ when there is none. */
    static float min(float[] x, int xo, int n) {
        float min = Float.POSITIVE_INFINITY;
        int i = 0;
        if (n >= 2 * LANES) {
            FloatVector s = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
            for (; i <= n - LANES; i += LANES) {
                s = FloatVector.fromArray(SPECIES, x, xo + i).min(s);
            }
            float[] lanes = new float[LANES];
            EXACT.cast(s).intoArray(lanes, 0);
            for (float lane : lanes) {
                min = Math.min(min, lane);
            }
        }
        for (; i < n; i++) {
            min = Math.min(min, x[xo + i]);
        }
        return min;
    }

    /** {@code y[yo + j] = max or min of itself and x[xo + j]}. */
    static void extremes(boolean max, float[] x, int xo, int n, float[] y, int yo) {
        int whole = n & -LANES;
        if (max) {
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(SPECIES, x, xo + j).max(FloatVector.fromArray(SPECIES, y, yo + j)).intoArray(y, yo + j);
            }
        } else {
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(SPECIES, x, xo + j).min(FloatVector.fromArray(SPECIES, y, yo + j)).intoArray(y, yo + j);
            }
        }
        for (int j = whole; j < n; j++) {
            y[yo + j] = max ? Math.max(y[yo + j], x[xo + j]) : Math.min(y[yo + j], x[xo + j]);
        }
    }

    /**
     * {@code y[yo + j] = Σ x[xo + i·xs + j]}, or of the squares, over at most one chunk of rows. Row i goes to lane i mod 16, and every lane is a row of n sums, so that
     * vectors run over the columns. A lane that no row reaches is +0, and adding that changes nothing.
     *
     * @param lanes room for 16 · n sums, and for 16 vectors
     */
    static void sumColumns(boolean squares, float[] x, int xo, int xs, int rows, int n, float[] lanes, float[] y, int yo) {
        if (squares || rows < 2 * VIRTUAL || n < LANES) {
            sumColumns(squares, x, xo, xs, 0, rows, n, lanes, y, yo);
            return;
        }
        int whole = rows & -VIRTUAL;
        for (int j = 0; j < n; j += LANES) {
            // The last vector of columns moves left until it fits.
            int column = Math.min(j, n - LANES);
            addEight(x, xo + column, xs, whole, lanes, 0);
            addEight(x, xo + column + VIRTUAL / 2 * xs, xs, whole, lanes, VIRTUAL / 2 * LANES);
            sumColumns(false, x, xo + column, xs, whole, rows, LANES, lanes, y, yo + column);
        }
    }

    /** The rows from {@code first} on, a multiple of 16: those before it are in the lanes already. */
    private static void sumColumns(boolean squares, float[] x, int xo, int xs, int first, int rows, int n, float[] lanes, float[] y, int yo) {
        int used = Math.min(rows, VIRTUAL);
        if (first == 0) {
            Arrays.fill(lanes, 0, used * n, 0);
        }
        for (int i = first; i < rows; i++) {
            if (squares) {
                addSquares(x, xo + i * xs, n, lanes, i % VIRTUAL * n);
            } else {
                add(x, xo + i * xs, n, lanes, i % VIRTUAL * n);
            }
        }
        for (int half = VIRTUAL / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half && lane + half < used; lane++) {
                add(lanes, (lane + half) * n, n, lanes, lane * n);
            }
            used = Math.min(used, half);
        }
        if (rows > 0) {
            System.arraycopy(lanes, 0, y, yo, n);
        } else {
            Arrays.fill(y, yo, yo + n, 0);
        }
    }

    /** Eight of sixteen lanes for one vector of columns, in registers over all rows: lane r is {@code Σ x[xo + (i + r)·xs + l]} over i = 0, 16, …, from +0. */
    private static void addEight(float[] x, int xo, int xs, int rows, float[] lanes, int to) {
        FloatVector s0 = FloatVector.zero(SPECIES), s1 = FloatVector.zero(SPECIES), s2 = FloatVector.zero(SPECIES), s3 = FloatVector.zero(SPECIES);
        FloatVector s4 = FloatVector.zero(SPECIES), s5 = FloatVector.zero(SPECIES), s6 = FloatVector.zero(SPECIES), s7 = FloatVector.zero(SPECIES);
        for (int i = 0, at = xo; i < rows; i += VIRTUAL, at += VIRTUAL * xs) {
            s0 = FloatVector.fromArray(SPECIES, x, at).add(s0);
            s1 = FloatVector.fromArray(SPECIES, x, at + xs).add(s1);
            s2 = FloatVector.fromArray(SPECIES, x, at + 2 * xs).add(s2);
            s3 = FloatVector.fromArray(SPECIES, x, at + 3 * xs).add(s3);
            s4 = FloatVector.fromArray(SPECIES, x, at + 4 * xs).add(s4);
            s5 = FloatVector.fromArray(SPECIES, x, at + 5 * xs).add(s5);
            s6 = FloatVector.fromArray(SPECIES, x, at + 6 * xs).add(s6);
            s7 = FloatVector.fromArray(SPECIES, x, at + 7 * xs).add(s7);
        }
        EXACT.cast(s0).intoArray(lanes, to);
        EXACT.cast(s1).intoArray(lanes, to + LANES);
        EXACT.cast(s2).intoArray(lanes, to + 2 * LANES);
        EXACT.cast(s3).intoArray(lanes, to + 3 * LANES);
        EXACT.cast(s4).intoArray(lanes, to + 4 * LANES);
        EXACT.cast(s5).intoArray(lanes, to + 5 * LANES);
        EXACT.cast(s6).intoArray(lanes, to + 6 * LANES);
        EXACT.cast(s7).intoArray(lanes, to + 7 * LANES);
    }

    /** {@code s[so + j] += x[xo + j]}. */
    private static void add(float[] x, int xo, int n, float[] s, int so) {
        int whole = n & -LANES;
        for (int j = 0; j < whole; j += LANES) {
            FloatVector.fromArray(SPECIES, s, so + j).add(FloatVector.fromArray(SPECIES, x, xo + j)).intoArray(s, so + j);
        }
        for (int j = whole; j < n; j++) {
            s[so + j] += x[xo + j];
        }
    }

    private static void addSquares(float[] x, int xo, int n, float[] s, int so) {
        int whole = n & -LANES;
        for (int j = 0; j < whole; j += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, xo + j);
            t.fma(t, FloatVector.fromArray(SPECIES, s, so + j)).intoArray(s, so + j);
        }
        for (int j = whole; j < n; j++) {
            s[so + j] = Math.fma(x[xo + j], x[xo + j], s[so + j]);
        }
    }
}
