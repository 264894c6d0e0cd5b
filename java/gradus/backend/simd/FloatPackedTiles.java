package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The block of {@link FloatTiles#tile6x2} for an A whose k runs along memory and a packed B: {@code a[ao + i·ars + p]} and {@code b[bo + p·2·lanes + j]}.
 *
 * <p>With the loop's own counter as index, and steps that are constants, the compiler checks the bounds of all rows before the loop. With a step of any size it does so at
 * each load, and then these checks, not the multiply units, are the limit: on vectors of 256 bits 71 GFLOP/s with them and 100 without. Eight rows of 512 bits, whose
 * multiplications take longer, are a tenth slower this way.
 */
final class FloatPackedTiles {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);
    private static final int LANES = SPECIES.length();

    private FloatPackedTiles() {
    }

    /** Six rows by two vectors, all of the sixteen registers of 256 bits but two. */
    static void tile6x2(int k, int last, float[] a, int ao, int ars, float[] b, int bo,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last), r4 = Math.min(4, last);
        int r5 = Math.min(5, last);
        int o0 = so, o1 = so + r1 * srs, o2 = so + r2 * srs, o3 = so + r3 * srs;
        int o4 = so + r4 * srs, o5 = so + r5 * srs;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o0),
                c01 = FloatVector.fromArray(SPECIES, s, o0 + v1);
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o1),
                c11 = FloatVector.fromArray(SPECIES, s, o1 + v1);
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o2),
                c21 = FloatVector.fromArray(SPECIES, s, o2 + v1);
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o3),
                c31 = FloatVector.fromArray(SPECIES, s, o3 + v1);
        FloatVector c40 = FloatVector.fromArray(SPECIES, s, o4),
                c41 = FloatVector.fromArray(SPECIES, s, o4 + v1);
        FloatVector c50 = FloatVector.fromArray(SPECIES, s, o5),
                c51 = FloatVector.fromArray(SPECIES, s, o5 + v1);
        int a0 = ao, a1 = ao + r1 * ars, a2 = ao + r2 * ars, a3 = ao + r3 * ars;
        int a4 = ao + r4 * ars, a5 = ao + r5 * ars;
        for (int p = 0; p < k; p++) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, bo + p * 2 * LANES),
                    u1 = FloatVector.fromArray(SPECIES, b, bo + LANES + p * 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + p]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + p]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + p]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + p]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + p]);
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
}
