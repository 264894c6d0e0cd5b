package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6.5; centered: Graves 2013).
 *
 * <pre>
 *   ν ← ρ·ν + (1 − ρ)·g²        centered: m ← ρ·m + (1 − ρ)·g and σ² = ν − m², else σ² = ν
 *   PyTorch:  r = g / (√σ² + ε)       v ← r + μ·v          Δw = v·(−η)
 *   Keras:    r = g / √(σ² + ε)       v ← μ·v + η·r        Δw = −v
 * </pre>
 *
 * Without momentum there is no v, and Δw = r·(−η).
 *
 * @param decay    ρ, PyTorch's α
 * @param momentum μ; 0 for none
 */
public record RmsProp(double learningRate, double decay, double epsilon, double momentum, boolean centered, Dialect dialect)
        implements Rule<RmsProp.State> {
    /** Running mean of the squared gradient; of the gradient if centered, else null; the velocity if there is momentum, else null. */
    public record State(long count, Tensor nu, Tensor mean, Tensor velocity) implements gradus.optim.State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return gradus.optim.State.sorted("nu", nu, "mean", mean, "velocity", velocity);
        }
    }

    /** Checks the numbers. */
    public RmsProp {
        Settings.requireNotNegative("RmsProp", "learningRate", learningRate, "epsilon", epsilon, "momentum", momentum);
        Settings.requireShares("RmsProp", "decay", decay);
    }

    /** {@code torch.optim.RMSprop}: ρ = 0.99, ε = 1e-8, no momentum, not centered; its default η is 0.01. */
    public static RmsProp torch(double learningRate) {
        return new RmsProp(learningRate, 0.99, 1e-8, 0, false, Dialect.TORCH);
    }

    /** {@code keras.optimizers.RMSprop}: ρ = 0.9, ε = 1e-7, no momentum, not centered; its default η is 0.001. */
    public static RmsProp keras(double learningRate) {
        return new RmsProp(learningRate, 0.9, 1e-7, 0, false, Dialect.KERAS);
    }

    /** {@code keras.optimizers.RMSprop} of Keras 2.3: PyTorch's place of ε, ρ = 0.9, ε = 1e-7; its default η is 0.001. */
    public static RmsProp keras2(double learningRate) {
        return new RmsProp(learningRate, 0.9, 1e-7, 0, false, Dialect.TORCH);
    }

    /** The same rule with momentum. */
    public RmsProp withMomentum(double mu) {
        return new RmsProp(learningRate, decay, epsilon, mu, centered, dialect);
    }

    /** The same rule with the variance of the gradient in the place of its second moment. */
    public RmsProp withCentering() {
        return new RmsProp(learningRate, decay, epsilon, momentum, true, dialect);
    }

    @Override
    public State init(Tensor w) {
        return new State(0, gradus.optim.State.zeros(w), centered ? gradus.optim.State.zeros(w) : null,
                momentum > 0 ? gradus.optim.State.zeros(w) : null);
    }

    @Override
    public Change<State> apply(Arithmetic math, State s, Tensor g, Tensor w) {
        Tensor nu = math.mix(decay, s.nu(), 1 - decay, math.square(g));
        Tensor mean = centered ? math.mix(decay, s.mean(), 1 - decay, g) : null;
        Tensor variance = centered ? math.minus(nu, math.square(mean)) : nu;
        Tensor denominator = math.note("denominator", switch (dialect) {
            case TORCH -> math.plus(math.sqrt(variance), epsilon);
            case KERAS -> math.sqrt(math.plus(variance, epsilon));
        });
        Tensor ratio = math.dividedBy(g, denominator);
        if (momentum == 0) {
            return new Change<>(new State(s.count() + 1, nu, mean, null), math.times(ratio, -learningRate));
        }
        Tensor v = switch (dialect) {
            case TORCH -> math.plus(ratio, math.times(s.velocity(), momentum));
            case KERAS -> math.mix(momentum, s.velocity(), learningRate, ratio);
        };
        return new Change<>(new State(s.count() + 1, nu, mean, v), math.times(v, dialect == Dialect.TORCH ? -learningRate : -1));
    }

    @Override
    public State restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State(count, gradus.optim.State.named("nu", tensors), centered ? gradus.optim.State.named("mean", tensors) : null,
                momentum > 0 ? gradus.optim.State.named("velocity", tensors) : null);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "decay", decay, "epsilon", epsilon, "momentum", momentum);
    }

    @Override
    public RmsProp withSettings(Map<String, Double> s) {
        return new RmsProp(s.get("learningRate"), s.get("decay"), s.get("epsilon"), s.get("momentum"), centered, dialect);
    }
}
