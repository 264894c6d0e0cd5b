package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Brings pieces of single precision matrices into the order in which the innermost loops read them: k outermost, the columns of one
 * panel side by side. Only copies: no value changes.
 */
final class FloatPacking {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();
    /** Lanes of the vectors that copy few rows: half of one where that is at least four. */
    private static final int SHORT = Math.max(LANES / 2, Math.min(4, LANES));
    private static final VectorSpecies<Float> SHORT_VECTOR = VectorSpecies.of(float.class, VectorShape.forBitSize(SHORT * Float.SIZE));
    /** Blocks of as many columns as there are lanes, eight long, are transposed in registers where those are wide enough (three times as fast as one by one). */
    private static final boolean IN_REGISTERS = LANES >= 8;
    /** A vector of 16 lanes holds eight elements each of two columns, eight apart. */
    private static final boolean TWO_COLUMNS = LANES == 16;
    private static final VectorMask<Integer> UPPER_HALF = VectorMask.fromLong(Lanes.INT, 0xff00L);
    private static final VectorShuffle<Integer> SWAP_FOURS = VectorShuffle.fromOp(Lanes.INT, i -> i ^ 4 & LANES - 1);
    private static final VectorShuffle<Integer> SWAP_PAIRS = VectorShuffle.fromOp(Lanes.INT, i -> i ^ 2 & LANES - 1);
    private static final VectorMask<Integer> UPPER_FOUR = VectorMask.fromLong(Lanes.INT, 0b1111000011110000L);
    private static final VectorMask<Integer> UPPER_PAIR = VectorMask.fromLong(Lanes.INT, 0b1100110011001100L);
    private static final VectorMask<Integer> ODD = VectorMask.fromLong(Lanes.INT, 0b1010101010101010L);

    private FloatPacking() {
    }

    /**
     * Columns of B as a panel: {@code out[oo + p·W + v·lanes + l] = b[bo + p·brs + (vᵥ + l)·bcs]} for p below k and each of the one or two vectors, which begin at the columns
     * 0 and v1; W = vectors · lanes.
     */
    static void panel(int k, int vectors, float[] b, int bo, int brs, int bcs, int v1, float[] out, int oo) {
        int width = vectors * LANES;
        if (bcs == 1) {
            for (int p = 0, from = bo, to = oo; p < k; p++, from += brs, to += width) {
                FloatVector.fromArray(SPECIES, b, from).intoArray(out, to);
                if (vectors > 1) {
                    FloatVector.fromArray(SPECIES, b, from + v1).intoArray(out, to + LANES);
                }
            }
            return;
        }
        for (int v = 0; v < vectors; v++) {
            transpose(k, LANES, b, bo + v * v1 * bcs, brs, bcs, out, oo + v * LANES, width);
        }
    }

    /** {@code out[oo + p·ors + j] = b[bo + p·brs + j·bcs]} for p below {@code rows} and j below {@code columns}. Fast for brs = 1, 8 | rows and lanes | columns. */
    static void transpose(int rows, int columns, float[] b, int bo, int brs, int bcs, float[] out, int oo, int ors) {
        int blocked = IN_REGISTERS && brs == 1 && bcs >= 8 ? rows & -8 : 0;
        int whole = blocked == 0 ? 0 : columns & -LANES;
        for (int j = 0; j < whole; j += LANES) {
            for (int p = 0; p < blocked; p += 8) {
                transposeBlock(b, bo + j * bcs + p, bcs, out, oo + p * ors + j, ors);
            }
        }
        oneByOne(rows - blocked, whole, b, bo + blocked * brs, brs, bcs, out, oo + blocked * ors, ors);
        oneByOne(rows, columns - whole, b, bo + whole * bcs, brs, bcs, out, oo + whole, ors);
    }

    private static void oneByOne(int rows, int columns, float[] b, int bo, int brs, int bcs, float[] out, int oo, int ors) {
        int j = 0;
        for (; j + 4 <= columns; j += 4) {
            int b0 = bo + j * bcs, b1 = b0 + bcs, b2 = b1 + bcs, b3 = b2 + bcs;
            for (int p = 0, from = 0, to = oo + j; p < rows; p++, from += brs, to += ors) {
                out[to] = b[b0 + from];
                out[to + 1] = b[b1 + from];
                out[to + 2] = b[b2 + from];
                out[to + 3] = b[b3 + from];
            }
        }
        for (; j < columns; j++) {
            for (int p = 0, from = bo + j * bcs, to = oo + j; p < rows; p++, from += brs, to += ors) {
                out[to] = b[from];
            }
        }
    }

