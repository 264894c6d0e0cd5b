package gradus.nn;

import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.SequencedMap;

/**
 * A convolution of images: x [N, in, H, W], weight [out, in/groups, kh, kw], bias [out].
 *
 * @param bias may be null
 */
public record Conv2d(Parameter weight, Parameter bias, Window window, Padding padding, int groups) implements FusesEpilogue {
    /** PyTorch's layer: weight and bias uniform on ±1/√(in/groups · kh · kw), the weight drawn first, float32. */
    public static Conv2d torch(int in, int out, Window window, int groups, TorchGenerator random) {
        Tensors.requireGroups("conv2d", groups, in, out);
        int fanIn = in / groups * window.kernelHeight() * window.kernelWidth();
        Tensor weight = Initializers.torchWeight(Shape.of(out, in / groups, window.kernelHeight(), window.kernelWidth()), fanIn, random);
        Tensor bias = Initializers.torchBias(Shape.of(out), fanIn, random);
        return new Conv2d(new Parameter("weight", weight), new Parameter("bias", bias), window, Padding.AS_GIVEN, groups);
    }

    /** PyTorch's layer in one group. */
    public static Conv2d torch(int in, int out, Window window, TorchGenerator random) {
        return torch(in, out, window, 1, random);
    }

    /** Keras' layer: weight uniform on ±√(6/((in + out) · kh · kw)) (Glorot and Bengio 2010), bias 0, float32. */
    public static Conv2d keras(int in, int out, Window window, Padding padding, RandomStream random) {
        int taps = window.kernelHeight() * window.kernelWidth();
        Tensor weight = Initializers.glorotUniform(Shape.of(out, in, window.kernelHeight(), window.kernelWidth()), in * taps, out * taps, random);
        return new Conv2d(new Parameter("weight", weight), new Parameter("bias", Tensor.zeros(DType.FLOAT32, Shape.of(out))), window, padding, 1);
    }

    @Override
    public Value forward(Value x, Pass pass, Epilogue phi) {
        return x.conv2d(variable(x, weight), variable(x, bias), padding.over(window, x.shape()), groups, phi);
    }

    /** {@link #forward} and max pooling behind it. */
    Value maxPooled(Value x, Epilogue phi, MaxPool2d pool, Pass pass) {
        Window w = padding.over(window, x.shape());
        Shape images = ConvShape.of(x.shape(), weight.tensor().shape(), w, groups).output();
        return pool.pairs(images.dim(2), images.dim(3)) ? x.conv2dMaxPool(variable(x, weight), variable(x, bias), w, groups, phi) : pool.forward(forward(x, pass, phi), pass);
    }

    /** {@link #forward} of x at twice its extents, each pixel as two by two. */
    Value doubled(Value x, Epilogue phi) {
        return x.doubledConv2d(variable(x, weight), variable(x, bias), padding.over(window, ResizeShape.doubled(x.shape()).output()), groups, phi);
    }

    private static Value variable(Value x, Parameter parameter) {
        return parameter == null ? null : x.tape().variable(parameter.tensor());
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return Tensors.parameters(weight, bias);
    }
}
