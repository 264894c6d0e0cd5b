package gradus.backend;

import gradus.numerics.Function;
import gradus.numerics.RandomStream;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Everything that operations ask of a machine. All backends give the same bits (docs/numerics.md); {@code scalar} is the definition,
 * the others are checked against it.
 *
 * <p>Results are fresh tensors from the backend's pool, row-major unless said otherwise; hand them back with {@link #release}.
 * Arguments may be any views. Operands of one call have one element type, which is the type of the result.
 */
public interface Backend extends AutoCloseable {
    /** Name as the command line knows it: {@code cpu}, {@code scalar}, {@code cuda}, {@code emulated}. */
    String name();

    /** What serves, in words for the ledger and for {@code doctor}: vector width, threads, device. */
    String description();

    /** {@code contract}, or what serves in its place, for the ledger. */
    default String mode() {
        return Mode.CONTRACT.label();
    }

    /** A row-major tensor whose elements are not set. */
    Tensor allocate(DType dtype, Shape shape);

    /** Gives the memory of a tensor back to the pool; later touches of it are errors. */
    void release(Tensor tensor);

    /** The tensor in this backend's memory; on a CPU the tensor itself. */
    Tensor upload(Tensor host);

    /** The tensor on the heap, row-major; on a CPU itself where it is so already. */
    Tensor download(Tensor tensor);

    /** Copies all elements into a target of the same shape, which may be a view. */
    void copy(Tensor source, Tensor target);

    /** Sets all elements of a target, which may be a view. */
    void fill(Tensor target, double value);

    /** f(x), element by element. */
    Tensor map(Function f, Tensor x);

    /** f(a, b), element by element, with broadcasting. */
    Tensor zip(Zip f, Tensor a, Tensor b);

    /** f(a, b) with one b for all elements, rounded to the type of a. */
    Tensor zip(Zip f, Tensor a, double b);

    /** a where the mask is not zero, else b, with broadcasting of all three. */
    Tensor select(Tensor mask, Tensor a, Tensor b);

    /** Folds the given axes, in row-major order of the folded index; folded axes stay with extent 1. */
    Tensor reduce(Reduction r, Tensor x, int... axes);

    /**
     * The matrix product c[i, j] = f(bias[j] + Σₖ a[i, k]·b[k, j]): one fused multiply-add chain over k ascending that starts at +0, or at
     * the bias. Leading axes beyond two are batches and must agree.
     *
     * @param bias       n elements, or null
     * @param activation applied to each finished chain, or null
     */
    Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation);

    /** Convolution, pooling, resampling and batch normalization on this machine. */
    Convolutions convolutions();

    /** The tensor itself if it is contiguous, else a row-major copy from the pool. */
    default Tensor contiguous(Tensor x) {
        if (x.isContiguous()) {
            return x;
        }
        Tensor out = allocate(x.dtype(), x.shape());
        copy(x, out);
        return out;
    }

    /**
     * Evaluates a formula and replaces the operands that it names. All tensors have one shape and type; those that are replaced overlap nothing
     * else.
     *
     * @param scalars one for each step; those of steps without a scalar are not read
     */
    default void evaluate(Formula formula, double[] scalars, Tensor... operands) {
        formula.evaluate(this, scalars, operands);
    }

    /** The same over several runs of memory: one launch for all of them where the backend can. */
    default void evaluate(Formula formula, double[] scalars, List<Tensor[]> segments) {
        segments.forEach(operands -> evaluate(formula, scalars, operands));
    }

    /** Elements below which a run of memory is better gathered with its neighbours than a segment of its own in {@link #evaluate}: where a copy costs less than a pass. */
    default int gathersBelow() {
        return 4096;
    }

    /** What the operation's composition gives, to the bit, in fewer passes; empty where this backend composes it. */
    default Optional<Tensor> fused(Fusion fusion, Tensor... operands) {
        return Optional.empty();
    }

    /**
     * (x − target)·c, the gradient of a squared error, and times x(1 − x) where it is to go through the sigmoid that made x; each operation rounded as one of its own. Empty
     * where this backend composes it.
     *
     * @param c one element
     */
    default Optional<Tensor> squaresGradient(Tensor x, Tensor target, Tensor c, boolean throughSigmoid) {
        return Optional.empty();
    }

    /**
     * t·c − eˡ·Σ t·c, the sum over the last axis: the gradient of c·Σ t·l through the log-softmax that made l, each operation rounded as one of its own. Empty where this backend
     * composes it.
     *
     * @param c one element
     */
    default Optional<Tensor> logLikelihoodGradient(Tensor l, Tensor t, Tensor c) {
        return Optional.empty();
    }

    /**
     * {@code yes} where an event of probability p happens and {@code no} elsewhere, both rounded to the type, in row-major order: the stream's next words, as
     * {@link RandomStream#bernoulli(double)} takes them.
     */
    default Tensor bernoulli(RandomStream random, DType dtype, Shape shape, double p, double yes, double no) {
        Tensor y = allocate(dtype, shape);
        switch (dtype) {
            case FLOAT32 -> random.bernoulli(y.floats(), y.offset(), y.size(), p, (float) yes, (float) no);
            case FLOAT64 -> {
                float[] drawn = new float[y.size()];
                random.bernoulli(drawn, 0, drawn.length, p, 1, 0);
                for (int i = 0; i < drawn.length; i++) {
                    y.doubles()[y.offset() + i] = drawn[i] == 1 ? yes : no;
                }
            }
        }
        return y;
    }

    /** Numbers drawn evenly from low to below high, in row-major order: the stream's next words, as {@link RandomStream#uniform(float[], int, int, float, float)} takes them. */
    default Tensor uniform(RandomStream random, DType dtype, Shape shape, double low, double high) {
        Tensor y = allocate(dtype, shape);
        switch (dtype) {
            case FLOAT32 -> random.uniform(y.floats(), y.offset(), y.size(), (float) low, (float) high);
            case FLOAT64 -> random.uniform(y.doubles(), y.offset(), y.size(), low, high);
        }
        return y;
    }

    /** Normal numbers, in row-major order: the stream's next words, as {@link RandomStream#normal(float[], int, int, float, float)} takes them. */
    default Tensor normal(RandomStream random, DType dtype, Shape shape, double mean, double deviation) {
        Tensor y = allocate(dtype, shape);
        switch (dtype) {
            case FLOAT32 -> random.normal(y.floats(), y.offset(), y.size(), (float) mean, (float) deviation);
            case FLOAT64 -> random.normal(y.doubles(), y.offset(), y.size(), mean, deviation);
        }
        return y;
    }

    /**
     * Exact t-SNE's descent from these points, kept on the device; empty where the backend has none of its own.
     *
     * @param start  where the entries of each row of affinities begin, and the end of the last; multiples of 16
     * @param column the other point of each entry
     */
    default Optional<PlaneDescent> planeDescent(float[] x, float[] y, int[] start, int[] column, float[] p) {
        return Optional.empty();
    }

    /**
     * A search for the nearest centres of rows that the device keeps; empty where the backend has none of its own.
     *
     * @param rows one after the other, finite
     * @param d    length of a row
     */
    default Optional<NearestCenters> nearestCenters(float[] rows, int d) {
        return Optional.empty();
    }

    /** Ends threads and frees memory. */
    @Override
    void close();
}
