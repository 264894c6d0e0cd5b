package gradus.backend;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;

/**
 * The extents of one convolution: x [samples, channels, height, width] with weight [filters, channels/groups, kernel height, kernel width]
 * gives y [samples, filters, outHeight, outWidth]. Its three passes (forward, input gradient, weight gradient) share it.
 */
public record ConvShape(int samples, int channels, int height, int width, int filters, int outHeight, int outWidth, int groups, Window window) {
    /** The convolution of x by weight; anything that does not fit is an error that says what. */
    public static ConvShape of(Shape x, Shape weight, Window window, int groups) {
        requireImages("conv2d", x, weight, window);
        if (groups < 1 || x.dim(1) % groups != 0 || weight.dim(0) % groups != 0) {
            throw new ShapeException("conv2d: " + groups + " groups do not divide the " + x.dim(1) + " channels of input " + x + " and the "
                    + weight.dim(0) + " filters of weight " + weight);
        }
        if (x.dim(1) != weight.dim(1) * groups) {
            throw new ShapeException("conv2d: input has " + x.dim(1) + " channels " + x + " but weight wants " + weight.dim(1) * groups + " " + weight
                    + (groups == 1 ? "" : " in " + groups + " groups"));
        }
        int outHeight = window.outHeight(x.dim(2));
        int outWidth = window.outWidth(x.dim(3));
        if (outHeight < 1 || outWidth < 1) {
            throw new ShapeException("conv2d: kernel " + window.kernelHeight() + "×" + window.kernelWidth() + " with dilation " + window.dilationHeight()
                    + "×" + window.dilationWidth() + " does not fit the padded input " + x);
        }
        return new ConvShape(x.dim(0), x.dim(1), x.dim(2), x.dim(3), weight.dim(0), outHeight, outWidth, groups, window);
    }

    /**
     * The convolution whose input gradient is the transposed convolution of x [N, in, rows, columns] by weight [in, out/groups, …]: x takes the
     * place of its output, and its input is what the transposed convolution gives.
     *
     * @param extraRows    output padding below
     * @param extraColumns output padding behind
     */
    public static ConvShape transposed(Shape x, Shape weight, Window window, int groups, int extraRows, int extraColumns) {
        requireImages("transposed conv2d", x, weight, window);
        if (x.dim(1) != weight.dim(0)) {
            throw new ShapeException("transposed conv2d: input has " + x.dim(1) + " channels " + x + " but weight wants " + weight.dim(0) + " " + weight);
        }
        if (groups < 1 || x.dim(1) % groups != 0) {
            throw new ShapeException("transposed conv2d: " + groups + " groups do not divide the " + x.dim(1) + " channels of input " + x);
        }
        if (extraRows < 0 || extraRows >= Math.max(window.strideHeight(), window.dilationHeight())
                || extraColumns < 0 || extraColumns >= Math.max(window.strideWidth(), window.dilationWidth())) {
            throw new ShapeException("transposed conv2d: output padding " + extraRows + "×" + extraColumns + " must be below stride "
                    + window.strideHeight() + "×" + window.strideWidth() + " or dilation " + window.dilationHeight() + "×" + window.dilationWidth());
        }
        int height = window.transposedHeight(x.dim(2), extraRows);
        int width = window.transposedWidth(x.dim(3), extraColumns);
        if (height < 1 || width < 1) {
            throw new ShapeException("transposed conv2d: the padding of " + window + " leaves nothing of the output for input " + x);
        }
        return new ConvShape(x.dim(0), weight.dim(1) * groups, height, width, x.dim(1), x.dim(2), x.dim(3), groups, window);
    }

    private static void requireImages(String operation, Shape x, Shape weight, Window window) {
        if (x.rank() != 4 || weight.rank() != 4) {
            throw new ShapeException(operation + ": input " + x + " and weight " + weight + " must both have four axes, [N, C, H, W] and [·, ·, kh, kw]");
        }
        if (weight.dim(2) != window.kernelHeight() || weight.dim(3) != window.kernelWidth()) {
            throw new ShapeException(operation + ": weight " + weight + " does not fit the window of " + window.kernelHeight() + "×" + window.kernelWidth());
        }
    }

    /** [samples, channels, height, width]. */
    public Shape input() {
        return Shape.of(samples, channels, height, width);
    }

    /** [samples, filters, outHeight, outWidth]. */
    public Shape output() {
        return Shape.of(samples, filters, outHeight, outWidth);
    }

    /** [filters, channels/groups, kernel height, kernel width]. */
    public Shape weight() {
        return Shape.of(filters, groupChannels(), window.kernelHeight(), window.kernelWidth());
    }

    /** Input channels of one group. */
    public int groupChannels() {
        return channels / groups;
    }

    /** Filters of one group. */
    public int groupFilters() {
        return filters / groups;
    }
}
