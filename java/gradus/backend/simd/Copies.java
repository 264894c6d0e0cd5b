package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.tensor.Tensor;

/**
 * Copies between layouts. Where one side runs along an axis on which the other jumps, blocks are transposed in registers.
 *
 * @param <T> float[] or double[]
 */
final class Copies<T> {
    private static final int GRAIN = 1 << 15;

    private final Backend backend;
    private final Kernels<T> kernels;
    private final Crew crew;

    Copies(Backend backend, Kernels<T> kernels, Crew crew) {
        this.backend = backend;
        this.kernels = kernels;
        this.crew = crew;
    }

    void copy(Tensor source, Tensor target) {
        if (source.size() == 0) {
            return;
        }
        if (source.batchBlock() > 0 || target.batchBlock() > 0) {
            copyBlocked(source, target);
        } else {
            copyStrided(source, target);
        }
    }

    private void copyStrided(Tensor source, Tensor target) {
        T x = kernels.array(source);
        T y = kernels.array(target);
        int threads = crew.threads(source.size(), GRAIN);
        if (threads == 1 && source.isContiguous() && target.isContiguous()) {
            kernels.copy(x, source.offset(), 1, y, target.offset(), 1, source.size());
            return;
        }
        Nest nest = Nest.of(source.shape().dims(), Nest.strides(source, source.shape()), Nest.strides(target, source.shape()));
        int n = nest.inner();
        int loops = nest.extents.length;
        // Source and target run along different axes: exchange the last two loops block by block.
        boolean crossed = loops >= 2 && nest.innerStep(1) == 1 && nest.steps[0][loops - 2] == 1 && nest.extents[loops - 2] >= 8 && n >= 8;
        int rows = crossed ? nest.extents[loops - 2] : 1;
        int runs = nest.runs() / rows;
        int tasks = Math.min(runs, threads);
        crew.each(tasks, tasks, task -> {
            int from = (int) ((long) task * runs / tasks);
            int to = (int) ((task + 1L) * runs / tasks);
            Nest.Walk walk = nest.walk(from * rows, source.offset(), target.offset());
            for (int run = from; run < to; run++) {
                if (crossed) {
                    kernels.transpose(rows, n, x, walk.place[0], 1, nest.innerStep(0), y, walk.place[1], nest.steps[1][loops - 2]);
                } else {
                    kernels.copy(x, walk.place[0], nest.innerStep(0), y, walk.place[1], nest.innerStep(1), n);
                }
                for (int row = 0; row < rows; row++) {
                    walk.next();
                }
            }
        });
    }

    private void copyBlocked(Tensor source, Tensor target) {
        if (source.sameDenseLayout(target)) {
            kernels.copy(kernels.array(source), source.offset(), 1, kernels.array(target), target.offset(), 1, Elementwise.length(source));
        } else if (source.batchBlock() > 0 && target.isContiguous()) {
            unblock(source, target);
        } else if (target.batchBlock() > 0 && source.isContiguous()) {
            block(source, target);
        } else {
            // Through row-major order on the way.
            Tensor between = backend.allocate(source.dtype(), source.shape());
            copy(source, between);
            copy(between, target);
            backend.release(between);
        }
    }

    private void unblock(Tensor source, Tensor target) {
        int b = source.batchBlock();
        int samples = source.dim(0);
        int sample = source.size() / samples;
        T x = kernels.array(source);
        T y = kernels.array(target);
        crew.each(crew.threads(source.size(), GRAIN), (samples + b - 1) / b, block ->
                kernels.transpose(Math.min(b, samples - block * b), sample, x, source.offset() + block * b * sample, 1, b,
                        y, target.offset() + block * b * sample, sample));
    }

    private void block(Tensor source, Tensor target) {
        int b = target.batchBlock();
        int samples = source.dim(0);
        int sample = source.size() / samples;
        T x = kernels.array(source);
        T y = kernels.array(target);
        crew.each(crew.threads(source.size(), GRAIN), (samples + b - 1) / b, block ->
                kernels.transpose(sample, Math.min(b, samples - block * b), x, source.offset() + block * b * sample, 1, sample,
                        y, target.offset() + block * b * sample, b));
    }

    void fill(Tensor target, double value) {
        if (target.size() == 0) {
            return;
        }
        T y = kernels.array(target);
        if (Elementwise.isDense(target)) {
            kernels.fill(y, target.offset(), Elementwise.length(target), value);
            return;
        }
        T one = kernels.allocate(1);
        kernels.fill(one, 0, 1, value);
        Nest nest = Nest.of(target.shape().dims(), Nest.strides(target, target.shape()));
        Nest.Walk walk = nest.walk(0, target.offset());
        for (int run = nest.runs(); run > 0; run--, walk.next()) {
            kernels.copy(one, 0, 0, y, walk.place[0], nest.innerStep(0), nest.inner());
        }
    }

}
