package gradus.backend.scalar;

import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/** Walks the storage places of a tensor in row-major order of the index, whatever the layout. */
final class Cursor {
    private final Tensor tensor;
    private final int[] index;
    private int place;

    Cursor(Tensor tensor) {
        this.tensor = tensor;
        this.index = new int[tensor.rank()];
        this.place = tensor.offset();
    }

    /** The place of the current element; moves on to the next. */
    int next() {
        int current = place;
        int axis = index.length - 1;
        while (axis >= 0 && ++index[axis] == tensor.dim(axis)) {
            index[axis] = 0;
            place -= (tensor.dim(axis) - 1) * tensor.stride(axis);
            axis--;
        }
        if (axis >= 0) {
            place += tensor.stride(axis);
        }
        if (tensor.batchBlock() > 0 && axis <= 0) {
            place = axis < 0 ? tensor.offset() : tensor.place(index);
        }
        return current;
    }

    /** The tensor, or a row-major copy of a batch-blocked one that has to be repeated. */
    static Tensor broadcastable(Tensor tensor, Shape shape) {
        return tensor.batchBlock() > 0 && !tensor.shape().equals(shape) ? tensor.copy() : tensor;
    }

    static Cursor over(Tensor tensor, Shape shape) {
        return new Cursor(tensor.broadcastTo(shape));
    }
}
