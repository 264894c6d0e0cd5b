package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ConvKernels} of float64. */
final class DoubleConvKernels extends ConvKernels<double[]> {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int W = SPECIES.length();
    private static final int GROUP = gradus.backend.Convolutions.LANES;
    /** An operand, not a start: what a loop carries must come from the loop's method. One that began as this object was boxed in every turn (a step left 300 KB). */
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);
    private static final Class<? extends DoubleVector> EXACT = SPECIES.vectorType().asSubclass(DoubleVector.class);

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
    void chain(int rows, int dense, int[] in, int[] out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo, int plane, int last) {
        int count = in.length;
        if (rows == 8) {
            // Seven are a three and two twos: a fourth of the work in a tile of three would be done twice.
            int threes = count < 3 ? 0 : count % 3 == 1 ? count - 4 : count - count % 3;
            DoubleConvTiles.chain8x3(0, threes, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            DoubleConvTiles.chain8x2(threes, count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
        } else if (rows == 4 && manyRegisters) {
            int sixes = count % 6 == 5 ? count : count - count % 6;
            int denseSixes = dense - dense % 6;
            DoubleConvTiles.chain4x6Dense(0, denseSixes, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            DoubleConvTiles.chain4x6(denseSixes, sixes, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            if (count - sixes > 2) {
                DoubleConvTiles.chain4x4(sixes, count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            } else {
                DoubleConvTiles.chain4x2(sixes, count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
            }
        } else if (rows == 4) {
            DoubleConvTiles.chain4x2(0, count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
        } else {
            DoubleConvTiles.chain1x8(0, count, in, out, terms, source, weightAt, x, xo, w, wo, start, so, y, yo, plane, last);
        }
    }

    @Override
    void slide(int direction, int pixels, int vectors, int block, int in, int out, int terms, int[] source, int[] weightAt, double[] x, int xo, double[] w, int wo,
            double[] start, int so, double[] y, int yo) {
        if (direction > 0) {
            DoubleConvSlides.up(pixels, vectors, block, in, out, terms, source, weightAt, x, xo, w, wo, start[so], y, yo);
        } else {
            DoubleConvSlides.down(pixels, vectors, block, in, out, terms, source, weightAt, x, xo, w, wo, start[so], y, yo);
        }
    }

    @Override
    void pack(int planes, int plane, int last, int rows, int row, int pixels, int step, int vectors, double[] from, int at, double[] to, int place, int toRow) {
        DoubleConvOuterTiles.pack(planes, plane, last, rows, row, pixels, step, vectors, from, at, to, place, toRow);
    }

    @Override
    void outerPacked(int filters, int rows, int vectors, double[] packed, int y, int yRow, int x, int xRow, double[] from, int fo, double[] a, int ao) {
        switch (filters) {
            case 6 -> DoubleConvOuterTiles.outer6x4(rows, vectors, packed, y, yRow, x, xRow, from, fo, a, ao);
            case 5 -> DoubleConvOuterTiles.outer5x4(rows, vectors, packed, y, yRow, x, xRow, from, fo, a, ao);
            default -> DoubleConvOuterTiles.outer4x4(rows, vectors, packed, y, yRow, x, xRow, from, fo, a, ao);
        }
    }

    @Override
    void outer(int filterTile, int channelTile, int rows, int pixels, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, double[] a, int ao) {
        if (channelTile == 2) {
            DoubleConvTiles.outer4x2(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else if (channelTile == 1) {
            DoubleConvTiles.outer8x1(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        } else {
            DoubleConvTiles.outer1x8(rows, pixels, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xPlane, lastChannel, a, ao);
        }
    }

    @Override
    void outerThree(int channelTile, int rows, int left, int inner, int right, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, double[] from, int fo, double[] a, int ao, int aTap) {
        if (left + right > 0) {
            outerPadded(channelTile, rows, left, inner, right, vectors, y, yo, yRow, yPixel, yPlane, lastFilter,
                    x, xo, xRow, xPixel, xPlane, lastChannel, xTap, from, fo, a, ao, aTap);
        } else if (channelTile == 4) {
            DoubleConvTaps.outer1x4x3(rows, inner, vectors, y, yo, yRow, yPixel, yPlane, lastFilter,
                    x, xo, xRow, xPixel, xPlane, lastChannel, xTap, from, fo, a, ao, aTap);
        } else {
            DoubleConvTaps.outer4x1x3(rows, inner, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xTap, from, fo, a, ao, aTap);
        }
    }

    private static void outerPadded(int channelTile, int rows, int left, int inner, int right, int vectors, double[] y, int yo, int yRow, int yPixel, int yPlane,
            int lastFilter, double[] x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, double[] from, int fo, double[] a, int ao, int aTap) {
        if (channelTile == 4) {
            DoubleConvPaddedTaps.outer1x4x3(rows, left, inner, right, vectors, y, yo, yRow, yPixel, yPlane, lastFilter,
                    x, xo, xRow, xPixel, xPlane, lastChannel, xTap, from, fo, a, ao, aTap);
        } else {
            DoubleConvPaddedTaps.outer4x1x3(rows, left, inner, right, vectors, y, yo, yRow, yPixel, yPlane, lastFilter, x, xo, xRow, xPixel, xTap, from, fo, a, ao, aTap);
        }
    }

    @Override
    int touch(double[] x, int at, int n) {
        int bits = 0;
        for (int i = 0; i < n; i += 8) {
            bits ^= (int) Double.doubleToRawLongBits(x[at + i]);
        }
        return bits;
    }

    @Override
    void addLanes(double[] a, int ao, double[] b, int bo, int groups, int live) {
        if (live == GROUP) {
            for (int i = 0; i < groups * GROUP; i += W) {
                DoubleVector.fromArray(SPECIES, a, ao + i).add(DoubleVector.fromArray(SPECIES, b, bo + i)).intoArray(a, ao + i);
            }
            return;
        }
        for (int g = 0; g < groups; g++) {
            for (int i = g * GROUP; i < g * GROUP + live; i++) {
                a[ao + i] += b[bo + i];
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
        double f = slope;
        DoubleVector s = DoubleVector.broadcast(SPECIES, f);
        int whole = n - n % W;
        for (int i = 0; i < whole; i += W) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, yo + i);
            EXACT.cast(s.mul(v).blend(v, v.compare(VectorOperators.GT, ZERO))).intoArray(y, yo + i);
        }
        for (int i = yo + whole; i < yo + n; i++) {
            y[i] = y[i] > 0 ? y[i] : f * y[i];
        }
    }

    @Override
    void leakyGradient(double slope, double[] g, int go, double[] v, int vo, double[] y, int yo, int n) {
        double f = slope;
        DoubleVector s = DoubleVector.broadcast(SPECIES, f);
        int whole = n - n % W;
        for (int i = 0; i < whole; i += W) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, g, go + i);
            EXACT.cast(s.mul(u).blend(u, DoubleVector.fromArray(SPECIES, v, vo + i).compare(VectorOperators.GT, ZERO))).intoArray(y, yo + i);
        }
        for (int i = whole; i < n; i++) {
            y[yo + i] = v[vo + i] > 0 ? g[go + i] : f * g[go + i];
        }
    }

    /** Where u beats the winner so far: it is larger or the first NaN. */
    static VectorMask<Double> beats(DoubleVector u, DoubleVector winner) {
        return u.compare(VectorOperators.LE, winner).not().and(winner.compare(VectorOperators.EQ, winner));
    }

    @Override
    void max(double[] x, int xo, int[] bases, int[] taps, double[] y, int yo, int n) {
        if (n == 1) {
            DoublePixels.max(x, xo, bases, taps, y, yo);
            return;
        }
        if (taps.length == 4) {
            maxOfFour(x, xo, bases, taps, y, yo, n);
            return;
        }
        for (int p = 0; p < bases.length; p++) {
            for (int i = 0; i < n; i += W) {
                int at = xo + bases[p] + i;
                DoubleVector winner = taps.length == 0 ? DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY) : DoubleVector.fromArray(SPECIES, x, at + taps[0]);
                for (int t = 1; t < taps.length; t++) {
                    DoubleVector u = DoubleVector.fromArray(SPECIES, x, at + taps[t]);
                    winner = winner.blend(u, beats(u, winner));
                }
                EXACT.cast(winner).intoArray(y, yo + p * n + i);
            }
        }
    }

    /** Windows of two by two: the winners of two pairs meet, so that no comparison waits for more than one other. */
    private static void maxOfFour(double[] x, int xo, int[] bases, int[] taps, double[] y, int yo, int n) {
        int t0 = taps[0], t1 = taps[1], t2 = taps[2], t3 = taps[3];
        for (int p = 0; p < bases.length; p++) {
            int at = xo + bases[p];
            for (int i = 0; i < n; i += W) {
                DoubleVector v0 = DoubleVector.fromArray(SPECIES, x, at + t0 + i), v1 = DoubleVector.fromArray(SPECIES, x, at + t1 + i);
                DoubleVector v2 = DoubleVector.fromArray(SPECIES, x, at + t2 + i), v3 = DoubleVector.fromArray(SPECIES, x, at + t3 + i);
                DoubleVector upper = v0.blend(v1, beats(v1, v0));
                DoubleVector lower = v2.blend(v3, beats(v3, v2));
                EXACT.cast(upper.blend(lower, beats(lower, upper))).intoArray(y, yo + p * n + i);
            }
        }
    }

    private static void maxGradientOfFourAlone(double[] x, int xo, int[] bases, int[] taps, double[] g, int go, double[] dx, int dxo, int n) {
        int t0 = taps[0], t1 = taps[1], t2 = taps[2], t3 = taps[3];
        for (int p = 0; p < bases.length; p++) {
            int at = xo + bases[p];
            int to = dxo + bases[p];
            for (int i = 0; i < n; i += W) {
                DoubleVector v0 = DoubleVector.fromArray(SPECIES, x, at + t0 + i), v1 = DoubleVector.fromArray(SPECIES, x, at + t1 + i);
                DoubleVector v2 = DoubleVector.fromArray(SPECIES, x, at + t2 + i), v3 = DoubleVector.fromArray(SPECIES, x, at + t3 + i);
                VectorMask<Double> second = beats(v1, v0), fourth = beats(v3, v2);
                DoubleVector upper = v0.blend(v1, second);
                VectorMask<Double> below = beats(v2.blend(v3, fourth), upper);
                DoubleVector u = ZERO.add(DoubleVector.fromArray(SPECIES, g, go + p * n + i));
                DoubleVector above = u.blend(ZERO, below);
                DoubleVector under = ZERO.blend(u, below);
                EXACT.cast(above.blend(ZERO, second)).intoArray(dx, to + t0 + i);
                EXACT.cast(ZERO.blend(above, second)).intoArray(dx, to + t1 + i);
                EXACT.cast(under.blend(ZERO, fourth)).intoArray(dx, to + t2 + i);
                EXACT.cast(ZERO.blend(under, fourth)).intoArray(dx, to + t3 + i);
            }
        }
    }

    // The number of the winning tap stands in the loop three times: a method that returns a vector boxes it where it is not inlined.
    @Override
    void maxGradient(double[] x, int xo, int[] bases, int[] taps, double[] g, int go, double[] dx, int dxo, int n, boolean alone) {
        if (n == 1) {
            DoublePixels.maxGradient(x, xo, bases, taps, g, go, dx, dxo, alone);
            return;
        }
        if (alone && taps.length == 4) {
            maxGradientOfFourAlone(x, xo, bases, taps, g, go, dx, dxo, n);
            return;
        }
        if (alone) {
            maxGradientAlone(x, xo, bases, taps, g, go, dx, dxo, n);
            return;
        }
        for (int p = 0; p < bases.length && taps.length > 0; p++) {
            for (int i = 0; i < n; i += W) {
                int at = xo + bases[p] + i;
                DoubleVector winner = DoubleVector.fromArray(SPECIES, x, at + taps[0]);
                DoubleVector which = DoubleVector.zero(SPECIES);
                for (int t = 1; t < taps.length; t++) {
                    DoubleVector v = DoubleVector.fromArray(SPECIES, x, at + taps[t]);
                    VectorMask<Double> better = beats(v, winner);
                    winner = winner.blend(v, better);
                    which = which.blend(DoubleVector.broadcast(SPECIES, t), better);
                }
                DoubleVector u = DoubleVector.fromArray(SPECIES, g, go + p * n + i);
                int to = dxo + bases[p] + i;
                for (int t = 0; t < taps.length; t++) {
                    DoubleVector sofar = DoubleVector.fromArray(SPECIES, dx, to + taps[t]);
                    EXACT.cast(sofar.blend(sofar.add(u), which.compare(VectorOperators.EQ, t))).intoArray(dx, to + taps[t]);
                }
            }
        }
    }

    private static void maxGradientAlone(double[] x, int xo, int[] bases, int[] taps, double[] g, int go, double[] dx, int dxo, int n) {
        for (int p = 0; p < bases.length && taps.length > 0; p++) {
            for (int i = 0; i < n; i += W) {
                int at = xo + bases[p] + i;
                DoubleVector winner = DoubleVector.fromArray(SPECIES, x, at + taps[0]);
                DoubleVector which = DoubleVector.zero(SPECIES);
                for (int t = 1; t < taps.length; t++) {
                    DoubleVector v = DoubleVector.fromArray(SPECIES, x, at + taps[t]);
                    VectorMask<Double> better = beats(v, winner);
                    winner = winner.blend(v, better);
                    which = which.blend(DoubleVector.broadcast(SPECIES, t), better);
                }
                DoubleVector u = ZERO.add(DoubleVector.fromArray(SPECIES, g, go + p * n + i));
                int to = dxo + bases[p] + i;
                for (int t = 0; t < taps.length; t++) {
                    EXACT.cast(ZERO.blend(u, which.compare(VectorOperators.EQ, t))).intoArray(dx, to + taps[t]);
                }
            }
        }
    }

    @Override
    void largestOfPairs(double[] x, int xo, int row, int pixels, int n, double[] y, int yo, double[] winners, int wo) {
        DoublePairPixels.largest(x, xo, row, pixels, n, y, yo, winners, wo);
    }

    @Override
    void sumsOfPairs(double[] x, int xo, int row, int pixels, int n, double[] y, int yo) {
        DoublePairPixels.sums(x, xo, row, pixels, n, y, yo);
    }

    @Override
    void unpooled(double[] g, int go, double[] winners, int wo, int second, int pixels, int n, int live, double[] y, int yo, int cell) {
        DoublePairPixels.unpooled(g, go, winners, wo, second, pixels, n, live, y, yo, cell);
    }

    @Override
    void doubled(double[] x, int xo, int pixels, int n, int live, double[] y, int yo, int cell) {
        DoublePairPixels.doubled(x, xo, pixels, n, live, y, yo, cell);
    }

    @Override
    void maxPick(double[] x, int xo, int[] bases, int[] taps, double[] u, int uo, double[] y, int yo, int n) {
        if (n == 1) {
            DoublePixels.maxPick(x, xo, bases, taps, u, uo, y, yo);
            return;
        }
        for (int p = 0; p < bases.length; p++) {
            for (int i = 0; i < n; i += W) {
                DoubleVector picked = DoubleVector.zero(SPECIES);
                int at = xo + bases[p] + i;
                DoubleVector winner = taps.length == 0 ? DoubleVector.zero(SPECIES) : DoubleVector.fromArray(SPECIES, x, at + taps[0]);
                DoubleVector which = DoubleVector.zero(SPECIES);
                for (int t = 1; t < taps.length; t++) {
                    DoubleVector v = DoubleVector.fromArray(SPECIES, x, at + taps[t]);
                    VectorMask<Double> better = beats(v, winner);
                    winner = winner.blend(v, better);
                    which = which.blend(DoubleVector.broadcast(SPECIES, t), better);
                }
                for (int t = 0; t < taps.length; t++) {
                    picked = picked.blend(DoubleVector.fromArray(SPECIES, u, uo + bases[p] + i + taps[t]), which.compare(VectorOperators.EQ, t));
                }
                EXACT.cast(picked).intoArray(y, yo + p * n + i);
            }
        }
    }

    @Override
    void average(double[] x, int xo, int[] bases, int[] taps, double divisor, double[] y, int yo, int n) {
        if (n == 1) {
            DoublePixels.average(x, xo, bases, taps, divisor, y, yo);
            return;
        }
        DoubleVector d = DoubleVector.broadcast(SPECIES, divisor);
        for (int p = 0; p < bases.length; p++) {
            for (int i = 0; i < n; i += W) {
                DoubleVector sum = DoubleVector.zero(SPECIES);
                for (int tap : taps) {
                    sum = sum.add(DoubleVector.fromArray(SPECIES, x, xo + bases[p] + i + tap));
                }
                EXACT.cast(sum.div(d)).intoArray(y, yo + p * n + i);
            }
        }
    }

    @Override
    void averageGradient(double[] g, int go, double divisor, int[] bases, int[] taps, double[] dx, int dxo, int n) {
        if (n == 1) {
            DoublePixels.averageGradient(g, go, divisor, bases, taps, dx, dxo);
            return;
        }
        DoubleVector d = DoubleVector.broadcast(SPECIES, divisor);
        for (int p = 0; p < bases.length; p++) {
            for (int i = 0; i < n; i += W) {
                DoubleVector share = DoubleVector.fromArray(SPECIES, g, go + p * n + i).div(d);
                int to = dxo + bases[p] + i;
                for (int tap : taps) {
                    EXACT.cast(DoubleVector.fromArray(SPECIES, dx, to + tap).add(share)).intoArray(dx, to + tap);
                }
            }
        }
    }

    @Override
    void blend(double[] x, int xo, int[] taps, double[] weights, double[] y, int yo, int n) {
        if (n == 1) {
            y[yo] = DoublePixels.blend(x, xo, taps, weights);
            return;
        }
        for (int i = 0; i < n; i += W) {
            DoubleVector sum = DoubleVector.zero(SPECIES);
            for (int t = 0; t < taps.length; t++) {
                sum = DoubleVector.broadcast(SPECIES, weights[t]).fma(DoubleVector.fromArray(SPECIES, x, xo + i + taps[t]), sum);
            }
            EXACT.cast(sum).intoArray(y, yo + i);
        }
    }

    @Override
    void blendGradient(double[] g, int go, int[] taps, double[] weights, double[] dx, int dxo, int n) {
        if (n == 1) {
            DoublePixels.blendGradient(g[go], taps, weights, dx, dxo);
            return;
        }
        for (int i = 0; i < n; i += W) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, g, go + i);
            for (int t = 0; t < taps.length; t++) {
                DoubleVector sofar = DoubleVector.fromArray(SPECIES, dx, dxo + i + taps[t]);
                EXACT.cast(DoubleVector.broadcast(SPECIES, weights[t]).fma(u, sofar)).intoArray(dx, dxo + i + taps[t]);
            }
        }
    }

    @Override
    void add(double[] g, int go, double[] dx, int dxo, int n) {
        int whole = n - n % W;
        for (int i = 0; i < whole; i += W) {
            EXACT.cast(DoubleVector.fromArray(SPECIES, dx, dxo + i).add(DoubleVector.fromArray(SPECIES, g, go + i))).intoArray(dx, dxo + i);
        }
        for (int i = whole; i < n; i++) {
            dx[dxo + i] += g[go + i];
        }
    }

    @Override
    void pick(double[] x, int xo, int[] places, double[] y, int yo, int n) {
        if (n == 1) {
            DoublePixels.pick(x, xo, places, y, yo);
            return;
        }
        for (int p = 0; p < places.length; p++) {
            for (int i = 0; i < n; i += W) {
                DoubleVector.fromArray(SPECIES, x, xo + places[p] * n + i).intoArray(y, yo + p * n + i);
            }
        }
    }

    @Override
    void pickSums(double[] x, int xo, int[] starts, int[] places, double[] y, int yo, int n) {
        if (n == 1) {
            DoublePixels.pickSums(x, xo, starts, places, y, yo);
            return;
        }
        for (int p = 0; p < starts.length - 1; p++) {
            for (int i = 0; i < n; i += W) {
                DoubleVector sum = DoubleVector.zero(SPECIES);
                for (int k = starts[p]; k < starts[p + 1]; k++) {
                    sum = sum.add(DoubleVector.fromArray(SPECIES, x, xo + places[k] * n + i));
                }
                EXACT.cast(sum).intoArray(y, yo + p * n + i);
            }
        }
    }

    @Override
    void sum(int places, int vectors, int step, double[] x, int xo, double[] a, int ao) {
        for (int lane = 0; lane < GROUP; lane += W) {
            DoubleVector sum = DoubleVector.fromArray(SPECIES, a, ao + lane);
            for (int p = 0; p < places; p++) {
                for (int v = 0, at = xo + lane + p * step; v < vectors; v++, at += GROUP) {
                    sum = sum.add(DoubleVector.fromArray(SPECIES, x, at));
                }
            }
            EXACT.cast(sum).intoArray(a, ao + lane);
        }
    }

    @Override
    void sums(int places, int vectors, int step, double[] x, int xo, int plane, int last, double[] a, int ao) {
        int p1 = Math.min(1, last) * plane, p2 = Math.min(2, last) * plane, p3 = Math.min(3, last) * plane;
        int a1 = ao + Math.min(1, last) * GROUP, a2 = ao + Math.min(2, last) * GROUP, a3 = ao + Math.min(3, last) * GROUP;
        for (int lane = 0; lane < GROUP; lane += W) {
            DoubleVector s0 = DoubleVector.fromArray(SPECIES, a, ao + lane), s1 = DoubleVector.fromArray(SPECIES, a, a1 + lane);
            DoubleVector s2 = DoubleVector.fromArray(SPECIES, a, a2 + lane), s3 = DoubleVector.fromArray(SPECIES, a, a3 + lane);
            for (int p = 0; p < places; p++) {
                for (int v = 0, at = xo + lane + p * step; v < vectors; v++, at += GROUP) {
                    s0 = s0.add(DoubleVector.fromArray(SPECIES, x, at));
                    s1 = s1.add(DoubleVector.fromArray(SPECIES, x, at + p1));
                    s2 = s2.add(DoubleVector.fromArray(SPECIES, x, at + p2));
                    s3 = s3.add(DoubleVector.fromArray(SPECIES, x, at + p3));
                }
            }
            EXACT.cast(s0).intoArray(a, ao + lane);
            EXACT.cast(s1).intoArray(a, a1 + lane);
            EXACT.cast(s2).intoArray(a, a2 + lane);
            EXACT.cast(s3).intoArray(a, a3 + lane);
        }
    }

    @Override
    void squares(int places, int vectors, int step, double[] x, int xo, double[] mean, int mo, double[] a, int ao) {
        DoubleVector m = DoubleVector.broadcast(SPECIES, mean[mo]);
        for (int lane = 0; lane < GROUP; lane += W) {
            DoubleVector sum = DoubleVector.fromArray(SPECIES, a, ao + lane);
            for (int p = 0; p < places; p++) {
                for (int v = 0, at = xo + lane + p * step; v < vectors; v++, at += GROUP) {
                    DoubleVector d = DoubleVector.fromArray(SPECIES, x, at).sub(m);
                    sum = d.fma(d, sum);
                }
            }
            EXACT.cast(sum).intoArray(a, ao + lane);
        }
    }

    @Override
    void products(int places, int vectors, int step, double[] g, int go, double[] x, int xo, double[] mean, int mo, double[] a, int ao) {
        DoubleVector m = DoubleVector.broadcast(SPECIES, mean[mo]);
        for (int lane = 0; lane < GROUP; lane += W) {
            DoubleVector sum = DoubleVector.fromArray(SPECIES, a, ao + lane);
            for (int p = 0; p < places; p++) {
                for (int v = 0, at = lane + p * step; v < vectors; v++, at += GROUP) {
                    DoubleVector d = DoubleVector.fromArray(SPECIES, x, xo + at).sub(m);
                    sum = DoubleVector.fromArray(SPECIES, g, go + at).fma(d, sum);
                }
            }
            EXACT.cast(sum).intoArray(a, ao + lane);
        }
    }

    @Override
    void normalize(double[] x, int xo, double[] mean, double[] scale, double[] shift, int c, double[] y, int yo, int n) {
        DoubleVector m = DoubleVector.broadcast(SPECIES, mean[c]);
        DoubleVector a = DoubleVector.broadcast(SPECIES, scale[c]);
        DoubleVector b = DoubleVector.broadcast(SPECIES, shift[c]);
        int whole = n - n % W;
        for (int i = 0; i < whole; i += W) {
            EXACT.cast(DoubleVector.fromArray(SPECIES, x, xo + i).sub(m).fma(a, b)).intoArray(y, yo + i);
        }
        for (int i = whole; i < n; i++) {
            y[yo + i] = Math.fma(x[xo + i] - mean[c], scale[c], shift[c]);
        }
    }

    @Override
    void normalizeGradient(double[] g, int go, double[] x, int xo, double[] mean, double[] offset, double[] slope, double[] scale, int c, double[] y, int yo, int n) {
        DoubleVector m = DoubleVector.broadcast(SPECIES, mean[c]);
        DoubleVector o = DoubleVector.broadcast(SPECIES, offset[c]);
        DoubleVector k = DoubleVector.broadcast(SPECIES, -slope[c]);
        DoubleVector a = DoubleVector.broadcast(SPECIES, scale[c]);
        int whole = n - n % W;
        for (int i = 0; i < whole; i += W) {
            DoubleVector d = DoubleVector.fromArray(SPECIES, x, xo + i).sub(m);
            EXACT.cast(d.fma(k, DoubleVector.fromArray(SPECIES, g, go + i).sub(o)).mul(a)).intoArray(y, yo + i);
        }
        for (int i = whole; i < n; i++) {
            y[yo + i] = Math.fma(x[xo + i] - mean[c], -slope[c], g[go + i] - offset[c]) * scale[c];
        }
    }
}
