package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The weight gradient of the three neighbouring taps of one kernel row at once, in double precision: {@code outerFxCx3} does {@code a[l, f, c] += y[f] · x[c, l]} for
 * F filters, C channels and taps l = 0, 1, 2 that lie {@code xTap} apart. What y loads serve three taps, and what x loads come again for the next
 * pixels while the nearest cache has them: a pixel costs F + C new vectors for 3·F·C fused multiply-adds. One tap at a time costs as many for F·C, and the way from the
 * second cache was the limit.
 *
 * <p>The tiles are so small that chains and everything a step loads fit 32 registers at once: 4 × 2 × 3 ran at 90 GFLOP/s of 117, or at 30, as the compiler happened to
 * order its loads.
 *
 * <p>Rows × pixels × vectors lie {@code (yRow, yPixel, STEP)} apart in y and likewise in x; {@code vectors} is 1 or 2. What sticks out repeats the last filter or
 * channel, as in {@link DoubleConvTiles}.
 */
final class DoubleConvTaps {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int STEP = gradus.backend.Convolutions.LANES;
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);

    private DoubleConvTaps() {
    }

    /** Three filters by two channels. */
    static void outer3x2x3(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, double[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        DoubleVector a000 = DoubleVector.fromArray(SPECIES, a, ao), a001 = DoubleVector.fromArray(SPECIES, a, a1), a002 = DoubleVector.fromArray(SPECIES, a, a2);
        DoubleVector a010 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP), a011 = DoubleVector.fromArray(SPECIES, a, a1 + 1 * STEP), a012 = DoubleVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        DoubleVector a100 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP), a101 = DoubleVector.fromArray(SPECIES, a, a1 + 2 * STEP), a102 = DoubleVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        DoubleVector a110 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP), a111 = DoubleVector.fromArray(SPECIES, a, a1 + 3 * STEP), a112 = DoubleVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        DoubleVector a200 = DoubleVector.fromArray(SPECIES, a, ao + 4 * STEP), a201 = DoubleVector.fromArray(SPECIES, a, a1 + 4 * STEP), a202 = DoubleVector.fromArray(SPECIES, a, a2 + 4 * STEP);
        DoubleVector a210 = DoubleVector.fromArray(SPECIES, a, ao + 5 * STEP), a211 = DoubleVector.fromArray(SPECIES, a, a1 + 5 * STEP), a212 = DoubleVector.fromArray(SPECIES, a, a2 + 5 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                DoubleVector g0 = DoubleVector.fromArray(SPECIES, y, f0 + sq);
                DoubleVector g1 = DoubleVector.fromArray(SPECIES, y, f1 + sq);
                DoubleVector g2 = DoubleVector.fromArray(SPECIES, y, f2 + sq);
                DoubleVector u00 = DoubleVector.fromArray(SPECIES, x, h0 + tq);
                DoubleVector u01 = DoubleVector.fromArray(SPECIES, x, h0 + tq + xTap);
                DoubleVector u02 = DoubleVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                a100 = g1.fma(u00, a100); a101 = g1.fma(u01, a101); a102 = g1.fma(u02, a102);
                a200 = g2.fma(u00, a200); a201 = g2.fma(u01, a201); a202 = g2.fma(u02, a202);
                DoubleVector u10 = DoubleVector.fromArray(SPECIES, x, h1 + tq);
                DoubleVector u11 = DoubleVector.fromArray(SPECIES, x, h1 + tq + xTap);
                DoubleVector u12 = DoubleVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
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
    static void outer2x2x3(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, double[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        DoubleVector a000 = DoubleVector.fromArray(SPECIES, a, ao), a001 = DoubleVector.fromArray(SPECIES, a, a1), a002 = DoubleVector.fromArray(SPECIES, a, a2);
        DoubleVector a010 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP), a011 = DoubleVector.fromArray(SPECIES, a, a1 + 1 * STEP), a012 = DoubleVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        DoubleVector a100 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP), a101 = DoubleVector.fromArray(SPECIES, a, a1 + 2 * STEP), a102 = DoubleVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        DoubleVector a110 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP), a111 = DoubleVector.fromArray(SPECIES, a, a1 + 3 * STEP), a112 = DoubleVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                DoubleVector g0 = DoubleVector.fromArray(SPECIES, y, f0 + sq);
                DoubleVector g1 = DoubleVector.fromArray(SPECIES, y, f1 + sq);
                DoubleVector u00 = DoubleVector.fromArray(SPECIES, x, h0 + tq);
                DoubleVector u01 = DoubleVector.fromArray(SPECIES, x, h0 + tq + xTap);
                DoubleVector u02 = DoubleVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                a100 = g1.fma(u00, a100); a101 = g1.fma(u01, a101); a102 = g1.fma(u02, a102);
                DoubleVector u10 = DoubleVector.fromArray(SPECIES, x, h1 + tq);
                DoubleVector u11 = DoubleVector.fromArray(SPECIES, x, h1 + tq + xTap);
                DoubleVector u12 = DoubleVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
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
    static void outer4x1x3(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, double[] a, int ao, int aTap) {
        int f0 = yo, f1 = yo + Math.min(1, lastFilter) * yPlane, f2 = yo + Math.min(2, lastFilter) * yPlane, f3 = yo + Math.min(3, lastFilter) * yPlane;
        int h0 = xo;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        DoubleVector a000 = DoubleVector.fromArray(SPECIES, a, ao), a001 = DoubleVector.fromArray(SPECIES, a, a1), a002 = DoubleVector.fromArray(SPECIES, a, a2);
        DoubleVector a100 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP), a101 = DoubleVector.fromArray(SPECIES, a, a1 + 1 * STEP), a102 = DoubleVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        DoubleVector a200 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP), a201 = DoubleVector.fromArray(SPECIES, a, a1 + 2 * STEP), a202 = DoubleVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        DoubleVector a300 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP), a301 = DoubleVector.fromArray(SPECIES, a, a1 + 3 * STEP), a302 = DoubleVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                DoubleVector g0 = DoubleVector.fromArray(SPECIES, y, f0 + sq);
                DoubleVector g1 = DoubleVector.fromArray(SPECIES, y, f1 + sq);
                DoubleVector g2 = DoubleVector.fromArray(SPECIES, y, f2 + sq);
                DoubleVector g3 = DoubleVector.fromArray(SPECIES, y, f3 + sq);
                DoubleVector u00 = DoubleVector.fromArray(SPECIES, x, h0 + tq);
                DoubleVector u01 = DoubleVector.fromArray(SPECIES, x, h0 + tq + xTap);
                DoubleVector u02 = DoubleVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
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
    static void outer1x4x3(int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, double[] a, int ao, int aTap) {
        int f0 = yo;
        int h0 = xo, h1 = xo + Math.min(1, lastChannel) * xPlane, h2 = xo + Math.min(2, lastChannel) * xPlane, h3 = xo + Math.min(3, lastChannel) * xPlane;
        int a1 = ao + aTap, a2 = a1 + aTap, shift = vectors - 1;
        DoubleVector a000 = DoubleVector.fromArray(SPECIES, a, ao), a001 = DoubleVector.fromArray(SPECIES, a, a1), a002 = DoubleVector.fromArray(SPECIES, a, a2);
        DoubleVector a010 = DoubleVector.fromArray(SPECIES, a, ao + 1 * STEP), a011 = DoubleVector.fromArray(SPECIES, a, a1 + 1 * STEP), a012 = DoubleVector.fromArray(SPECIES, a, a2 + 1 * STEP);
        DoubleVector a020 = DoubleVector.fromArray(SPECIES, a, ao + 2 * STEP), a021 = DoubleVector.fromArray(SPECIES, a, a1 + 2 * STEP), a022 = DoubleVector.fromArray(SPECIES, a, a2 + 2 * STEP);
        DoubleVector a030 = DoubleVector.fromArray(SPECIES, a, ao + 3 * STEP), a031 = DoubleVector.fromArray(SPECIES, a, a1 + 3 * STEP), a032 = DoubleVector.fromArray(SPECIES, a, a2 + 3 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = i * yRow, t = i * xRow;
            for (int q = 0; q < pixels * vectors; q++) {
                int p = q >> shift, v = (q & shift) * STEP;
                int sq = s + p * yPixel + v, tq = t + p * xPixel + v;
                DoubleVector g0 = DoubleVector.fromArray(SPECIES, y, f0 + sq);
                DoubleVector u00 = DoubleVector.fromArray(SPECIES, x, h0 + tq);
                DoubleVector u01 = DoubleVector.fromArray(SPECIES, x, h0 + tq + xTap);
                DoubleVector u02 = DoubleVector.fromArray(SPECIES, x, h0 + tq + 2 * xTap);
                a000 = g0.fma(u00, a000); a001 = g0.fma(u01, a001); a002 = g0.fma(u02, a002);
                DoubleVector u10 = DoubleVector.fromArray(SPECIES, x, h1 + tq);
                DoubleVector u11 = DoubleVector.fromArray(SPECIES, x, h1 + tq + xTap);
                DoubleVector u12 = DoubleVector.fromArray(SPECIES, x, h1 + tq + 2 * xTap);
                a010 = g0.fma(u10, a010); a011 = g0.fma(u11, a011); a012 = g0.fma(u12, a012);
                DoubleVector u20 = DoubleVector.fromArray(SPECIES, x, h2 + tq);
                DoubleVector u21 = DoubleVector.fromArray(SPECIES, x, h2 + tq + xTap);
                DoubleVector u22 = DoubleVector.fromArray(SPECIES, x, h2 + tq + 2 * xTap);
                a020 = g0.fma(u20, a020); a021 = g0.fma(u21, a021); a022 = g0.fma(u22, a022);
                DoubleVector u30 = DoubleVector.fromArray(SPECIES, x, h3 + tq);
                DoubleVector u31 = DoubleVector.fromArray(SPECIES, x, h3 + tq + xTap);
                DoubleVector u32 = DoubleVector.fromArray(SPECIES, x, h3 + tq + 2 * xTap);
                a030 = g0.fma(u30, a030); a031 = g0.fma(u31, a031); a032 = g0.fma(u32, a032);
            }
        }
        EXACT.cast(a000).intoArray(a, ao); EXACT.cast(a001).intoArray(a, a1); EXACT.cast(a002).intoArray(a, a2);
        EXACT.cast(a010).intoArray(a, ao + 1 * STEP); EXACT.cast(a011).intoArray(a, a1 + 1 * STEP); EXACT.cast(a012).intoArray(a, a2 + 1 * STEP);
        EXACT.cast(a020).intoArray(a, ao + 2 * STEP); EXACT.cast(a021).intoArray(a, a1 + 2 * STEP); EXACT.cast(a022).intoArray(a, a2 + 2 * STEP);
        EXACT.cast(a030).intoArray(a, ao + 3 * STEP); EXACT.cast(a031).intoArray(a, a1 + 3 * STEP); EXACT.cast(a032).intoArray(a, a2 + 3 * STEP);
    }
}
