package gradus.optim;

import gradus.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A rule between transforms of its gradient and transforms of its update, each list in order. State and settings are the rule's.
 *
 * @param before on the gradient
 * @param after  on the update
 */
public record Chain<S extends State>(List<Transform> before, Rule<S> rule, List<Transform> after) implements Rule<S> {
    /** Copies the lists. */
    public Chain {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** The name of the rule inside. */
    @Override
    public String name() {
        return rule.name();
    }

    @Override
    public S init(Tensor w) {
        return rule.init(w);
    }

    @Override
    public Change<S> apply(Arithmetic math, S s, Tensor g, Tensor w) {
        Change<S> change = rule.apply(math, s, through(before, math, g, w), w);
        return new Change<>(change.state(), through(after, math, change.update(), w));
    }

    private Tensor through(List<Transform> transforms, Arithmetic math, Tensor x, Tensor w) {
        for (Transform t : transforms) {
            x = t.apply(math, x, w, rule.learningRate());
        }
        return x;
    }

    @Override
    public S restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return rule.restore(count, numbers, tensors);
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return rule.settings();
    }

    @Override
    public Chain<S> withSettings(Map<String, Double> settings) {
        return new Chain<>(before, rule.withSettings(settings), after);
    }
}
