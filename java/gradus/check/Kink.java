package gradus.check;

import gradus.backend.Window;
import gradus.op.Value;
import gradus.tensor.Tensor;
import java.util.List;

/**
 * A point where an operation has no derivative, and what its rule answers there by convention.
 *
 * @param operation which, and where
 * @param convention in words
 * @param function to be applied at the point
 * @param gradient of the sum of the results, all inputs one after the other
 */
public record Kink(String operation, String convention, Differentiable function, List<Tensor> point, List<Double> gradient) {
    /** All kinks of the operations. */
    public static List<Kink> all() {
        Tensor zero = vector(0);
        Tensor ties = vector(2, 1, 2, 2);
        Tensor image = Tensor.of(new double[] {1, 3, 3, 3}, 1, 1, 2, 2);
        return List.of(
                new Kink("relu at 0", "0, as in PyTorch and Keras", v -> v.getFirst().relu(), List.of(zero), List.of(0.0)),
                new Kink("leaky relu at 0", "the slope, as in PyTorch", v -> v.getFirst().leakyRelu(0.3), List.of(zero), List.of(0.3)),
                new Kink("|x| at 0", "0", v -> v.getFirst().abs(), List.of(zero), List.of(0.0)),
                new Kink("√x at 0", "+∞, the slope to the right", v -> v.getFirst().sqrt(), List.of(zero), List.of(Double.POSITIVE_INFINITY)),
                new Kink("clamp on a limit", "1, as in PyTorch", v -> v.getFirst().clamp(0, 1), List.of(vector(0, 1)), List.of(1.0, 1.0)),
                new Kink("maximum of equals", "half to each side, as in PyTorch", v -> v.get(0).maximum(v.get(1)), List.of(zero, vector(0)), List.of(0.5, 0.5)),
                new Kink("minimum of equals", "half to each side, as in PyTorch", v -> v.get(0).minimum(v.get(1)), List.of(zero, vector(0)), List.of(0.5, 0.5)),
                new Kink("max over ties", "shared evenly, as PyTorch's amax", v -> v.getFirst().max(0), List.of(ties),
                        List.of(1.0 / 3, 0.0, 1.0 / 3, 1.0 / 3)),
                new Kink("min over ties", "shared evenly, as PyTorch's amin", v -> v.getFirst().negate().min(0), List.of(ties),
                        List.of(-1.0 / 3, 0.0, -1.0 / 3, -1.0 / 3)),
                new Kink("max-pooling over ties", "to the first in scan order, as in PyTorch", v -> v.getFirst().maxPool(Window.of(2)), List.of(image),
                        List.of(0.0, 1.0, 0.0, 0.0)));
    }

    private static Tensor vector(double... values) {
        return Tensor.of(values, values.length);
    }

    /** The value of the sum of the results, whose gradient the convention speaks of. */
    public Value sum(List<Value> inputs) {
        return function.apply(inputs).sum();
    }
}
