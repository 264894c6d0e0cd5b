package gradus.check;

import static gradus.check.Sample.distinct;
import static gradus.check.Sample.positive;
import static gradus.check.Sample.real;
import static gradus.check.Sample.row;
import static gradus.check.Sample.unit;

import gradus.backend.Zip;
import gradus.grad.Gradients;
import gradus.numerics.Function;
import gradus.op.Activation;
import gradus.op.CustomOp;
import gradus.op.Elementwise;
import gradus.op.Loss;
import gradus.op.Losses;
import gradus.op.Op;
import gradus.op.PairedConvolution;
import gradus.op.Product;
import gradus.op.Reduce;
import gradus.op.Value;
import gradus.op.View;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Sample points of every operation. A new operation needs a row here, or the build fails:
 * {@code row(Family.NewOp.class, "what it does", v -> v.get(0).newOp(v.get(1)), real(2, 3), real(3))}. An operation that only arises as
 * another's gradient is reached through {@link #gradient}.
 */
public final class Samples {
    private Samples() {
    }

    /** All rows of operations. */
    public static List<Sample> operations() {
        List<Sample> rows = new ArrayList<>();
        rows.addAll(binary());
        rows.addAll(unary());
        rows.addAll(activations());
        rows.addAll(views());
        rows.addAll(reductions());
        rows.addAll(products());
        rows.addAll(losses());
        rows.addAll(ImageSamples.rows());
        rows.add(custom());
        return List.copyOf(rows);
    }

