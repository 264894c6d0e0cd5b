package gradus.backend.scalar;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.MatmulShape;
import gradus.backend.Pool;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/** Plain loops over one element at a time on one thread: the definition of every operation's bits. */
public final class ScalarBackend implements Backend {
    private final Pool pool;
    private final Convolutions convolutions = new ScalarConvolutions(this);

    /** A reference backend with a pool of its own. */
    public ScalarBackend() {
        this(new Pool(false));
    }

    /** A reference backend over the pool of another, whose rarer work it does. */
    public ScalarBackend(Pool pool) {
        this.pool = pool;
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String description() {
        return "scalar Java, 1 thread";
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
    public void copy(Tensor source, Tensor target) {
        requireSameShape(source, target);
        Cursor from = new Cursor(source);
        Cursor to = new Cursor(target);
        switch (source.dtype()) {
            case FLOAT32 -> {
                float[] x = source.floats();
                float[] y = target.floats();
                for (int i = 0; i < source.size(); i++) {
                    y[to.next()] = x[from.next()];
                }
            }
            case FLOAT64 -> {
                double[] x = source.doubles();
                double[] y = target.doubles();
                for (int i = 0; i < source.size(); i++) {
                    y[to.next()] = x[from.next()];
                }
            }
        }
    }

    private static void requireSameShape(Tensor source, Tensor target) {
        if (!source.shape().equals(target.shape()) || source.dtype() != target.dtype()) {
            throw new ShapeException("copy: source " + source + " does not fit target " + target);
        }
    }

    @Override
    public void fill(Tensor target, double value) {
        Cursor to = new Cursor(target);
        for (int i = 0; i < target.size(); i++) {
            switch (target.dtype()) {
                case FLOAT32 -> target.floats()[to.next()] = (float) value;
                case FLOAT64 -> target.doubles()[to.next()] = value;
            }
        }
    }

    @Override
    public Tensor map(Function f, Tensor x) {
        Tensor y = allocate(x.dtype(), x.shape());
        Cursor from = new Cursor(x);
        switch (x.dtype()) {
            case FLOAT32 -> {
                for (int i = 0; i < x.size(); i++) {
                    y.floats()[i] = f.apply(x.floats()[from.next()]);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < x.size(); i++) {
                    y.doubles()[i] = f.apply(x.doubles()[from.next()]);
                }
            }
        }
        return y;
    }

    @Override
    public Tensor zip(Zip f, Tensor x1, Tensor x2) {
        Shape shape = Shape.broadcast(f.label(), x1.shape(), x2.shape());
        Tensor a = Cursor.broadcastable(x1, shape);
        Tensor b = Cursor.broadcastable(x2, shape);
        Tensor y = allocate(a.dtype(), shape);
        Cursor left = Cursor.over(a, shape);
        Cursor right = Cursor.over(b, shape);
        switch (a.dtype()) {
            case FLOAT32 -> {
                for (int i = 0; i < y.size(); i++) {
                    y.floats()[i] = f.apply(a.floats()[left.next()], b.floats()[right.next()]);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < y.size(); i++) {
                    y.doubles()[i] = f.apply(a.doubles()[left.next()], b.doubles()[right.next()]);
                }
            }
        }
        return y;
    }

    @Override
    public Tensor zip(Zip f, Tensor a, double b) {
        return zip(f, a, Tensor.scalar(a.dtype(), b));
    }

    @Override
    public Tensor select(Tensor condition, Tensor x1, Tensor x2) {
        Shape shape = Shape.broadcast("select", Shape.broadcast("select", condition.shape(), x1.shape()), x2.shape());
        Tensor mask = Cursor.broadcastable(condition, shape);
        Tensor a = Cursor.broadcastable(x1, shape);
        Tensor b = Cursor.broadcastable(x2, shape);
        Tensor y = allocate(a.dtype(), shape);
        Cursor which = Cursor.over(mask, shape);
        Cursor left = Cursor.over(a, shape);
        Cursor right = Cursor.over(b, shape);
        for (int i = 0; i < y.size(); i++) {
            int m = which.next();
            int l = left.next();
            int r = right.next();
            switch (a.dtype()) {
                case FLOAT32 -> y.floats()[i] = mask.floats()[m] != 0 ? a.floats()[l] : b.floats()[r];
                case FLOAT64 -> y.doubles()[i] = mask.doubles()[m] != 0 ? a.doubles()[l] : b.doubles()[r];
            }
        }
        return y;
    }

    @Override
    public Tensor reduce(Reduction r, Tensor x, int... axes) {
        return Reductions.reduce(this, r, x, axes);
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation) {
        Shape shape = MatmulShape.of(a, b, bias);
        Tensor c = allocate(a.dtype(), shape);
        int m = shape.dim(-2);
        int n = shape.dim(-1);
        int k = a.dim(-1);
        int batches = m * n == 0 ? 0 : shape.size() / (m * n);
        for (int batch = 0; batch < batches; batch++) {
            int aStart = MatmulShape.batchPlace(a, batch);
            int bStart = MatmulShape.batchPlace(b, batch);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    int aRow = aStart + i * a.stride(-2);
                    int bColumn = bStart + j * b.stride(-1);
                    int place = (batch * m + i) * n + j;
                    switch (a.dtype()) {
                        case FLOAT32 -> c.floats()[place] = chain32(a, aRow, b, bColumn, k, bias, j, activation);
                        case FLOAT64 -> c.doubles()[place] = chain64(a, aRow, b, bColumn, k, bias, j, activation);
                    }
                }
            }
        }
        return c;
    }

    private static float chain32(Tensor a, int aRow, Tensor b, int bColumn, int k, Tensor bias, int j, Function activation) {
        float[] x = a.floats();
        float[] y = b.floats();
        int aStep = a.stride(-1);
        int bStep = b.stride(-2);
        float sum = bias == null ? 0 : bias.floats()[bias.offset() + j * bias.stride(0)];
        for (int p = 0; p < k; p++) {
            sum = Math.fma(x[aRow + p * aStep], y[bColumn + p * bStep], sum);
        }
        return activation == null ? sum : activation.apply(sum);
    }

    private static double chain64(Tensor a, int aRow, Tensor b, int bColumn, int k, Tensor bias, int j, Function activation) {
        double[] x = a.doubles();
        double[] y = b.doubles();
        int aStep = a.stride(-1);
        int bStep = b.stride(-2);
        double sum = bias == null ? 0 : bias.doubles()[bias.offset() + j * bias.stride(0)];
        for (int p = 0; p < k; p++) {
            sum = Math.fma(x[aRow + p * aStep], y[bColumn + p * bStep], sum);
        }
        return activation == null ? sum : activation.apply(sum);
    }

    @Override
    public Convolutions convolutions() {
        return convolutions;
    }

    @Override
    public void close() {
    }
}
