package gradus.op;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Batch normalization (Ioffe and Szegedy 2015) of x [N, C] or [N, C, H, W] over everything but the channels, with the gradients as fused
 * passes. With M = N·H·W terms a channel, μ = mean x, v = mean (x − μ)², r = 1/√(v + ε), x̂ = (x − μ)·r:
 *
 * <pre>
 *   y = φ(γx̂ + β)      ∂β = Σg      ∂γ = Σg·x̂      ∂x = γr·(g − mean g − x̂·mean(g·x̂))
 * </pre>
 */
public sealed interface Normalization extends Op {
    /** Mean and biased variance of each channel, [C] each, as constants of the tape; ε, and the terms M that each is the mean of. */
    record Moments(Value mean, Value variance, double epsilon, int terms) {
        /** The moments of a batch. */
        public static Moments of(Value x, double epsilon) {
            requireChannels("batch norm", x);
            int terms = x.shape().dim(1) == 0 ? 0 : x.size() / x.shape().dim(1);
            Backend backend = x.tape().backend();
            Convolutions passes = backend.convolutions();
            Tensor mean = divided(backend, passes.channelSums(x.tensor()), terms);
            Tensor variance = divided(backend, passes.channelSquares(x.tensor(), mean), terms);
            return new Moments(x.tape().own(mean), x.tape().own(variance), epsilon, terms);
        }

        private Tensor reciprocalDeviation(Backend backend) {
            Tensor shifted = backend.zip(Zip.ADD, variance.tensor(), epsilon);
            Tensor r = backend.map(Function.RSQRT, shifted);
            backend.release(shifted);
            return r;
        }

        /** γ·r for each channel, [C]. */
        private Tensor scale(Backend backend, Tensor gamma) {
            Tensor r = reciprocalDeviation(backend);
            Tensor scale = backend.zip(Zip.MULTIPLY, gamma, r);
            backend.release(r);
            return scale;
        }

        /** Σg and Σg·(x − μ) as constants: what all three gradients share. */
        private Sums sums(Value g, Value x) {
            Convolutions passes = g.tape().backend().convolutions();
            return new Sums(g.tape().own(passes.channelSums(g.tensor())),
                    g.tape().own(passes.channelProducts(g.tensor(), x.tensor(), mean.tensor())));
        }
    }

    /** Σg and Σg·(x − μ) for each channel, [C] each, worked out once. */
    record Sums(Value plain, Value product) {}

    /** Σ x for each channel: [N, C, …] → [C]. */
    record ChannelSum(Value x) implements Normalization {
        /** Checks the shape. */
        public ChannelSum {
            requireChannels("channel sum", x);
        }

        @Override
        public List<Value> inputs() {
            return List.of(x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().channelSums(x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> along(g, x).broadcastTo(x.shape()));
        }
    }

    /** y = φ(γx̂ + β) with the moments of x itself: batch normalization while training. */
    record BatchNorm(Value x, Value gamma, Value beta, Moments moments, Epilogue phi) implements Normalization {
        /** Checks the shapes. */
        public BatchNorm {
            requireParameters(x, gamma, beta);
        }

        @Override
        public List<Value> inputs() {
            return List.of(x, gamma, beta);
        }

        @Override
        public Tensor forward(Backend backend) {
            return normalized(backend, x, gamma, beta, moments, phi);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            Value gz = Activation.beforePhi(phi, y, g);
            Sums sums = moments.sums(gz, x);
            Tape tape = g.tape();
            BatchNormGradient toInput = new BatchNormGradient(gz, x, gamma, moments, sums);
            return List.of(() -> Activation.through(x, (backend, target) -> toInput.dx(tape.backend(), target.phi()), () -> tape.apply(toInput)),
                    () -> tape.apply(new BatchNormScaleGradient(gz, x, moments, sums)),
                    () -> tape.recording() ? tape.apply(new ChannelSum(gz)) : sums.plain());
        }
    }

    /** ∂x = γr·(g − mean g − x̂·mean(g·x̂)). */
    record BatchNormGradient(Value g, Value x, Value gamma, Moments moments, Sums sums) implements Normalization {
        @Override
        public List<Value> inputs() {
            return List.of(g, x, gamma);
        }

        @Override
        public Tensor forward(Backend backend) {
            return dx(backend, Epilogue.IDENTITY);
        }

        /** @param below the rectifier that made x, through which the gradient is taken, or the identity */
        private Tensor dx(Backend backend, Epilogue below) {
            Tensor r = moments.reciprocalDeviation(backend);
            Tensor square = backend.map(Function.SQUARE, r);
            Tensor scale = backend.zip(Zip.MULTIPLY, gamma.tensor(), r);
            Tensor offset = backend.zip(Zip.DIVIDE, sums.plain.tensor(), moments.terms);
            Tensor share = backend.zip(Zip.DIVIDE, sums.product.tensor(), moments.terms);
            Tensor slope = backend.zip(Zip.MULTIPLY, share, square);
            Convolutions images = backend.convolutions();
            Tensor dx = below.kind() == Epilogue.Kind.IDENTITY ? images.normalizeGradient(g.tensor(), x.tensor(), moments.mean.tensor(), offset, slope, scale)
                    : images.throughActivations().normalizeGradient(g.tensor(), x.tensor(), moments.mean.tensor(), offset, slope, scale, below);
            List.of(r, square, scale, offset, share, slope).forEach(backend::release);
            return dx;
        }

