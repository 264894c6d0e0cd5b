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
import gradus.tensor.DType;
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

    private static final AfterEpoch GO_ON = (epoch, cost) -> true;

    private final Run run;
    private final String name;
    private final Layer model;
    private final Optimizer optimizer;
    private final Costs costs = new Costs();
    private final SequencedMap<String, Measuring> measurings = new LinkedHashMap<>();
    private final Trace trace;
    private final Fork fork;
    private final Stopwatch watch = new Stopwatch();
    private Watcher watcher;

    Training(Run run, String name, Layer model, Optimizer optimizer) {
        this.run = run;
        this.name = name;
        this.model = model;
        this.optimizer = optimizer;
        this.trace = Trace.parse(run.options().trace());
        this.fork = run.options().fork();
        watchedBy(run.options().watcher());
    }

    /** Has someone look on while it trains; the last one that was asked does. */
    public Training watchedBy(Watcher.Maker maker) {
        watcher = maker == null ? null : maker.watch(run, this);
        return this;
    }

    /** The name under which the run keeps it. */
    public String name() {
        return name;
    }

    /** What updates the weights. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** The cost of every batch so far. */
    public Costs costs() {
        return costs;
    }

    /** How long it has trained, with what it measures meanwhile; where a run was resumed, together with the earlier run's part. */
    public double seconds() {
        return watch.seconds();
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
        return run(epochs, batches, objective, GO_ON);
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
        return run(epochs, batches, objective, afterEach, GO_ON);
    }

    private Training run(int epochs, IntFunction<Batches> batches, Objective objective, AfterEpoch afterEach, AfterEpoch afterRestored) {
        if (epochs < 0) {
            throw new IllegalArgumentException("training " + name + ": " + epochs + " epochs; wanted at least 0");
        }
        watch.continueFrom(0);
        Checkpoint checkpoint = new Checkpoint(run, name, model, optimizer, series(), watch);
        int perEpoch = batches.apply(1).count();
        if (perEpoch == 0 && epochs > 0) {
            throw new IllegalArgumentException("training " + name + ": an epoch has no batches; wanted rows, and no more in a batch than there are where a short last one is left out");
        }
        boolean replayable = afterEach == GO_ON || afterEach == afterRestored;
        int done = fork == null ? checkpoint.restore() : restore(checkpoint, perEpoch, replayable);
        if (done > 0 && fork == null && watcher != null) {
            watcher.resumed(optimizer.steps());
        }
        boolean goOn = !checkpoint.ended();
        double[] restored = costs.means();
        for (int i = 0; i < restored.length; i++) {
            goOn &= afterRestored.goOn(i + 1, restored[i]);
        }
        try (Progress progress = run.progressOfTraining(name, (long) (epochs - done) * perEpoch, afterEach != GO_ON); Tape tape = new Tape(run.backend())) {
            for (int epoch = done + 1; goOn && epoch <= epochs; epoch++) {
                double cost = epoch(epoch, batches.apply(epoch), objective, tape, progress);
                run.epochEnds(name, epoch, model);
                measure(epoch);
                goOn = afterEach.goOn(epoch, cost);
                checkpoint.after(epoch, epoch == epochs, goOn, watcher);
            }
        }
        watch.stop();
        if (fork != null && fork.changes(name) && optimizer.steps() <= fork.at()) {
            throw new UsageException("--at " + fork.at() + ": " + name + " takes only " + optimizer.steps() + " steps");
        }
        if (watcher != null) {
            watcher.finish();
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

    /** Where a fork begins: what a caller learns from epoch to epoch is in no checkpoint, so with such a one it repeats the run from its beginning. */
    private int restore(Checkpoint checkpoint, int stepsAnEpoch, boolean replayable) {
        int done = replayable ? checkpoint.restore(fork, name, stepsAnEpoch) : 0;
        fork.catchUp(name, optimizer);
        run.takeOver(name, done);
        return done;
    }

    private double epoch(int epoch, Batches batches, Objective objective, Tape tape, Progress progress) {
        Pass pass = Pass.training(new RandomStream(run.seed(), name + "/epoch " + epoch));
        double[] total = new double[1];
        PendingCosts.Reader note = (batch, cost, dtype) -> {
            total[0] += cost;
            note(epoch, batch, cost, dtype);
            progress.step(() -> "epoch " + epoch + " cost " + ((float) cost + 0.0f));   // + 0 for −0, the cross-entropy of a sure answer
        };
        try (PendingCosts pending = new PendingCosts(run.backend(), note)) {
            for (Batch batch : batches) {
                step(tape, objective, batch, pass, epoch, pending);
            }
            pending.read();
        }
        return total[0] / batches.count();
    }

    private void note(int epoch, int batch, double cost, DType dtype) {
        run.cost(name, epoch, batch, cost, dtype);
        costs.add(epoch, batch, cost);
        if (!Double.isFinite(cost)) {
            throw new ArithmeticException(name + ": the cost became " + cost + " in epoch " + epoch + ", batch " + batch
                    + "; a smaller learning rate, or gradient clipping, may help");
        }
    }

    private void step(Tape tape, Objective objective, Batch batch, Pass pass, int epoch, PendingCosts pending) {
        boolean seen = watcher != null && watcher.wants(optimizer.steps());
        RandomStream draws = seen ? copy(pass.random()) : null;
        Value loss = objective.loss(tape, batch, pass);
        List<Tensor> gradients = Gradients.of(loss, Run.leaves(tape, optimizer.parameters())).stream().map(Value::tensor).toList();
        if (fork != null) {
            fork.change(name, optimizer);
        }
        if (seen) {
            Step step = new Step(run.backend(), model, optimizer, objective, draws, epoch, batch, loss.item(), gradients);
            watcher.before(step);
            optimizer.step(gradients);
            watcher.after(step);
        } else {
            optimizer.step(gradients);
        }
        pending.add(batch.number(), loss);
        if (trace != null) {
            trace.after(run.folder(), run.backend(), name, epoch, batch.number(), model);
        }
        tape.clear();
    }

    private static RandomStream copy(RandomStream stream) {
        RandomStream copy = new RandomStream(stream.seed(), stream.name());
        copy.seek(stream.position());
        return copy;
    }
}
