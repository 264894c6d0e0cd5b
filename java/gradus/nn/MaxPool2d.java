package gradus.nn;

import gradus.backend.PoolShape;
import gradus.backend.Window;
import gradus.op.Pooling;
import gradus.op.Value;

/**
 * The largest element of each window; padding never wins.
 *
 * @param ceil whether a window that sticks out below or behind still counts
 */
public record MaxPool2d(Window window, Padding padding, boolean ceil) implements Layer {
    /** Square windows side by side, as {@code MaxPool2d(extent)} in PyTorch and Keras. */
    public static MaxPool2d of(int extent) {
        return new MaxPool2d(Window.of(extent).stride(extent), Padding.AS_GIVEN, false);
    }

    /** Square windows side by side over a padded image: Keras' {@code padding='same'}. */
    public static MaxPool2d same(int extent) {
        return new MaxPool2d(Window.of(extent).stride(extent), Padding.SAME, false);
    }

    /** Whether images of these extents are parted into windows of two by two. */
    boolean pairs(int height, int width) {
        return window.equals(Window.of(2).stride(2)) && height % 2 == 0 && width % 2 == 0;
    }

    @Override
    public Value forward(Value x, Pass pass) {
        Window w = padding.over(window, x.shape());
        return x.tape().apply(new Pooling.MaxPool(x, PoolShape.of(x.shape(), w, ceil, false)));
    }
}
