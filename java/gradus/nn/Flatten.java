package gradus.nn;

import gradus.op.Value;
import gradus.tensor.ShapeException;

/** [N, …] to [N, everything else]. */
public record Flatten() implements Layer {
    @Override
    public Value forward(Value x, Pass pass) {
        if (x.shape().rank() == 0) {
            throw new ShapeException("flatten: input " + x.shape() + " has no axis of samples");
        }
        int samples = x.shape().dim(0);
        int rest = 1;
        for (int i = 1; i < x.shape().rank(); i++) {
            rest *= x.shape().dim(i);
        }
        return x.reshape(samples, rest);
    }
}
