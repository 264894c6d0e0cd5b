package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatPlainKernels#chain} where pixels lie side by side and have all terms: the inside of an image. A term costs a vector of weights or two, and numbers of the source that follow
 * each other in memory. With one place for all pixels, and weights at a place that the loop's own counter tells, no register is spilled and few bounds are left to
 * check in the loop: 12 × 1, 6 × 2 and 12 × 2 run at 143, 143 and 167 of 177 GFLOP/s where lists of pixels take 35 to 78.
 */
final class FloatPlainRows {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int W = SPECIES.length();
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatPlainRows() {
    }

    /** Twelve pixels by a vector of channels. */
    static void chain12x1(int[] in, int[] out, int[] source, float[] x, int xo, float[] w, int wo, float[] start, int so, float[] y, int yo) {
        for (int q = 0; q < in.length; q++) {
            int x0 = xo + in[q];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, ca0 = c00, cb0 = c00;
            for (int k = 0; k < source.length; k++) {
                int s = x0 + source[k];
                int t = wo + k * W;
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[s]);
                c00 = w0.fma(u0, c00);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[s + 1]);
                c10 = w0.fma(u1, c10);
                FloatVector u2 = FloatVector.broadcast(SPECIES, x[s + 2]);
                c20 = w0.fma(u2, c20);
                FloatVector u3 = FloatVector.broadcast(SPECIES, x[s + 3]);
                c30 = w0.fma(u3, c30);
                FloatVector u4 = FloatVector.broadcast(SPECIES, x[s + 4]);
                c40 = w0.fma(u4, c40);
                FloatVector u5 = FloatVector.broadcast(SPECIES, x[s + 5]);
                c50 = w0.fma(u5, c50);
                FloatVector u6 = FloatVector.broadcast(SPECIES, x[s + 6]);
                c60 = w0.fma(u6, c60);
                FloatVector u7 = FloatVector.broadcast(SPECIES, x[s + 7]);
                c70 = w0.fma(u7, c70);
                FloatVector u8 = FloatVector.broadcast(SPECIES, x[s + 8]);
                c80 = w0.fma(u8, c80);
                FloatVector u9 = FloatVector.broadcast(SPECIES, x[s + 9]);
                c90 = w0.fma(u9, c90);
                FloatVector ua = FloatVector.broadcast(SPECIES, x[s + 10]);
                ca0 = w0.fma(ua, ca0);
                FloatVector ub = FloatVector.broadcast(SPECIES, x[s + 11]);
                cb0 = w0.fma(ub, cb0);
            }
            int y0 = yo + out[q] * W;
            EXACT.cast(c00).intoArray(y, y0);
            EXACT.cast(c10).intoArray(y, y0 + W);
            EXACT.cast(c20).intoArray(y, y0 + 2 * W);
            EXACT.cast(c30).intoArray(y, y0 + 3 * W);
            EXACT.cast(c40).intoArray(y, y0 + 4 * W);
            EXACT.cast(c50).intoArray(y, y0 + 5 * W);
            EXACT.cast(c60).intoArray(y, y0 + 6 * W);
            EXACT.cast(c70).intoArray(y, y0 + 7 * W);
            EXACT.cast(c80).intoArray(y, y0 + 8 * W);
            EXACT.cast(c90).intoArray(y, y0 + 9 * W);
            EXACT.cast(ca0).intoArray(y, y0 + 10 * W);
            EXACT.cast(cb0).intoArray(y, y0 + 11 * W);
        }
    }

    /** Six pixels by two vectors of channels. */
    static void chain6x2(int[] in, int[] out, int[] source, float[] x, int xo, float[] w, int wo, float[] start, int so, float[] y, int yo) {
        for (int q = 0; q < in.length; q++) {
            int x0 = xo + in[q];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
            FloatVector c01 = FloatVector.fromArray(SPECIES, start, so + W), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = x0 + source[k];
                int t = wo + k * (2 * W);
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector w1 = FloatVector.fromArray(SPECIES, w, t + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[s + 1]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
                FloatVector u2 = FloatVector.broadcast(SPECIES, x[s + 2]);
                c20 = w0.fma(u2, c20); c21 = w1.fma(u2, c21);
                FloatVector u3 = FloatVector.broadcast(SPECIES, x[s + 3]);
                c30 = w0.fma(u3, c30); c31 = w1.fma(u3, c31);
                FloatVector u4 = FloatVector.broadcast(SPECIES, x[s + 4]);
                c40 = w0.fma(u4, c40); c41 = w1.fma(u4, c41);
                FloatVector u5 = FloatVector.broadcast(SPECIES, x[s + 5]);
                c50 = w0.fma(u5, c50); c51 = w1.fma(u5, c51);
            }
            int y0 = yo + out[q] * (2 * W);
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y0 + W);
            EXACT.cast(c10).intoArray(y, y0 + 2 * W); EXACT.cast(c11).intoArray(y, y0 + 3 * W);
            EXACT.cast(c20).intoArray(y, y0 + 4 * W); EXACT.cast(c21).intoArray(y, y0 + 5 * W);
            EXACT.cast(c30).intoArray(y, y0 + 6 * W); EXACT.cast(c31).intoArray(y, y0 + 7 * W);
            EXACT.cast(c40).intoArray(y, y0 + 8 * W); EXACT.cast(c41).intoArray(y, y0 + 9 * W);
            EXACT.cast(c50).intoArray(y, y0 + 10 * W); EXACT.cast(c51).intoArray(y, y0 + 11 * W);
        }
    }

    /** Twelve pixels by two vectors of channels. */
    static void chain12x2(int[] in, int[] out, int[] source, float[] x, int xo, float[] w, int wo, float[] start, int so, float[] y, int yo) {
        for (int q = 0; q < in.length; q++) {
            int x0 = xo + in[q];
            FloatVector c00 = FloatVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, ca0 = c00, cb0 = c00;
            FloatVector c01 = FloatVector.fromArray(SPECIES, start, so + W), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01, c81 = c01, c91 = c01, ca1 = c01, cb1 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = x0 + source[k];
                int t = wo + k * (2 * W);
                FloatVector w0 = FloatVector.fromArray(SPECIES, w, t);
                FloatVector w1 = FloatVector.fromArray(SPECIES, w, t + W);
                FloatVector u0 = FloatVector.broadcast(SPECIES, x[s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                FloatVector u1 = FloatVector.broadcast(SPECIES, x[s + 1]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
                FloatVector u2 = FloatVector.broadcast(SPECIES, x[s + 2]);
                c20 = w0.fma(u2, c20); c21 = w1.fma(u2, c21);
                FloatVector u3 = FloatVector.broadcast(SPECIES, x[s + 3]);
                c30 = w0.fma(u3, c30); c31 = w1.fma(u3, c31);
                FloatVector u4 = FloatVector.broadcast(SPECIES, x[s + 4]);
                c40 = w0.fma(u4, c40); c41 = w1.fma(u4, c41);
                FloatVector u5 = FloatVector.broadcast(SPECIES, x[s + 5]);
                c50 = w0.fma(u5, c50); c51 = w1.fma(u5, c51);
                FloatVector u6 = FloatVector.broadcast(SPECIES, x[s + 6]);
                c60 = w0.fma(u6, c60); c61 = w1.fma(u6, c61);
                FloatVector u7 = FloatVector.broadcast(SPECIES, x[s + 7]);
                c70 = w0.fma(u7, c70); c71 = w1.fma(u7, c71);
                FloatVector u8 = FloatVector.broadcast(SPECIES, x[s + 8]);
                c80 = w0.fma(u8, c80); c81 = w1.fma(u8, c81);
                FloatVector u9 = FloatVector.broadcast(SPECIES, x[s + 9]);
                c90 = w0.fma(u9, c90); c91 = w1.fma(u9, c91);
                FloatVector ua = FloatVector.broadcast(SPECIES, x[s + 10]);
                ca0 = w0.fma(ua, ca0); ca1 = w1.fma(ua, ca1);
                FloatVector ub = FloatVector.broadcast(SPECIES, x[s + 11]);
                cb0 = w0.fma(ub, cb0); cb1 = w1.fma(ub, cb1);
            }
            int y0 = yo + out[q] * (2 * W);
            EXACT.cast(c00).intoArray(y, y0); EXACT.cast(c01).intoArray(y, y0 + W);
            EXACT.cast(c10).intoArray(y, y0 + 2 * W); EXACT.cast(c11).intoArray(y, y0 + 3 * W);
            EXACT.cast(c20).intoArray(y, y0 + 4 * W); EXACT.cast(c21).intoArray(y, y0 + 5 * W);
            EXACT.cast(c30).intoArray(y, y0 + 6 * W); EXACT.cast(c31).intoArray(y, y0 + 7 * W);
            EXACT.cast(c40).intoArray(y, y0 + 8 * W); EXACT.cast(c41).intoArray(y, y0 + 9 * W);
            EXACT.cast(c50).intoArray(y, y0 + 10 * W); EXACT.cast(c51).intoArray(y, y0 + 11 * W);
            EXACT.cast(c60).intoArray(y, y0 + 12 * W); EXACT.cast(c61).intoArray(y, y0 + 13 * W);
            EXACT.cast(c70).intoArray(y, y0 + 14 * W); EXACT.cast(c71).intoArray(y, y0 + 15 * W);
            EXACT.cast(c80).intoArray(y, y0 + 16 * W); EXACT.cast(c81).intoArray(y, y0 + 17 * W);
            EXACT.cast(c90).intoArray(y, y0 + 18 * W); EXACT.cast(c91).intoArray(y, y0 + 19 * W);
            EXACT.cast(ca0).intoArray(y, y0 + 20 * W); EXACT.cast(ca1).intoArray(y, y0 + 21 * W);
            EXACT.cast(cb0).intoArray(y, y0 + 22 * W); EXACT.cast(cb1).intoArray(y, y0 + 23 * W);
        }
    }
}
