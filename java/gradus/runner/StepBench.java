package gradus.runner;

import gradus.backend.Backend;
import gradus.nn.ActivationLayer;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.optim.Adam;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Time of a whole training step — forward, backward, update — of the dense networks that the experiments train, for {@code gradus bench steps}. */
public final class StepBench {
    private static final int[] CLASSIFIER = {784, 30, 20, 10, 5};

    /** What a round may take on a device, whose time is short. */
    private static final double DEVICE_SECONDS = 0.1;

    private final Backend backend;
    private final Consumer<String> out;
    private final boolean quick;
    private final BufferedReader told;
    private String only = "";
    private boolean first = true;

    /**
     * A bench on a backend that prints to {@code out}.
     *
     * @param quick one round of one step of small batches: for an emulator, whose times mean nothing
     * @param told  who says how many steps to take and when, or null
     */
    public StepBench(Backend backend, boolean quick, BufferedReader told, Consumer<String> out) {
        this.told = told;
        this.backend = backend;
        this.quick = quick;
        this.out = out;
    }

    /** Microseconds a step: on a CPU so many steps a round, on a device as many as {@link #DEVICE_SECONDS} allow, after a longer wait where nothing was compiled before. */
    static double measure(Backend backend, TrainingStep step, boolean quick, int steps, boolean first) {
        return quick ? step.microseconds(1, 1) : isDevice(backend) ? step.microsecondsOf(7, DEVICE_SECONDS, steps, first ? 25 : 4) : step.microseconds(7, steps);
    }

    static boolean isDevice(Backend backend) {
        return backend.name().equals("cuda") || backend.name().equals("emulated");
    }

    /** Prints a line for each network whose name has this part: name, microseconds a step. */
    public void run(String part) {
        only = part;
        for (int batch : quick ? new int[] {1, 32} : new int[] {1, 32, 11_385}) {
            int steps = batch == 1 ? 40_000 : batch == 32 ? 20_000 : 60;
            TrainingStep.Loss crossEntropy = (y, x, t) -> Losses.crossEntropy(y, t);
            measure("classifier-sgd-b" + batch, chain(CLASSIFIER, ActivationLayer.SIGMOID, null), new Sgd(1e-3), batch, steps, crossEntropy);
            measure("classifier-adam-b" + batch, chain(CLASSIFIER, ActivationLayer.SIGMOID, null), Adam.torch(1e-3), batch, steps, crossEntropy);
        }
        TrainingStep.Loss squares = (y, x, t) -> Losses.meanSquaredError(y, x);
        measure("ae8-adam-b128", autoencoder(784, 8, 784), Adam.torch(1e-3), 128, 2_000, squares);
        measure("ae-deep392-adam-b128", autoencoder(784, 392, 196, 8, 196, 392, 784), Adam.torch(1e-3), 128, 200, squares);
        measure("ae32-adam-b256", autoencoder(784, 32, 784), Adam.torch(1e-3), 256, 1_000, squares);
        measure("ae-deep128-adam-b256", autoencoder(784, 128, 64, 32, 64, 128, 784), Adam.torch(1e-3), 256, 500, squares);
    }

    private static Sequential autoencoder(int... sizes) {
        return chain(sizes, ActivationLayer.RELU, ActivationLayer.SIGMOID);
    }

    private static Sequential chain(int[] sizes, Layer between, Layer last) {
        TorchGenerator random = new TorchGenerator(1);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            layers.add(Linear.torch(sizes[i], sizes[i + 1], random));
            Layer next = i + 2 < sizes.length ? between : last;
            if (next != null) {
                layers.add(next);
            }
        }
        return new Sequential(layers);
    }

    private void measure(String name, Sequential model, Rule<?> rule, int batch, int steps, TrainingStep.Loss loss) {
        if (!name.contains(only)) {
            return;
        }
        RandomStream random = new RandomStream(1, name);
        Tensor input = Tensor.zeros(DType.FLOAT32, Shape.of(batch, 784));
        random.uniform(input.floats(), 0, input.size(), 0, 1);
        Tensor target = Tensor.zeros(DType.FLOAT32, Shape.of(batch, 5));
        for (int i = 0; i < batch; i++) {
            target.floats()[5 * i + random.below(5)] = 1;
        }
        try (TrainingStep step = new TrainingStep(backend, model, rule, input, target, loss)) {
            if (told != null) {
                step.turns(name, told, out);
                return;
            }
            out.accept(String.format(Locale.ROOT, "%s %.1f", name, measure(backend, step, quick, steps, first)));
            first = false;
        }
    }
}
