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
     * The same for an A whose k runs along memory. With the loop's own counter as index the compiler checks the bounds of all rows before the loop; with a step of any size it does
     * so at each of the eight loads, and then these checks, not the multiply units, are the limit (24 to 32 against 21 to 24 µs for 128 × 784 × 8). Sixteen rows need more
     * addresses than there are registers: 30 µs.
     */
    static void tile8Along(int k, int last, float[] a, int ao, int ars, float[] b, float[] s, int so, int srs, float[] c, int co, int crs) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last), r4 = Math.min(4, last);
        int r5 = Math.min(5, last), r6 = Math.min(6, last), r7 = Math.min(7, last);
        FloatVector c0 = FloatVector.fromArray(SPECIES, s, so), c1 = FloatVector.fromArray(SPECIES, s, so + r1 * srs);
        FloatVector c2 = FloatVector.fromArray(SPECIES, s, so + r2 * srs), c3 = FloatVector.fromArray(SPECIES, s, so + r3 * srs);
        FloatVector c4 = FloatVector.fromArray(SPECIES, s, so + r4 * srs), c5 = FloatVector.fromArray(SPECIES, s, so + r5 * srs);
        FloatVector c6 = FloatVector.fromArray(SPECIES, s, so + r6 * srs), c7 = FloatVector.fromArray(SPECIES, s, so + r7 * srs);
        int a1 = ao + r1 * ars, a2 = ao + r2 * ars, a3 = ao + r3 * ars;
        int a4 = ao + r4 * ars, a5 = ao + r5 * ars, a6 = ao + r6 * ars, a7 = ao + r7 * ars;
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
}
