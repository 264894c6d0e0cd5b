package gradus.lens;

import java.util.SequencedMap;

/**
 * What a probe saw at one step.
 *
 * @param step       steps taken before
 * @param epoch      from 1
 * @param batch      from 0
 * @param cost       loss of the batch before the step
 * @param costAfter  loss of the same batch, with the same random draws, after it
 * @param predicted  gᵀΔw over all parameters: the change of the loss to first order
 * @param parameters what was seen of each parameter
 * @param noise      from the gradients of single rows, or null
 * @param curvature  of the loss before the step, or null
 */
public record ProbeRecord(long step, int epoch, int batch, double cost, double costAfter, double predicted, SequencedMap<String, OfParameter> parameters,
                          GradientNoise noise, Curvature curvature) {
    /**
     * One parameter at one step.
     *
     * @param learningRate   η of the step
     * @param gradientUpdate cos(g, Δw), g before any clipping
     * @param successive     cos of this update and the one before it; NaN at the first step
     * @param epsilonRules   share of elements whose denominator would be less than half without ε; NaN where there is none
     * @param quantities     gradient, update, the rule's state by its names, what its formula names
     */
    public record OfParameter(double learningRate, double gradientUpdate, double successive, double epsilonRules, SequencedMap<String, Quantity> quantities) {
    }

    /**
     * One tensor.
     *
     * @param norm   ‖x‖ of all elements; NaN for what is a ratio of elements
     * @param spread of a sample of the elements
     */
    public record Quantity(double norm, Distribution spread) {
    }
}
