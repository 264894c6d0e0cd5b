package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.Window;
import gradus.backend.scalar.ScalarBackend;
import gradus.data.Batches;
import gradus.grad.Gradients;
import gradus.numerics.Function;
import gradus.numerics.TorchGenerator;
import gradus.op.CustomOp;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not fit is refused with the operation, what came and what was wanted. */
class RefusalsTest {
    private static final Tape TAPE = new Tape(new ScalarBackend());

    private static Value value(DType dtype, int... dims) {
        return TAPE.variable(Tensor.zeros(dtype, Shape.of(dims)));
    }

    private static Value value(int... dims) {
        return value(DType.FLOAT32, dims);
    }

    private static Arguments row(String message, Executable what) {
        return Arguments.of(message, what);
    }

    private static List<Value> custom(CustomOp.Rule rule, Value... inputs) {
        Value y = CustomOp.apply("mine", (backend, in) -> backend.map(Function.EXP, in.getFirst()), rule, inputs);
        return Gradients.of(y.sum(), List.of(inputs));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                row("transpose: shape [3] has fewer than two axes", () -> value(3).transpose()),
                row("concat: operands are f32[2, 3] and f64[2, 3]; convert one of them", () -> value(2, 3).concat(0, value(DType.FLOAT64, 2, 3))),
                row("linear: EXP cannot be applied to the finished chains; ReLU, sigmoid, tanh and null can", () -> value(2, 3).affine(value(4, 3), null, Function.EXP)),
                row("mean absolute error: prediction f32[4, 1] and target f32[4] must have one shape and type", () -> Losses.meanAbsoluteError(value(4, 1), value(4))),
                row("binary cross-entropy: prediction f32[4, 1] and target f32[4] must have one shape and type", () -> Losses.binaryCrossEntropyWithLogits(value(4, 1), value(4))),
                row("binary cross-entropy: prediction f32[4, 1] and target f32[4] must have one shape and type", () -> Losses.binaryCrossEntropyKeras(value(4, 1), value(4))),
                row("binary cross-entropy: prediction f32[4, 1] and target f32[4] must have one shape and type", () -> Losses.binaryCrossEntropyKeras2(value(4, 1), value(4))),
                row("cross-entropy: prediction f32[2, 3] and target f64[2, 3] must have one shape and type",
                        () -> Losses.crossEntropy(value(2, 3), value(DType.FLOAT64, 2, 3))),
                row("cross-entropy: logits [3] must have rows, [N, …, classes]", () -> Losses.crossEntropy(value(3), value(3))),
                row("pooling: input [3] must have four axes, [N, C, H, W]", () -> MaxPool2d.same(2).forward(value(3))),
                row("pooling: input [3] must have four axes, [N, C, H, W]", () -> AvgPool2d.of(2).forward(value(3))),
                row("max pooling: padding 2, 2, 2, 2 is more than half of the kernel 3×3; whole windows would lie in padding, where there is no largest element",
                        () -> value(1, 1, 8, 8).maxPool(Window.of(3).padding(2))),
                row("conv2d: input [3] and weight [2, 3, 3, 3] must both have four axes, [N, C, H, W] and [·, ·, kh, kw]",
                        () -> Conv2d.torch(3, 2, Window.of(3), new TorchGenerator(1)).forward(value(3))),
                row("conv2d: 2 groups do not divide 3 channels in and 2 out", () -> Conv2d.torch(3, 2, Window.of(3), 2, new TorchGenerator(1))),
                row("transposed conv2d: 2 groups do not divide 2 channels in and 3 out", () -> ConvTranspose2d.torch(2, 3, Window.of(3), 0, 2, new TorchGenerator(1))),
                row("zero pad: input [3] must have four axes, [N, C, H, W]", () -> new ZeroPad2d(1, 1, 1, 1).forward(value(3))),
                row("flatten: input [] has no axis of samples", () -> new Flatten().forward(value())),
                row("sequential: layers 0..3 of 1", () -> Sequential.of(new Flatten()).part(0, 3)),
                row("mine: the rule gives 1 products for 2 operands", () -> custom((in, y, g) -> List.of(() -> g), value(2, 3), value(2, 3))),
                row("mine: the product for operand 0 is f32[2, 2], wanted f32[2, 3]", () -> custom((in, y, g) -> List.of(() -> g.slice(1, 0, 2)), value(2, 3))),
                row("mine: the product for operand 0 is f64[2, 3], wanted f32[2, 3]", () -> custom((in, y, g) -> List.of(() -> value(DType.FLOAT64, 2, 3)), value(2, 3))),
                row("mine: the product for operand 0 is null, wanted f32[2, 3]", () -> custom((in, y, g) -> List.of(() -> null), value(2, 3))),
                row("batch: row 5 of data [2, 3]; wanted data with the rows that the batches were made for",
                        () -> Batches.of(new int[] {1, 5}, 2).get(0).of(Tensor.zeros(DType.FLOAT32, Shape.of(2, 3)))),
                row("gradient: value f32[2] is on another tape than the result",
                        () -> Gradients.of(value(2).sum(), List.of(new Tape(new ScalarBackend()).variable(Tensor.of(new float[2], 2))))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatDoesNotFitIsNamed(String message, Executable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
    }
}
