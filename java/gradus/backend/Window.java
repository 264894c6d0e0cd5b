package gradus.backend;

import gradus.tensor.ShapeException;

/**
 * A window that slides over the two spatial axes of an image: output row i, kernel row k meets input row
 * {@code i·strideHeight − top + k·dilationHeight}, and columns likewise. A row or column outside the image is padding.
 *
 * @param kernelHeight   rows of the window
 * @param kernelWidth    columns of the window
 * @param strideHeight   rows between neighbouring windows
 * @param strideWidth    columns between neighbouring windows
 * @param dilationHeight rows between neighbouring rows of one window
 * @param dilationWidth  columns between neighbouring columns of one window
 * @param top            rows of padding above the image
 * @param bottom         rows of padding below it
 * @param left           columns of padding before it
 * @param right          columns of padding behind it
 */
public record Window(int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int dilationHeight, int dilationWidth,
        int top, int bottom, int left, int right) {
    /** Checks the ranges. */
    public Window {
        if (Math.min(kernelHeight, kernelWidth) < 1 || Math.min(strideHeight, strideWidth) < 1 || Math.min(dilationHeight, dilationWidth) < 1) {
            throw new ShapeException("window: kernel " + kernelHeight + "×" + kernelWidth + ", stride " + strideHeight + "×" + strideWidth
                    + " and dilation " + dilationHeight + "×" + dilationWidth + " must all be at least 1");
        }
        if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
            throw new ShapeException("window: padding " + top + ", " + bottom + ", " + left + ", " + right + " must not be negative");
        }
    }

    /** A window of these extents with stride 1, dilation 1 and no padding. */
    public static Window of(int height, int width) {
        return new Window(height, width, 1, 1, 1, 1, 0, 0, 0, 0);
    }

    /** A square window with stride 1, dilation 1 and no padding. */
    public static Window of(int extent) {
        return of(extent, extent);
    }

    /** This window with other strides. */
    public Window stride(int height, int width) {
        return new Window(kernelHeight, kernelWidth, height, width, dilationHeight, dilationWidth, top, bottom, left, right);
    }

    /** This window with one stride both ways. */
    public Window stride(int both) {
        return stride(both, both);
    }

    /** This window with other dilations. */
    public Window dilation(int height, int width) {
        return new Window(kernelHeight, kernelWidth, strideHeight, strideWidth, height, width, top, bottom, left, right);
    }

    /** This window with one dilation both ways. */
    public Window dilation(int both) {
        return dilation(both, both);
    }

    /** This window with padding on the four sides. */
    public Window padding(int top, int bottom, int left, int right) {
        return new Window(kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, bottom, left, right);
    }

    /** This window with the same padding on all sides. */
    public Window padding(int all) {
        return padding(all, all, all, all);
    }

    /**
     * This window with the padding that TensorFlow and Keras call 'same': ⌈extent/stride⌉ outputs, what is odd of the padding below and
     * behind. PyTorch's 'same' is this at stride 1.
     */
    public Window same(int height, int width) {
        int rows = sameTotal(height, strideHeight, reach(kernelHeight, dilationHeight));
        int columns = sameTotal(width, strideWidth, reach(kernelWidth, dilationWidth));
        return padding(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2);
    }

    private static int sameTotal(int extent, int stride, int reach) {
        int outputs = (extent + stride - 1) / stride;
        return Math.max(0, (outputs - 1) * stride + reach - extent);
    }

    /** Rows from the first to the last row of one window, both counted. */
    private static int reach(int kernel, int dilation) {
        return (kernel - 1) * dilation + 1;
    }

    /** Windows that fit below each other into a padded image of this height; 0 when not even one does. */
    public int outHeight(int height) {
        return fit(height + top + bottom, reach(kernelHeight, dilationHeight), strideHeight);
    }

    /** Windows that fit beside each other into a padded image of this width; 0 when not even one does. */
    public int outWidth(int width) {
        return fit(width + left + right, reach(kernelWidth, dilationWidth), strideWidth);
    }

    private static int fit(int padded, int reach, int stride) {
        return padded < reach ? 0 : (padded - reach) / stride + 1;
    }

    /** The height that a transposed convolution makes of this many rows: (rows − 1)·stride − top − bottom + reach + extra. */
    public int transposedHeight(int rows, int extra) {
        return (rows - 1) * strideHeight - top - bottom + reach(kernelHeight, dilationHeight) + extra;
    }

    /** The width that a transposed convolution makes of this many columns. */
    public int transposedWidth(int columns, int extra) {
        return (columns - 1) * strideWidth - left - right + reach(kernelWidth, dilationWidth) + extra;
    }

    /** The input row that kernel row k of output row i meets; negative or beyond the image where it is padding. */
    public int row(int i, int k) {
        return i * strideHeight - top + k * dilationHeight;
    }

    /** The input column that kernel column k of output column j meets; negative or beyond the image where it is padding. */
    public int column(int j, int k) {
        return j * strideWidth - left + k * dilationWidth;
    }
}
