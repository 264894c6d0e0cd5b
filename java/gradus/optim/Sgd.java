package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Gradient descent (Cauchy 1847; stochastic: Robbins and Monro 1951).
 *
 * <pre>  Δw = g·(−η)</pre>
 *
 * The batch decides what it is called: stochastic with one sample, mini-batch with some, full-batch descent with all of them. PyTorch and Keras
 * agree.
 */
public record Sgd(double learningRate) implements Rule<State.Count> {
    /** Checks the numbers. */
    public Sgd {
        Settings.requireNotNegative("Sgd", "learningRate", learningRate);
    }

    @Override
    public State.Count init(Tensor w) {
        return new State.Count(0);
    }

    @Override
    public Change<State.Count> apply(Arithmetic math, State.Count s, Tensor g, Tensor w) {
        return new Change<>(new State.Count(s.count() + 1), math.times(g, -learningRate));
    }

    @Override
    public State.Count restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State.Count(count);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate);
    }

    @Override
    public Sgd withSettings(Map<String, Double> s) {
        return new Sgd(s.get("learningRate"));
    }
}
