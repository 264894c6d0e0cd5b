package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Adam (Kingma and Ba 2015).
 *
 * <pre>
 *   μ ← β₁·μ + (1 − β₁)·g
 *   ν ← β₂·ν + (1 − β₂)·g²
 *   PyTorch (algorithm 1):                  Δw = (μ / (√ν·(1/√(1 − β₂ᵗ)) + ε)) · (−η/(1 − β₁ᵗ))
 *   Keras (the form before section 2.1):    Δw = (μ / (√ν + ε)) · (−η·√(1 − β₂ᵗ)/(1 − β₁ᵗ))
 * </pre>
 *
 * ε weighs 1/√(1 − β₂ᵗ) times more in Keras: 31.6 times at the first step.
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, Dialect dialect) implements Rule<State.Moments> {
    /** Checks the numbers. */
    public Adam {
        Settings.requireNotNegative("Adam", "learningRate", learningRate, "epsilon", epsilon);
        Settings.requireShares("Adam", "beta1", beta1, "beta2", beta2);
    }

    /** {@code torch.optim.Adam}: β₁ = 0.9, β₂ = 0.999, ε = 1e-8; its default η is 0.001. */
    public static Adam torch(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-8, Dialect.TORCH);
    }

    /** {@code keras.optimizers.Adam}: β₁ = 0.9, β₂ = 0.999, ε = 1e-7; its default η is 0.001. */
    public static Adam keras(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-7, Dialect.KERAS);
    }

    @Override
    public State.Moments init(Tensor w) {
        return State.Moments.zero(w);
    }

    @Override
    public Change<State.Moments> apply(Arithmetic math, State.Moments s, Tensor g, Tensor w) {
        long t = s.count() + 1;
        Tensor mu = math.mix(beta1, s.mu(), 1 - beta1, g);
        Tensor nu = math.mix(beta2, s.nu(), 1 - beta2, math.square(g));
        return new Change<>(new State.Moments(t, mu, nu), update(math, t, mu, nu));
    }

    /** Δw after t steps, from the moments as they are kept. */
    Tensor update(Arithmetic math, long t, Tensor mu, Tensor nu) {
        double correction1 = 1 - StrictMath.pow(beta1, t);
        double correction2 = Math.sqrt(1 - StrictMath.pow(beta2, t));
        return switch (dialect) {
            case TORCH -> {
                Tensor denominator = math.note("denominator", math.plus(math.times(math.sqrt(nu), 1 / correction2), epsilon));
                yield math.times(math.dividedBy(mu, denominator), -learningRate / correction1);
            }
            case KERAS -> {
                Tensor denominator = math.note("denominator", math.plus(math.sqrt(nu), epsilon));
                yield math.times(math.dividedBy(mu, denominator), -learningRate * correction2 / correction1);
            }
        };
    }

    @Override
    public State.Moments restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return State.Moments.of(count, tensors);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "beta1", beta1, "beta2", beta2, "epsilon", epsilon);
    }

    @Override
    public Adam withSettings(Map<String, Double> s) {
        return new Adam(s.get("learningRate"), s.get("beta1"), s.get("beta2"), s.get("epsilon"), dialect);
    }
}
