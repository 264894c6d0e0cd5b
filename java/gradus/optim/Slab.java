package gradus.optim;

import gradus.backend.Backend;
import gradus.backend.Formula;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters of one group as one run of memory, and the rule's state as others of the same layout. A step writes the rule's formula down once
 * and has the backend evaluate it over segments: a large parameter is one, with its gradient read where it lies; neighbours that are small, as the
 * backend says, are one together, their gradients gathered first.
 */
final class Slab<S extends State> {
    private static final int WEIGHTS = 0;
    private static final int GRADIENT = 1;
    private static final int STATE = 2;

    /** Parameters from … to − 1, and every operand's part that belongs to them. */
    private record Segment(int from, int to, Tensor[] operands) {
    }

    private Group group;
    private final Backend backend;
    private Rule<S> rule;
    private final int[] offsets;
    private final List<Tensor> operands = new ArrayList<>();
    private final List<String> names;
    private final List<Segment> segments = new ArrayList<>();
    private final Tensor[] homes;
    /** Where the gradients of parameters that share a segment are gathered. */
    private final Tensor[] gathered;
    private S state;
    private Formula formula;

    Slab(Backend backend, Group group, Rule<S> rule) {
        this.backend = backend;
        this.group = group;
        this.rule = rule;
        offsets = new int[group.parameters().size() + 1];
        for (int i = 0; i < group.parameters().size(); i++) {
            offsets[i + 1] = Math.addExact(offsets[i], group.parameters().get(i).size());
        }
        DType dtype = group.parameters().getFirst().dtype();
        Tensor zeros = Tensor.zeros(dtype, Shape.of(offsets[offsets.length - 1]));
        S initial = rule.init(zeros);
        names = List.copyOf(initial.tensors().keySet());
        operands.add(home(zeros));
        operands.add(home(zeros));
        initial.tensors().values().forEach(t -> operands.add(home(t)));
        state = at(initial);
        homes = new Tensor[group.parameters().size()];
        Arrays.setAll(homes, i -> part(operands.get(WEIGHTS), i, group.parameters().get(i).shape()));
        gathered = new Tensor[homes.length];
        Arrays.setAll(gathered, i -> part(operands.get(GRADIENT), i, group.parameters().get(i).shape()));
        takeOver();
        cut();
    }

    Group group() {
        return group;
    }

    /** Goes on with one number of the rule changed. */
    void change(String setting, double value) {
        Rule<S> changed = rule.with(setting, value);
        List<String> wanted = List.copyOf(changed.init(Tensor.zeros(group.parameters().getFirst().dtype(), Shape.of(1))).tensors().keySet());
        if (!wanted.equals(names)) {
            throw new IllegalArgumentException(rule.name() + " remembers " + names + ", with " + setting + " = " + value + " it would " + wanted
                    + "; that cannot change on the way");
        }
        state = changed.restore(state.count(), state.numbers(), state.tensors());
        group = new Group(group.parameters(), changed, group.schedule());
        rule = changed;
    }

    /** Memory of this slab's own with these values. */
    private Tensor home(Tensor values) {
        Tensor mine = backend.allocate(values.dtype(), values.shape());
        put(values, mine);
        return mine;
    }

    private void put(Tensor values, Tensor place) {
        Tensor there = backend.upload(values);
        backend.copy(there, place);
        if (there != values) {
            backend.release(there);
        }
    }

    /** Moves parameters in that lie elsewhere: all of them at first, later one that was given another tensor. */
    private void takeOver() {
        for (int i = 0; i < homes.length; i++) {
            Parameter p = group.parameters().get(i);
            if (p.tensor() != homes[i]) {
                put(p.tensor(), homes[i]);
                p.set(homes[i]);
            }
        }
    }

    private Tensor part(Tensor whole, int parameter, Shape shape) {
        return Tensor.over(whole.storage(), shape, whole.offset() + offsets[parameter]);
    }

