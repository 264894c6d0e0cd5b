package gradus.nn;

import gradus.backend.Window;
import gradus.tensor.Shape;

/** How much of the border a window layer pads: an amount fixed in its {@link Window}, or as much as the input's extents ask for. */
public enum Padding {
    /** What the window says; Keras' 'valid' and PyTorch's {@code padding=0} where it says nothing. */
    AS_GIVEN,
    /** ⌈extent/stride⌉ outputs: Keras' and TensorFlow's 'same'; at stride 1 also PyTorch's. */
    SAME;

    /** The padding of a framework's word, 'same' or 'valid'. */
    public static Padding of(String word) {
        return switch (word) {
            case "same" -> SAME;
            case "valid" -> AS_GIVEN;
            default -> throw new IllegalArgumentException("padding '" + word + "' is not known; there are 'same' and 'valid'");
        };
    }

    /** The window for images [N, C, H, W]; what has other axes is left to the operation to refuse. */
    Window over(Window window, Shape images) {
        return this == SAME && images.rank() == 4 ? window.same(images.dim(2), images.dim(3)) : window;
    }
}
