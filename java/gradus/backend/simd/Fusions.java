package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Fusion;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Optional;

/**
 * Compositions carried out block by block: the same passes in the same order, hence the same bits, each block's in the first-level cache and without tensors in between.
 *
 * @param <T> float[] or double[]
 */
final class Fusions<T> {
    private static final int CHUNK = Kernels.CHUNK;
    /** Elements of a block of rows. */
    private static final int BLOCK = 1024;
    private static final int GRAIN = 1 << 15;
    private static final int DEAR_GRAIN = 1 << 12;
    private static final boolean WIDE = Lanes.FLOAT.vectorBitSize() >= 256;

    private final Backend backend;
    private final Results results;
    private final Kernels<T> kernels;
    private final Crew crew;
    private final ThreadLocal<T> scratch;

    Fusions(Backend backend, Results results, Kernels<T> kernels, Crew crew) {
        this.backend = backend;
        this.results = results;
        this.kernels = kernels;
        this.crew = crew;
        this.scratch = ThreadLocal.withInitial(() -> kernels.allocate(4 * BLOCK));
    }

    /** See {@link Backend#fused}. */
    Optional<Tensor> of(Fusion fusion, Tensor... operands) {
        for (Tensor t : operands) {
            if (t.size() == 0 || !Elementwise.isDense(t) || t.batchBlock() > 0 && fusion != Fusion.MEAN_SQUARED_ERROR) {
                return Optional.empty();
            }
        }
        return switch (fusion) {
            case MEAN_SQUARED_ERROR -> Optional.of(meanSquaredErrorOf(operands[0], operands[1]));
            case LOG_SOFTMAX -> operands[0].dim(-1) < Kernels.VIRTUAL_LANES ? Optional.of(logSoftmax(operands[0])) : Optional.empty();
            case SOFTMAX, BINARY_CROSS_ENTROPY -> Optional.empty();
        };
    }

    /** The sum's order is row-major, so images in blocks are copied first: less work than to take differences across two layouts. */
    private Tensor meanSquaredErrorOf(Tensor x, Tensor target) {
        Tensor a = backend.contiguous(x);
        Tensor b = backend.contiguous(target);
        Tensor mean = meanSquaredError(a, b);
        done(a, x);
        done(b, target);
        return mean;
    }

    private void done(Tensor arranged, Tensor given) {
        if (arranged != given) {
            backend.release(arranged);
        }
    }

    private Tensor meanSquaredError(Tensor x, Tensor target) {
        T a = kernels.array(x);
        T b = kernels.array(target);
        int size = x.size();
        int chunks = (size - 1) / CHUNK + 1;
        T parts = kernels.allocate(chunks);
        crew.each(crew.threads(size, GRAIN), chunks, chunk -> {
            int from = chunk * CHUNK;
            int n = Math.min(CHUNK, size - from);
            if (WIDE) {
                kernels.squaredDistance(a, x.offset() + from, b, target.offset() + from, n, parts, chunk);
            } else {
                T difference = scratch.get();
                kernels.zip(Zip.SUBTRACT, a, x.offset() + from, 1, b, target.offset() + from, 1, difference, 0, n);
                kernels.fold(Reduction.SUM_OF_SQUARES, difference, 0, n, parts, chunk);
            }
        });
        Tensor sum = backend.allocate(x.dtype(), Shape.SCALAR);
        kernels.foldParts(Reduction.SUM_OF_SQUARES, parts, 0, chunks, kernels.array(sum), sum.offset());
        Tensor mean = backend.zip(Zip.DIVIDE, sum, size);
        backend.release(sum);
        return mean;
    }

    /** See {@link Backend#squaresGradient}. */
    Optional<Tensor> squaresGradient(Tensor x, Tensor target, Tensor c, boolean throughSigmoid) {
        if (x.size() == 0 || !Elementwise.isDense(x) || !x.shape().equals(target.shape())) {
            return Optional.empty();
        }
        Tensor t = target;
        if (!x.sameDenseLayout(target)) {
            t = results.like(x);
            backend.copy(target, t);
        }
        Tensor y = results.like(x);
        squaresGradient(x, t, c, throughSigmoid, y);
        done(t, target);
        return Optional.of(y);
    }

