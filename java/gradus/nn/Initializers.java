package gradus.nn;

import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/** First values of weights and biases, float32, in the frameworks' dialects. */
public final class Initializers {
    private Initializers() {
    }

    /** PyTorch's weights of {@code Linear} and the convolutions: {@code kaiming_uniform_(a=√5)}, uniform on ±1/√fanIn with PyTorch's rounding. */
    public static Tensor torchWeight(Shape shape, int fanIn, TorchGenerator random) {
        return torchUniform(shape, TorchGenerator.weightBound(fanIn), random);
    }

    /** PyTorch's biases of {@code Linear} and the convolutions: uniform on ±1/√fanIn. */
    public static Tensor torchBias(Shape shape, int fanIn, TorchGenerator random) {
        return torchUniform(shape, TorchGenerator.biasBound(fanIn), random);
    }

    private static Tensor torchUniform(Shape shape, double bound, TorchGenerator random) {
        Tensor t = Tensor.zeros(DType.FLOAT32, shape);
        random.uniform(t.floats(), 0, t.size(), -bound, bound);
        return t;
    }

    /** Uniform on ±√(6/(fanIn + fanOut)): Glorot and Bengio 2010, Keras' default. */
    public static Tensor glorotUniform(Shape shape, int fanIn, int fanOut, RandomStream random) {
        Tensor t = Tensor.zeros(DType.FLOAT32, shape);
        float bound = (float) Math.sqrt(6.0 / (fanIn + fanOut));
        random.uniform(t.floats(), 0, t.size(), -bound, bound);
        return t;
    }
}
