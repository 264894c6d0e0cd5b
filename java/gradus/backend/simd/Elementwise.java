package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * Functions of one, two and three operands, element by element. Operands of one dense layout (batch-blocked ones with their padding) are one run; everything
 * else is a {@link Nest} of runs, in which an operand is walked with step 1, or stands still where it is broadcast.
 *
 * @param <T> float[] or double[]
 */
final class Elementwise<T> {
    /** Elements for which another thread is worth waking: cheap functions, and those that cost tens of instructions. */
    private static final int GRAIN = 1 << 15;
    private static final int DEAR_GRAIN = 1 << 12;
    /** Elements of a block over which short rows' operands are spread. */
    private static final int SPREAD = 1024;

    private final Backend backend;
    private final Results results;
    private final Kernels<T> kernels;
    private final Crew crew;

    Elementwise(Backend backend, Results results, Kernels<T> kernels, Crew crew) {
        this.backend = backend;
        this.results = results;
        this.kernels = kernels;
        this.crew = crew;
    }

    Tensor map(Function f, Tensor x) {
        if (!isDense(x)) {
            Tensor y = backend.contiguous(x);
            mapRun(f, y, y);
            return y;
        }
        Tensor y = results.like(x);
        mapRun(f, x, y);
        return y;
    }

    /** f over all elements of two dense tensors of one layout, which may be one tensor. */
    void mapRun(Function f, Tensor x, Tensor y) {
        int length = length(x);
        if (length == 0) {
            return;
        }
        T from = kernels.array(x);
        T to = kernels.array(y);
        int threads = crew.threads(length, DEAR_GRAIN);
        if (threads == 1) {
            kernels.map(f, from, x.offset(), to, y.offset(), length);
        } else {
            int piece = piece(length, threads);
            crew.each(threads, (length + piece - 1) / piece, i ->
                    kernels.map(f, from, x.offset() + i * piece, to, y.offset() + i * piece, Math.min(piece, length - i * piece)));
        }
    }

    Tensor zip(Zip f, Tensor a, Tensor b) {
        if (a.sameDenseLayout(b)) {
            Tensor y = results.like(a);
            zipRun(f, a, kernels.array(b), b.offset(), 1, y);
            return y;
        }
        if (b.size() == 1 && b.rank() <= a.rank() && isDense(a)) {
            Tensor y = results.like(a);
            zipRun(f, a, splat(b), 0, 0, y);
            return y;
        }
        Shape shape = Shape.broadcast(f.label(), a.shape(), b.shape());
        Tensor y = backend.allocate(kernels.dtype(), shape);
        nested(shape, y, new Runs<T>() {
            @Override
            public void run(T[] arrays, int[] at, int[] steps, T to, int toAt, int n) {
                kernels.zip(f, arrays[0], at[0], steps[0], arrays[1], at[1], steps[1], to, toAt, n);
            }
        }, a, b);
        return y;
    }

    Tensor zip(Zip f, Tensor a, double b) {
        T scalar = kernels.allocate(kernels.lanes);
        kernels.fill(scalar, 0, kernels.lanes, b);
        Tensor x = isDense(a) ? a : backend.contiguous(a);
        Tensor y = results.like(x);
        zipRun(f, x, scalar, 0, 0, y);
        if (x != a) {
            backend.release(x);
        }
        return y;
    }

    private void zipRun(Zip f, Tensor a, T b, int bo, int bs, Tensor y) {
        T from = kernels.array(a);
        T to = kernels.array(y);
        int ao = a.offset();
        int yo = y.offset();
        int length = length(a);
        int threads = crew.threads(length, f == Zip.INTEGER_POWER ? DEAR_GRAIN : GRAIN);
        if (threads == 1) {
            kernels.zip(f, from, ao, 1, b, bo, bs, to, yo, length);
        } else {
            int piece = piece(length, threads);
            crew.each(threads, (length + piece - 1) / piece, i -> {
                int at = i * piece;
                kernels.zip(f, from, ao + at, 1, b, bo + at * bs, bs, to, yo + at, Math.min(piece, length - at));
            });
        }
    }

    Tensor select(Tensor mask, Tensor a, Tensor b) {
        Shape shape = Shape.broadcast("select", Shape.broadcast("select", mask.shape(), a.shape()), b.shape());
        if (mask.batchBlock() > 0 && mask.sameDenseLayout(a) && mask.sameDenseLayout(b)) {
            Tensor y = results.like(mask);
            kernels.select(kernels.array(mask), mask.offset(), 1, kernels.array(a), a.offset(), 1, kernels.array(b), b.offset(), 1,
                    kernels.array(y), y.offset(), length(mask));
            return y;
        }
        Tensor y = backend.allocate(kernels.dtype(), shape);
        nested(shape, y, new Runs<T>() {
            @Override
            public void run(T[] arrays, int[] at, int[] steps, T to, int toAt, int n) {
                kernels.select(arrays[0], at[0], steps[0], arrays[1], at[1], steps[1], arrays[2], at[2], steps[2], to, toAt, n);
            }
        }, mask, a, b);
        return y;
    }

    /** One innermost loop over some operands. */
    private interface Runs<T> {
        void run(T[] arrays, int[] at, int[] steps, T to, int toAt, int n);
    }

