package gradus.numerics;

import java.util.Arrays;
import java.util.Objects;

/**
 * The one order in which Gradus adds: the definition that every faster kernel reproduces bit for bit.
 *
 * <p>A sequence t₀ … tₙ₋₁ is cut into chunks of {@value #CHUNK} terms. Inside a chunk, {@value #LANES} virtual lanes start at +0; lane l takes the terms whose
 * place in the chunk is l modulo {@value #LANES}, in ascending order. The lanes are folded pairwise: s[l] += s[l + 8] for l &lt; 8, then + 4, + 2, + 1. The chunks'
 * results are added left to right, starting from +0. A plain sum adds each term; a dot product or a sum of squares takes it into its lane with one fused
 * multiply-add.
 *
 * <p>A term lies at {@code offset + i·stride}. Strides may be 0 or negative.
 */
public final class Sums {
    /** Terms per chunk. */
    public static final int CHUNK = 4096;
    /** Virtual lanes. */
    public static final int LANES = 16;

    private Sums() {
    }

    /**
     * Σ xᵢ over n terms; +0 for none.
     *
     * @throws IndexOutOfBoundsException if a term lies outside the array
     */
    public static float sum(float[] x, int offset, int stride, int n) {
        check(x.length, offset, stride, n);
        float total = 0;
        float[] lanes = new float[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            int count = Math.min(CHUNK, n - from);
            Arrays.fill(lanes, 0);
            for (int i = 0; i < count; i++) {
                lanes[i % LANES] += x[offset + (from + i) * stride];
            }
            total += fold(lanes);
        }
        return total;
    }

    /** Σ xᵢ in float64. */
    public static double sum(double[] x, int offset, int stride, int n) {
        check(x.length, offset, stride, n);
        double total = 0;
        double[] lanes = new double[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            int count = Math.min(CHUNK, n - from);
            Arrays.fill(lanes, 0);
            for (int i = 0; i < count; i++) {
                lanes[i % LANES] += x[offset + (from + i) * stride];
            }
            total += fold(lanes);
        }
        return total;
    }

    /**
     * Σ xᵢyᵢ over n terms, each lane one chain of fused multiply-adds; +0 for none.
     *
     * @throws IndexOutOfBoundsException if a term lies outside its array
     */
    public static float dot(float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride, int n) {
        check(x.length, xOffset, xStride, n);
        check(y.length, yOffset, yStride, n);
        float total = 0;
        float[] lanes = new float[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            int count = Math.min(CHUNK, n - from);
            Arrays.fill(lanes, 0);
            for (int i = 0; i < count; i++) {
                lanes[i % LANES] = Math.fma(x[xOffset + (from + i) * xStride], y[yOffset + (from + i) * yStride], lanes[i % LANES]);
            }
            total += fold(lanes);
        }
        return total;
    }

    /** Σ xᵢyᵢ in float64. */
    public static double dot(double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride, int n) {
        check(x.length, xOffset, xStride, n);
        check(y.length, yOffset, yStride, n);
        double total = 0;
        double[] lanes = new double[LANES];
        for (int from = 0; from < n; from += CHUNK) {
            int count = Math.min(CHUNK, n - from);
            Arrays.fill(lanes, 0);
            for (int i = 0; i < count; i++) {
                lanes[i % LANES] = Math.fma(x[xOffset + (from + i) * xStride], y[yOffset + (from + i) * yStride], lanes[i % LANES]);
            }
            total += fold(lanes);
        }
        return total;
    }

    /** Σ xᵢ², the dot product of a sequence with itself. */
    public static float sumOfSquares(float[] x, int offset, int stride, int n) {
        return dot(x, offset, stride, x, offset, stride, n);
    }

    /** Σ xᵢ² in float64. */
    public static double sumOfSquares(double[] x, int offset, int stride, int n) {
        return dot(x, offset, stride, x, offset, stride, n);
    }

    /** Folds {@value #LANES} lanes pairwise, in place, and returns the result. */
    public static float fold(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    /** Folds {@value #LANES} lanes pairwise, in place, and returns the result. */
    public static double fold(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    private static void check(int length, int offset, int stride, int n) {
        if (n < 0) {
            throw new IllegalArgumentException("sum: " + n + " terms");
        }
        if (n > 0) {
            Objects.checkIndex(offset, length);
            long last = offset + (n - 1L) * stride;
            if (last < 0 || last >= length) {
                throw new IndexOutOfBoundsException("sum: term " + (n - 1) + " of stride " + stride + " from " + offset + " lies at " + last
                        + ", outside an array of " + length);
            }
        }
    }
}
