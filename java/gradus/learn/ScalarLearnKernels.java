package gradus.learn;

import gradus.backend.Workers;
import gradus.numerics.Sums;
import java.util.Arrays;

/** {@link LearnKernels} in plain loops: the definition of their bits. */
public final class ScalarLearnKernels implements LearnKernels {
    /** Kernels without state. */
    public ScalarLearnKernels() {
    }

    @Override
    public void walk(float left, float right, float bottom, float top, Sources sources) {
        Cells cells = sources.cells;
        int far = 0;
        int near = 0;
        int opened = 0;
        int block = 0;
        for (int next = 0; ; next++) {
            for (int i = 0; i < Cells.EACH; i++) {
                int c = Cells.EACH * block + i;
                float dx = positive(left - cells.x[c]) + positive(cells.x[c] - right);
                float dy = positive(bottom - cells.y[c]) + positive(cells.y[c] - top);
                if (cells.reach[c] < Math.fma(dx, dx, dy * dy)) {
                    sources.far[far++] = c;
                } else if ((cells.inner[block] >> i & 1) != 0) {
                    sources.open[opened++] = c;
                } else if ((cells.leaf[block] >> i & 1) != 0) {
                    sources.near[near++] = c;
                }
            }
            if (next == opened) {
                break;
            }
            block = cells.children[sources.open[next]];
        }
        sources.found(far, near);
    }

    /** v where it is above 0, else +0. */
    static float positive(float v) {
        int bits = Float.floatToRawIntBits(v);
        return Float.intBitsToFloat(bits & ~(bits >> 31));
    }

    @Override
    public void repel(float[] x, float[] y, int first, int own, Sources sources, float[] fx, float[] fy, float[] z) {
        for (int l = 0; l < GROUP; l++) {
            Push push = new Push(x[first + l], y[first + l]);
            for (int i = 0; i < sources.farCount; i++) {
                int c = sources.far[i];
                push.by(sources.cells.x[c], sources.cells.y[c], sources.cells.mass[c]);
            }
            for (int r = 0; r < sources.runs; r++) {
                for (int i = sources.from[r]; i < sources.to[r]; i++) {
                    push.by(x[i], y[i], 1);
                }
            }
            for (int i = 0; i < own; i++) {
                push.by(x[first + i], y[first + i], i == l ? 0 : 1);
            }
            fx[l] = push.fx;
            fy[l] = push.fy;
            z[l] = push.z;
        }
    }

    private static final class Push {
        private final float x;
        private final float y;
        private float fx;
        private float fy;
        private float z;

        Push(float x, float y) {
            this.x = x;
            this.y = y;
        }

        void by(float sx, float sy, float mass) {
            float dx = x - sx;
            float dy = y - sy;
            float q = 1 / Math.fma(dx, dx, Math.fma(dy, dy, 1));
            float mq = q * mass;
            z += mq;
            float mqq = mq * q;
            fx = Math.fma(mqq, dx, fx);
            fy = Math.fma(mqq, dy, fy);
        }
    }

    @Override
    public void attract(float[] x, float[] y, int from, int to, Affinity affinity, float[] fx, float[] fy) {
        float[] sx = new float[GROUP];
        float[] sy = new float[GROUP];
        for (int i = from; i < to; i++) {
            Arrays.fill(sx, 0);
            Arrays.fill(sy, 0);
            for (int k = affinity.start()[i], end = affinity.start()[i + 1], l = 0; k < end; k++, l = (l + 1) % GROUP) {
                float dx = x[affinity.column()[k]] - x[i];
                float dy = y[affinity.column()[k]] - y[i];
                float w = affinity.p()[k] / Math.fma(dx, dx, Math.fma(dy, dy, 1));
                sx[l] = Math.fma(w, dx, sx[l]);
                sy[l] = Math.fma(w, dy, sy[l]);
            }
            fx[i] = fold(sx);
            fy[i] = fold(sy);
        }
    }

    @Override
    public void dots(int m, int n, int d, float[] a, int ao, float[] b, int bo, float[] c, Workers workers) {
        workers.forEach(m, i -> {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < d; p++) {
                    sum = Math.fma(a[ao + i * d + p], b[bo + j * d + p], sum);
                }
                c[i * n + j] = sum;
            }
        });
    }

    @Override
    public void products(float[] x, int d, int[] row, int from, float[] b, int bo, float[] out) {
        for (int r = 0; r < ROWS; r++) {
            Arrays.fill(out, GROUP * r, GROUP * r + GROUP, 0);
            for (int p = 0; p < d; p++) {
                float v = x[row[from + r] * d + p];
                for (int j = 0; j < GROUP; j++) {
                    out[GROUP * r + j] = Math.fma(v, b[bo + GROUP * p + j], out[GROUP * r + j]);
                }
            }
        }
    }

    @Override
    public void squaredDistances(float[] a, int ao, float[] b, int[] row, int from, int to, int n, float[] out) {
        float[] lanes = new float[GROUP];
        for (int j = from; j < to; j++) {
            int bo = row[j] * n;
            float total = 0;
            for (int c = 0; c < n; c += Sums.CHUNK) {
                Arrays.fill(lanes, 0);
                for (int i = c; i < Math.min(n, c + Sums.CHUNK); i++) {
                    float d = a[ao + i] - b[bo + i];
                    lanes[i % GROUP] = Math.fma(d, d, lanes[i % GROUP]);
                }
                total += fold(lanes);
            }
            out[j] = total;
        }
    }

    @Override
    public int below(float bound, float[] norms, float[] dots, int at, int from, int to, int[] found) {
        int count = 0;
        for (int j = from; j < to; j++) {
            if (Math.fma(-2, dots[at + j - from], norms[j]) < bound) {
                found[count++] = j;
            }
        }
        return count;
    }

    private static float fold(float[] lanes) {
        for (int half = GROUP / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }
}
