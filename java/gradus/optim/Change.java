package gradus.optim;

import gradus.tensor.Tensor;

/**
 * What one step does: the state after it, and the update Δw that is added to the weights.
 *
 * @param <S> the rule's state
 */
public record Change<S extends State>(S state, Tensor update) {
}
