package gradus.nn;

import gradus.backend.ResizeShape;
import gradus.op.Value;
import gradus.tensor.ShapeException;

/** Images enlarged by whole factors. PyTorch's {@code Upsample} and Keras' {@code UpSampling2D} repeat pixels ({@link ResizeShape.Mode#NEAREST}) unless told else. */
public record Upsample(int rows, int columns, ResizeShape.Mode mode) implements Layer {
    /** Each pixel repeated {@code factor} times both ways. */
    public static Upsample nearest(int factor) {
        return new Upsample(factor, factor, ResizeShape.Mode.NEAREST);
    }

    /** Linear between the pixels' centres. */
    public static Upsample bilinear(int factor) {
        return new Upsample(factor, factor, ResizeShape.Mode.BILINEAR);
    }

    /** Whether each pixel becomes two by two. */
    boolean doubles() {
        return rows == 2 && columns == 2 && mode == ResizeShape.Mode.NEAREST;
    }

    @Override
    public Value forward(Value x, Pass pass) {
        if (x.shape().rank() != 4) {
            throw new ShapeException("upsample: input " + x.shape() + " must have four axes, [N, C, H, W]");
        }
        return x.resize(x.shape().dim(-2) * rows, x.shape().dim(-1) * columns, mode);
    }
}
