package gradus.optim;

import gradus.backend.Backend;
import gradus.backend.Formula;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Takes steps of update rules beside a training, in memory of their own, and shows the intermediates that the formulas name.
 *
 * <p>A step is written down and evaluated as {@link Optimizer}'s own is, in blocks, with the step of ε = 0 in the same pass. 200 steps of Adam over 25,000 parameters took 160 ms in a
 * process that had just begun, and 220 ms as one operation after the other on whole tensors and a second step on samples; two thirds of both before the compiler had come to the loops.
 */
public final class SideStep {
    private static final String UPDATE = "update";
    private static final String STATE = "state/";
    private static final String NOTED = "noted/";
    private static final String WITHOUT_EPSILON = "without ε/";

    private final Backend backend;
    /** Formulas by themselves: the same object when one comes again, so that the backend's plan of it serves again. */
    private final Map<Formula, Formula> known = new HashMap<>();

    /**
     * One step. Each tensor has memory of its own.
     *
     * @param change         the state after it, and Δw
     * @param noted          what the formula names
     * @param withoutEpsilon the same of the same step with ε = 0; empty for rules without ε
     */
    public record Taken<S extends State>(Change<S> change, SortedMap<String, Tensor> noted, SortedMap<String, Tensor> withoutEpsilon) {
        /** Gives all memory back but the update's. */
        public void releaseAllButUpdate(Backend backend) {
            change.state().tensors().values().forEach(backend::release);
            noted.values().forEach(backend::release);
            withoutEpsilon.values().forEach(backend::release);
        }
    }

    /** Steps on this backend. */
    public SideStep(Backend backend) {
        this.backend = backend;
    }

    /** The step of a rule from this state; nothing that comes in is changed. */
    public <S extends State> Taken<S> take(Rule<S> rule, State before, Tensor gradient, Tensor weights) {
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> copies = new ArrayList<>();
        Tensor g = flat(gradient, inputs, copies);
        Tensor w = flat(weights, inputs, copies);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        before.tensors().forEach((name, t) -> tensors.put(name, flat(t, inputs, copies)));
        S state = rule.restore(before.count(), before.numbers(), tensors);

        SequencedMap<String, Tensor> results = new LinkedHashMap<>();
        write(rule, state, g, w, inputs, results);
        results.replaceAll((name, pending) -> backend.allocate(weights.dtype(), weights.shape()));
        List<Tensor> operands = new ArrayList<>(inputs);
        results.values().forEach(t -> operands.add(t.reshape(t.size())));
        SequencedMap<String, Tensor> pending = new LinkedHashMap<>();
        Written<S> written = write(rule, state, g, w, operands, pending);
        int next = inputs.size();
        for (Tensor result : pending.values()) {
            written.math.replace(next++, result);
        }
        Formula formula = written.math.formula(null);
        backend.evaluate(known.computeIfAbsent(formula, f -> f), written.math.scalars(), operands.toArray(Tensor[]::new));
        copies.forEach(backend::release);
        S after = rule.restore(written.after.count(), written.after.numbers(), under(STATE, results));
        return new Taken<>(new Change<>(after, results.get(UPDATE)), under(NOTED, results), under(WITHOUT_EPSILON, results));
    }

    private record Written<S extends State>(Recorder math, S after) {
    }

    /** Writes the step down over these operands; what is wanted of it goes to {@code results}, always in the same order. */
    private static <S extends State> Written<S> write(Rule<S> rule, S state, Tensor g, Tensor w, List<Tensor> operands, Map<String, Tensor> results) {
        String[] prefix = {NOTED};
        BiConsumer<String, Tensor> note = (name, t) -> results.put(prefix[0] + name, t);
        Recorder math = new Recorder(operands, note);
        Change<S> change = rule.apply(math, state, g, w);
        results.put(UPDATE, change.update());
        change.state().tensors().forEach((name, t) -> results.put(STATE + name, t));
        if (rule.settings().containsKey("epsilon")) {
            prefix[0] = WITHOUT_EPSILON;
            rule.with("epsilon", 0).apply(math, state, g, w);
        }
        return new Written<>(math, change.state());
    }

    private static SortedMap<String, Tensor> under(String prefix, Map<String, Tensor> results) {
        SortedMap<String, Tensor> found = new TreeMap<>();
        results.forEach((name, t) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), t);
            }
        });
        return found;
    }

    /** The tensor as one run of memory; inputs are told apart by their memory, so one that shares another's is copied. */
    private Tensor flat(Tensor x, List<Tensor> inputs, List<Tensor> copies) {
        Tensor run = x;
        if (!x.isContiguous() || inputs.stream().anyMatch(t -> t.storage() == x.storage())) {
            run = backend.allocate(x.dtype(), x.shape());
            backend.copy(x, run);
            copies.add(run);
        }
        Tensor flat = run.reshape(Shape.of(run.size()).dims());
        inputs.add(flat);
        return flat;
    }
}
