package gradus.nn;

import gradus.numerics.Function;
import gradus.op.Value;

/** Layers without parameters that act on each element, or on each row. */
public enum ActivationLayer implements Layer {
    /** max(x, 0). */
    RELU(Function.RELU),
    /** 1/(1 + e⁻ˣ). */
    SIGMOID(Function.SIGMOID),
    /** Hyperbolic tangent. */
    TANH(Function.TANH),
    /** log(1 + eˣ). */
    SOFTPLUS(null),
    /** eˣ/Σeˣ along the last axis. */
    SOFTMAX(null),
    /** x − log Σeˣ along the last axis. */
    LOG_SOFTMAX(null);

    private final Function fused;

    ActivationLayer(Function fused) {
        this.fused = fused;
    }

    /** The function that a product can apply to its finished chains, or null. */
    Function fused() {
        return fused;
    }

    @Override
    public Value forward(Value x, Pass pass) {
        return switch (this) {
            case RELU -> x.relu();
            case SIGMOID -> x.sigmoid();
            case TANH -> x.tanh();
            case SOFTPLUS -> x.softplus();
            case SOFTMAX -> x.softmax();
            case LOG_SOFTMAX -> x.logSoftmax();
        };
    }
}
