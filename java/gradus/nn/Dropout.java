package gradus.nn;

import gradus.op.Value;
import gradus.tensor.Tensor;

/**
 * While training, each element is 0 with probability p and else divided by 1 − p, drawn anew each pass from the pass's random stream in row-major
 * order; in evaluation nothing happens (Srivastava et al. 2014, in the inverted form of PyTorch and Keras).
 */
public record Dropout(double p) implements Layer {
    /** Checks the probability. */
    public Dropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("dropout: probability " + p + " is not in 0 ≤ p < 1");
        }
    }

    @Override
    public Value forward(Value x, Pass pass) {
        if (!pass.isTraining() || p == 0) {
            return x;
        }
        // The factor is rounded to float32 in both types.
        Tensor mask = x.tape().backend().bernoulli(pass.random(), x.dtype(), x.shape(), p, 0, (float) (1 / (1 - p)));
        return x.times(x.tape().own(mask));
    }
}
