package gradus.backend.simd;

import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Tensor;

/**
 * The loops over runs of arrays that everything else is made of, for one element type. Those of {@link FloatKernels} and {@link DoubleKernels} have the
 * bits of {@code gradus.backend.scalar} at every vector width.
 *
 * @param <T> float[] or double[]
 */
abstract class Kernels<T> {
    /** Terms of a sum that are folded together; see {@link Reduction}. */
    static final int CHUNK = 4096;
    /** Virtual lanes of a sum. */
    static final int VIRTUAL_LANES = 16;

    /** Elements of a vector. */
    final int lanes;

    Kernels(int lanes) {
        this.lanes = lanes;
    }

    abstract DType dtype();

    /** The array behind a tensor. */
    abstract T array(Tensor t);

    abstract T allocate(int length);

    abstract int length(T array);

    /** The first element of an array that begins a line of the cache, see {@link CacheLines}. */
    abstract int firstOfLine(T array);

    /** {@code y[yo + i] = value} for i below n, rounded to the type. */
    abstract void fill(T y, int yo, int n, double value);

    /** {@code y[i] = x[xo]} for all of y: one element in the form that {@link #zip} takes with step 0. */
    abstract void splat(T x, int xo, T y);

    /** {@code y[yo + i·ys] = x[xo + i·xs]}. */
    abstract void copy(T x, int xo, int xs, T y, int yo, int ys, int n);

    /** {@code y[yo + p·yrs + j] = x[xo + p·xrs + j·xcs]} for p below {@code rows} and j below {@code columns}. */
    abstract void transpose(int rows, int columns, T x, int xo, int xrs, int xcs, T y, int yo, int yrs);

    /** {@code y[yo + i] = f(x[xo + i])}. Both may be one array at one offset. */
    abstract void map(Function f, T x, int xo, T y, int yo, int n);

    /**
     * {@code y[yo + i] = f(a[ao + i·as], b[bo + i·bs])} with steps of 1 or 0. With step 0 the array must hold one element {@link #lanes} times from the
     * offset on. y must not overlap an operand.
     */
    abstract void zip(Zip f, T a, int ao, int as, T b, int bo, int bs, T y, int yo, int n);

    /** {@code y[yo + i] = m[mo + i·ms] ≠ 0 ? a[ao + i·as] : b[bo + i·bs]}, with steps as in {@link #zip}. */
    abstract void select(T m, int mo, int ms, T a, int ao, int as, T b, int bo, int bs, T y, int yo, int n);

    /** {@code y[yo] = } the fold of n terms, at most {@link #CHUNK} of them for sums. */
    abstract void fold(Reduction r, T x, int xo, int n, T y, int yo);

    /** {@code y[yo] = Σ (x[xo + i] − t[to + i])²} over n terms, at most {@link #CHUNK}, in the order of {@link #fold}; only for vectors of at least 256 bits. */
    abstract void squaredDistance(T x, int xo, T t, int to, int n, T y, int yo);

    /** {@code y[yo + i] = (x[xo + i] − t[to + i])·c[co]}, and times x(1 − x) where a sigmoid made x and the gradient is to go through it. */
    abstract void squaresGradient(T x, int xo, T t, int to, T c, int co, boolean throughSigmoid, T y, int yo, int n);

    /** {@code y[yo + i] = } the fold of the n terms {@code x[xo + i·xs + j]}, j below n, for i below {@code rows}; n is below {@link #VIRTUAL_LANES}. */
    abstract void foldRows(Reduction r, T x, int xo, int xs, int rows, int n, T y, int yo);

    /** {@code y[yo + i·n + j] = x[xo + i·xs]} for i below {@code rows} and j below n. */
    abstract void spread(T x, int xo, int xs, int rows, int n, T y, int yo);

    /** {@code y[yo] = } the fold of partial results in order: {@code +0 + x[xo] + x[xo + 1] + …}, or their extreme. */
    abstract void foldParts(Reduction r, T x, int xo, int n, T y, int yo);

    /**
     * {@code y[yo + j] = } the fold of {@code x[xo + i·xs + j]} over i below {@code rows}, at most {@link #CHUNK} of them for sums, for j below n.
     *
     * @param lanes room for {@link #VIRTUAL_LANES} · n elements, and for as many vectors
     */
    abstract void foldColumns(Reduction r, T x, int xo, int xs, int rows, int n, T lanes, T y, int yo);

    /** {@code y[yo + j] = } the fold of the partial results {@code x[xo + i·n + j]} over i in order, as {@link #foldParts}. */
    abstract void foldPartsOfColumns(Reduction r, T x, int xo, int rows, int n, T y, int yo);
}
