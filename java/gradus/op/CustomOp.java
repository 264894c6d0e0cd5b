package gradus.op;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * An operation of the user's own: a function of tensors with a gradient rule written by hand, for what no composition of the other operations
 * says well. Rules written in values, as here, can be differentiated again. Verify it with {@code GradCheck}.
 *
 * @param name what error messages call it
 * @param inputs the operands
 * @param computation the result, from the tensors of the operands
 * @param rule the vector-Jacobian products, one supplier an operand
 */
public record CustomOp(String name, List<Value> inputs, Computation computation, Rule rule) implements Op {
    /** The forward computation; it may return a view of an operand. */
    @FunctionalInterface
    public interface Computation {
        /** The result. */
        Tensor forward(Backend backend, List<Tensor> inputs);
    }

    /** The backward rule. */
    @FunctionalInterface
    public interface Rule {
        /** gᵀ·∂y/∂input for each input; see {@link Op#vjp}. */
        List<Supplier<Value>> vjp(List<Value> inputs, Value y, Value g);
    }

    /** Copies the list. */
    public CustomOp {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(name + ": a custom operation needs an operand");
        }
    }

    /** Applies a function with its rule to values of one tape. */
    public static Value apply(String name, Computation computation, Rule rule, Value... inputs) {
        CustomOp op = new CustomOp(name, List.of(inputs), computation, rule);
        return op.inputs.getFirst().tape().apply(op);
    }

    @Override
    public Tensor forward(Backend backend) {
        return computation.forward(backend, inputs.stream().map(Value::tensor).toList());
    }

    @Override
    public List<Supplier<Value>> vjp(Value y, Value g) {
        return rule.vjp(inputs, y, g);
    }
}
