package gradus.backend.scalar;

import gradus.backend.LinearKernels;
import gradus.numerics.Sums;
import java.util.Arrays;

/** The plain loops that define {@link LinearKernels}. */
public final class ScalarLinear implements LinearKernels {
    @Override
    public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        return Sums.dot(x, xOffset, 1, y, yOffset, 1, n);
    }

    @Override
    public void dots(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int n, double[] y, int yOffset) {
        for (int i = 0; i < rows; i++) {
            y[yOffset + i] = dot(a, aOffset + i * aStride, x, xOffset, n);
        }
    }

    @Override
    public void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public void combine(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int xStride, double[] y, int yOffset, int n) {
        for (int i = 0; i < rows; i++) {
            axpy(x[xOffset + i * xStride], a, aOffset + i * aStride, y, yOffset, n);
        }
    }

    @Override
    public void rankOne(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int xStride, double[] y, int yOffset, int n) {
        for (int i = 0; i < rows; i++) {
            axpy(x[xOffset + i * xStride], y, yOffset, a, aOffset + i * aStride, n);
        }
    }

    @Override
    public void scale(double alpha, double[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            x[i] *= alpha;
        }
    }

    @Override
    public double maxAbs(double[] x, int offset, int n) {
        double max = 0;
        for (int i = offset; i < offset + n; i++) {
            max = Math.max(max, Math.abs(x[i]));
        }
        return max;
    }

    @Override
    public void rotate(double[] x, int xOffset, double[] y, int yOffset, int n, double c, double s) {
        for (int i = 0; i < n; i++) {
            double u = x[xOffset + i];
            double v = y[yOffset + i];
            x[xOffset + i] = Math.fma(c, u, s * v);
            y[yOffset + i] = Math.fma(c, v, -(s * u));
        }
    }

    @Override
    public void sweep(double[] z, int offset, int stride, int count, double[] c, double[] s, int from, int width) {
        for (int k = 0; k < count; k++) {
            rotate(z, offset + k * stride, z, offset + (k + 1) * stride, width, c[from + k], s[from + k]);
        }
    }

    @Override
    public void reflectThree(double[] a, int offset, int stride, int n, double v1, double v2, double tau) {
        for (int j = offset; j < offset + n; j++) {
            double sum = Math.fma(v2, a[j + 2 * stride], Math.fma(v1, a[j + stride], a[j]));
            a[j] = Math.fma(-tau, sum, a[j]);
            a[j + stride] = Math.fma(-tau * v1, sum, a[j + stride]);
            a[j + 2 * stride] = Math.fma(-tau * v2, sum, a[j + 2 * stride]);
        }
    }

    @Override
    public void reflectRows(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from, int n) {
        for (int k = 0; k < count; k++) {
            reflectThree(a, offset + k * stride, stride, n, v1[from + k], v2[from + k], tau[from + k]);
        }
    }

    /** Four rows go side by side: along one row each step waits for the one before. */
    @Override
    public void reflectColumns(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from, int rows) {
        int i = 0;
        for (; i <= rows - 4; i += 4) {
            int r0 = offset + i * stride;
            int r1 = r0 + stride;
            int r2 = r1 + stride;
            int r3 = r2 + stride;
            for (int k = 0; k < count; k++) {
                double v = v1[from + k];
                double w = v2[from + k];
                double t = -tau[from + k];
                double s0 = Math.fma(w, a[r0 + k + 2], Math.fma(v, a[r0 + k + 1], a[r0 + k]));
                double s1 = Math.fma(w, a[r1 + k + 2], Math.fma(v, a[r1 + k + 1], a[r1 + k]));
                double s2 = Math.fma(w, a[r2 + k + 2], Math.fma(v, a[r2 + k + 1], a[r2 + k]));
                double s3 = Math.fma(w, a[r3 + k + 2], Math.fma(v, a[r3 + k + 1], a[r3 + k]));
                a[r0 + k] = Math.fma(t, s0, a[r0 + k]);
                a[r0 + k + 1] = Math.fma(t * v, s0, a[r0 + k + 1]);
                a[r0 + k + 2] = Math.fma(t * w, s0, a[r0 + k + 2]);
                a[r1 + k] = Math.fma(t, s1, a[r1 + k]);
                a[r1 + k + 1] = Math.fma(t * v, s1, a[r1 + k + 1]);
                a[r1 + k + 2] = Math.fma(t * w, s1, a[r1 + k + 2]);
                a[r2 + k] = Math.fma(t, s2, a[r2 + k]);
                a[r2 + k + 1] = Math.fma(t * v, s2, a[r2 + k + 1]);
                a[r2 + k + 2] = Math.fma(t * w, s2, a[r2 + k + 2]);
                a[r3 + k] = Math.fma(t, s3, a[r3 + k]);
                a[r3 + k + 1] = Math.fma(t * v, s3, a[r3 + k + 1]);
                a[r3 + k + 2] = Math.fma(t * w, s3, a[r3 + k + 2]);
            }
        }
        for (; i < rows; i++) {
            for (int k = 0; k < count; k++) {
                int j = offset + i * stride + k;
                double v = v1[from + k];
                double w = v2[from + k];
                double t = -tau[from + k];
                double sum = Math.fma(w, a[j + 2], Math.fma(v, a[j + 1], a[j]));
                a[j] = Math.fma(t, sum, a[j]);
                a[j + 1] = Math.fma(t * v, sum, a[j + 1]);
                a[j + 2] = Math.fma(t * w, sum, a[j + 2]);
            }
        }
    }

    @Override
    public void secular(double[] d, double[] z, int from, int to, Gap gap, double[] out, int at) {
        double value = 0;
        double slope = 0;
        double[] values = new double[LANES];
        double[] slopes = new double[LANES];
        for (int begin = from; begin < to; begin += CHUNK) {
            Arrays.fill(values, 0);
            Arrays.fill(slopes, 0);
            for (int j = begin; j < Math.min(to, begin + CHUNK); j++) {
                int lane = (j - begin) % LANES;
                double t = z[j] / gap.to(d[j]);
                values[lane] = Math.fma(z[j], t, values[lane]);
                slopes[lane] = Math.fma(t, t, slopes[lane]);
            }
            value += Sums.fold(values);
            slope += Sums.fold(slopes);
        }
        out[at] = value;
        out[at + 1] = slope;
    }

    @Override
    public void poleRatios(double[] d, int from, int to, Gap gap, Gap between, double[] w) {
        for (int j = from; j < to; j++) {
            w[j] *= gap.to(d[j]) / between.to(d[j]);
        }
    }

    @Override
    public void poleQuotients(double[] z, double[] d, int n, Gap gap, double[] out, int at) {
        for (int j = 0; j < n; j++) {
            out[at + j] = z[j] / gap.to(d[j]);
        }
    }
}
