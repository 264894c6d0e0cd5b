package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The blocks of {@link FloatTiles} by two vectors for a packed A and a packed B: {@code a[ao + p·R + i]}, a sliver of R rows, and {@code b[bo + p·2·lanes + j]}.
 *
 * <p>With the loop's own counter as index, and steps that are constants, the compiler checks all bounds before the loop. With a step of any size it does so at each load, and
 * these checks, not the multiply units, are the limit. One sliver is one address; rows where they lie are as many as there are rows, more than fit the registers.
 */
final class FloatPackedTiles {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);
    private static final int LANES = SPECIES.length();

    private FloatPackedTiles() {
    }

    /** Twelve rows by two vectors: 24 accumulators, for machines with 32 vector registers. */
    static void tile12x2(int k, float[] a, int ao, float[] b, int bo,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c40 = FloatVector.fromArray(SPECIES, s, o), c41 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c50 = FloatVector.fromArray(SPECIES, s, o), c51 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c60 = FloatVector.fromArray(SPECIES, s, o), c61 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c70 = FloatVector.fromArray(SPECIES, s, o), c71 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c80 = FloatVector.fromArray(SPECIES, s, o), c81 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c90 = FloatVector.fromArray(SPECIES, s, o), c91 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c100 = FloatVector.fromArray(SPECIES, s, o), c101 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c110 = FloatVector.fromArray(SPECIES, s, o), c111 = FloatVector.fromArray(SPECIES, s, o + v1);
        for (int p = 0; p < k; p++) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = FloatVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[ao + p * 12]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[ao + 1 + p * 12]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[ao + 2 + p * 12]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[ao + 3 + p * 12]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[ao + 4 + p * 12]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[ao + 5 + p * 12]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[ao + 6 + p * 12]);
            c60 = x6.fma(u0, c60); c61 = x6.fma(u1, c61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[ao + 7 + p * 12]);
            c70 = x7.fma(u0, c70); c71 = x7.fma(u1, c71);
            FloatVector x8 = FloatVector.broadcast(SPECIES, a[ao + 8 + p * 12]);
            c80 = x8.fma(u0, c80); c81 = x8.fma(u1, c81);
            FloatVector x9 = FloatVector.broadcast(SPECIES, a[ao + 9 + p * 12]);
            c90 = x9.fma(u0, c90); c91 = x9.fma(u1, c91);
            FloatVector x10 = FloatVector.broadcast(SPECIES, a[ao + 10 + p * 12]);
            c100 = x10.fma(u0, c100); c101 = x10.fma(u1, c101);
            FloatVector x11 = FloatVector.broadcast(SPECIES, a[ao + 11 + p * 12]);
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
    static void tile8x2(int k, float[] a, int ao, float[] b, int bo,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c40 = FloatVector.fromArray(SPECIES, s, o), c41 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c50 = FloatVector.fromArray(SPECIES, s, o), c51 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c60 = FloatVector.fromArray(SPECIES, s, o), c61 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c70 = FloatVector.fromArray(SPECIES, s, o), c71 = FloatVector.fromArray(SPECIES, s, o + v1);
        for (int p = 0; p < k; p++) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = FloatVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[ao + p * 8]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[ao + 1 + p * 8]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[ao + 2 + p * 8]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[ao + 3 + p * 8]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[ao + 4 + p * 8]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[ao + 5 + p * 8]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[ao + 6 + p * 8]);
            c60 = x6.fma(u0, c60); c61 = x6.fma(u1, c61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[ao + 7 + p * 8]);
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

    /** Six rows by two vectors, all of the sixteen registers of 256 bits but two. */
    static void tile6x2(int k, float[] a, int ao, float[] b, int bo,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c40 = FloatVector.fromArray(SPECIES, s, o), c41 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c50 = FloatVector.fromArray(SPECIES, s, o), c51 = FloatVector.fromArray(SPECIES, s, o + v1);
        for (int p = 0; p < k; p++) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = FloatVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[ao + p * 6]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[ao + 1 + p * 6]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[ao + 2 + p * 6]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[ao + 3 + p * 6]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[ao + 4 + p * 6]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[ao + 5 + p * 6]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51);
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
    }

    /** Four rows by two vectors. */
    static void tile4x2(int k, float[] a, int ao, float[] b, int bo,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + v1);
        for (int p = 0; p < k; p++) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, bo + p * 2 * LANES), u1 = FloatVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[ao + p * 4]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[ao + 1 + p * 4]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[ao + 2 + p * 4]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[ao + 3 + p * 4]);
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
