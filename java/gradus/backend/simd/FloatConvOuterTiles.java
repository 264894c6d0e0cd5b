package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The weight gradient of one tap from packed strips, in single precision: {@code outerFxC} does {@code a[(f·C + c)·16] += y[f] · x[c]} for F filters and C channels. A
 * {@link ConvPacking} lays the vectors that one step wants side by side, one step behind the other, from the beginning of a line of the cache: in single
 * precision 6 × 4 then runs at 137 of 177 GFLOP/s from the second cache, and at 89 where vectors lie in two lines. With two places and constant distances, bounds are checked before the loop and
 * no register is spilled.
 *
 * <p>Rows lie {@code (yRow, xRow)} apart, vectors of a row side by side.
 */
final class FloatConvOuterTiles {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int W = SPECIES.length();
    private static final int STEP = gradus.backend.Convolutions.LANES;
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatConvOuterTiles() {
    }

    /** Six filters by four channels. */
    static void outer6x4(int rows, int vectors, float[] packed, int y, int yRow, int x, int xRow, float[] from, int fo, float[] a, int ao) {
        FloatVector a00 = FloatVector.fromArray(SPECIES, from, fo + 0 * STEP), a01 = FloatVector.fromArray(SPECIES, from, fo + 1 * STEP), a02 = FloatVector.fromArray(SPECIES, from, fo + 2 * STEP), a03 = FloatVector.fromArray(SPECIES, from, fo + 3 * STEP);
        FloatVector a10 = FloatVector.fromArray(SPECIES, from, fo + 4 * STEP), a11 = FloatVector.fromArray(SPECIES, from, fo + 5 * STEP), a12 = FloatVector.fromArray(SPECIES, from, fo + 6 * STEP), a13 = FloatVector.fromArray(SPECIES, from, fo + 7 * STEP);
        FloatVector a20 = FloatVector.fromArray(SPECIES, from, fo + 8 * STEP), a21 = FloatVector.fromArray(SPECIES, from, fo + 9 * STEP), a22 = FloatVector.fromArray(SPECIES, from, fo + 10 * STEP), a23 = FloatVector.fromArray(SPECIES, from, fo + 11 * STEP);
        FloatVector a30 = FloatVector.fromArray(SPECIES, from, fo + 12 * STEP), a31 = FloatVector.fromArray(SPECIES, from, fo + 13 * STEP), a32 = FloatVector.fromArray(SPECIES, from, fo + 14 * STEP), a33 = FloatVector.fromArray(SPECIES, from, fo + 15 * STEP);
        FloatVector a40 = FloatVector.fromArray(SPECIES, from, fo + 16 * STEP), a41 = FloatVector.fromArray(SPECIES, from, fo + 17 * STEP), a42 = FloatVector.fromArray(SPECIES, from, fo + 18 * STEP), a43 = FloatVector.fromArray(SPECIES, from, fo + 19 * STEP);
        FloatVector a50 = FloatVector.fromArray(SPECIES, from, fo + 20 * STEP), a51 = FloatVector.fromArray(SPECIES, from, fo + 21 * STEP), a52 = FloatVector.fromArray(SPECIES, from, fo + 22 * STEP), a53 = FloatVector.fromArray(SPECIES, from, fo + 23 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = y + i * yRow, t = x + i * xRow;
            for (int q = 0; q < vectors; q++) {
                FloatVector u0 = FloatVector.fromArray(SPECIES, packed, t + 0 * STEP + q * (4 * STEP));
                FloatVector u1 = FloatVector.fromArray(SPECIES, packed, t + 1 * STEP + q * (4 * STEP));
                FloatVector u2 = FloatVector.fromArray(SPECIES, packed, t + 2 * STEP + q * (4 * STEP));
                FloatVector u3 = FloatVector.fromArray(SPECIES, packed, t + 3 * STEP + q * (4 * STEP));
                FloatVector g0 = FloatVector.fromArray(SPECIES, packed, s + 0 * STEP + q * (6 * STEP));
                a00 = g0.fma(u0, a00); a01 = g0.fma(u1, a01); a02 = g0.fma(u2, a02); a03 = g0.fma(u3, a03);
                FloatVector g1 = FloatVector.fromArray(SPECIES, packed, s + 1 * STEP + q * (6 * STEP));
                a10 = g1.fma(u0, a10); a11 = g1.fma(u1, a11); a12 = g1.fma(u2, a12); a13 = g1.fma(u3, a13);
                FloatVector g2 = FloatVector.fromArray(SPECIES, packed, s + 2 * STEP + q * (6 * STEP));
                a20 = g2.fma(u0, a20); a21 = g2.fma(u1, a21); a22 = g2.fma(u2, a22); a23 = g2.fma(u3, a23);
                FloatVector g3 = FloatVector.fromArray(SPECIES, packed, s + 3 * STEP + q * (6 * STEP));
                a30 = g3.fma(u0, a30); a31 = g3.fma(u1, a31); a32 = g3.fma(u2, a32); a33 = g3.fma(u3, a33);
                FloatVector g4 = FloatVector.fromArray(SPECIES, packed, s + 4 * STEP + q * (6 * STEP));
                a40 = g4.fma(u0, a40); a41 = g4.fma(u1, a41); a42 = g4.fma(u2, a42); a43 = g4.fma(u3, a43);
                FloatVector g5 = FloatVector.fromArray(SPECIES, packed, s + 5 * STEP + q * (6 * STEP));
                a50 = g5.fma(u0, a50); a51 = g5.fma(u1, a51); a52 = g5.fma(u2, a52); a53 = g5.fma(u3, a53);
            }
        }
        EXACT.cast(a00).intoArray(a, ao + 0 * STEP); EXACT.cast(a01).intoArray(a, ao + 1 * STEP); EXACT.cast(a02).intoArray(a, ao + 2 * STEP); EXACT.cast(a03).intoArray(a, ao + 3 * STEP);
        EXACT.cast(a10).intoArray(a, ao + 4 * STEP); EXACT.cast(a11).intoArray(a, ao + 5 * STEP); EXACT.cast(a12).intoArray(a, ao + 6 * STEP); EXACT.cast(a13).intoArray(a, ao + 7 * STEP);
        EXACT.cast(a20).intoArray(a, ao + 8 * STEP); EXACT.cast(a21).intoArray(a, ao + 9 * STEP); EXACT.cast(a22).intoArray(a, ao + 10 * STEP); EXACT.cast(a23).intoArray(a, ao + 11 * STEP);
        EXACT.cast(a30).intoArray(a, ao + 12 * STEP); EXACT.cast(a31).intoArray(a, ao + 13 * STEP); EXACT.cast(a32).intoArray(a, ao + 14 * STEP); EXACT.cast(a33).intoArray(a, ao + 15 * STEP);
        EXACT.cast(a40).intoArray(a, ao + 16 * STEP); EXACT.cast(a41).intoArray(a, ao + 17 * STEP); EXACT.cast(a42).intoArray(a, ao + 18 * STEP); EXACT.cast(a43).intoArray(a, ao + 19 * STEP);
        EXACT.cast(a50).intoArray(a, ao + 20 * STEP); EXACT.cast(a51).intoArray(a, ao + 21 * STEP); EXACT.cast(a52).intoArray(a, ao + 22 * STEP); EXACT.cast(a53).intoArray(a, ao + 23 * STEP);
    }

