package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.MatmulShape;
import gradus.backend.Pool;
import gradus.backend.ReduceShape;
import gradus.backend.Reduction;
import gradus.backend.Workers;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.Function;
import gradus.numerics.VectorFunctions;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/**
 * The backend {@code cpu}: vector kernels on all threads, with the bits of {@link ScalarBackend}. Layouts for which there is no kernel are made dense
 * first, or go to the scalar loops.
 */
public final class SimdBackend implements Backend {
    /** Elements below which a second thread costs more than it brings. */
    private static final int SPLIT = 1 << 15;
    /** Elements that one thread takes at a time. */
    private static final int PIECE = 1 << 13;

    private final Pool pool = new Pool();
    private final Workers workers;
    private final ScalarBackend scalar = new ScalarBackend(pool);

    /** A backend with so many threads. */
    public SimdBackend(int threads) {
        workers = new Workers(threads);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu, " + Lanes.description() + ", " + workers.threads() + (workers.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Tensor allocate(DType dtype, Shape shape) {
        return pool.allocate(dtype, shape);
    }

    @Override
    public void release(Tensor tensor) {
        pool.release(tensor.storage());
    }

    @Override
    public Tensor upload(Tensor host) {
        return host;
    }

    @Override
    public Tensor download(Tensor tensor) {
        return tensor.isContiguous() ? tensor : tensor.copy();
    }

    @Override
    public Convolutions convolutions() {
        return scalar.convolutions();
    }

    /** Something done to the elements from … from + count of dense operands. */
    private interface Piece {
        void run(int from, int count);
    }

    private void overPieces(int size, Piece piece) {
        if (size == 0) {
            return;
        }
        if (size < SPLIT || workers.threads() == 1) {
            piece.run(0, size);
            return;
        }
        workers.forEach((size + PIECE - 1) / PIECE, i -> piece.run(i * PIECE, Math.min(PIECE, size - i * PIECE)));
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        if (!source.shape().equals(target.shape()) || source.dtype() != target.dtype()) {
            throw new ShapeException("copy: source " + source + " does not fit target " + target);
        }
        if (source.isContiguous() && target.isContiguous()) {
            System.arraycopy(array(source), source.offset(), array(target), target.offset(), source.size());
        } else if (!Transposition.copy(source, target)) {
            scalar.copy(source, target);
        }
    }

    private static Object array(Tensor t) {
        return t.dtype() == DType.FLOAT32 ? t.floats() : t.doubles();
    }

    @Override
    public void fill(Tensor target, double value) {
        if (!target.isContiguous()) {
            scalar.fill(target, value);
        } else if (target.dtype() == DType.FLOAT32) {
            java.util.Arrays.fill(target.floats(), target.offset(), target.offset() + target.size(), (float) value);
        } else {
            java.util.Arrays.fill(target.doubles(), target.offset(), target.offset() + target.size(), value);
        }
    }

    /** A result with the dense layout of x. */
    private Tensor like(Tensor x) {
        return x.batchBlock() > 0
                ? Tensor.batchBlocked(pool.storage(x.dtype(), length(x)), x.shape(), x.batchBlock())
                : allocate(x.dtype(), x.shape());
    }

    /** Elements of a dense tensor in memory, padding included. */
    private static int length(Tensor x) {
        return x.batchBlock() > 0 ? (int) Tensor.blockedLength(x.shape(), x.batchBlock()) : x.size();
    }

    private static boolean isDense(Tensor x) {
        return x.batchBlock() > 0 || x.isContiguous();
    }

    @Override
    public Tensor map(Function f, Tensor x) {
        Tensor dense = isDense(x) ? x : contiguous(x);
        Tensor y = like(dense);
        if (x.dtype() == DType.FLOAT32) {
            overPieces(length(dense), (from, count) -> VectorFunctions.apply(f, dense.floats(), dense.offset() + from, y.floats(), y.offset() + from, count));
        } else {
            overPieces(length(dense), (from, count) -> {
                for (int i = from; i < from + count; i++) {
                    y.doubles()[y.offset() + i] = f.apply(dense.doubles()[dense.offset() + i]);
                }
            });
        }
        if (dense != x) {
            release(dense);
        }
        return y;
    }

    @Override
    public Tensor zip(Zip f, Tensor a, Tensor b) {
        if (isDense(a) && a.sameDenseLayout(b)) {
            return pairs(f, a, b);
        }
        if (b.size() == 1 && isDense(a) && b.rank() <= a.rank()) {
            return zip(f, a, b.item());
        }
        if (a.isContiguous() && b.isContiguous()) {
            Shape shape = Shape.broadcast(f.label(), a.shape(), b.shape());
            if (a.shape().equals(shape) && (isRow(b, shape) || isColumn(b, shape))) {
                return rows(f, a, b, isRow(b, shape));
            }
        }
        return scalar.zip(f, a, b);
    }

    /** Whether b is one row that is repeated over all rows of the shape. */
    private static boolean isRow(Tensor b, Shape shape) {
        return shape.rank() >= 1 && b.rank() >= 1 && b.dim(-1) == shape.dim(-1) && b.size() == b.dim(-1);
    }

    /** Whether b is one element for each row of the shape. */
    private static boolean isColumn(Tensor b, Shape shape) {
        return shape.rank() >= 1 && b.rank() == shape.rank() && b.dim(-1) == 1 && b.size() * shape.dim(-1) == shape.size();
    }

