package gradus.backend.simd;

import gradus.backend.Convolutions;
import gradus.backend.PairedImages;
import gradus.tensor.Shape;

/** Images that are read at twice the extents of those in memory. */
final class Pairs {
    /** Windows in a row whose winners, two bits each, share an element. */
    static final int TOGETHER = 16;

    private Pairs() {
    }

    /** Elements of a row's winners, for each sample. */
    static int elements(int pixels) {
        return (pixels + TOGETHER - 1) / TOGETHER;
    }

    /** Elements of the winners of pooled images [N, C, H, W] in blocks of so many samples. */
    static int winners(Shape pooled, int block) {
        return (pooled.dim(0) + block - 1) / block * block * pooled.dim(1) * pooled.dim(2) * elements(pooled.dim(3));
    }

    /** The images as {@link Blocked} wants them; what it copied is given back with {@link Blocked#done}. */
    static PairedImages arranged(PairedImages images, Blocked blocked) {
        return switch (images) {
            case PairedImages.Plain(var x) -> new PairedImages.Plain(blocked.arranged(x));
            case PairedImages.Doubled(var x) -> new PairedImages.Doubled(blocked.arranged(x));
            case PairedImages.Unpooled(var g, var winners) -> new PairedImages.Unpooled(blocked.arranged(g), winners);
        };
    }

    /**
     * Rows low ≤ · &lt; high of a plane of height × width pixels, the number-th of all blocks' channels: the first {@code live} samples of the block, all or sixteen. They go to
     * to[at …], {@code row} apart, and of a row the sixteens of samples {@code cell} apart.
     */
    static <T> void read(Kernels<T> kernels, ConvKernels<T> loops, PairedImages images, int number, int height, int width, int block, int live, int low, int high,
            T to, int at, int row, int cell) {
        int pixels = width / 2;
        T from = kernels.array(images.tensor());
        int plane = images.tensor().offset() + number * (height / 2) * pixels * block;
        for (int h = low; h < high; h++) {
            int source = plane + h / 2 * pixels * block;
            int target = at + (h - low) * row;
            switch (images) {
                case PairedImages.Doubled doubled -> loops.doubled(from, source, pixels, block, live, to, target, cell);
                case PairedImages.Unpooled(var g, var winners) -> loops.unpooled(from, source, kernels.array(winners),
                        winners.offset() + (number * (height / 2) + h / 2) * elements(pixels) * block, h % 2, pixels, block, live, to, target, cell);
                case PairedImages.Plain plain -> throw new IllegalArgumentException("images of the extents themselves are copied");
            }
        }
    }

    /** Whole rows, as images lie in memory. */
    static <T> void read(Kernels<T> kernels, ConvKernels<T> loops, PairedImages images, int number, int height, int width, int block, int low, int high, T to, int at) {
        read(kernels, loops, images, number, height, width, block, block, low, high, to, at, width * block, Convolutions.LANES);
    }
}
