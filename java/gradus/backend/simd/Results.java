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
            int length = (int) Tensor.blockedLength(t.shape(), t.batchBlock());
            return Tensor.batchBlocked(pool.storage(t.dtype(), length), t.shape(), t.batchBlock());
        }
        return pool.allocate(t.dtype(), t.shape());
    }
}
