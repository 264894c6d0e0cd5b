package gradus.backend;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;

/**
 * The extents of one pooling: x [samples, channels, height, width] gives y [samples, channels, outHeight, outWidth], window by window in
 * each channel.
 *
 * @param countsPadding whether an average divides by all taps inside the padded image, as in PyTorch, or only by those inside the image, as in
 *                      Keras; without meaning for a maximum
 */
public record PoolShape(int samples, int channels, int height, int width, int outHeight, int outWidth, Window window, boolean countsPadding) {
    /**
     * The pooling of x.
     *
     * @param ceil whether a window that sticks out below or behind still counts, as long as it begins inside the image or the padding before it
     */
    public static PoolShape of(Shape x, Window window, boolean ceil, boolean countsPadding) {
        if (x.rank() != 4) {
            throw new ShapeException("pooling: input " + x + " must have four axes, [N, C, H, W]");
        }
        int outHeight = window.outHeight(x.dim(2));
        int outWidth = window.outWidth(x.dim(3));
        if (ceil) {
            outHeight += more(x.dim(2) + window.top(), window.bottom(), window.kernelHeight(), window.dilationHeight(), window.strideHeight(), outHeight);
            outWidth += more(x.dim(3) + window.left(), window.right(), window.kernelWidth(), window.dilationWidth(), window.strideWidth(), outWidth);
        }
        if (outHeight < 1 || outWidth < 1) {
            throw new ShapeException("pooling: window " + window.kernelHeight() + "×" + window.kernelWidth() + " does not fit the padded input " + x);
        }
        return new PoolShape(x.dim(0), x.dim(1), x.dim(2), x.dim(3), outHeight, outWidth, window, countsPadding);
    }

    /** 1 when a further window begins in time and the last one did not end flush, else 0. */
    private static int more(int extent, int after, int kernel, int dilation, int stride, int outputs) {
        int covered = (outputs - 1) * stride + (kernel - 1) * dilation + 1;
        return covered < extent + after && outputs * stride < extent ? 1 : 0;
    }

    /** [samples, channels, height, width]. */
    public Shape input() {
        return Shape.of(samples, channels, height, width);
    }

    /** [samples, channels, outHeight, outWidth]. */
    public Shape output() {
        return Shape.of(samples, channels, outHeight, outWidth);
    }

    /** The divisor of an average at an output place; 0 when the window lies in padding alone and that does not count. */
    public int divisor(int i, int j) {
        int rows = 0;
        int columns = 0;
        for (int k = 0; k < window.kernelHeight(); k++) {
            rows += counts(window.row(i, k), height, window.top(), window.bottom());
        }
        for (int k = 0; k < window.kernelWidth(); k++) {
            columns += counts(window.column(j, k), width, window.left(), window.right());
        }
        return rows * columns;
    }

    private int counts(int place, int extent, int before, int after) {
        boolean inside = countsPadding ? place >= -before && place < extent + after : place >= 0 && place < extent;
        return inside ? 1 : 0;
    }
}