    private void squaresGradient(Tensor x, Tensor target, Tensor c, boolean throughSigmoid, Tensor y) {
        T from = kernels.array(x);
        T wanted = kernels.array(target);
        T scale = kernels.array(c);
        T to = kernels.array(y);
        int size = Elementwise.length(x);
        int threads = crew.threads(size, GRAIN);
        int piece = (size / threads + CHUNK) / CHUNK * CHUNK;
        crew.each(threads, (size + piece - 1) / piece, i -> kernels.squaresGradient(from, x.offset() + i * piece, wanted, target.offset() + i * piece,
                scale, c.offset(), throughSigmoid, to, y.offset() + i * piece, Math.min(piece, size - i * piece)));
    }

    /** Of rows shorter than the virtual lanes of a sum, as a classifier's are. */
    private Tensor logSoftmax(Tensor x) {
        Tensor y = backend.allocate(x.dtype(), x.shape());
        int n = x.dim(-1);
        int rows = x.size() / n;
        int together = BLOCK / n;
        crew.each(crew.threads(x.size(), DEAR_GRAIN), (rows + together - 1) / together, block -> {
            int first = block * together;
            logSoftmax(kernels.array(x), x.offset() + first * n, Math.min(together, rows - first), n, kernels.array(y), y.offset() + first * n);
        });
        return y;
    }

    private void logSoftmax(T x, int xo, int rows, int n, T y, int yo) {
        T s = scratch.get();
        int e = BLOCK;
        int spread = 2 * BLOCK;
        int row = 3 * BLOCK;
        int size = rows * n;
        kernels.foldRows(Reduction.MAX, x, xo, n, rows, n, s, row);
        kernels.spread(s, row, 1, rows, n, s, spread);
        kernels.zip(Zip.SUBTRACT, x, xo, 1, s, spread, 1, s, 0, size);
        kernels.map(Function.EXP, s, 0, s, e, size);
        kernels.foldRows(Reduction.SUM, s, e, n, rows, n, s, row);
        kernels.map(Function.LOG, s, row, s, row, rows);
        kernels.spread(s, row, 1, rows, n, s, spread);
        kernels.zip(Zip.SUBTRACT, s, 0, 1, s, spread, 1, y, yo, size);
    }

    /** See {@link Backend#logLikelihoodGradient}; of rows shorter than the virtual lanes of a sum. */
    Optional<Tensor> logLikelihoodGradient(Tensor l, Tensor t, Tensor c) {
        int n = l.dim(-1);
        if (l.size() == 0 || n >= Kernels.VIRTUAL_LANES || !l.isContiguous() || !t.isContiguous() || !t.shape().equals(l.shape())) {
            return Optional.empty();
        }
        Tensor y = backend.allocate(l.dtype(), l.shape());
        T copies = kernels.allocate(kernels.lanes);
        kernels.splat(kernels.array(c), c.offset(), copies);
        int rows = l.size() / n;
        int together = BLOCK / n;
        crew.each(crew.threads(l.size(), DEAR_GRAIN), (rows + together - 1) / together, block -> {
            int first = block * together;
            logLikelihoodGradient(kernels.array(l), l.offset() + first * n, kernels.array(t), t.offset() + first * n, copies, Math.min(together, rows - first), n,
                    kernels.array(y), y.offset() + first * n);
        });
        return Optional.of(y);
    }

    private void logLikelihoodGradient(T l, int lo, T t, int to, T c, int rows, int n, T y, int yo) {
        T s = scratch.get();
        int e = BLOCK;
        int spread = 2 * BLOCK;
        int row = 3 * BLOCK;
        int size = rows * n;
        kernels.zip(Zip.MULTIPLY, t, to, 1, c, 0, 0, s, 0, size);
        kernels.foldRows(Reduction.SUM, s, 0, n, rows, n, s, row);
        kernels.spread(s, row, 1, rows, n, s, spread);
        kernels.map(Function.EXP, l, lo, s, e, size);
        // Over the rows' sums, which were spread.
        kernels.zip(Zip.MULTIPLY, s, e, 1, s, spread, 1, s, row, size);
        kernels.zip(Zip.SUBTRACT, s, 0, 1, s, row, 1, y, yo, size);
    }
}
