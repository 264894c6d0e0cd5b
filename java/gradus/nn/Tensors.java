package gradus.nn;

import gradus.tensor.DType;
import gradus.tensor.Tensor;

/** Writing into the contiguous heap tensors that layers own. */
final class Tensors {
    private Tensors() {
    }

    /** Copies all elements of a tensor of the same shape and type into a contiguous one. */
    static void overwrite(Tensor target, Tensor source) {
        Tensor dense = source.isContiguous() ? source : source.copy();
        if (target.dtype() == DType.FLOAT32) {
            System.arraycopy(dense.floats(), dense.offset(), target.floats(), target.offset(), target.size());
        } else {
            System.arraycopy(dense.doubles(), dense.offset(), target.doubles(), target.offset(), target.size());
        }
    }
}