    /** Five filters by four channels. */
    static void outer5x4(int rows, int vectors, float[] packed, int y, int yRow, int x, int xRow, float[] from, int fo, float[] a, int ao) {
        FloatVector a00 = FloatVector.fromArray(SPECIES, from, fo + 0 * STEP), a01 = FloatVector.fromArray(SPECIES, from, fo + 1 * STEP), a02 = FloatVector.fromArray(SPECIES, from, fo + 2 * STEP), a03 = FloatVector.fromArray(SPECIES, from, fo + 3 * STEP);
        FloatVector a10 = FloatVector.fromArray(SPECIES, from, fo + 4 * STEP), a11 = FloatVector.fromArray(SPECIES, from, fo + 5 * STEP), a12 = FloatVector.fromArray(SPECIES, from, fo + 6 * STEP), a13 = FloatVector.fromArray(SPECIES, from, fo + 7 * STEP);
        FloatVector a20 = FloatVector.fromArray(SPECIES, from, fo + 8 * STEP), a21 = FloatVector.fromArray(SPECIES, from, fo + 9 * STEP), a22 = FloatVector.fromArray(SPECIES, from, fo + 10 * STEP), a23 = FloatVector.fromArray(SPECIES, from, fo + 11 * STEP);
        FloatVector a30 = FloatVector.fromArray(SPECIES, from, fo + 12 * STEP), a31 = FloatVector.fromArray(SPECIES, from, fo + 13 * STEP), a32 = FloatVector.fromArray(SPECIES, from, fo + 14 * STEP), a33 = FloatVector.fromArray(SPECIES, from, fo + 15 * STEP);
        FloatVector a40 = FloatVector.fromArray(SPECIES, from, fo + 16 * STEP), a41 = FloatVector.fromArray(SPECIES, from, fo + 17 * STEP), a42 = FloatVector.fromArray(SPECIES, from, fo + 18 * STEP), a43 = FloatVector.fromArray(SPECIES, from, fo + 19 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = y + i * yRow, t = x + i * xRow;
            for (int q = 0; q < vectors; q++) {
                FloatVector u0 = FloatVector.fromArray(SPECIES, packed, t + 0 * STEP + q * (4 * STEP));
                FloatVector u1 = FloatVector.fromArray(SPECIES, packed, t + 1 * STEP + q * (4 * STEP));
                FloatVector u2 = FloatVector.fromArray(SPECIES, packed, t + 2 * STEP + q * (4 * STEP));
                FloatVector u3 = FloatVector.fromArray(SPECIES, packed, t + 3 * STEP + q * (4 * STEP));
                FloatVector g0 = FloatVector.fromArray(SPECIES, packed, s + 0 * STEP + q * (5 * STEP));
                a00 = g0.fma(u0, a00); a01 = g0.fma(u1, a01); a02 = g0.fma(u2, a02); a03 = g0.fma(u3, a03);
                FloatVector g1 = FloatVector.fromArray(SPECIES, packed, s + 1 * STEP + q * (5 * STEP));
                a10 = g1.fma(u0, a10); a11 = g1.fma(u1, a11); a12 = g1.fma(u2, a12); a13 = g1.fma(u3, a13);
                FloatVector g2 = FloatVector.fromArray(SPECIES, packed, s + 2 * STEP + q * (5 * STEP));
                a20 = g2.fma(u0, a20); a21 = g2.fma(u1, a21); a22 = g2.fma(u2, a22); a23 = g2.fma(u3, a23);
                FloatVector g3 = FloatVector.fromArray(SPECIES, packed, s + 3 * STEP + q * (5 * STEP));
                a30 = g3.fma(u0, a30); a31 = g3.fma(u1, a31); a32 = g3.fma(u2, a32); a33 = g3.fma(u3, a33);
                FloatVector g4 = FloatVector.fromArray(SPECIES, packed, s + 4 * STEP + q * (5 * STEP));
                a40 = g4.fma(u0, a40); a41 = g4.fma(u1, a41); a42 = g4.fma(u2, a42); a43 = g4.fma(u3, a43);
            }
        }
        EXACT.cast(a00).intoArray(a, ao + 0 * STEP); EXACT.cast(a01).intoArray(a, ao + 1 * STEP); EXACT.cast(a02).intoArray(a, ao + 2 * STEP); EXACT.cast(a03).intoArray(a, ao + 3 * STEP);
        EXACT.cast(a10).intoArray(a, ao + 4 * STEP); EXACT.cast(a11).intoArray(a, ao + 5 * STEP); EXACT.cast(a12).intoArray(a, ao + 6 * STEP); EXACT.cast(a13).intoArray(a, ao + 7 * STEP);
        EXACT.cast(a20).intoArray(a, ao + 8 * STEP); EXACT.cast(a21).intoArray(a, ao + 9 * STEP); EXACT.cast(a22).intoArray(a, ao + 10 * STEP); EXACT.cast(a23).intoArray(a, ao + 11 * STEP);
        EXACT.cast(a30).intoArray(a, ao + 12 * STEP); EXACT.cast(a31).intoArray(a, ao + 13 * STEP); EXACT.cast(a32).intoArray(a, ao + 14 * STEP); EXACT.cast(a33).intoArray(a, ao + 15 * STEP);
        EXACT.cast(a40).intoArray(a, ao + 16 * STEP); EXACT.cast(a41).intoArray(a, ao + 17 * STEP); EXACT.cast(a42).intoArray(a, ao + 18 * STEP); EXACT.cast(a43).intoArray(a, ao + 19 * STEP);
    }

