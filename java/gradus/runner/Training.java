package gradus.runner;

import gradus.data.Batch;
import gradus.data.Batches;
import gradus.grad.Gradients;
import gradus.nn.Layer;
import gradus.nn.Pass;
import gradus.numerics.RandomStream;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.EarlyStopping;
import gradus.optim.Optimizer;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntFunction;

/** Training of one model in a run: the loop over epochs and batches, the costs, the ledger, the checkpoints. */
public final class Training {
    /** The loss of one batch, built on the tape. */
    public interface Objective {
        /** A value of one element. */
        Value loss(Tape tape, Batch batch, Pass pass);
    }

    /** Looks at the model after an epoch. */
    public interface AfterEpoch {
        /** Epochs count from 1; {@code cost} is the mean of the batches' costs. Returns false to stop here. */
        boolean goOn(int epoch, double cost);
    }

    /** A figure of the model, such as its error on data that it is not trained on. */
    public interface Measure {
        /** The figure. */
        double of(Layer model);
    }

    private record Measuring(int every, Measure measure, Costs values) {}

    private final Run run;
    private final String name;
    private final Layer model;
    private final Optimizer optimizer;
    private final Costs costs = new Costs();
    private final SequencedMap<String, Measuring> measurings = new LinkedHashMap<>();
    private final Trace trace;

    Training(Run run, String name, Layer model, Optimizer optimizer) {
        this.run = run;
        this.name = name;
        this.model = model;
        this.optimizer = optimizer;
        this.trace = Trace.parse(run.options().trace());
    }

    /** Its name in the run. */
    public String name() {
        return name;
    }

    /** The cost of every batch so far. */
    public Costs costs() {
        return costs;
    }

    /** The model that is trained. */
    public Layer model() {
        return model;
    }

    /** Takes a figure of the model after the first epoch and after every {@code every} epochs; it is kept with the checkpoint. */
    public Training measuring(String figure, int every, Measure measure) {
        measurings.put(figure, new Measuring(every, measure, new Costs()));
        return this;
    }

    /** What {@link #measuring} found so far, as batch 0 of the epochs. */
    public Costs measured(String figure) {
        return measurings.get(figure).values();
    }

    /** Trains for so many epochs. */
    public Training run(int epochs, IntFunction<Batches> batches, Objective objective) {
        return run(epochs, batches, objective, (epoch, cost) -> true);
    }

    /** Trains for at most so many epochs, and no longer than the mean cost of an epoch goes on falling. */
    public Training run(int epochs, IntFunction<Batches> batches, Objective objective, EarlyStopping stopping) {
        List<EarlyStopping.State> seen = new ArrayList<>(List.of(stopping.begin()));
        AfterEpoch observe = (epoch, cost) -> {
            seen.add(stopping.observe(seen.removeLast(), cost));
            return !stopping.stops(seen.getLast());
        };
        return run(epochs, batches, objective, observe, observe);
    }

    /**
     * Trains for at most so many epochs.
     *
     * @param batches   the batches of an epoch, counted from 1
     * @param afterEach decides whether to go on
     */
    public Training run(int epochs, IntFunction<Batches> batches, Objective objective, AfterEpoch afterEach) {
        return run(epochs, batches, objective, afterEach, (epoch, cost) -> true);
    }

    private Training run(int epochs, IntFunction<Batches> batches, Objective objective, AfterEpoch afterEach, AfterEpoch afterRestored) {
        Checkpoint checkpoint = new Checkpoint(run, name, model, optimizer, series());
        int done = checkpoint.restore();
        boolean goOn = true;
        double[] restored = costs.means();
        for (int i = 0; i < restored.length; i++) {
            goOn = afterRestored.goOn(i + 1, restored[i]);
        }
        int perEpoch = batches.apply(1).count();
        try (Progress progress = run.progress(name, (long) (epochs - done) * perEpoch); Tape tape = new Tape(run.backend())) {
            for (int epoch = done + 1; goOn && epoch <= epochs; epoch++) {
                double cost = epoch(epoch, batches.apply(epoch), objective, tape, progress);
                run.epochEnds(name, epoch, model);
                measure(epoch);
                goOn = afterEach.goOn(epoch, cost);
                checkpoint.after(epoch, !goOn || epoch == epochs);
            }
        }
        run.parameters(name, model.state());
        return this;
    }

    private SequencedMap<String, Costs> series() {
        SequencedMap<String, Costs> all = new LinkedHashMap<>();
        all.put("costs", costs);
        measurings.forEach((figure, m) -> all.put("measured/" + figure, m.values()));
        return all;
    }

    private void measure(int epoch) {
        for (Measuring m : measurings.values()) {
            if (epoch == 1 || epoch % m.every() == 0) {
                m.values().add(epoch, 0, m.measure().of(model));
            }
        }
    }

    private double epoch(int epoch, Batches batches, Objective objective, Tape tape, Progress progress) {
        Pass pass = Pass.training(new RandomStream(run.seed(), name + "/epoch " + epoch));
        double total = 0;
        for (Batch batch : batches) {
            double cost = step(tape, objective, batch, pass, epoch);
            costs.add(epoch, batch.number(), cost);
            total += cost;
            progress.step("epoch " + epoch + " cost " + (float) cost);
            if (!Double.isFinite(cost)) {
                throw new ArithmeticException(name + ": the cost became " + cost + " in epoch " + epoch + ", batch " + batch.number()
                        + "; a smaller learning rate, or gradient clipping, may help");
            }
        }
        return total / batches.count();
    }

    private double step(Tape tape, Objective objective, Batch batch, Pass pass, int epoch) {
        Value loss = objective.loss(tape, batch, pass);
        List<Tensor> gradients = Gradients.of(loss, Run.leaves(tape, optimizer.parameters())).stream().map(Value::tensor).toList();
        optimizer.step(gradients);
        double cost = loss.item();
        run.cost(name, epoch, batch.number(), cost, loss.dtype());
        if (trace != null) {
            trace.after(run.folder(), run.backend(), name, epoch, batch.number(), model);
        }
        tape.clear();
        return cost;
    }
}
