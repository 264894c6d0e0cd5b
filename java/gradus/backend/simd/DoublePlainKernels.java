package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PlainKernels} of float64.
 *
 * <p>{@code chainPxV} computes P pixels of V vectors of target channels: a term costs V loads of weights, P broadcasts of the source and P·V fused multiply-adds. {@code outerRxV}
 * computes the weights between R channels of one image and V vectors of channels of the other, for one tap: lanes of one, broadcasts of the other. What sticks out
 * repeats the last: computed twice, the bits are the same twice.
 */
final class DoublePlainKernels extends PlainKernels<double[]> {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int W = SPECIES.length();
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);
    /** An operand, not a start: see {@link DoubleConvKernels}. */
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);

    DoublePlainKernels() {
        super(W);
    }

    @Override
    void chain(int vectors, int[] in, int[] out, int[] source, int[] weight, double[] x, int xo, double[] w, int wo, double[] start, int so, double[] y, int yo) {
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
    void chainSideBySide(int side, int vectors, int[] in, int[] out, int[] source, double[] x, int xo, double[] w, int wo, double[] start, int so, double[] y, int yo) {
        if (vectors == 1) {
            DoublePlainRows.chain12x1(in, out, source, x, xo, w, wo, start, so, y, yo);
        } else if (side == 12) {
            DoublePlainRows.chain12x2(in, out, source, x, xo, w, wo, start, so, y, yo);
        } else {
            DoublePlainRows.chain6x2(in, out, source, x, xo, w, wo, start, so, y, yo);
        }
    }

    /** Six pixels by two vectors of channels. */
    private static void chain6x2(int from, int count, int[] in, int[] out, int[] source, int[] weight, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo) {
        for (int q = from; q < count; q += 6) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1), q4 = Math.min(q + 4, count - 1);
            int q5 = Math.min(q + 5, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3], x4 = xo + in[q4], x5 = xo + in[q5];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
            DoubleVector c01 = DoubleVector.fromArray(SPECIES, start, so + W), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * (2 * W);
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, t + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, x[x2 + s]);
                c20 = w0.fma(u2, c20); c21 = w1.fma(u2, c21);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, x[x3 + s]);
                c30 = w0.fma(u3, c30); c31 = w1.fma(u3, c31);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, x[x4 + s]);
                c40 = w0.fma(u4, c40); c41 = w1.fma(u4, c41);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, x[x5 + s]);
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
    private static void chain2x2(int from, int count, int[] in, int[] out, int[] source, int[] weight, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo) {
        for (int q = from; q < count; q += 2) {
            int q1 = Math.min(q + 1, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00;
            DoubleVector c01 = DoubleVector.fromArray(SPECIES, start, so + W), c11 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * (2 * W);
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, t + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
            }
            int y0 = yo + out[q] * (2 * W);
            int y1 = yo + out[q1] * (2 * W);
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y0 + W);
            EXACT.cast(c10).intoArray(y, y1); EXACT.cast(c11).intoArray(y, y1 + W);
        }
    }

    /** Eight pixels by a vector of channels. */
    private static void chain8x1(int from, int count, int[] in, int[] out, int[] source, int[] weight, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo) {
        for (int q = from; q < count; q += 8) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1), q4 = Math.min(q + 4, count - 1);
            int q5 = Math.min(q + 5, count - 1), q6 = Math.min(q + 6, count - 1), q7 = Math.min(q + 7, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3], x4 = xo + in[q4], x5 = xo + in[q5];
            int x6 = xo + in[q6], x7 = xo + in[q7];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * W;
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, x[x2 + s]);
                c20 = w0.fma(u2, c20);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, x[x3 + s]);
                c30 = w0.fma(u3, c30);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, x[x4 + s]);
                c40 = w0.fma(u4, c40);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, x[x5 + s]);
                c50 = w0.fma(u5, c50);
                DoubleVector u6 = DoubleVector.broadcast(SPECIES, x[x6 + s]);
                c60 = w0.fma(u6, c60);
                DoubleVector u7 = DoubleVector.broadcast(SPECIES, x[x7 + s]);
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
    private static void chain2x1(int from, int count, int[] in, int[] out, int[] source, int[] weight, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo) {
        for (int q = from; q < count; q += 2) {
            int q1 = Math.min(q + 1, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00;
            for (int k = 0; k < source.length; k++) {
                int s = source[k];
                int t = wo + weight[k] * W;
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[x0 + s]);
                c00 = w0.fma(u0, c00);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[x1 + s]);
                c10 = w0.fma(u1, c10);
            }
            int y0 = yo + out[q] * W;
            int y1 = yo + out[q1] * W;
            EXACT.cast(c00).intoArray(y, y0);
            EXACT.cast(c10).intoArray(y, y1);
        }
    }

    @Override
    void outer(int vectors, int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
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
    private static void outer8x2(int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane, p4 = Math.min(4, last) * bPlane;
        int p5 = Math.min(5, last) * bPlane, p6 = Math.min(6, last) * bPlane, p7 = Math.min(7, last) * bPlane;
        DoubleVector c00 = DoubleVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        DoubleVector c01 = DoubleVector.zero(SPECIES), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, s);
                DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, s + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00); c01 = a1.fma(u0, c01);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10); c11 = a1.fma(u1, c11);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20); c21 = a1.fma(u2, c21);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30); c31 = a1.fma(u3, c31);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, b[t + p4]);
                c40 = a0.fma(u4, c40); c41 = a1.fma(u4, c41);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, b[t + p5]);
                c50 = a0.fma(u5, c50); c51 = a1.fma(u5, c51);
                DoubleVector u6 = DoubleVector.broadcast(SPECIES, b[t + p6]);
                c60 = a0.fma(u6, c60); c61 = a1.fma(u6, c61);
                DoubleVector u7 = DoubleVector.broadcast(SPECIES, b[t + p7]);
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
    private static void outer4x2(int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane;
        DoubleVector c00 = DoubleVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00;
        DoubleVector c01 = DoubleVector.zero(SPECIES), c11 = c01, c21 = c01, c31 = c01;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, s);
                DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, s + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00); c01 = a1.fma(u0, c01);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10); c11 = a1.fma(u1, c11);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20); c21 = a1.fma(u2, c21);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, b[t + p3]);
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
    private static void outer1x2(int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        DoubleVector c01 = DoubleVector.zero(SPECIES);
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, s);
                DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, s + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00); c01 = a1.fma(u0, c01);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c01)).intoArray(c, co + W);
    }

    /** Eight channels against a vector. */
    private static void outer8x1(int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane, p4 = Math.min(4, last) * bPlane;
        int p5 = Math.min(5, last) * bPlane, p6 = Math.min(6, last) * bPlane, p7 = Math.min(7, last) * bPlane;
        DoubleVector c00 = DoubleVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, s);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, b[t + p4]);
                c40 = a0.fma(u4, c40);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, b[t + p5]);
                c50 = a0.fma(u5, c50);
                DoubleVector u6 = DoubleVector.broadcast(SPECIES, b[t + p6]);
                c60 = a0.fma(u6, c60);
                DoubleVector u7 = DoubleVector.broadcast(SPECIES, b[t + p7]);
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
    private static void outer4x1(int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
        int p1 = Math.min(1, last) * bPlane, p2 = Math.min(2, last) * bPlane, p3 = Math.min(3, last) * bPlane;
        DoubleVector c00 = DoubleVector.zero(SPECIES), c10 = c00, c20 = c00, c30 = c00;
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, s);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, b[t + p1]);
                c10 = a0.fma(u1, c10);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, b[t + p2]);
                c20 = a0.fma(u2, c20);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, b[t + p3]);
                c30 = a0.fma(u3, c30);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
        EXACT.cast(ZERO.add(c10)).intoArray(c, co + Math.min(1, last) * cStep);
        EXACT.cast(ZERO.add(c20)).intoArray(c, co + Math.min(2, last) * cStep);
        EXACT.cast(ZERO.add(c30)).intoArray(c, co + Math.min(3, last) * cStep);
    }

    /** One channel against a vector. */
    private static void outer1x1(int rows, int pixels, double[] a, int ao, int aRow, int aPixel, double[] b, int bo, int bRow, int bPixel, int bPlane, int last,
            double[] c, int co, int cStep) {
        DoubleVector c00 = DoubleVector.zero(SPECIES);
        for (int i = 0; i < rows; i++) {
            int s = ao + i * aRow;
            int t = bo + i * bRow;
            for (int j = 0; j < pixels; j++, s += aPixel, t += bPixel) {
                DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, s);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, b[t]);
                c00 = a0.fma(u0, c00);
            }
        }
        EXACT.cast(ZERO.add(c00)).intoArray(c, co);
    }

    // Four chains at a time, for one alone waits for each addition.
    @Override
    void sums(int from, int to, int places, double[] x, int xo, double[] y, int yo) {
        for (int p = from; p < to; p += 4) {
            int p1 = Math.min(p + 1, to - 1), p2 = Math.min(p + 2, to - 1), p3 = Math.min(p + 3, to - 1);
            int x0 = xo + p * places, x1 = xo + p1 * places, x2 = xo + p2 * places, x3 = xo + p3 * places;
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
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
    void squares(int from, int to, int places, double[] x, int xo, double[] mean, int channels, double[] y, int yo) {
        for (int p = from; p < to; p += 4) {
            int p1 = Math.min(p + 1, to - 1), p2 = Math.min(p + 2, to - 1), p3 = Math.min(p + 3, to - 1);
            int at0 = p * places, at1 = p1 * places, at2 = p2 * places, at3 = p3 * places;
            double m0 = mean[p % channels], m1 = mean[p1 % channels], m2 = mean[p2 % channels], m3 = mean[p3 % channels];
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = 0; i < places; i++) {
                double d0 = x[xo + at0 + i] - m0, d1 = x[xo + at1 + i] - m1, d2 = x[xo + at2 + i] - m2, d3 = x[xo + at3 + i] - m3;
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
    void products(int from, int to, int places, double[] g, int go, double[] x, int xo, double[] mean, int channels, double[] y, int yo) {
        for (int p = from; p < to; p += 4) {
            int p1 = Math.min(p + 1, to - 1), p2 = Math.min(p + 2, to - 1), p3 = Math.min(p + 3, to - 1);
            int at0 = p * places, at1 = p1 * places, at2 = p2 * places, at3 = p3 * places;
            double m0 = mean[p % channels], m1 = mean[p1 % channels], m2 = mean[p2 % channels], m3 = mean[p3 % channels];
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = 0; i < places; i++) {
                double d0 = x[xo + at0 + i] - m0, d1 = x[xo + at1 + i] - m1, d2 = x[xo + at2 + i] - m2, d3 = x[xo + at3 + i] - m3;
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
    void twice(int height, int width, double[] x, int xo, double[] y, int yo) {
        for (int i = 0; i < height * width; i++) {
            int top = yo + 4 * (i / width) * width + 2 * (i % width);
            double v = x[xo + i];
            y[top] = v;
            y[top + 1] = v;
            y[top + 2 * width] = v;
            y[top + 2 * width + 1] = v;
        }
    }

    @Override
    void twiceSums(int height, int width, double[] x, int xo, double[] y, int yo) {
        for (int i = 0; i < height * width; i++) {
            int top = xo + 4 * (i / width) * width + 2 * (i % width);
            y[yo + i] = 0 + x[top] + x[top + 1] + x[top + 2 * width] + x[top + 2 * width + 1];
        }
    }
}
