package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PlainKernels} of float32.
 *
 * <p>{@code chainPxV} computes P pixels of V vectors of target channels: a term costs V loads of weights, P broadcasts of the source and P·V fused multiply-adds. {@code outerRxV}
 * computes the weights between R channels of one image and V vectors of channels of the other, for one tap: lanes of one, broadcasts of the other. What sticks out
 * repeats the last: computed twice, the bits are the same twice.
 */
final class FloatPlainKernels extends PlainKernels<float[]> {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int W = SPECIES.length();
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);
    /** An operand, not a start: see {@link FloatConvKernels}. */
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    FloatPlainKernels() {
        super(W);
    }

    @Override
    void chain(int vectors, int[] in, int[] out, int[] source, int[] weight, float[] x, int xo, float[] w, int wo, float[] start, int so, float[] y, int yo) {
        int count = in.length;
        if (vectors == 2) {
            int whole = count % 6 > 3 ? count : count - count % 6;
            chain6x2(0, whole, in, out, source, weight, x, xo, w, wo, start, so, y, yo);
            chain2x2(whole, count, in, out, source, weight, x, xo, w, wo, start, so, y, yo);
        } else {
            int whole = count % 8 > 2 ? count : count - count % 8;
            chain8x1(0, whole, in, out, source, weight, x, xo, w, wo, start, so, y, yo);
            chain2x1(whole, count, in, out, source, weight, x, xo, w, wo, start, so, y, yo);
        }
    }

    @Override
    void chainSideBySide(int side, int vectors, int[] in, int[] out, int[] source, float[] x, int xo, float[] w, int wo, float[] start, int so, float[] y, int yo) {
        if (vectors == 1) {
            FloatPlainRows.chain12x1(in, out, source, x, xo, w, wo, start, so, y, yo);
        } else if (side == 12) {
            FloatPlainRows.chain12x2(in, out, source, x, xo, w, wo, start, so, y, yo);
        } else {
            FloatPlainRows.chain6x2(in, out, source, x, xo, w, wo, start, so, y, yo);
        }
    }

    /** Six pixels by two vectors of channels. */
    private static void chain6x2(int from, int count, int[] in, int[] out, int[] source, int[] weight, float[] x, int xo, float[] w, int wo,
            float[] start, int so, float[] y, int yo) {
        for (int q = from; q < count; q += 6) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1), q4 = Math.min(q + 4, count - 1);
            int q5 = Math.min(q + 5, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3], x4 = xo + in[q4], x5 = xo + in[q5];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
            FloatVector c01 = FloatVector.fromArray(SPECIES, start, so + W), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * (2 * W);
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector w1 = FloatVector.fromArray(SPECIES, w, t + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
                FloatVector u2 = FloatVector.broadcast(SPECIES, x[x2 + s]);
                c20 = w0.fma(u2, c20); c21 = w1.fma(u2, c21);
                FloatVector u3 = FloatVector.broadcast(SPECIES, x[x3 + s]);
                c30 = w0.fma(u3, c30); c31 = w1.fma(u3, c31);
                FloatVector u4 = FloatVector.broadcast(SPECIES, x[x4 + s]);
                c40 = w0.fma(u4, c40); c41 = w1.fma(u4, c41);
                FloatVector u5 = FloatVector.broadcast(SPECIES, x[x5 + s]);
                c50 = w0.fma(u5, c50); c51 = w1.fma(u5, c51);
            }
            int y0 = yo + out[q] * (2 * W);
            int y1 = yo + out[q1] * (2 * W);
            int y2 = yo + out[q2] * (2 * W);
            int y3 = yo + out[q3] * (2 * W);
            int y4 = yo + out[q4] * (2 * W);
            int y5 = yo + out[q5] * (2 * W);
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y0 + W);
            EXACT.cast(c10).intoArray(y, y1); EXACT.cast(c11).intoArray(y, y1 + W);
            EXACT.cast(c20).intoArray(y, y2); EXACT.cast(c21).intoArray(y, y2 + W);
            EXACT.cast(c30).intoArray(y, y3); EXACT.cast(c31).intoArray(y, y3 + W);
            EXACT.cast(c40).intoArray(y, y4); EXACT.cast(c41).intoArray(y, y4 + W);
            EXACT.cast(c50).intoArray(y, y5); EXACT.cast(c51).intoArray(y, y5 + W);
        }
    }

    /** Two pixels by two vectors of channels. */
    private static void chain2x2(int from, int count, int[] in, int[] out, int[] source, int[] weight, float[] x, int xo, float[] w, int wo,
            float[] start, int so, float[] y, int yo) {
        for (int q = from; q < count; q += 2) {
            int q1 = Math.min(q + 1, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00;
            FloatVector c01 = FloatVector.fromArray(SPECIES, start, so + W), c11 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * (2 * W);
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector w1 = FloatVector.fromArray(SPECIES, w, t + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
            }
            int y0 = yo + out[q] * (2 * W);
            int y1 = yo + out[q1] * (2 * W);
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y0 + W);
            EXACT.cast(c10).intoArray(y, y1); EXACT.cast(c11).intoArray(y, y1 + W);
        }
    }

    /** Eight pixels by a vector of channels. */
    private static void chain8x1(int from, int count, int[] in, int[] out, int[] source, int[] weight, float[] x, int xo, float[] w, int wo,
            float[] start, int so, float[] y, int yo) {
        for (int q = from; q < count; q += 8) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1), q4 = Math.min(q + 4, count - 1);
            int q5 = Math.min(q + 5, count - 1), q6 = Math.min(q + 6, count - 1), q7 = Math.min(q + 7, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3], x4 = xo + in[q4], x5 = xo + in[q5];
            int x6 = xo + in[q6], x7 = xo + in[q7];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * W;
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10);
                FloatVector u2 = FloatVector.broadcast(SPECIES, x[x2 + s]);
                c20 = w0.fma(u2, c20);
                FloatVector u3 = FloatVector.broadcast(SPECIES, x[x3 + s]);
                c30 = w0.fma(u3, c30);
                FloatVector u4 = FloatVector.broadcast(SPECIES, x[x4 + s]);
                c40 = w0.fma(u4, c40);
                FloatVector u5 = FloatVector.broadcast(SPECIES, x[x5 + s]);
                c50 = w0.fma(u5, c50);
                FloatVector u6 = FloatVector.broadcast(SPECIES, x[x6 + s]);
                c60 = w0.fma(u6, c60);
                FloatVector u7 = FloatVector.broadcast(SPECIES, x[x7 + s]);
                c70 = w0.fma(u7, c70);
            }
            int y0 = yo + out[q] * W;
            int y1 = yo + out[q1] * W;
            int y2 = yo + out[q2] * W;
            int y3 = yo + out[q3] * W;
            int y4 = yo + out[q4] * W;
            int y5 = yo + out[q5] * W;
            int y6 = yo + out[q6] * W;
            int y7 = yo + out[q7] * W;
            EXACT.cast(c00).intoArray(y, y0);
            EXACT.cast(c10).intoArray(y, y1);
            EXACT.cast(c20).intoArray(y, y2);
            EXACT.cast(c30).intoArray(y, y3);
            EXACT.cast(c40).intoArray(y, y4);
            EXACT.cast(c50).intoArray(y, y5);
            EXACT.cast(c60).intoArray(y, y6);
            EXACT.cast(c70).intoArray(y, y7);
        }
    }

    /** Two pixels by a vector of channels. */
    private static void chain2x1(int from, int count, int[] in, int[] out, int[] source, int[] weight, float[] x, int xo, float[] w, int wo,
            float[] start, int so, float[] y, int yo) {
        for (int q = from; q < count; q += 2) {
            int q1 = Math.min(q + 1, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * W;
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10);
            }
            int y0 = yo + out[q] * W;
            int y1 = yo + out[q1] * W;
            EXACT.cast(c00).intoArray(y, y0);
            EXACT.cast(c10).intoArray(y, y1);
        }
    }

    @Override
    void outer(int vectors, int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        if (vectors == 2) {
            if (last == 0) {
                outer1x2(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, last, c, co, cStep);
            } else if (last < 4) {
                outer4x2(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, last, c, co, cStep);
            } else if (Lanes.MANY_REGISTERS) {
                outer8x2(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, last, c, co, cStep);
            } else {
                outer4x2(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, 3, c, co, cStep);
                outer4x2(rows, pixels, a, ao, aRow, aPixel, b, bo + 4 * bPlane, bRow, bPixel, bPlane, last - 4, c, co + 4 * cStep, cStep);
            }
        } else if (last == 0) {
            outer1x1(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, last, c, co, cStep);
        } else if (last < 4) {
            outer4x1(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, last, c, co, cStep);
        } else {
            outer8x1(rows, pixels, a, ao, aRow, aPixel, b, bo, bRow, bPixel, bPlane, last, c, co, cStep);
        }
    }

    /** Eight channels against two vectors. */
    private static void outer8x2(int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane, p4 = Math.min(4, last) * bPlane;
        int p5 = Math.min(5, last) * bPlane, p6 = Math.min(6, last) * bPlane, p7 = Math.min(7, last) * bPlane;
        FloatVector c00 = FloatVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        FloatVector c01 = FloatVector.zero(SPECIES), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                FloatVector a0 = FloatVector.fromArray(SPECIES, a, s);
                FloatVector a1 = FloatVector.fromArray(SPECIES, a, s + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00); c01 = a1.fma(u0, c01);
                FloatVector u1 = FloatVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10); c11 = a1.fma(u1, c11);
                FloatVector u2 = FloatVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20); c21 = a1.fma(u2, c21);
                FloatVector u3 = FloatVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30); c31 = a1.fma(u3, c31);
                FloatVector u4 = FloatVector.broadcast(SPECIES, b[t + p4]);
                c40 = a0.fma(u4, c40); c41 = a1.fma(u4, c41);
                FloatVector u5 = FloatVector.broadcast(SPECIES, b[t + p5]);
                c50 = a0.fma(u5, c50); c51 = a1.fma(u5, c51);
                FloatVector u6 = FloatVector.broadcast(SPECIES, b[t + p6]);
                c60 = a0.fma(u6, c60); c61 = a1.fma(u6, c61);
                FloatVector u7 = FloatVector.broadcast(SPECIES, b[t + p7]);
                c70 = a0.fma(u7, c70); c71 = a1.fma(u7, c71);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c01)).intoArray(c, co + W);
        EXACT.cast(ZERO.add(c10)).intoArray(c, co + Math.min(1, last) * cStep);
        EXACT.cast(ZERO.add(c11)).intoArray(c, co + Math.min(1, last) * cStep + W);
        EXACT.cast(ZERO.add(c20)).intoArray(c, co + Math.min(2, last) * cStep);
        EXACT.cast(ZERO.add(c21)).intoArray(c, co + Math.min(2, last) * cStep + W);
        EXACT.cast(ZERO.add(c30)).intoArray(c, co + Math.min(3, last) * cStep);
        EXACT.cast(ZERO.add(c31)).intoArray(c, co + Math.min(3, last) * cStep + W);
        EXACT.cast(ZERO.add(c40)).intoArray(c, co + Math.min(4, last) * cStep);
        EXACT.cast(ZERO.add(c41)).intoArray(c, co + Math.min(4, last) * cStep + W);
        EXACT.cast(ZERO.add(c50)).intoArray(c, co + Math.min(5, last) * cStep);
        EXACT.cast(ZERO.add(c51)).intoArray(c, co + Math.min(5, last) * cStep + W);
        EXACT.cast(ZERO.add(c60)).intoArray(c, co + Math.min(6, last) * cStep);
        EXACT.cast(ZERO.add(c61)).intoArray(c, co + Math.min(6, last) * cStep + W);
        EXACT.cast(ZERO.add(c70)).intoArray(c, co + Math.min(7, last) * cStep);
        EXACT.cast(ZERO.add(c71)).intoArray(c, co + Math.min(7, last) * cStep + W);
    }

    /** Four channels against two vectors. */
    private static void outer4x2(int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane;
        FloatVector c00 = FloatVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00;
        FloatVector c01 = FloatVector.zero(SPECIES), c11 = c01, c21 = c01, c31 = c01;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                FloatVector a0 = FloatVector.fromArray(SPECIES, a, s);
                FloatVector a1 = FloatVector.fromArray(SPECIES, a, s + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00); c01 = a1.fma(u0, c01);
                FloatVector u1 = FloatVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10); c11 = a1.fma(u1, c11);
                FloatVector u2 = FloatVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20); c21 = a1.fma(u2, c21);
                FloatVector u3 = FloatVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30); c31 = a1.fma(u3, c31);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c01)).intoArray(c, co + W);
        EXACT.cast(ZERO.add(c10)).intoArray(c, co + Math.min(1, last) * cStep);
        EXACT.cast(ZERO.add(c11)).intoArray(c, co + Math.min(1, last) * cStep + W);
        EXACT.cast(ZERO.add(c20)).intoArray(c, co + Math.min(2, last) * cStep);
        EXACT.cast(ZERO.add(c21)).intoArray(c, co + Math.min(2, last) * cStep + W);
        EXACT.cast(ZERO.add(c30)).intoArray(c, co + Math.min(3, last) * cStep);
        EXACT.cast(ZERO.add(c31)).intoArray(c, co + Math.min(3, last) * cStep + W);
    }

    /** One channel against two vectors. */
    private static void outer1x2(int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                FloatVector a0 = FloatVector.fromArray(SPECIES, a, s);
                FloatVector a1 = FloatVector.fromArray(SPECIES, a, s + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00); c01 = a1.fma(u0, c01);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c01)).intoArray(c, co + W);
    }

    /** Eight channels against a vector. */
    private static void outer8x1(int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane, p4 = Math.min(4, last) * bPlane;
        int p5 = Math.min(5, last) * bPlane, p6 = Math.min(6, last) * bPlane, p7 = Math.min(7, last) * bPlane;
        FloatVector c00 = FloatVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                FloatVector a0 = FloatVector.fromArray(SPECIES, a, s);
                FloatVector u0 = FloatVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00);
                FloatVector u1 = FloatVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10);
                FloatVector u2 = FloatVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20);
                FloatVector u3 = FloatVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30);
                FloatVector u4 = FloatVector.broadcast(SPECIES, b[t + p4]);
                c40 = a0.fma(u4, c40);
                FloatVector u5 = FloatVector.broadcast(SPECIES, b[t + p5]);
                c50 = a0.fma(u5, c50);
                FloatVector u6 = FloatVector.broadcast(SPECIES, b[t + p6]);
                c60 = a0.fma(u6, c60);
                FloatVector u7 = FloatVector.broadcast(SPECIES, b[t + p7]);
                c70 = a0.fma(u7, c70);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c10)).intoArray(c, co + Math.min(1, last) * cStep);
        EXACT.cast(ZERO.add(c20)).intoArray(c, co + Math.min(2, last) * cStep);
        EXACT.cast(ZERO.add(c30)).intoArray(c, co + Math.min(3, last) * cStep);
        EXACT.cast(ZERO.add(c40)).intoArray(c, co + Math.min(4, last) * cStep);
        EXACT.cast(ZERO.add(c50)).intoArray(c, co + Math.min(5, last) * cStep);
        EXACT.cast(ZERO.add(c60)).intoArray(c, co + Math.min(6, last) * cStep);
        EXACT.cast(ZERO.add(c70)).intoArray(c, co + Math.min(7, last) * cStep);
    }

    /** Four channels against a vector. */
    private static void outer4x1(int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane;
        FloatVector c00 = FloatVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                FloatVector a0 = FloatVector.fromArray(SPECIES, a, s);
                FloatVector u0 = FloatVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00);
                FloatVector u1 = FloatVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10);
                FloatVector u2 = FloatVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20);
                FloatVector u3 = FloatVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c10)).intoArray(c, co + Math.min(1, last) * cStep);
        EXACT.cast(ZERO.add(c20)).intoArray(c, co + Math.min(2, last) * cStep);
        EXACT.cast(ZERO.add(c30)).intoArray(c, co + Math.min(3, last) * cStep);
    }

    /** One channel against a vector. */
    private static void outer1x1(int rows, int pixels, float[] a, int ao, int aRow, int aPixel, float[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            float[] c, int co, int cStep) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                FloatVector a0 = FloatVector.fromArray(SPECIES, a, s);
                FloatVector u0 = FloatVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
    }

    // Four chains at a time, for one alone waits for each addition.
    @Override
    void sums(int from, int to, int places, float[] x, int xo, float[] y, int yo) {
        for (int p = from; p < to; p += 4) {
            int p1 = Math.min(p + 1, to - 1), p2 = Math.min(p + 2, to - 1), p3 = Math.min(p + 3, to - 1);
            int x0 = xo + p * places, x1 = xo + p1 * places, x2 = xo + p2 * places, x3 = xo + p3 * places;
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = 0; i < places; i++) {
                s0 += x[x0 + i];
                s1 += x[x1 + i];
                s2 += x[x2 + i];
                s3 += x[x3 + i];
            }
            y[yo + p] = 0 + s0;
            y[yo + p1] = 0 + s1;
            y[yo + p2] = 0 + s2;
            y[yo + p3] = 0 + s3;
        }
    }

    @Override
    void squares(int from, int to, int places, float[] x, int xo, float[] mean, int channels, float[] y, int yo) {
        for (int p = from; p < to; p += 4) {
            int p1 = Math.min(p + 1, to - 1), p2 = Math.min(p + 2, to - 1), p3 = Math.min(p + 3, to - 1);
            int at0 = p * places, at1 = p1 * places, at2 = p2 * places, at3 = p3 * places;
            float m0 = mean[p % channels], m1 = mean[p1 % channels], m2 = mean[p2 % channels], m3 = mean[p3 % channels];
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = 0; i < places; i++) {
                float d0 = x[xo + at0 + i] - m0, d1 = x[xo + at1 + i] - m1, d2 = x[xo + at2 + i] - m2, d3 = x[xo + at3 + i] - m3;
                s0 = Math.fma(d0, d0, s0);
                s1 = Math.fma(d1, d1, s1);
                s2 = Math.fma(d2, d2, s2);
                s3 = Math.fma(d3, d3, s3);
            }
            y[yo + p] = 0 + s0;
            y[yo + p1] = 0 + s1;
            y[yo + p2] = 0 + s2;
            y[yo + p3] = 0 + s3;
        }
    }

    @Override
    void products(int from, int to, int places, float[] g, int go, float[] x, int xo, float[] mean, int channels, float[] y, int yo) {
        for (int p = from; p < to; p += 4) {
            int p1 = Math.min(p + 1, to - 1), p2 = Math.min(p + 2, to - 1), p3 = Math.min(p + 3, to - 1);
            int at0 = p * places, at1 = p1 * places, at2 = p2 * places, at3 = p3 * places;
            float m0 = mean[p % channels], m1 = mean[p1 % channels], m2 = mean[p2 % channels], m3 = mean[p3 % channels];
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = 0; i < places; i++) {
                float d0 = x[xo + at0 + i] - m0, d1 = x[xo + at1 + i] - m1, d2 = x[xo + at2 + i] - m2, d3 = x[xo + at3 + i] - m3;
                s0 = Math.fma(g[go + at0 + i], d0, s0);
                s1 = Math.fma(g[go + at1 + i], d1, s1);
                s2 = Math.fma(g[go + at2 + i], d2, s2);
                s3 = Math.fma(g[go + at3 + i], d3, s3);
            }
            y[yo + p] = 0 + s0;
            y[yo + p1] = 0 + s1;
            y[yo + p2] = 0 + s2;
            y[yo + p3] = 0 + s3;
        }
    }

    @Override
    void twice(int height, int width, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < height; i++) {
            FloatPairs.spread(x, xo + i * width, width, y, yo + 4 * i * width, yo + (4 * i + 2) * width);
        }
    }

    @Override
    void twiceSums(int height, int width, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < height; i++) {
            FloatPairs.sums(x, xo + 4 * i * width, xo + (4 * i + 2) * width, width, y, yo + i * width);
        }
    }
}
