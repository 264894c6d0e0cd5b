package gradus.check.junit;

import gradus.check.Differentiable;
import gradus.check.GradCheck;
import gradus.op.Value;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The point at which a {@link GradientTest} verifies.
 *
 * @param test the name of the test, for messages
 * @param seed of the inputs and of the random directions
 */
public record GradientPoint(String test, List<Tensor> inputs, long seed) {
    /** Verifies a function of one value; see {@link GradCheck#verify}. */
    public void verify(UnaryOperator<Value> function) {
        wants(1);
        GradCheck.of(function, inputs.getFirst()).named(test).seed(seed).verify();
    }

    /** Verifies a function of two values. */
    public void verify(BinaryOperator<Value> function) {
        wants(2);
        GradCheck.of(function, inputs.get(0), inputs.get(1)).named(test).seed(seed).verify();
    }

    /** Verifies a function of a list of values. */
    public void verifyAll(Differentiable function) {
        GradCheck.of(function, inputs).named(test).seed(seed).verify();
    }

    private void wants(int count) {
        if (inputs.size() != count) {
            throw new IllegalArgumentException(test + ": @GradientTest names " + inputs.size() + " shapes, the function takes " + count);
        }
    }
}
