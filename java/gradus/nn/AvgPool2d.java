package gradus.nn;

import gradus.backend.PoolShape;
import gradus.backend.Window;
import gradus.op.Pooling;
import gradus.op.Value;

/**
 * The mean of each window.
 *
 * @param ceil          whether a window that sticks out below or behind still counts
 * @param countsPadding whether padding counts as zeros, as PyTorch does, or not at all, as Keras does
 */
public record AvgPool2d(Window window, Padding padding, boolean ceil, boolean countsPadding) implements Layer {
    /** Square windows side by side, as {@code AvgPool2d(extent)} in PyTorch and Keras. */
    public static AvgPool2d of(int extent) {
        return new AvgPool2d(Window.of(extent).stride(extent), Padding.AS_GIVEN, false, true);
    }

    /** Square windows side by side over a padded image: Keras' {@code padding='same'}. */
    public static AvgPool2d same(int extent) {
        return new AvgPool2d(Window.of(extent).stride(extent), Padding.SAME, false, false);
    }

    @Override
    public Value forward(Value x, Pass pass) {
        Window w = padding.over(window, x.shape());
        return x.tape().apply(new Pooling.AveragePool(x, PoolShape.of(x.shape(), w, ceil, countsPadding)));
    }
}
