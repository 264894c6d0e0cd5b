package gradus.op;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * Convolution, its transpose and its weight gradient. Each is linear in both operands and they are each other's gradients, so derivatives
 * of every order exist. The order of every sum is in {@link gradus.backend.Convolutions}.
 */
public sealed interface Convolution extends Op {
    /** The extents. */
    ConvShape shape();

    /** y = φ(x ∗ weight + bias): x [N, C, H, W], weight [F, C/groups, kh, kw], bias [F] or null. */
    record Conv2d(Value x, Value weight, Value bias, ConvShape shape, Epilogue phi) implements Convolution {
        /** Checks the operands against the extents. */
        public Conv2d {
            require("conv2d", x, weight, bias, shape.filters());
        }

        @Override
        public List<Value> inputs() {
            return operands(x, weight, bias);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().forward(shape, x.tensor(), weight.tensor(), bias == null ? null : bias.tensor(), phi);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            Value gz = Activation.gradient(phi, g, y);
            return rules(() -> transposed(gz, weight, shape), () -> weightGradient(gz, x, shape), bias, gz);
        }
    }

    /**
     * y = φ(the input gradient of a convolution with this weight, + bias): the transposed convolution of x [N, F, h, w] by weight
     * [F, C/groups, kh, kw], bias [C] or null. {@link #shape} is that of the convolution whose output x stands for.
     */
    record ConvTranspose2d(Value x, Value weight, Value bias, ConvShape shape, Epilogue phi) implements Convolution {
        /** Checks the operands against the extents. */
        public ConvTranspose2d {
            require("transposed conv2d", x, weight, bias, shape.channels());
        }

        @Override
        public List<Value> inputs() {
            return operands(x, weight, bias);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().inputGradient(shape, x.tensor(), weight.tensor(), bias == null ? null : bias.tensor(), phi);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            Value gz = Activation.gradient(phi, g, y);
            return rules(() -> direct(gz, weight, shape), () -> weightGradient(x, gz, shape), bias, gz);
        }
    }

    /** dw = Σ y ⋆ x over the samples: the gradient of a convolution of x by its weight for the cotangent y. */
    record WeightGradient(Value y, Value x, ConvShape shape) implements Convolution {
        @Override
        public List<Value> inputs() {
            return List.of(y, x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().weightGradient(shape, y.tensor(), x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value dw, Value u) {
            return List.of(() -> direct(x, u, shape), () -> transposed(y, u, shape));
        }
    }

    private static Value direct(Value x, Value weight, ConvShape shape) {
        return x.tape().apply(new Conv2d(x, weight, null, shape, Epilogue.IDENTITY));
    }

    private static Value transposed(Value y, Value weight, ConvShape shape) {
        return y.tape().apply(new ConvTranspose2d(y, weight, null, shape, Epilogue.IDENTITY));
    }

    private static Value weightGradient(Value y, Value x, ConvShape shape) {
        return y.tape().apply(new WeightGradient(y, x, shape));
    }

    private static List<Value> operands(Value x, Value weight, Value bias) {
        return bias == null ? List.of(x, weight) : List.of(x, weight, bias);
    }

    private static List<Supplier<Value>> rules(Supplier<Value> toInput, Supplier<Value> toWeight, Value bias, Value gz) {
        return bias == null ? List.of(toInput, toWeight) : List.of(toInput, toWeight, () -> gz.tape().apply(new Normalization.ChannelSum(gz)));
    }

    private static void require(String operation, Value x, Value weight, Value bias, int outputs) {
        if (x.dtype() != weight.dtype() || bias != null && bias.dtype() != x.dtype()) {
            throw new ShapeException(operation + ": input " + x.tensor() + ", weight " + weight.tensor() + (bias == null ? "" : " and bias " + bias.tensor())
                    + " must have one type");
        }
        if (bias != null && (bias.shape().rank() != 1 || bias.shape().dim(0) != outputs)) {
            throw new ShapeException(operation + ": bias " + bias.shape() + " does not fit weight " + weight.shape() + "; wanted [" + outputs + "]");
        }
    }
}
