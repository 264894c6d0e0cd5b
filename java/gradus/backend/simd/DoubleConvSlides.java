package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One target channel by eight neighbouring pixels, for three neighbouring taps of a kernel row at once, in double precision: what is loaded for a pixel serves as the next
 * tap of the pixel beside it. Ten loads and three broadcasts for 24 fused multiply-adds, where {@link DoubleConvTiles#chain1x8} needs 24 and three and the multiply unit waits
 * for them.
 *
 * <p>Each pixel has its one chain over the terms, of which three at a time share a kernel row; pixels and their sources lie {@code block} apart.
 */
final class DoubleConvSlides {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int W = SPECIES.length();
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);

    private DoubleConvSlides() {
    }

    /** Taps that ascend with the kernel: a convolution. */
    static void up(int pixels, int vectors, int block, int in, int out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double start, double[] y, int yo) {
        for (int q = 0; q < (pixels + 7) / 8 * vectors; q++) {
            // The last eight overlap the eight before: computed twice, the bits are the same twice.
            int at = Math.min(q / vectors * 8, pixels - 8) * block + q % vectors * W;
            int x0 = xo + in + at, y0 = yo + out + at;
            DoubleVector c0 = DoubleVector.broadcast(SPECIES, start), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            for (int k = 0; k < terms; k += 3) {
                int s = x0 + source[k], t = wo + weightAt[k];
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, s);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, s + block);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, s + 2 * block);
                DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, s + 3 * block);
                DoubleVector u4 = DoubleVector.fromArray(SPECIES, x, s + 4 * block);
                DoubleVector u5 = DoubleVector.fromArray(SPECIES, x, s + 5 * block);
                DoubleVector u6 = DoubleVector.fromArray(SPECIES, x, s + 6 * block);
                DoubleVector u7 = DoubleVector.fromArray(SPECIES, x, s + 7 * block);
                DoubleVector u8 = DoubleVector.fromArray(SPECIES, x, s + 8 * block);
                DoubleVector u9 = DoubleVector.fromArray(SPECIES, x, s + 9 * block);
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                c0 = w0.fma(u0, c0); c1 = w0.fma(u1, c1); c2 = w0.fma(u2, c2); c3 = w0.fma(u3, c3);
                c4 = w0.fma(u4, c4); c5 = w0.fma(u5, c5); c6 = w0.fma(u6, c6); c7 = w0.fma(u7, c7);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                c0 = w1.fma(u1, c0); c1 = w1.fma(u2, c1); c2 = w1.fma(u3, c2); c3 = w1.fma(u4, c3);
                c4 = w1.fma(u5, c4); c5 = w1.fma(u6, c5); c6 = w1.fma(u7, c6); c7 = w1.fma(u8, c7);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
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
    static void down(int pixels, int vectors, int block, int in, int out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double start, double[] y, int yo) {
        for (int q = 0; q < (pixels + 7) / 8 * vectors; q++) {
            // The last eight overlap the eight before: computed twice, the bits are the same twice.
            int at = Math.min(q / vectors * 8, pixels - 8) * block + q % vectors * W;
            int x0 = xo + in + at - 2 * block, y0 = yo + out + at;
            DoubleVector c0 = DoubleVector.broadcast(SPECIES, start), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            for (int k = 0; k < terms; k += 3) {
                int s = x0 + source[k], t = wo + weightAt[k];
                DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, s);
                DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, s + block);
                DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, s + 2 * block);
                DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, s + 3 * block);
                DoubleVector u4 = DoubleVector.fromArray(SPECIES, x, s + 4 * block);
                DoubleVector u5 = DoubleVector.fromArray(SPECIES, x, s + 5 * block);
                DoubleVector u6 = DoubleVector.fromArray(SPECIES, x, s + 6 * block);
                DoubleVector u7 = DoubleVector.fromArray(SPECIES, x, s + 7 * block);
                DoubleVector u8 = DoubleVector.fromArray(SPECIES, x, s + 8 * block);
                DoubleVector u9 = DoubleVector.fromArray(SPECIES, x, s + 9 * block);
                DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[t]);
                c0 = w0.fma(u2, c0); c1 = w0.fma(u3, c1); c2 = w0.fma(u4, c2); c3 = w0.fma(u5, c3);
                c4 = w0.fma(u6, c4); c5 = w0.fma(u7, c5); c6 = w0.fma(u8, c6); c7 = w0.fma(u9, c7);
                DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[t + 1]);
                c0 = w1.fma(u1, c0); c1 = w1.fma(u2, c1); c2 = w1.fma(u3, c2); c3 = w1.fma(u4, c3);
                c4 = w1.fma(u5, c4); c5 = w1.fma(u6, c5); c6 = w1.fma(u7, c6); c7 = w1.fma(u8, c7);
                DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[t + 2]);
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
