package gradus.backend.simd;

import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.Zip;
import gradus.numerics.Function;

/**
 * The loops that convolution and its companions are made of, for one element type. Places count elements; runs never overlap unless said.
 *
 * @param <T> float[] or double[]
 */
abstract class ConvKernels<T> {
    /** The loops that every operation shares. */
    final Kernels<T> kernels;
    /** Elements of a vector. */
    final int lanes;
    /** Whether the machine has 32 vector registers. */
    final boolean manyRegisters;

    ConvKernels(Kernels<T> kernels, boolean manyRegisters) {
        this.kernels = kernels;
        this.lanes = kernels.lanes;
        this.manyRegisters = manyRegisters;
    }

    /** {@code to[at + term·rows]} = the weight of a tile's target channel for each term. */
    abstract void gather(T from, int fo, ConvPlan plan, ConvPlan.Tile tile, int channel, T to, int at);

    /**
     * {@code y[yo + out[q] + r·plane] = start[so + r] + Σ w[wo + weightAt[k] + r] · x[xo + in[q] + source[k]]}, one fma chain over the terms k, for each vector
     * q and each row r up to {@code last}.
     *
     * @param rows  of the tile: 8 (with 32 registers), 4 or 1; start and weights are filled up to it
     * @param dense {@link #dense} of in
     */
    abstract void chain(int rows, int dense, int[] in, int[] out, int terms, int[] source, int[] weightAt, T x, int xo, T w, int wo,
            T start, int so, T y, int yo, int plane, int last);

    /** How many of the places, from the first on, follow each other a vector apart. */
    static int dense(int[] in, int lanes) {
        int n = Math.min(1, in.length);
        while (n < in.length && in[n] - in[n - 1] == lanes) {
            n++;
        }
        return n;
    }

    /**
     * {@link #chain} for one target channel where the terms are threes of neighbouring taps: pixels, at least eight, whose first one's first term lies at {@code in}, and
     * each further {@code block} behind; the taps follow each other {@code direction · block} apart. For machines with 32 vector registers.
     *
     * @param vectors of samples a pixel
     */
    abstract void slide(int direction, int pixels, int vectors, int block, int in, int out, int terms, int[] source, int[] weightAt, T x, int xo, T w, int wo,
            T start, int so, T y, int yo);

    /** Filters of a tile of {@link #outer}: 8 × 1 or 1 × 8 where there is only one of the other, else 4 × 2. Of {@link #outerThree}: 4 × 1 or 1 × 4. */
    static int filterTile(int filters, int channels, boolean three) {
        return filters == 1 ? 1 : channels == 1 && !three ? 8 : 4;
    }

    /** Channels of that tile. */
    static int channelTile(int filters, int channels, boolean three) {
        return filters == 1 ? three ? 4 : 8 : channels == 1 ? 1 : 2;
    }

    /**
     * Copies rows × vectors × pixels of sixteen elements, {@code (row, 16, step)} apart in each of {@code planes} planes; beyond the last plane it is repeated. The vectors of all planes at one
     * place go side by side, places of a row one behind the other, pixel by pixel, and rows {@code toRow} apart.
     */
    abstract void pack(int planes, int plane, int last, int rows, int row, int pixels, int step, int vectors, T from, int at, T to, int place, int toRow);

    /**
     * {@code a[ao + (f·4 + c)·16] = from[fo + (f·4 + c)·16] + Σ y[f]·x[c]}, one fma chain over rows × vectors of packed strips, whose vectors of all filters or channels lie side by
     * side, and rows {@code (yRow, xRow)} apart. For machines with 32 vector registers.
     *
     * @param filters 4, 5 or 6
     */
    abstract void outerPacked(int filters, int rows, int vectors, T packed, int y, int yRow, int x, int xRow, T from, int fo, T a, int ao);

    /**
     * {@code a[ao + (f·channelTile + c)·16] += y[yo + f·yPlane] · x[xo + c·xPlane]}, fused, over rows × pixels × vectors that lie (yRow, yPixel, 16) apart in y and
     * (xRow, xPixel, 16) in x, in this order.
     */
    abstract void outer(int filterTile, int channelTile, int rows, int pixels, int vectors, T y, int yo, int yRow, int yPixel, int yPlane, int lastFilter,
            T x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, T a, int ao);

