package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FloatPlainRows} in double precision. */
final class DoublePlainRows {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int W = SPECIES.length();
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);

    private DoublePlainRows() {
    }

    /** Twelve pixels by a vector of channels. */
    static void chain12x1(int[] in, int[] out, int[] source, double[] x, int xo, double[] w, int wo, double[] start, int so, double[] y, int yo) {
        for (int q = 0; q < in.length; q++) {
            int x0 = xo + in[q];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, ca0 = c00, cb0 = c00;
            for (int k = 0; k < source.length; k++) {
                int s = x0 + source[k];
                int t = wo + k * W;
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[s]);
                c00 = w0.fma(u0, c00);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[s + 1]);
                c10 = w0.fma(u1, c10);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, x[s + 2]);
                c20 = w0.fma(u2, c20);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, x[s + 3]);
                c30 = w0.fma(u3, c30);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, x[s + 4]);
                c40 = w0.fma(u4, c40);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, x[s + 5]);
                c50 = w0.fma(u5, c50);
                DoubleVector u6 = DoubleVector.broadcast(SPECIES, x[s + 6]);
                c60 = w0.fma(u6, c60);
                DoubleVector u7 = DoubleVector.broadcast(SPECIES, x[s + 7]);
                c70 = w0.fma(u7, c70);
                DoubleVector u8 = DoubleVector.broadcast(SPECIES, x[s + 8]);
                c80 = w0.fma(u8, c80);
                DoubleVector u9 = DoubleVector.broadcast(SPECIES, x[s + 9]);
                c90 = w0.fma(u9, c90);
                DoubleVector ua = DoubleVector.broadcast(SPECIES, x[s + 10]);
                ca0 = w0.fma(ua, ca0);
                DoubleVector ub = DoubleVector.broadcast(SPECIES, x[s + 11]);
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
    static void chain6x2(int[] in, int[] out, int[] source, double[] x, int xo, double[] w, int wo, double[] start, int so, double[] y, int yo) {
        for (int q = 0; q < in.length; q++) {
            int x0 = xo + in[q];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
            DoubleVector c01 = DoubleVector.fromArray(SPECIES, start, so + W), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = x0 + source[k];
                int t = wo + k * (2 * W);
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, t + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[s + 1]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, x[s + 2]);
                c20 = w0.fma(u2, c20); c21 = w1.fma(u2, c21);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, x[s + 3]);
                c30 = w0.fma(u3, c30); c31 = w1.fma(u3, c31);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, x[s + 4]);
                c40 = w0.fma(u4, c40); c41 = w1.fma(u4, c41);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, x[s + 5]);
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
    static void chain12x2(int[] in, int[] out, int[] source, double[] x, int xo, double[] w, int wo, double[] start, int so, double[] y, int yo) {
        for (int q = 0; q < in.length; q++) {
            int x0 = xo + in[q];
            DoubleVector c00 = DoubleVector.fromArray(SPECIES, start, so), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, ca0 = c00, cb0 = c00;
            DoubleVector c01 = DoubleVector.fromArray(SPECIES, start, so + W), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01, c81 = c01, c91 = c01, ca1 = c01, cb1 = c01;
            for (int k = 0; k < source.length; k++) {
                int s = x0 + source[k];
                int t = wo + k * (2 * W);
                DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, t);
                DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, t + W);
                DoubleVector u0 = DoubleVector.broadcast(SPECIES, x[s]);
                c00 = w0.fma(u0, c00); c01 = w1.fma(u0, c01);
                DoubleVector u1 = DoubleVector.broadcast(SPECIES, x[s + 1]);
                c10 = w0.fma(u1, c10); c11 = w1.fma(u1, c11);
                DoubleVector u2 = DoubleVector.broadcast(SPECIES, x[s + 2]);
                c20 = w0.fma(u2, c20); c21 = w1.fma(u2, c21);
                DoubleVector u3 = DoubleVector.broadcast(SPECIES, x[s + 3]);
                c30 = w0.fma(u3, c30); c31 = w1.fma(u3, c31);
                DoubleVector u4 = DoubleVector.broadcast(SPECIES, x[s + 4]);
                c40 = w0.fma(u4, c40); c41 = w1.fma(u4, c41);
                DoubleVector u5 = DoubleVector.broadcast(SPECIES, x[s + 5]);
                c50 = w0.fma(u5, c50); c51 = w1.fma(u5, c51);
                DoubleVector u6 = DoubleVector.broadcast(SPECIES, x[s + 6]);
                c60 = w0.fma(u6, c60); c61 = w1.fma(u6, c61);
                DoubleVector u7 = DoubleVector.broadcast(SPECIES, x[s + 7]);
                c70 = w0.fma(u7, c70); c71 = w1.fma(u7, c71);
                DoubleVector u8 = DoubleVector.broadcast(SPECIES, x[s + 8]);
                c80 = w0.fma(u8, c80); c81 = w1.fma(u8, c81);
                DoubleVector u9 = DoubleVector.broadcast(SPECIES, x[s + 9]);
                c90 = w0.fma(u9, c90); c91 = w1.fma(u9, c91);
                DoubleVector ua = DoubleVector.broadcast(SPECIES, x[s + 10]);
                ca0 = w0.fma(ua, ca0); ca1 = w1.fma(ua, ca1);
                DoubleVector ub = DoubleVector.broadcast(SPECIES, x[s + 11]);
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
