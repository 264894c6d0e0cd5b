package gradus.backend.simd;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and extremes of runs of float64. The sixteen virtual lanes of a sum lie in as many vectors as it takes; they are folded in the order of
 * {@link gradus.backend.Reduction}.
 */
final class DoubleFolds {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);
    private static final int LANES = SPECIES.length();
    private static final int VIRTUAL = Kernels.VIRTUAL_LANES;

    private DoubleFolds() {
    }

    /** The sum of at most one chunk of terms. */
    static double sum(double[] x, int xo, int n) {
        if (n < VIRTUAL) {
            return sumOfFew(x, xo, n);
        }
        double[] lanes = new double[VIRTUAL];
        int whole = n & -VIRTUAL;
        if (LANES == 8) {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                s0 = DoubleVector.fromArray(SPECIES, x, xo + i).add(s0);
                s1 = DoubleVector.fromArray(SPECIES, x, xo + i + 8).add(s1);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 8);
        } else if (LANES == 4) {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES), s2 = DoubleVector.zero(SPECIES), s3 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                s0 = DoubleVector.fromArray(SPECIES, x, xo + i).add(s0);
                s1 = DoubleVector.fromArray(SPECIES, x, xo + i + 4).add(s1);
                s2 = DoubleVector.fromArray(SPECIES, x, xo + i + 8).add(s2);
                s3 = DoubleVector.fromArray(SPECIES, x, xo + i + 12).add(s3);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 4);
            EXACT.cast(s2).intoArray(lanes, 8);
            EXACT.cast(s3).intoArray(lanes, 12);
        } else {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES), s2 = DoubleVector.zero(SPECIES), s3 = DoubleVector.zero(SPECIES),
                    s4 = DoubleVector.zero(SPECIES), s5 = DoubleVector.zero(SPECIES), s6 = DoubleVector.zero(SPECIES), s7 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                s0 = DoubleVector.fromArray(SPECIES, x, xo + i).add(s0);
                s1 = DoubleVector.fromArray(SPECIES, x, xo + i + 2).add(s1);
                s2 = DoubleVector.fromArray(SPECIES, x, xo + i + 4).add(s2);
                s3 = DoubleVector.fromArray(SPECIES, x, xo + i + 6).add(s3);
                s4 = DoubleVector.fromArray(SPECIES, x, xo + i + 8).add(s4);
                s5 = DoubleVector.fromArray(SPECIES, x, xo + i + 10).add(s5);
                s6 = DoubleVector.fromArray(SPECIES, x, xo + i + 12).add(s6);
                s7 = DoubleVector.fromArray(SPECIES, x, xo + i + 14).add(s7);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 2);
            EXACT.cast(s2).intoArray(lanes, 4);
            EXACT.cast(s3).intoArray(lanes, 6);
            EXACT.cast(s4).intoArray(lanes, 8);
            EXACT.cast(s5).intoArray(lanes, 10);
            EXACT.cast(s6).intoArray(lanes, 12);
            EXACT.cast(s7).intoArray(lanes, 14);
        }
        for (int i = whole; i < n; i++) {
            lanes[i - whole] += x[xo + i];
        }
        return folded(lanes);
    }

    /** The sum of the squares of at most one chunk of terms, each a fused multiply-add. */
    static double sumOfSquares(double[] x, int xo, int n) {
        double[] lanes = new double[VIRTUAL];
        int whole = n & -VIRTUAL;
        if (LANES == 8) {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                DoubleVector t0 = DoubleVector.fromArray(SPECIES, x, xo + i);
                s0 = t0.fma(t0, s0);
                DoubleVector t1 = DoubleVector.fromArray(SPECIES, x, xo + i + 8);
                s1 = t1.fma(t1, s1);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 8);
        } else if (LANES == 4) {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES), s2 = DoubleVector.zero(SPECIES), s3 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                DoubleVector t0 = DoubleVector.fromArray(SPECIES, x, xo + i);
                s0 = t0.fma(t0, s0);
                DoubleVector t1 = DoubleVector.fromArray(SPECIES, x, xo + i + 4);
                s1 = t1.fma(t1, s1);
                DoubleVector t2 = DoubleVector.fromArray(SPECIES, x, xo + i + 8);
                s2 = t2.fma(t2, s2);
                DoubleVector t3 = DoubleVector.fromArray(SPECIES, x, xo + i + 12);
                s3 = t3.fma(t3, s3);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 4);
            EXACT.cast(s2).intoArray(lanes, 8);
            EXACT.cast(s3).intoArray(lanes, 12);
        } else {
            DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES), s2 = DoubleVector.zero(SPECIES), s3 = DoubleVector.zero(SPECIES),
                    s4 = DoubleVector.zero(SPECIES), s5 = DoubleVector.zero(SPECIES), s6 = DoubleVector.zero(SPECIES), s7 = DoubleVector.zero(SPECIES);
            for (int i = 0; i < whole; i += 16) {
                DoubleVector t0 = DoubleVector.fromArray(SPECIES, x, xo + i);
                s0 = t0.fma(t0, s0);
                DoubleVector t1 = DoubleVector.fromArray(SPECIES, x, xo + i + 2);
                s1 = t1.fma(t1, s1);
                DoubleVector t2 = DoubleVector.fromArray(SPECIES, x, xo + i + 4);
                s2 = t2.fma(t2, s2);
                DoubleVector t3 = DoubleVector.fromArray(SPECIES, x, xo + i + 6);
                s3 = t3.fma(t3, s3);
                DoubleVector t4 = DoubleVector.fromArray(SPECIES, x, xo + i + 8);
                s4 = t4.fma(t4, s4);
                DoubleVector t5 = DoubleVector.fromArray(SPECIES, x, xo + i + 10);
                s5 = t5.fma(t5, s5);
                DoubleVector t6 = DoubleVector.fromArray(SPECIES, x, xo + i + 12);
                s6 = t6.fma(t6, s6);
                DoubleVector t7 = DoubleVector.fromArray(SPECIES, x, xo + i + 14);
                s7 = t7.fma(t7, s7);
            }
            EXACT.cast(s0).intoArray(lanes, 0);
            EXACT.cast(s1).intoArray(lanes, 2);
            EXACT.cast(s2).intoArray(lanes, 4);
            EXACT.cast(s3).intoArray(lanes, 6);
            EXACT.cast(s4).intoArray(lanes, 8);
            EXACT.cast(s5).intoArray(lanes, 10);
            EXACT.cast(s6).intoArray(lanes, 12);
            EXACT.cast(s7).intoArray(lanes, 14);
        }
        for (int i = whole; i < n; i++) {
            lanes[i - whole] = Math.fma(x[xo + i], x[xo + i], lanes[i - whole]);
        }
        return folded(lanes);
    }

    /** Fewer terms than lanes: each lane holds one term or +0. */
    static double sumOfFew(double[] x, int xo, int n) {
        if (n <= VIRTUAL / 2) {
            // No term is −0 after 0 was added, so that the upper lanes' +0 change nothing.
            return lane(x, xo, n, 0) + lane(x, xo, n, 4) + (lane(x, xo, n, 2) + lane(x, xo, n, 6))
                    + (lane(x, xo, n, 1) + lane(x, xo, n, 5) + (lane(x, xo, n, 3) + lane(x, xo, n, 7)));
        }
        double a = lane(x, xo, n, 0) + lane(x, xo, n, 8) + (lane(x, xo, n, 4) + lane(x, xo, n, 12));
        double b = lane(x, xo, n, 1) + lane(x, xo, n, 9) + (lane(x, xo, n, 5) + lane(x, xo, n, 13));
        double c = lane(x, xo, n, 2) + lane(x, xo, n, 10) + (lane(x, xo, n, 6) + lane(x, xo, n, 14));
        double d = lane(x, xo, n, 3) + lane(x, xo, n, 11) + (lane(x, xo, n, 7) + lane(x, xo, n, 15));
        return a + c + (b + d);
    }

    private static double lane(double[] x, int xo, int n, int lane) {
        return lane < n ? 0 + x[xo + lane] : 0;
    }

    /** The sixteen lanes folded by halves. */
    static double folded(double[] s) {
        double a = s[0] + s[8] + (s[4] + s[12]);
        double b = s[1] + s[9] + (s[5] + s[13]);
        double c = s[2] + s[10] + (s[6] + s[14]);
        double d = s[3] + s[11] + (s[7] + s[15]);
        return a + c + (b + d);
    }

    /** The largest term, NaN when there is one, −∞ when there is none. */
    static double max(double[] x, int xo, int n) {
        double max = Double.NEGATIVE_INFINITY;
        int i = 0;
        if (n >= 2 * LANES) {
            DoubleVector s = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
            for (; i <= n - LANES; i += LANES) {
                s = DoubleVector.fromArray(SPECIES, x, xo + i).max(s);
            }
            double[] lanes = new double[LANES];
            EXACT.cast(s).intoArray(lanes, 0);
            for (double lane : lanes) {
                max = Math.max(max, lane);
            }
        }
        for (; i < n; i++) {
            max = Math.max(max, x[xo + i]);
        }
        return max;
    }

    /** The smallest term, NaN when there is one, +∞ when there is none. */
    static double min(double[] x, int xo, int n) {
        double min = Double.POSITIVE_INFINITY;
        int i = 0;
        if (n >= 2 * LANES) {
            DoubleVector s = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
            for (; i <= n - LANES; i += LANES) {
                s = DoubleVector.fromArray(SPECIES, x, xo + i).min(s);
            }
            double[] lanes = new double[LANES];
            EXACT.cast(s).intoArray(lanes, 0);
            for (double lane : lanes) {
                min = Math.min(min, lane);
            }
        }
        for (; i < n; i++) {
            min = Math.min(min, x[xo + i]);
        }
        return min;
    }

    /** {@code y[yo + j] = max or min of itself and x[xo + j]}. */
    static void extremes(boolean max, double[] x, int xo, int n, double[] y, int yo) {
        int whole = n & -LANES;
        if (max) {
            for (int j = 0; j < whole; j += LANES) {
                DoubleVector.fromArray(SPECIES, x, xo + j).max(DoubleVector.fromArray(SPECIES, y, yo + j)).intoArray(y, yo + j);
            }
        } else {
            for (int j = 0; j < whole; j += LANES) {
                DoubleVector.fromArray(SPECIES, x, xo + j).min(DoubleVector.fromArray(SPECIES, y, yo + j)).intoArray(y, yo + j);
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
    static void sumColumns(boolean squares, double[] x, int xo, int xs, int rows, int n, double[] lanes, double[] y, int yo) {
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
    private static void sumColumns(boolean squares, double[] x, int xo, int xs, int first, int rows, int n, double[] lanes, double[] y, int yo) {
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
    private static void addEight(double[] x, int xo, int xs, int rows, double[] lanes, int to) {
        DoubleVector s0 = DoubleVector.zero(SPECIES), s1 = DoubleVector.zero(SPECIES), s2 = DoubleVector.zero(SPECIES), s3 = DoubleVector.zero(SPECIES);
        DoubleVector s4 = DoubleVector.zero(SPECIES), s5 = DoubleVector.zero(SPECIES), s6 = DoubleVector.zero(SPECIES), s7 = DoubleVector.zero(SPECIES);
        for (int i = 0, at = xo; i < rows; i += VIRTUAL, at += VIRTUAL * xs) {
            s0 = DoubleVector.fromArray(SPECIES, x, at).add(s0);
            s1 = DoubleVector.fromArray(SPECIES, x, at + xs).add(s1);
            s2 = DoubleVector.fromArray(SPECIES, x, at + 2 * xs).add(s2);
            s3 = DoubleVector.fromArray(SPECIES, x, at + 3 * xs).add(s3);
            s4 = DoubleVector.fromArray(SPECIES, x, at + 4 * xs).add(s4);
            s5 = DoubleVector.fromArray(SPECIES, x, at + 5 * xs).add(s5);
            s6 = DoubleVector.fromArray(SPECIES, x, at + 6 * xs).add(s6);
            s7 = DoubleVector.fromArray(SPECIES, x, at + 7 * xs).add(s7);
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
    private static void add(double[] x, int xo, int n, double[] s, int so) {
        int whole = n & -LANES;
        for (int j = 0; j < whole; j += LANES) {
            DoubleVector.fromArray(SPECIES, s, so + j).add(DoubleVector.fromArray(SPECIES, x, xo + j)).intoArray(s, so + j);
        }
        for (int j = whole; j < n; j++) {
            s[so + j] += x[xo + j];
        }
    }

    private static void addSquares(double[] x, int xo, int n, double[] s, int so) {
        int whole = n & -LANES;
        for (int j = 0; j < whole; j += LANES) {
            DoubleVector t = DoubleVector.fromArray(SPECIES, x, xo + j);
            t.fma(t, DoubleVector.fromArray(SPECIES, s, so + j)).intoArray(s, so + j);
        }
        for (int j = whole; j < n; j++) {
            s[so + j] = Math.fma(x[xo + j], x[xo + j], s[so + j]);
        }
    }
}
