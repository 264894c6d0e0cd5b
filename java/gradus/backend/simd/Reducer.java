package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ReduceShape;
import gradus.backend.Reduction;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * Folds over axes, in the order of {@link Reduction}.
 *
 * <p>Three ways: along memory when the folded elements of a result lie side by side; across it when the kept ones do (the gradient of a bias), with vectors
 * over the kept ones; else the terms of each result are gathered, a chunk at a time. Chunks are what threads share: their results go to slots that are
 * folded in order.
 *
 * @param <T> float[] or double[]
 */
final class Reducer<T> {
    private static final int GRAIN = 1 << 15;
    /** Columns whose lanes fit the first-level cache. */
    private static final int STRIP = 256;
    private static final int CHUNK = Kernels.CHUNK;

    private final Backend backend;
    private final Kernels<T> kernels;
    /** A strip of columns for each virtual lane; one a thread, so that folding leaves no garbage. */
    private final ThreadLocal<T> columnLanes;
    private final Crew crew;

    Reducer(Backend backend, Kernels<T> kernels, Crew crew) {
        this.backend = backend;
        this.kernels = kernels;
        this.columnLanes = ThreadLocal.withInitial(() -> kernels.allocate(Kernels.VIRTUAL_LANES * STRIP));
        this.crew = crew;
    }

    Tensor reduce(Reduction r, Tensor x, int... axes) {
        boolean[] folded = ReduceShape.folded(x.shape(), axes);
        Tensor result = backend.allocate(x.dtype(), ReduceShape.kept(x.shape(), folded));
        if (result.size() == 0) {
            return result;
        }
        if (x.size() == 0) {
            kernels.foldParts(r, kernels.array(x), 0, 0, kernels.array(result), result.offset());
            backend.fill(result, result.get(new int[result.rank()]));
            return result;
        }
        Tensor strided = x.batchBlock() > 0 ? backend.contiguous(x) : x;
        int terms = x.size() / result.size();
        if (x.isContiguous() && neighbours(x.shape(), folded)) {
            int inner = extentAfter(x.shape(), folded);
            Nest kept = Nest.ofRuns(result.size() / inner, terms * inner, inner);
            if (inner > 1) {
                across(r, strided, kept, inner, terms, result);
            } else {
                along(r, strided, kept, terms, result);
            }
            return result;
        }
        Nest over = nest(strided, folded, true);
        Nest kept = nest(strided, folded, false);
        boolean single = over.extents.length == 1;
        if (single && kept.innerStep(0) == 1 && (over.innerStep(0) != 1 || terms == 1)) {
            across(r, strided, kept, over.innerStep(0), terms, result);
        } else if (single && (over.innerStep(0) == 1 || terms == 1)) {
            along(r, strided, kept, terms, result);
        } else {
            gathered(r, strided, kept, over, terms, result);
        }
        if (strided != x) {
            backend.release(strided);
        }
        return result;
    }

