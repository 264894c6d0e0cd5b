package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One target channel by eight neighbouring pixels, for three neighbouring taps of a kernel row at once, in single precision: what is loaded for a pixel serves as the next
 * tap of the pixel beside it. Ten loads and three broadcasts for 24 fused multiply-adds, where {@link FloatConvTiles#chain1x8} needs 24 and three and the multiply unit waits
 * for them.
 *
 * <p>Each pixel has its one chain over the terms, of which three at a time share a kernel row; pixels and their sources lie {@code block} apart.
 */
final class FloatConvSlides {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int W = SPECIES.length();
    private static final Class<? extends FloatVector> EXACT = SPECIES.vectorType().asSubclass(FloatVector.class);

    private FloatConvSlides() {
    }

    /** Taps that ascend with the kernel: a convolution. */
    static void up(int pixels, int vectors, int block, int in, int out, int terms, int[] source, int[] weightAt, float[] x, int xo, float[] w, int wo,
            float start, float[] y, int yo) {
        for (int q = 0; q < (pixels + 7) / 8 * vectors; q++) {
            // The last eight overlap the eight before: computed twice, the bits are the same twice.
            int at = Math.min(q / vectors * 8, pixels - 8) * block + q % vectors * W;
            int x0 = xo + in + at, y0 = yo + out + at;
            FloatVector c0 = FloatVector.broadcast(SPECIES, start), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            for (int k = 0; k < terms; k += 3) {
                int s = x0 + source[k], t = wo + weightAt[k];
                FloatVector u0 = FloatVector.fromArray(SPECIES, x, s);
                FloatVector u1 = FloatVector.fromArray(SPECIES, x, s + block);
                FloatVector u2 = FloatVector.fromArray(SPECIES, x, s + 2 * block);
                FloatVector u3 = FloatVector.fromArray(SPECIES, x, s + 3 * block);
                FloatVector u4 = FloatVector.fromArray(SPECIES, x, s + 4 * block);
                FloatVector u5 = FloatVector.fromArray(SPECIES, x, s + 5 * block);
                FloatVector u6 = FloatVector.fromArray(SPECIES, x, s + 6 * block);
                FloatVector u7 = FloatVector.fromArray(SPECIES, x, s + 7 * block);
                FloatVector u8 = FloatVector.fromArray(SPECIES, x, s + 8 * block);
                FloatVector u9 = FloatVector.fromArray(SPECIES, x, s + 9 * block);
                FloatVector w0 = FloatVector.broadcast(SPECIES, w[t]);
                c0 = w0.fma(u0, c0); c1 = w0.fma(u1, c1); c2 = w0.fma(u2, c2); c3 = w0.fma(u3, c3);
                c4 = w0.fma(u4, c4); c5 = w0.fma(u5, c5); c6 = w0.fma(u6, c6); c7 = w0.fma(u7, c7);
                FloatVector w1 = FloatVector.broadcast(SPECIES, w[t + 1]);
                c0 = w1.fma(u1, c0); c1 = w1.fma(u2, c1); c2 = w1.fma(u3, c2); c3 = w1.fma(u4, c3);
                c4 = w1.fma(u5, c4); c5 = w1.fma(u6, c5); c6 = w1.fma(u7, c6); c7 = w1.fma(u8, c7);
                FloatVector w2 = FloatVector.broadcast(SPECIES, w[t + 2]);
                c0 = w2.fma(u2, c0); c1 = w2.fma(u3, c1); c2 = w2.fma(u4, c2); c3 = w2.fma(u5, c3);
                c4 = w2.fma(u6, c4); c5 = w2.fma(u7, c5); c6 = w2.fma(u8, c6); c7 = w2.fma(u9, c7);
            }
            EXACT.cast(c0).intoArray(y, y0);
            EXACT.cast(c1).intoArray(y, y0 + block);
            EXACT.cast(c2).intoArray(y, y0 + 2 * block);
            EXACT.cast(c3).intoArray(y, y0 + 3 * block);
            EXACT.cast(c4).intoArray(y, y0 + 4 * block);
            EXACT.cast(c5).intoArray(y, y0 + 5 * block);
            EXACT.cast(c6).intoArray(y, y0 + 6 * block);
            EXACT.cast(c7).intoArray(y, y0 + 7 * block);
        }
    }

    /** Taps that descend with the kernel: the input gradient of one. */
    static void down(int pixels, int vectors, int block, int in, int out, int terms, int[] source, int[] weightAt, float[] x, int xo, float[] w, int wo,
            float start, float[] y, int yo) {
        for (int q = 0; q < (pixels + 7) / 8 * vectors; q++) {
            // The last eight overlap the eight before: computed twice, the bits are the same twice.
            int at = Math.min(q / vectors * 8, pixels - 8) * block + q % vectors * W;
            int x0 = xo + in + at - 2 * block, y0 = yo + out + at;
            FloatVector c0 = FloatVector.broadcast(SPECIES, start), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            for (int k = 0; k < terms; k += 3) {
                int s = x0 + source[k], t = wo + weightAt[k];
                FloatVector u0 = FloatVector.fromArray(SPECIES, x, s);
                FloatVector u1 = FloatVector.fromArray(SPECIES, x, s + block);
                FloatVector u2 = FloatVector.fromArray(SPECIES, x, s + 2 * block);
                FloatVector u3 = FloatVector.fromArray(SPECIES, x, s + 3 * block);
                FloatVector u4 = FloatVector.fromArray(SPECIES, x, s + 4 * block);
                FloatVector u5 = FloatVector.fromArray(SPECIES, x, s + 5 * block);
                FloatVector u6 = FloatVector.fromArray(SPECIES, x, s + 6 * block);
                FloatVector u7 = FloatVector.fromArray(SPECIES, x, s + 7 * block);
                FloatVector u8 = FloatVector.fromArray(SPECIES, x, s + 8 * block);
                FloatVector u9 = FloatVector.fromArray(SPECIES, x, s + 9 * block);
                FloatVector w0 = FloatVector.broadcast(SPECIES, w[t]);
                c0 = w0.fma(u2, c0); c1 = w0.fma(u3, c1); c2 = w0.fma(u4, c2); c3 = w0.fma(u5, c3);
                c4 = w0.fma(u6, c4); c5 = w0.fma(u7, c5); c6 = w0.fma(u8, c6); c7 = w0.fma(u9, c7);
                FloatVector w1 = FloatVector.broadcast(SPECIES, w[t + 1]);
                c0 = w1.fma(u1, c0); c1 = w1.fma(u2, c1); c2 = w1.fma(u3, c2); c3 = w1.fma(u4, c3);
                c4 = w1.fma(u5, c4); c5 = w1.fma(u6, c5); c6 = w1.fma(u7, c6); c7 = w1.fma(u8, c7);
                FloatVector w2 = FloatVector.broadcast(SPECIES, w[t + 2]);
                c0 = w2.fma(u0, c0); c1 = w2.fma(u1, c1); c2 = w2.fma(u2, c2); c3 = w2.fma(u3, c3);
                c4 = w2.fma(u4, c4); c5 = w2.fma(u5, c5); c6 = w2.fma(u6, c6); c7 = w2.fma(u7, c7);
            }
            EXACT.cast(c0).intoArray(y, y0);
            EXACT.cast(c1).intoArray(y, y0 + block);
            EXACT.cast(c2).intoArray(y, y0 + 2 * block);
            EXACT.cast(c3).intoArray(y, y0 + 3 * block);
            EXACT.cast(c4).intoArray(y, y0 + 4 * block);
            EXACT.cast(c5).intoArray(y, y0 + 5 * block);
            EXACT.cast(c6).intoArray(y, y0 + 6 * block);
            EXACT.cast(c7).intoArray(y, y0 + 7 * block);
        }
    }
}
