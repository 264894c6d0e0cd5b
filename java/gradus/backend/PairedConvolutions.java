package gradus.backend;

import gradus.tensor.Tensor;

/**
 * Convolutions beside which two by two pixels meet: max pooling behind one, or pixels doubled before one, and the gradients of both. The larger images, which
 * only the convolution would read or write, are never stored; bits are those of the operations of {@link Convolutions} one after the other.
 */
public interface PairedConvolutions {
    /** Whether so many samples of images of these extents are served: the extents are even, and the samples enough. */
    boolean serves(int samples, int height, int width);

    /**
     * The largest of two by two pixels, and which they are: of sixteen neighbours in a row two bits each of one element, in an order that only the
     * backend knows.
     */
    record Pooled(Tensor y, Tensor winners) {}

    /** {@link Convolutions#maxPool} over windows of two by two, side by side, of {@link Convolutions#forward}. */
    Pooled forwardPooled(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi);

    /** {@link Convolutions#forward} of images that may be made while they are read. */
    Tensor forward(ConvShape shape, PairedImages x, Tensor weight, Tensor bias, Epilogue phi);

    /**
     * {@link Convolutions#inputGradient} without bias, for a cotangent that may be made while it is read.
     *
     * @param below the activation that made what the gradient belongs to, which it is taken through as in {@link ThroughActivations}, or null
     */
    Tensor inputGradient(ConvShape shape, PairedImages y, Tensor weight, ThroughActivations.Activated below);

    /** {@link Convolutions#resizeGradient} from twice the extents, of {@link Convolutions#inputGradient} without bias; below as in {@link #inputGradient}, of half the extents. */
    Tensor inputGradientHalved(ConvShape shape, Tensor y, Tensor weight, ThroughActivations.Activated below);

    /** {@link Convolutions#parameterGradients} of a convolution. */
    Convolutions.Parameters parameterGradients(ConvShape shape, PairedImages y, PairedImages x);
}
