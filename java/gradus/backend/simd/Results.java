package gradus.backend.simd;

import gradus.backend.Pool;
import gradus.tensor.Tensor;

/** Makes tensors in the layout of others. */
final class Results {
    private final Pool pool;

    Results(Pool pool) {
        this.pool = pool;
    }

    /** A tensor of the shape, type and dense layout of another, whose elements are not set. */
    Tensor like(Tensor t) {
        if (t.batchBlock() > 0) {
            return pool.allocateBlocked(t.dtype(), t.shape(), t.batchBlock());
        }
        return pool.allocate(t.dtype(), t.shape());
    }
}