        /**
         * ∂x is linear in g and self-adjoint. By x, with P(g) = r·(g − mean g − x̂·mean(g·x̂)):
         * {@code −γr·(x̂·mean(u·P(g)) + mean(g·x̂)·P(u) + mean(u·x̂)·P(g))}.
         */
        @Override
        public List<Supplier<Value>> vjp(Value dx, Value u) {
            Value one = constant(x, 1);
            Supplier<Value> product = () -> u.tape().apply(new ChannelSum(u.times(projected(g, x, one, moments))));
            return List.of(() -> projected(u, x, gamma, moments), () -> {
                Value hat = u.tape().apply(new BatchNorm(x, one, constant(x, 0), moments, Epilogue.IDENTITY));
                Value first = hat.times(along(product.get().dividedBy(moments.terms), x));
                Value second = projected(u, x, scaleGradient(g, x, moments).dividedBy(moments.terms), moments);
                Value third = projected(g, x, scaleGradient(u, x, moments).dividedBy(moments.terms), moments);
                Value r = variance(x).plus(moments.epsilon).rsqrt();
                return first.plus(second).plus(third).times(along(gamma, x).times(r)).negate();
            }, product);
        }
    }

    /** ∂γ = Σg·x̂ for each channel. */
    record BatchNormScaleGradient(Value g, Value x, Moments moments, Sums sums) implements Normalization {
        @Override
        public List<Value> inputs() {
            return List.of(g, x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return moments.scale(backend, sums.product.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value v) {
            return List.of(() -> v.tape().apply(new BatchNorm(x, v, constant(x, 0), moments, Epilogue.IDENTITY)), () -> projected(g, x, v, moments));
        }
    }

    /** y = φ(γ·(x − mean)·r + β) with given moments, most often the running ones: batch normalization in use. */
    record Normalize(Value x, Value gamma, Value beta, Moments moments, Epilogue phi) implements Normalization {
        /** Checks the shapes. */
        public Normalize {
            requireParameters(x, gamma, beta);
        }

        @Override
        public List<Value> inputs() {
            return List.of(x, gamma, beta);
        }

        @Override
        public Tensor forward(Backend backend) {
            return normalized(backend, x, gamma, beta, moments, phi);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            Value gz = Activation.gradient(phi, g, y);
            Tape tape = g.tape();
            Supplier<Value> r = () -> tape.own(moments.reciprocalDeviation(tape.backend()));
            return List.of(() -> gz.times(along(gamma.times(r.get()), x)),
                    () -> tape.apply(new ChannelSum(gz.times(x.minus(along(moments.mean, x))))).times(r.get()),
                    () -> tape.apply(new ChannelSum(gz)));
        }
    }

    private static Tensor normalized(Backend backend, Value x, Value gamma, Value beta, Moments moments, Epilogue phi) {
        Tensor scale = moments.scale(backend, gamma.tensor());
        Tensor y = backend.convolutions().normalize(x.tensor(), moments.mean.tensor(), scale, beta.tensor(), phi);
        backend.release(scale);
        return y;
    }

    private static Value projected(Value g, Value x, Value gamma, Moments moments) {
        return g.tape().apply(new BatchNormGradient(g, x, gamma, moments, moments.sums(g, x)));
    }

    private static Value scaleGradient(Value g, Value x, Moments moments) {
        return g.tape().apply(new BatchNormScaleGradient(g, x, moments, moments.sums(g, x)));
    }

    /** The biased variance over everything but the channels, as a differentiable value [1, C, 1, …]. */
    private static Value variance(Value x) {
        int[] axes = new int[x.shape().rank() - 1];
        Arrays.setAll(axes, i -> i == 0 ? 0 : i + 1);
        return x.variance(axes);
    }

    private static Value constant(Value x, double value) {
        Backend backend = x.tape().backend();
        Tensor t = backend.allocate(x.dtype(), Shape.of(x.shape().dim(1)));
        backend.fill(t, value);
        return x.tape().own(t);
    }

    /** [C] as [1, C, 1, …], to be broadcast over x. */
    private static Value along(Value channels, Value x) {
        int[] dims = new int[x.shape().rank()];
        Arrays.fill(dims, 1);
        dims[1] = x.shape().dim(1);
        return channels.reshape(dims);
    }

    private static Tensor divided(Backend backend, Tensor sum, int terms) {
        Tensor mean = backend.zip(Zip.DIVIDE, sum, terms);
        backend.release(sum);
        return mean;
    }

    private static void requireChannels(String operation, Value x) {
        if (x.shape().rank() < 2) {
            throw new ShapeException(operation + ": input " + x.shape() + " must have samples and channels, [N, C, …]");
        }
    }

    private static void requireParameters(Value x, Value gamma, Value beta) {
        requireChannels("batch norm", x);
        int channels = x.shape().dim(1);
        DType type = x.dtype();
        for (Value p : List.of(gamma, beta)) {
            if (p.shape().rank() != 1 || p.shape().dim(0) != channels) {
                throw new ShapeException("batch norm: input has " + channels + " channels " + x.shape() + " but scale " + gamma.shape() + " and shift " + beta.shape()
                        + " must be [" + channels + "] each");
            }
            if (p.dtype() != type) {
                throw new ShapeException("batch norm: input " + x.tensor() + ", scale " + gamma.tensor() + " and shift " + beta.tensor() + " must have one type");
            }
        }
    }
}
