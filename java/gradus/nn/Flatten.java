package gradus.nn;

import gradus.op.Value;

/** [N, …] to [N, everything else]. */
public record Flatten() implements Layer {
    @Override
    public Value forward(Value x, Pass pass) {
        int samples = x.shape().dim(0);
        int rest = 1;
        for (int i = 1; i < x.shape().rank(); i++) {
            rest *= x.shape().dim(i);
        }
        return x.reshape(samples, rest);
    }
}
