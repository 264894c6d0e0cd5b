package gradus.op;

import gradus.backend.Backend;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
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
        List<Supplier<Value>> products = rule.vjp(inputs, y, g);
        if (products.size() != inputs.size()) {
            throw new IllegalArgumentException(name + ": the rule gives " + products.size() + " products for " + inputs.size() + " operands");
        }
        List<Supplier<Value>> checked = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            int operand = k;
            checked.add(() -> checked(operand, products.get(operand)));
        }
        return checked;
    }

    private Value checked(int operand, Supplier<Value> rule) {
        Value product = rule == null ? null : rule.get();
        Value input = inputs.get(operand);
        if (product == null || product.dtype() != input.dtype() || !broadcast(product.shape(), input.shape())) {
            throw new ShapeException(name + ": the product for operand " + operand + " is " + (product == null ? "null" : product.tensor()) + ", wanted " + input.tensor());
        }
        return product;
    }

    /** Whether two shapes have, from the last axis on, the same extents or 1. */
    private static boolean broadcast(Shape a, Shape b) {
        for (int i = 1; i <= Math.min(a.rank(), b.rank()); i++) {
            if (a.dim(-i) != b.dim(-i) && a.dim(-i) != 1 && b.dim(-i) != 1) {
                return false;
            }
        }
        return true;
    }
}
