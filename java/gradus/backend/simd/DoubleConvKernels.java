package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ConvKernels} of float64. */
final class DoubleConvKernels extends ConvKernels<double[]> {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int W = SPECIES.length();
    private static final int GROUP = gradus.backend.Convolutions.LANES;
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);

    DoubleConvKernels(Kernels<double[]> kernels) {
        super(kernels, Lanes.MANY_REGISTERS);
    }

    @Override
    void gather(double[] from, int fo, ConvPlan plan, ConvPlan.Tile tile, int channel, double[] to, int at) {
        int rows = tile.rows();
        for (int term = 0, n = plan.weightsPerChannel(); term < n; term++) {
            to[at + term * rows] = from[fo + plan.weight(tile, channel, term)];
        }
    }

    @Override
    void chain(int rows, int count, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        switch (rows) {
            case 8 -> DoubleConvTiles.chain8x2(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            case 4 -> {
                if (manyRegisters) {
                    DoubleConvTiles.chain4x4(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
                } else {
                    DoubleConvTiles.chain4x2(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
                }
            }
            default -> DoubleConvTiles.chain1x8(count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
        }
    }

    @Override
    void outer(int filterTile, int channelTile, int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, double[] a, int ao) {
        if (channelTile == 4) {
            DoubleConvTiles.outer4x4(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else if (channelTile == 2) {
            DoubleConvTiles.outer4x2(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else if (channelTile == 1) {
            DoubleConvTiles.outer8x1(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else {
            DoubleConvTiles.outer1x8(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        }
    }

    @Override
    void addLanes(double[] a, int ao, double[] b, int bo, int groups, int live) {
        int step = live == GROUP ? W : 1;
        for (int g = 0; g < groups; g++) {
            for (int l = 0; l < live; l += step) {
                int i = g * GROUP + l;
                if (step == 1) {
                    a[ao + i] += b[bo + i];
                } else {
                    DoubleVector.fromArray(SPECIES, a, ao + i).add(DoubleVector.fromArray(SPECIES, b, bo + i)).intoArray(a, ao + i);
                }
            }
        }
    }

    @Override
    void replaceLanes(double[] a, int ao, double[] b, int bo, int groups, int from) {
        for (int g = 0; g < groups; g++) {
            System.arraycopy(b, bo + g * GROUP + from, a, ao + g * GROUP + from, GROUP - from);
        }
    }

    @Override
    void foldLanes(double[] a, int ao, double[] y, int yo) {
        double s0 = (a[ao] + a[ao + 8]) + (a[ao + 4] + a[ao + 12]);
        double s1 = (a[ao + 1] + a[ao + 9]) + (a[ao + 5] + a[ao + 13]);
        double s2 = (a[ao + 2] + a[ao + 10]) + (a[ao + 6] + a[ao + 14]);
        double s3 = (a[ao + 3] + a[ao + 11]) + (a[ao + 7] + a[ao + 15]);
        y[yo] = (s0 + s2) + (s1 + s3);
    }

    @Override
    void leaky(double slope, double[] y, int yo, int n) {
        DoubleVector s = DoubleVector.broadcast(SPECIES, slope);
        for (int i = 0; i < n; i += W) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, yo + i);
            s.mul(v).blend(v, v.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }

    @Override
    void leakyGradient(double slope, double[] g, int go, double[] v, int vo, double[] y, int yo, int n) {
        DoubleVector s = DoubleVector.broadcast(SPECIES, slope);
        for (int i = 0; i < n; i += W) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, g, go + i);
            s.mul(u).blend(u, DoubleVector.fromArray(SPECIES, v, vo + i).compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }
}
