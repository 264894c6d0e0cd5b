package gradus.backend.cuda;

import gradus.backend.PlaneDescent;
import gradus.backend.Reduction;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.function.Supplier;

/** Exact t-SNE by {@code kernels/tsne.cu}: 4 launches for the forces, one for Z, two for a step; nothing is waited for but {@link #z} and {@link #read}. */
final class DevicePlane implements PlaneDescent {
    private static final int SOURCES = 4096;
    private static final int PARTS = 6;
    private static final int GAIN = 3;
    private static final int MOVE = 4;
    private static final int GRADIENT = 5;

    private final CudaBackend backend;
    private final int n;
    private final Tensor x;
    private final Tensor y;
    private final Tensor start;
    private final Tensor column;
    private final Tensor p;
    private final Tensor slots;
    private final Tensor terms;
    private Tensor z;

    DevicePlane(CudaBackend backend, float[] x, float[] y, int[] start, int[] column, float[] p) {
        this.backend = backend;
        this.n = x.length;
        int slots = slots(n);
        this.x = axis(x);
        this.y = axis(y);
        this.start = integers(start);
        this.column = integers(column);
        this.p = backend.upload(Tensor.of(p, p.length));
        this.slots = backend.allocate(DType.FLOAT32, Shape.of(slots));
        this.terms = backend.allocate(DType.FLOAT64, Shape.of(n));
        restart();
    }

    /** Elements of memory for the sums of all chunks of sources. */
    static int slots(int n) {
        long slots = 3L * ((n + SOURCES - 1) / SOURCES) * n;
        if (slots > Integer.MAX_VALUE) {
            throw new ShapeException("t-SNE: " + n + " points need " + slots + " elements of device memory for their sums, 2^31 or more; take fewer points, or the method "
                    + "BARNES_HUT");
        }
        return (int) slots;
    }

    /** [at, pull, push, gain, move, gradient] of one coordinate. */
    private Tensor axis(float[] at) {
        Tensor axis = backend.allocate(DType.FLOAT32, Shape.of(PARTS, n));
        backend.fill(axis, 0);
        backend.copy(Tensor.of(at, 1, n), axis.slice(0, 0, 1));
        return axis;
    }

    /** Integers in memory of float32, which has their width; only kernels read it. */
    private Tensor integers(int[] values) {
        Tensor here = backend.allocate(DType.FLOAT32, Shape.of(values.length));
        backend.put(here, values);
        return here;
    }

    @Override
    public void restart() {
        for (Tensor axis : new Tensor[] {x, y}) {
            backend.fill(axis.slice(0, GAIN, GAIN + 1), 1);
            backend.fill(axis.slice(0, MOVE, MOVE + 1), 0);
        }
    }

    @Override
    public void forces() {
        Supplier<String> what = () -> "t-SNE of " + n + " points";
        backend.check(Bridge.tsneForces(backend.library(), backend.stream(), n, address(x), address(y), address(start), address(column), address(p), address(slots),
                address(terms)), what);
        if (z != null) {
            backend.release(z);
        }
        z = backend.reduce(Reduction.SUM, terms);
    }

    @Override
    public void update(float exaggeration, float momentum, float rate) {
        for (Tensor axis : new Tensor[] {x, y}) {
            backend.check(Bridge.tsneUpdate(backend.library(), backend.stream(), n, exaggeration, momentum, rate, address(z), address(axis)),
                    () -> "a step of t-SNE of " + n + " points");
        }
    }

    @Override
    public double z() {
        return backend.download(z).reshape().item();
    }

    @Override
    public void read(float[] atX, float[] atY, float[] gradientX, float[] gradientY) {
        read(x, 0, atX);
        read(y, 0, atY);
        read(x, GRADIENT, gradientX);
        read(y, GRADIENT, gradientY);
    }

    private void read(Tensor axis, int part, float[] into) {
        System.arraycopy(backend.download(axis.slice(0, part, part + 1)).toFloats(), 0, into, 0, n);
    }

    private static long address(Tensor t) {
        return CudaBackend.address(t);
    }

    @Override
    public void close() {
        for (Tensor t : new Tensor[] {x, y, start, column, p, slots, terms, z}) {
            if (t != null) {
                backend.release(t);
            }
        }
    }
}
