package gradus.backend;

import gradus.tensor.Tensor;

/**
 * What convolutional networks ask of a machine, beside {@link Backend}: convolution and its gradients, pooling, resampling, and the passes
 * of batch normalization. All backends give the same bits; {@link gradus.backend.scalar.ScalarConvolutions} is the definition.
 *
 * <p>Images are [N, C, H, W]. Arguments may be any views or batch-blocked; results may be batch-blocked. Operands of one call have one type.
 *
 * <h2>Order</h2>
 *
 * <p><b>Chains.</b> {@link #forward} and {@link #inputGradient} are one chain of fused multiply-adds an element, whose order is given there. A
 * tap that falls into padding, or between the strides, is not a term: it is left out, not multiplied by zero.
 *
 * <p><b>Sums over a batch</b> ({@link #weightGradient} and all that fold a channel) run in a fixed tree. The samples are taken in chunks of
 * {@value #CHUNK}. Inside a chunk each of {@value #LANES} virtual lanes l is one chain from +0 over the samples n with n mod {@value #LANES} = l: places
 * (row, column) ascending, and at each place those samples ascending. Lane by lane the chunks are added in order to a running sum that starts at
 * +0. Then the lanes are folded pairwise: l + 8, then + 4, + 2, + 1.
 */
public interface Convolutions {
    /** Samples of a batch that form one chain a lane. */
    int CHUNK = 32;
    /** Virtual lanes of a sum over a batch. */
    int LANES = 16;

    /**
     * y[n, f, i, j] = φ(bias[f] + Σ x[n, c, row(i, k), column(j, l)] · weight[f, c′, k, l]) over (c, k, l) ascending, c the channels of the group
     * of f: one chain that starts at the bias, or at +0.
     *
     * @param bias one element a filter, or null
     */
    Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi);

    /**
     * x[n, c, h, w] = φ(bias[c] + Σ y[n, f, i, j] · weight[f, c′, k, l]) over (f, k, l) ascending, with the (i, j) for which row(i, k) = h and
     * column(j, l) = w: one chain that starts at the bias, or at +0. The gradient of {@link #forward} by its input, and the transposed convolution.
     *
     * @param bias one element a channel, or null
     */
    Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi);

    /**
     * dw[f, c′, k, l] = Σ y[n, f, i, j] · x[n, c, row(i, k), column(j, l)], fused multiply-adds in the tree for sums over a batch with places
     * (i, j). The gradient of {@link #forward} by its weight for the cotangent y.
     */
    Tensor weightGradient(ConvShape shape, Tensor y, Tensor x);

    /** The gradients of a convolution's parameters. */
    record Parameters(Tensor weight, Tensor bias) {}

    /**
     * {@link #weightGradient}, and with it {@link #channelSums} of y, which are the gradient of a convolution's bias; of x for a transposed convolution. In one
     * pass over memory where the backend can.
     */
    default Parameters parameterGradients(ConvShape shape, Tensor y, Tensor x, boolean transposed) {
        return new Parameters(weightGradient(shape, y, x), channelSums(transposed ? x : y));
    }

    /** φ′ · g, element by element, where y is what φ gave; see {@link Epilogue#gradient(float, float)}. */
    Tensor epilogueGradient(Epilogue phi, Tensor g, Tensor y);

    /** The largest tap of each window: NaN when one is, −∞ when all are padding. Among equals the first in (k, l) order. */
    Tensor maxPool(PoolShape shape, Tensor x);

    /**
     * The gradient of {@link #maxPool}: dx[h, w] = Σ of g over the windows (i, j) ascending whose winner lies at (h, w), from +0. The winner is
     * the first NaN, else the first of the largest in (k, l) order.
     */
    Tensor maxPoolGradient(PoolShape shape, Tensor g, Tensor x);

    /** The element of u at the winner of each window of x, +0 where a window has none: the transpose of {@link #maxPoolGradient}. */
    Tensor maxPoolPick(PoolShape shape, Tensor u, Tensor x);

    /** The sum of the taps in (k, l) order from +0, padding left out, divided by {@link PoolShape#divisor}. */
    Tensor averagePool(PoolShape shape, Tensor x);

    /** dx[h, w] = Σ of g[i, j] / divisor over the windows (i, j) ascending that cover (h, w), from +0. */
    Tensor averagePoolGradient(PoolShape shape, Tensor g);

    /**
     * Nearest: the source place itself. Bilinear: the chain from +0 of fused multiply-adds of the four places (low, low), (low, high), (high, low),
     * (high, high) by the products of their weights, which are worked out in binary64 and rounded once to the type.
     */
    Tensor resize(ResizeShape shape, Tensor x);

    /**
     * The transpose of {@link #resize}: for each element of dx one chain from +0 over the output places (i, j) ascending that are made of it, and
     * of each place its up to four taps in the order given there; additions for nearest, fused multiply-adds by the weight for bilinear.
     */
    Tensor resizeGradient(ResizeShape shape, Tensor g);

    /** Σ x for each channel, [C], in the tree for sums over a batch. x is [N, C] or [N, C, …], places in row-major order. */
    Tensor channelSums(Tensor x);

    /** Σ (x − mean[c])² for each channel, [C]: the difference rounded, then a fused multiply-add; in the tree for sums over a batch. */
    Tensor channelSquares(Tensor x, Tensor mean);

    /** Σ g · (x − mean[c]) for each channel, [C]: the difference rounded, then a fused multiply-add; in the tree for sums over a batch. */
    Tensor channelProducts(Tensor g, Tensor x, Tensor mean);

    /** φ(fma(x − mean[c], scale[c], shift[c])), the difference rounded. */
    Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi);

    /** fma(x − mean[c], −slope[c], g − offset[c]) · scale[c], both differences rounded: the gradient of batch normalization by its input. */
    Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale);

    /** Gradients that take the activation below them along; null where the backend makes two passes of it. */
    default ThroughActivations throughActivations() {
        return null;
    }

    /** Convolutions beside which two by two pixels meet, in one pass; null where the backend makes two of it. */
    default PairedConvolutions paired() {
        return null;
    }
}
