package gradus.runner;

import gradus.backend.Backend;
import gradus.grad.Gradients;
import gradus.nn.Layer;
import gradus.nn.Pass;
import gradus.numerics.RandomStream;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Optimizer;
import gradus.optim.Rule;
import gradus.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Consumer;

/** One training step — forward, backward, update — that benchmarks repeat on the same batch, from the same start every {@link #LIFE} steps. */
final class TrainingStep implements AutoCloseable {
    /**
     * Steps from one start. After some thousands on one batch, weights that only their decay moves, and the moments of gradients that have vanished, are smaller than the
     * smallest normal number, and some processors multiply each vector that holds such a number by microcode: the time of a training that has long ended.
     */
    static final int LIFE = 500;
    private static final int MOST_WARM_ROUNDS = 60;

    /** The loss of a network's output, of one element. */
    interface Loss {
        Value of(Value output, Value input, Value target);
    }

    private final Layer model;
    private final Optimizer optimizer;
    private final Tensor input;
    private final Tensor target;
    private final Loss loss;
    private final Tape tape;
    private final Pass pass;
    private final Backend backend;
    private final Tensor probe;
    private final List<Tensor> firstParameters;
    private final SortedMap<String, Tensor> firstState;
    private int steps;

    /** The batch is brought to the backend once, as a training that uploads ahead finds it. */
    TrainingStep(Backend backend, Layer model, Rule<?> rule, Tensor input, Tensor target, Loss loss) {
        this.backend = backend;
        this.model = model;
        this.optimizer = new Optimizer(backend, rule, List.copyOf(model.parameters().values()));
        this.input = backend.upload(input);
        this.target = input == target ? this.input : backend.upload(target);
        this.probe = backend.upload(Tensor.of(new float[1], 1));
        this.loss = loss;
        this.tape = new Tape(backend);
        this.pass = Pass.training(new RandomStream(1, "step"));
        this.firstParameters = optimizer.parameters().stream().map(p -> backend.upload(backend.download(p.tensor()).copy())).toList();
        this.firstState = optimizer.save();
    }

    void run() {
        if (steps == LIFE) {
            startAgain();
            steps = 0;
        }
        steps++;
        Value x = tape.constant(input);
        Value cost = loss.of(model.forward(x, pass), x, tape.constant(target));
        optimizer.step(Gradients.of(cost, Run.leaves(tape, optimizer.parameters())).stream().map(Value::tensor).toList());
        tape.clear();
    }

    private void startAgain() {
        for (int i = 0; i < firstParameters.size(); i++) {
            backend.copy(firstParameters.get(i), optimizer.parameters().get(i).tensor());
        }
        optimizer.restore(firstState);
    }

    /** Microseconds a step: the median of so many rounds of so many steps, after as many steps as two rounds. */
    double microseconds(int rounds, int steps) {
        round(steps);
        round(steps);
        return median(rounds, steps);
    }

    /**
     * The same with as many steps a round as take about so long, no more than {@code most}, once rounds have stopped getting faster: the compiler is at the loops of the
     * host for some seconds, which no fixed number of steps is sure to outlast.
     *
     * @param patience rounds without a gain that are waited for another
     */
    double microsecondsOf(int rounds, double seconds, int most, int patience) {
        round(1);
        int steps = (int) Math.clamp(seconds * 1e6 / round(1), 1, most);
        double best = Double.POSITIVE_INFINITY;
        for (int since = 0, round = 0; since < patience && round < MOST_WARM_ROUNDS; round++, since++) {
            double now = round(steps);
            if (now < 0.97 * best) {
                best = now;
                since = 0;
            }
        }
        return median(rounds, steps);
    }

    /**
     * Steps when told, beside another program that takes turns with this one: prints the name, then for each line with a number so many steps and the microseconds of one,
     * up to an empty line.
     */
    void turns(String name, BufferedReader told, Consumer<String> out) {
        out.accept(name);
        try {
            for (String line = told.readLine(); line != null && !line.isBlank(); line = told.readLine()) {
                out.accept(String.format(Locale.ROOT, "%.2f", round(Integer.parseInt(line.strip()))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double median(int rounds, int steps) {
        double[] times = new double[rounds];
        Arrays.setAll(times, round -> round(steps));
        Arrays.sort(times);
        return times[rounds / 2];
    }

    /** Microseconds a step of one round. */
    private double round(int steps) {
        long start = System.nanoTime();
        for (int s = 0; s < steps; s++) {
            run();
        }
        backend.download(probe); // a device has done what was sent before it
        return (System.nanoTime() - start) / 1e3 / steps;
    }

    @Override
    public void close() {
        tape.close();
    }
}
