package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * AMSGrad (Reddi, Kale and Kumar 2018): Adam whose denominator never shrinks.
 *
 * <pre>  μ, ν as in Adam      ν̂ ← max(ν̂, ν)      Δw = Adam's, with ν̂ in the place of ν</pre>
 *
 * As in PyTorch and Keras the maximum is taken before the bias correction, which the paper leaves out.
 */
public record AmsGrad(Adam adam) implements Rule<AmsGrad.State> {
    /** Adam's moments, and the largest second moment so far. */
    public record State(long count, Tensor mu, Tensor nu, Tensor nuMax) implements gradus.optim.State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return gradus.optim.State.sorted("mu", mu, "nu", nu, "nuMax", nuMax);
        }
    }

    /** {@code torch.optim.Adam(amsgrad=True)}. */
    public static AmsGrad torch(double learningRate) {
        return new AmsGrad(Adam.torch(learningRate));
    }

    /** {@code keras.optimizers.Adam(amsgrad=True)}. */
    public static AmsGrad keras(double learningRate) {
        return new AmsGrad(Adam.keras(learningRate));
    }

    @Override
    public State init(Tensor w) {
        return new State(0, gradus.optim.State.zeros(w), gradus.optim.State.zeros(w), gradus.optim.State.zeros(w));
    }

    @Override
    public Change<State> apply(Arithmetic math, State s, Tensor g, Tensor w) {
        long t = s.count() + 1;
        Tensor mu = math.mix(adam.beta1(), s.mu(), 1 - adam.beta1(), g);
        Tensor nu = math.mix(adam.beta2(), s.nu(), 1 - adam.beta2(), math.square(g));
        Tensor nuMax = math.maximum(s.nuMax(), nu);
        return new Change<>(new State(t, mu, nu, nuMax), adam.update(math, t, mu, nuMax));
    }

    @Override
    public State restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State(count, gradus.optim.State.named("mu", tensors), gradus.optim.State.named("nu", tensors),
                gradus.optim.State.named("nuMax", tensors));
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return adam.settings();
    }

    @Override
    public AmsGrad withSettings(Map<String, Double> s) {
        return new AmsGrad(adam.withSettings(s));
    }
}