    /** Four filters by four channels. */
    static void outer4x4(int rows, int vectors, float[] packed, int y, int yRow, int x, int xRow, float[] from, int fo, float[] a, int ao) {
        FloatVector a00 = FloatVector.fromArray(SPECIES, from, fo + 0 * STEP), a01 = FloatVector.fromArray(SPECIES, from, fo + 1 * STEP), a02 = FloatVector.fromArray(SPECIES, from, fo + 2 * STEP), a03 = FloatVector.fromArray(SPECIES, from, fo + 3 * STEP);
        FloatVector a10 = FloatVector.fromArray(SPECIES, from, fo + 4 * STEP), a11 = FloatVector.fromArray(SPECIES, from, fo + 5 * STEP), a12 = FloatVector.fromArray(SPECIES, from, fo + 6 * STEP), a13 = FloatVector.fromArray(SPECIES, from, fo + 7 * STEP);
        FloatVector a20 = FloatVector.fromArray(SPECIES, from, fo + 8 * STEP), a21 = FloatVector.fromArray(SPECIES, from, fo + 9 * STEP), a22 = FloatVector.fromArray(SPECIES, from, fo + 10 * STEP), a23 = FloatVector.fromArray(SPECIES, from, fo + 11 * STEP);
        FloatVector a30 = FloatVector.fromArray(SPECIES, from, fo + 12 * STEP), a31 = FloatVector.fromArray(SPECIES, from, fo + 13 * STEP), a32 = FloatVector.fromArray(SPECIES, from, fo + 14 * STEP), a33 = FloatVector.fromArray(SPECIES, from, fo + 15 * STEP);
        for (int i = 0; i < rows; i++) {
            int s = y + i * yRow, t = x + i * xRow;
            for (int q = 0; q < vectors; q++) {
                FloatVector u0 = FloatVector.fromArray(SPECIES, packed, t + 0 * STEP + q * (4 * STEP));
                FloatVector u1 = FloatVector.fromArray(SPECIES, packed, t + 1 * STEP + q * (4 * STEP));
                FloatVector u2 = FloatVector.fromArray(SPECIES, packed, t + 2 * STEP + q * (4 * STEP));
                FloatVector u3 = FloatVector.fromArray(SPECIES, packed, t + 3 * STEP + q * (4 * STEP));
                FloatVector g0 = FloatVector.fromArray(SPECIES, packed, s + 0 * STEP + q * (4 * STEP));
                a00 = g0.fma(u0, a00); a01 = g0.fma(u1, a01); a02 = g0.fma(u2, a02); a03 = g0.fma(u3, a03);
                FloatVector g1 = FloatVector.fromArray(SPECIES, packed, s + 1 * STEP + q * (4 * STEP));
                a10 = g1.fma(u0, a10); a11 = g1.fma(u1, a11); a12 = g1.fma(u2, a12); a13 = g1.fma(u3, a13);
                FloatVector g2 = FloatVector.fromArray(SPECIES, packed, s + 2 * STEP + q * (4 * STEP));
                a20 = g2.fma(u0, a20); a21 = g2.fma(u1, a21); a22 = g2.fma(u2, a22); a23 = g2.fma(u3, a23);
                FloatVector g3 = FloatVector.fromArray(SPECIES, packed, s + 3 * STEP + q * (4 * STEP));
                a30 = g3.fma(u0, a30); a31 = g3.fma(u1, a31); a32 = g3.fma(u2, a32); a33 = g3.fma(u3, a33);
            }
        }
        EXACT.cast(a00).intoArray(a, ao + 0 * STEP); EXACT.cast(a01).intoArray(a, ao + 1 * STEP); EXACT.cast(a02).intoArray(a, ao + 2 * STEP); EXACT.cast(a03).intoArray(a, ao + 3 * STEP);
        EXACT.cast(a10).intoArray(a, ao + 4 * STEP); EXACT.cast(a11).intoArray(a, ao + 5 * STEP); EXACT.cast(a12).intoArray(a, ao + 6 * STEP); EXACT.cast(a13).intoArray(a, ao + 7 * STEP);
        EXACT.cast(a20).intoArray(a, ao + 8 * STEP); EXACT.cast(a21).intoArray(a, ao + 9 * STEP); EXACT.cast(a22).intoArray(a, ao + 10 * STEP); EXACT.cast(a23).intoArray(a, ao + 11 * STEP);
        EXACT.cast(a30).intoArray(a, ao + 12 * STEP); EXACT.cast(a31).intoArray(a, ao + 13 * STEP); EXACT.cast(a32).intoArray(a, ao + 14 * STEP); EXACT.cast(a33).intoArray(a, ao + 15 * STEP);
    }

