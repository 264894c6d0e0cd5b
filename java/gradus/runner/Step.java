package gradus.runner;

import gradus.backend.Backend;
import gradus.data.Batch;
import gradus.nn.Layer;
import gradus.nn.Pass;
import gradus.numerics.RandomStream;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Optimizer;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One step of a training as a {@link Watcher} sees it. It and its gradients are valid until {@link Watcher#after} returns. */
public final class Step {
    private final Backend backend;
    private final Layer model;
    private final Optimizer optimizer;
    private final Training.Objective objective;
    private final RandomStream random;
    private final long number;
    private final int epoch;
    private final Batch batch;
    private final double cost;
    private final List<Tensor> gradients;

    /** @param random a stream at the position that this step's forward pass drew from */
    Step(Backend backend, Layer model, Optimizer optimizer, Training.Objective objective, RandomStream random, int epoch, Batch batch, double cost,
            List<Tensor> gradients) {
        this.backend = backend;
        this.model = model;
        this.optimizer = optimizer;
        this.objective = objective;
        this.random = random;
        this.number = optimizer.steps();
        this.epoch = epoch;
        this.batch = batch;
        this.cost = cost;
        this.gradients = gradients;
    }

    /** Where it is computed. */
    public Backend backend() {
        return backend;
    }

    /** What takes the step. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** Steps taken before this one. */
    public long number() {
        return number;
    }

    /** From 1. */
    public int epoch() {
        return epoch;
    }

    /** The rows that the gradients are of. */
    public Batch batch() {
        return batch;
    }

    /** The loss of the batch before the step. */
    public double cost() {
        return cost;
    }

    /** The gradients in the order of {@link Optimizer#parameters}, before any clipping. */
    public List<Tensor> gradients() {
        return gradients;
    }

    /**
     * Builds the loss of some rows at the present weights, on a tape of its own and with this step's random draws, and hands it on. What the forward
     * pass does to the model's buffers, such as running means, is undone.
     */
    public <T> T evaluate(Batch rows, Function<Value, T> look) {
        List<Tensor> buffers = List.copyOf(model.buffers().values());
        List<Tensor> before = new ArrayList<>();
        buffers.forEach(b -> before.add(backend.download(b).copy()));
        RandomStream draws = new RandomStream(random.seed(), random.name());
        draws.seek(random.position());
        try (Tape tape = new Tape(backend)) {
            return look.apply(objective.loss(tape, rows, Pass.training(draws)));
        } finally {
            for (int i = 0; i < before.size(); i++) {
                Tensor here = backend.upload(before.get(i));
                backend.copy(here, buffers.get(i));
                if (here != before.get(i)) {
                    backend.release(here);
                }
            }
        }
    }
}
