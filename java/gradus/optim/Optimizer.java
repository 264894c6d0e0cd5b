package gradus.optim;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Applies update rules to parameters, in place. It moves the parameters of each group into one run of memory, in the given order, and keeps the
 * rule's state in the same layout.
 */
public final class Optimizer {
    private final Backend backend;
    private final List<Slab<?>> slabs = new ArrayList<>();
    private long steps;

    /** An optimizer over groups; a parameter must be in one group only. */
    public Optimizer(Backend backend, List<Group> groups) {
        this.backend = backend;
        for (Group group : groups) {
            slabs.add(slab(group, group.rule()));
        }
    }

    /** An optimizer with one rule for all parameters. */
    public Optimizer(Backend backend, Rule<?> rule, List<Parameter> parameters) {
        this(backend, List.of(new Group(parameters, rule)));
    }

    private <S extends State> Slab<S> slab(Group group, Rule<S> rule) {
        return new Slab<>(group, rule);
    }

    /** Steps taken. */
    public long steps() {
        return steps;
    }

    /** All parameters, in the order in which {@link #step} wants their gradients. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        slabs.forEach(s -> all.addAll(s.group.parameters()));
        return all;
    }

    /**
     * Takes one step.
     *
     * @param gradients one for each of {@link #parameters()}, of its shape and type; they are read, not kept
     * @throws ShapeException when a gradient does not fit its parameter
     */
    public void step(List<Tensor> gradients) {
        int next = 0;
        for (Slab<?> slab : slabs) {
            int count = slab.group.parameters().size();
            slab.step(gradients.subList(next, next + count));
            next += count;
        }
        steps++;
    }

    /** The state of a parameter, its tensors as views of the living memory. */
    public SortedMap<String, Tensor> state(Parameter parameter) {
        for (Slab<?> slab : slabs) {
            int at = slab.group.parameters().indexOf(parameter);
            if (at >= 0) {
                return slab.views(at);
            }
        }
        throw new IllegalArgumentException("optimizer: parameter " + parameter + " is in none of its groups");
    }

    /** Everything that the next step depends on beside the parameters, by name; {@link #restore} is the way back. */
    public SortedMap<String, Tensor> save() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("steps", Tensor.scalar(DType.FLOAT64, steps));
        for (int i = 0; i < slabs.size(); i++) {
            String prefix = "group " + i + "/";
            State state = slabs.get(i).state;
            all.put(prefix + "count", Tensor.scalar(DType.FLOAT64, state.count()));
            state.numbers().forEach((name, number) -> all.put(prefix + "number/" + name, Tensor.scalar(DType.FLOAT64, number)));
            state.tensors().forEach((name, tensor) -> all.put(prefix + "tensor/" + name, backend.download(tensor)));
        }
        return all;
    }

    /**
     * Brings back what {@link #save} gave for the same groups and rules.
     *
     * @throws IllegalArgumentException when a part is missing
     */
    public void restore(SortedMap<String, Tensor> saved) {
        for (int i = 0; i < slabs.size(); i++) {
            slabs.get(i).restore("group " + i + "/", saved);
        }
        steps = (long) Slots.named("steps", saved).item();
    }

    /** The parameters of one group, and its state, each as one run of memory. */
    private final class Slab<S extends State> {
        final Group group;
        final Rule<S> rule;
        final int[] offsets;
        final Tensor weights;
        final Tensor gradient;
        S state;

        Slab(Group group, Rule<S> rule) {
            this.group = group;
            this.rule = rule;
            offsets = new int[group.parameters().size() + 1];
            for (int i = 0; i + 1 < offsets.length; i++) {
                offsets[i + 1] = Math.addExact(offsets[i], group.parameters().get(i).size());
            }
            Shape flat = Shape.of(offsets[offsets.length - 1]);
            weights = backend.upload(Tensor.zeros(group.parameters().getFirst().dtype(), flat));
            gradient = backend.upload(Tensor.zeros(weights.dtype(), flat));
            for (int i = 0; i + 1 < offsets.length; i++) {
                Parameter p = group.parameters().get(i);
                Tensor home = Tensor.over(weights.storage(), p.shape(), weights.offset() + offsets[i]);
                backend.copy(backend.upload(p.tensor()), home);
                p.set(home);
            }
            state = rule.init(weights);
        }

        void step(List<Tensor> gradients) {
            for (int i = 0; i + 1 < offsets.length; i++) {
                Parameter p = group.parameters().get(i);
                if (!gradients.get(i).shape().equals(p.shape())) {
                    throw new ShapeException("optimizer: gradient " + gradients.get(i).shape() + " does not fit parameter " + p);
                }
                backend.copy(gradients.get(i), Tensor.over(gradient.storage(), p.shape(), gradient.offset() + offsets[i]));
            }
            Rule<S> now = group.schedule() == null ? rule : rule.withLearningRate(group.schedule().at(steps));
            Change<S> change = now.apply(backend, state, gradient, weights);
            Tensor sum = backend.zip(Zip.ADD, weights, change.update());
            backend.copy(sum, weights);
            backend.release(sum);
            backend.release(change.update());
            state = change.state();
        }

        void restore(String prefix, SortedMap<String, Tensor> saved) {
            SortedMap<String, Double> numbers = new TreeMap<>();
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            state.numbers().keySet().forEach(name -> numbers.put(name, Slots.named(prefix + "number/" + name, saved).item()));
            state.tensors().keySet().forEach(name -> tensors.put(name, backend.upload(Slots.named(prefix + "tensor/" + name, saved).copy())));
            state = rule.restore((long) Slots.named(prefix + "count", saved).item(), numbers, tensors);
        }

        SortedMap<String, Tensor> views(int at) {
            SortedMap<String, Tensor> views = new TreeMap<>();
            Shape shape = group.parameters().get(at).shape();
            state.tensors().forEach((name, t) -> views.put(name, Tensor.over(t.storage(), shape, t.offset() + offsets[at])));
            return views;
        }
    }
}
