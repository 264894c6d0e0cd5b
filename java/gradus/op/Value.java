package gradus.op;

import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.Reduction;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor that remembers how it was computed. Every method that computes applies one {@link Op}, or a few, to the tape of this value.
 *
 * <p>Operands have one element type and one tape. Two shapes broadcast as in NumPy: aligned at their last axes, an extent of 1, or a missing one, is repeated; axes may be negative and then count
 * from the end. What does not fit is a {@link ShapeException} that names the operation, what came and what was wanted, another tape an {@link IllegalArgumentException}.
 */
public final class Value {
    private final Tape tape;
    private final Tensor tensor;
    private Op op;
    private final int index;
    private final boolean differentiable;
    final boolean owned;
    boolean pinned;
    boolean gone;
    /** Recorded operations that have this value as an operand, and those who asked for its cotangent. */
    int readers;
    /** Whether the cotangent that the only reader gave is already that of what this value's activation was applied to. */
    boolean passedThrough;

    Value(Tape tape, Tensor tensor, Op op, int index, boolean differentiable, boolean owned) {
        this.tape = tape;
        this.tensor = tensor;
        this.op = op;
        this.index = index;
        this.differentiable = differentiable;
        this.owned = owned;
    }

    /** The tape that this value is written on. */
    public Tape tape() {
        return tape;
    }

    /** The numbers; they go back to the pool when the tape closes, or earlier when the backward pass has no more use for them. */
    public Tensor tensor() {
        return tensor;
    }

    /** The operation that made this value, or null for a leaf and where no gradient flows. */
    public Op op() {
        return op;
    }

    /** Takes this value for the result of another operation that gives the same. */
    void becomes(Op other) {
        op = other;
    }

    /** Place on the tape; operands come before results. */
    public int index() {
        return index;
    }

    /** Whether a variable is among the ancestors, so that gradients flow here. */
    public boolean differentiable() {
        return differentiable;
    }

    /** Extents. */
    public Shape shape() {
        return tensor.shape();
    }

    /** Element type. */
    public DType dtype() {
        return tensor.dtype();
    }

    /** Number of elements. */
    public int size() {
        return tensor.size();
    }

    /** The number in a value of one element. */
    public double item() {
        return tape.backend().download(tensor).item();
    }

    /** The same numbers as a constant: no gradient flows through it. */
    public Value detach() {
        return tape.alias(this);
    }

    /** Keeps the numbers when the backward pass would release them; returns this value. */
    public Value keep() {
        pinned = true;
        return this;
    }

    /** Whether {@link #keep} was called and not undone. */
    public boolean isKept() {
        return pinned;
    }

    /** Undoes {@link #keep}. */
    public void unkeep() {
        pinned = false;
    }

    /** Says that the cotangent of this value itself is wanted, so that none may be given in its place. */
    public void wantCotangent() {
        readers = Integer.MAX_VALUE;
    }

    /** Whether the cotangent in hand was taken through the activation already; said once. */
    boolean takePassedThrough() {
        boolean passed = passedThrough;
        passedThrough = false;
        return passed;
    }

    /** x + b, with broadcasting. */
    public Value plus(Value b) {
        return tape.apply(new Elementwise.Add(this, b));
    }

    /** x + c. */
    public Value plus(double c) {
        return tape.apply(new Elementwise.Shift(this, c));
    }

    /** x − b, with broadcasting. */
    public Value minus(Value b) {
        return tape.apply(new Elementwise.Subtract(this, b));
    }

    /** x − c. */
    public Value minus(double c) {
        return plus(-c);
    }

    /** c − x. */
    public Value subtractedFrom(double c) {
        return tape.apply(new Elementwise.SubtractFrom(this, c));
    }

    /** x · b, with broadcasting. */
    public Value times(Value b) {
        return tape.apply(new Elementwise.Multiply(this, b));
    }

    /** x · c. */
    public Value times(double c) {
        return tape.apply(new Elementwise.Scale(this, c));
    }

