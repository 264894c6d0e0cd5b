package gradus.backend;

import gradus.tensor.Tensor;

/** Images [N, C, H, W] as an operand of {@link PairedConvolutions}: as they lie in memory, or made from images of half their extents while they are read. */
public sealed interface PairedImages {
    /** What lies in memory. */
    Tensor tensor();

    /** The images themselves. */
    record Plain(Tensor tensor) implements PairedImages {}

    /** Each pixel of {@code tensor} as two by two equal ones: {@link Convolutions#resize} to twice the extents. */
    record Doubled(Tensor tensor) implements PairedImages {}

    /** The gradient of the largest of two by two pixels, {@link Convolutions#maxPoolGradient} of {@code tensor}. */
    record Unpooled(Tensor tensor, Tensor winners) implements PairedImages {}
}