    private Tensor pairs(Zip f, Tensor a, Tensor b) {
        if (a.dtype() != b.dtype()) {
            throw new ShapeException(f.label() + ": operands are " + a + " and " + b + "; convert one of them");
        }
        Tensor y = like(a);
        if (a.dtype() == DType.FLOAT32) {
            overPieces(length(a), (from, count) -> FloatPairs.pairs(f, a.floats(), a.offset() + from, b.floats(), b.offset() + from, y.floats(), y.offset() + from, count));
        } else {
            overPieces(length(a), (from, count) -> DoublePairs.pairs(f, a.doubles(), a.offset() + from, b.doubles(), b.offset() + from, y.doubles(), y.offset() + from, count));
        }
        return y;
    }

    private Tensor rows(Zip f, Tensor a, Tensor b, boolean row) {
        Tensor y = allocate(a.dtype(), a.shape());
        int n = a.dim(-1);
        int rows = n == 0 ? 0 : a.size() / n;
        int together = Math.max(1, PIECE / Math.max(1, n));
        Piece some = (first, count) -> {
            for (int r = first; r < first + count; r++) {
                row(f, a, b, row, y, r, n);
            }
        };
        if (a.size() < SPLIT || workers.threads() == 1) {
            some.run(0, rows);
        } else {
            workers.forEach((rows + together - 1) / together, i -> some.run(i * together, Math.min(together, rows - i * together)));
        }
        return y;
    }

    private static void row(Zip f, Tensor a, Tensor b, boolean row, Tensor y, int r, int n) {
        if (a.dtype() == DType.FLOAT32 && row) {
            FloatPairs.pairs(f, a.floats(), a.offset() + r * n, b.floats(), b.offset(), y.floats(), y.offset() + r * n, n);
        } else if (a.dtype() == DType.FLOAT32) {
            FloatPairs.scalar(f, a.floats(), a.offset() + r * n, b.floats()[b.offset() + r], y.floats(), y.offset() + r * n, n);
        } else if (row) {
            DoublePairs.pairs(f, a.doubles(), a.offset() + r * n, b.doubles(), b.offset(), y.doubles(), y.offset() + r * n, n);
        } else {
            DoublePairs.scalar(f, a.doubles(), a.offset() + r * n, b.doubles()[b.offset() + r], y.doubles(), y.offset() + r * n, n);
        }
    }

    @Override
    public Tensor zip(Zip f, Tensor a, double b) {
        Tensor dense = isDense(a) ? a : contiguous(a);
        Tensor y = like(dense);
        if (a.dtype() == DType.FLOAT32) {
            overPieces(length(dense), (from, count) -> FloatPairs.scalar(f, dense.floats(), dense.offset() + from, (float) b, y.floats(), y.offset() + from, count));
        } else {
            overPieces(length(dense), (from, count) -> DoublePairs.scalar(f, dense.doubles(), dense.offset() + from, b, y.doubles(), y.offset() + from, count));
        }
        if (dense != a) {
            release(dense);
        }
        return y;
    }

    @Override
    public Tensor select(Tensor mask, Tensor a, Tensor b) {
        if (!isDense(a) || !a.sameDenseLayout(mask) || !a.sameDenseLayout(b) || a.dtype() != DType.FLOAT32) {
            return scalar.select(mask, a, b);
        }
        Tensor y = like(a);
        float[] m = mask.floats();
        float[] left = a.floats();
        float[] right = b.floats();
        float[] out = y.floats();
        overPieces(length(a), (from, count) -> {
            for (int i = from; i < from + count; i++) {
                out[y.offset() + i] = m[mask.offset() + i] != 0 ? left[a.offset() + i] : right[b.offset() + i];
            }
        });
        return y;
    }

    @Override
    public Tensor reduce(Reduction r, Tensor x, int... axes) {
        boolean[] folded = ReduceShape.folded(x.shape(), axes);
        Tensor y = allocate(x.dtype(), ReduceShape.kept(x.shape(), folded));
        if (y.size() == 0 || x.size() == 0 || !x.isContiguous() || !VectorReductions.reduce(r, x, folded, y, workers)) {
            release(y);
            return scalar.reduce(r, x, axes);
        }
        return y;
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation) {
        Shape shape = MatmulShape.of(a, b, bias);
        Tensor c = allocate(a.dtype(), shape);
        int m = shape.dim(-2);
        int n = shape.dim(-1);
        int k = a.dim(-1);
        int batches = m * n == 0 ? 0 : shape.size() / (m * n);
        Tensor dense = bias == null || bias.isContiguous() ? bias : contiguous(bias);
        for (int batch = 0; batch < batches; batch++) {
            int ao = MatmulShape.batchPlace(a, batch);
            int bo = MatmulShape.batchPlace(b, batch);
            int co = c.offset() + batch * m * n;
            int offset = dense == null ? 0 : dense.offset();
            if (a.dtype() == DType.FLOAT32) {
                FloatGemm.multiply(m, n, k, a.floats(), ao, a.stride(-2), a.stride(-1), b.floats(), bo, b.stride(-2), b.stride(-1),
                        dense == null ? null : dense.floats(), offset, c.floats(), co, n, workers);
            } else {
                DoubleGemm.multiply(m, n, k, a.doubles(), ao, a.stride(-2), a.stride(-1), b.doubles(), bo, b.stride(-2), b.stride(-1),
                        dense == null ? null : dense.doubles(), offset, c.doubles(), co, n, workers);
            }
        }
        if (dense != bias) {
            release(dense);
        }
        if (activation == null) {
            return c;
        }
        Tensor y = map(activation, c);
        release(c);
        return y;
    }

    @Override
    public void close() {
        workers.close();
    }
}