    /**
     * Rows of A as a sliver, k outermost: {@code out[oo + p·height + i] = a[ao + i·ars + p·acs]} for i below {@code rows}; what the other rows hold does not matter. In A
     * {@code beyond} more rows follow. Up to a vector after the end of the sliver is overwritten.
     */
    static void sliver(int rows, int beyond, int k, int height, float[] a, int ao, int ars, int acs, float[] out, int oo) {
        if (ars == 1 && acs > 0) {
            int span = height <= SHORT ? SHORT : (height + LANES - 1) / LANES * LANES;
            int whole = Math.clamp(Math.floorDiv(a.length - ao - span, acs) + 1L, 0, k);
            // What is stored beyond the rows of one step belongs to the next one's first rows, which come later.
            if (height <= SHORT) {
                for (int p = 0, from = ao, to = oo; p < whole; p++, from += acs, to += height) {
                    FloatVector.fromArray(SHORT_VECTOR, a, from).intoArray(out, to);
                }
            } else {
                for (int p = 0, from = ao, to = oo; p < whole; p++, from += acs, to += height) {
                    FloatVector.fromArray(SPECIES, a, from).intoArray(out, to);
                    for (int i = LANES; i < height; i += LANES) {
                        FloatVector.fromArray(SPECIES, a, from + i).intoArray(out, to + i);
                    }
                }
            }
            oneByOne(k - whole, rows, a, ao + whole * acs, acs, ars, out, oo + whole * height, height);
            return;
        }
        // Blocks from the last rows to the first, for the same reason.
        int wide = (height - 1) / LANES * LANES;
        int blocked = IN_REGISTERS && acs == 1 && ars >= 8 && rows + beyond >= wide + LANES ? k & -8 : 0;
        for (int p = 0; p < blocked; p += 8) {
            for (int i = wide; i >= 0; i -= LANES) {
                transposeBlock(a, ao + i * ars + p, ars, out, oo + p * height + i, height);
            }
        }
        oneByOne(k - blocked, rows, a, ao + blocked * acs, acs, ars, out, oo + blocked * height, height);
    }

    /** {@code out[p·width + j] = b[bo + p·brs + j·bcs]} for j below n, at most the width; what the other lanes hold does not matter. */
    static void narrow(int k, int n, int width, float[] b, int bo, int brs, int bcs, float[] out) {
        int p = 0;
        if (bcs == 1) {
            // A full vector reads into the next rows, and writes into them where the width is half of it: harmless as long as it ends inside the array.
            for (int from = bo, to = 0; p < k && from <= b.length - LANES; p++, from += brs, to += width) {
                FloatVector.fromArray(SPECIES, b, from).intoArray(out, to);
            }
        }
        transpose(k - p, n, b, bo + p * brs, brs, bcs, out, p * width, width);
    }

    /** Copies rows of {@code n} elements. */
    static void rows(int m, int n, float[] from, int fo, int frs, float[] to, int t, int trs) {
        for (int i = 0, f = fo; i < m; i++, f += frs, t += trs) {
            if (n >= 32) {
                System.arraycopy(from, f, to, t, n);
            } else {
                for (int j = 0; j < n; j++) {
                    to[t + j] = from[f + j];
                }
            }
        }
    }

