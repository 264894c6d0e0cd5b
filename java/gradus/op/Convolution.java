package gradus.op;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
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

    /** What is applied to each element of the result. */
    default Epilogue phi() {
        return Epilogue.IDENTITY;
    }

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
            Value gz = Activation.beforePhi(phi, y, g);
            return rules(() -> Activation.through(x, (backend, target) -> backend.inputGradient(shape, gz.tensor(), weight.tensor(), target),
                    () -> transposed(gz, weight, shape)), new Parameters(shape, gz, x, false, weight, bias));
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
            Value gz = Activation.beforePhi(phi, y, g);
            return rules(() -> Activation.through(x, (backend, target) -> backend.forward(shape, gz.tensor(), weight.tensor(), target),
                    () -> direct(gz, weight, shape)), new Parameters(shape, x, gz, true, weight, bias));
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

    /** The gradients of weight and bias for the operands of {@link WeightGradient}; worked out together where both are wanted and nothing is recorded. */
    final class Parameters {
        private final ConvShape shape;
        private final Value y;
        private final Value x;
        private final boolean transposed;
        private final Value bias;
        private final boolean together;
        private Value toBias;

        private Parameters(ConvShape shape, Value y, Value x, boolean transposed, Value weight, Value bias) {
            this.shape = shape;
            this.y = y;
            this.x = x;
            this.transposed = transposed;
            this.bias = bias;
            together = bias != null && bias.differentiable() && weight.differentiable() && !y.tape().recording();
        }

        /** Asked before {@link #toBias}. */
        private Value toWeight() {
            if (!together) {
                return weightGradient(y, x, shape);
            }
            Convolutions.Parameters both = y.tape().backend().convolutions().parameterGradients(shape, y.tensor(), x.tensor(), transposed);
            toBias = y.tape().own(both.bias());
            return y.tape().own(both.weight());
        }

        private Value toBias() {
            return toBias != null ? toBias : y.tape().apply(new Normalization.ChannelSum(transposed ? x : y));
        }
    }

    private static List<Supplier<Value>> rules(Supplier<Value> toInput, Parameters parameters) {
        return parameters.bias == null ? List.of(toInput, parameters::toWeight) : List.of(toInput, parameters::toWeight, parameters::toBias);
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
