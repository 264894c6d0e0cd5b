package gradus.backend.simd;

import gradus.backend.LinearKernels;
import gradus.backend.LinearKernels.Gap;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The secular-equation kernels of {@link SimdLinear}: one division for each pole, eight or four poles at a time. */
final class SimdSecular {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
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
        if (j < to) {
            VectorMask<Double> live = S.indexInRange(j, to);
            DoubleVector zj = DoubleVector.fromArray(S, z, j, live);
            DoubleVector t = quotient(zj, d, j, live, origin, tau, slope, height);
            v0 = v0.blend(zj.fma(t, v0), live);
            s0 = s0.blend(t.fma(t, s0), live);
        }
        if (j + 8 < to) {
            VectorMask<Double> live = S.indexInRange(j + 8, to);
            DoubleVector zj = DoubleVector.fromArray(S, z, j + 8, live);
            DoubleVector t = quotient(zj, d, j + 8, live, origin, tau, slope, height);
            v1 = v1.blend(zj.fma(t, v1), live);
            s1 = s1.blend(t.fma(t, s1), live);
        }
        out[at] = SimdLinear.fold8(v0.add(v1));
        out[at + 1] = SimdLinear.fold8(s0.add(s1));
    }

    private static DoubleVector quotient(DoubleVector z, double[] d, int j, VectorMask<Double> live, double origin, double tau, DoubleVector slope,
            DoubleVector height) {
        DoubleVector dj = DoubleVector.fromArray(S, d, j, live);
        return z.div(dj.sub(origin).sub(tau).mul(dj.fma(slope, height)));
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
        for (int j = from; j < to; j += 16) {
            VectorMask<Double> m0 = S.indexInRange(j, to);
            VectorMask<Double> m1 = S.indexInRange(j + 4, to);
            VectorMask<Double> m2 = S.indexInRange(j + 8, to);
            VectorMask<Double> m3 = S.indexInRange(j + 12, to);
            DoubleVector z0 = DoubleVector.fromArray(S, z, j, m0);
            DoubleVector t0 = quotient(z0, d, j, m0, origin, tau, slope, height);
            v0 = v0.blend(z0.fma(t0, v0), m0);
            s0 = s0.blend(t0.fma(t0, s0), m0);
            DoubleVector z1 = DoubleVector.fromArray(S, z, j + 4, m1);
            DoubleVector t1 = quotient(z1, d, j + 4, m1, origin, tau, slope, height);
            v1 = v1.blend(z1.fma(t1, v1), m1);
            s1 = s1.blend(t1.fma(t1, s1), m1);
            DoubleVector z2 = DoubleVector.fromArray(S, z, j + 8, m2);
            DoubleVector t2 = quotient(z2, d, j + 8, m2, origin, tau, slope, height);
            v2 = v2.blend(z2.fma(t2, v2), m2);
            s2 = s2.blend(t2.fma(t2, s2), m2);
            DoubleVector z3 = DoubleVector.fromArray(S, z, j + 12, m3);
            DoubleVector t3 = quotient(z3, d, j + 12, m3, origin, tau, slope, height);
            v3 = v3.blend(z3.fma(t3, v3), m3);
            s3 = s3.blend(t3.fma(t3, s3), m3);
        }
        out[at] = SimdLinear.fold4(v0.add(v2), v1.add(v3));
        out[at + 1] = SimdLinear.fold4(s0.add(s2), s1.add(s3));
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