    /** x / b, with broadcasting. */
    public Value dividedBy(Value b) {
        return tape.apply(new Elementwise.Divide(this, b));
    }

    /** x / c, one correctly rounded division an element. */
    public Value dividedBy(double c) {
        return tape.apply(new Elementwise.DivideBy(this, c));
    }

    /** The larger of x and b, with broadcasting; the gradient of a tie goes half to each. */
    public Value maximum(Value b) {
        return tape.apply(new Elementwise.Maximum(this, b));
    }

    /** The smaller of x and b, with broadcasting; the gradient of a tie goes half to each. */
    public Value minimum(Value b) {
        return tape.apply(new Elementwise.Minimum(this, b));
    }

    /** x limited to lower … upper; the gradient is 1 inside and on the limits, 0 outside. */
    public Value clamp(double lower, double upper) {
        return tape.apply(new Elementwise.Clamp(this, lower, upper));
    }

    /** xⁿ for an integer n. */
    public Value power(int n) {
        return tape.apply(new Elementwise.Power(this, n));
    }

    /** −x. */
    public Value negate() {
        return tape.apply(new Elementwise.Negate(this));
    }

    /** |x|; the gradient at 0 is 0. */
    public Value abs() {
        return tape.apply(new Elementwise.Absolute(this));
    }

    /** x². */
    public Value square() {
        return tape.apply(new Elementwise.Square(this));
    }

    /** √x. */
    public Value sqrt() {
        return tape.apply(new Elementwise.SquareRoot(this));
    }

    /** 1 / √x. */
    public Value rsqrt() {
        return tape.apply(new Elementwise.ReciprocalSquareRoot(this));
    }

    /** eˣ. */
    public Value exp() {
        return tape.apply(new Elementwise.Exp(this));
    }

    /** eˣ − 1. */
    public Value expm1() {
        return tape.apply(new Elementwise.Expm1(this));
    }

    /** Natural logarithm. */
    public Value log() {
        return tape.apply(new Elementwise.Log(this));
    }

    /** log(1 + x). */
    public Value log1p() {
        return tape.apply(new Elementwise.Log1p(this));
    }

    /** Sine. */
    public Value sin() {
        return tape.apply(new Elementwise.Sin(this));
    }

    /** Cosine. */
    public Value cos() {
        return tape.apply(new Elementwise.Cos(this));
    }

    /** Error function. */
    public Value erf() {
        return tape.apply(new Elementwise.Erf(this));
    }

    /** Hyperbolic tangent. */
    public Value tanh() {
        return tape.apply(new Activation.Tanh(this));
    }

    /** 1 / (1 + e⁻ˣ). */
    public Value sigmoid() {
        return tape.apply(new Activation.Sigmoid(this));
    }

    /** log(1 + eˣ). */
    public Value softplus() {
        return tape.apply(new Activation.Softplus(this));
    }

    /** max(x, 0); the gradient at 0 is 0. */
    public Value relu() {
        return tape.apply(new Activation.Relu(this));
    }

    /** x if x &gt; 0, else slope · x; the gradient at 0 is the slope. */
    public Value leakyRelu(double slope) {
        return tape.apply(new Activation.LeakyRelu(this, slope));
    }

    /** eˣ / Σ eˣ along the last axis; a row of −∞ alone, and one with ∞ or NaN, gives NaN as in PyTorch. */
    public Value softmax() {
        return tape.apply(new Activation.Softmax(this));
    }

    /** x − log Σ eˣ along the last axis. */
    public Value logSoftmax() {
        return tape.apply(new Activation.LogSoftmax(this));
    }

    /** The elements in another shape; one extent may be −1. */
    public Value reshape(int... dims) {
        return tape.apply(new View.Reshape(this, Shape.of(inferred(dims))));
    }

    /** The elements in another shape of the same size. */
    public Value reshape(Shape shape) {
        return tape.apply(new View.Reshape(this, shape));
    }

