package gradus.op;

import gradus.backend.Backend;
import gradus.backend.Epilogue;
import gradus.backend.Fusion;
import gradus.backend.Reduction;
import gradus.backend.ThroughActivations;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The nonlinearities of networks, with gradients that use the result where that saves work, and those gradients as operations. */
public sealed interface Activation extends Op {
    /** A nonlinearity of one operand. */
    sealed interface Unary extends Activation {
        /** The operand. */
        Value x();

        @Override
        default List<Value> inputs() {
            return List.of(x());
        }
    }

    /** The gradient g through a nonlinearity whose result is y, as one fused pass. */
    sealed interface Gradient extends Activation {
        /** The cotangent of the result. */
        Value g();

        /** The result of the nonlinearity. */
        Value y();

        /** The fused function of (g, y). */
        Zip function();

        @Override
        default List<Value> inputs() {
            return List.of(g(), y());
        }

        @Override
        default Tensor forward(Backend backend) {
            return backend.zip(function(), g().tensor(), y().tensor());
        }
    }

    /** The gradient through ReLU, sigmoid or tanh. */
    static Value gradient(Function activation, Value g, Value y) {
        return g.tape().apply(switch (activation) {
            case RELU -> new ReluGradient(g, y);
            case SIGMOID -> new SigmoidGradient(g, y);
            case TANH -> new TanhGradient(g, y);
            default -> throw new IllegalArgumentException("no gradient in terms of the result is known for " + activation);
        });
    }

    /** The gradient through what a layer applied to its result y. */
    static Value gradient(Epilogue phi, Value g, Value y) {
        return switch (phi.kind()) {
            case IDENTITY -> g;
            case RELU -> gradient(Function.RELU, g, y);
            case LEAKY_RELU -> g.tape().apply(new LeakyReluGradient(g, y, phi.slope()));
            case SIGMOID -> gradient(Function.SIGMOID, g, y);
            case TANH -> gradient(Function.TANH, g, y);
        };
    }

    /**
     * The cotangent of x from its only reader, at once taken through the rectifier whose result x is where the backend can do both in one pass. Training steps
     * alone, whose backward pass is not recorded: what is given in place of the cotangent of x is the cotangent of something that has no value on the tape.
     *
     * @param plain the cotangent of x
     */
    static Value through(Value x, BiFunction<ThroughActivations, ThroughActivations.Activated, Tensor> pass, Supplier<Value> plain) {
        ThroughActivations backend = x.tape().backend().convolutions().throughActivations();
        Epilogue phi = last(x.op());
        boolean rectified = phi.kind() == Epilogue.Kind.RELU || phi.kind() == Epilogue.Kind.LEAKY_RELU;
        if (backend == null || !rectified || x.tape().recording() || x.readers != 1) {
            return plain.get();
        }
        x.passedThrough = true;
        return x.tape().own(pass.apply(backend, new ThroughActivations.Activated(phi, x.tensor())));
    }

    /** The activation that an operation on images applies last. Its rule has to ask whether the cotangent passed through it already. */
    private static Epilogue last(Op op) {
        return switch (op) {
            case Convolution made -> made.phi();
            case PairedConvolution made -> made.phi();
            case Normalization.BatchNorm made -> made.phi();
            case Relu made -> Epilogue.RELU;
            case LeakyRelu made -> Epilogue.leakyRelu(made.slope);
            case null, default -> Epilogue.IDENTITY;
        };
    }

    /** The cotangent of what φ was applied to, g of the result y: g itself where the reader of y took it through φ already. */
    static Value beforePhi(Epilogue phi, Value y, Value g) {
        return y.takePassedThrough() ? g : gradient(phi, g, y);
    }

