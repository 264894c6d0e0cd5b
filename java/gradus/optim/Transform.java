package gradus.optim;

import gradus.tensor.Tensor;

/** A step before or after a rule in a {@link Chain}: from a gradient, or an update, to another, element by element. */
public sealed interface Transform {
    /**
     * The transformed tensor.
     *
     * @param x   the gradient before the rule, or the update after it
     * @param w   the weights
     * @param eta the rule's learning rate
     */
    Tensor apply(Arithmetic math, Tensor x, Tensor w, double eta);

    /** x + λ·w. On the gradient it is the weight decay of PyTorch's SGD, Adam and RMSprop: the gradient of ½·λ·‖w‖². */
    record L2(double lambda) implements Transform {
        @Override
        public Tensor apply(Arithmetic math, Tensor x, Tensor w, double eta) {
            return math.plus(x, math.times(w, lambda));
        }
    }

    /** x + (−η·λ)·w. On the update it is decoupled weight decay (Loshchilov and Hutter 2019): AdamW's, and that of all optimizers of Keras. */
    record Decay(double lambda) implements Transform {
        @Override
        public Tensor apply(Arithmetic math, Tensor x, Tensor w, double eta) {
            return math.plus(x, math.times(w, -eta * lambda));
        }
    }

    /** x limited to −c … c. */
    record Limit(double c) implements Transform {
        @Override
        public Tensor apply(Arithmetic math, Tensor x, Tensor w, double eta) {
            return math.maximum(math.minimum(x, c), -c);
        }
    }

    /** c·x. */
    record Scale(double c) implements Transform {
        @Override
        public Tensor apply(Arithmetic math, Tensor x, Tensor w, double eta) {
            return math.times(x, c);
        }
    }
}
