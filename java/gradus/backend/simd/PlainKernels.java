package gradus.backend.simd;

/**
 * The loops of convolution over row-major images with channels across the lanes, for one element type.
 *
 * @param <T> float[] or double[]
 */
abstract class PlainKernels<T> {
    /** Elements of a vector. */
    final int lanes;

    PlainKernels(int lanes) {
        this.lanes = lanes;
    }

    /** Vectors of a tile that so many channels are cut into: 2 where that leaves nothing over, else 1. */
    final int vectors(int channels) {
        return (channels + lanes - 1) / lanes % 2 == 0 ? 2 : 1;
    }

    /** Channels with those that fill the last tile up. */
    final int padded(int channels) {
        int tile = vectors(channels) * lanes;
        return (channels + tile - 1) / tile * tile;
    }

    /**
     * With n = vectors · lanes channels l: {@code y[yo + out[q]·n + l] = start[so + l] + Σ w[wo + weight[k]·n + l] · x[xo + in[q] + source[k]]}, one fma chain over
     * the terms k, for each pixel q.
     */
    abstract void chain(int vectors, int[] in, int[] out, int[] source, int[] weight, T x, int xo, T w, int wo, T start, int so, T y, int yo);

    /**
     * {@link #chain} for {@code side} pixels from each place of in and out on, side by side in x and in y, that have all terms, so that {@code weight[k] = k}.
     *
     * @param side 12, or with two vectors 6
     */
    abstract void chainSideBySide(int side, int vectors, int[] in, int[] out, int[] source, T x, int xo, T w, int wo, T start, int so, T y, int yo);

    /**
     * With n = vectors · lanes channels l: {@code c[co + r·cStep + l] = +0 + Σ a[ao + l] · b[bo + r·bPlane]}, one fma chain from +0 over rows × pixels that lie (aRow, aPixel)
     * apart in a and (bRow, bPixel) in b, for r up to {@code last}.
     *
     * @param last at most {@link #SCALARS} − 1
     */
    abstract void outer(int vectors, int rows, int pixels, T a, int ao, int aRow, int aPixel, T b, int bo, int bRow, int bPixel, int bPlane, int last,
            T c, int co, int cStep);

    /** The most channels that {@link #outer} spreads against vectors. */
    static final int SCALARS = 8;

    /** {@code y[yo + p] = +0 + Σ x[xo + p·places + i]} for the planes from ≤ p &lt; to, a chain over i from +0. */
    abstract void sums(int from, int to, int places, T x, int xo, T y, int yo);

    /** The same with {@code sum = fma(x − m, x − m, sum)}, where m is the mean of channel p mod {@code channels}. */
    abstract void squares(int from, int to, int places, T x, int xo, T mean, int channels, T y, int yo);

    /** The same with {@code sum = fma(g, x − m, sum)}. */
    abstract void products(int from, int to, int places, T g, int go, T x, int xo, T mean, int channels, T y, int yo);

    /** {@link ConvKernels#pick} where a plane of height × width, at least {@link #PAIRS} wide, is doubled along both axes: each number goes to two by two places. */
    abstract void twice(int height, int width, T x, int xo, T y, int yo);

    /** {@link ConvKernels#pickSums} for the same planes: {@code y[yo + i]} is the sum of its two by two places, row after row. */
    abstract void twiceSums(int height, int width, T x, int xo, T y, int yo);

    /** The least width of planes for {@link #twice}. */
    static final int PAIRS = 4;
}
