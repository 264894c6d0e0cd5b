package gradus.backend.cuda;

import gradus.backend.MatmulShape;
import gradus.numerics.Function;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Matrix products of the fast mode: cuBLAS in place of our kernels for those where it is faster. Bias and activation are passes of their own there, which our kernels take in
 * the same launch.
 */
final class FastProducts {
    /**
     * From so many terms in all, m·n·depth, cuBLAS multiplies: below, an H100 takes less for the launches than it saves. A step of 784-8-784 at batch 128 took 204 µs
     * when cuBLAS had all of its products, 113 µs with none; 11385 × 784 × 30, 2²⁸ terms, takes ours 32.6 µs and cuBLAS 34.7.
     */
    static final long LEAST_TERMS = 1L << 29;
    /** From so many terms in each sum cuBLAS multiplies small matrices too, for it may cut the sum up. */
    static final int LEAST_DEPTH = 2048;

    private final CudaBackend backend;
    private final Products products;
    private final long leastTerms;
    private final int leastDepth;

    FastProducts(CudaBackend backend, Products products, long leastTerms, int leastDepth) {
        this.backend = backend;
        this.products = products;
        this.leastTerms = leastTerms;
        this.leastDepth = leastDepth;
    }

    /** As {@link CudaBackend#matmul}, without its bits; null where our kernel is to multiply. */
    Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation) {
        Shape shape = MatmulShape.of(a, b, bias);
        int depth = a.dim(-1);
        if (shape.size() == 0 || depth == 0 || (long) shape.size() * depth < leastTerms && depth < leastDepth) {
            return null;
        }
        try (Guests guests = new Guests(backend)) {
            Tensor left = usable(guests, guests.here(a));
            Tensor right = usable(guests, guests.here(b));
            int[] axes = IntStream.range(0, shape.rank() - 2).toArray();
            Walk batches = Walk.over(axes, left, right);
            if (batches.rank() > 1) {
                left = guests.dense(left);
                right = guests.dense(right);
                batches = Walk.over(axes, left, right);
            }
            Tensor c = backend.allocate(a.dtype(), shape);
            if (bias != null) {
                backend.copy(guests.here(bias).broadcastTo(shape), c);
            }
            int m = shape.dim(-2);
            int n = shape.dim(-1);
            products.product(a.dtype(), m, n, depth, operand(left, batches.strides()[0][0]), operand(right, batches.strides()[1][0]), bias == null ? 0 : 1,
                    new Products.Operand(CudaBackend.address(c), false, n, (long) m * n), batches.extents()[0]);
            if (activation == null) {
                return c;
            }
            Tensor y = backend.map(activation, c);
            backend.release(c);
            return y;
        }
    }

    /** The matrices themselves where their rows or their columns are runs of elements, else a copy. */
    private static Tensor usable(Guests guests, Tensor t) {
        return isRuns(t, -2, -1) || isRuns(t, -1, -2) ? t : guests.dense(t);
    }

    private static boolean isRuns(Tensor t, int across, int along) {
        return (t.stride(along) == 1 || t.dim(along) == 1) && (t.dim(across) == 1 || t.stride(across) >= Math.max(1, t.dim(along)));
    }

    private static Products.Operand operand(Tensor t, int step) {
        boolean rows = isRuns(t, -2, -1);
        int across = rows ? -2 : -1;
        int along = rows ? -1 : -2;
        int pitch = t.dim(across) == 1 ? Math.max(1, t.dim(along)) : t.stride(across);
        return new Products.Operand(CudaBackend.address(t), !rows, pitch, step);
    }
}
