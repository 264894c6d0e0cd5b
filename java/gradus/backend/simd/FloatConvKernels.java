package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ConvKernels} of float32. */
final class FloatConvKernels extends ConvKernels<float[]> {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int W = SPECIES.length();
    private static final int GROUP = gradus.backend.Convolutions.LANES;
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    FloatConvKernels(Kernels<float[]> kernels) {
        super(kernels, Lanes.MANY_REGISTERS);
    }

    @Override
    void gather(float[] from, int fo, ConvPlan plan, ConvPlan.Tile tile, int channel, float[] to, int at) {
        int rows = tile.rows();
        for (int term = 0, n = plan.weightsPerChannel(); term < n; term++) {
            to[at + term * rows] = from[fo + plan.weight(tile, channel, term)];
        }
    }

    @Override
    void chain(int rows, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, float[] x, int xo, float[] w, int wo,
            float[] start, int so, float[] y, int yo, int plane, int last) {
        switch (rows) {
            case 8 -> FloatConvTiles.chain8x2(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            case 4 -> {
                if (manyRegisters) {
                    FloatConvTiles.chain4x4(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
                } else {
                    FloatConvTiles.chain4x2(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
                }
            }
            default -> FloatConvTiles.chain1x8(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
        }
    }

    @Override
    void outer(int filterTile, int channelTile, int rows, int pixels, int vectors, float[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            float[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, float[] a, int ao) {
        if (channelTile == 4) {
            FloatConvTiles.outer4x4(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else if (channelTile == 2) {
            FloatConvTiles.outer4x2(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else if (channelTile == 1) {
            FloatConvTiles.outer8x1(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else {
            FloatConvTiles.outer1x8(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        }
    }

    @Override
    void addLanes(float[] a, int ao, float[] b, int bo, int groups, int live) {
        int step = live == GROUP ? W : 1;
        for (int g = 0; g < groups; g++) {
            for (int l = 0; l < live; l += step) {
                int i = g * GROUP + l;
                if (step == 1) {
                    a[ao + i] += b[bo + i];
                } else {
                    FloatVector.fromArray(SPECIES, a, ao + i).add(FloatVector.fromArray(SPECIES, b, bo + i)).intoArray(a, ao + i);
                }
            }
        }
    }

    @Override
    void replaceLanes(float[] a, int ao, float[] b, int bo, int groups, int from) {
        for (int g = 0; g < groups; g++) {
            System.arraycopy(b, bo + g * GROUP + from, a, ao + g * GROUP + from, GROUP - from);
        }
    }

    @Override
    void foldLanes(float[] a, int ao, float[] y, int yo) {
        float s0 = (a[ao] + a[ao + 8]) + (a[ao + 4] + a[ao + 12]);
        float s1 = (a[ao + 1] + a[ao + 9]) + (a[ao + 5] + a[ao + 13]);
        float s2 = (a[ao + 2] + a[ao + 10]) + (a[ao + 6] + a[ao + 14]);
        float s3 = (a[ao + 3] + a[ao + 11]) + (a[ao + 7] + a[ao + 15]);
        y[yo] = (s0 + s2) + (s1 + s3);
    }

    @Override
    void leaky(double slope, float[] y, int yo, int n) {
        FloatVector s = FloatVector.broadcast(SPECIES, (float) slope);
        for (int i = 0; i < n; i += W) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, yo + i);
            s.mul(v).blend(v, v.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }

    @Override
    void leakyGradient(double slope, float[] g, int go, float[] v, int vo, float[] y, int yo, int n) {
        FloatVector s = FloatVector.broadcast(SPECIES, (float) slope);
        for (int i = 0; i < n; i += W) {
            FloatVector u = FloatVector.fromArray(SPECIES, g, go + i);
            s.mul(u).blend(u, FloatVector.fromArray(SPECIES, v, vo + i).compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }
}
