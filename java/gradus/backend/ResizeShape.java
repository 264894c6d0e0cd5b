package gradus.backend;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;

/**
 * The extents of one resampling: x [samples, channels, height, width] to y [samples, channels, outHeight, outWidth], and which places of x
 * each place of y is made of. Rows and columns follow the same rule apart from each other.
 */
public record ResizeShape(int samples, int channels, int height, int width, int outHeight, int outWidth, Mode mode) {
    /** How a place of the output is made. */
    public enum Mode {
        /** The nearest place before it: ⌊i · in/out⌋, the ratio and the product rounded in binary32 as PyTorch does. */
        NEAREST,
        /** Linear between the two neighbours, pixels being areas: source (i + ½) · in/out − ½, not below 0. PyTorch's and Keras' default. */
        BILINEAR,
        /** Linear between the two neighbours, pixels being points and the corners kept: source i · (in − 1)/(out − 1). */
        BILINEAR_ALIGNED
    }

    /** Checks the extents. */
    public ResizeShape {
        if (Math.min(height, width) < 1 || Math.min(outHeight, outWidth) < 1) {
            throw new ShapeException("resize: image of " + height + "×" + width + " to " + outHeight + "×" + outWidth + " must all be at least 1");
        }
    }

    /** The resampling of x to these extents. */
    public static ResizeShape of(Shape x, int outHeight, int outWidth, Mode mode) {
        if (x.rank() != 4) {
            throw new ShapeException("resize: input " + x + " must have four axes, [N, C, H, W]");
        }
        return new ResizeShape(x.dim(0), x.dim(1), x.dim(2), x.dim(3), outHeight, outWidth, mode);
    }

    /** The resampling that makes each pixel of x two by two. */
    public static ResizeShape doubled(Shape x) {
        boolean images = x.rank() == 4;
        return of(x, images ? 2 * x.dim(2) : 1, images ? 2 * x.dim(3) : 1, Mode.NEAREST);
    }

    /** [samples, channels, height, width]. */
    public Shape input() {
        return Shape.of(samples, channels, height, width);
    }

    /** [samples, channels, outHeight, outWidth]. */
    public Shape output() {
        return Shape.of(samples, channels, outHeight, outWidth);
    }

    /**
     * One axis of the resampling: output place i is made of {@code low[i]} with weight {@code 1 − share[i]} and {@code high[i]} with weight
     * {@code share[i]}; the nearest mode has share 0.
     */
    public record Axis(int[] low, int[] high, double[] share) {
        private static Axis of(int extent, int outputs, Mode mode) {
            int[] low = new int[outputs];
            int[] high = new int[outputs];
            double[] share = new double[outputs];
            for (int i = 0; i < outputs; i++) {
                double source = switch (mode) {
                    case NEAREST -> Math.floor(i * ((float) extent / outputs));
                    case BILINEAR -> Math.max(0, (i + 0.5) * ((double) extent / outputs) - 0.5);
                    case BILINEAR_ALIGNED -> outputs == 1 ? 0 : i * ((extent - 1.0) / (outputs - 1));
                };
                low[i] = Math.min((int) source, extent - 1);
                high[i] = Math.min(low[i] + 1, extent - 1);
                share[i] = source - low[i];
            }
            return new Axis(low, high, share);
        }
    }

    /** How output rows are made of input rows. */
    public Axis rows() {
        return Axis.of(height, outHeight, mode);
    }

    /** How output columns are made of input columns. */
    public Axis columns() {
        return Axis.of(width, outWidth, mode);
    }
}
