package gradus.op;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** An operation applied to its inputs; the node of the graph that {@link Tape} writes down. */
public sealed interface Op permits Elementwise, Activation, View, Reduce, Product, Loss, Convolution, PairedConvolution, Pooling, Resample, Normalization, CustomOp {
    /** The operands, in the order in which {@link #vjp} answers for them. */
    List<Value> inputs();

    /** The result, computed by the backend. It may be a view of an operand. */
    Tensor forward(Backend backend);

    /**
     * The vector-Jacobian product g ↦ gᵀ·∂y/∂input for each input, made only when asked for. A rule may answer in the broadcast shape of
     * the result: the walker folds it back to the shape of the input.
     *
     * @param y the result of this operation
     * @param g the cotangent of the result, of its shape
     */
    List<Supplier<Value>> vjp(Value y, Value g);
}
