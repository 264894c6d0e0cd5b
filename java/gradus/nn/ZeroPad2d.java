package gradus.nn;

import gradus.op.Value;
import gradus.tensor.ShapeException;

/** Rows and columns of zeros around images. */
public record ZeroPad2d(int top, int bottom, int left, int right) implements Layer {
    @Override
    public Value forward(Value x, Pass pass) {
        if (x.shape().rank() != 4) {
            throw new ShapeException("zero pad: input " + x.shape() + " must have four axes, [N, C, H, W]");
        }
        return x.pad(-2, top, bottom).pad(-1, left, right);
    }
}
