package gradus.nn;

import gradus.numerics.Function;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.SequencedMap;

/**
 * A dense layer y = x·weightᵀ + bias: x [N, in], weight [out, in], bias [out], y [N, out].
 *
 * @param bias may be null
 */
public record Linear(Parameter weight, Parameter bias) implements Layer {
    /** PyTorch's layer: weight and bias uniform on ±1/√in, the weight drawn first, float32. */
    public static Linear torch(int inputs, int outputs, TorchGenerator random) {
        Tensor weight = Initializers.torchWeight(Shape.of(outputs, inputs), inputs, random);
        Tensor bias = Initializers.torchBias(Shape.of(outputs), inputs, random);
        return new Linear(new Parameter("weight", weight), new Parameter("bias", bias));
    }

    /** Keras' layer: weight uniform on ±√(6/(in + out)) (Glorot and Bengio 2010), bias 0, float32. */
    public static Linear keras(int inputs, int outputs, RandomStream random) {
        Tensor weight = Initializers.glorotUniform(Shape.of(outputs, inputs), inputs, outputs, random);
        return new Linear(new Parameter("weight", weight), new Parameter("bias", Tensor.zeros(DType.FLOAT32, Shape.of(outputs))));
    }

    @Override
    public Value forward(Value x, Pass pass) {
        return forward(x, (Function) null);
    }

    /** The layer with a nonlinearity (ReLU, sigmoid, tanh, or null) on each finished chain. */
    Value forward(Value x, Function activation) {
        Value w = x.tape().variable(weight.tensor());
        Value b = bias == null ? null : x.tape().variable(bias.tensor());
        return x.affine(w, b, activation);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return Tensors.parameters(weight, bias);
    }
}
