package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.Pool;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * Images in the layout that convolution wants: samples innermost, in blocks of {@value #BLOCK}, or of {@value Convolutions#LANES} where a batch has no
 * more. A block is one chunk of the sums over a batch. At most {@value #FEW} samples would leave most lanes without work; they lie row-major, as it were in blocks of one.
 */
final class Blocked {
    static final int BLOCK = Convolutions.CHUNK;

    /** Samples that lie row-major: with channels across the lanes eight take as long as a vector of samples or less, and the compiler is through sooner. */
    static final int FEW = 8;

    private final Backend backend;
    private final Pool pool;

    Blocked(Backend backend, Pool pool) {
        this.backend = backend;
        this.pool = pool;
    }

    /** Samples in a block of a batch. */
    static int block(int samples) {
        return samples > Convolutions.LANES ? BLOCK : few(samples) ? 1 : Convolutions.LANES;
    }

    /** Whether so many samples lie row-major. */
    static boolean few(int samples) {
        return samples <= FEW;
    }

    /** A tensor in this layout whose elements are not set. */
    Tensor allocate(DType dtype, Shape shape) {
        if (few(shape.dim(0))) {
            return backend.allocate(dtype, shape);
        }
        return pool.allocateBlocked(dtype, shape, block(shape.dim(0)));
    }

    /** The tensor itself if it lies so, else a copy from the pool, to be given back with {@link #done}. */
    Tensor arranged(Tensor x) {
        if (few(x.dim(0))) {
            return backend.contiguous(x);
        }
        if (x.batchBlock() == block(x.dim(0))) {
            return x;
        }
        Tensor y = allocate(x.dtype(), x.shape());
        backend.copy(x, y);
        return y;
    }

    /** Gives back what {@link #arranged} copied. */
    void done(Tensor arranged, Tensor given) {
        if (arranged != given) {
            backend.release(arranged);
        }
    }

    /** Elements of all blocks. */
    static int length(Tensor blocked) {
        return (int) Tensor.blockedLength(blocked.shape(), blocked.batchBlock());
    }
}
