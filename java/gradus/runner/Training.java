package gradus.runner;

import gradus.data.Batch;
import gradus.data.Batches;
import gradus.grad.Gradients;
import gradus.nn.Layer;
import gradus.nn.Pass;
import gradus.numerics.RandomStream;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Optimizer;
import gradus.tensor.Tensor;
import java.util.List;
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

    private final Run run;
    private final String name;
    private final Layer model;
    private final Optimizer optimizer;
    private final Costs costs = new Costs();
    private final Trace trace;

    Training(Run run, String name, Layer model, Optimizer optimizer) {
        this.run = run;
        this.name = name;
        this.model = model;
        this.optimizer = optimizer;
        this.trace = Trace.parse(run.options().trace());
    }

    /** The cost of every batch so far. */
    public Costs costs() {
        return costs;
    }

    /** The model that is trained. */
    public Layer model() {
        return model;
    }

    /** Trains for so many epochs. */
    public Training run(int epochs, IntFunction<Batches> batches, Objective objective) {
        return run(epochs, batches, objective, (epoch, cost) -> true);
    }

    /**
     * Trains for at most so many epochs.
     *
     * @param batches   the batches of an epoch, counted from 1
     * @param afterEach decides whether to go on
     */
    public Training run(int epochs, IntFunction<Batches> batches, Objective objective, AfterEpoch afterEach) {
        Checkpoint checkpoint = new Checkpoint(run, name, model, optimizer, costs);
        int done = checkpoint.restore();
        int perEpoch = batches.apply(1).count();
        try (Progress progress = run.progress(name, (long) (epochs - done) * perEpoch); Tape tape = new Tape(run.backend())) {
            for (int epoch = done + 1; epoch <= epochs; epoch++) {
                double cost = epoch(epoch, batches.apply(epoch), objective, tape, progress);
                run.epochEnds(name, epoch, model);
                checkpoint.save(epoch);
                if (!afterEach.goOn(epoch, cost)) {
                    break;
                }
            }
        }
        run.parameters(name, model.state());
        return this;
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
