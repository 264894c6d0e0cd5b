package gradus.backend;

import gradus.tensor.Tensor;

/**
 * Gradients with respect to images that an activation φ made, taken through φ before they are stored: {@link Convolutions#epilogueGradient} of φ, of what the
 * operation of the same name in {@link Convolutions} gives, and of the images y. The same bits, and one way through memory less for a tensor of the images' size.
 */
public interface ThroughActivations {
    /** An activation, ReLU or leaky ReLU, and its result. */
    record Activated(Epilogue phi, Tensor y) {}

    /** {@link Convolutions#forward} without bias, then through the activation. */
    Tensor forward(ConvShape shape, Tensor x, Tensor weight, Activated target);

    /** {@link Convolutions#inputGradient} without bias, then through the activation. */
    Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Activated target);

    /** {@link Convolutions#maxPoolGradient} at the activation's result, then through the activation. */
    Tensor maxPoolGradient(PoolShape shape, Tensor g, Activated target);

    /** {@link Convolutions#resizeGradient}, then through the activation. */
    Tensor resizeGradient(ResizeShape shape, Tensor g, Activated target);

    /** {@link Convolutions#normalizeGradient}, then through φ, ReLU or leaky ReLU, whose result is x. */
    Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale, Epilogue phi);
}
