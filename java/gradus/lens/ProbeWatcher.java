package gradus.lens;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.numerics.RandomStream;
import gradus.op.Value;
import gradus.optim.Clip;
import gradus.optim.Group;
import gradus.optim.Parameter;
import gradus.optim.SideStep;
import gradus.runner.Run;
import gradus.runner.Step;
import gradus.runner.Training;
import gradus.runner.Watcher;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Takes the records of a {@link Probe} while a model is trained. The training's thread copies what a record needs and evaluates the loss after the step; records,
 * files and page are made beside it, on a backend of their own with one thread.
 */
public final class ProbeWatcher implements Watcher {
    private static final int EIGENVALUES = 3;
    /** Elements that may wait in snapshots to be read, and how many snapshots. */
    private static final int WAITING_ELEMENTS = 1 << 24;
    private static final int WAITING = 64;
    /** The page is written anew when there are so many times the records that it shows. */
    private static final int GROWTH = 4;
    private static final int FIRST_PAGE = 100;

    private final Probe probe;
    private final Run run;
    private final Training training;
    private final List<String> names;
    private final Semaphore places;
    private List<Tensor> earlier;
    private long earlierStep = -1;
    private Snapshot open;
    /** From here on only the thread beside the run touches it. */
    private final List<ProbeRecord> records = new ArrayList<>();
    private final Backend backend;
    private final ParameterProbe reader;
    private int nextPage = FIRST_PAGE;
    private ProbeFile.Contents written;

    ProbeWatcher(Probe probe, Run run, Training training) {
        this.probe = probe;
        this.run = run;
        this.training = training;
        this.names = names(training);
        int elements = training.optimizer().parameters().stream().mapToInt(Parameter::size).sum();
        this.places = new Semaphore(Math.clamp(WAITING_ELEMENTS / Math.max(1, elements), 2, WAITING));
        this.backend = Backends.open("cpu", 1, sentence -> { });
        this.reader = new ParameterProbe(backend, probe.sample());
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

    @Override
    public boolean wants(long steps) {
        return steps % probe.every() == 0 || (steps + 1) % probe.every() == 0;
    }

    /** Takes over the records of the steps that a run which resumes does not repeat. */
    @Override
    public void resumed(long steps) {
        run.beside(() -> {
            for (ProbeRecord record : ProbeReader.read(run.folder(), training.name())) {
                if (record.step() < steps) {
                    records.add(record);
                }
            }
        });
    }

    @Override
    public void before(Step step) {
        if (step.number() % probe.every() == 0) {
            GradientNoise noise = probe.rows() > 0 ? GradientNoise.of(step, probe.rows()) : null;
            Curvature curvature = probe.curvature() > 0 && step.number() % probe.curvature() == 0 ? curvature(step) : null;
            open = Snapshot.of(step, names, earlierStep == step.number() - 1 ? earlier : null, noise, curvature);
        }
        if ((step.number() + 1) % probe.every() == 0) {
            // From these weights the next step sees what this one's update was.
            earlier = step.optimizer().parameters().stream().map(p -> Snapshot.copy(step.backend(), p.tensor())).toList();
            earlierStep = step.number();
        }
    }

    @Override
    public void after(Step step) {
        if (open != null) {
            Snapshot seen = open;
            open = null;
            double cost = step.evaluate(step.batch(), Value::item);
            if (!places.tryAcquire()) {
                run.hurryBeside();
                places.acquireUninterruptibly();
            }
            run.beside(() -> read(seen, cost));
        }
    }

    private void read(Snapshot seen, double costAfter) throws IOException {
        try {
            records.add(seen.read(backend, reader, costAfter));
        } finally {
            places.release();
        }
        if (records.size() == nextPage) {
            nextPage *= GROWTH;
            LensPage.write(run.folder(), write());
        }
    }

    private Curvature curvature(Step step) {
        Clip clip = step.optimizer().clip();
        List<Tensor> clipped = clip == null ? step.gradients() : clip.apply(step.backend(), step.gradients());
        SideStep side = new SideStep(step.backend());
        List<SideStep.Taken<?>> steps = new ArrayList<>();
        for (Group group : step.optimizer().groups()) {
            for (Parameter p : group.parameters()) {
                steps.add(side.take(group.rule().withLearningRate(step.optimizer().learningRate(group)), step.optimizer().state(p), clipped.get(steps.size()),
                        p.tensor()));
            }
        }
        if (clipped != step.gradients()) {
            clipped.forEach(step.backend()::release);
        }
        double[] gradient = FlatVector.ofTensors(step.backend(), step.gradients());
        double[] update = FlatVector.ofTensors(step.backend(), steps.stream().map(t -> t.change().update()).toList());
        Preconditioner by = Preconditioner.of(step.backend(), step.optimizer(), steps);
        for (SideStep.Taken<?> taken : steps) {
            taken.releaseAllButUpdate(step.backend());
            step.backend().release(taken.change().update());
        }
        RandomStream random = new RandomStream(run.seed(), "lens/" + training.name() + "/step " + step.number());
        return Curvature.of(Curvature.hessian(step), gradient, update, by, EIGENVALUES, random);
    }

    /** A run that resumes from the checkpoint finds the records before it. */
    @Override
    public Run.Work saving() {
        return this::write;
    }

    /** What was written, now or before. */
    private ProbeFile.Contents write() throws IOException {
        if (written == null || written.arrays().get("step").shape().dim(0) != records.size()) {
            written = ProbeFile.write(run.folder(), training.name(), probe, training.optimizer(), names, records);
        }
        return written;
    }

    @Override
    public void finish() {
        run.beside(() -> {
            LensPage.write(run.folder(), write());
            backend.close();
        });
    }
}
