package gradus.backend;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/** The shape rule of the matrix product, the same for every backend. */
public final class MatmulShape {
    private MatmulShape() {
    }

    /** […, m, k] · […, k, n] (+ bias [n]) → […, m, n]; anything else is an error that says what does not fit. */
    public static Shape of(Tensor a, Tensor b, Tensor bias) {
        Shape x = a.shape();
        Shape y = b.shape();
        if (x.rank() < 2 || y.rank() != x.rank()) {
            throw new ShapeException("matmul: operands " + x + " and " + y + " must have the same rank, at least 2");
        }
        for (int i = 0; i < x.rank() - 2; i++) {
            if (x.dim(i) != y.dim(i)) {
                throw new ShapeException("matmul: batches of " + x + " and " + y + " differ at axis " + i);
            }
        }
        if (x.dim(-1) != y.dim(-2)) {
            throw new ShapeException("matmul: left operand has " + x.dim(-1) + " columns " + x + " but right operand has " + y.dim(-2) + " rows " + y);
        }
        if (a.dtype() != b.dtype()) {
            throw new ShapeException("matmul: operands are " + a + " and " + b + "; convert one of them");
        }
        if (bias != null && (bias.rank() != 1 || bias.dim(0) != y.dim(-1))) {
            throw new ShapeException("matmul: bias " + bias.shape() + " does not fit the " + y.dim(-1) + " columns of " + y);
        }
        return x.with(-1, y.dim(-1));
    }

    /** The storage place where matrix number {@code batch}, in row-major order of the leading axes, begins. */
    public static int batchPlace(Tensor t, int batch) {
        int place = t.offset();
        int rest = batch;
        for (int axis = t.rank() - 3; axis >= 0; axis--) {
            place += rest % t.dim(axis) * t.stride(axis);
            rest /= t.dim(axis);
        }
        return place;
    }
}
