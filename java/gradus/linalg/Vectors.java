package gradus.linalg;

import gradus.backend.LinearKernels;
import gradus.backend.Workers;
import java.util.Arrays;

/** Operations on runs of a float64 array, in the order that the numeric contract fixes. */
final class Vectors {
    /** The loops that this machine runs; which ones these are never shows in a result. */
    static final LinearKernels KERNELS = LinearKernels.best();

    /** Below this many multiplications (25 µs) a second thread saves less than it costs when it comes late. */
    private static final int WORTH_SHARING = 200_000;
    private static final int ROWS_A_PIECE = 32;
    private static final int COLUMNS_A_PIECE = 128;

    private Vectors() {
    }

    /** Σ xᵢyᵢ by contract order. */
    static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        return KERNELS.dot(x, xOffset, y, yOffset, n);
    }

    /** y ← y + αx. */
    static void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        KERNELS.axpy(alpha, x, xOffset, y, yOffset, n);
    }

    /** x ← αx. */
    static void scale(double alpha, double[] x, int offset, int n) {
        KERNELS.scale(alpha, x, offset, n);
    }

    /** (x, y) ← (cx + sy, cy − sx). */
    static void rotate(double[] x, int xOffset, double[] y, int yOffset, int n, double c, double s) {
        KERNELS.rotate(x, xOffset, y, yOffset, n, c, s);
    }

    /** The largest magnitude in the run, 0 when it is empty; NaN when it holds one. */
    static double maxAbs(double[] x, int offset, int n) {
        return KERNELS.maxAbs(x, offset, n);
    }

    /** √Σx², the terms scaled by a power of two where one could overflow or vanish. */
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

    /** Copies a strided run into a dense one. */
    static void gather(double[] from, int offset, int stride, double[] to, int toOffset, int n) {
        for (int i = 0; i < n; i++) {
            to[toOffset + i] = from[offset + i * stride];
        }
    }

    /** Copies a dense run into a strided one. */
    static void scatter(double[] from, int fromOffset, double[] to, int offset, int stride, int n) {
        for (int i = 0; i < n; i++) {
            to[offset + i * stride] = from[fromOffset + i];
        }
    }

    /** y ← A·x for rows of n entries that begin {@code aStride} apart: each entry a {@link #dot}. */
    static void timesRows(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int n, double[] y, int yOffset, Workers workers) {
        if ((long) rows * n < WORTH_SHARING) {
            KERNELS.dots(a, aOffset, aStride, rows, x, xOffset, n, y, yOffset);
            return;
        }
        workers.forEach((rows + ROWS_A_PIECE - 1) / ROWS_A_PIECE, piece -> {
            int i = piece * ROWS_A_PIECE;
            KERNELS.dots(a, aOffset + i * aStride, aStride, Math.min(ROWS_A_PIECE, rows - i), x, xOffset, n, y, yOffset + i);
        });
    }

    /** y ← y + Aᵀ·x: each entry one fma chain over the rows. */
    static void addTransposedTimes(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int n, double[] y, int yOffset,
            Workers workers) {
        if ((long) rows * n < WORTH_SHARING) {
            KERNELS.combine(a, aOffset, aStride, rows, x, xOffset, 1, y, yOffset, n);
            return;
        }
        workers.forEach((n + COLUMNS_A_PIECE - 1) / COLUMNS_A_PIECE, piece -> {
            int j = piece * COLUMNS_A_PIECE;
            KERNELS.combine(a, aOffset + j, aStride, rows, x, xOffset, 1, y, yOffset + j, Math.min(COLUMNS_A_PIECE, n - j));
        });
    }

    /** The indices of the values in descending order; equal ones keep their order. */
    static int[] descending(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (i, j) -> Double.compare(values[j], values[i]));
        return Arrays.stream(order).mapToInt(i -> i).toArray();
    }
}
