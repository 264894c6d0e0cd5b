package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of the single precision product: a block of C stays in registers while k runs.
 *
 * <p>{@code tileRxV} computes R rows by V vectors: {@code c[i, j] = s[i, j] + Σ a[i, p]·b[p, j]} as one fma chain over {@code p = 0 … k − 1}. Each step
 * costs V loads, R broadcasts and R·V fused multiply-adds, so with R = 12, V = 2 the multiply units and not the loads are the limit. Blocks by two and four vectors read A from a packed
 * sliver of R rows, {@code a[ao + p·R + i]}, whose bounds the compiler checks before the loop, and B where it lies; {@link FloatPackedTiles} and {@link FloatRowTiles} are for other
 * layouts. They compute and store all of their rows: the caller gives the last ones a buffer. Each of their steps also reads {@code b[to + p·ts]}, an element that a later block
 * needs: Java has no prefetch. The answer is made of what was read, so that it is read. Blocks by four vectors have ts = lanes, and their vectors lie side by side: with a step or a
 * place of the last vector that varies, the compiler ran out of general registers and kept some in vector registers, whose way back takes a multiply unit's turn.
 *
 * <p>Blocks by one vector take any strides of A. Their rows beyond {@code last} repeat row {@code last}: what is computed twice has the same bits twice. For the same reason the
 * caller may move a last vector that would stick out to the left until it fits. Everything is loaded before anything is stored, so s may be c.
 *
 * <p>Element (i, j) of each matrix: {@code a[ao + i·ars + p·acs]}, {@code b[bo + p·brs + j]}, {@code s[so + i·srs + j]}, {@code c[co + i·crs + j]}; vector 1
 * begins at j = v1 (at b1 in B, which may be packed). The accumulators are stored by name: collected in an array they would all be boxed.
 */
final class FloatTiles {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatTiles() {
    }

    /** Twelve rows by two vectors: 24 accumulators, for machines with 32 vector registers. */
    static int tile12x2(int k, float[] a, int ao, float[] b, int bo, int brs, int b1,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1, int to, int ts) {
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
        int seen = 0;
        for (int p = 0, y = bo, z = to; p < k; p++, y += brs, z += ts) {
            seen ^= Float.floatToRawIntBits(b[z]);
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y), u1 = FloatVector.fromArray(SPECIES, b, y + b1);
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
        return seen;
    }

    /** Eight rows by two vectors. */
    static int tile8x2(int k, float[] a, int ao, float[] b, int bo, int brs, int b1,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1, int to, int ts) {
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
        int seen = 0;
        for (int p = 0, y = bo, z = to; p < k; p++, y += brs, z += ts) {
            seen ^= Float.floatToRawIntBits(b[z]);
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y), u1 = FloatVector.fromArray(SPECIES, b, y + b1);
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
        return seen;
    }

    /** Six rows by two vectors. */
    static int tile6x2(int k, float[] a, int ao, float[] b, int bo, int brs, int b1,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1, int to, int ts) {
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
        int seen = 0;
        for (int p = 0, y = bo, z = to; p < k; p++, y += brs, z += ts) {
            seen ^= Float.floatToRawIntBits(b[z]);
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y), u1 = FloatVector.fromArray(SPECIES, b, y + b1);
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
        return seen;
    }

