package gradus.lens;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.optim.Clip;
import gradus.optim.Group;
import gradus.optim.Parameter;
import gradus.optim.Rule;
import gradus.optim.State;
import gradus.runner.Step;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Copies on the heap of all that a record is computed from, taken before the step: the record itself is then a matter of another thread. Copying costs a
 * training of 25,000 parameters a tenth of a millisecond, the record two.
 */
record Snapshot(long step, int epoch, int batch, double cost, List<Part> parts, GradientNoise noise, Curvature curvature) {
    /**
     * One parameter.
     *
     * @param rule    with this step's learning rate
     * @param clipped what the rule is given; the gradient itself where nothing is clipped
     * @param earlier the weights before the step before, or null
     */
    private record Part(String name, Rule<?> rule, State state, Tensor weights, Tensor gradient, Tensor clipped, Tensor earlier) {
    }

    /** @param earlier the weights before the step before, or null */
    static Snapshot of(Step step, List<String> names, List<Tensor> earlier, GradientNoise noise, Curvature curvature) {
        Backend backend = step.backend();
        Clip clip = step.optimizer().clip();
        List<Tensor> clipped = clip == null ? step.gradients() : clip.apply(backend, step.gradients());
        List<Part> parts = new ArrayList<>();
        for (Group group : step.optimizer().groups()) {
            Rule<?> rule = group.rule().withLearningRate(step.optimizer().learningRate(group));
            for (Parameter p : group.parameters()) {
                int i = parts.size();
                Tensor gradient = copy(backend, step.gradients().get(i));
                Tensor given = clip == null ? gradient : copy(backend, clipped.get(i));
                parts.add(new Part(names.get(i), rule, copy(backend, rule, step.optimizer().state(p)), copy(backend, p.tensor()), gradient, given,
                        earlier == null ? null : earlier.get(i)));
            }
        }
        if (clipped != step.gradients()) {
            clipped.forEach(backend::release);
        }
        return new Snapshot(step.number(), step.epoch(), step.batch().number(), step.cost(), List.copyOf(parts), noise, curvature);
    }

    /** A copy on the heap. */
    static Tensor copy(Backend backend, Tensor t) {
        return backend.download(t).copy();
    }

    private static State copy(Backend backend, Rule<?> rule, State state) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        Map<Tensor, Tensor> copies = new IdentityHashMap<>();
        state.tensors().forEach((name, t) -> tensors.put(name, copies.computeIfAbsent(t, x -> copy(backend, x))));
        return rule.restore(state.count(), state.numbers(), tensors);
    }

    /** The record, computed on a backend of the reader's own; the same bits wherever the training runs. */
    ProbeRecord read(Backend backend, ParameterProbe reader, double costAfter) {
        SequencedMap<String, ProbeRecord.OfParameter> seen = new LinkedHashMap<>();
        double predicted = 0;
        for (Part part : parts) {
            Tensor last = part.earlier == null ? null : backend.zip(Zip.SUBTRACT, part.weights, part.earlier);
            ParameterProbe.Seen found = reader.look(part.rule, part.state, part.weights, part.gradient, part.clipped, last);
            seen.put(part.name, found.record());
            predicted += found.predicted();
            if (last != null) {
                backend.release(last);
            }
        }
        return new ProbeRecord(step, epoch, batch, cost, costAfter, predicted, seen, noise, curvature);
    }
}