    /**
     * The same for three taps l that lie {@code xTap} apart in x and {@code aTap} in the sums, whose chains begin at {@code from} and end
     * at {@code a}. The rows have {@code left + inner + right} pixels, of which the first {@code left} have taps 1 and 2 alone and the last {@code right}
     * taps 0 and 1. For machines with 32 vector registers.
     *
     * @param vectors 1 or 2
     */
    abstract void outerThree(int channelTile, int rows, int left, int inner, int right, int vectors, T y, int yo, int yRow, int yPixel, int yPlane,
            int lastFilter, T x, int xo, int xRow, int xPixel, int xPlane, int lastChannel, int xTap, T from, int fo, T a, int ao, int aTap);

    /** Reads an element of each cache line of n elements at x[at …], for the line to come near; the answer is of no meaning. */
    abstract int touch(T x, int at, int n);

    /** {@code a[ao + i] += b[bo + i]} for the lanes of so many groups of 16, of which only the first {@code live} of each group are added. */
    abstract void addLanes(T a, int ao, T b, int bo, int groups, int live);

    /** {@code a[ao + i] = b[bo + i]} for the lanes of each group of 16 from {@code from} on. */
    abstract void replaceLanes(T a, int ao, T b, int bo, int groups, int from);

    /** {@code y[yo]} = the sixteen lanes at a[ao] folded pairwise: + 8, + 4, + 2, + 1. */
    abstract void foldLanes(T a, int ao, T y, int yo);

    /**
     * The sum over a batch of at most sixteen samples, sample by sample n chains that began at +0 and are no −0, in the tree of such sums: sample i is lane i, and lanes
     * without a sample, +0, change nothing that they are added to. The sums lie in place of the first sample.
     */
    final void foldSamples(int samples, T chains, int at, int n) {
        int live = samples;
        for (int half = Convolutions.LANES / 2; half > 0; half /= 2) {
            for (int i = half; i < live; i++) {
                add(chains, at + i * n, chains, at + (i - half) * n, n);
            }
            live = Math.min(live, half);
        }
    }

    /** {@code y[yo + i] = y[yo + i] > 0 ? y[yo + i] : slope · y[yo + i]} for i below n. */
    abstract void leaky(double slope, T y, int yo, int n);

    /** {@code y[yo + i] = v[vo + i] > 0 ? g[go + i] : slope · g[go + i]} for i below n. */
    abstract void leakyGradient(double slope, T g, int go, T v, int vo, T y, int yo, int n);

    /**
     * For n samples of each window p {@code y[yo + p·n + i]} = the winner among {@code x[xo + bases[p] + i + taps[t]]}: the first NaN, else the first of the
     * largest; −∞ without taps.
     */
    abstract void max(T x, int xo, int[] bases, int[] taps, T y, int yo, int n);

    /**
     * For n samples of each window p adds {@code g[go + p·n + i]} to {@code dx[dxo + bases[p] + i + taps[t]]} where tap t is the winner among
     * {@code x[xo + bases[p] + i + taps[·]]}.
     *
     * @param alone whether no other window has these places: dx is then not read but taken to be +0
     */
    abstract void maxGradient(T x, int xo, int[] bases, int[] taps, T g, int go, T dx, int dxo, int n, boolean alone);

    /** For n samples of each window p {@code y[yo + p·n + i] = u[uo + bases[p] + i + taps[t]]} where tap t is the winner in x; +0 without taps. */
    abstract void maxPick(T x, int xo, int[] bases, int[] taps, T u, int uo, T y, int yo, int n);

    /**
     * Of rows x[xo …] and x[xo + row …], n samples a pixel, {@code y[yo + p·n + i]} = the winner of {@link #max} among pixels 2p and 2p + 1 of both. Its number, 0 and 1 for
     * the first row, 2 and 3 for the second, goes to bits 2·(p mod 16) and above of {@code winners[wo + p/16·n + i]}.
     */
    abstract void largestOfPairs(T x, int xo, int row, int pixels, int n, T y, int yo, T winners, int wo);

    /** {@code y[yo + p·n + i]} = +0 + the same four elements, in order. */
    abstract void sumsOfPairs(T x, int xo, int row, int pixels, int n, T y, int yo);

    /**
     * One row of two by two pixels, the first or the second, of n samples, of which the first {@code live} are wanted, all or sixteen: pixel 2p + k is +0 + {@code g[go + p·n + i]}
     * where 2·second + k is the winner of window p in {@code winners[wo …]}, written by {@link #largestOfPairs}, otherwise +0. Its sixteens of samples go to y[yo …]
     * one behind the other, {@code cell} apart.
     */
    abstract void unpooled(T g, int go, T winners, int wo, int second, int pixels, int n, int live, T y, int yo, int cell);

