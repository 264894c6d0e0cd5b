package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * NAdam (Dozat 2016): Adam with Nesterov's momentum, and a momentum that warms up.
 *
 * <pre>
 *   μ, ν as in Adam      bₜ = β₁·(1 − ½·0.96^(ψ·t))      Π ← Π·bₜ, from 1
 *   Δw = (g·(−η·(1 − bₜ)/(1 − Π)) + μ·(−η·bₜ₊₁/(1 − Π·bₜ₊₁))) / (√ν·(1/√(1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * PyTorch and Keras differ in ψ (0.004 and 1), in ε and in the default η.
 *
 * @param momentumDecay ψ
 */
public record NAdam(double learningRate, double beta1, double beta2, double epsilon, double momentumDecay) implements Rule<NAdam.State> {
    private static final double BASE = 0.96;

    /** Adam's moments, and the product of the momenta so far. */
    public record State(long count, double product, Tensor mu, Tensor nu) implements gradus.optim.State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return gradus.optim.State.sorted("mu", mu, "nu", nu);
        }

        @Override
        public SortedMap<String, Double> numbers() {
            return new TreeMap<>(Map.of("product", product));
        }
    }

    /** Checks the numbers. */
    public NAdam {
        Settings.requireNotNegative("NAdam", "learningRate", learningRate, "epsilon", epsilon, "momentumDecay", momentumDecay);
        Settings.requireShares("NAdam", "beta1", beta1, "beta2", beta2);
    }

    /** {@code torch.optim.NAdam}: β₁ = 0.9, β₂ = 0.999, ε = 1e-8, ψ = 0.004; its default η is 0.002. */
    public static NAdam torch(double learningRate) {
        return new NAdam(learningRate, 0.9, 0.999, 1e-8, 0.004);
    }

    /** {@code keras.optimizers.Nadam}: β₁ = 0.9, β₂ = 0.999, ε = 1e-7, ψ = 1; its default η is 0.001. */
    public static NAdam keras(double learningRate) {
        return new NAdam(learningRate, 0.9, 0.999, 1e-7, 1);
    }

    /** {@code keras.optimizers.Nadam} of Keras 2.3: β₁ = 0.9, β₂ = 0.999, ε = 1e-7, ψ = 0.004; its default η is 0.002. */
    public static NAdam keras2(double learningRate) {
        return new NAdam(learningRate, 0.9, 0.999, 1e-7, 0.004);
    }

    @Override
    public State init(Tensor w) {
        return new State(0, 1, gradus.optim.State.zeros(w), gradus.optim.State.zeros(w));
    }

    @Override
    public Change<State> apply(Arithmetic math, State s, Tensor g, Tensor w) {
        long t = s.count() + 1;
        double now = momentum(t);
        double next = momentum(t + 1);
        double product = s.product() * now;
        Tensor mu = math.mix(beta1, s.mu(), 1 - beta1, g);
        Tensor nu = math.mix(beta2, s.nu(), 1 - beta2, math.square(g));
        double correction = Math.sqrt(1 - StrictMath.pow(beta2, t));
        Tensor denominator = math.note("denominator", math.plus(math.times(math.sqrt(nu), 1 / correction), epsilon));
        Tensor ahead = math.mix(-learningRate * (1 - now) / (1 - product), g, -learningRate * next / (1 - product * next), mu);
        return new Change<>(new State(t, product, mu, nu), math.dividedBy(ahead, denominator));
    }

    private double momentum(long t) {
        return beta1 * (1 - 0.5 * StrictMath.pow(BASE, t * momentumDecay));
    }

    @Override
    public State restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State(count, gradus.optim.State.named("product", numbers), gradus.optim.State.named("mu", tensors),
                gradus.optim.State.named("nu", tensors));
    }

    @Override
    public SequencedMap<String, Double> settings() {
        SequencedMap<String, Double> settings = Settings.of("learningRate", learningRate, "beta1", beta1, "beta2", beta2, "epsilon", epsilon);
        settings.put("momentumDecay", momentumDecay);
        return settings;
    }

    @Override
    public NAdam withSettings(Map<String, Double> s) {
        return new NAdam(s.get("learningRate"), s.get("beta1"), s.get("beta2"), s.get("epsilon"), s.get("momentumDecay"));
    }
}
