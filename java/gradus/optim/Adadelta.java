package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * Adadelta (Zeiler 2012).
 *
 * <pre>
 *   ν ← ρ·ν + (1 − ρ)·g²      d = √(u + ε) / √(ν + ε) · g      u ← ρ·u + (1 − ρ)·d²      Δw = d·(−η)
 * </pre>
 *
 * PyTorch and Keras compute the same; their defaults differ. Zeiler's rule has η = 1.
 *
 * @param decay ρ
 */
public record Adadelta(double learningRate, double decay, double epsilon) implements Rule<Adadelta.State> {
    /** Running means of the squared gradient (ν) and of the squared step (u). */
    public record State(long count, Tensor nu, Tensor delta) implements gradus.optim.State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return gradus.optim.State.sorted("nu", nu, "delta", delta);
        }
    }

    /** Checks the numbers. */
    public Adadelta {
        Settings.requireNotNegative("Adadelta", "learningRate", learningRate, "epsilon", epsilon);
        Settings.requireShares("Adadelta", "decay", decay);
    }

    /** {@code torch.optim.Adadelta}: η = 1, ρ = 0.9, ε = 1e-6. */
    public static Adadelta torch() {
        return new Adadelta(1, 0.9, 1e-6);
    }

    /** {@code keras.optimizers.Adadelta} of Keras 2: η = 1, ρ = 0.95, ε = 1e-7. */
    public static Adadelta keras2() {
        return new Adadelta(1, 0.95, 1e-7);
    }

    /** {@code keras.optimizers.Adadelta} of Keras 3: η = 0.001, ρ = 0.95, ε = 1e-7. */
    public static Adadelta keras3() {
        return new Adadelta(0.001, 0.95, 1e-7);
    }

    @Override
    public State init(Tensor w) {
        return new State(0, gradus.optim.State.zeros(w), gradus.optim.State.zeros(w));
    }

    @Override
    public Change<State> apply(Arithmetic math, State s, Tensor g, Tensor w) {
        Tensor nu = math.mix(decay, s.nu(), 1 - decay, math.square(g));
        Tensor denominator = math.note("denominator", math.sqrt(math.plus(nu, epsilon)));
        Tensor d = math.times(math.dividedBy(math.sqrt(math.plus(s.delta(), epsilon)), denominator), g);
        Tensor delta = math.mix(decay, s.delta(), 1 - decay, math.square(d));
        return new Change<>(new State(s.count() + 1, nu, delta), math.times(d, -learningRate));
    }

    @Override
    public State restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State(count, gradus.optim.State.named("nu", tensors), gradus.optim.State.named("delta", tensors));
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "decay", decay, "epsilon", epsilon);
    }

    @Override
    public Adadelta withSettings(Map<String, Double> s) {
        return new Adadelta(s.get("learningRate"), s.get("decay"), s.get("epsilon"));
    }
}
