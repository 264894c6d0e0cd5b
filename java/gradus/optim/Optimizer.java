package gradus.optim;

import gradus.backend.Backend;
import gradus.tensor.DType;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Applies update rules to parameters, in place. It moves the parameters of each group into one run of memory, in the given order, and keeps the
 * rule's state in the same layout. Neither that nor the backend changes a bit of what {@link Rule#apply} computes.
 */
public final class Optimizer {
    private final Backend backend;
    private final Clip clip;
    private final List<Slab<?>> slabs = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private long steps;
    private double factor = 1;

    /**
     * An optimizer over groups.
     *
     * @param clip a limit on the gradients of all groups, or null
     * @throws IllegalArgumentException when a parameter is in two groups
     */
    public Optimizer(Backend backend, Clip clip, List<Group> groups) {
        this.backend = backend;
        this.clip = clip;
        Set<Parameter> seen = new HashSet<>();
        for (Group group : groups) {
            for (Parameter p : group.parameters()) {
                if (!seen.add(p)) {
                    throw new IllegalArgumentException("optimizer: parameter " + p + " is given twice");
                }
            }
            parameters.addAll(group.parameters());
            slabs.add(slab(group, group.rule()));
        }
    }

    /** An optimizer over groups, without a limit on the gradients. */
    public Optimizer(Backend backend, List<Group> groups) {
        this(backend, null, groups);
    }

    /** An optimizer with one rule for all parameters. */
    public Optimizer(Backend backend, Rule<?> rule, List<Parameter> parameters) {
        this(backend, List.of(new Group(parameters, rule)));
    }

    private <S extends State> Slab<S> slab(Group group, Rule<S> rule) {
        return new Slab<>(backend, group, rule);
    }

    /** Steps taken. */
    public long steps() {
        return steps;
    }

    /** All parameters, in the order in which {@link #step} wants their gradients. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    /** The groups in their order. */
    public List<Group> groups() {
        return slabs.stream().<Group>map(Slab::group).toList();
    }

    /** The limit on the gradients of all groups, or null. */
    public Clip clip() {
        return clip;
    }

    /**
     * Goes on with one number changed in the rules of a name; their states stay.
     *
     * @param rule {@link Rule#name}, or null for every rule that has such a setting
     * @throws IllegalArgumentException when no group's rule has it, or the group's learning rate follows a schedule
     */
    public void change(String rule, String setting, double value) {
        List<Slab<?>> meant = slabs.stream().<Slab<?>>map(s -> s).filter(s -> rule == null || s.group().rule().name().equalsIgnoreCase(rule))
                .filter(s -> s.group().rule().settings().containsKey(setting)).toList();
        if (meant.isEmpty()) {
            throw new IllegalArgumentException("optimizer: no rule has a setting " + (rule == null ? setting : rule + "." + setting) + "; there are "
                    + String.join(", ", slabs.stream().flatMap(s -> s.group().rule().settings().keySet().stream().map(k -> s.group().rule().name() + "." + k))
                            .distinct().toList()));
        }
        for (Slab<?> slab : meant) {
            if (setting.equals("learningRate") && slab.group().schedule() != null) {
                throw new IllegalArgumentException("optimizer: the learning rate of " + slab.group().rule().name() + " follows a schedule and cannot be set to "
                        + value);
            }
            slab.change(setting, value);
        }
    }

    /** What every learning rate is multiplied by from the next step on; 1 at first. A {@link Plateau} sets it. */
    public void setFactor(double factor) {
        this.factor = factor;
    }

    /** What every learning rate is multiplied by. */
    public double factor() {
        return factor;
    }

    /** The learning rate of a group's next step. */
    public double learningRate(Group group) {
        return factor * (group.schedule() == null ? group.rule().learningRate() : group.schedule().at(steps));
    }

    /**
     * Takes one step.
     *
     * @param gradients one for each of {@link #parameters()}, of its shape and type; they are read, not kept
     * @throws ShapeException when a gradient does not fit its parameter
     */
    public void step(List<Tensor> gradients) {
        requireFit(gradients);
        List<Tensor> clipped = clip == null ? gradients : clip.apply(backend, gradients);
        int next = 0;
        for (Slab<?> slab : slabs) {
            int count = slab.group().parameters().size();
            slab.step(clipped.subList(next, next + count), learningRate(slab.group()));
            next += count;
        }
        if (clipped != gradients) {
            clipped.forEach(backend::release);
        }
        steps++;
    }

    private void requireFit(List<Tensor> gradients) {
        if (gradients.size() != parameters.size()) {
            throw new ShapeException("optimizer: " + gradients.size() + " gradients came for " + parameters.size() + " parameters");
        }
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            Tensor g = gradients.get(i);
            if (!g.shape().equals(p.shape()) || g.dtype() != p.dtype()) {
                throw new ShapeException("optimizer: gradient " + g + " does not fit parameter " + p.name() + " " + p.tensor());
            }
        }
    }

    /** The state of a parameter; its tensors are views of the living memory. */
    public State state(Parameter parameter) {
        for (Slab<?> slab : slabs) {
            int at = slab.group().parameters().indexOf(parameter);
            if (at >= 0) {
                return slab.state(at);
            }
        }
        throw new IllegalArgumentException("optimizer: parameter " + parameter + " is in none of its groups");
    }

    /** A copy of everything that the next step depends on beside the parameters, by name, on the heap; {@link #restore} is the way back. */
    public SortedMap<String, Tensor> save() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("steps", Tensor.scalar(DType.FLOAT64, steps));
        all.put("factor", Tensor.scalar(DType.FLOAT64, factor));
        for (int i = 0; i < slabs.size(); i++) {
            slabs.get(i).save("group " + i + "/", all);
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
        steps = (long) State.named("steps", saved).item();
        factor = State.named("factor", saved).item();
    }
}
