package gradus.optim;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Nesterov's accelerated gradient (Nesterov 1983), in three readings.
 *
 * <pre>
 *   PyTorch:    v ← g + μ·v           Δw = (g + μ·v)·(−η)
 *   Keras:      v ← μ·v + (−η)·g      Δw = μ·v + (−η)·g
 *   Sutskever:  v′ = μ·v + (−η)·g     Δw = (1 + μ)·v′ + (−μ)·v
 * </pre>
 *
 * Sutskever et al. (2013, equations 3 and 4) take the gradient ahead of the position θ, at θ + μ·v. Here the weights are those points ahead,
 * w = θ + μ·v, so any training loop takes the gradient at the right place; {@link #position} gives θ. Keras' rule is the same
 * sequence of w, written without θ (Bengio et al. 2013). PyTorch's is Keras' while η stays the same, and parts from it when η changes.
 *
 * @param momentum μ
 */
public record Nesterov(double learningRate, double momentum, Reading reading) implements Rule<State.Velocity> {
    /** Checks the numbers. */
    public Nesterov {
        Settings.requireNotNegative("Nesterov", "learningRate", learningRate, "momentum", momentum);
    }

    /** Whose formula. */
    public enum Reading {
        /** {@code torch.optim.SGD(nesterov=True)}. */
        TORCH,
        /** {@code keras.optimizers.SGD(nesterov=True)}. */
        KERAS,
        /** Sutskever et al. 2013. */
        SUTSKEVER
    }

    /** {@code torch.optim.SGD} with {@code nesterov=True}. */
    public static Nesterov torch(double learningRate, double momentum) {
        return new Nesterov(learningRate, momentum, Reading.TORCH);
    }

    /** {@code keras.optimizers.SGD} with {@code nesterov=True}. */
    public static Nesterov keras(double learningRate, double momentum) {
        return new Nesterov(learningRate, momentum, Reading.KERAS);
    }

    /** Sutskever's form; the weights that training sees are the points ahead. */
    public static Nesterov sutskever(double learningRate, double momentum) {
        return new Nesterov(learningRate, momentum, Reading.SUTSKEVER);
    }

    @Override
    public State.Velocity init(Tensor w) {
        return new State.Velocity(0, State.zeros(w));
    }

    @Override
    public Change<State.Velocity> apply(Arithmetic math, State.Velocity s, Tensor g, Tensor w) {
        Tensor v = switch (reading) {
            case TORCH -> math.plus(g, math.times(s.velocity(), momentum));
            case KERAS, SUTSKEVER -> math.mix(momentum, s.velocity(), -learningRate, g);
        };
        Tensor update = switch (reading) {
            case TORCH -> math.times(math.plus(g, math.times(v, momentum)), -learningRate);
            case KERAS -> math.mix(momentum, v, -learningRate, g);
            case SUTSKEVER -> math.mix(1 + momentum, v, -momentum, s.velocity());
        };
        return new Change<>(new State.Velocity(s.count() + 1, v), update);
    }

    /** Sutskever's θ = w − μ·v, from the weights that training sees; in the other readings the weights themselves. */
    public Tensor position(Backend backend, Tensor w, Tensor velocity) {
        if (reading != Reading.SUTSKEVER) {
            return w;
        }
        try (ImmediateArithmetic math = new ImmediateArithmetic(backend)) {
            Tensor theta = math.plus(w, math.times(velocity, -momentum));
            math.keep(theta);
            return theta;
        }
    }

    @Override
    public State.Velocity restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return State.Velocity.of(count, tensors);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "momentum", momentum);
    }

    @Override
    public Nesterov withSettings(Map<String, Double> s) {
        return new Nesterov(s.get("learningRate"), s.get("momentum"), reading);
    }
}
