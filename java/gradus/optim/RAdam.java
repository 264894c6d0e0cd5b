package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * RAdam (Liu et al. 2020), as PyTorch has it: Adam that does without its denominator until the variance of that is tractable.
 *
 * <pre>
 *   μ, ν as in Adam      ρ∞ = 2/(1 − β₂) − 1      ρ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)
 *   ρ &gt; 5:   Δw = (μ / (√ν + ε)) · (−η·r·√(1 − β₂ᵗ)/(1 − β₁ᵗ)),   r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))
 *   else:    Δw = μ·(−η/(1 − β₁ᵗ))
 * </pre>
 *
 * The paper's threshold is 4. Keras has no RAdam.
 */
public record RAdam(double learningRate, double beta1, double beta2, double epsilon) implements Rule<State.Moments> {
    /** Checks the numbers. */
    public RAdam {
        Settings.requireNotNegative("RAdam", "learningRate", learningRate, "epsilon", epsilon);
        Settings.requireShares("RAdam", "beta1", beta1, "beta2", beta2);
    }

    /** {@code torch.optim.RAdam}: β₁ = 0.9, β₂ = 0.999, ε = 1e-8; its default η is 0.001. */
    public static RAdam torch(double learningRate) {
        return new RAdam(learningRate, 0.9, 0.999, 1e-8);
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

    private Tensor update(Arithmetic math, long t, Tensor mu, Tensor nu) {
        double power = StrictMath.pow(beta2, t);
        double longest = 2 / (1 - beta2) - 1;
        double rho = longest - 2 * t * power / (1 - power);
        double rate = -learningRate / (1 - StrictMath.pow(beta1, t));
        if (rho <= 5) {
            return math.times(mu, rate);
        }
        double rectifier = Math.sqrt((rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho));
        Tensor denominator = math.note("denominator", math.plus(math.sqrt(nu), epsilon));
        return math.times(math.dividedBy(mu, denominator), rate * rectifier * Math.sqrt(1 - power));
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
    public RAdam withSettings(Map<String, Double> s) {
        return new RAdam(s.get("learningRate"), s.get("beta1"), s.get("beta2"), s.get("epsilon"));
    }
}