    /** Goes through a row-major result in runs. An operand whose innermost step is neither 0 nor 1 is copied to row-major order first. */
    private void nested(Shape shape, Tensor y, Runs<T> body, Tensor... operands) {
        if (shape.size() == 0) {
            return;
        }
        Tensor[] given = operands.clone();
        for (int t = 0; t < operands.length; t++) {
            operands[t] = given[t].batchBlock() > 0 ? backend.contiguous(given[t]) : given[t];
        }
        Nest nest = nest(shape, operands);
        for (int t = 0; t < operands.length; t++) {
            if (nest.innerStep(t) != 0 && nest.innerStep(t) != 1) {
                operands[t] = backend.contiguous(operands[t]);
            }
        }
        nest = nest(shape, operands);
        Nest loops = nest;
        int runs = nest.runs();
        int threads = Math.min(runs, crew.threads(shape.size(), GRAIN));
        boolean spreads = spreads(loops, operands.length);
        crew.each(threads, threads, task -> {
            int from = (int) ((long) task * runs / threads);
            int to = (int) ((task + 1L) * runs / threads);
            if (spreads) {
                shortRuns(loops, body, operands, y, from, to);
            } else {
                runs(loops, body, operands, y, from, to);
            }
        });
        for (int t = 0; t < operands.length; t++) {
            if (operands[t] != given[t]) {
                backend.release(operands[t]);
            }
        }
    }

    private static Nest nest(Shape shape, Tensor[] operands) {
        int[][] strides = new int[operands.length][];
        for (int t = 0; t < operands.length; t++) {
            strides[t] = Nest.strides(operands[t], shape);
        }
        return Nest.of(shape.dims(), strides);
    }

    @SuppressWarnings("unchecked")
    private void runs(Nest nest, Runs<T> body, Tensor[] operands, Tensor y, int from, int to) {
        int count = operands.length;
        T[] sources = (T[]) new Object[count];
        T[] arrays = (T[]) new Object[count];
        int[] at = new int[count];
        int[] steps = new int[count];
        int[] starts = new int[count];
        for (int t = 0; t < count; t++) {
            sources[t] = kernels.array(operands[t]);
            steps[t] = nest.innerStep(t);
            starts[t] = operands[t].offset();
            arrays[t] = steps[t] == 0 ? kernels.allocate(kernels.lanes) : sources[t];
        }
        T result = kernels.array(y);
        int n = nest.inner();
        Nest.Walk walk = nest.walk(from, starts);
        for (int run = from; run < to; run++, walk.next()) {
            for (int t = 0; t < count; t++) {
                if (steps[t] == 0) {
                    kernels.splat(sources[t], walk.place[t], arrays[t]);
                } else {
                    at[t] = walk.place[t];
                }
            }
            body.run(arrays, at, steps, result, y.offset() + run * n, n);
        }
    }

    /** Whether the runs are short rows of a matrix and every operand has all of their elements side by side, or one for each. */
    private boolean spreads(Nest nest, int operands) {
        boolean so = nest.extents.length == 2 && nest.inner() < 2 * kernels.lanes && nest.runs() > 1;
        for (int t = 0; so && t < operands; t++) {
            so = nest.innerStep(t) == 0 || nest.steps[t][0] == nest.inner();
        }
        return so;
    }

    /**
     * Short rows, many in one run: what is one element a row is spread over a block first. (The ten passes of log-softmax over 11,385 rows of five took 3.4 ms
     * row by row.)
     */
    @SuppressWarnings("unchecked")
    private void shortRuns(Nest nest, Runs<T> body, Tensor[] operands, Tensor y, int from, int to) {
        int count = operands.length;
        int n = nest.inner();
        int together = Math.min(to - from, SPREAD / n);
        T[] arrays = (T[]) new Object[count];
        int[] at = new int[count];
        int[] steps = new int[count];
        for (int t = 0; t < count; t++) {
            steps[t] = 1;
            arrays[t] = nest.innerStep(t) == 0 ? kernels.allocate(together * n) : kernels.array(operands[t]);
        }
        for (int run = from; run < to; run += together) {
            int rows = Math.min(together, to - run);
            for (int t = 0; t < count; t++) {
                int place = operands[t].offset() + run * nest.steps[t][0];
                if (nest.innerStep(t) == 0) {
                    kernels.spread(kernels.array(operands[t]), place, nest.steps[t][0], rows, n, arrays[t], 0);
                } else {
                    at[t] = place;
                }
            }
            body.run(arrays, at, steps, kernels.array(y), y.offset() + run * n, rows * n);
        }
    }

    private T splat(Tensor scalar) {
        T copies = kernels.allocate(kernels.lanes);
        kernels.splat(kernels.array(scalar), scalar.offset(), copies);
        return copies;
    }

    private int piece(int length, int threads) {
        int vectors = (length + kernels.lanes - 1) / kernels.lanes;
        return (vectors + threads - 1) / threads * kernels.lanes;
    }

    /** Whether the elements fill a run without gaps, padding of blocks counted in. */
    static boolean isDense(Tensor t) {
        return t.batchBlock() > 0 || t.isContiguous();
    }

    /** Elements of a dense tensor's run. */
    static int length(Tensor t) {
        return t.batchBlock() > 0 ? (int) Tensor.blockedLength(t.shape(), t.batchBlock()) : t.size();
    }
}
