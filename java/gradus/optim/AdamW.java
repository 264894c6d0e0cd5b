package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), with λ times η as frameworks have it.
 *
 * <pre>  Δw = (Adam's Δw) + w·(−η·λ)</pre>
 *
 * PyTorch and Keras shrink w first and then add Adam's update, which differs by roundings only. Their λ is 0.01 and 0.004 by default.
 *
 * @param decay λ
 */
public record AdamW(Adam adam, double decay) implements Rule<State.Moments> {
    /** Checks the numbers. */
    public AdamW {
        Settings.requireNotNegative("AdamW", "decay", decay);
    }

    /** {@code torch.optim.AdamW}: {@link Adam#torch} and λ = 0.01. */
    public static AdamW torch(double learningRate) {
        return new AdamW(Adam.torch(learningRate), 0.01);
    }

    /** {@code keras.optimizers.AdamW}: {@link Adam#keras} and λ = 0.004. */
    public static AdamW keras(double learningRate) {
        return new AdamW(Adam.keras(learningRate), 0.004);
    }

    @Override
    public State.Moments init(Tensor w) {
        return adam.init(w);
    }

    @Override
    public Change<State.Moments> apply(Arithmetic math, State.Moments s, Tensor g, Tensor w) {
        Change<State.Moments> change = adam.apply(math, s, g, w);
        return new Change<>(change.state(), math.plus(change.update(), math.times(w, -adam.learningRate() * decay)));
    }

    @Override
    public State.Moments restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return State.Moments.of(count, tensors);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        SequencedMap<String, Double> settings = adam.settings();
        settings.put("decay", decay);
        return settings;
    }

    @Override
    public AdamW withSettings(Map<String, Double> s) {
        return new AdamW(adam.withSettings(s), s.get("decay"));
    }
}
