package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The blocks of {@link DoubleTiles} by two vectors for an A whose k runs along memory and a packed B: {@code a[ao + i·ars + p]} and {@code b[bo + p·2·lanes + j]}. Slower by a
 * twentieth to a tenth than {@link DoublePackedTiles}, which want A packed first: for few columns.
 */
final class DoubleRowTiles {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);
    private static final int LANES = SPECIES.length();

    private DoubleRowTiles() {
    }

    /** Twelve rows by two vectors: 24 accumulators, for machines with 32 vector registers. Two steps a turn share the twelve additions that make addresses. */
    static void tile12x2(int k, int last, double[] a, int ao, int ars, double[] b, int bo,
            double[] s, int so, int srs, double[] c, int co, int crs, int v1) {
        int o = so;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, s, o), c01 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, s, o), c11 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, s, o), c21 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, s, o), c31 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c40 = DoubleVector.fromArray(SPECIES, s, o), c41 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c50 = DoubleVector.fromArray(SPECIES, s, o), c51 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c60 = DoubleVector.fromArray(SPECIES, s, o), c61 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c70 = DoubleVector.fromArray(SPECIES, s, o), c71 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c80 = DoubleVector.fromArray(SPECIES, s, o), c81 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c90 = DoubleVector.fromArray(SPECIES, s, o), c91 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c100 = DoubleVector.fromArray(SPECIES, s, o), c101 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c110 = DoubleVector.fromArray(SPECIES, s, o), c111 = DoubleVector.fromArray(SPECIES, s, o + v1);
        int a0 = ao, a1 = ao + Math.min(1, last) * ars, a2 = ao + Math.min(2, last) * ars;
        int a3 = ao + Math.min(3, last) * ars, a4 = ao + Math.min(4, last) * ars, a5 = ao + Math.min(5, last) * ars;
        int a6 = ao + Math.min(6, last) * ars, a7 = ao + Math.min(7, last) * ars, a8 = ao + Math.min(8, last) * ars;
        int a9 = ao + Math.min(9, last) * ars, a10 = ao + Math.min(10, last) * ars, a11 = ao + Math.min(11, last) * ars;
        int p = 0;
        for (; p < k - 1; p += 2) {
            DoubleVector u0 = DoubleVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = DoubleVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            DoubleVector x4 = DoubleVector.broadcast(SPECIES, a[a4 + p]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            DoubleVector x5 = DoubleVector.broadcast(SPECIES, a[a5 + p]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
            DoubleVector x6 = DoubleVector.broadcast(SPECIES, a[a6 + p]);
            c60 = x6.fma(u0, c60); c61 = x6.fma(u1, c61);
            DoubleVector x7 = DoubleVector.broadcast(SPECIES, a[a7 + p]);
            c70 = x7.fma(u0, c70); c71 = x7.fma(u1, c71);
            DoubleVector x8 = DoubleVector.broadcast(SPECIES, a[a8 + p]);
            c80 = x8.fma(u0, c80); c81 = x8.fma(u1, c81);
            DoubleVector x9 = DoubleVector.broadcast(SPECIES, a[a9 + p]);
            c90 = x9.fma(u0, c90); c91 = x9.fma(u1, c91);
            DoubleVector x10 = DoubleVector.broadcast(SPECIES, a[a10 + p]);
            c100 = x10.fma(u0, c100); c101 = x10.fma(u1, c101);
            DoubleVector x11 = DoubleVector.broadcast(SPECIES, a[a11 + p]);
            c110 = x11.fma(u0, c110); c111 = x11.fma(u1, c111);
            DoubleVector w0 = DoubleVector.fromArray(SPECIES, b, bo + 2 * LANES + p * 2 * LANES), w1 = DoubleVector.fromArray(SPECIES, b, bo + 3 * LANES + p * 2 * LANES);
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, a[a0 + p + 1]);
            c00 = y0.fma(w0, c00); c01 = y0.fma(w1, c01);
            DoubleVector y1 = DoubleVector.broadcast(SPECIES, a[a1 + p + 1]);
            c10 = y1.fma(w0, c10); c11 = y1.fma(w1, c11);
            DoubleVector y2 = DoubleVector.broadcast(SPECIES, a[a2 + p + 1]);
            c20 = y2.fma(w0, c20); c21 = y2.fma(w1, c21);
            DoubleVector y3 = DoubleVector.broadcast(SPECIES, a[a3 + p + 1]);
            c30 = y3.fma(w0, c30); c31 = y3.fma(w1, c31);
            DoubleVector y4 = DoubleVector.broadcast(SPECIES, a[a4 + p + 1]);
            c40 = y4.fma(w0, c40); c41 = y4.fma(w1, c41);
            DoubleVector y5 = DoubleVector.broadcast(SPECIES, a[a5 + p + 1]);
            c50 = y5.fma(w0, c50); c51 = y5.fma(w1, c51);
            DoubleVector y6 = DoubleVector.broadcast(SPECIES, a[a6 + p + 1]);
            c60 = y6.fma(w0, c60); c61 = y6.fma(w1, c61);
            DoubleVector y7 = DoubleVector.broadcast(SPECIES, a[a7 + p + 1]);
            c70 = y7.fma(w0, c70); c71 = y7.fma(w1, c71);
            DoubleVector y8 = DoubleVector.broadcast(SPECIES, a[a8 + p + 1]);
            c80 = y8.fma(w0, c80); c81 = y8.fma(w1, c81);
            DoubleVector y9 = DoubleVector.broadcast(SPECIES, a[a9 + p + 1]);
            c90 = y9.fma(w0, c90); c91 = y9.fma(w1, c91);
            DoubleVector y10 = DoubleVector.broadcast(SPECIES, a[a10 + p + 1]);
            c100 = y10.fma(w0, c100); c101 = y10.fma(w1, c101);
            DoubleVector y11 = DoubleVector.broadcast(SPECIES, a[a11 + p + 1]);
            c110 = y11.fma(w0, c110); c111 = y11.fma(w1, c111);
        }
        for (; p < k; p++) {
            DoubleVector u0 = DoubleVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = DoubleVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            DoubleVector x4 = DoubleVector.broadcast(SPECIES, a[a4 + p]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            DoubleVector x5 = DoubleVector.broadcast(SPECIES, a[a5 + p]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
            DoubleVector x6 = DoubleVector.broadcast(SPECIES, a[a6 + p]);
            c60 = x6.fma(u0, c60); c61 = x6.fma(u1, c61);
            DoubleVector x7 = DoubleVector.broadcast(SPECIES, a[a7 + p]);
            c70 = x7.fma(u0, c70); c71 = x7.fma(u1, c71);
            DoubleVector x8 = DoubleVector.broadcast(SPECIES, a[a8 + p]);
            c80 = x8.fma(u0, c80); c81 = x8.fma(u1, c81);
            DoubleVector x9 = DoubleVector.broadcast(SPECIES, a[a9 + p]);
            c90 = x9.fma(u0, c90); c91 = x9.fma(u1, c91);
            DoubleVector x10 = DoubleVector.broadcast(SPECIES, a[a10 + p]);
            c100 = x10.fma(u0, c100); c101 = x10.fma(u1, c101);
            DoubleVector x11 = DoubleVector.broadcast(SPECIES, a[a11 + p]);
            c110 = x11.fma(u0, c110); c111 = x11.fma(u1, c111);
        }
        o = co;
        EXACT.cast(c00).intoArray(c, o); EXACT.cast(c01).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c10).intoArray(c, o); EXACT.cast(c11).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c20).intoArray(c, o); EXACT.cast(c21).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c30).intoArray(c, o); EXACT.cast(c31).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c40).intoArray(c, o); EXACT.cast(c41).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c50).intoArray(c, o); EXACT.cast(c51).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c60).intoArray(c, o); EXACT.cast(c61).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c70).intoArray(c, o); EXACT.cast(c71).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c80).intoArray(c, o); EXACT.cast(c81).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c90).intoArray(c, o); EXACT.cast(c91).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c100).intoArray(c, o); EXACT.cast(c101).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c110).intoArray(c, o); EXACT.cast(c111).intoArray(c, o + v1);
    }

    /** Eight rows by two vectors. */
    static void tile8x2(int k, int last, double[] a, int ao, int ars, double[] b, int bo,
            double[] s, int so, int srs, double[] c, int co, int crs, int v1) {
        int o = so;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, s, o), c01 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, s, o), c11 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, s, o), c21 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, s, o), c31 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c40 = DoubleVector.fromArray(SPECIES, s, o), c41 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c50 = DoubleVector.fromArray(SPECIES, s, o), c51 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c60 = DoubleVector.fromArray(SPECIES, s, o), c61 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c70 = DoubleVector.fromArray(SPECIES, s, o), c71 = DoubleVector.fromArray(SPECIES, s, o + v1);
        int a0 = ao, a1 = ao + Math.min(1, last) * ars, a2 = ao + Math.min(2, last) * ars;
        int a3 = ao + Math.min(3, last) * ars, a4 = ao + Math.min(4, last) * ars, a5 = ao + Math.min(5, last) * ars;
        int a6 = ao + Math.min(6, last) * ars, a7 = ao + Math.min(7, last) * ars;
        for (int p = 0; p < k; p++) {
            DoubleVector u0 = DoubleVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = DoubleVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            DoubleVector x4 = DoubleVector.broadcast(SPECIES, a[a4 + p]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            DoubleVector x5 = DoubleVector.broadcast(SPECIES, a[a5 + p]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
            DoubleVector x6 = DoubleVector.broadcast(SPECIES, a[a6 + p]);
            c60 = x6.fma(u0, c60); c61 = x6.fma(u1, c61);
            DoubleVector x7 = DoubleVector.broadcast(SPECIES, a[a7 + p]);
            c70 = x7.fma(u0, c70); c71 = x7.fma(u1, c71);
        }
        o = co;
        EXACT.cast(c00).intoArray(c, o); EXACT.cast(c01).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c10).intoArray(c, o); EXACT.cast(c11).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c20).intoArray(c, o); EXACT.cast(c21).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c30).intoArray(c, o); EXACT.cast(c31).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c40).intoArray(c, o); EXACT.cast(c41).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c50).intoArray(c, o); EXACT.cast(c51).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c60).intoArray(c, o); EXACT.cast(c61).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c70).intoArray(c, o); EXACT.cast(c71).intoArray(c, o + v1);
    }

    /**
     * Six rows by two vectors, all of the sixteen registers of 256 bits but two. Written with the offsets of all rows first, for with offsets that step from row to row the compiler
     * kept some of the chains on the stack (n = 384 a quarter slower).
     */
    static void tile6x2(int k, int last, double[] a, int ao, int ars, double[] b, int bo,
            double[] s, int so, int srs, double[] c, int co, int crs, int v1) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last), r4 = Math.min(4, last);
        int r5 = Math.min(5, last);
        int o0 = so, o1 = so + r1 * srs, o2 = so + r2 * srs, o3 = so + r3 * srs;
        int o4 = so + r4 * srs, o5 = so + r5 * srs;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, s, o0),
                c01 = DoubleVector.fromArray(SPECIES, s, o0 + v1);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, s, o1),
                c11 = DoubleVector.fromArray(SPECIES, s, o1 + v1);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, s, o2),
                c21 = DoubleVector.fromArray(SPECIES, s, o2 + v1);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, s, o3),
                c31 = DoubleVector.fromArray(SPECIES, s, o3 + v1);
        DoubleVector c40 = DoubleVector.fromArray(SPECIES, s, o4),
                c41 = DoubleVector.fromArray(SPECIES, s, o4 + v1);
        DoubleVector c50 = DoubleVector.fromArray(SPECIES, s, o5),
                c51 = DoubleVector.fromArray(SPECIES, s, o5 + v1);
        int a0 = ao, a1 = ao + r1 * ars, a2 = ao + r2 * ars, a3 = ao + r3 * ars;
        int a4 = ao + r4 * ars, a5 = ao + r5 * ars;
        for (int p = 0; p < k; p++) {
            DoubleVector u0 = DoubleVector.fromArray(SPECIES, b, bo + p * 2 * LANES),
                    u1 = DoubleVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            DoubleVector x4 = DoubleVector.broadcast(SPECIES, a[a4 + p]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            DoubleVector x5 = DoubleVector.broadcast(SPECIES, a[a5 + p]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
        }
        o0 = co; o1 = co + r1 * crs; o2 = co + r2 * crs; o3 = co + r3 * crs;
        o4 = co + r4 * crs; o5 = co + r5 * crs;
        EXACT.cast(c00).intoArray(c, o0); EXACT.cast(c01).intoArray(c, o0 + v1);
        EXACT.cast(c10).intoArray(c, o1); EXACT.cast(c11).intoArray(c, o1 + v1);
        EXACT.cast(c20).intoArray(c, o2); EXACT.cast(c21).intoArray(c, o2 + v1);
        EXACT.cast(c30).intoArray(c, o3); EXACT.cast(c31).intoArray(c, o3 + v1);
        EXACT.cast(c40).intoArray(c, o4); EXACT.cast(c41).intoArray(c, o4 + v1);
        EXACT.cast(c50).intoArray(c, o5); EXACT.cast(c51).intoArray(c, o5 + v1);
    }

    /** Four rows by two vectors. */
    static void tile4x2(int k, int last, double[] a, int ao, int ars, double[] b, int bo,
            double[] s, int so, int srs, double[] c, int co, int crs, int v1) {
        int o = so;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, s, o), c01 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, s, o), c11 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, s, o), c21 = DoubleVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, s, o), c31 = DoubleVector.fromArray(SPECIES, s, o + v1);
        int a0 = ao, a1 = ao + Math.min(1, last) * ars, a2 = ao + Math.min(2, last) * ars;
        int a3 = ao + Math.min(3, last) * ars;
        for (int p = 0; p < k; p++) {
            DoubleVector u0 = DoubleVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = DoubleVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
        }
        o = co;
        EXACT.cast(c00).intoArray(c, o); EXACT.cast(c01).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c10).intoArray(c, o); EXACT.cast(c11).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c20).intoArray(c, o); EXACT.cast(c21).intoArray(c, o + v1);
        o += crs;
        EXACT.cast(c30).intoArray(c, o); EXACT.cast(c31).intoArray(c, o + v1);
    }
}