    /** Whether no kept axis of more than one element lies between two folded ones. */
    private static boolean neighbours(Shape shape, boolean[] folded) {
        int state = 0;
        for (int axis = 0; axis < folded.length; axis++) {
            if (shape.dim(axis) != 1) {
                state = folded[axis] ? state == 0 ? 1 : state : state == 1 ? 2 : state;
                if (folded[axis] && state == 2) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The product of the kept extents behind the last folded axis of more than one element. */
    private static int extentAfter(Shape shape, boolean[] folded) {
        int extent = 1;
        for (int axis = folded.length - 1; axis >= 0 && !(folded[axis] && shape.dim(axis) != 1); axis--) {
            extent *= shape.dim(axis);
        }
        return extent;
    }

    /** The loops over the folded axes, or over the kept ones. */
    private static Nest nest(Tensor x, boolean[] folded, boolean wanted) {
        int[] dims = x.shape().dims();
        for (int axis = 0; axis < dims.length; axis++) {
            if (folded[axis] != wanted) {
                dims[axis] = 1;
            }
        }
        return Nest.of(dims, Nest.strides(x, x.shape()));
    }

    private void along(Reduction r, Tensor x, Nest kept, int terms, Tensor result) {
        T from = kernels.array(x);
        T to = kernels.array(result);
        int chunks = chunks(terms);
        int outputs = result.size();
        int threads = crew.threads(x.size(), GRAIN);
        if (outputs < threads && chunks > 1) {
            T parts = kernels.allocate(chunks);
            Nest.Walk walk = kept.walk(0, x.offset());
            for (int i = 0; i < outputs; i++) {
                int start = place(kept, walk, i);
                crew.each(threads, chunks, c -> kernels.fold(r, from, start + c * CHUNK, Math.min(CHUNK, terms - c * CHUNK), parts, c));
                kernels.foldParts(r, parts, 0, chunks, to, result.offset() + i);
            }
            return;
        }
        int tasks = Math.min(threads, outputs);
        if (terms < Kernels.VIRTUAL_LANES && kept.extents.length == 1) {
            int step = kept.innerStep(0);
            crew.each(tasks, tasks, task -> {
                int first = (int) ((long) task * outputs / tasks);
                int last = (int) ((task + 1L) * outputs / tasks);
                kernels.foldRows(r, from, x.offset() + first * step, step, last - first, terms, to, result.offset() + first);
            });
            return;
        }
        crew.each(tasks, tasks, task -> {
            int first = (int) ((long) task * outputs / tasks);
            int last = (int) ((task + 1L) * outputs / tasks);
            T parts = kernels.allocate(chunks);
            int inner = kept.inner();
            Nest.Walk walk = kept.walk(first / inner, x.offset());
            for (int i = first; i < last; i++) {
                int start = place(kept, walk, i);
                for (int c = 0; c < chunks; c++) {
                    kernels.fold(r, from, start + c * CHUNK, Math.min(CHUNK, terms - c * CHUNK), parts, c);
                }
                kernels.foldParts(r, parts, 0, chunks, to, result.offset() + i);
            }
        });
    }

    /** The place of output i; moves the walk on behind the last output of its run. */
    private static int place(Nest kept, Nest.Walk walk, int i) {
        int inner = kept.inner();
        int at = walk.place[0] + i % inner * kept.innerStep(0);
        if (i % inner == inner - 1) {
            walk.next();
        }
        return at;
    }

    private void across(Reduction r, Tensor x, Nest kept, int step, int rows, Tensor result) {
        T from = kernels.array(x);
        T to = kernels.array(result);
        int n = kept.inner();
        int chunks = chunks(rows);
        int strips = (n + STRIP - 1) / STRIP;
        int threads = crew.threads(x.size(), GRAIN);
        T parts = chunks == 1 ? to : kernels.allocate(chunks * n);
        Nest.Walk walk = kept.walk(0, x.offset());
        for (int run = 0; run < kept.runs(); run++, walk.next()) {
            int start = walk.place[0];
            int out = result.offset() + run * n;
            crew.each(threads, chunks * strips, task -> {
                int c = task / strips;
                int j = task % strips * STRIP;
                int width = Math.min(STRIP, n - j);
                kernels.foldColumns(r, from, start + c * CHUNK * step + j, step, Math.min(CHUNK, rows - c * CHUNK), width, columnLanes.get(),
                        parts, (chunks == 1 ? out : c * n) + j);
            });
            if (chunks > 1) {
                kernels.foldPartsOfColumns(r, parts, 0, chunks, n, to, out);
            }
        }
    }

    private void gathered(Reduction r, Tensor x, Nest kept, Nest over, int terms, Tensor result) {
        T from = kernels.array(x);
        T to = kernels.array(result);
        int outputs = result.size();
        int chunks = chunks(terms);
        int tasks = Math.min(outputs, crew.threads(x.size(), GRAIN));
        crew.each(tasks, tasks, task -> {
            int first = (int) ((long) task * outputs / tasks);
            int last = (int) ((task + 1L) * outputs / tasks);
            T parts = kernels.allocate(chunks);
            T chunk = kernels.allocate(Math.min(CHUNK, terms));
            Nest.Walk walk = kept.walk(first / kept.inner(), x.offset());
            for (int i = first; i < last; i++) {
                gather(r, from, place(kept, walk, i), over, terms, chunk, parts);
                kernels.foldParts(r, parts, 0, chunks, to, result.offset() + i);
            }
        });
    }

    private void gather(Reduction r, T from, int start, Nest over, int terms, T chunk, T parts) {
        Nest.Walk walk = over.walk(0, start);
        int inner = over.inner();
        int step = over.innerStep(0);
        int inRun = 0;
        for (int done = 0, c = 0; done < terms; c++) {
            int wanted = Math.min(CHUNK, terms - done);
            for (int have = 0; have < wanted; ) {
                int count = Math.min(inner - inRun, wanted - have);
                kernels.copy(from, walk.place[0] + inRun * step, step, chunk, have, 1, count);
                have += count;
                inRun += count;
                if (inRun == inner) {
                    walk.next();
                    inRun = 0;
                }
            }
            kernels.fold(r, chunk, 0, wanted, parts, c);
            done += wanted;
        }
    }

    private static int chunks(int terms) {
        return (terms + CHUNK - 1) / CHUNK;
    }
}