    /** The row of an operation or layer by its names. */
    public static Sample find(String subject, String name) {
        List<Sample> all = new ArrayList<>(operations());
        all.addAll(LayerSamples.layers());
        return all.stream().filter(s -> s.subjectName().equals(subject) && s.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no sample " + name + " of " + subject));
    }

    /** Every permitted operation; but {@link PairedConvolution}s stand for two others, which the passes that are checked here see in their place. */
    public static Set<Class<?>> permitted() {
        Set<Class<?>> leaves = new LinkedHashSet<>();
        collect(Op.class, leaves);
        return leaves;
    }

    private static void collect(Class<?> type, Set<Class<?>> leaves) {
        if (type == PairedConvolution.class) {
            return;
        }
        if (!type.isSealed()) {
            leaves.add(type);
            return;
        }
        for (Class<?> c : type.getPermittedSubclasses()) {
            collect(c, leaves);
        }
    }

    /** Permitted operations without a row. */
    public static Set<Class<?>> missing() {
        Set<Class<?>> missing = permitted();
        operations().forEach(s -> missing.remove(s.subject()));
        return missing;
    }

    /** (g, x, …) ↦ gᵀ·∂f(x, …)/∂x, the way to operations that are gradients of others. */
    static Differentiable gradient(Differentiable f, int input) {
        return v -> {
            List<Value> x = v.subList(1, v.size());
            return Gradients.vjp(f.apply(x), v.getFirst(), List.of(x.get(input))).getFirst();
        };
    }

    private static Differentiable one(UnaryOperator<Value> f) {
        return v -> f.apply(v.getFirst());
    }

    private static Differentiable two(BinaryOperator<Value> f) {
        return v -> f.apply(v.get(0), v.get(1));
    }

    private static List<Sample> binary() {
        List<Sample> rows = new ArrayList<>();
        broadcasts(rows, Elementwise.Add.class, two(Value::plus), Domain.REAL);
        broadcasts(rows, Elementwise.Subtract.class, two(Value::minus), Domain.REAL);
        broadcasts(rows, Elementwise.Multiply.class, two(Value::times), Domain.REAL);
        broadcasts(rows, Elementwise.Divide.class, two(Value::dividedBy), Domain.POSITIVE);
        broadcasts(rows, Elementwise.Maximum.class, two(Value::maximum), Domain.REAL);
        broadcasts(rows, Elementwise.Minimum.class, two(Value::minimum), Domain.REAL);
        return rows;
    }

    private static void broadcasts(List<Sample> rows, Class<? extends Op> op, Differentiable f, Domain d) {
        rows.add(row(op, "[2, 3] and [2, 3]", f, new Sample.Draw(d, 2, 3), new Sample.Draw(d, 2, 3)));
        rows.add(row(op, "[2, 3] and [3]", f, new Sample.Draw(d, 2, 3), new Sample.Draw(d, 3)));
        rows.add(row(op, "[2, 1] and [1, 3]", f, new Sample.Draw(d, 2, 1), new Sample.Draw(d, 1, 3)));
        rows.add(row(op, "[] and [2, 2]", f, new Sample.Draw(d), new Sample.Draw(d, 2, 2)));
        rows.add(row(op, "[0, 3] and [3]", f, new Sample.Draw(d, 0, 3), new Sample.Draw(d, 3)));
    }

    private static List<Sample> unary() {
        List<Sample> rows = new ArrayList<>();
        shapes(rows, Elementwise.Shift.class, x -> x.plus(1.5), Domain.REAL);
        shapes(rows, Elementwise.SubtractFrom.class, x -> x.subtractedFrom(2), Domain.REAL);
        shapes(rows, Elementwise.Scale.class, x -> x.times(-1.5), Domain.REAL);
        shapes(rows, Elementwise.DivideBy.class, x -> x.dividedBy(3), Domain.REAL);
        shapes(rows, Elementwise.Clamp.class, x -> x.clamp(-0.5, 0.75), Domain.DISTINCT);
        shapes(rows, Elementwise.Negate.class, Value::negate, Domain.REAL);
        shapes(rows, Elementwise.Absolute.class, Value::abs, Domain.REAL);
        shapes(rows, Elementwise.Square.class, Value::square, Domain.REAL);
        shapes(rows, Elementwise.SquareRoot.class, Value::sqrt, Domain.POSITIVE);
        shapes(rows, Elementwise.ReciprocalSquareRoot.class, Value::rsqrt, Domain.POSITIVE);
        shapes(rows, Elementwise.Exp.class, Value::exp, Domain.REAL);
        shapes(rows, Elementwise.Expm1.class, Value::expm1, Domain.REAL);
        shapes(rows, Elementwise.Log.class, Value::log, Domain.POSITIVE);
        shapes(rows, Elementwise.Log1p.class, Value::log1p, Domain.POSITIVE);
        shapes(rows, Elementwise.Sin.class, Value::sin, Domain.REAL);
        shapes(rows, Elementwise.Cos.class, Value::cos, Domain.REAL);
        shapes(rows, Elementwise.Erf.class, Value::erf, Domain.REAL);
        for (int n : new int[] {-2, 0, 1, 2, 5}) {
            rows.add(row(Elementwise.Power.class, "x^" + n, v -> v.getFirst().power(n), real(2, 3)));
        }
        return rows;
    }

    private static void shapes(List<Sample> rows, Class<? extends Op> op, UnaryOperator<Value> f, Domain d) {
        rows.add(row(op, "[2, 3]", one(f), new Sample.Draw(d, 2, 3)));
        rows.add(row(op, "[]", one(f), new Sample.Draw(d)));
        rows.add(row(op, "[0]", one(f), new Sample.Draw(d, 0)));
        rows.add(row(op, "[9, 17]", one(f), new Sample.Draw(d, 9, 17)));
    }

    private static List<Sample> activations() {
        List<Sample> rows = new ArrayList<>();
        shapes(rows, Activation.Relu.class, Value::relu, Domain.REAL);
        shapes(rows, Activation.LeakyRelu.class, x -> x.leakyRelu(0.3), Domain.REAL);
        shapes(rows, Activation.Sigmoid.class, Value::sigmoid, Domain.REAL);
        shapes(rows, Activation.Tanh.class, Value::tanh, Domain.REAL);
        shapes(rows, Activation.Softplus.class, Value::softplus, Domain.REAL);
        for (int[] dims : new int[][] {{5}, {2, 3}, {2, 2, 3}, {0, 3}}) {
            rows.add(row(Activation.Softmax.class, Shape.of(dims).toString(), one(Value::softmax), real(dims)));
            rows.add(row(Activation.LogSoftmax.class, Shape.of(dims).toString(), one(Value::logSoftmax), real(dims)));
        }
        rows.add(row(Activation.ReluGradient.class, "of relu", gradient(one(Value::relu), 0), real(2, 3), real(2, 3)));
        rows.add(row(Activation.LeakyReluGradient.class, "of leaky relu", gradient(one(x -> x.leakyRelu(0.3)), 0), real(2, 3), real(2, 3)));
        rows.add(row(Activation.SigmoidGradient.class, "of sigmoid", gradient(one(Value::sigmoid), 0), real(2, 3), real(2, 3)));
        rows.add(row(Activation.TanhGradient.class, "of tanh", gradient(one(Value::tanh), 0), real(2, 3), real(2, 3)));
        return rows;
    }

    private static List<Sample> views() {
        return List.of(
                row(View.Reshape.class, "[2, 6] to [3, 4]", one(x -> x.reshape(3, 4)), real(2, 6)),
                row(View.Reshape.class, "[] to [1, 1]", one(x -> x.reshape(1, 1)), real()),
                row(View.Reshape.class, "[0, 4] to [2, 0]", one(x -> x.reshape(2, 0)), real(0, 4)),
                row(View.Permute.class, "[3, 3]", one(Value::transpose), real(3, 3)),
                row(View.Permute.class, "[2, 3, 4] to 2, 0, 1", one(x -> x.permute(2, 0, 1)), real(2, 3, 4)),
                row(View.Slice.class, "columns 1 to 3", one(x -> x.slice(1, 1, 3)), real(2, 4)),
                row(View.Slice.class, "nothing", one(x -> x.slice(0, 1, 1)), real(2, 3)),
                row(View.Pad.class, "one before, two behind", one(x -> x.pad(1, 1, 2)), real(2, 3)),
                row(View.Broadcast.class, "[3] to [2, 3]", one(x -> x.broadcastTo(Shape.of(2, 3))), real(3)),
                row(View.Broadcast.class, "[2, 1, 2] to [2, 3, 2]", one(x -> x.broadcastTo(Shape.of(2, 3, 2))), real(2, 1, 2)),
                row(View.Broadcast.class, "[] to [3, 2]", one(x -> x.broadcastTo(Shape.of(3, 2))), real()),
                row(View.Concat.class, "rows", v -> v.get(0).concat(0, v.get(1), v.get(2)), real(2, 3), real(1, 3), real(2, 3)),
                row(View.Concat.class, "columns", v -> v.get(0).concat(1, v.get(1)), real(2, 3), real(2, 3)));
    }

    private static List<Sample> reductions() {
        List<Sample> rows = new ArrayList<>();
        for (int[] axes : new int[][] {{}, {0}, {1}, {0, 2}}) {
            String along = "[2, 3, 2] along " + (axes.length == 0 ? "all" : Shape.of(axes).toString());
            rows.add(row(Reduce.Sum.class, along, one(x -> x.sum(axes)), real(2, 3, 2)));
            rows.add(row(Reduce.Mean.class, along, one(x -> x.mean(axes)), real(2, 3, 2)));
            rows.add(row(Reduce.SumOfSquares.class, along, one(x -> x.sumOfSquares(axes)), real(2, 3, 2)));
            rows.add(row(Reduce.Extreme.class, "max of " + along, one(x -> x.max(axes)), distinct(2, 3, 2)));
            rows.add(row(Reduce.Extreme.class, "min of " + along, one(x -> x.min(axes)), distinct(2, 3, 2)));
        }
        rows.add(row(Reduce.Sum.class, "[]", one(Value::sum), real()));
        rows.add(row(Reduce.Sum.class, "[0, 3] along 0", one(x -> x.sum(0)), real(0, 3)));
        return rows;
    }

    private static List<Sample> products() {
        List<Sample> rows = new ArrayList<>();
        rows.add(row(Product.Matmul.class, "[3, 3] and [3, 3]", two(Value::matmul), real(3, 3), real(3, 3)));
        rows.add(row(Product.Matmul.class, "[2, 4] and [4, 3]", two(Value::matmul), real(2, 4), real(4, 3)));
        rows.add(row(Product.Matmul.class, "[2, 2, 3] and [2, 3, 2]", two(Value::matmul), real(2, 2, 3), real(2, 3, 2)));
        rows.add(row(Product.Matmul.class, "[2, 0] and [0, 3]", two(Value::matmul), real(2, 0), real(0, 3)));
        rows.add(row(Product.Matmul.class, "[13, 21] and [21, 18]", two(Value::matmul), real(13, 21), real(21, 18)));
        for (Function f : new Function[] {null, Function.RELU, Function.SIGMOID, Function.TANH}) {
            rows.add(row(Product.Affine.class, "with bias, " + f, v -> v.get(0).affine(v.get(1), v.get(2), f), real(3, 3), real(3, 3), real(3)));
            rows.add(row(Product.Affine.class, "without bias, " + f, v -> v.get(0).affine(v.get(1), null, f), real(4, 3), real(2, 3)));
        }
        return rows;
    }

    private static List<Sample> losses() {
        return List.of(
                row(Loss.MeanSquaredError.class, "[2, 3]", two(Losses::meanSquaredError), real(2, 3), real(2, 3)),
                row(Loss.MeanSquaredError.class, "[]", two(Losses::meanSquaredError), real(), real()),
                row(Loss.NegativeLogLikelihood.class, "[2, 3]", two((x, t) -> x.tape().apply(new Loss.NegativeLogLikelihood(x, t))), real(2, 3), real(2, 3)),
                row(Loss.NegativeLogLikelihood.class, "behind log-softmax, [3, 5]", two(Losses::crossEntropy), real(3, 5), real(3, 5)),
                row(Loss.BinaryCrossEntropy.class, "[2, 3]", two(Losses::binaryCrossEntropy), unit(2, 3), unit(2, 3)));
    }

    private static Sample custom() {
        return row(CustomOp.class, "x³·y", v -> CustomOp.apply("cube times", (backend, in) -> {
            Tensor cube = backend.zip(Zip.INTEGER_POWER, in.get(0), 3);
            return backend.zip(Zip.MULTIPLY, cube, in.get(1));
        }, (in, y, g) -> List.of(() -> g.times(in.get(0).square().times(3).times(in.get(1))), () -> g.times(in.get(0).power(3))), v.get(0), v.get(1)),
                real(2, 3), positive(2, 3));
    }
}