    /** Eight elements of each of as many columns as there are lanes. Three rounds exchange halves, pairs and neighbours between vectors four, two and one apart. */
    private static void transposeBlock(float[] a, int ao, int step, float[] out, int oo, int ors) {
        IntVector r0 = FloatVector.fromArray(SPECIES, a, ao).reinterpretAsInts();
        IntVector r1 = FloatVector.fromArray(SPECIES, a, ao + step).reinterpretAsInts();
        IntVector r2 = FloatVector.fromArray(SPECIES, a, ao + 2 * step).reinterpretAsInts();
        IntVector r3 = FloatVector.fromArray(SPECIES, a, ao + 3 * step).reinterpretAsInts();
        IntVector r4 = FloatVector.fromArray(SPECIES, a, ao + 4 * step).reinterpretAsInts();
        IntVector r5 = FloatVector.fromArray(SPECIES, a, ao + 5 * step).reinterpretAsInts();
        IntVector r6 = FloatVector.fromArray(SPECIES, a, ao + 6 * step).reinterpretAsInts();
        IntVector r7 = FloatVector.fromArray(SPECIES, a, ao + 7 * step).reinterpretAsInts();
        if (TWO_COLUMNS) {
            r0 = r0.blend(FloatVector.fromArray(SPECIES, a, ao + 8 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r1 = r1.blend(FloatVector.fromArray(SPECIES, a, ao + 9 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r2 = r2.blend(FloatVector.fromArray(SPECIES, a, ao + 10 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r3 = r3.blend(FloatVector.fromArray(SPECIES, a, ao + 11 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r4 = r4.blend(FloatVector.fromArray(SPECIES, a, ao + 12 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r5 = r5.blend(FloatVector.fromArray(SPECIES, a, ao + 13 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r6 = r6.blend(FloatVector.fromArray(SPECIES, a, ao + 14 * step - 8).reinterpretAsInts(), UPPER_HALF);
            r7 = r7.blend(FloatVector.fromArray(SPECIES, a, ao + 15 * step - 8).reinterpretAsInts(), UPPER_HALF);
        }
        IntVector s0 = r0.blend(r4.rearrange(SWAP_FOURS), UPPER_FOUR), s4 = r0.rearrange(SWAP_FOURS).blend(r4, UPPER_FOUR);
        IntVector s1 = r1.blend(r5.rearrange(SWAP_FOURS), UPPER_FOUR), s5 = r1.rearrange(SWAP_FOURS).blend(r5, UPPER_FOUR);
        IntVector s2 = r2.blend(r6.rearrange(SWAP_FOURS), UPPER_FOUR), s6 = r2.rearrange(SWAP_FOURS).blend(r6, UPPER_FOUR);
        IntVector s3 = r3.blend(r7.rearrange(SWAP_FOURS), UPPER_FOUR), s7 = r3.rearrange(SWAP_FOURS).blend(r7, UPPER_FOUR);
        IntVector t0 = s0.blend(s2.rearrange(SWAP_PAIRS), UPPER_PAIR), t2 = s0.rearrange(SWAP_PAIRS).blend(s2, UPPER_PAIR);
        IntVector t1 = s1.blend(s3.rearrange(SWAP_PAIRS), UPPER_PAIR), t3 = s1.rearrange(SWAP_PAIRS).blend(s3, UPPER_PAIR);
        IntVector t4 = s4.blend(s6.rearrange(SWAP_PAIRS), UPPER_PAIR), t6 = s4.rearrange(SWAP_PAIRS).blend(s6, UPPER_PAIR);
        IntVector t5 = s5.blend(s7.rearrange(SWAP_PAIRS), UPPER_PAIR), t7 = s5.rearrange(SWAP_PAIRS).blend(s7, UPPER_PAIR);
        IntVector u0 = t0.blend(t1.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD);
        IntVector u1 = t0.reinterpretAsLongs().lanewise(VectorOperators.LSHR, 32).reinterpretAsInts().blend(t1, ODD);
        IntVector u2 = t2.blend(t3.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD);
        IntVector u3 = t2.reinterpretAsLongs().lanewise(VectorOperators.LSHR, 32).reinterpretAsInts().blend(t3, ODD);
        IntVector u4 = t4.blend(t5.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD);
        IntVector u5 = t4.reinterpretAsLongs().lanewise(VectorOperators.LSHR, 32).reinterpretAsInts().blend(t5, ODD);
        IntVector u6 = t6.blend(t7.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 32).reinterpretAsInts(), ODD);
        IntVector u7 = t6.reinterpretAsLongs().lanewise(VectorOperators.LSHR, 32).reinterpretAsInts().blend(t7, ODD);
        u0.reinterpretAsFloats().intoArray(out, oo);
        u1.reinterpretAsFloats().intoArray(out, oo + ors);
        u2.reinterpretAsFloats().intoArray(out, oo + 2 * ors);
        u3.reinterpretAsFloats().intoArray(out, oo + 3 * ors);
        u4.reinterpretAsFloats().intoArray(out, oo + 4 * ors);
        u5.reinterpretAsFloats().intoArray(out, oo + 5 * ors);
        u6.reinterpretAsFloats().intoArray(out, oo + 6 * ors);
        u7.reinterpretAsFloats().intoArray(out, oo + 7 * ors);
    }
}
