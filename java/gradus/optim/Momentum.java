package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Gradient descent with momentum (Polyak 1964, the heavy ball).
 *
 * <pre>
 *   PyTorch:  v ← μ·v + (1 − τ)·g     Δw = v·(−η)      the first step takes τ = 0
 *   Keras:    v ← μ·v + (−η)·g        Δw = v
 * </pre>
 *
 * The two are equal while η stays the same and τ = 0. When η changes, PyTorch's velocity follows at once, Keras' keeps the steps it was made of.
 *
 * @param momentum  μ
 * @param dampening τ, for PyTorch's reading; 0 in Keras'
 */
public record Momentum(double learningRate, double momentum, double dampening, Dialect dialect) implements Rule<State.Velocity> {
    /** {@code torch.optim.SGD} with momentum and no dampening. */
    public static Momentum torch(double learningRate, double momentum) {
        return new Momentum(learningRate, momentum, 0, Dialect.TORCH);
    }

    /** {@code keras.optimizers.SGD} with momentum. */
    public static Momentum keras(double learningRate, double momentum) {
        return new Momentum(learningRate, momentum, 0, Dialect.KERAS);
    }

    /** Checks the numbers, and that Keras' reading has no dampening. */
    public Momentum {
        Settings.requireNotNegative("Momentum", "learningRate", learningRate, "momentum", momentum);
        if (dialect == Dialect.KERAS && dampening != 0) {
            throw new IllegalArgumentException("Momentum: dampening " + dampening + " is PyTorch's; Keras has none");
        }
    }

    @Override
    public State.Velocity init(Tensor w) {
        return new State.Velocity(0, State.zeros(w));
    }

    @Override
    public Change<State.Velocity> apply(Arithmetic math, State.Velocity s, Tensor g, Tensor w) {
        long t = s.count() + 1;
        return switch (dialect) {
            case TORCH -> {
                Tensor v = math.mix(momentum, s.velocity(), t == 1 ? 1 : 1 - dampening, g);
                yield new Change<>(new State.Velocity(t, v), math.times(v, -learningRate));
            }
            case KERAS -> {
                Tensor v = math.mix(momentum, s.velocity(), -learningRate, g);
                yield new Change<>(new State.Velocity(t, v), v);
            }
        };
    }

    @Override
    public State.Velocity restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return State.Velocity.of(count, tensors);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "momentum", momentum, "dampening", dampening);
    }

    @Override
    public Momentum withSettings(Map<String, Double> s) {
        return new Momentum(s.get("learningRate"), s.get("momentum"), s.get("dampening"), dialect);
    }
}
