package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Lion (Chen et al. 2023, algorithm 2), as Keras has it; PyTorch has none.
 *
 * <pre>  Δw = sign(β₁·v + (1 − β₁)·g)·(−η)      v ← β₂·v + (1 − β₂)·g</pre>
 *
 * Every weight moves by η, or not at all where the sign is 0. The paper decays weights as AdamW does: {@link #withDecay}.
 */
public record Lion(double learningRate, double beta1, double beta2) implements Rule<State.Velocity> {
    /** Checks the numbers. */
    public Lion {
        Settings.requireNotNegative("Lion", "learningRate", learningRate);
        Settings.requireShares("Lion", "beta1", beta1, "beta2", beta2);
    }

    /** {@code keras.optimizers.Lion}: β₁ = 0.9, β₂ = 0.99; its default η is 0.001, the paper's 0.0001. */
    public static Lion keras(double learningRate) {
        return new Lion(learningRate, 0.9, 0.99);
    }

    @Override
    public State.Velocity init(Tensor w) {
        return new State.Velocity(0, State.zeros(w));
    }

    @Override
    public Change<State.Velocity> apply(Arithmetic math, State.Velocity s, Tensor g, Tensor w) {
        Tensor direction = math.sign(math.mix(beta1, s.velocity(), 1 - beta1, g));
        Tensor v = math.mix(beta2, s.velocity(), 1 - beta2, g);
        return new Change<>(new State.Velocity(s.count() + 1, v), math.times(direction, -learningRate));
    }

    @Override
    public State.Velocity restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return State.Velocity.of(count, tensors);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "beta1", beta1, "beta2", beta2);
    }

    @Override
    public Lion withSettings(Map<String, Double> s) {
        return new Lion(s.get("learningRate"), s.get("beta1"), s.get("beta2"));
    }
}