    /** y = max(x, 0); ∂y/∂x = 1 if x &gt; 0, else 0. */
    record Relu(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.RELU, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            boolean passed = y.takePassedThrough();
            return List.of(() -> passed ? g : gradient(Function.RELU, g, y));
        }
    }

    /** y = x if x &gt; 0, else slope · x, slope ≥ 0; ∂y/∂x = 1 if x &gt; 0, else the slope. */
    record LeakyRelu(Value x, double slope) implements Unary {
        /** Checks the slope: below 0 the sign of y would not tell that of x. */
        public LeakyRelu {
            if (!(slope >= 0)) {
                throw new IllegalArgumentException("leaky relu: slope " + slope + " must not be negative");
            }
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.LEAKY_RELU, x.tensor(), slope);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            boolean passed = y.takePassedThrough();
            return List.of(() -> passed ? g : y.tape().apply(new LeakyReluGradient(g, y, slope)));
        }
    }

    /** g if y &gt; 0, else slope · g. */
    record LeakyReluGradient(Value g, Value y, double slope) implements Activation {
        @Override
        public List<Value> inputs() {
            return List.of(g, y);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().epilogueGradient(Epilogue.leakyRelu(slope), g.tensor(), y.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value result, Value u) {
            return List.of(() -> result.tape().apply(new LeakyReluGradient(u, y, slope)), () -> u.times(0));
        }
    }

    /** y = 1/(1 + e⁻ˣ); ∂y/∂x = y(1 − y). float32: correctly rounded. */
    record Sigmoid(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.SIGMOID, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> gradient(Function.SIGMOID, g, y));
        }
    }

    /** y = tanh x; ∂y/∂x = 1 − y². float32: correctly rounded. */
    record Tanh(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.TANH, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> gradient(Function.TANH, g, y));
        }
    }

    /** y = log(1 + eˣ); ∂y/∂x = sigmoid(x). float32: correctly rounded. */
    record Softplus(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.SOFTPLUS, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.sigmoid()));
        }
    }

    /** y = eᶻ / Σ eᶻ along the last axis, with z = x − max x. */
    record Softmax(Value x) implements Unary {
        /** Checks that there is an axis. */
        public Softmax {
            requireAxis("softmax", x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.fused(Fusion.SOFTMAX, x.tensor()).orElseGet(() -> composed(backend));
        }

        private Tensor composed(Backend backend) {
            Tensor largest = backend.reduce(Reduction.MAX, x.tensor(), -1);
            Tensor z = backend.zip(Zip.SUBTRACT, x.tensor(), largest);
            Tensor e = backend.map(Function.EXP, z);
            Tensor total = backend.reduce(Reduction.SUM, e, -1);
            Tensor y = backend.zip(Zip.DIVIDE, e, total);
            List.of(largest, z, e, total).forEach(backend::release);
            return y;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.minus(g.times(y).sum(-1)).times(y));
        }
    }

    /** y = z − log Σ eᶻ along the last axis, with z = x − max x. */
    record LogSoftmax(Value x) implements Unary {
        /** Checks that there is an axis. */
        public LogSoftmax {
            requireAxis("log-softmax", x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.fused(Fusion.LOG_SOFTMAX, x.tensor()).orElseGet(() -> composed(backend));
        }

        private Tensor composed(Backend backend) {
            Tensor largest = backend.reduce(Reduction.MAX, x.tensor(), -1);
            Tensor z = backend.zip(Zip.SUBTRACT, x.tensor(), largest);
            Tensor e = backend.map(Function.EXP, z);
            Tensor total = backend.reduce(Reduction.SUM, e, -1);
            Tensor log = backend.map(Function.LOG, total);
            Tensor y = backend.zip(Zip.SUBTRACT, z, log);
            for (Tensor t : new Tensor[] {largest, z, e, total, log}) {
                backend.release(t);
            }
            return y;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            boolean passed = y.takePassedThrough();
            return List.of(() -> passed ? g : g.minus(y.exp().times(g.sum(-1))));
        }
    }

    private static void requireAxis(String operation, Value x) {
        if (x.shape().rank() == 0) {
            throw new ShapeException(operation + ": input is a scalar, it needs a last axis to run along");
        }
    }

    /** g if y &gt; 0, else 0. */
    record ReluGradient(Value g, Value y) implements Gradient {
        @Override
        public Zip function() {
            return Zip.RELU_GRADIENT;
        }

        @Override
        public List<Supplier<Value>> vjp(Value result, Value u) {
            return List.of(() -> gradient(Function.RELU, u, y), () -> u.times(0));
        }
    }

    /** g · y(1 − y). */
    record SigmoidGradient(Value g, Value y) implements Gradient {
        @Override
        public Zip function() {
            return Zip.SIGMOID_GRADIENT;
        }

        @Override
        public List<Supplier<Value>> vjp(Value result, Value u) {
            return List.of(() -> gradient(Function.SIGMOID, u, y), () -> u.times(g).times(y.times(-2).plus(1)));
        }
    }

    /** g · (1 − y²). */
    record TanhGradient(Value g, Value y) implements Gradient {
        @Override
        public Zip function() {
            return Zip.TANH_GRADIENT;
        }

        @Override
        public List<Supplier<Value>> vjp(Value result, Value u) {
            return List.of(() -> gradient(Function.TANH, u, y), () -> u.times(g).times(y.times(-2)));
        }
    }
}
