package gradus.lens;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.numerics.RandomStream;
import gradus.op.Value;
import gradus.optim.Clip;
import gradus.optim.Group;
import gradus.optim.Parameter;
import gradus.runner.Run;
import gradus.runner.Step;
import gradus.runner.Training;
import gradus.runner.Watcher;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Takes the records of a {@link Probe} while a model is trained. */
public final class ProbeWatcher implements Watcher {
    private static final int EIGENVALUES = 3;

    private final Probe probe;
    private final Run run;
    private final Training training;
    private final ParameterProbe reader;
    private final List<String> names;
    private final List<ProbeRecord> records = new ArrayList<>();
    private List<Tensor> earlier;
    private long earlierStep = -1;
    private ProbeRecord open;

    ProbeWatcher(Probe probe, Run run, Training training) {
        this.probe = probe;
        this.run = run;
        this.training = training;
        this.names = names(training);
        this.reader = new ParameterProbe(run.backend(), probe.sample());
    }

    /** The parameters' paths in the model, in the order of the optimizer; what is not in the model has its own name and number. */
    static List<String> names(Training training) {
        Map<Parameter, String> paths = new IdentityHashMap<>();
        training.model().parameters().forEach((path, p) -> paths.put(p, path));
        List<String> names = new ArrayList<>();
        for (Parameter p : training.optimizer().parameters()) {
            names.add(paths.getOrDefault(p, p.name() + " " + (names.size() + 1)));
        }
        return names;
    }

    /** The records so far. */
    public List<ProbeRecord> records() {
        return List.copyOf(records);
    }

    @Override
    public boolean wants(long steps) {
        return steps % probe.every() == 0 || (steps + 1) % probe.every() == 0;
    }

    @Override
    public void before(Step step) {
        if (step.number() % probe.every() == 0) {
            open = look(step);
        }
        if ((step.number() + 1) % probe.every() == 0) {
            remember(step);
        }
    }

    @Override
    public void after(Step step) {
        if (open != null) {
            double cost = step.evaluate(step.batch(), Value::item);
            records.add(new ProbeRecord(open.step(), open.epoch(), open.batch(), open.cost(), cost, open.predicted(), open.parameters(), open.noise(),
                    open.curvature()));
            open = null;
        }
    }

    /** Keeps the weights, from which the next step sees what this one's update was. */
    private void remember(Step step) {
        List<Parameter> parameters = step.optimizer().parameters();
        if (earlier == null) {
            earlier = parameters.stream().map(p -> step.backend().allocate(p.dtype(), p.shape())).toList();
        }
        for (int i = 0; i < earlier.size(); i++) {
            step.backend().copy(parameters.get(i).tensor(), earlier.get(i));
        }
        earlierStep = step.number();
    }

    private ProbeRecord look(Step step) {
        Backend backend = step.backend();
        Clip clip = step.optimizer().clip();
        List<Tensor> clipped = clip == null ? step.gradients() : clip.apply(backend, step.gradients());
        SequencedMap<String, ProbeRecord.OfParameter> seen = new LinkedHashMap<>();
        List<Tensor> updates = new ArrayList<>();
        double predicted = 0;
        int i = 0;
        for (Group group : step.optimizer().groups()) {
            double eta = step.optimizer().learningRate(group);
            for (Parameter p : group.parameters()) {
                Tensor last = earlierStep == step.number() - 1 && earlier != null ? backend.zip(Zip.SUBTRACT, p.tensor(), earlier.get(i)) : null;
                ParameterProbe.Seen found = reader.look(group.rule().withLearningRate(eta), step.optimizer().state(p), p.tensor(), step.gradients().get(i),
                        clipped.get(i), last);
                seen.put(names.get(i), found.record());
                predicted += found.predicted();
                updates.add(found.update());
                if (last != null) {
                    backend.release(last);
                }
                i++;
            }
        }
        GradientNoise noise = probe.rows() > 0 ? GradientNoise.of(step, probe.rows()) : null;
        Curvature curvature = probe.curvature() > 0 && step.number() % probe.curvature() == 0 ? curvature(step, updates) : null;
        updates.forEach(backend::release);
        if (clipped != step.gradients()) {
            clipped.forEach(backend::release);
        }
        return new ProbeRecord(step.number(), step.epoch(), step.batch().number(), step.cost(), Double.NaN, predicted, seen, noise, curvature);
    }

    private Curvature curvature(Step step, List<Tensor> updates) {
        double[] gradient = FlatVector.ofTensors(step.backend(), step.gradients());
        double[] update = FlatVector.ofTensors(step.backend(), updates);
        RandomStream random = new RandomStream(run.seed(), "lens/" + training.name() + "/step " + step.number());
        return Curvature.of(Curvature.hessian(step), gradient, update, EIGENVALUES, random);
    }

    @Override
    public void finish() {
        if (earlier != null) {
            earlier.forEach(run.backend()::release);
        }
        try {
            ProbeFile.write(run.folder(), training.name(), probe, training.optimizer(), names, records);
            LensPage.write(run.folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
