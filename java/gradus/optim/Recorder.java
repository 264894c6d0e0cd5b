package gradus.optim;

import gradus.backend.Formula;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Computes nothing and writes the operations down, so that they can be carried out block by block while the block is in the nearest cache. The
 * operands are real tensors, told apart by their storage; the results stand for steps of the formula.
 */
final class Recorder implements Arithmetic {
    /** The memory of a result that was not computed: only its place in the formula. */
    private static final class Pending extends Storage {
        private final int place;
        private final Tensor like;

        Pending(int place, Tensor like) {
            this.place = place;
            this.like = like;
        }

        @Override
        public DType dtype() {
            return like.dtype();
        }

        @Override
        public int length() {
            return like.size();
        }
    }

    private final List<Tensor> operands;
    private final BiConsumer<String, Tensor> notes;
    private final List<Formula.Step> steps = new ArrayList<>();
    private final List<Formula.Result> results = new ArrayList<>();
    private double[] scalars = new double[16];

    /** A recorder that shows nobody what a formula names. */
    Recorder(List<Tensor> operands) {
        this(operands, (name, result) -> { });
    }

    /** @param notes is given the results that a formula names */
    Recorder(List<Tensor> operands, BiConsumer<String, Tensor> notes) {
        this.operands = operands;
        this.notes = notes;
    }

    /** Says that a result replaces an operand. */
    void replace(int operand, Tensor result) {
        int place = place(result);
        // An operand that moves needs a step of its own; times 1 changes no bit.
        results.add(new Formula.Result(place < operands.size() ? place(times(result, 1)) : place, operand));
    }

    /** What was written down; the earlier formula itself where it is the same, so that what was derived from it serves again. */
    Formula formula(Formula earlier) {
        Formula now = new Formula(operands.size(), steps, results);
        return now.equals(earlier) ? earlier : now;
    }

    /** The scalars of the steps. */
    double[] scalars() {
        return scalars;
    }

    private int place(Tensor t) {
        if (t.storage() instanceof Pending p) {
            return p.place;
        }
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).storage() == t.storage()) {
                return i;
            }
        }
        throw new IllegalArgumentException("update rule: reads " + t + ", which is neither the gradient, the weights, part of the state nor computed from them");
    }

    private Tensor step(Formula.Step step, double scalar) {
        if (steps.size() == scalars.length) {
            scalars = Arrays.copyOf(scalars, 2 * scalars.length);
        }
        scalars[steps.size()] = scalar;
        Tensor like = operands.getFirst();
        Tensor result = Tensor.over(new Pending(operands.size() + steps.size(), like), like.shape());
        steps.add(step);
        return result;
    }

    private Tensor pair(Zip f, Tensor a, Tensor b) {
        return step(new Formula.Pair(f, place(a), place(b)), 0);
    }

    private Tensor scalar(Zip f, Tensor a, double c) {
        return step(new Formula.Scalar(f, place(a)), c);
    }

    private Tensor map(Function f, Tensor a) {
        return step(new Formula.Map(f, place(a)), 0);
    }

    @Override
    public Tensor plus(Tensor a, Tensor b) {
        return pair(Zip.ADD, a, b);
    }

    @Override
    public Tensor plus(Tensor a, double c) {
        return scalar(Zip.ADD, a, c);
    }

    @Override
    public Tensor minus(Tensor a, Tensor b) {
        return pair(Zip.SUBTRACT, a, b);
    }

    @Override
    public Tensor times(Tensor a, Tensor b) {
        return pair(Zip.MULTIPLY, a, b);
    }

    @Override
    public Tensor times(Tensor a, double c) {
        return scalar(Zip.MULTIPLY, a, c);
    }

    @Override
    public Tensor dividedBy(Tensor a, Tensor b) {
        return pair(Zip.DIVIDE, a, b);
    }

    @Override
    public Tensor maximum(Tensor a, Tensor b) {
        return pair(Zip.MAXIMUM, a, b);
    }

    @Override
    public Tensor maximum(Tensor a, double c) {
        return scalar(Zip.MAXIMUM, a, c);
    }

    @Override
    public Tensor minimum(Tensor a, double c) {
        return scalar(Zip.MINIMUM, a, c);
    }

    @Override
    public Tensor sqrt(Tensor a) {
        return map(Function.SQRT, a);
    }

    @Override
    public Tensor square(Tensor a) {
        return map(Function.SQUARE, a);
    }

    @Override
    public Tensor sign(Tensor a) {
        return map(Function.SIGN, a);
    }

    @Override
    public Tensor note(String name, Tensor a) {
        notes.accept(name, a);
        return a;
    }
}
