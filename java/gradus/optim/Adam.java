package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
 * Factors that hold no tensor are computed in float64 and rounded once. ε weighs 1/√(1 − β₂ᵗ) times more in Keras: 31.6 times at the first step.
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, Dialect dialect) implements Rule<Adam.State> {
    /** First and second moment of the gradient, not corrected for their start at 0. */
    public record State(long count, Tensor mu, Tensor nu) implements gradus.optim.State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return new TreeMap<>(Map.of("mu", mu, "nu", nu));
        }
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
    public Adam withLearningRate(double eta) {
        return new Adam(eta, beta1, beta2, epsilon, dialect);
    }

    @Override
    public State init(Tensor w) {
        return new State(0, Slots.zeros(w), Slots.zeros(w));
    }

    @Override
    public Change<State> apply(Arithmetic math, State s, Tensor g, Tensor w) {
        long t = s.count() + 1;
        Tensor mu = math.plus(math.times(s.mu(), beta1), math.times(g, 1 - beta1));
        Tensor nu = math.plus(math.times(s.nu(), beta2), math.times(math.square(g), 1 - beta2));
        double rate = -learningRate / (1 - StrictMath.pow(beta1, t));
        double root = Math.sqrt(1 - StrictMath.pow(beta2, t));
        Tensor update = switch (dialect) {
            case TORCH -> math.times(math.dividedBy(mu, math.plus(math.times(math.sqrt(nu), 1 / root), epsilon)), rate);
            case KERAS -> math.times(math.dividedBy(mu, math.plus(math.sqrt(nu), epsilon)), rate * root);
        };
        return new Change<>(new State(t, mu, nu), update);
    }

    @Override
    public State restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State(count, Slots.named("mu", tensors), Slots.named("nu", tensors));
    }
}
