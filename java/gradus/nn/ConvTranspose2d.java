package gradus.nn;

import gradus.backend.Epilogue;
import gradus.backend.Window;
import gradus.numerics.TorchGenerator;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.SequencedMap;

/**
 * A transposed convolution of images: x [N, in, h, w], weight [in, out/groups, kh, kw], bias [out]; the window is that of the convolution it transposes.
 *
 * @param bias          may be null
 * @param outputPadding rows and columns added below and behind, below the stride or the dilation
 */
public record ConvTranspose2d(Parameter weight, Parameter bias, Window window, int outputPadding, int groups) implements FusesEpilogue {
    /** PyTorch's layer: weight and bias uniform on ±1/√(out/groups · kh · kw), the weight drawn first, float32. */
    public static ConvTranspose2d torch(int in, int out, Window window, int outputPadding, int groups, TorchGenerator random) {
        Tensors.requireGroups("transposed conv2d", groups, in, out);
        int fanIn = out / groups * window.kernelHeight() * window.kernelWidth();
        Tensor weight = Initializers.torchWeight(Shape.of(in, out / groups, window.kernelHeight(), window.kernelWidth()), fanIn, random);
        Tensor bias = Initializers.torchBias(Shape.of(out), fanIn, random);
        return new ConvTranspose2d(new Parameter("weight", weight), new Parameter("bias", bias), window, outputPadding, groups);
    }

    /** PyTorch's layer in one group. */
    public static ConvTranspose2d torch(int in, int out, Window window, int outputPadding, TorchGenerator random) {
        return torch(in, out, window, outputPadding, 1, random);
    }

    @Override
    public Value forward(Value x, Pass pass, Epilogue phi) {
        Value w = x.tape().variable(weight.tensor());
        Value b = bias == null ? null : x.tape().variable(bias.tensor());
        return x.convTranspose2d(w, b, window, groups, outputPadding, phi);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return Tensors.parameters(weight, bias);
    }
}