    /**
     * Copies rows × vectors × pixels of sixteen elements, {@code (row, 16, step)} apart in each of {@code planes} planes; beyond the last plane it is repeated. The vectors of all planes at one
     * place go side by side, places of a row one behind the other: pixel by pixel, of a pixel vector by vector. Two planes at a time, as one alone waits for memory.
     */
    static void pack(int planes, int plane, int last, int rows, int row, int pixels, int step, int vectors, float[] from, int at, float[] to, int place, int toRow) {
        int next = vectors * planes * STEP;
        for (int f = 0; f < planes; f += 2) {
            int g = Math.min(f + 1, planes - 1);
            for (int i = 0; i < rows; i++) {
                for (int v = 0; v < vectors; v++) {
                    int first = at + i * row + v * STEP + Math.min(f, last) * plane;
                    int second = at + i * row + v * STEP + Math.min(g, last) * plane;
                    int target = place + i * toRow + v * planes * STEP;
                    for (int p = 0; p < pixels; p++) {
                        for (int lane = 0; lane < STEP; lane += W) {
                            FloatVector.fromArray(SPECIES, from, first + p * step + lane).intoArray(to, target + p * next + f * STEP + lane);
                            FloatVector.fromArray(SPECIES, from, second + p * step + lane).intoArray(to, target + p * next + g * STEP + lane);
                        }
                    }
                }
            }
        }
    }
}