    /** The same with pixels 2p and 2p + 1 equal to {@code x[xo + p·n + i]}. */
    abstract void doubled(T x, int xo, int pixels, int n, int live, T y, int yo, int cell);

    /** For n samples of each window p {@code y[yo + p·n + i]} = the sum of {@code x[xo + bases[p] + i + taps[t]]} in order from +0, divided. */
    abstract void average(T x, int xo, int[] bases, int[] taps, double divisor, T y, int yo, int n);

    /** For n samples of each window p adds {@code g[go + p·n + i] / divisor} to each {@code dx[dxo + bases[p] + i + taps[t]]}. */
    abstract void averageGradient(T g, int go, double divisor, int[] bases, int[] taps, T dx, int dxo, int n);

    /** For n samples {@code y[yo + i]} = the chain from +0 of fused multiply-adds of {@code x[xo + i + taps[t]]} by the weights. */
    abstract void blend(T x, int xo, int[] taps, double[] weights, T y, int yo, int n);

    /** For n samples and each t in order {@code dx[xo + i + taps[t]] = fma(weights[t], g[go + i], dx[…])}. */
    abstract void blendGradient(T g, int go, int[] taps, double[] weights, T dx, int dxo, int n);

    /** {@code dx[xo + i] += g[go + i]} for i below n. */
    abstract void add(T g, int go, T dx, int dxo, int n);

    /** Chains over places × vectors that lie (step, 16) apart, one a lane: {@code a[ao + l] = a[ao + l] + x[xo + l]} … */
    abstract void sum(int places, int vectors, int step, T x, int xo, T a, int ao);

    /** {@code y[yo + i·n …] = x[xo + places[i]·n …]}, n elements for each place. */
    abstract void pick(T x, int xo, int[] places, T y, int yo, int n);

    /** {@code y[yo + i·n …] = +0 + Σ x[xo + places[k]·n …]} over starts[i] ≤ k &lt; starts[i + 1], in order, n elements for each i. */
    abstract void pickSums(T x, int xo, int[] starts, int[] places, T y, int yo, int n);

    /** {@link #sum} for four channels that lie {@code plane} apart in x and 16 in a, or as many as {@code last} + 1: one chain alone waits for each addition. */
    abstract void sums(int places, int vectors, int step, T x, int xo, int plane, int last, T a, int ao);

    /** {@link #sum} with {@code a = fma(x − mean, x − mean, a)}. */
    abstract void squares(int places, int vectors, int step, T x, int xo, T mean, int mo, T a, int ao);

    /** The same with {@code a = fma(g, x − mean, a)}. */
    abstract void products(int places, int vectors, int step, T g, int go, T x, int xo, T mean, int mo, T a, int ao);

    /** {@code y[yo + i] = fma(x[xo + i] − mean[c], scale[c], shift[c])}; each parameter's array is read at c. */
    abstract void normalize(T x, int xo, T mean, T scale, T shift, int c, T y, int yo, int n);

    /** {@code y[yo + i] = fma(x[xo + i] − mean[c], −slope[c], g[go + i] − offset[c]) · scale[c]}. */
    abstract void normalizeGradient(T g, int go, T x, int xo, T mean, T offset, T slope, T scale, int c, T y, int yo, int n);

    /** {@code g[go + i]} times the derivative of φ, a rectifier or nothing, where its result is {@code v[vo + i]}, for i below n. */
    final void through(Epilogue phi, T g, int go, T v, int vo, int n) {
        switch (phi.kind()) {
            case RELU -> kernels.zip(Zip.RELU_GRADIENT, g, go, 1, v, vo, 1, g, go, n);
            case LEAKY_RELU -> leakyGradient(phi.slope(), g, go, v, vo, g, go, n);
            case IDENTITY -> { }
            case SIGMOID, TANH -> throw new IllegalArgumentException("no gradient is taken through " + phi.kind() + " on its way to memory");
        }
    }

    /** {@code y[yo + i] = φ(y[yo + i])} for i below n. */
    final void epilogue(Epilogue phi, T y, int yo, int n) {
        switch (phi.kind()) {
            case IDENTITY -> { }
            case RELU -> kernels.map(Function.RELU, y, yo, y, yo, n);
            case LEAKY_RELU -> leaky(phi.slope(), y, yo, n);
            case SIGMOID -> kernels.map(Function.SIGMOID, y, yo, y, yo, n);
            case TANH -> kernels.map(Function.TANH, y, yo, y, yo, n);
        }
    }
}