    /** Four rows by two vectors. */
    static int tile4x2(int k, float[] a, int ao, float[] b, int bo, int brs, int b1,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1, int to, int ts) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + v1);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + v1);
        int seen = 0;
        for (int p = 0, y = bo, z = to; p < k; p++, y += brs, z += ts) {
            seen ^= Float.floatToRawIntBits(b[z]);
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y), u1 = FloatVector.fromArray(SPECIES, b, y + b1);
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
        return seen;
    }

    /** Six rows by four vectors: 24 accumulators too, and only ten loads a step. */
    static int tile6x4(int k, float[] a, int ao, float[] b, int bo, int brs,
            float[] s, int so, int srs, float[] c, int co, int crs, int to) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c02 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c03 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c12 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c13 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c22 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c23 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c32 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c33 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c40 = FloatVector.fromArray(SPECIES, s, o), c41 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c42 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c43 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c50 = FloatVector.fromArray(SPECIES, s, o), c51 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c52 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c53 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        int seen = 0;
        for (int p = 0, y = bo; p < k; p++, y += brs) {
            seen ^= Float.floatToRawIntBits(b[to + p * LANES]);
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y), u1 = FloatVector.fromArray(SPECIES, b, y + LANES);
            FloatVector u2 = FloatVector.fromArray(SPECIES, b, y + 2 * LANES), u3 = FloatVector.fromArray(SPECIES, b, y + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[ao + p * 6]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01); c02 = x0.fma(u2, c02); c03 = x0.fma(u3, c03);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[ao + 1 + p * 6]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11); c12 = x1.fma(u2, c12); c13 = x1.fma(u3, c13);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[ao + 2 + p * 6]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21); c22 = x2.fma(u2, c22); c23 = x2.fma(u3, c23);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[ao + 3 + p * 6]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31); c32 = x3.fma(u2, c32); c33 = x3.fma(u3, c33);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[ao + 4 + p * 6]);
            c40 = x4.fma(u0, c40); c41 = x4.fma(u1, c41); c42 = x4.fma(u2, c42); c43 = x4.fma(u3, c43);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[ao + 5 + p * 6]);
            c50 = x5.fma(u0, c50); c51 = x5.fma(u1, c51); c52 = x5.fma(u2, c52); c53 = x5.fma(u3, c53);
        }
        o = co;
        EXACT.cast(c00).intoArray(c, o); EXACT.cast(c01).intoArray(c, o + LANES);
        EXACT.cast(c02).intoArray(c, o + 2 * LANES); EXACT.cast(c03).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c10).intoArray(c, o); EXACT.cast(c11).intoArray(c, o + LANES);
        EXACT.cast(c12).intoArray(c, o + 2 * LANES); EXACT.cast(c13).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c20).intoArray(c, o); EXACT.cast(c21).intoArray(c, o + LANES);
        EXACT.cast(c22).intoArray(c, o + 2 * LANES); EXACT.cast(c23).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c30).intoArray(c, o); EXACT.cast(c31).intoArray(c, o + LANES);
        EXACT.cast(c32).intoArray(c, o + 2 * LANES); EXACT.cast(c33).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c40).intoArray(c, o); EXACT.cast(c41).intoArray(c, o + LANES);
        EXACT.cast(c42).intoArray(c, o + 2 * LANES); EXACT.cast(c43).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c50).intoArray(c, o); EXACT.cast(c51).intoArray(c, o + LANES);
        EXACT.cast(c52).intoArray(c, o + 2 * LANES); EXACT.cast(c53).intoArray(c, o + 3 * LANES);
        return seen;
    }

    /** Four rows by four vectors. */
    static int tile4x4(int k, float[] a, int ao, float[] b, int bo, int brs,
            float[] s, int so, int srs, float[] c, int co, int crs, int to) {
        int o = so;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o), c01 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c02 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c03 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o), c11 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c12 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c13 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o), c21 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c22 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c23 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        o += srs;
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o), c31 = FloatVector.fromArray(SPECIES, s, o + LANES);
        FloatVector c32 = FloatVector.fromArray(SPECIES, s, o + 2 * LANES), c33 = FloatVector.fromArray(SPECIES, s, o + 3 * LANES);
        int seen = 0;
        for (int p = 0, y = bo; p < k; p++, y += brs) {
            seen ^= Float.floatToRawIntBits(b[to + p * LANES]);
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y), u1 = FloatVector.fromArray(SPECIES, b, y + LANES);
            FloatVector u2 = FloatVector.fromArray(SPECIES, b, y + 2 * LANES), u3 = FloatVector.fromArray(SPECIES, b, y + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[ao + p * 4]);
            c00 = x0.fma(u0, c00); c01 = x0.fma(u1, c01); c02 = x0.fma(u2, c02); c03 = x0.fma(u3, c03);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[ao + 1 + p * 4]);
            c10 = x1.fma(u0, c10); c11 = x1.fma(u1, c11); c12 = x1.fma(u2, c12); c13 = x1.fma(u3, c13);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[ao + 2 + p * 4]);
            c20 = x2.fma(u0, c20); c21 = x2.fma(u1, c21); c22 = x2.fma(u2, c22); c23 = x2.fma(u3, c23);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[ao + 3 + p * 4]);
            c30 = x3.fma(u0, c30); c31 = x3.fma(u1, c31); c32 = x3.fma(u2, c32); c33 = x3.fma(u3, c33);
        }
        o = co;
        EXACT.cast(c00).intoArray(c, o); EXACT.cast(c01).intoArray(c, o + LANES);
        EXACT.cast(c02).intoArray(c, o + 2 * LANES); EXACT.cast(c03).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c10).intoArray(c, o); EXACT.cast(c11).intoArray(c, o + LANES);
        EXACT.cast(c12).intoArray(c, o + 2 * LANES); EXACT.cast(c13).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c20).intoArray(c, o); EXACT.cast(c21).intoArray(c, o + LANES);
        EXACT.cast(c22).intoArray(c, o + 2 * LANES); EXACT.cast(c23).intoArray(c, o + 3 * LANES);
        o += crs;
        EXACT.cast(c30).intoArray(c, o); EXACT.cast(c31).intoArray(c, o + LANES);
        EXACT.cast(c32).intoArray(c, o + 2 * LANES); EXACT.cast(c33).intoArray(c, o + 3 * LANES);
        return seen;
    }

    /** Eight rows by one vector. */
    static void tile8x1(int k, int last, float[] a, int ao, int ars, int acs, float[] b, int bo, int brs,
            float[] s, int so, int srs, float[] c, int co, int crs) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last), r4 = Math.min(4, last);
        int r5 = Math.min(5, last), r6 = Math.min(6, last), r7 = Math.min(7, last);
        int o0 = so, o1 = so + r1 * srs, o2 = so + r2 * srs, o3 = so + r3 * srs;
        int o4 = so + r4 * srs, o5 = so + r5 * srs, o6 = so + r6 * srs, o7 = so + r7 * srs;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o0);
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o1);
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o2);
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o3);
        FloatVector c40 = FloatVector.fromArray(SPECIES, s, o4);
        FloatVector c50 = FloatVector.fromArray(SPECIES, s, o5);
        FloatVector c60 = FloatVector.fromArray(SPECIES, s, o6);
        FloatVector c70 = FloatVector.fromArray(SPECIES, s, o7);
        int a0 = ao, a1 = ao + r1 * ars, a2 = ao + r2 * ars, a3 = ao + r3 * ars;
        int a4 = ao + r4 * ars, a5 = ao + r5 * ars, a6 = ao + r6 * ars, a7 = ao + r7 * ars;
        for (int p = 0, x = 0, y = bo; p < k; p++, x += acs, y += brs) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + x]);
            c00 = x0.fma(u0, c00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + x]);
            c10 = x1.fma(u0, c10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + x]);
            c20 = x2.fma(u0, c20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + x]);
            c30 = x3.fma(u0, c30);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + x]);
            c40 = x4.fma(u0, c40);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + x]);
            c50 = x5.fma(u0, c50);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[a6 + x]);
            c60 = x6.fma(u0, c60);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[a7 + x]);
            c70 = x7.fma(u0, c70);
        }
        o0 = co; o1 = co + r1 * crs; o2 = co + r2 * crs; o3 = co + r3 * crs;
        o4 = co + r4 * crs; o5 = co + r5 * crs; o6 = co + r6 * crs; o7 = co + r7 * crs;
        EXACT.cast(c00).intoArray(c, o0);
        EXACT.cast(c10).intoArray(c, o1);
        EXACT.cast(c20).intoArray(c, o2);
        EXACT.cast(c30).intoArray(c, o3);
        EXACT.cast(c40).intoArray(c, o4);
        EXACT.cast(c50).intoArray(c, o5);
        EXACT.cast(c60).intoArray(c, o6);
        EXACT.cast(c70).intoArray(c, o7);
    }

    /** Four rows by one vector. */
    static void tile4x1(int k, int last, float[] a, int ao, int ars, int acs, float[] b, int bo, int brs,
            float[] s, int so, int srs, float[] c, int co, int crs) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last);
        int o0 = so, o1 = so + r1 * srs, o2 = so + r2 * srs, o3 = so + r3 * srs;
        FloatVector c00 = FloatVector.fromArray(SPECIES, s, o0);
        FloatVector c10 = FloatVector.fromArray(SPECIES, s, o1);
        FloatVector c20 = FloatVector.fromArray(SPECIES, s, o2);
        FloatVector c30 = FloatVector.fromArray(SPECIES, s, o3);
        int a0 = ao, a1 = ao + r1 * ars, a2 = ao + r2 * ars, a3 = ao + r3 * ars;
        for (int p = 0, x = 0, y = bo; p < k; p++, x += acs, y += brs) {
            FloatVector u0 = FloatVector.fromArray(SPECIES, b, y);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + x]);
            c00 = x0.fma(u0, c00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + x]);
            c10 = x1.fma(u0, c10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + x]);
            c20 = x2.fma(u0, c20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + x]);
            c30 = x3.fma(u0, c30);
        }
        o0 = co; o1 = co + r1 * crs; o2 = co + r2 * crs; o3 = co + r3 * crs;
        EXACT.cast(c00).intoArray(c, o0);
        EXACT.cast(c10).intoArray(c, o1);
        EXACT.cast(c20).intoArray(c, o2);
        EXACT.cast(c30).intoArray(c, o3);
    }

    /** As {@link #row8} with up to four vectors: a step then waits for one fused multiply-add, not for eight units of work. */
    static void row4(int k, float[] a, int ao, int acs, float[] b, int bo, int brs, float[] s, int so, float[] c, int co, int step, int most) {
        int v1 = Math.min(step, most), v2 = Math.min(2 * step, most), v3 = Math.min(3 * step, most);
        FloatVector c0 = FloatVector.fromArray(SPECIES, s, so), c1 = FloatVector.fromArray(SPECIES, s, so + v1);
        FloatVector c2 = FloatVector.fromArray(SPECIES, s, so + v2), c3 = FloatVector.fromArray(SPECIES, s, so + v3);
        for (int p = 0, x = ao, y = bo; p < k; p++, x += acs, y += brs) {
            FloatVector f = FloatVector.broadcast(SPECIES, a[x]);
            c0 = f.fma(FloatVector.fromArray(SPECIES, b, y), c0);
            c1 = f.fma(FloatVector.fromArray(SPECIES, b, y + v1), c1);
            c2 = f.fma(FloatVector.fromArray(SPECIES, b, y + v2), c2);
            c3 = f.fma(FloatVector.fromArray(SPECIES, b, y + v3), c3);
        }
        EXACT.cast(c0).intoArray(c, co);
        EXACT.cast(c1).intoArray(c, co + v1);
        EXACT.cast(c2).intoArray(c, co + v2);
        EXACT.cast(c3).intoArray(c, co + v3);
    }

    /** {@code c[j] = 0 + a·b[j]} for j below n, at least one vector: a row of a product with k = 1. The last vector moves left until it fits. */
    static void scaled(int n, float a, float[] b, int bo, float[] c, int co) {
        FloatVector f = FloatVector.broadcast(SPECIES, a);
        FloatVector zero = FloatVector.zero(SPECIES);
        int last = n - SPECIES.length();
        for (int j = 0; j < last; j += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, b, bo + j).fma(f, zero).intoArray(c, co + j);
        }
        FloatVector.fromArray(SPECIES, b, bo + last).fma(f, zero).intoArray(c, co + last);
    }

    /**
     * One row by up to eight vectors, {@code step} apart and none beyond {@code most}: with one row only, eight independent chains are what it takes
     * to keep the multiply units busy.
     */
    static void row8(int k, float[] a, int ao, int acs, float[] b, int bo, int brs, float[] s, int so, float[] c, int co, int step, int most) {
        int v1 = Math.min(step, most), v2 = Math.min(2 * step, most), v3 = Math.min(3 * step, most), v4 = Math.min(4 * step, most);
        int v5 = Math.min(5 * step, most), v6 = Math.min(6 * step, most), v7 = Math.min(7 * step, most);
        FloatVector c0 = FloatVector.fromArray(SPECIES, s, so),
                c1 = FloatVector.fromArray(SPECIES, s, so + v1),
                c2 = FloatVector.fromArray(SPECIES, s, so + v2),
                c3 = FloatVector.fromArray(SPECIES, s, so + v3);
        FloatVector c4 = FloatVector.fromArray(SPECIES, s, so + v4),
                c5 = FloatVector.fromArray(SPECIES, s, so + v5),
                c6 = FloatVector.fromArray(SPECIES, s, so + v6),
                c7 = FloatVector.fromArray(SPECIES, s, so + v7);
        for (int p = 0, x = ao, y = bo; p < k; p++, x += acs, y += brs) {
            FloatVector f = FloatVector.broadcast(SPECIES, a[x]);
            c0 = f.fma(FloatVector.fromArray(SPECIES, b, y), c0);
            c1 = f.fma(FloatVector.fromArray(SPECIES, b, y + v1), c1);
            c2 = f.fma(FloatVector.fromArray(SPECIES, b, y + v2), c2);
            c3 = f.fma(FloatVector.fromArray(SPECIES, b, y + v3), c3);
            c4 = f.fma(FloatVector.fromArray(SPECIES, b, y + v4), c4);
            c5 = f.fma(FloatVector.fromArray(SPECIES, b, y + v5), c5);
            c6 = f.fma(FloatVector.fromArray(SPECIES, b, y + v6), c6);
            c7 = f.fma(FloatVector.fromArray(SPECIES, b, y + v7), c7);
        }
        EXACT.cast(c0).intoArray(c, co);
        EXACT.cast(c1).intoArray(c, co + v1);
        EXACT.cast(c2).intoArray(c, co + v2);
        EXACT.cast(c3).intoArray(c, co + v3);
        EXACT.cast(c4).intoArray(c, co + v4);
        EXACT.cast(c5).intoArray(c, co + v5);
        EXACT.cast(c6).intoArray(c, co + v6);
        EXACT.cast(c7).intoArray(c, co + v7);
    }

    /** {@code c[j] = s[j] + Σ a[p]·b[p, j]} for eight columns whose k runs along memory ({@code b[bo + j·bcs + p]}): eight scalar chains, nothing packed. */
    static void dots8(int k, int last, float[] a, int ao, int acs, float[] b, int bo, int bcs, float[] s, int so, float[] c, int co) {
        int r1 = Math.min(1, last), r2 = Math.min(2, last), r3 = Math.min(3, last), r4 = Math.min(4, last);
        int r5 = Math.min(5, last), r6 = Math.min(6, last), r7 = Math.min(7, last);
        float c0 = s[so], c1 = s[so + r1], c2 = s[so + r2], c3 = s[so + r3], c4 = s[so + r4], c5 = s[so + r5], c6 = s[so + r6], c7 = s[so + r7];
        int b1 = bo + r1 * bcs, b2 = bo + r2 * bcs, b3 = bo + r3 * bcs, b4 = bo + r4 * bcs;
        int b5 = bo + r5 * bcs, b6 = bo + r6 * bcs, b7 = bo + r7 * bcs;
        for (int p = 0, x = ao; p < k; p++, x += acs) {
            float f = a[x];
            c0 = Math.fma(f, b[bo + p], c0);
            c1 = Math.fma(f, b[b1 + p], c1);
            c2 = Math.fma(f, b[b2 + p], c2);
            c3 = Math.fma(f, b[b3 + p], c3);
            c4 = Math.fma(f, b[b4 + p], c4);
            c5 = Math.fma(f, b[b5 + p], c5);
            c6 = Math.fma(f, b[b6 + p], c6);
            c7 = Math.fma(f, b[b7 + p], c7);
        }
        c[co] = c0;
        c[co + r1] = c1;
        c[co + r2] = c2;
        c[co + r3] = c3;
        c[co + r4] = c4;
        c[co + r5] = c5;
        c[co + r6] = c6;
        c[co + r7] = c7;
    }
}
