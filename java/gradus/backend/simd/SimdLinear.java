package gradus.backend.simd;

import gradus.backend.LinearKernels;
import gradus.backend.scalar.ScalarLinear;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels} in the Vector API.
 *
 * <p>Elementwise loops have one result whatever the width. A dot product keeps the 16 virtual lanes of the contract in 16 ÷ width accumulators,
 * for widths of 8 and 4 doubles; narrower machines take the scalar dot, whose bits are the same. Ends of runs are masked, and a lane that has
 * no term is left alone: adding 0·0 to it could turn −0 into +0.
 */
public final class SimdLinear implements LinearKernels {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    static final ScalarLinear SCALAR = new ScalarLinear();

    @Override
    public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        if (W != 8 && W != 4) {
            return SCALAR.dot(x, xOffset, y, yOffset, n);
        }
        double total = 0;
        for (int from = 0; from < n; from += CHUNK) {
            int terms = Math.min(CHUNK, n - from);
            total += W == 8 ? dotBy8(x, xOffset + from, y, yOffset + from, terms) : dotBy4(x, xOffset + from, y, yOffset + from, terms);
        }
        return total;
    }

    private static double dotBy8(double[] x, int xo, double[] y, int yo, int n) {
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        int i = 0;
        for (; i <= n - 16; i += 16) {
            a = load(x, xo + i).fma(load(y, yo + i), a);
            b = load(x, xo + i + 8).fma(load(y, yo + i + 8), b);
        }
        if (i < n) {
            a = chain(x, xo, y, yo, i, n, a);
            b = chain(x, xo, y, yo, i + 8, n, b);
        }
        return fold8(a.add(b));
    }

    private static double dotBy4(double[] x, int xo, double[] y, int yo, int n) {
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        int i = 0;
        for (; i <= n - 16; i += 16) {
            a = load(x, xo + i).fma(load(y, yo + i), a);
            b = load(x, xo + i + 4).fma(load(y, yo + i + 4), b);
            c = load(x, xo + i + 8).fma(load(y, yo + i + 8), c);
            d = load(x, xo + i + 12).fma(load(y, yo + i + 12), d);
        }
        if (i < n) {
            a = chain(x, xo, y, yo, i, n, a);
            b = chain(x, xo, y, yo, i + 4, n, b);
            c = chain(x, xo, y, yo, i + 8, n, c);
            d = chain(x, xo, y, yo, i + 12, n, d);
        }
        return fold4(a.add(c), b.add(d));
    }

    /** One step of the accumulator for the terms i … i + W − 1, of which those below n exist. */
    private static DoubleVector chain(double[] x, int xo, double[] y, int yo, int i, int n, DoubleVector acc) {
        if (i >= n) {
            return acc;
        }
        VectorMask<Double> live = S.indexInRange(i, n);
        DoubleVector u = DoubleVector.fromArray(S, x, xo + i, live);
        DoubleVector v = DoubleVector.fromArray(S, y, yo + i, live);
        return acc.blend(u.fma(v, acc), live);
    }

    static double fold8(DoubleVector v) {
        double s0 = v.lane(0) + v.lane(4);
        double s1 = v.lane(1) + v.lane(5);
        double s2 = v.lane(2) + v.lane(6);
        double s3 = v.lane(3) + v.lane(7);
        return (s0 + s2) + (s1 + s3);
    }

    /** Folds lanes 0 … 3 in low and 4 … 7 in high. */
    static double fold4(DoubleVector low, DoubleVector high) {
        DoubleVector v = low.add(high);
        return (v.lane(0) + v.lane(2)) + (v.lane(1) + v.lane(3));
    }

    @Override
    public void dots(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int n, double[] y, int yOffset) {
        int i = 0;
        if (W == 8 && n <= CHUNK) {
            for (; i <= rows - 4; i += 4) {
                fourDots(a, aOffset + i * aStride, aStride, x, xOffset, n, y, yOffset + i);
            }
        }
        for (; i < rows; i++) {
            y[yOffset + i] = dot(a, aOffset + i * aStride, x, xOffset, n);
        }
    }

    /** Four rows share the loads of x, and their eight accumulators hide the latency of the fused multiply-add. */
    private static void fourDots(double[] a, int r0, int stride, double[] x, int xo, int n, double[] y, int yo) {
        int r1 = r0 + stride;
        int r2 = r1 + stride;
        int r3 = r2 + stride;
        DoubleVector a0 = DoubleVector.zero(S);
        DoubleVector a1 = a0;
        DoubleVector a2 = a0;
        DoubleVector a3 = a0;
        DoubleVector b0 = a0;
        DoubleVector b1 = a0;
        DoubleVector b2 = a0;
        DoubleVector b3 = a0;
        int i = 0;
        for (; i <= n - 16; i += 16) {
            DoubleVector u = load(x, xo + i);
            DoubleVector v = load(x, xo + i + 8);
            a0 = load(a, r0 + i).fma(u, a0);
            b0 = load(a, r0 + i + 8).fma(v, b0);
            a1 = load(a, r1 + i).fma(u, a1);
            b1 = load(a, r1 + i + 8).fma(v, b1);
            a2 = load(a, r2 + i).fma(u, a2);
            b2 = load(a, r2 + i + 8).fma(v, b2);
            a3 = load(a, r3 + i).fma(u, a3);
            b3 = load(a, r3 + i + 8).fma(v, b3);
        }
        if (i < n) {
            a0 = chain(a, r0, x, xo, i, n, a0);
            a1 = chain(a, r1, x, xo, i, n, a1);
            a2 = chain(a, r2, x, xo, i, n, a2);
            a3 = chain(a, r3, x, xo, i, n, a3);
            b0 = chain(a, r0, x, xo, i + 8, n, b0);
            b1 = chain(a, r1, x, xo, i + 8, n, b1);
            b2 = chain(a, r2, x, xo, i + 8, n, b2);
            b3 = chain(a, r3, x, xo, i + 8, n, b3);
        }
        y[yo] = 0 + fold8(a0.add(b0));
        y[yo + 1] = 0 + fold8(a1.add(b1));
        y[yo + 2] = 0 + fold8(a2.add(b2));
        y[yo + 3] = 0 + fold8(a3.add(b3));
    }

    @Override
    public void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        DoubleVector f = DoubleVector.broadcast(S, alpha);
        int i = 0;
        for (; i <= n - W; i += W) {
            load(x, xOffset + i).fma(f, load(y, yOffset + i)).intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    /** Eight vectors of y stay in registers while the rows of a stream by; then single vectors, then scalars. */
    @Override
    public void combine(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int xStride, double[] y, int yOffset, int n) {
        int j = 0;
        for (; j <= n - 8 * W; j += 8 * W) {
            combineEight(a, aOffset + j, aStride, rows, x, xOffset, xStride, y, yOffset + j);
        }
        for (; j <= n - 2 * W; j += 2 * W) {
            combineTwo(a, aOffset + j, aStride, rows, x, xOffset, xStride, y, yOffset + j);
        }
        if (j < n) {
            combineRest(a, aOffset + j, aStride, rows, x, xOffset, xStride, y, yOffset + j, n - j);
        }
    }

    private static void combineEight(double[] a, int ao, int aStride, int rows, double[] x, int xo, int xStride, double[] y, int yo) {
        DoubleVector y0 = load(y, yo);
        DoubleVector y1 = load(y, yo + W);
        DoubleVector y2 = load(y, yo + 2 * W);
        DoubleVector y3 = load(y, yo + 3 * W);
        DoubleVector y4 = load(y, yo + 4 * W);
        DoubleVector y5 = load(y, yo + 5 * W);
        DoubleVector y6 = load(y, yo + 6 * W);
        DoubleVector y7 = load(y, yo + 7 * W);
        for (int i = 0; i < rows; i++) {
            DoubleVector f = DoubleVector.broadcast(S, x[xo + i * xStride]);
            int at = ao + i * aStride;
            y0 = load(a, at).fma(f, y0);
            y1 = load(a, at + W).fma(f, y1);
            y2 = load(a, at + 2 * W).fma(f, y2);
            y3 = load(a, at + 3 * W).fma(f, y3);
            y4 = load(a, at + 4 * W).fma(f, y4);
            y5 = load(a, at + 5 * W).fma(f, y5);
            y6 = load(a, at + 6 * W).fma(f, y6);
            y7 = load(a, at + 7 * W).fma(f, y7);
        }
        y0.intoArray(y, yo);
        y1.intoArray(y, yo + W);
        y2.intoArray(y, yo + 2 * W);
        y3.intoArray(y, yo + 3 * W);
        y4.intoArray(y, yo + 4 * W);
        y5.intoArray(y, yo + 5 * W);
        y6.intoArray(y, yo + 6 * W);
        y7.intoArray(y, yo + 7 * W);
    }

    private static void combineTwo(double[] a, int ao, int aStride, int rows, double[] x, int xo, int xStride, double[] y, int yo) {
        DoubleVector y0 = load(y, yo);
        DoubleVector y1 = load(y, yo + W);
        for (int i = 0; i < rows; i++) {
            DoubleVector f = DoubleVector.broadcast(S, x[xo + i * xStride]);
            y0 = load(a, ao + i * aStride).fma(f, y0);
            y1 = load(a, ao + i * aStride + W).fma(f, y1);
        }
        y0.intoArray(y, yo);
        y1.intoArray(y, yo + W);
    }

    private static void combineRest(double[] a, int ao, int aStride, int rows, double[] x, int xo, int xStride, double[] y, int yo, int n) {
        int wide = Math.min(n, W);
        VectorMask<Double> first = S.indexInRange(0, n);
        VectorMask<Double> second = S.indexInRange(wide, n);
        DoubleVector y0 = DoubleVector.fromArray(S, y, yo, first);
        DoubleVector y1 = DoubleVector.fromArray(S, y, yo + wide, second);
        for (int i = 0; i < rows; i++) {
            DoubleVector f = DoubleVector.broadcast(S, x[xo + i * xStride]);
            y0 = DoubleVector.fromArray(S, a, ao + i * aStride, first).fma(f, y0);
            y1 = DoubleVector.fromArray(S, a, ao + i * aStride + wide, second).fma(f, y1);
        }
        y0.intoArray(y, yo, first);
        y1.intoArray(y, yo + wide, second);
    }

    @Override
    public void rankOne(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int xStride, double[] y, int yOffset, int n) {
        for (int i = 0; i < rows; i++) {
            axpy(x[xOffset + i * xStride], y, yOffset, a, aOffset + i * aStride, n);
        }
    }

    @Override
    public void scale(double alpha, double[] x, int offset, int n) {
        int i = 0;
        for (; i <= n - W; i += W) {
            load(x, offset + i).mul(alpha).intoArray(x, offset + i);
        }
        for (; i < n; i++) {
            x[offset + i] *= alpha;
        }
    }

    @Override
    public double maxAbs(double[] x, int offset, int n) {
        DoubleVector most = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - W; i += W) {
            most = most.max(load(x, offset + i).abs());
        }
        // A maximum has no rounding and no order, so this reduction is as good as a loop; NaN wins in both.
        double max = most.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, Math.abs(x[offset + i]));
        }
        return max;
    }

    @Override
    public void rotate(double[] x, int xOffset, double[] y, int yOffset, int n, double c, double s) {
        DoubleVector cc = DoubleVector.broadcast(S, c);
        DoubleVector ss = DoubleVector.broadcast(S, s);
        int i = 0;
        for (; i <= n - W; i += W) {
            DoubleVector u = load(x, xOffset + i);
            DoubleVector v = load(y, yOffset + i);
            cc.fma(u, ss.mul(v)).intoArray(x, xOffset + i);
            cc.fma(v, ss.mul(u).neg()).intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            double u = x[xOffset + i];
            double v = y[yOffset + i];
            x[xOffset + i] = Math.fma(c, u, s * v);
            y[yOffset + i] = Math.fma(c, v, -(s * u));
        }
    }

    /** The row that two successive rotations share stays in registers, four vectors of it at a time: one load and one store a rotation. */
    @Override
    public void sweep(double[] z, int offset, int stride, int count, double[] c, double[] s, int from, int width) {
        int j = 0;
        for (; j <= width - 4 * W; j += 4 * W) {
            sweepFour(z, offset + j, stride, count, c, s, from);
        }
        for (; j <= width - W; j += W) {
            sweepOne(z, offset + j, stride, count, c, s, from);
        }
        if (j < width && count > 0) {
            sweepRest(z, offset + j, stride, count, c, s, from, S.indexInRange(j, width));
        }
    }

    private static void sweepFour(double[] z, int offset, int stride, int count, double[] c, double[] s, int from) {
        DoubleVector x0 = load(z, offset);
        DoubleVector x1 = load(z, offset + W);
        DoubleVector x2 = load(z, offset + 2 * W);
        DoubleVector x3 = load(z, offset + 3 * W);
        int at = offset;
        for (int k = from; k < from + count; k++) {
            DoubleVector cc = DoubleVector.broadcast(S, c[k]);
            DoubleVector ss = DoubleVector.broadcast(S, s[k]);
            int next = at + stride;
            DoubleVector y0 = load(z, next);
            DoubleVector y1 = load(z, next + W);
            DoubleVector y2 = load(z, next + 2 * W);
            DoubleVector y3 = load(z, next + 3 * W);
            cc.fma(x0, ss.mul(y0)).intoArray(z, at);
            cc.fma(x1, ss.mul(y1)).intoArray(z, at + W);
            cc.fma(x2, ss.mul(y2)).intoArray(z, at + 2 * W);
            cc.fma(x3, ss.mul(y3)).intoArray(z, at + 3 * W);
            x0 = cc.fma(y0, ss.mul(x0).neg());
            x1 = cc.fma(y1, ss.mul(x1).neg());
            x2 = cc.fma(y2, ss.mul(x2).neg());
            x3 = cc.fma(y3, ss.mul(x3).neg());
            at = next;
        }
        x0.intoArray(z, at);
        x1.intoArray(z, at + W);
        x2.intoArray(z, at + 2 * W);
        x3.intoArray(z, at + 3 * W);
    }

    private static void sweepOne(double[] z, int offset, int stride, int count, double[] c, double[] s, int from) {
        DoubleVector x = load(z, offset);
        int at = offset;
        for (int k = from; k < from + count; k++) {
            DoubleVector cc = DoubleVector.broadcast(S, c[k]);
            DoubleVector ss = DoubleVector.broadcast(S, s[k]);
            DoubleVector y = load(z, at + stride);
            cc.fma(x, ss.mul(y)).intoArray(z, at);
            x = cc.fma(y, ss.mul(x).neg());
            at += stride;
        }
        x.intoArray(z, at);
    }

    private static void sweepRest(double[] z, int offset, int stride, int count, double[] c, double[] s, int from, VectorMask<Double> live) {
        DoubleVector x = DoubleVector.fromArray(S, z, offset, live);
        int at = offset;
        for (int k = from; k < from + count; k++) {
            DoubleVector cc = DoubleVector.broadcast(S, c[k]);
            DoubleVector ss = DoubleVector.broadcast(S, s[k]);
            DoubleVector y = DoubleVector.fromArray(S, z, at + stride, live);
            cc.fma(x, ss.mul(y)).intoArray(z, at, live);
            x = cc.fma(y, ss.mul(x).neg());
            at += stride;
        }
        x.intoArray(z, at, live);
    }

    @Override
    public void secular(double[] d, double[] z, int from, int to, Gap gap, double[] out, int at) {
        SimdSecular.sums(d, z, from, to, gap, out, at);
    }

    @Override
    public void poleRatios(double[] d, int from, int to, Gap gap, Gap between, double[] w) {
        SimdSecular.ratios(d, from, to, gap, between, w);
    }

    @Override
    public void poleQuotients(double[] z, double[] d, int n, Gap gap, double[] out, int at) {
        SimdSecular.quotients(z, d, n, gap, out, at);
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(S, x, at);
    }
}
