package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The block of {@link FloatTiles#tile8x1} for eight columns at most, on machines whose vectors hold sixteen floats: a half-empty vector costs a full one, while of vectors half as wide
 * the multiply units do two at a time. The same chains, hence the same bits.
 */
final class FloatHalfTiles {
    /** Columns of a block. */
    static final int WIDTH = 8;
    /** Rows of the taller block, which all have to exist. */
    static final int HEIGHT = 16;
    /** Whether a vector has twice as many lanes. */
    static final boolean SERVES = Lanes.FLOAT.length() == 2 * WIDTH;

    private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, VectorShape.S_256_BIT);
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatHalfTiles() {
    }

    /** Eight rows; see {@link FloatTiles} for the arguments. B is packed, eight columns a row. */
    static void tile8(int k, int last, float[] a, int ao, int ars, int acs, float[] b, float[] s, int so, int srs, float[] c, int co, int crs) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last), r4 = Math.min(4, last);
        int r5 = Math.min(5, last), r6 = Math.min(6, last), r7 = Math.min(7, last);
        FloatVector c0 = FloatVector.fromArray(SPECIES, s, so), c1 = FloatVector.fromArray(SPECIES, s, so + r1 * srs);
        FloatVector c2 = FloatVector.fromArray(SPECIES, s, so + r2 * srs), c3 = FloatVector.fromArray(SPECIES, s, so + r3 * srs);
        FloatVector c4 = FloatVector.fromArray(SPECIES, s, so + r4 * srs), c5 = FloatVector.fromArray(SPECIES, s, so + r5 * srs);
        FloatVector c6 = FloatVector.fromArray(SPECIES, s, so + r6 * srs), c7 = FloatVector.fromArray(SPECIES, s, so + r7 * srs);
        int a1 = ao + r1 * ars, a2 = ao + r2 * ars, a3 = ao + r3 * ars;
        int a4 = ao + r4 * ars, a5 = ao + r5 * ars, a6 = ao + r6 * ars, a7 = ao + r7 * ars;
        for (int p = 0, x = 0, y = 0; p < k; p++, x += acs, y += WIDTH) {
            FloatVector u = FloatVector.fromArray(SPECIES, b, y);
            c0 = FloatVector.broadcast(SPECIES, a[ao + x]).fma(u, c0);
            c1 = FloatVector.broadcast(SPECIES, a[a1 + x]).fma(u, c1);
            c2 = FloatVector.broadcast(SPECIES, a[a2 + x]).fma(u, c2);
            c3 = FloatVector.broadcast(SPECIES, a[a3 + x]).fma(u, c3);
            c4 = FloatVector.broadcast(SPECIES, a[a4 + x]).fma(u, c4);
            c5 = FloatVector.broadcast(SPECIES, a[a5 + x]).fma(u, c5);
            c6 = FloatVector.broadcast(SPECIES, a[a6 + x]).fma(u, c6);
            c7 = FloatVector.broadcast(SPECIES, a[a7 + x]).fma(u, c7);
        }
        EXACT.cast(c0).intoArray(c, co);
        EXACT.cast(c1).intoArray(c, co + r1 * crs);
        EXACT.cast(c2).intoArray(c, co + r2 * crs);
        EXACT.cast(c3).intoArray(c, co + r3 * crs);
        EXACT.cast(c4).intoArray(c, co + r4 * crs);
        EXACT.cast(c5).intoArray(c, co + r5 * crs);
        EXACT.cast(c6).intoArray(c, co + r6 * crs);
        EXACT.cast(c7).intoArray(c, co + r7 * crs);
    }

    /**
     * Sixteen rows, all of which exist, of an A whose k runs along memory. With the loop's own counter as index the compiler checks the bounds of all rows before the loop; with a
     * step of any size it does so at each of the sixteen loads, and then these checks, not the multiply units, are the limit.
     */
    static void tile16(int k, float[] a, int ao, int ars, float[] b, float[] s, int so, int srs, float[] c, int co, int crs) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, s, so), c1 = FloatVector.fromArray(SPECIES, s, so + srs);
        FloatVector c2 = FloatVector.fromArray(SPECIES, s, so + 2 * srs), c3 = FloatVector.fromArray(SPECIES, s, so + 3 * srs);
        FloatVector c4 = FloatVector.fromArray(SPECIES, s, so + 4 * srs), c5 = FloatVector.fromArray(SPECIES, s, so + 5 * srs);
        FloatVector c6 = FloatVector.fromArray(SPECIES, s, so + 6 * srs), c7 = FloatVector.fromArray(SPECIES, s, so + 7 * srs);
        FloatVector c8 = FloatVector.fromArray(SPECIES, s, so + 8 * srs), c9 = FloatVector.fromArray(SPECIES, s, so + 9 * srs);
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, so + 10 * srs), c11 = FloatVector.fromArray(SPECIES, s, so + 11 * srs);
        FloatVector c12 = FloatVector.fromArray(SPECIES, s, so + 12 * srs), c13 = FloatVector.fromArray(SPECIES, s, so + 13 * srs);
        FloatVector c14 = FloatVector.fromArray(SPECIES, s, so + 14 * srs), c15 = FloatVector.fromArray(SPECIES, s, so + 15 * srs);
        int a1 = ao + ars, a2 = a1 + ars, a3 = a2 + ars, a4 = a3 + ars, a5 = a4 + ars, a6 = a5 + ars, a7 = a6 + ars;
        int a8 = a7 + ars, a9 = a8 + ars, a10 = a9 + ars, a11 = a10 + ars, a12 = a11 + ars, a13 = a12 + ars, a14 = a13 + ars, a15 = a14 + ars;
        for (int p = 0; p < k; p++) {
            FloatVector u = FloatVector.fromArray(SPECIES, b, p * WIDTH);
            c0 = FloatVector.broadcast(SPECIES, a[ao + p]).fma(u, c0);
            c1 = FloatVector.broadcast(SPECIES, a[a1 + p]).fma(u, c1);
            c2 = FloatVector.broadcast(SPECIES, a[a2 + p]).fma(u, c2);
            c3 = FloatVector.broadcast(SPECIES, a[a3 + p]).fma(u, c3);
            c4 = FloatVector.broadcast(SPECIES, a[a4 + p]).fma(u, c4);
            c5 = FloatVector.broadcast(SPECIES, a[a5 + p]).fma(u, c5);
            c6 = FloatVector.broadcast(SPECIES, a[a6 + p]).fma(u, c6);
            c7 = FloatVector.broadcast(SPECIES, a[a7 + p]).fma(u, c7);
            c8 = FloatVector.broadcast(SPECIES, a[a8 + p]).fma(u, c8);
            c9 = FloatVector.broadcast(SPECIES, a[a9 + p]).fma(u, c9);
            c10 = FloatVector.broadcast(SPECIES, a[a10 + p]).fma(u, c10);
            c11 = FloatVector.broadcast(SPECIES, a[a11 + p]).fma(u, c11);
            c12 = FloatVector.broadcast(SPECIES, a[a12 + p]).fma(u, c12);
            c13 = FloatVector.broadcast(SPECIES, a[a13 + p]).fma(u, c13);
            c14 = FloatVector.broadcast(SPECIES, a[a14 + p]).fma(u, c14);
            c15 = FloatVector.broadcast(SPECIES, a[a15 + p]).fma(u, c15);
        }
        EXACT.cast(c0).intoArray(c, co);
        EXACT.cast(c1).intoArray(c, co + crs);
        EXACT.cast(c2).intoArray(c, co + 2 * crs);
        EXACT.cast(c3).intoArray(c, co + 3 * crs);
        EXACT.cast(c4).intoArray(c, co + 4 * crs);
        EXACT.cast(c5).intoArray(c, co + 5 * crs);
        EXACT.cast(c6).intoArray(c, co + 6 * crs);
        EXACT.cast(c7).intoArray(c, co + 7 * crs);
        EXACT.cast(c8).intoArray(c, co + 8 * crs);
        EXACT.cast(c9).intoArray(c, co + 9 * crs);
        EXACT.cast(c10).intoArray(c, co + 10 * crs);
        EXACT.cast(c11).intoArray(c, co + 11 * crs);
        EXACT.cast(c12).intoArray(c, co + 12 * crs);
        EXACT.cast(c13).intoArray(c, co + 13 * crs);
        EXACT.cast(c14).intoArray(c, co + 14 * crs);
        EXACT.cast(c15).intoArray(c, co + 15 * crs);
    }
}
