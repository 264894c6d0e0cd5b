package gradus.report;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A picture of one value a pixel, row after row; which value is which grey or colour the {@link Shades} say. */
public record Picture(int height, int width, float[] values) {
    /** Checks the number of values. */
    public Picture {
        if (values.length != Shape.of(height, width).size()) {
            throw new ShapeException("picture: " + values.length + " values do not fill " + Shape.of(height, width));
        }
    }

    /** The pictures in a tensor whose first axis counts them: [N, height·width], [N, height, width] or [N, 1, height, width]. */
    public static List<Picture> all(Tensor images, int height, int width) {
        int count = images.rank() == 0 ? 0 : images.dim(0);
        if (images.size() != (long) count * height * width) {
            throw new ShapeException("pictures: tensor " + images.shape() + " does not hold pictures of " + Shape.of(height, width));
        }
        float[] values = images.toFloats();
        List<Picture> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(new Picture(height, width, java.util.Arrays.copyOfRange(values, i * height * width, (i + 1) * height * width)));
        }
        return out;
    }

    /** The smallest finite value, or 0 when there is none. */
    float low() {
        float low = Float.POSITIVE_INFINITY;
        for (float v : values) {
            low = Float.isFinite(v) ? Math.min(low, v) : low;
        }
        return Float.isInfinite(low) ? 0 : low;
    }

    /** The largest finite value, or 0 when there is none. */
    float high() {
        float high = Float.NEGATIVE_INFINITY;
        for (float v : values) {
            high = Float.isFinite(v) ? Math.max(high, v) : high;
        }
        return Float.isInfinite(high) ? 0 : high;
    }
}
