package gradus.backend.simd;

import gradus.backend.LinearKernels;
import gradus.backend.LinearKernels.Gap;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The secular-equation kernels of {@link SimdLinear}: one division for each pole, eight or four poles at a time. Where a run ends, the quotient of a lane
 * without a pole is its z, which is 0.
 */
final class SimdSecular {
    private static final VectorSpecies<Double> S = Lanes.DOUBLE;
    private static final int W = S.length();

    private SimdSecular() {
    }

    static void sums(double[] d, double[] z, int from, int to, Gap gap, double[] out, int at) {
        if (W != 8 && W != 4) {
            SimdLinear.SCALAR.secular(d, z, from, to, gap, out, at);
            return;
        }
        double value = 0;
        double slope = 0;
        for (int begin = from; begin < to; begin += LinearKernels.CHUNK) {
            int end = Math.min(to, begin + LinearKernels.CHUNK);
            if (W == 8) {
                chunkBy8(d, z, begin, end, gap, out, at);
            } else {
                chunkBy4(d, z, begin, end, gap, out, at);
            }
            value += out[at];
            slope += out[at + 1];
        }
        out[at] = value;
        out[at + 1] = slope;
    }

    private static void chunkBy8(double[] d, double[] z, int from, int to, Gap gap, double[] out, int at) {
        double origin = gap.origin();
        double tau = gap.tau();
        DoubleVector slope = DoubleVector.broadcast(S, gap.slope());
        DoubleVector height = DoubleVector.broadcast(S, gap.height());
        DoubleVector v0 = DoubleVector.zero(S);
        DoubleVector v1 = v0;
        DoubleVector s0 = v0;
        DoubleVector s1 = v0;
        int j = from;
        for (; j <= to - 16; j += 16) {
            DoubleVector d0 = DoubleVector.fromArray(S, d, j);
            DoubleVector z0 = DoubleVector.fromArray(S, z, j);
            DoubleVector t0 = z0.div(d0.sub(origin).sub(tau).mul(d0.fma(slope, height)));
            v0 = z0.fma(t0, v0);
            s0 = t0.fma(t0, s0);
            DoubleVector d1 = DoubleVector.fromArray(S, d, j + 8);
            DoubleVector z1 = DoubleVector.fromArray(S, z, j + 8);
            DoubleVector t1 = z1.div(d1.sub(origin).sub(tau).mul(d1.fma(slope, height)));
            v1 = z1.fma(t1, v1);
            s1 = t1.fma(t1, s1);
        }
        VectorMask<Double> m0 = S.indexInRange(j, to);
        DoubleVector e0 = DoubleVector.fromArray(S, d, j, m0);
        DoubleVector y0 = DoubleVector.fromArray(S, z, j, m0);
        DoubleVector u0 = y0.div(e0.sub(origin).sub(tau).mul(e0.fma(slope, height)), m0);
        v0 = y0.fma(u0, v0);
        s0 = u0.fma(u0, s0);
        VectorMask<Double> m1 = S.indexInRange(j + 8, to);
        DoubleVector e1 = DoubleVector.fromArray(S, d, j + 8, m1);
        DoubleVector y1 = DoubleVector.fromArray(S, z, j + 8, m1);
        DoubleVector u1 = y1.div(e1.sub(origin).sub(tau).mul(e1.fma(slope, height)), m1);
        v1 = y1.fma(u1, v1);
        s1 = u1.fma(u1, s1);
        v0 = v0.add(v1);
        s0 = s0.add(s1);
        v0 = v0.add(v0.rearrange(SimdLinear.BY_FOUR));
        s0 = s0.add(s0.rearrange(SimdLinear.BY_FOUR));
        v0 = v0.add(v0.rearrange(SimdLinear.BY_TWO));
        s0 = s0.add(s0.rearrange(SimdLinear.BY_TWO));
        out[at] = v0.add(v0.rearrange(SimdLinear.BY_ONE)).lane(0);
        out[at + 1] = s0.add(s0.rearrange(SimdLinear.BY_ONE)).lane(0);
    }

    private static void chunkBy4(double[] d, double[] z, int from, int to, Gap gap, double[] out, int at) {
        double origin = gap.origin();
        double tau = gap.tau();
        DoubleVector slope = DoubleVector.broadcast(S, gap.slope());
        DoubleVector height = DoubleVector.broadcast(S, gap.height());
        DoubleVector v0 = DoubleVector.zero(S);
        DoubleVector v1 = v0;
        DoubleVector v2 = v0;
        DoubleVector v3 = v0;
        DoubleVector s0 = v0;
        DoubleVector s1 = v0;
        DoubleVector s2 = v0;
        DoubleVector s3 = v0;
        // Each step takes the next accumulator; whole rounds of four bring them back to their places.
        int end = from + (to - from + 15) / 16 * 16;
        for (int j = from; j < end; j += 4) {
            VectorMask<Double> live = S.indexInRange(j, to);
            DoubleVector dj = DoubleVector.fromArray(S, d, j, live);
            DoubleVector zj = DoubleVector.fromArray(S, z, j, live);
            DoubleVector t = zj.div(dj.sub(origin).sub(tau).mul(dj.fma(slope, height)), live);
            DoubleVector value = zj.fma(t, v0);
            DoubleVector square = t.fma(t, s0);
            v0 = v1;
            v1 = v2;
            v2 = v3;
            v3 = value;
            s0 = s1;
            s1 = s2;
            s2 = s3;
            s3 = square;
        }
        v0 = v0.add(v2).add(v1.add(v3));
        s0 = s0.add(s2).add(s1.add(s3));
        v0 = v0.add(v0.rearrange(SimdLinear.BY_TWO));
        s0 = s0.add(s0.rearrange(SimdLinear.BY_TWO));
        out[at] = v0.add(v0.rearrange(SimdLinear.BY_ONE)).lane(0);
        out[at + 1] = s0.add(s0.rearrange(SimdLinear.BY_ONE)).lane(0);
    }

    static void ratios(double[] d, int from, int to, Gap gap, Gap between, double[] w) {
        DoubleVector slope = DoubleVector.broadcast(S, gap.slope());
        DoubleVector height = DoubleVector.broadcast(S, gap.height());
        DoubleVector slopeBetween = DoubleVector.broadcast(S, between.slope());
        DoubleVector heightBetween = DoubleVector.broadcast(S, between.height());
        int j = from;
        for (; j <= to - W; j += W) {
            DoubleVector dj = DoubleVector.fromArray(S, d, j);
            DoubleVector above = dj.sub(gap.origin()).sub(gap.tau()).mul(dj.fma(slope, height));
            DoubleVector below = dj.sub(between.origin()).sub(between.tau()).mul(dj.fma(slopeBetween, heightBetween));
            DoubleVector.fromArray(S, w, j).mul(above.div(below)).intoArray(w, j);
        }
        for (; j < to; j++) {
            w[j] *= gap.to(d[j]) / between.to(d[j]);
        }
    }

    static void quotients(double[] z, double[] d, int n, Gap gap, double[] out, int at) {
        DoubleVector slope = DoubleVector.broadcast(S, gap.slope());
        DoubleVector height = DoubleVector.broadcast(S, gap.height());
        int j = 0;
        for (; j <= n - W; j += W) {
            DoubleVector dj = DoubleVector.fromArray(S, d, j);
            DoubleVector.fromArray(S, z, j).div(dj.sub(gap.origin()).sub(gap.tau()).mul(dj.fma(slope, height))).intoArray(out, at + j);
        }
        for (; j < n; j++) {
            out[at + j] = z[j] / gap.to(d[j]);
        }
    }
}