    private int[] inferred(int[] dims) {
        int[] copy = dims.clone();
        int known = Arrays.stream(copy).filter(d -> d != -1).reduce(1, (a, b) -> a * b);
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] == -1) {
                copy[i] = known == 0 ? 0 : size() / known;
                break;
            }
        }
        return copy;
    }

    /** The axes in another order. */
    public Value permute(int... axes) {
        return tape.apply(new View.Permute(this, axes.clone()));
    }

    /** The last two axes exchanged. */
    public Value transpose() {
        if (shape().rank() < 2) {
            throw new ShapeException("transpose: shape " + shape() + " has fewer than two axes");
        }
        int[] axes = new int[shape().rank()];
        Arrays.setAll(axes, i -> i);
        axes[axes.length - 1] = axes.length - 2;
        axes[axes.length - 2] = axes.length - 1;
        return permute(axes);
    }

    /** The indices from ≤ i &lt; to along an axis. */
    public Value slice(int axis, int from, int to) {
        return tape.apply(new View.Slice(this, shape().axis(axis), from, to));
    }

    /** Zeros before and after along an axis. */
    public Value pad(int axis, int before, int after) {
        return tape.apply(new View.Pad(this, shape().axis(axis), before, after));
    }

    /** Extents of 1 and missing leading axes repeated to fill the shape. */
    public Value broadcastTo(Shape shape) {
        return shape.equals(shape()) ? this : tape.apply(new View.Broadcast(this, shape));
    }

    /** This value and others, one after the other along an axis. */
    public Value concat(int axis, Value... others) {
        Value[] all = new Value[others.length + 1];
        all[0] = this;
        System.arraycopy(others, 0, all, 1, others.length);
        return tape.apply(new View.Concat(List.of(all), shape().axis(axis)));
    }

    /** The sum over the axes, which stay with extent 1; over all of them to a scalar when none is given. */
    public Value sum(int... axes) {
        return scalarIfWhole(tape.apply(new Reduce.Sum(this, axes.clone())), axes);
    }

    /** The mean over the axes, which stay with extent 1; over all of them to a scalar when none is given. */
    public Value mean(int... axes) {
        return scalarIfWhole(tape.apply(new Reduce.Mean(this, axes.clone())), axes);
    }

    /** The sum of squares over the axes, which stay with extent 1; over all of them to a scalar when none is given. */
    public Value sumOfSquares(int... axes) {
        return scalarIfWhole(tape.apply(new Reduce.SumOfSquares(this, axes.clone())), axes);
    }

    /** The maximum over the axes, which stay with extent 1, −∞ of nothing; the gradient is shared evenly among ties, as in PyTorch's {@code amax}. */
    public Value max(int... axes) {
        return scalarIfWhole(tape.apply(new Reduce.Extreme(this, Reduction.MAX, axes.clone())), axes);
    }

    /** The minimum over the axes, which stay with extent 1, ∞ of nothing; the gradient is shared evenly among ties. */
    public Value min(int... axes) {
        return scalarIfWhole(tape.apply(new Reduce.Extreme(this, Reduction.MIN, axes.clone())), axes);
    }

    /** The mean squared distance from the mean over the axes, divided by n (not n − 1). */
    public Value variance(int... axes) {
        return minus(mean(axes)).square().mean(axes);
    }

    private static Value scalarIfWhole(Value reduced, int[] axes) {
        return axes.length == 0 && reduced.shape().rank() > 0 ? reduced.reshape(Shape.SCALAR) : reduced;
    }

    /** The matrix product [… n, k] · [… k, m] → [… n, m], batched over leading axes, which agree. */
    public Value matmul(Value b) {
        return tape.apply(new Product.Matmul(this, b));
    }

    /** f(x·weightᵀ + bias) for x [N, in], weight [out, in], bias [out] or null, and f ReLU, sigmoid, tanh or null. */
    public Value affine(Value weight, Value bias, Function activation) {
        return tape.apply(new Product.Affine(this, weight, bias, activation));
    }

    /** The convolution of images [N, C, H, W] by weight [F, C/groups, kh, kw], plus bias [F] or null, through φ. */
    public Value conv2d(Value weight, Value bias, Window window, int groups, Epilogue phi) {
        return tape.apply(new Convolution.Conv2d(this, weight, bias, ConvShape.of(shape(), weight.shape(), window, groups), phi));
    }

    /**
     * The largest of each two by two pixels of {@link #conv2d}: with an activation that is none or ReLU, on a backend that can, without storing the larger images.
     */
    public Value conv2dMaxPool(Value weight, Value bias, Window window, int groups, Epilogue phi) {
        Convolution.Conv2d conv = new Convolution.Conv2d(this, weight, bias, ConvShape.of(shape(), weight.shape(), window, groups), phi);
        return PairedConvolution.ConvMaxPool.passes(phi) && Math.min(conv.shape().outHeight(), conv.shape().outWidth()) > 1
                ? tape.apply(new PairedConvolution.ConvMaxPool(conv)) : tape.apply(conv).maxPool(Window.of(2).stride(2));
    }

    /** {@link #conv2d} of the images at twice their extents, each pixel as two by two; on a backend that can, without storing these. */
    public Value doubledConv2d(Value weight, Value bias, Window window, int groups, Epilogue phi) {
        ConvShape extents = ConvShape.of(ResizeShape.doubled(shape()).output(), weight.shape(), window, groups);
        return tape.apply(new PairedConvolution.DoubledConv(this, weight, bias, extents, phi));
    }

    /** The transposed convolution of images [N, F, h, w] by weight [F, C/groups, kh, kw], plus bias [C] or null, through φ; both extents grow by {@code extra}. */
    public Value convTranspose2d(Value weight, Value bias, Window window, int groups, int extra, Epilogue phi) {
        ConvShape extents = ConvShape.transposed(shape(), weight.shape(), window, groups, extra, extra);
        return tape.apply(new Convolution.ConvTranspose2d(this, weight, bias, extents, phi));
    }

    /** The largest element of each window; windows that stick out are left out. */
    public Value maxPool(Window window) {
        return tape.apply(new Pooling.MaxPool(this, PoolShape.of(shape(), window, false, false)));
    }

    /** The mean of each window, padding counted as zeros; windows that stick out are left out. */
    public Value averagePool(Window window) {
        return tape.apply(new Pooling.AveragePool(this, PoolShape.of(shape(), window, false, true)));
    }

    /** Images at another resolution. */
    public Value resize(int height, int width, ResizeShape.Mode mode) {
        return tape.apply(new Resample.Resize(this, ResizeShape.of(shape(), height, width, mode)));
    }

    /** 1 where x &gt; b, else 0, as a constant; with broadcasting. */
    public Value greater(Value b) {
        return tape.own(tape.backend().zip(Zip.GREATER, tensor, b.tensor));
    }

    /** 1 where x = b, else 0, as a constant; with broadcasting. */
    public Value equalTo(Value b) {
        return tape.own(tape.backend().zip(Zip.EQUAL, tensor, b.tensor));
    }

    /** 1 where x &gt; c, else 0, as a constant. */
    public Value greater(double c) {
        return tape.own(tape.backend().zip(Zip.GREATER, tensor, c));
    }

    /** 1 where x ≥ c, else 0, as a constant. */
    public Value greaterEqual(double c) {
        return tape.own(tape.backend().zip(Zip.GREATER_EQUAL, tensor, c));
    }

    /** −1, 0 or 1 by the sign of x, as a constant. */
    public Value sign() {
        return tape.own(tape.backend().map(Function.SIGN, tensor));
    }

    @Override
    public String toString() {
        return (op == null ? "value " : op.getClass().getSimpleName() + " ") + tensor;
    }
}
