package gradus.nn;

import gradus.op.Value;

/** Rows and columns of zeros around images. */
public record ZeroPad2d(int top, int bottom, int left, int right) implements Layer {
    @Override
    public Value forward(Value x, Pass pass) {
        return x.pad(-2, top, bottom).pad(-1, left, right);
    }
}
