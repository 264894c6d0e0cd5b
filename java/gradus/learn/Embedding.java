package gradus.learn;

import gradus.tensor.Tensor;

/**
 * Points of the plane that {@link Tsne} found.
 *
 * @param points       coordinates [n, 2], float32
 * @param kl           Kullback-Leibler divergence of the points' affinities from the data's, without exaggeration, in nats
 * @param gradientNorm norm of the last step's gradient, gains included
 * @param steps        steps that were taken
 */
public record Embedding(Tensor points, double kl, double gradientNorm, int steps) {
}
