package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of convolution in double precision.
 *
 * <p>{@code chainRxC} computes R output channels at C columns, where a column is a vector of samples at one pixel: {@code c[r, q] = start[r] + Σ w[k, r] · x[in[q] +
 * source[k]]}, one fma chain over the terms k. Lanes are samples, so a tap is a contiguous vector wherever it lies, padding is a shorter list of
 * terms, and nothing is masked. Each term costs C loads, R broadcasts and R·C fused multiply-adds: 8 × 3 and 4 × 6 run at 110 of 117 GFLOP/s, 8 × 2 at 87 and
 * 4 × 4 at 75, for these load, broadcast and check half as much again for as many multiplications.
 *
 * <p>{@code outerFxC} computes the weight gradient of one tap for F filters by C channels, lanes apart: {@code a[f, c] += y[f] · x[c]} over a box of pixels and samples.
 *
 * <p>What sticks out repeats the last row or column: computed twice, the bits are the same twice. Accumulators are cast to the exact class before
 * they are stored, as in {@link DoubleTiles}.
 */
final class DoubleConvTiles {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int W = SPECIES.length();
    private static final int STEP = gradus.backend.Convolutions.LANES;
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);

    private DoubleConvTiles() {
    }

    /** Eight channels by three columns, for machines with 32 vector registers. */
    static void chain8x3(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane, p4 = Math.min(4, last) * plane;
        int p5 = Math.min(5, last) * plane, p6 = Math.min(6, last) * plane, p7 = Math.min(7, last) * plane;
        for (int q = from; q < count; q += 3) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00, c02 = c00;
            DoubleVector c10 = DoubleVector.broadcast(SPECIES, start[so + 1]), c11 = c10, c12 = c10;
            DoubleVector c20 = DoubleVector.broadcast(SPECIES, start[so + 2]), c21 = c20, c22 = c20;
            DoubleVector c30 = DoubleVector.broadcast(SPECIES, start[so + 3]), c31 = c30, c32 = c30;
            DoubleVector c40 = DoubleVector.broadcast(SPECIES, start[so + 4]), c41 = c40, c42 = c40;
            DoubleVector c50 = DoubleVector.broadcast(SPECIES, start[so + 5]), c51 = c50, c52 = c50;
            DoubleVector c60 = DoubleVector.broadcast(SPECIES, start[so + 6]), c61 = c60, c62 = c60;
            DoubleVector c70 = DoubleVector.broadcast(SPECIES, start[so + 7]), c71 = c70, c72 = c70;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + s);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + s);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, x2 + s);
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                c00 = w0.fma(u0, c00); c01 = w0.fma(u1, c01); c02 = w0.fma(u2, c02);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                c10 = w1.fma(u0, c10); c11 = w1.fma(u1, c11); c12 = w1.fma(u2, c12);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
                c20 = w2.fma(u0, c20); c21 = w2.fma(u1, c21); c22 = w2.fma(u2, c22);
                DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[t + 3]);
                c30 = w3.fma(u0, c30); c31 = w3.fma(u1, c31); c32 = w3.fma(u2, c32);
                DoubleVector w4 = DoubleVector.broadcast(SPECIES, w[t + 4]);
                c40 = w4.fma(u0, c40); c41 = w4.fma(u1, c41); c42 = w4.fma(u2, c42);
                DoubleVector w5 = DoubleVector.broadcast(SPECIES, w[t + 5]);
                c50 = w5.fma(u0, c50); c51 = w5.fma(u1, c51); c52 = w5.fma(u2, c52);
                DoubleVector w6 = DoubleVector.broadcast(SPECIES, w[t + 6]);
                c60 = w6.fma(u0, c60); c61 = w6.fma(u1, c61); c62 = w6.fma(u2, c62);
                DoubleVector w7 = DoubleVector.broadcast(SPECIES, w[t + 7]);
                c70 = w7.fma(u0, c70); c71 = w7.fma(u1, c71); c72 = w7.fma(u2, c72);
            }
            int y0 = yo + out[q], y1 = yo + out[q1], y2 = yo + out[q2];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1); EXACT.cast(c02).intoArray(y, y2);
            EXACT.cast(c10).intoArray(y, y0 + p1); EXACT.cast(c11).intoArray(y, y1 + p1); EXACT.cast(c12).intoArray(y, y2 + p1);
            EXACT.cast(c20).intoArray(y, y0 + p2); EXACT.cast(c21).intoArray(y, y1 + p2); EXACT.cast(c22).intoArray(y, y2 + p2);
            EXACT.cast(c30).intoArray(y, y0 + p3); EXACT.cast(c31).intoArray(y, y1 + p3); EXACT.cast(c32).intoArray(y, y2 + p3);
            EXACT.cast(c40).intoArray(y, y0 + p4); EXACT.cast(c41).intoArray(y, y1 + p4); EXACT.cast(c42).intoArray(y, y2 + p4);
            EXACT.cast(c50).intoArray(y, y0 + p5); EXACT.cast(c51).intoArray(y, y1 + p5); EXACT.cast(c52).intoArray(y, y2 + p5);
            EXACT.cast(c60).intoArray(y, y0 + p6); EXACT.cast(c61).intoArray(y, y1 + p6); EXACT.cast(c62).intoArray(y, y2 + p6);
            EXACT.cast(c70).intoArray(y, y0 + p7); EXACT.cast(c71).intoArray(y, y1 + p7); EXACT.cast(c72).intoArray(y, y2 + p7);
        }
    }

    /** Eight channels by two columns, for machines with 32 vector registers: what threes leave over. */
    static void chain8x2(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane, p4 = Math.min(4, last) * plane;
        int p5 = Math.min(5, last) * plane, p6 = Math.min(6, last) * plane, p7 = Math.min(7, last) * plane;
        for (int q = from; q < count; q += 2) {
            int q1 = Math.min(q + 1, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00;
            DoubleVector c10 = DoubleVector.broadcast(SPECIES, start[so + 1]), c11 = c10;
            DoubleVector c20 = DoubleVector.broadcast(SPECIES, start[so + 2]), c21 = c20;
            DoubleVector c30 = DoubleVector.broadcast(SPECIES, start[so + 3]), c31 = c30;
            DoubleVector c40 = DoubleVector.broadcast(SPECIES, start[so + 4]), c41 = c40;
            DoubleVector c50 = DoubleVector.broadcast(SPECIES, start[so + 5]), c51 = c50;
            DoubleVector c60 = DoubleVector.broadcast(SPECIES, start[so + 6]), c61 = c60;
            DoubleVector c70 = DoubleVector.broadcast(SPECIES, start[so + 7]), c71 = c70;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + s);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + s);
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                c00 = w0.fma(u0, c00); c01 = w0.fma(u1, c01);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                c10 = w1.fma(u0, c10); c11 = w1.fma(u1, c11);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
                c20 = w2.fma(u0, c20); c21 = w2.fma(u1, c21);
                DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[t + 3]);
                c30 = w3.fma(u0, c30); c31 = w3.fma(u1, c31);
                DoubleVector w4 = DoubleVector.broadcast(SPECIES, w[t + 4]);
                c40 = w4.fma(u0, c40); c41 = w4.fma(u1, c41);
                DoubleVector w5 = DoubleVector.broadcast(SPECIES, w[t + 5]);
                c50 = w5.fma(u0, c50); c51 = w5.fma(u1, c51);
                DoubleVector w6 = DoubleVector.broadcast(SPECIES, w[t + 6]);
                c60 = w6.fma(u0, c60); c61 = w6.fma(u1, c61);
                DoubleVector w7 = DoubleVector.broadcast(SPECIES, w[t + 7]);
                c70 = w7.fma(u0, c70); c71 = w7.fma(u1, c71);
            }
            int y0 = yo + out[q], y1 = yo + out[q1];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1);
            EXACT.cast(c10).intoArray(y, y0 + p1); EXACT.cast(c11).intoArray(y, y1 + p1);
            EXACT.cast(c20).intoArray(y, y0 + p2); EXACT.cast(c21).intoArray(y, y1 + p2);
            EXACT.cast(c30).intoArray(y, y0 + p3); EXACT.cast(c31).intoArray(y, y1 + p3);
            EXACT.cast(c40).intoArray(y, y0 + p4); EXACT.cast(c41).intoArray(y, y1 + p4);
            EXACT.cast(c50).intoArray(y, y0 + p5); EXACT.cast(c51).intoArray(y, y1 + p5);
            EXACT.cast(c60).intoArray(y, y0 + p6); EXACT.cast(c61).intoArray(y, y1 + p6);
            EXACT.cast(c70).intoArray(y, y0 + p7); EXACT.cast(c71).intoArray(y, y1 + p7);
        }
    }

    /** Four channels by six columns, for machines with 32 vector registers. */
    static void chain4x6(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane;
        for (int q = from; q < count; q += 6) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1), q4 = Math.min(q + 4, count - 1);
            int q5 = Math.min(q + 5, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3], x4 = xo + in[q4], x5 = xo + in[q5];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00, c02 = c00, c03 = c00, c04 = c00, c05 = c00;
            DoubleVector c10 = DoubleVector.broadcast(SPECIES, start[so + 1]), c11 = c10, c12 = c10, c13 = c10, c14 = c10, c15 = c10;
            DoubleVector c20 = DoubleVector.broadcast(SPECIES, start[so + 2]), c21 = c20, c22 = c20, c23 = c20, c24 = c20, c25 = c20;
            DoubleVector c30 = DoubleVector.broadcast(SPECIES, start[so + 3]), c31 = c30, c32 = c30, c33 = c30, c34 = c30, c35 = c30;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
                DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[t + 3]);
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + s);
                c00 = w0.fma(u0, c00); c10 = w1.fma(u0, c10); c20 = w2.fma(u0, c20); c30 = w3.fma(u0, c30);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + s);
                c01 = w0.fma(u1, c01); c11 = w1.fma(u1, c11); c21 = w2.fma(u1, c21); c31 = w3.fma(u1, c31);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, x2 + s);
                c02 = w0.fma(u2, c02); c12 = w1.fma(u2, c12); c22 = w2.fma(u2, c22); c32 = w3.fma(u2, c32);
                DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, x3 + s);
                c03 = w0.fma(u3, c03); c13 = w1.fma(u3, c13); c23 = w2.fma(u3, c23); c33 = w3.fma(u3, c33);
                DoubleVector u4 = DoubleVector.fromArray(SPECIES, x, x4 + s);
                c04 = w0.fma(u4, c04); c14 = w1.fma(u4, c14); c24 = w2.fma(u4, c24); c34 = w3.fma(u4, c34);
                DoubleVector u5 = DoubleVector.fromArray(SPECIES, x, x5 + s);
                c05 = w0.fma(u5, c05); c15 = w1.fma(u5, c15); c25 = w2.fma(u5, c25); c35 = w3.fma(u5, c35);
            }
            int y0 = yo + out[q], y1 = yo + out[q1], y2 = yo + out[q2], y3 = yo + out[q3], y4 = yo + out[q4], y5 = yo + out[q5];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1); EXACT.cast(c02).intoArray(y, y2); EXACT.cast(c03).intoArray(y, y3); EXACT.cast(c04).intoArray(y, y4); EXACT.cast(c05).intoArray(y, y5);
            EXACT.cast(c10).intoArray(y, y0 + p1); EXACT.cast(c11).intoArray(y, y1 + p1); EXACT.cast(c12).intoArray(y, y2 + p1); EXACT.cast(c13).intoArray(y, y3 + p1); EXACT.cast(c14).intoArray(y, y4 + p1); EXACT.cast(c15).intoArray(y, y5 + p1);
            EXACT.cast(c20).intoArray(y, y0 + p2); EXACT.cast(c21).intoArray(y, y1 + p2); EXACT.cast(c22).intoArray(y, y2 + p2); EXACT.cast(c23).intoArray(y, y3 + p2); EXACT.cast(c24).intoArray(y, y4 + p2); EXACT.cast(c25).intoArray(y, y5 + p2);
            EXACT.cast(c30).intoArray(y, y0 + p3); EXACT.cast(c31).intoArray(y, y1 + p3); EXACT.cast(c32).intoArray(y, y2 + p3); EXACT.cast(c33).intoArray(y, y3 + p3); EXACT.cast(c34).intoArray(y, y4 + p3); EXACT.cast(c35).intoArray(y, y5 + p3);
        }
    }

    /**
     * The same where columns, a multiple of six, lie side by side in x: one place with constant distances, which is checked twice and not six times. A step of {@link #chain4x6} has some
     * seventy instructions beside twelve cycles of multiplications.
     */
    static void chain4x6Dense(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane;
        for (int q = from; q < count; q += 6) {
            int at = xo + in[q];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00, c02 = c00, c03 = c00, c04 = c00, c05 = c00;
            DoubleVector c10 = DoubleVector.broadcast(SPECIES, start[so + 1]), c11 = c10, c12 = c10, c13 = c10, c14 = c10, c15 = c10;
            DoubleVector c20 = DoubleVector.broadcast(SPECIES, start[so + 2]), c21 = c20, c22 = c20, c23 = c20, c24 = c20, c25 = c20;
            DoubleVector c30 = DoubleVector.broadcast(SPECIES, start[so + 3]), c31 = c30, c32 = c30, c33 = c30, c34 = c30, c35 = c30;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
                DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[t + 3]);
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, at + s);
                c00 = w0.fma(u0, c00); c10 = w1.fma(u0, c10); c20 = w2.fma(u0, c20); c30 = w3.fma(u0, c30);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, at + s + 1 * W);
                c01 = w0.fma(u1, c01); c11 = w1.fma(u1, c11); c21 = w2.fma(u1, c21); c31 = w3.fma(u1, c31);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, at + s + 2 * W);
                c02 = w0.fma(u2, c02); c12 = w1.fma(u2, c12); c22 = w2.fma(u2, c22); c32 = w3.fma(u2, c32);
                DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, at + s + 3 * W);
                c03 = w0.fma(u3, c03); c13 = w1.fma(u3, c13); c23 = w2.fma(u3, c23); c33 = w3.fma(u3, c33);
                DoubleVector u4 = DoubleVector.fromArray(SPECIES, x, at + s + 4 * W);
                c04 = w0.fma(u4, c04); c14 = w1.fma(u4, c14); c24 = w2.fma(u4, c24); c34 = w3.fma(u4, c34);
                DoubleVector u5 = DoubleVector.fromArray(SPECIES, x, at + s + 5 * W);
                c05 = w0.fma(u5, c05); c15 = w1.fma(u5, c15); c25 = w2.fma(u5, c25); c35 = w3.fma(u5, c35);
            }
            int y0 = yo + out[q], y1 = yo + out[q + 1], y2 = yo + out[q + 2], y3 = yo + out[q + 3], y4 = yo + out[q + 4], y5 = yo + out[q + 5];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1); EXACT.cast(c02).intoArray(y, y2); EXACT.cast(c03).intoArray(y, y3); EXACT.cast(c04).intoArray(y, y4); EXACT.cast(c05).intoArray(y, y5);
            EXACT.cast(c10).intoArray(y, y0 + p1); EXACT.cast(c11).intoArray(y, y1 + p1); EXACT.cast(c12).intoArray(y, y2 + p1); EXACT.cast(c13).intoArray(y, y3 + p1); EXACT.cast(c14).intoArray(y, y4 + p1); EXACT.cast(c15).intoArray(y, y5 + p1);
            EXACT.cast(c20).intoArray(y, y0 + p2); EXACT.cast(c21).intoArray(y, y1 + p2); EXACT.cast(c22).intoArray(y, y2 + p2); EXACT.cast(c23).intoArray(y, y3 + p2); EXACT.cast(c24).intoArray(y, y4 + p2); EXACT.cast(c25).intoArray(y, y5 + p2);
            EXACT.cast(c30).intoArray(y, y0 + p3); EXACT.cast(c31).intoArray(y, y1 + p3); EXACT.cast(c32).intoArray(y, y2 + p3); EXACT.cast(c33).intoArray(y, y3 + p3); EXACT.cast(c34).intoArray(y, y4 + p3); EXACT.cast(c35).intoArray(y, y5 + p3);
        }
    }

    /** Four channels by four columns, for machines with 32 vector registers: what sixes leave over. */
    static void chain4x4(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane;
        for (int q = from; q < count; q += 4) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00, c02 = c00, c03 = c00;
            DoubleVector c10 = DoubleVector.broadcast(SPECIES, start[so + 1]), c11 = c10, c12 = c10, c13 = c10;
            DoubleVector c20 = DoubleVector.broadcast(SPECIES, start[so + 2]), c21 = c20, c22 = c20, c23 = c20;
            DoubleVector c30 = DoubleVector.broadcast(SPECIES, start[so + 3]), c31 = c30, c32 = c30, c33 = c30;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + s);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + s);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, x2 + s);
                DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, x3 + s);
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                c00 = w0.fma(u0, c00); c01 = w0.fma(u1, c01); c02 = w0.fma(u2, c02); c03 = w0.fma(u3, c03);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                c10 = w1.fma(u0, c10); c11 = w1.fma(u1, c11); c12 = w1.fma(u2, c12); c13 = w1.fma(u3, c13);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
                c20 = w2.fma(u0, c20); c21 = w2.fma(u1, c21); c22 = w2.fma(u2, c22); c23 = w2.fma(u3, c23);
                DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[t + 3]);
                c30 = w3.fma(u0, c30); c31 = w3.fma(u1, c31); c32 = w3.fma(u2, c32); c33 = w3.fma(u3, c33);
            }
            int y0 = yo + out[q], y1 = yo + out[q1], y2 = yo + out[q2], y3 = yo + out[q3];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1); EXACT.cast(c02).intoArray(y, y2); EXACT.cast(c03).intoArray(y, y3);
            EXACT.cast(c10).intoArray(y, y0 + p1); EXACT.cast(c11).intoArray(y, y1 + p1); EXACT.cast(c12).intoArray(y, y2 + p1); EXACT.cast(c13).intoArray(y, y3 + p1);
            EXACT.cast(c20).intoArray(y, y0 + p2); EXACT.cast(c21).intoArray(y, y1 + p2); EXACT.cast(c22).intoArray(y, y2 + p2); EXACT.cast(c23).intoArray(y, y3 + p2);
            EXACT.cast(c30).intoArray(y, y0 + p3); EXACT.cast(c31).intoArray(y, y1 + p3); EXACT.cast(c32).intoArray(y, y2 + p3); EXACT.cast(c33).intoArray(y, y3 + p3);
        }
    }

    /** Four channels by two columns, for machines with 16 vector registers. */
    static void chain4x2(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane;
        for (int q = from; q < count; q += 2) {
            int q1 = Math.min(q + 1, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00;
            DoubleVector c10 = DoubleVector.broadcast(SPECIES, start[so + 1]), c11 = c10;
            DoubleVector c20 = DoubleVector.broadcast(SPECIES, start[so + 2]), c21 = c20;
            DoubleVector c30 = DoubleVector.broadcast(SPECIES, start[so + 3]), c31 = c30;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + s);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + s);
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                c00 = w0.fma(u0, c00); c01 = w0.fma(u1, c01);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                c10 = w1.fma(u0, c10); c11 = w1.fma(u1, c11);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
                c20 = w2.fma(u0, c20); c21 = w2.fma(u1, c21);
                DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[t + 3]);
                c30 = w3.fma(u0, c30); c31 = w3.fma(u1, c31);
            }
            int y0 = yo + out[q], y1 = yo + out[q1];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1);
            EXACT.cast(c10).intoArray(y, y0 + p1); EXACT.cast(c11).intoArray(y, y1 + p1);
            EXACT.cast(c20).intoArray(y, y0 + p2); EXACT.cast(c21).intoArray(y, y1 + p2);
            EXACT.cast(c30).intoArray(y, y0 + p3); EXACT.cast(c31).intoArray(y, y1 + p3);
        }
    }

    /** One channel by eight columns. */
    static void chain1x8(int from, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        for (int q = from; q < count; q += 8) {
            int q1 = Math.min(q + 1, count - 1), q2 = Math.min(q + 2, count - 1), q3 = Math.min(q + 3, count - 1), q4 = Math.min(q + 4, count - 1);
            int q5 = Math.min(q + 5, count - 1), q6 = Math.min(q + 6, count - 1), q7 = Math.min(q + 7, count - 1);
            int x0 = xo + in[q], x1 = xo + in[q1], x2 = xo + in[q2], x3 = xo + in[q3], x4 = xo + in[q4], x5 = xo + in[q5], x6 = xo + in[q6], x7 = xo + in[q7];
            DoubleVector c00 = DoubleVector.broadcast(SPECIES, start[so]), c01 = c00, c02 = c00, c03 = c00, c04 = c00, c05 = c00, c06 = c00, c07 = c00;
            for (int k = 0; k < terms; k++) {
                int s = source[k];
                int t = wo + weightAt[k];
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + s);
                c00 = w0.fma(u0, c00);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + s);
                c01 = w0.fma(u1, c01);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, x2 + s);
                c02 = w0.fma(u2, c02);
                DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, x3 + s);
                c03 = w0.fma(u3, c03);
                DoubleVector u4 = DoubleVector.fromArray(SPECIES, x, x4 + s);
                c04 = w0.fma(u4, c04);
                DoubleVector u5 = DoubleVector.fromArray(SPECIES, x, x5 + s);
                c05 = w0.fma(u5, c05);
                DoubleVector u6 = DoubleVector.fromArray(SPECIES, x, x6 + s);
                c06 = w0.fma(u6, c06);
                DoubleVector u7 = DoubleVector.fromArray(SPECIES, x, x7 + s);
                c07 = w0.fma(u7, c07);
            }
            int y0 = yo + out[q], y1 = yo + out[q1], y2 = yo + out[q2], y3 = yo + out[q3], y4 = yo + out[q4], y5 = yo + out[q5], y6 = yo + out[q6], y7 = yo + out[q7];
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y1); EXACT.cast(c02).intoArray(y, y2); EXACT.cast(c03).intoArray(y, y3); EXACT.cast(c04).intoArray(y, y4); EXACT.cast(c05).intoArray(y, y5); EXACT.cast(c06).intoArray(y, y6); EXACT.cast(c07).intoArray(y, y7);
        }
    }

    /** Four filters by two channels, for machines with 16 vector registers: rows × pixels × vectors that lie {@code (yRow, yPixel, STEP)} apart in y and likewise in x. */
    static void outer4x2(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, double[] a, int ao) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane, f3 = yo + Math.min(3, lastFilter) * yPlane;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane;
        DoubleVector a00 = DoubleVector.fromArray(SPECIES, a, ao), a01 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP);
        DoubleVector a10 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP), a11 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP);
        DoubleVector a20 = DoubleVector.fromArray(SPECIES, a, ao + 4 * STEP), a21 = DoubleVector.fromArray(SPECIES, a, ao + 5 * STEP);
        DoubleVector a30 = DoubleVector.fromArray(SPECIES, a, ao + 6 * STEP), a31 = DoubleVector.fromArray(SPECIES, a, ao + 7 * STEP);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < pixels; j++) {
                int s = i * yRow + j * yPixel;
                int t = i * xRow + j * xPixel;
                for (int v = 0; v < vectors; v++, s += STEP, t += STEP) {
                    DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, h0 + t);
                    DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, h1 + t);
                    DoubleVector g0 = DoubleVector.fromArray(SPECIES, y, f0 + s);
                    a00 = g0.fma(u0, a00); a01 = g0.fma(u1, a01);
                    DoubleVector g1 = DoubleVector.fromArray(SPECIES, y, f1 + s);
                    a10 = g1.fma(u0, a10); a11 = g1.fma(u1, a11);
                    DoubleVector g2 = DoubleVector.fromArray(SPECIES, y, f2 + s);
                    a20 = g2.fma(u0, a20); a21 = g2.fma(u1, a21);
                    DoubleVector g3 = DoubleVector.fromArray(SPECIES, y, f3 + s);
                    a30 = g3.fma(u0, a30); a31 = g3.fma(u1, a31);
                }
            }
        }
        EXACT.cast(a00).intoArray(a, ao);
        EXACT.cast(a01).intoArray(a, ao + 1 * STEP);
        EXACT.cast(a10).intoArray(a, ao + 2 * STEP);
        EXACT.cast(a11).intoArray(a, ao + 3 * STEP);
        EXACT.cast(a20).intoArray(a, ao + 4 * STEP);
        EXACT.cast(a21).intoArray(a, ao + 5 * STEP);
        EXACT.cast(a30).intoArray(a, ao + 6 * STEP);
        EXACT.cast(a31).intoArray(a, ao + 7 * STEP);
    }

    /** Eight filters by one channel: rows × pixels × vectors that lie {@code (yRow, yPixel, STEP)} apart in y and likewise in x. */
    static void outer8x1(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, double[] a, int ao) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane, f3 = yo + Math.min(3, lastFilter) * yPlane;
        int f4 = yo + Math.min(4, lastFilter) * yPlane, f5 = yo + Math.min(5, lastFilter) * yPlane, f6 = yo + Math.min(6, lastFilter) * yPlane, f7 = yo + Math.min(7, lastFilter) * yPlane;
        int h0 = xo;
        DoubleVector a00 = DoubleVector.fromArray(SPECIES, a, ao);
        DoubleVector a10 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP);
        DoubleVector a20 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP);
        DoubleVector a30 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP);
        DoubleVector a40 = DoubleVector.fromArray(SPECIES, a, ao + 4 * STEP);
        DoubleVector a50 = DoubleVector.fromArray(SPECIES, a, ao + 5 * STEP);
        DoubleVector a60 = DoubleVector.fromArray(SPECIES, a, ao + 6 * STEP);
        DoubleVector a70 = DoubleVector.fromArray(SPECIES, a, ao + 7 * STEP);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < pixels; j++) {
                int s = i * yRow + j * yPixel;
                int t = i * xRow + j * xPixel;
                for (int v = 0; v < vectors; v++, s += STEP, t += STEP) {
                    DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, h0 + t);
                    a00 = DoubleVector.fromArray(SPECIES, y, f0 + s).fma(u0, a00);
                    a10 = DoubleVector.fromArray(SPECIES, y, f1 + s).fma(u0, a10);
                    a20 = DoubleVector.fromArray(SPECIES, y, f2 + s).fma(u0, a20);
                    a30 = DoubleVector.fromArray(SPECIES, y, f3 + s).fma(u0, a30);
                    a40 = DoubleVector.fromArray(SPECIES, y, f4 + s).fma(u0, a40);
                    a50 = DoubleVector.fromArray(SPECIES, y, f5 + s).fma(u0, a50);
                    a60 = DoubleVector.fromArray(SPECIES, y, f6 + s).fma(u0, a60);
                    a70 = DoubleVector.fromArray(SPECIES, y, f7 + s).fma(u0, a70);
                }
            }
        }
        EXACT.cast(a00).intoArray(a, ao);
        EXACT.cast(a10).intoArray(a, ao + 1 * STEP);
        EXACT.cast(a20).intoArray(a, ao + 2 * STEP);
        EXACT.cast(a30).intoArray(a, ao + 3 * STEP);
        EXACT.cast(a40).intoArray(a, ao + 4 * STEP);
        EXACT.cast(a50).intoArray(a, ao + 5 * STEP);
        EXACT.cast(a60).intoArray(a, ao + 6 * STEP);
        EXACT.cast(a70).intoArray(a, ao + 7 * STEP);
    }

    /** One filter by eight channels: rows × pixels × vectors that lie {@code (yRow, yPixel, STEP)} apart in y and likewise in x. */
    static void outer1x8(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, double[] a, int ao) {
        int f0 = yo;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane, h2 = xo + Math.min(2, lastChannel) * xPlane, h3 = xo + Math.min(3, lastChannel) * xPlane;
        int h4 = xo + Math.min(4, lastChannel) * xPlane, h5 = xo + Math.min(5, lastChannel) * xPlane, h6 = xo + Math.min(6, lastChannel) * xPlane, h7 = xo + Math.min(7, lastChannel) * xPlane;
        DoubleVector a00 = DoubleVector.fromArray(SPECIES, a, ao), a01 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP), a02 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP), a03 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP);
        DoubleVector a04 = DoubleVector.fromArray(SPECIES, a, ao + 4 * STEP), a05 = DoubleVector.fromArray(SPECIES, a, ao + 5 * STEP), a06 = DoubleVector.fromArray(SPECIES, a, ao + 6 * STEP), a07 = DoubleVector.fromArray(SPECIES, a, ao + 7 * STEP);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < pixels; j++) {
                int s = i * yRow + j * yPixel;
                int t = i * xRow + j * xPixel;
                for (int v = 0; v < vectors; v++, s += STEP, t += STEP) {
                    DoubleVector g0 = DoubleVector.fromArray(SPECIES, y, f0 + s);
                    a00 = g0.fma(DoubleVector.fromArray(SPECIES, x, h0 + t), a00);
                    a01 = g0.fma(DoubleVector.fromArray(SPECIES, x, h1 + t), a01);
                    a02 = g0.fma(DoubleVector.fromArray(SPECIES, x, h2 + t), a02);
                    a03 = g0.fma(DoubleVector.fromArray(SPECIES, x, h3 + t), a03);
                    a04 = g0.fma(DoubleVector.fromArray(SPECIES, x, h4 + t), a04);
                    a05 = g0.fma(DoubleVector.fromArray(SPECIES, x, h5 + t), a05);
                    a06 = g0.fma(DoubleVector.fromArray(SPECIES, x, h6 + t), a06);
                    a07 = g0.fma(DoubleVector.fromArray(SPECIES, x, h7 + t), a07);
                }
            }
        }
        EXACT.cast(a00).intoArray(a, ao);
        EXACT.cast(a01).intoArray(a, ao + 1 * STEP);
        EXACT.cast(a02).intoArray(a, ao + 2 * STEP);
        EXACT.cast(a03).intoArray(a, ao + 3 * STEP);
        EXACT.cast(a04).intoArray(a, ao + 4 * STEP);
        EXACT.cast(a05).intoArray(a, ao + 5 * STEP);
        EXACT.cast(a06).intoArray(a, ao + 6 * STEP);
        EXACT.cast(a07).intoArray(a, ao + 7 * STEP);
    }
}
