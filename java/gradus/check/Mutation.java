package gradus.check;

import gradus.op.Op;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A mistake that people make in backward rules, made on purpose in what a rule answers. */
public enum Mutation {
    /** The wrong sign. */
    FLIP_SIGN,
    /** A factor of two too much. */
    SCALE_BY_TWO,
    /** Rows and columns exchanged, the numbers read into the wanted shape. */
    TRANSPOSE,
    /** The last slice of the cotangent left out: one term fewer in every sum. */
    DROP_TERM,
    /** Every element at the place of its neighbour. */
    SHIFT_INDEX,
    /** What belongs to the next operand. */
    SWAP_COTANGENTS,
    /** One repetition of a broadcast operand instead of the sum over all. */
    FORGET_UNBROADCAST,
    /** The right numbers, but nothing to differentiate again. */
    FORGET_SECOND_ORDER;

    /** Rules in which this mistake is made for one operand of one kind of operation, and none elsewhere. */
    Tape.Rules in(Class<?> target, int operand) {
        return (op, y, g) -> op.getClass() == target && operand < op.inputs().size() ? mutated(op, operand, y, g) : op.vjp(y, g);
    }

    private List<Supplier<Value>> mutated(Op op, int operand, Value y, Value g) {
        List<Supplier<Value>> rules = new ArrayList<>(op.vjp(y, g));
        Supplier<Value> right = rules.get(operand);
        Shape shape = op.inputs().get(operand).shape();
        switch (this) {
            case FLIP_SIGN -> rules.set(operand, () -> right.get().negate());
            case SCALE_BY_TWO -> rules.set(operand, () -> right.get().times(2));
            case TRANSPOSE -> rules.set(operand, () -> transposed(right.get()));
            case DROP_TERM -> rules.set(operand, () -> op.vjp(y, withoutLast(g)).get(operand).get());
            case SHIFT_INDEX -> rules.set(operand, () -> shifted(right.get()));
            case SWAP_COTANGENTS -> {
                int other = (operand + 1) % rules.size();
                rules.set(operand, rules.get(other));
                rules.set(other, right);
            }
            case FORGET_UNBROADCAST -> rules.set(operand, () -> first(right.get(), shape));
            case FORGET_SECOND_ORDER -> rules.set(operand, () -> right.get().detach());
        }
        return rules;
    }

    private static Value transposed(Value v) {
        return v.shape().rank() < 2 ? v : v.transpose().reshape(v.shape().dims());
    }

    private static int longestAxis(Shape s) {
        int axis = -1;
        for (int a = 0; a < s.rank(); a++) {
            if (s.dim(a) > 1 && (axis < 0 || s.dim(a) >= s.dim(axis))) {
                axis = a;
            }
        }
        return axis;
    }

    private static Value shifted(Value v) {
        int axis = longestAxis(v.shape());
        return axis < 0 ? v : v.slice(axis, 1, v.shape().dim(axis)).concat(axis, v.slice(axis, 0, 1));
    }

    private static Value withoutLast(Value g) {
        int axis = longestAxis(g.shape());
        if (axis < 0) {
            return g.times(0);
        }
        double[] mask = new double[g.shape().dim(axis)];
        Arrays.fill(mask, 0, mask.length - 1, 1);
        int[] dims = new int[g.shape().rank()];
        Arrays.fill(dims, 1);
        dims[axis] = mask.length;
        return g.times(g.tape().constant(Tensor.of(mask, dims).as(g.dtype())));
    }

    private static Value first(Value v, Shape shape) {
        if (v.shape().equals(shape)) {
            return v;
        }
        Value out = v;
        int lead = v.shape().rank() - shape.rank();
        for (int a = 0; a < v.shape().rank(); a++) {
            if (v.shape().dim(a) > 1 && (a < lead || shape.dim(a - lead) == 1)) {
                out = out.slice(a, 0, 1);
            }
        }
        return out.size() == shape.size() ? out.reshape(shape.dims()) : v;
    }
}
