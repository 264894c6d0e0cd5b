package gradus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.scalar.ScalarBackend;
import gradus.grad.Gradients;
import gradus.nn.BatchNorm2d;
import gradus.nn.Pass;
import gradus.nn.Upsample;
import gradus.numerics.RandomStream;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of first and second order of the convolutional operations against central differences in float64. */
class ConvolutionGradientTest {
    /** An operation of operands of these shapes. */
    private record Row(String name, List<Shape> operands, Function<List<Value>, Value> op) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final double STEP = 1e-5;

    static Stream<Row> rows() {
        Window odd = Window.of(3, 2).stride(2, 1).dilation(1, 2).padding(1, 0, 2, 1);
        Shape images = Shape.of(2, 4, 5, 4);
        return Stream.of(
                row("conv2d", v -> v.get(0).conv2d(v.get(1), v.get(2), odd, 2, Epilogue.IDENTITY), images, Shape.of(4, 2, 3, 2), Shape.of(4)),
                row("conv2d without bias", v -> v.get(0).conv2d(v.get(1), null, odd, 1, Epilogue.IDENTITY), images, Shape.of(2, 4, 3, 2)),
                row("conv2d, leaky relu", v -> v.get(0).conv2d(v.get(1), v.get(2), odd, 1, Epilogue.leakyRelu(0.1)), images, Shape.of(2, 4, 3, 2), Shape.of(2)),
                row("conv2d, sigmoid", v -> v.get(0).conv2d(v.get(1), v.get(2), Window.of(2), 1, Epilogue.SIGMOID), images, Shape.of(2, 4, 2, 2), Shape.of(2)),
                row("transposed conv2d", v -> v.get(0).convTranspose2d(v.get(1), v.get(2), odd, 2, 1, Epilogue.TANH), images, Shape.of(4, 1, 3, 2), Shape.of(2)),
                row("transposed conv2d, relu", v -> v.get(0).convTranspose2d(v.get(1), null, Window.of(2).stride(2), 1, 0, Epilogue.RELU), images, Shape.of(4, 1, 2, 2)),
                row("weight gradient", v -> apply(new Convolution.WeightGradient(v.get(0), v.get(1),
                        ConvShape.of(images, Shape.of(2, 4, 3, 3), Window.of(3).padding(1), 1))), Shape.of(2, 2, 5, 4), images),
                row("max pool", v -> v.get(0).maxPool(Window.of(3).stride(1, 2).padding(1)), images),
                row("max pool gradient", v -> apply(new Pooling.MaxPoolGradient(v.get(0), v.get(1), overlapping())), overlapping().output(), images),
                row("max pool pick", v -> apply(new Pooling.MaxPoolPick(v.get(0), v.get(1), overlapping())), images, images),
                row("average pool", v -> v.get(0).averagePool(Window.of(2, 3).stride(1, 2).padding(1)), images),
                row("average pool gradient", v -> apply(new Pooling.AveragePoolGradient(v.get(0), overlapping())), overlapping().output()),
                row("resize, nearest", v -> v.get(0).resize(7, 8, ResizeShape.Mode.NEAREST), images),
                row("resize, bilinear", v -> v.get(0).resize(7, 3, ResizeShape.Mode.BILINEAR), images),
                row("resize, aligned", v -> v.get(0).resize(2, 9, ResizeShape.Mode.BILINEAR_ALIGNED), images),
                row("resize gradient", v -> apply(new Resample.ResizeGradient(v.get(0), ResizeShape.of(images, 7, 3, ResizeShape.Mode.BILINEAR))), Shape.of(2, 4, 7, 3)),
                row("channel sum", v -> apply(new Normalization.ChannelSum(v.get(0))), images),
                row("batch norm", v -> norm(v, Epilogue.IDENTITY), Shape.of(3, 2, 2, 2), Shape.of(2), Shape.of(2)),
                row("batch norm of rows", v -> norm(v, Epilogue.IDENTITY), Shape.of(5, 2), Shape.of(2), Shape.of(2)),
                row("batch norm, leaky relu", v -> norm(v, Epilogue.leakyRelu(0.2)), Shape.of(3, 2, 2, 2), Shape.of(2), Shape.of(2)),
                row("batch norm gradient", ConvolutionGradientTest::firstGradientOfNorm, Shape.of(3, 2, 2, 1), Shape.of(2), Shape.of(2), Shape.of(3, 2, 2, 1)),
                row("normalize", v -> apply(new Normalization.Normalize(v.get(0), v.get(1), v.get(2), fixedMoments(v.get(0)), Epilogue.TANH)),
                        Shape.of(3, 2, 2, 2), Shape.of(2), Shape.of(2)));
    }

