package gradus.optim;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.Map;

/**
 * An update rule: how a gradient becomes a change of the weights. A rule is a value and changes nothing; {@link Optimizer} drives it.
 *
 * @param <S> what the rule remembers between steps
 */
public sealed interface Rule<S extends State> permits Sgd, Adam {
    /** η, the factor of every update. */
    double learningRate();

    /** The same rule with another learning rate; states remain valid. */
    Rule<S> withLearningRate(double learningRate);

    /** The state before the first step, for weights of this shape and type. */
    S init(Tensor weights);

    /** One step, element by element: the formula of the rule, in the order in which it is computed. Temporaries belong to {@code math}. */
    Change<S> apply(Arithmetic math, S state, Tensor gradient, Tensor weights);

    /**
     * The state with these parts.
     *
     * @throws IllegalArgumentException when a part is missing
     */
    S restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors);

    /** One step on whole tensors, computed at once; the results are fresh tensors of the backend and temporaries go back to it. */
    default Change<S> apply(Backend backend, S state, Tensor gradient, Tensor weights) {
        try (ImmediateArithmetic math = new ImmediateArithmetic(backend)) {
            Change<S> change = apply(math, state, gradient, weights);
            math.keep(change.update());
            change.state().tensors().values().forEach(math::keep);
            return change;
        }
    }
}
