package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatConvTaps} for rows that begin or end beside padding: the first {@code left} pixels have taps 1 and 2 alone, the last {@code right} taps 0 and 1. What falls into
 * padding is left out. These are methods of their own because the compiler lays out registers for what it has seen: one method that had served rows without
 * padding first ran at two thirds of its speed ever after.
 */
final class FloatConvPaddedTaps {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int STEP = gradus.backend.Convolutions.LANES;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatConvPaddedTaps() {
    }

    /** Four filters by one channel. */
    static void outer4x1x3(int rows, int left, int inner, int right, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xTap, float[] from, int fo, float[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane;
        int f3 = yo + Math.min(3, lastFilter) * yPlane;
        int fo1 = fo + aTap, fo2 = fo1 + aTap, a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        FloatVector a00 = FloatVector.fromArray(SPECIES, from, fo), a01 = FloatVector.fromArray(SPECIES, from, fo1), a02 = FloatVector.fromArray(SPECIES, from, fo2);
        FloatVector a10 = FloatVector.fromArray(SPECIES, from, fo + 1 * STEP), a11 = FloatVector.fromArray(SPECIES, from, fo1 + 1 * STEP), a12 = FloatVector.fromArray(SPECIES, from, fo2 + 1 * STEP);
        FloatVector a20 = FloatVector.fromArray(SPECIES, from, fo + 2 * STEP), a21 = FloatVector.fromArray(SPECIES, from, fo1 + 2 * STEP), a22 = FloatVector.fromArray(SPECIES, from, fo2 + 2 * STEP);
        FloatVector a30 = FloatVector.fromArray(SPECIES, from, fo + 3 * STEP), a31 = FloatVector.fromArray(SPECIES, from, fo1 + 3 * STEP), a32 = FloatVector.fromArray(SPECIES, from, fo2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < left * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector u1 = FloatVector.fromArray(SPECIES, x, xo + tq + xTap);
                FloatVector u2 = FloatVector.fromArray(SPECIES, x, xo + tq + 2 * xTap);
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                a01 = g0.fma(u1, a01); a02 = g0.fma(u2, a02);
                FloatVector g1 = FloatVector.fromArray(SPECIES, y, f1 + sq);
                a11 = g1.fma(u1, a11); a12 = g1.fma(u2, a12);
                FloatVector g2 = FloatVector.fromArray(SPECIES, y, f2 + sq);
                a21 = g2.fma(u1, a21); a22 = g2.fma(u2, a22);
                FloatVector g3 = FloatVector.fromArray(SPECIES, y, f3 + sq);
                a31 = g3.fma(u1, a31); a32 = g3.fma(u2, a32);
            }
            s += left * yPixel; t += left * xPixel;
            for (int q = 0; q < inner * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector u0 = FloatVector.fromArray(SPECIES, x, xo + tq);
                FloatVector u1 = FloatVector.fromArray(SPECIES, x, xo + tq + xTap);
                FloatVector u2 = FloatVector.fromArray(SPECIES, x, xo + tq + 2 * xTap);
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                a00 = g0.fma(u0, a00); a01 = g0.fma(u1, a01); a02 = g0.fma(u2, a02);
                FloatVector g1 = FloatVector.fromArray(SPECIES, y, f1 + sq);
                a10 = g1.fma(u0, a10); a11 = g1.fma(u1, a11); a12 = g1.fma(u2, a12);
                FloatVector g2 = FloatVector.fromArray(SPECIES, y, f2 + sq);
                a20 = g2.fma(u0, a20); a21 = g2.fma(u1, a21); a22 = g2.fma(u2, a22);
                FloatVector g3 = FloatVector.fromArray(SPECIES, y, f3 + sq);
                a30 = g3.fma(u0, a30); a31 = g3.fma(u1, a31); a32 = g3.fma(u2, a32);
            }
            s += inner * yPixel; t += inner * xPixel;
            for (int q = 0; q < right * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector u0 = FloatVector.fromArray(SPECIES, x, xo + tq);
                FloatVector u1 = FloatVector.fromArray(SPECIES, x, xo + tq + xTap);
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                a00 = g0.fma(u0, a00); a01 = g0.fma(u1, a01);
                FloatVector g1 = FloatVector.fromArray(SPECIES, y, f1 + sq);
                a10 = g1.fma(u0, a10); a11 = g1.fma(u1, a11);
                FloatVector g2 = FloatVector.fromArray(SPECIES, y, f2 + sq);
                a20 = g2.fma(u0, a20); a21 = g2.fma(u1, a21);
                FloatVector g3 = FloatVector.fromArray(SPECIES, y, f3 + sq);
                a30 = g3.fma(u0, a30); a31 = g3.fma(u1, a31);
            }
        }
        EXACT.cast(a00).intoArray(a, ao); EXACT.cast(a01).intoArray(a, a1); EXACT.cast(a02).intoArray(a, a2);
        EXACT.cast(a10).intoArray(a, ao + 1 * STEP); EXACT.cast(a11).intoArray(a, a1 + 1 * STEP); EXACT.cast(a12).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a20).intoArray(a, ao + 2 * STEP); EXACT.cast(a21).intoArray(a, a1 + 2 * STEP); EXACT.cast(a22).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a30).intoArray(a, ao + 3 * STEP); EXACT.cast(a31).intoArray(a, a1 + 3 * STEP); EXACT.cast(a32).intoArray(a, a2 + 3 * STEP);
    }

    /** One filter by four channels. */
    static void outer1x4x3(int rows, int left, int inner, int right, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, float[] from, int fo, float[] a, int ao, int aTap) {
        int f0 = yo;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane, h2 = xo + Math.min(2, lastChannel) * xPlane, h3 = xo + Math.min(3, lastChannel) * xPlane;
        int fo1 = fo + aTap, fo2 = fo1 + aTap, a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        FloatVector a000 = FloatVector.fromArray(SPECIES, from, fo), a001 = FloatVector.fromArray(SPECIES, from, fo1), a002 = FloatVector.fromArray(SPECIES, from, fo2);
        FloatVector a010 = FloatVector.fromArray(SPECIES, from, fo + 1 * STEP), a011 = FloatVector.fromArray(SPECIES, from, fo1 + 1 * STEP), a012 = FloatVector.fromArray(SPECIES, from, fo2 + 1 * STEP);
        FloatVector a020 = FloatVector.fromArray(SPECIES, from, fo + 2 * STEP), a021 = FloatVector.fromArray(SPECIES, from, fo1 + 2 * STEP), a022 = FloatVector.fromArray(SPECIES, from, fo2 + 2 * STEP);
        FloatVector a030 = FloatVector.fromArray(SPECIES, from, fo + 3 * STEP), a031 = FloatVector.fromArray(SPECIES, from, fo1 + 3 * STEP), a032 = FloatVector.fromArray(SPECIES, from, fo2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < left * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                FloatVector u01 = FloatVector.fromArray(SPECIES, x, h0 + tq + xTap);
                FloatVector u02 = FloatVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                FloatVector u11 = FloatVector.fromArray(SPECIES, x, h1 + tq + xTap);
                FloatVector u12 = FloatVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
                a011 = g0.fma(u11, a011); a012 = g0.fma(u12, a012);
                FloatVector u21 = FloatVector.fromArray(SPECIES, x, h2 + tq + xTap);
                FloatVector u22 = FloatVector.fromArray(SPECIES, x, h2 + tq + 2 * xTap);
                a021 = g0.fma(u21, a021); a022 = g0.fma(u22, a022);
                FloatVector u31 = FloatVector.fromArray(SPECIES, x, h3 + tq + xTap);
                FloatVector u32 = FloatVector.fromArray(SPECIES, x, h3 + tq + 2 * xTap);
                a031 = g0.fma(u31, a031); a032 = g0.fma(u32, a032);
            }
            s += left * yPixel; t += left * xPixel;
            for (int q = 0; q < inner * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                FloatVector u00 = FloatVector.fromArray(SPECIES, x, h0 + tq);
                FloatVector u01 = FloatVector.fromArray(SPECIES, x, h0 + tq + xTap);
                FloatVector u02 = FloatVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                FloatVector u10 = FloatVector.fromArray(SPECIES, x, h1 + tq);
                FloatVector u11 = FloatVector.fromArray(SPECIES, x, h1 + tq + xTap);
                FloatVector u12 = FloatVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
                a010 = g0.fma(u10, a010); a011 = g0.fma(u11, a011); a012 = g0.fma(u12, a012);
                FloatVector u20 = FloatVector.fromArray(SPECIES, x, h2 + tq);
                FloatVector u21 = FloatVector.fromArray(SPECIES, x, h2 + tq + xTap);
                FloatVector u22 = FloatVector.fromArray(SPECIES, x, h2 + tq + 2 * xTap);
                a020 = g0.fma(u20, a020); a021 = g0.fma(u21, a021); a022 = g0.fma(u22, a022);
                FloatVector u30 = FloatVector.fromArray(SPECIES, x, h3 + tq);
                FloatVector u31 = FloatVector.fromArray(SPECIES, x, h3 + tq + xTap);
                FloatVector u32 = FloatVector.fromArray(SPECIES, x, h3 + tq + 2 * xTap);
                a030 = g0.fma(u30, a030); a031 = g0.fma(u31, a031); a032 = g0.fma(u32, a032);
            }
            s += inner * yPixel; t += inner * xPixel;
            for (int q = 0; q < right * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                FloatVector u00 = FloatVector.fromArray(SPECIES, x, h0 + tq);
                FloatVector u01 = FloatVector.fromArray(SPECIES, x, h0 + tq + xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001);
                FloatVector u10 = FloatVector.fromArray(SPECIES, x, h1 + tq);
                FloatVector u11 = FloatVector.fromArray(SPECIES, x, h1 + tq + xTap);
                a010 = g0.fma(u10, a010); a011 = g0.fma(u11, a011);
                FloatVector u20 = FloatVector.fromArray(SPECIES, x, h2 + tq);
                FloatVector u21 = FloatVector.fromArray(SPECIES, x, h2 + tq + xTap);
                a020 = g0.fma(u20, a020); a021 = g0.fma(u21, a021);
                FloatVector u30 = FloatVector.fromArray(SPECIES, x, h3 + tq);
                FloatVector u31 = FloatVector.fromArray(SPECIES, x, h3 + tq + xTap);
                a030 = g0.fma(u30, a030); a031 = g0.fma(u31, a031);
            }
        }
        EXACT.cast(a000).intoArray(a, ao); EXACT.cast(a001).intoArray(a, a1); EXACT.cast(a002).intoArray(a, a2);
        EXACT.cast(a010).intoArray(a, ao + 1 * STEP); EXACT.cast(a011).intoArray(a, a1 + 1 * STEP); EXACT.cast(a012).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a020).intoArray(a, ao + 2 * STEP); EXACT.cast(a021).intoArray(a, a1 + 2 * STEP); EXACT.cast(a022).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a030).intoArray(a, ao + 3 * STEP); EXACT.cast(a031).intoArray(a, a1 + 3 * STEP); EXACT.cast(a032).intoArray(a, a2 + 3 * STEP);
    }
}
