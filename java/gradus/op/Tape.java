package gradus.op;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One evaluation, written down in the order in which it happened: the values of a training step, or of a prediction.
 *
 * <p>The tape owns what its operations compute. Closing it gives that memory back to the backend's pool; a tensor of a closed tape that is
 * touched again is an error. Leaves are not owned. A tape belongs to one thread.
 */
public final class Tape implements AutoCloseable {
    /** Where the backward pass gets the vector-Jacobian products of an operation from. */
    @FunctionalInterface
    public interface Rules {
        /** Every operation answers for itself. */
        Rules OWN = Op::vjp;

        /** As {@link Op#vjp}; the mutation harness of {@code gradus.check} answers wrongly here, to see who notices. */
        List<Supplier<Value>> vjp(Op op, Value y, Value g);
    }

    private final Backend backend;
    private final Rules rules;
    private final List<Value> values = new ArrayList<>();
    private final Map<Tensor, Value> variables = new IdentityHashMap<>();
    private boolean recording = true;

    /** An empty tape on a backend. */
    public Tape(Backend backend) {
        this(backend, Rules.OWN);
    }

    /** An empty tape whose backward pass asks these rules instead of the operations. */
    public Tape(Backend backend, Rules rules) {
        this.backend = backend;
        this.rules = rules;
    }

    /** Where the backward pass asks for vector-Jacobian products. */
    public Rules rules() {
        return rules;
    }

    /** Where the operations run. */
    public Backend backend() {
        return backend;
    }

    /** Number of values written so far. */
    public int size() {
        return values.size();
    }

    /** The value at a place. */
    public Value value(int index) {
        return values.get(index);
    }

    /** A leaf through which no gradient flows. */
    public Value constant(Tensor tensor) {
        Tensor here = backend.upload(tensor);
        return write(here, null, false, here != tensor);
    }

    /** A leaf that gradients are wanted for; asked again for the same tensor it is the same leaf. */
    public Value variable(Tensor tensor) {
        Value known = variables.get(tensor);
        if (known == null) {
            Tensor here = backend.upload(tensor);
            known = write(here, null, true, here != tensor);
            variables.put(tensor, known);
        }
        return known;
    }

    /** A constant whose memory the tape takes over. */
    public Value own(Tensor tensor) {
        return write(tensor, null, false, true);
    }

    /** Runs the operation and writes its value down. */
    public Value apply(Op op) {
        if (op instanceof PairedConvolution pair && !pair.serves(backend)) {
            return apply(pair.second(apply(pair.first())));
        }
        Tensor result = op.forward(backend);
        boolean differentiable = false;
        boolean owned = true;
        List<Value> inputs = op.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Value input = inputs.get(i);
            if (input.tape() != this) {
                throw new IllegalArgumentException(op.getClass().getSimpleName() + ": operand " + input + " is on another tape");
            }
            differentiable |= input.differentiable();
            owned &= input.tensor().storage() != result.storage() || input.owned;
        }
        differentiable &= recording;
        if (differentiable) {
            for (int i = 0; i < inputs.size(); i++) {
                Value input = inputs.get(i);
                input.readers += input.readers < Integer.MAX_VALUE ? 1 : 0;
            }
        }
        return write(result, differentiable ? op : null, differentiable, owned);
    }

    /** Has what a result is made of made by one operation each, as a pass wants it whose sums of cotangents are to be differentiated again. */
    public void takeApart(Value result) {
        boolean[] reached = new boolean[result.index() + 1];
        reached[result.index()] = true;
        for (int i = result.index(); i >= 0; i--) {
            Op op = values.get(i).op();
            if (reached[i] && op != null) {
                op.inputs().forEach(input -> reached[input.index()] = true);
                if (op instanceof PairedConvolution pair) {
                    takeApart(values.get(i), pair);
                }
            }
        }
    }

    private void takeApart(Value y, PairedConvolution pair) {
        int place = y.index() - 1;
        Op first = pair.first();
        Tensor between = first.forward(backend);
        between.storage().hold();
        drop(values.get(place));
        boolean differentiable = first.inputs().stream().anyMatch(Value::differentiable);
        Value kept = new Value(this, between, differentiable ? first : null, place, differentiable, true);
        kept.readers = 1;
        values.set(place, kept);
        y.becomes(pair.second(kept));
    }

    /** The same numbers as a constant, in shared memory. */
    Value alias(Value value) {
        return write(value.tensor(), null, false, value.owned);
    }

    private Value write(Tensor tensor, Op op, boolean differentiable, boolean owned) {
        Value value = new Value(this, tensor, op, values.size(), differentiable, owned);
        if (owned) {
            tensor.storage().hold();
        }
        values.add(value);
        return value;
    }

    /** Whether operations are remembered for differentiation; the backward pass of first order turns it off for its own. */
    public boolean recording() {
        return recording;
    }

    /** Turns the memory for differentiation on or off. */
    public void recording(boolean on) {
        recording = on;
    }

    /** Gives the memory of one value back, unless another value shares it or the value is kept. */
    public void release(Value value) {
        if (!value.pinned) {
            drop(value);
        }
    }

    /** Gives back everything written since a place, save what is kept. */
    public void releaseSince(int mark) {
        for (int i = mark; i < values.size(); i++) {
            release(values.get(i));
        }
    }

    private void drop(Value value) {
        if (value.owned && !value.gone) {
            value.gone = true;
            if (value.tensor().storage().letGo()) {
                backend.release(value.tensor());
            }
        }
    }

    /** Gives all memory back and forgets the values; the tape can be used again. */
    public void clear() {
        for (Value value : values) {
            drop(value);
        }
        values.clear();
        variables.clear();
    }

    @Override
    public void close() {
        clear();
    }
}