    private static Row row(String name, Function<List<Value>, Value> op, Shape... operands) {
        return new Row(name, List.of(operands), op);
    }

    private static PoolShape overlapping() {
        return PoolShape.of(Shape.of(2, 4, 5, 4), Window.of(3).stride(2, 1).padding(1), true, false);
    }

    private static Value apply(Op op) {
        return op.inputs().getFirst().tape().apply(op);
    }

    private static Value norm(List<Value> v, Epilogue phi) {
        return apply(new Normalization.BatchNorm(v.get(0), v.get(1), v.get(2), Normalization.Moments.of(v.get(0), 0.01), phi));
    }

    /** The gradients of batch norm as values, so that its third order is checked as the second order of this. */
    private static Value firstGradientOfNorm(List<Value> v) {
        Value y = norm(v, Epilogue.IDENTITY);
        List<Value> g = Gradients.vjp(y, v.get(3), v.subList(0, 2));
        return g.get(0).plus(g.get(1).reshape(1, 2, 1, 1));
    }

    private static Normalization.Moments fixedMoments(Value x) {
        Value mean = x.tape().constant(Tensor.of(new double[] {0.5, -0.25}, 2));
        Value variance = x.tape().constant(Tensor.of(new double[] {2, 0.5}, 2));
        return new Normalization.Moments(mean, variance, 1e-3, 1);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void firstOrder(Row row) {
        List<Tensor> at = points(row, 1);
        List<double[]> exact = gradient(row, at);
        for (int k = 0; k < at.size(); k++) {
            for (int i = 0; i < at.get(k).size(); i++) {
                double slope = (loss(row, moved(at, k, i, STEP)) - loss(row, moved(at, k, i, -STEP))) / (2 * STEP);
                assertEquals(slope, exact.get(k)[i], 1e-7 * Math.max(1, Math.abs(slope)), row + ": operand " + k + " element " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void secondOrder(Row row) {
        List<Tensor> at = points(row, 1);
        List<Tensor> direction = points(row, 2);
        try (Tape tape = new Tape(new ScalarBackend())) {
            List<Value> x = at.stream().map(tape::variable).toList();
            List<Value> v = direction.stream().map(tape::constant).toList();
            List<Value> exact = Gradients.hessianVector(scalar(row, x), x, v);
            List<double[]> up = gradient(row, along(at, direction, STEP));
            List<double[]> down = gradient(row, along(at, direction, -STEP));
            for (int k = 0; k < at.size(); k++) {
                double[] hv = exact.get(k).tensor().toDoubles();
                for (int i = 0; i < hv.length; i++) {
                    double slope = (up.get(k)[i] - down.get(k)[i]) / (2 * STEP);
                    assertEquals(slope, hv[i], 2e-6 * Math.max(1, Math.abs(slope)), row + ": operand " + k + " element " + i);
                }
            }
        }
    }

    private static double loss(Row row, List<Tensor> at) {
        try (Tape tape = new Tape(new ScalarBackend())) {
            return scalar(row, at.stream().map(tape::variable).toList()).item();
        }
    }

    private static List<double[]> gradient(Row row, List<Tensor> at) {
        try (Tape tape = new Tape(new ScalarBackend())) {
            List<Value> x = at.stream().map(tape::variable).toList();
            return Gradients.of(scalar(row, x), x).stream().map(g -> g.tensor().toDoubles()).toList();
        }
    }

    /** Σ c·y³/3 with fixed random c, so that the second derivative sees the first. */
    private static Value scalar(Row row, List<Value> operands) {
        Value y = row.op.apply(operands);
        Value c = y.tape().constant(random(new SplittableRandom(77), y.shape()));
        return y.power(3).times(c).sum().dividedBy(3);
    }

    private static List<Tensor> points(Row row, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return row.operands.stream().map(shape -> random(random, shape)).toList();
    }

    private static Tensor random(SplittableRandom random, Shape shape) {
        return Tensor.of(random.doubles(shape.size(), -1, 1).toArray(), shape.dims());
    }

    private static List<Tensor> moved(List<Tensor> at, int operand, int element, double step) {
        List<Tensor> all = new ArrayList<>(at);
        double[] values = at.get(operand).toDoubles().clone();
        values[element] += step;
        all.set(operand, Tensor.of(values, at.get(operand).shape().dims()));
        return all;
    }

    private static List<Tensor> along(List<Tensor> at, List<Tensor> direction, double step) {
        List<Tensor> all = new ArrayList<>();
        for (int k = 0; k < at.size(); k++) {
            double[] values = at.get(k).toDoubles().clone();
            double[] d = direction.get(k).toDoubles();
            for (int i = 0; i < values.length; i++) {
                values[i] += step * d[i];
            }
            all.add(Tensor.of(values, at.get(k).shape().dims()));
        }
        return all;
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Tape tape = new Tape(new ScalarBackend());
        Value x = tape.constant(Tensor.zeros(DType.FLOAT32, Shape.of(32, 3, 28, 28)));
        Value w = tape.constant(Tensor.zeros(DType.FLOAT32, Shape.of(16, 4, 3, 3)));
        assertEquals("conv2d: input has 3 channels [32, 3, 28, 28] but weight wants 4 [16, 4, 3, 3]", refusal(() -> x.conv2d(w, null, Window.of(3), 1, Epilogue.IDENTITY)));
        assertEquals("conv2d: weight [16, 4, 3, 3] does not fit the window of 5×5", refusal(() -> x.conv2d(w, null, Window.of(5), 1, Epilogue.IDENTITY)));
        assertEquals("transposed conv2d: input has 3 channels [32, 3, 28, 28] but weight wants 16 [16, 4, 3, 3]",
                refusal(() -> x.convTranspose2d(w, null, Window.of(3), 1, 0, Epilogue.IDENTITY)));
        assertEquals("pooling: window 40×40 does not fit the padded input [32, 3, 28, 28]", refusal(() -> x.maxPool(Window.of(40))));
        assertEquals("batch norm: input has 3 channels [32, 3, 28, 28] but the layer wants 4",
                refusal(() -> BatchNorm2d.torch(4).forward(x, Pass.training(new RandomStream(1, "unused")))));
        assertEquals("batch norm: input has 3 channels [32, 3, 28, 28] but the layer wants 4", refusal(() -> BatchNorm2d.torch(4).forward(x, Pass.EVALUATION)));
        Value row = tape.constant(Tensor.zeros(DType.FLOAT32, Shape.of(28)));
        assertEquals("upsample: input [28] must have four axes, [N, C, H, W]", refusal(() -> Upsample.nearest(2).forward(row, Pass.EVALUATION)));
        Value bias = tape.constant(Tensor.zeros(DType.FLOAT32, Shape.of(7)));
        Value fitting = tape.constant(Tensor.zeros(DType.FLOAT32, Shape.of(16, 3, 3, 3)));
        assertEquals("conv2d: bias [7] does not fit weight [16, 3, 3, 3]; wanted [16]", refusal(() -> x.conv2d(fitting, bias, Window.of(3), 1, Epilogue.IDENTITY)));
    }

    private static String refusal(Runnable call) {
        return assertThrows(ShapeException.class, call::run).getMessage();
    }
}
