package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The weight gradient of the three neighbouring taps of one kernel row at once, in single precision: {@code outerFxCx3} does {@code a[l, f, c] += y[f] · x[c, l]} for
 * F filters, C channels and taps l = 0, 1, 2 that lie {@code xTap} apart. What y loads serve three taps, and what x loads come again for the next
 * pixels while the nearest cache has them: a pixel costs F + C new vectors for 3·F·C fused multiply-adds. One tap at a time costs as many for F·C, and the way from the
 * second cache was the limit.
 *
 * <p>The tiles are so small that chains and everything a step loads fit 32 registers at once: 4 × 2 × 3 ran at 90 GFLOP/s of 117, or at 30, as the compiler happened to
 * order its loads.
 *
 * <p>Rows × pixels × vectors lie {@code (yRow, yPixel, STEP)} apart in y and likewise in x; {@code vectors} is 1 or 2. What sticks out repeats the last filter or
 * channel, as in {@link FloatConvTiles}.
 */
final class FloatConvTaps {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int STEP = gradus.backend.Convolutions.LANES;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatConvTaps() {
    }

    /** Three filters by two channels. */
    static void outer3x2x3(int rows, int pixels, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, float[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        FloatVector a000 = FloatVector.fromArray(SPECIES, a, ao), a001 = FloatVector.fromArray(SPECIES, a, a1), a002 = FloatVector.fromArray(SPECIES, a, a2);
        FloatVector a010 = FloatVector.fromArray(SPECIES, a, ao + 1 * STEP), a011 = FloatVector.fromArray(SPECIES, a, a1 + 1 * STEP), a012 = FloatVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        FloatVector a100 = FloatVector.fromArray(SPECIES, a, ao + 2 * STEP), a101 = FloatVector.fromArray(SPECIES, a, a1 + 2 * STEP), a102 = FloatVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        FloatVector a110 = FloatVector.fromArray(SPECIES, a, ao + 3 * STEP), a111 = FloatVector.fromArray(SPECIES, a, a1 + 3 * STEP), a112 = FloatVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        FloatVector a200 = FloatVector.fromArray(SPECIES, a, ao + 4 * STEP), a201 = FloatVector.fromArray(SPECIES, a, a1 + 4 * STEP), a202 = FloatVector.fromArray(SPECIES, a, a2 + 4 * STEP);
        FloatVector a210 = FloatVector.fromArray(SPECIES, a, ao + 5 * STEP), a211 = FloatVector.fromArray(SPECIES, a, a1 + 5 * STEP), a212 = FloatVector.fromArray(SPECIES, a, a2 + 5 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                FloatVector g1 = FloatVector.fromArray(SPECIES, y, f1 + sq);
                FloatVector g2 = FloatVector.fromArray(SPECIES, y, f2 + sq);
                FloatVector u00 = FloatVector.fromArray(SPECIES, x, h0 + tq);
                FloatVector u01 = FloatVector.fromArray(SPECIES, x, h0 + tq + xTap);
                FloatVector u02 = FloatVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                a100 = g1.fma(u00, a100); a101 = g1.fma(u01, a101); a102 = g1.fma(u02, a102);
                a200 = g2.fma(u00, a200); a201 = g2.fma(u01, a201); a202 = g2.fma(u02, a202);
                FloatVector u10 = FloatVector.fromArray(SPECIES, x, h1 + tq);
                FloatVector u11 = FloatVector.fromArray(SPECIES, x, h1 + tq + xTap);
                FloatVector u12 = FloatVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
                a010 = g0.fma(u10, a010); a011 = g0.fma(u11, a011); a012 = g0.fma(u12, a012);
                a110 = g1.fma(u10, a110); a111 = g1.fma(u11, a111); a112 = g1.fma(u12, a112);
                a210 = g2.fma(u10, a210); a211 = g2.fma(u11, a211); a212 = g2.fma(u12, a212);
            }
        }
        EXACT.cast(a000).intoArray(a, ao); EXACT.cast(a001).intoArray(a, a1); EXACT.cast(a002).intoArray(a, a2);
        EXACT.cast(a010).intoArray(a, ao + 1 * STEP); EXACT.cast(a011).intoArray(a, a1 + 1 * STEP); EXACT.cast(a012).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a100).intoArray(a, ao + 2 * STEP); EXACT.cast(a101).intoArray(a, a1 + 2 * STEP); EXACT.cast(a102).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a110).intoArray(a, ao + 3 * STEP); EXACT.cast(a111).intoArray(a, a1 + 3 * STEP); EXACT.cast(a112).intoArray(a, a2 + 3 * STEP);
        EXACT.cast(a200).intoArray(a, ao + 4 * STEP); EXACT.cast(a201).intoArray(a, a1 + 4 * STEP); EXACT.cast(a202).intoArray(a, a2 + 4 * STEP);
        EXACT.cast(a210).intoArray(a, ao + 5 * STEP); EXACT.cast(a211).intoArray(a, a1 + 5 * STEP); EXACT.cast(a212).intoArray(a, a2 + 5 * STEP);
    }

    /** Two filters by two channels. */
    static void outer2x2x3(int rows, int pixels, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, float[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        FloatVector a000 = FloatVector.fromArray(SPECIES, a, ao), a001 = FloatVector.fromArray(SPECIES, a, a1), a002 = FloatVector.fromArray(SPECIES, a, a2);
        FloatVector a010 = FloatVector.fromArray(SPECIES, a, ao + 1 * STEP), a011 = FloatVector.fromArray(SPECIES, a, a1 + 1 * STEP), a012 = FloatVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        FloatVector a100 = FloatVector.fromArray(SPECIES, a, ao + 2 * STEP), a101 = FloatVector.fromArray(SPECIES, a, a1 + 2 * STEP), a102 = FloatVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        FloatVector a110 = FloatVector.fromArray(SPECIES, a, ao + 3 * STEP), a111 = FloatVector.fromArray(SPECIES, a, a1 + 3 * STEP), a112 = FloatVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                FloatVector g1 = FloatVector.fromArray(SPECIES, y, f1 + sq);
                FloatVector u00 = FloatVector.fromArray(SPECIES, x, h0 + tq);
                FloatVector u01 = FloatVector.fromArray(SPECIES, x, h0 + tq + xTap);
                FloatVector u02 = FloatVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                a100 = g1.fma(u00, a100); a101 = g1.fma(u01, a101); a102 = g1.fma(u02, a102);
                FloatVector u10 = FloatVector.fromArray(SPECIES, x, h1 + tq);
                FloatVector u11 = FloatVector.fromArray(SPECIES, x, h1 + tq + xTap);
                FloatVector u12 = FloatVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
                a010 = g0.fma(u10, a010); a011 = g0.fma(u11, a011); a012 = g0.fma(u12, a012);
                a110 = g1.fma(u10, a110); a111 = g1.fma(u11, a111); a112 = g1.fma(u12, a112);
            }
        }
        EXACT.cast(a000).intoArray(a, ao); EXACT.cast(a001).intoArray(a, a1); EXACT.cast(a002).intoArray(a, a2);
        EXACT.cast(a010).intoArray(a, ao + 1 * STEP); EXACT.cast(a011).intoArray(a, a1 + 1 * STEP); EXACT.cast(a012).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a100).intoArray(a, ao + 2 * STEP); EXACT.cast(a101).intoArray(a, a1 + 2 * STEP); EXACT.cast(a102).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a110).intoArray(a, ao + 3 * STEP); EXACT.cast(a111).intoArray(a, a1 + 3 * STEP); EXACT.cast(a112).intoArray(a, a2 + 3 * STEP);
    }

    /** Four filters by one channel. */
    static void outer4x1x3(int rows, int pixels, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, float[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane, f3 = yo + Math.min(3, lastFilter) * yPlane;
        int h0 = xo;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        FloatVector a000 = FloatVector.fromArray(SPECIES, a, ao), a001 = FloatVector.fromArray(SPECIES, a, a1), a002 = FloatVector.fromArray(SPECIES, a, a2);
        FloatVector a100 = FloatVector.fromArray(SPECIES, a, ao + 1 * STEP), a101 = FloatVector.fromArray(SPECIES, a, a1 + 1 * STEP), a102 = FloatVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        FloatVector a200 = FloatVector.fromArray(SPECIES, a, ao + 2 * STEP), a201 = FloatVector.fromArray(SPECIES, a, a1 + 2 * STEP), a202 = FloatVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        FloatVector a300 = FloatVector.fromArray(SPECIES, a, ao + 3 * STEP), a301 = FloatVector.fromArray(SPECIES, a, a1 + 3 * STEP), a302 = FloatVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                FloatVector g0 = FloatVector.fromArray(SPECIES, y, f0 + sq);
                FloatVector g1 = FloatVector.fromArray(SPECIES, y, f1 + sq);
                FloatVector g2 = FloatVector.fromArray(SPECIES, y, f2 + sq);
                FloatVector g3 = FloatVector.fromArray(SPECIES, y, f3 + sq);
                FloatVector u00 = FloatVector.fromArray(SPECIES, x, h0 + tq);
                FloatVector u01 = FloatVector.fromArray(SPECIES, x, h0 + tq + xTap);
                FloatVector u02 = FloatVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                a100 = g1.fma(u00, a100); a101 = g1.fma(u01, a101); a102 = g1.fma(u02, a102);
                a200 = g2.fma(u00, a200); a201 = g2.fma(u01, a201); a202 = g2.fma(u02, a202);
                a300 = g3.fma(u00, a300); a301 = g3.fma(u01, a301); a302 = g3.fma(u02, a302);
            }
        }
        EXACT.cast(a000).intoArray(a, ao); EXACT.cast(a001).intoArray(a, a1); EXACT.cast(a002).intoArray(a, a2);
        EXACT.cast(a100).intoArray(a, ao + 1 * STEP); EXACT.cast(a101).intoArray(a, a1 + 1 * STEP); EXACT.cast(a102).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a200).intoArray(a, ao + 2 * STEP); EXACT.cast(a201).intoArray(a, a1 + 2 * STEP); EXACT.cast(a202).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a300).intoArray(a, ao + 3 * STEP); EXACT.cast(a301).intoArray(a, a1 + 3 * STEP); EXACT.cast(a302).intoArray(a, a2 + 3 * STEP);
    }

    /** One filter by four channels. */
    static void outer1x4x3(int rows, int pixels, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, float[] a, int ao, int aTap) {
        int f0 = yo;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane, h2 = xo + Math.min(2, lastChannel) * xPlane, h3 = xo + Math.min(3, lastChannel) * xPlane;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        FloatVector a000 = FloatVector.fromArray(SPECIES, a, ao), a001 = FloatVector.fromArray(SPECIES, a, a1), a002 = FloatVector.fromArray(SPECIES, a, a2);
        FloatVector a010 = FloatVector.fromArray(SPECIES, a, ao + 1 * STEP), a011 = FloatVector.fromArray(SPECIES, a, a1 + 1 * STEP), a012 = FloatVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        FloatVector a020 = FloatVector.fromArray(SPECIES, a, ao + 2 * STEP), a021 = FloatVector.fromArray(SPECIES, a, a1 + 2 * STEP), a022 = FloatVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        FloatVector a030 = FloatVector.fromArray(SPECIES, a, ao + 3 * STEP), a031 = FloatVector.fromArray(SPECIES, a, a1 + 3 * STEP), a032 = FloatVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
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
        }
        EXACT.cast(a000).intoArray(a, ao); EXACT.cast(a001).intoArray(a, a1); EXACT.cast(a002).intoArray(a, a2);
        EXACT.cast(a010).intoArray(a, ao + 1 * STEP); EXACT.cast(a011).intoArray(a, a1 + 1 * STEP); EXACT.cast(a012).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a020).intoArray(a, ao + 2 * STEP); EXACT.cast(a021).intoArray(a, a1 + 2 * STEP); EXACT.cast(a022).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a030).intoArray(a, ao + 3 * STEP); EXACT.cast(a031).intoArray(a, a1 + 3 * STEP); EXACT.cast(a032).intoArray(a, a2 + 3 * STEP);
    }
}
