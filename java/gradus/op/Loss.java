package gradus.op;

import gradus.backend.Backend;
import gradus.backend.Epilogue;
import gradus.backend.Fusion;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Losses that are worth a pass of their own; the others are compositions, in {@link Losses}. */
public sealed interface Loss extends Op {
    /** The prediction. */
    Value x();

    /** What was wanted, of the same shape. */
    Value target();

    @Override
    default List<Value> inputs() {
        return List.of(x(), target());
    }

    private static void requireSameShape(String operation, Value x, Value target) {
        if (!x.shape().equals(target.shape()) || x.dtype() != target.dtype()) {
            throw new ShapeException(operation + ": prediction " + x.tensor() + " and target " + target.tensor() + " must have one shape and type");
        }
    }

    /** Σ (x − t)² / n over all n elements: a scalar. */
    record MeanSquaredError(Value x, Value target) implements Loss {
        /** Checks the shapes. */
        public MeanSquaredError {
            requireSameShape("mse", x, target);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.fused(Fusion.MEAN_SQUARED_ERROR, x.tensor(), target.tensor()).orElseGet(() -> composed(backend));
        }

        private Tensor composed(Backend backend) {
            Tensor difference = backend.zip(Zip.SUBTRACT, x.tensor(), target.tensor());
            Tensor sum = backend.reduce(Reduction.SUM_OF_SQUARES, difference);
            Tensor mean = backend.zip(Zip.DIVIDE, sum.reshape(), x.size());
            backend.release(difference);
            backend.release(sum);
            return mean;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            Supplier<Value> toPrediction = () -> {
                Value c = g.times(2.0 / x.size());
                return inOnePass(c).orElseGet(() -> x.minus(target).times(c));
            };
            return List.of(toPrediction, () -> toPrediction.get().negate());
        }

        /** For a training step, whose backward pass is not recorded: also through the sigmoid of the layer that made x, when nobody else reads x. */
        private Optional<Value> inOnePass(Value c) {
            if (x.tape().recording()) {
                return Optional.empty();
            }
            boolean sigmoid = x.op() instanceof Product.Affine dense && dense.activation() == Function.SIGMOID
                    || x.op() instanceof Convolution images && images.phi().kind() == Epilogue.Kind.SIGMOID;
            boolean through = sigmoid && x.readers == 1 && !target.differentiable();
            Optional<Tensor> gradient = x.tape().backend().squaresGradient(x.tensor(), target.tensor(), c.tensor(), through);
            gradient.ifPresent(found -> x.passedThrough = through);
            return gradient.map(x.tape()::own);
        }
    }

    /**
     * −Σ (t·log p + (1 − t)·log(1 − p)) / n over all n elements: a scalar. The logarithms are limited to −100 from below and the denominator
     * p(1 − p) of the gradient to 1e-12, as in PyTorch.
     */
    record BinaryCrossEntropy(Value x, Value target) implements Loss {
        /** Checks the shapes. */
        public BinaryCrossEntropy {
            requireSameShape("binary cross-entropy", x, target);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.fused(Fusion.BINARY_CROSS_ENTROPY, x.tensor(), target.tensor()).orElseGet(() -> composed(backend));
        }

        private Tensor composed(Backend backend) {
            Tape scratch = new Tape(backend);
            Value p = scratch.constant(x.tensor());
            Value t = scratch.constant(target.tensor());
            Value logP = floored(p.log());
            Value logQ = floored(p.negate().log1p());
            Value mean = t.minus(1).times(logQ).minus(t.times(logP)).mean().keep();
            Tensor result = backend.allocate(x.dtype(), Shape.SCALAR);
            backend.copy(mean.tensor(), result);
            scratch.close();
            return result;
        }

        private static Value floored(Value log) {
            return log.clamp(-100, Double.POSITIVE_INFINITY);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> {
                Value spread = x.times(x.subtractedFrom(1)).clamp(1e-12, Double.POSITIVE_INFINITY);
                return x.minus(target).dividedBy(spread).times(g.dividedBy(x.size()));
            }, () -> floored(x.negate().log1p()).minus(floored(x.log())).times(g.dividedBy(x.size())));
        }
    }

    /**
     * −Σ t·l / N over all elements of log-probabilities l [N, …]: a scalar. Behind {@link Activation.LogSoftmax} it is the cross-entropy.
     */
    record NegativeLogLikelihood(Value x, Value target) implements Loss {
        /** Checks the shapes. */
        public NegativeLogLikelihood {
            requireSameShape("log-likelihood", x, target);
            if (x.shape().rank() == 0) {
                throw new ShapeException("log-likelihood: a scalar has no rows to take the mean over");
            }
        }

        private double minusRows() {
            return -x.shape().dim(0);
        }

        @Override
        public Tensor forward(Backend backend) {
            Tensor terms = backend.zip(Zip.MULTIPLY, x.tensor(), target.tensor());
            Tensor sum = backend.reduce(Reduction.SUM, terms);
            Tensor mean = backend.zip(Zip.DIVIDE, sum.reshape(), minusRows());
            backend.release(terms);
            backend.release(sum);
            return mean;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> {
                Value c = g.dividedBy(minusRows());
                return inOnePass(c).orElseGet(() -> target.times(c));
            }, () -> x.times(g.dividedBy(minusRows())));
        }

        /** For a training step, whose backward pass is not recorded: at once through the log-softmax that made x, when nobody else reads x. */
        private Optional<Value> inOnePass(Value c) {
            boolean through = !x.tape().recording() && x.readers == 1 && x.op() instanceof Activation.LogSoftmax;
            Optional<Tensor> gradient = through ? x.tape().backend().logLikelihoodGradient(x.tensor(), target.tensor(), c.tensor()) : Optional.empty();
            gradient.ifPresent(found -> x.passedThrough = true);
            return gradient.map(x.tape()::own);
        }
    }
}
