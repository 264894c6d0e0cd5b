package gradus.nn;

import gradus.op.Value;

/** x if x &gt; 0, else slope · x. PyTorch's default slope is 0.01, Keras' 0.3. */
public record LeakyRelu(double slope) implements Layer {
    @Override
    public Value forward(Value x, Pass pass) {
        return x.leakyRelu(slope);
    }
}
