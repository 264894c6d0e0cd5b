package gradus.backend.simd;

import gradus.backend.LinearKernels;
import gradus.backend.scalar.ScalarLinear;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels} in the Vector API.
 *
 * <p>Elementwise loops have one result whatever the width. A dot product keeps the 16 virtual lanes of the contract in 16 ÷ width accumulators,
 * for widths of 8 and 4 doubles; narrower machines take the scalar dot, whose bits are the same. Ends of runs are masked: a lane without a term adds
 * 0·0, which can change nothing but the sign of a zero, and that is lost when the folded lanes are added to +0.
 *
 * <p>No vector is an argument or a result of a method here, and no accumulator comes out of two branches: where the compiler declines to inline such a
 * method, as it does at a call outside the loop, every accumulator is boxed and the kernel runs ten times slower (measured).
 */
public final class SimdLinear implements LinearKernels {
    private static final VectorSpecies<Double> S = Lanes.DOUBLE;
    private static final VectorSpecies<Long> LONGS = Lanes.LONG;
    private static final int W = S.length();
    /** Lane l comes to stand beside lane l + k: a sum is folded by adding a vector to itself so turned. */
    static final VectorShuffle<Double> BY_FOUR = VectorShuffle.fromOp(S, l -> (l + 4) % W);
    static final VectorShuffle<Double> BY_TWO = VectorShuffle.fromOp(S, l -> (l + 2) % W);
    static final VectorShuffle<Double> BY_ONE = VectorShuffle.fromOp(S, l -> (l + 1) % W);
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
            a = DoubleVector.fromArray(S, x, xo + i).fma(DoubleVector.fromArray(S, y, yo + i), a);
            b = DoubleVector.fromArray(S, x, xo + i + 8).fma(DoubleVector.fromArray(S, y, yo + i + 8), b);
        }
        VectorMask<Double> m = S.indexInRange(i, n);
        a = DoubleVector.fromArray(S, x, xo + i, m).fma(DoubleVector.fromArray(S, y, yo + i, m), a);
        m = S.indexInRange(i + 8, n);
        b = DoubleVector.fromArray(S, x, xo + i + 8, m).fma(DoubleVector.fromArray(S, y, yo + i + 8, m), b);
        a = a.add(b);
        a = a.add(a.rearrange(BY_FOUR));
        a = a.add(a.rearrange(BY_TWO));
        return a.add(a.rearrange(BY_ONE)).lane(0);
    }

    /** The end of the run takes each accumulator in turn, by a loop: written out, the method would be too large for the tier-3 compiler. */
    private static double dotBy4(double[] x, int xo, double[] y, int yo, int n) {
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        int i = 0;
        for (; i <= n - 16; i += 16) {
            a = DoubleVector.fromArray(S, x, xo + i).fma(DoubleVector.fromArray(S, y, yo + i), a);
            b = DoubleVector.fromArray(S, x, xo + i + 4).fma(DoubleVector.fromArray(S, y, yo + i + 4), b);
            c = DoubleVector.fromArray(S, x, xo + i + 8).fma(DoubleVector.fromArray(S, y, yo + i + 8), c);
            d = DoubleVector.fromArray(S, x, xo + i + 12).fma(DoubleVector.fromArray(S, y, yo + i + 12), d);
        }
        for (int end = i + 16; i < end; i += 4) {
            VectorMask<Double> m = S.indexInRange(i, n);
            DoubleVector next = DoubleVector.fromArray(S, x, xo + i, m).fma(DoubleVector.fromArray(S, y, yo + i, m), a);
            a = b;
            b = c;
            c = d;
            d = next;
        }
        a = a.add(c).add(b.add(d));
        a = a.add(a.rearrange(BY_TWO));
        return a.add(a.rearrange(BY_ONE)).lane(0);
    }

    @Override
    public void dots(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int n, double[] y, int yOffset) {
        // Several rows at a time would load x less often, but the tier-3 compiler runs out of registers on such a method and it stays slow for good.
        for (int i = 0; i < rows; i++) {
            y[yOffset + i] = dot(a, aOffset + i * aStride, x, xOffset, n);
        }
    }

    @Override
    public void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        DoubleVector f = DoubleVector.broadcast(S, alpha);
        int i = 0;
        for (; i <= n - W; i += W) {
            DoubleVector.fromArray(S, x, xOffset + i).fma(f, DoubleVector.fromArray(S, y, yOffset + i)).intoArray(y, yOffset + i);
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
        DoubleVector y0 = DoubleVector.fromArray(S, y, yo);
        DoubleVector y1 = DoubleVector.fromArray(S, y, yo + W);
        DoubleVector y2 = DoubleVector.fromArray(S, y, yo + 2 * W);
        DoubleVector y3 = DoubleVector.fromArray(S, y, yo + 3 * W);
        DoubleVector y4 = DoubleVector.fromArray(S, y, yo + 4 * W);
        DoubleVector y5 = DoubleVector.fromArray(S, y, yo + 5 * W);
        DoubleVector y6 = DoubleVector.fromArray(S, y, yo + 6 * W);
        DoubleVector y7 = DoubleVector.fromArray(S, y, yo + 7 * W);
        for (int i = 0; i < rows; i++) {
            DoubleVector f = DoubleVector.broadcast(S, x[xo + i * xStride]);
            int at = ao + i * aStride;
            y0 = DoubleVector.fromArray(S, a, at).fma(f, y0);
            y1 = DoubleVector.fromArray(S, a, at + W).fma(f, y1);
            y2 = DoubleVector.fromArray(S, a, at + 2 * W).fma(f, y2);
            y3 = DoubleVector.fromArray(S, a, at + 3 * W).fma(f, y3);
            y4 = DoubleVector.fromArray(S, a, at + 4 * W).fma(f, y4);
            y5 = DoubleVector.fromArray(S, a, at + 5 * W).fma(f, y5);
            y6 = DoubleVector.fromArray(S, a, at + 6 * W).fma(f, y6);
            y7 = DoubleVector.fromArray(S, a, at + 7 * W).fma(f, y7);
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
        DoubleVector y0 = DoubleVector.fromArray(S, y, yo);
        DoubleVector y1 = DoubleVector.fromArray(S, y, yo + W);
        for (int i = 0; i < rows; i++) {
            DoubleVector f = DoubleVector.broadcast(S, x[xo + i * xStride]);
            y0 = DoubleVector.fromArray(S, a, ao + i * aStride).fma(f, y0);
            y1 = DoubleVector.fromArray(S, a, ao + i * aStride + W).fma(f, y1);
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
            DoubleVector.fromArray(S, x, offset + i).mul(alpha).intoArray(x, offset + i);
        }
        for (; i < n; i++) {
            x[offset + i] *= alpha;
        }
    }

    /** Magnitudes compare as the integers that their bits are, NaN above all, and an integer maximum is one instruction. */
    @Override
    public double maxAbs(double[] x, int offset, int n) {
        LongVector most = LongVector.zero(LONGS);
        LongVector more = most;
        int i = 0;
        for (; i <= n - 2 * W; i += 2 * W) {
            most = most.max(DoubleVector.fromArray(S, x, offset + i).abs().reinterpretAsLongs());
            more = more.max(DoubleVector.fromArray(S, x, offset + i + W).abs().reinterpretAsLongs());
        }
        double max = Double.longBitsToDouble(most.max(more).reduceLanes(VectorOperators.MAX));
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
            DoubleVector u = DoubleVector.fromArray(S, x, xOffset + i);
            DoubleVector v = DoubleVector.fromArray(S, y, yOffset + i);
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
        DoubleVector x0 = DoubleVector.fromArray(S, z, offset);
        DoubleVector x1 = DoubleVector.fromArray(S, z, offset + W);
        DoubleVector x2 = DoubleVector.fromArray(S, z, offset + 2 * W);
        DoubleVector x3 = DoubleVector.fromArray(S, z, offset + 3 * W);
        int at = offset;
        for (int k = from; k < from + count; k++) {
            DoubleVector cc = DoubleVector.broadcast(S, c[k]);
            DoubleVector ss = DoubleVector.broadcast(S, s[k]);
            int next = at + stride;
            DoubleVector y0 = DoubleVector.fromArray(S, z, next);
            DoubleVector y1 = DoubleVector.fromArray(S, z, next + W);
            DoubleVector y2 = DoubleVector.fromArray(S, z, next + 2 * W);
            DoubleVector y3 = DoubleVector.fromArray(S, z, next + 3 * W);
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
        DoubleVector x = DoubleVector.fromArray(S, z, offset);
        int at = offset;
        for (int k = from; k < from + count; k++) {
            DoubleVector cc = DoubleVector.broadcast(S, c[k]);
            DoubleVector ss = DoubleVector.broadcast(S, s[k]);
            DoubleVector y = DoubleVector.fromArray(S, z, at + stride);
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
    public void reflectThree(double[] a, int offset, int stride, int n, double v1, double v2, double tau) {
        DoubleVector t0 = DoubleVector.broadcast(S, -tau);
        DoubleVector t1 = DoubleVector.broadcast(S, -tau * v1);
        DoubleVector t2 = DoubleVector.broadcast(S, -tau * v2);
        DoubleVector w1 = DoubleVector.broadcast(S, v1);
        DoubleVector w2 = DoubleVector.broadcast(S, v2);
        int j = 0;
        for (; j <= n - W; j += W) {
            int at = offset + j;
            DoubleVector x0 = DoubleVector.fromArray(S, a, at);
            DoubleVector x1 = DoubleVector.fromArray(S, a, at + stride);
            DoubleVector x2 = DoubleVector.fromArray(S, a, at + 2 * stride);
            DoubleVector sum = w2.fma(x2, w1.fma(x1, x0));
            t0.fma(sum, x0).intoArray(a, at);
            t1.fma(sum, x1).intoArray(a, at + stride);
            t2.fma(sum, x2).intoArray(a, at + 2 * stride);
        }
        SCALAR.reflectThree(a, offset + j, stride, n - j, v1, v2, tau);
    }

    /** Two of the three rows of a reflector belong to the next one as well and stay in registers: one load and one store a reflector. */
    @Override
    public void reflectRows(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from, int n) {
        int j = 0;
        for (; count > 0 && j <= n - 2 * W; j += 2 * W) {
            reflectPair(a, offset + j, stride, count, v1, v2, tau, from);
        }
        SCALAR.reflectRows(a, offset + j, stride, count, v1, v2, tau, from, n - j);
    }

    private static void reflectPair(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from) {
        int at = offset;
        DoubleVector x0 = DoubleVector.fromArray(S, a, at);
        DoubleVector y0 = DoubleVector.fromArray(S, a, at + W);
        DoubleVector x1 = DoubleVector.fromArray(S, a, at + stride);
        DoubleVector y1 = DoubleVector.fromArray(S, a, at + stride + W);
        for (int k = from; k < from + count; k++) {
            double v = v1[k];
            double w = v2[k];
            double t = -tau[k];
            DoubleVector x2 = DoubleVector.fromArray(S, a, at + 2 * stride);
            DoubleVector y2 = DoubleVector.fromArray(S, a, at + 2 * stride + W);
            DoubleVector sx = DoubleVector.broadcast(S, w).fma(x2, DoubleVector.broadcast(S, v).fma(x1, x0));
            DoubleVector sy = DoubleVector.broadcast(S, w).fma(y2, DoubleVector.broadcast(S, v).fma(y1, y0));
            DoubleVector.broadcast(S, t).fma(sx, x0).intoArray(a, at);
            DoubleVector.broadcast(S, t).fma(sy, y0).intoArray(a, at + W);
            x0 = DoubleVector.broadcast(S, t * v).fma(sx, x1);
            y0 = DoubleVector.broadcast(S, t * v).fma(sy, y1);
            x1 = DoubleVector.broadcast(S, t * w).fma(sx, x2);
            y1 = DoubleVector.broadcast(S, t * w).fma(sy, y2);
            at += stride;
        }
        x0.intoArray(a, at);
        y0.intoArray(a, at + W);
        x1.intoArray(a, at + stride);
        y1.intoArray(a, at + stride + W);
    }

    @Override
    public void reflectColumns(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from, int rows) {
        SCALAR.reflectColumns(a, offset, stride, count, v1, v2, tau, from, rows);
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
}