    private void cut() {
        int count = group.parameters().size();
        for (int from = 0; from < count;) {
            int to = from + 1;
            while (size(from) < backend.gathersBelow() && to < count && size(to) < backend.gathersBelow()) {
                to++;
            }
            int first = from;
            Shape shape = Shape.of(offsets[to] - offsets[from]);
            segments.add(new Segment(from, to, operands.stream().map(t -> part(t, first, shape)).toArray(Tensor[]::new)));
            from = to;
        }
    }

    private int size(int parameter) {
        return offsets[parameter + 1] - offsets[parameter];
    }

    /** One step of the rule at this learning rate. */
    void step(List<Tensor> gradients, double learningRate) {
        takeOver();
        Rule<S> now = learningRate == rule.learningRate() ? rule : rule.withLearningRate(learningRate);
        Recorder math = new Recorder(operands);
        Change<S> change = now.apply(math, state, operands.get(GRADIENT), operands.get(WEIGHTS));
        math.replace(WEIGHTS, math.plus(operands.get(WEIGHTS), change.update()));
        SortedMap<String, Tensor> next = change.state().tensors();
        for (int i = 0; i < names.size(); i++) {
            math.replace(STATE + i, next.get(names.get(i)));
        }
        formula = math.formula(formula);
        List<Tensor[]> parts = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            parts.add(operands(segment, gradients));
        }
        backend.evaluate(formula, math.scalars(), parts);
        state = at(change.state());
    }

    /** A segment's operands, its gradient among them where that lies in one piece, else gathered. */
    private Tensor[] operands(Segment segment, List<Tensor> gradients) {
        Tensor only = segment.to == segment.from + 1 ? gradients.get(segment.from) : null;
        if (only != null && only.isContiguous()) {
            Tensor[] operands = segment.operands.clone();
            operands[GRADIENT] = only.reshape(segment.operands[GRADIENT].shape());
            return operands;
        }
        for (int i = segment.from; i < segment.to; i++) {
            backend.copy(gradients.get(i), gathered[i]);
        }
        return segment.operands;
    }

    /** The state with these counts and with the slab's own memory for its tensors. */
    private S at(State counts) {
        if (names.isEmpty()) {
            return rule.restore(counts.count(), counts.numbers(), counts.tensors());
        }
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            tensors.put(names.get(i), operands.get(STATE + i));
        }
        return rule.restore(counts.count(), counts.numbers(), tensors);
    }

    /** The state of one parameter; its tensors are views. */
    S state(int parameter) {
        Shape shape = group.parameters().get(parameter).shape();
        SortedMap<String, Tensor> views = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            views.put(names.get(i), part(operands.get(STATE + i), parameter, shape));
        }
        return rule.restore(state.count(), state.numbers(), views);
    }

    void save(String prefix, SortedMap<String, Tensor> all) {
        all.put(prefix + "count", Tensor.scalar(DType.FLOAT64, state.count()));
        state.numbers().forEach((name, number) -> all.put(prefix + "number/" + name, Tensor.scalar(DType.FLOAT64, number)));
        state.tensors().forEach((name, tensor) -> all.put(prefix + "tensor/" + name, backend.download(tensor).copy()));
    }

    void restore(String prefix, SortedMap<String, Tensor> saved) {
        SortedMap<String, Double> numbers = new TreeMap<>();
        state.numbers().keySet().forEach(name -> numbers.put(name, State.named(prefix + "number/" + name, saved).item()));
        SortedMap<String, Tensor> own = state.tensors();
        own.forEach((name, tensor) -> {
            Tensor from = State.named(prefix + "tensor/" + name, saved);
            if (!from.shape().equals(tensor.shape()) || from.dtype() != tensor.dtype()) {
                throw new IllegalArgumentException("restore: " + prefix + name + " is " + from + " in what was saved, the optimizer wants " + tensor);
            }
        });
        own.forEach((name, tensor) -> put(State.named(prefix + "tensor/" + name, saved), tensor));
        state = rule.restore((long) State.named(prefix + "count", saved).item(), numbers, own);
    }
}
