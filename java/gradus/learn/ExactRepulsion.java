package gradus.learn;

import gradus.backend.Workers;
import gradus.numerics.Sums;

/** Repulsion over all n² pairs: for checking, and for few points. Sources come in chunks of 4096 whose sums are added in order. */
final class ExactRepulsion implements Repulsion {
    private static final int GROUP = LearnKernels.GROUP;

    private final int n;
    private final LearnKernels kernels;
    private final float[] x;
    private final float[] y;
    private final double[] z;

    ExactRepulsion(int n, LearnKernels kernels) {
        int padded = (n + GROUP - 1) / GROUP * GROUP;
        this.n = n;
        this.kernels = kernels;
        this.x = new float[padded];
        this.y = new float[padded];
        this.z = new double[padded];
    }

    @Override
    public void prepare(float[] px, float[] py) {
        for (int i = 0; i < x.length; i++) {
            x[i] = px[Math.min(i, n - 1)];
            y[i] = py[Math.min(i, n - 1)];
        }
    }

    @Override
    public double push(float[] fx, float[] fy, Workers workers) {
        workers.forEach(x.length / GROUP, g -> group(g * GROUP, fx, fy));
        return Sums.sum(z, 0, 1, n);
    }

    private void group(int first, float[] fx, float[] fy) {
        int own = Math.min(GROUP, n - first);
        double[] sums = new double[2 * GROUP];
        float[] gx = new float[GROUP];
        float[] gy = new float[GROUP];
        float[] gz = new float[GROUP];
        java.util.Arrays.fill(z, first, first + GROUP, 0);
        Sources sources = new Sources(new Cells());
        for (int from = 0; from < n; from += Sums.CHUNK) {
            int to = Math.min(n, from + Sums.CHUNK);
            boolean mine = first >= from && first < to;
            sources.runs = 0;
            sources.add(from, mine ? first : to);
            sources.add(mine ? first + own : to, to);
            // The group lies in one chunk, which a multiple of 16 divides, and meets itself there.
            kernels.repel(x, y, first, mine ? own : 0, sources, gx, gy, gz);
            for (int l = 0; l < GROUP; l++) {
                sums[l] += gx[l];
                sums[GROUP + l] += gy[l];
                z[first + l] += gz[l];
            }
        }
        for (int l = 0; l < own; l++) {
            fx[first + l] = (float) sums[l];
            fy[first + l] = (float) sums[GROUP + l];
        }
    }
}
