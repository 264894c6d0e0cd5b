package gradus.grad;

import gradus.op.Op;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reverse-mode differentiation: walks the tape from the result back to its leaves and asks every operation for its vector-Jacobian products.
 *
 * <p>The rules answer in the shape that is easiest for them; this walker folds a gradient back over broadcast axes.
 */
public final class Gradients {
    private Gradients() {
    }

    /**
     * ∂loss/∂w for every w, in the order given. This is the training step's pass: each cotangent, and each intermediate that no rule needs
     * any more, is released as soon as it has been used, so afterwards only the loss, the gradients and values marked
     * {@link Value#keep() keep} can be read. A w that the loss does not depend on gets zeros.
     */
    public static List<Value> of(Value loss, List<Value> wrt) {
        Tape tape = loss.tape();
        boolean before = tape.recording();
        tape.recording(false);
        try {
            return new Walk(loss, wrt, true).back(seed(loss));
        } finally {
            tape.recording(before);
        }
    }

    /** ∂loss/∂w as values that can be differentiated again. Nothing is released before the tape closes. */
    public static List<Value> differentiable(Value loss, List<Value> wrt) {
        return new Walk(loss, wrt, false).back(seed(loss));
    }

    /** The vector-Jacobian products cotangentᵀ·∂y/∂w, as values that can be differentiated again. */
    public static List<Value> vjp(Value y, Value cotangent, List<Value> wrt) {
        if (!y.shape().equals(cotangent.shape())) {
            throw new ShapeException("vjp: cotangent " + cotangent.shape() + " must have the shape of the value " + y.shape());
        }
        return new Walk(y, wrt, false).back(cotangent);
    }

    /**
     * The Jacobian-vector product Σ ∂y/∂w·tangent, by differentiating the (linear) map from cotangent to vector-Jacobian product.
     *
     * @param tangents one of the shape of each w
     */
    public static Value jvp(Value y, List<Value> wrt, List<Value> tangents) {
        Tape tape = y.tape();
        Value dual = tape.variable(Tensor.zeros(y.dtype(), y.shape()));
        List<Value> pulled = vjp(y, dual, wrt);
        Value total = dot(pulled, tangents);
        return total.differentiable() ? differentiable(total, List.of(dual)).getFirst() : dual;
    }

    /** The Hessian-vector products (∂²loss/∂w²)·direction, by differentiating gradient · direction. */
    public static List<Value> hessianVector(Value loss, List<Value> wrt, List<Value> direction) {
        Value slope = dot(differentiable(loss, wrt), direction);
        if (!slope.differentiable()) {
            return wrt.stream().map(w -> zeros(loss.tape(), w.dtype(), w.shape())).toList();
        }
        return differentiable(slope, wrt);
    }

    private static Value dot(List<Value> a, List<Value> b) {
        Value total = null;
        for (int i = 0; i < a.size(); i++) {
            Value term = a.get(i).times(b.get(i)).sum();
            total = total == null ? term : total.plus(term);
        }
        return total;
    }

    private static Value seed(Value loss) {
        if (loss.size() != 1) {
            throw new ShapeException("gradient: the loss has shape " + loss.shape() + ", it must be one number; take its mean or sum first");
        }
        return full(loss.tape(), loss.dtype(), loss.shape(), 1);
    }

    private static Value zeros(Tape tape, DType dtype, Shape shape) {
        return full(tape, dtype, shape, 0);
    }

    private static Value full(Tape tape, DType dtype, Shape shape, double value) {
        Tensor t = tape.backend().allocate(dtype, shape);
        tape.backend().fill(t, value);
        return tape.own(t);
    }

    /** One walk: a cotangent per value of the tape, from the last to the first. */
    private static final class Walk {
        private final Tape tape;
        private final Value result;
        private final List<Value> wrt;
        private final boolean frees;
        private final Value[] cotangents;
        private final boolean[] wanted;

        Walk(Value result, List<Value> wrt, boolean frees) {
            this.tape = result.tape();
            this.result = result;
            this.wrt = wrt;
            this.frees = frees;
            this.cotangents = new Value[result.index() + 1];
            this.wanted = new boolean[result.index() + 1];
            if (!frees) {
                tape.takeApart(result);
            }
            for (Value w : wrt) {
                if (w.tape() != tape) {
                    throw new IllegalArgumentException("gradient: " + w + " is on another tape than the result");
                }
                if (w.index() <= result.index()) {
                    wanted[w.index()] = true;
                    w.wantCotangent();
                }
            }
        }

        List<Value> back(Value cotangent) {
            cotangents[result.index()] = cotangent.keep();
            boolean resultWasKept = result.isKept();
            result.keep();
            for (int i = result.index(); i >= 0; i--) {
                Value y = tape.value(i);
                if (cotangents[i] != null && y.op() != null) {
                    pull(y, cotangents[i]);
                }
                if (frees && y.op() != null) {
                    finish(y);
                }
            }
            if (!resultWasKept && !frees) {
                result.unkeep();
            }
            return gradients();
        }

        /** Asks the rule of one operation for what each input that needs it is owed. */
        private void pull(Value y, Value g) {
            int mark = tape.size();
            Op op = y.op();
            List<Value> inputs = op.inputs();
            List<Supplier<Value>> rules = tape.rules().vjp(op, y, g);
            if (rules.size() != inputs.size()) {
                throw new IllegalStateException(op.getClass().getSimpleName() + " has " + inputs.size() + " inputs but " + rules.size() + " gradient rules");
            }
            for (int k = 0; k < inputs.size(); k++) {
                Value input = inputs.get(k);
                if (input.differentiable()) {
                    accumulate(input, unbroadcast(rules.get(k).get(), input.shape()), mark);
                }
            }
            if (frees) {
                tape.releaseSince(mark);
            }
        }

        private void accumulate(Value input, Value gradient, int mark) {
            Value sofar = cotangents[input.index()];
            Value total = sofar != null ? sofar.plus(gradient) : frees && gradient.index() < mark ? gradient.detach() : gradient;
            cotangents[input.index()] = total;
            if (frees) {
                total.keep();
                if (sofar != null) {
                    sofar.unkeep();
                    tape.release(sofar);
                }
            }
        }

        /** Everything downstream of y is done: its cotangent, and its own numbers, serve nobody further. */
        private void finish(Value y) {
            Value g = cotangents[y.index()];
            if (g != null && !wanted[y.index()]) {
                g.unkeep();
                tape.release(g);
                cotangents[y.index()] = null;
            }
            tape.release(y);
        }

        private List<Value> gradients() {
            List<Value> found = new ArrayList<>(wrt.size());
            for (Value w : wrt) {
                Value g = w.index() <= result.index() ? cotangents[w.index()] : null;
                found.add(g != null ? g : zeros(tape, w.dtype(), w.shape()));
            }
            return found;
        }
    }

    /** Sums a gradient over the axes along which the input was repeated. */
    private static Value unbroadcast(Value g, Shape shape) {
        if (g.shape().equals(shape)) {
            return g;
        }
        int lead = g.shape().rank() - shape.rank();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < g.shape().rank(); i++) {
            if (i < lead || shape.dim(i - lead) == 1 && g.shape().dim(i) != 1) {
                axes.add(i);
            }
        }
        Value summed = axes.isEmpty() ? g : g.sum(axes.stream().mapToInt(Integer::intValue).toArray());
        if (summed.shape().rank() != shape.rank()) {
            summed = summed.reshape(shape);
        }
        return summed.shape().equals(shape) ? summed : summed.broadcastTo(shape);
    }
}
