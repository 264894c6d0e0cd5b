package gradus.op;

import gradus.backend.Backend;
import gradus.backend.Reduction;
import gradus.numerics.Function;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** Matrix products. Every element is one chain of fused multiply-adds over k ascending, from +0 or from the bias. */
public sealed interface Product extends Op {
    /** y = a·b, batched over leading axes, which agree. */
    record Matmul(Value a, Value b) implements Product {
        @Override
        public List<Value> inputs() {
            return List.of(a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.matmul(a.tensor(), b.tensor(), null, null);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.matmul(b.transpose()), () -> a.transpose().matmul(g));
        }
    }

    /**
     * y = f(x·weightᵀ + bias), a dense layer in one pass: x [N, in], weight [out, in], bias [out] or null, f ReLU, sigmoid, tanh or null.
     * The chain of an element starts at the bias.
     */
    record Affine(Value x, Value weight, Value bias, Function activation) implements Product {
        /** Checks the shapes. */
        public Affine {
            if (x.shape().rank() != 2 || weight.shape().rank() != 2 || x.shape().dim(1) != weight.shape().dim(1)) {
                throw new ShapeException("linear: input " + x.shape() + " does not fit weight " + weight.shape()
                        + "; wanted [N, in] and [out, in]");
            }
            if (activation != null && activation != Function.RELU && activation != Function.SIGMOID && activation != Function.TANH) {
                throw new IllegalArgumentException("linear: " + activation + " cannot be applied to the finished chains; ReLU, sigmoid, tanh and null can");
            }
            if (bias != null && (bias.shape().rank() != 1 || bias.shape().dim(0) != weight.shape().dim(0))) {
                throw new ShapeException("linear: bias " + bias.shape() + " does not fit weight " + weight.shape() + "; wanted ["
                        + weight.shape().dim(0) + "]");
            }
        }

        @Override
        public List<Value> inputs() {
            return bias == null ? List.of(x, weight) : List.of(x, weight, bias);
        }

        @Override
        public Tensor forward(Backend backend) {
            Tensor rows = x.tensor().batchBlock() > 0 ? backend.contiguous(x.tensor()) : x.tensor();
            Tensor y = backend.matmul(rows, weight.tensor().transpose(), bias == null ? null : bias.tensor(), activation);
            if (rows != x.tensor()) {
                backend.release(rows);
            }
            return y;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            Value gz = activation == null || y.takePassedThrough() ? g : Activation.gradient(activation, g, y);
            Supplier<Value> toInput = () -> gz.matmul(weight);
            Supplier<Value> toWeight = () -> y.tape().recording() ? gz.transpose().matmul(x) : y.tape().own(weightGradient(y.tape().backend(), gz.tensor()));
            Supplier<Value> toBias = () -> y.tape().recording() ? gz.sum(0).reshape(bias.shape()) : y.tape().own(biasGradient(y.tape().backend(), gz.tensor()));
            return bias == null ? List.of(toInput, toWeight) : List.of(toInput, toWeight, toBias);
        }

        /** What the recorded rule computes, without the objects that it writes down on the way: in a small step they cost as much as the work. */
        private Tensor weightGradient(Backend backend, Tensor gz) {
            return backend.matmul(gz.transpose(), x.tensor(), null, null);
        }

        private Tensor biasGradient(Backend backend, Tensor gz) {
            return backend.reduce(Reduction.SUM, gz, 0).reshape(bias.shape());
        }
    }
}
