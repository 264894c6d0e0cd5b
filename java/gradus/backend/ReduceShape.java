package gradus.backend;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;

/** Which axes a reduction folds, and the order in which it meets the elements; the same for every backend. */
public final class ReduceShape {
    private ReduceShape() {
    }

    /** A flag per axis: true where it is folded. No axes given means all of them. */
    public static boolean[] folded(Shape shape, int... axes) {
        boolean[] folded = new boolean[shape.rank()];
        if (axes.length == 0) {
            Arrays.fill(folded, true);
        }
        for (int axis : axes) {
            int a = shape.axis(axis);
            if (folded[a]) {
                throw new ShapeException("reduce: axis " + axis + " of shape " + shape + " is named twice in " + Arrays.toString(axes));
            }
            folded[a] = true;
        }
        return folded;
    }

    /** The shape with every folded extent replaced by 1. */
    public static Shape kept(Shape shape, boolean[] folded) {
        int[] dims = shape.dims();
        for (int i = 0; i < dims.length; i++) {
            if (folded[i]) {
                dims[i] = 1;
            }
        }
        return Shape.of(dims);
    }

    /** A view with the kept axes first, then the folded ones, each group in its old order. */
    public static Tensor keptFirst(Tensor x, boolean[] folded) {
        int[] order = new int[x.rank()];
        int next = 0;
        for (boolean wanted : new boolean[] {false, true}) {
            for (int i = 0; i < order.length; i++) {
                if (folded[i] == wanted) {
                    order[next++] = i;
                }
            }
        }
        return x.batchBlock() > 0 ? x.copy().permute(order) : x.permute(order);
    }
}
