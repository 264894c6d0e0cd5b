package gradus.runner;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.Window;
import gradus.backend.simd.FloatPeak;
import gradus.nn.ActivationLayer;
import gradus.nn.BatchNorm2d;
import gradus.nn.Conv2d;
import gradus.nn.ConvTranspose2d;
import gradus.nn.Layer;
import gradus.nn.LeakyRelu;
import gradus.nn.MaxPool2d;
import gradus.nn.Sequential;
import gradus.nn.Upsample;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.numerics.VectorApi;
import gradus.op.Losses;
import gradus.optim.Adadelta;
import gradus.optim.Adam;
import gradus.optim.Rule;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.io.BufferedReader;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Convolutional networks, for {@code gradus bench conv}: time of a whole training step, where it goes, and the rate of each layer's three passes beside the
 * measured peak of this machine's multiply units.
 */
public final class ConvBench {
    private static final int ROUNDS = 5;
    private static final int REPEATS = 9;
    /** The compiler needs about as long before a layer's loops run at full speed. */
    private static final long WARM_UP_NANOS = 700_000_000;
    /** A whole step has some twenty loops to compile, and at one image a step each is called so seldom that the last ones wait for six seconds. */
    private static final long STEP_WARM_UP_NANOS = 7_000_000_000L;
    /** What one measurement takes, about. */
    private static final double SECONDS = 2;
    private static final TrainingStep.Loss SQUARES = (y, x, t) -> Losses.meanSquaredError(y, x);
    private static final TrainingStep.Loss CROSS_ENTROPY = (y, x, t) -> Losses.binaryCrossEntropy(y, x);

    private final int threads;
    private final Consumer<String> out;

    /** A bench that prints to {@code out}. */
    public ConvBench(int threads, Consumer<String> out) {
        this.threads = threads;
        this.out = out;
    }

    /** A network as it is trained. */
    private record Network(String name, Sequential model, Supplier<Rule<?>> rule, TrainingStep.Loss loss) {}

    /** The convolutional autoencoder of Fashion-MNIST. */
    private static Network autoencoder() {
        TorchGenerator random = new TorchGenerator(1);
        Window three = Window.of(3);
        Window two = three.stride(2);
        Window same = three.padding(1);
        Layer leaky = new LeakyRelu(0.01);
        return new Network("conv-ae-adam", Sequential.of(
                Conv2d.torch(1, 4, three, random), leaky, Conv2d.torch(4, 16, three, random), MaxPool2d.of(2), leaky, BatchNorm2d.torch(16), leaky,
                Conv2d.torch(16, 32, three, random), MaxPool2d.of(2), leaky, Conv2d.torch(32, 32, three, random), leaky,
                ConvTranspose2d.torch(32, 32, three, 0, random), leaky, ConvTranspose2d.torch(32, 16, two, 1, random), leaky, BatchNorm2d.torch(16),
                ConvTranspose2d.torch(16, 16, two, 1, random), leaky, ConvTranspose2d.torch(16, 16, same, 0, random),
                ConvTranspose2d.torch(16, 4, same, 0, random), ConvTranspose2d.torch(4, 1, three, 0, random), ActivationLayer.SIGMOID),
                () -> Adam.torch(1e-3).withL2(1e-4), SQUARES);
    }

    /** The denoising autoencoder of MNIST. */
    private static Network denoiser() {
        TorchGenerator random = new TorchGenerator(1);
        Window same = Window.of(3).padding(1);
        Layer relu = ActivationLayer.RELU;
        return new Network("denoise-conv", Sequential.of(
                Conv2d.torch(1, 32, same, random), relu, MaxPool2d.of(2), Conv2d.torch(32, 32, same, random), relu, MaxPool2d.of(2),
                Conv2d.torch(32, 32, same, random), relu, Upsample.nearest(2), Conv2d.torch(32, 32, same, random), relu, Upsample.nearest(2),
                Conv2d.torch(32, 1, same, random), ActivationLayer.SIGMOID), Adadelta::torch, CROSS_ENTROPY);
    }

    /** Prints one line a network and batch, {@code name microseconds}, for scripts that compare. */
    public void steps() {
        try (Backend backend = Backends.open("cpu", threads, line -> { })) {
            steps(backend, false, "", null);
        }
    }

    /**
     * The same on a backend, of those whose names have this part; {@code quick} is one step of small batches, for an emulator.
     *
     * @param told who says how many steps to take and when, or null
     */
    public void steps(Backend backend, boolean quick, String only, BufferedReader told) {
        for (int batch : quick ? new int[] {1, 8} : new int[] {1, 8, 128, 1024}) {
            step(backend, autoencoder(), batch, quick, only, told);
        }
        for (int batch : quick ? new int[] {1, 8} : new int[] {1, 8, 128}) {
            step(backend, denoiser(), batch, quick, only, told);
        }
    }

    private void step(Backend backend, Network network, int batch, boolean quick, String only, BufferedReader told) {
        String name = network.name + "-b" + batch;
        if (!name.contains(only)) {
            return;
        }
        try (TrainingStep step = step(backend, network.model, network, batch)) {
            if (told != null) {
                step.turns(name, told, out);
                return;
            }
            double micros = StepBench.isDevice(backend) ? StepBench.measure(backend, step, quick, 1000, batch == 1) : measured(step);
            out.accept(String.format(Locale.ROOT, "%s %.1f", name, micros));
        }
    }

    private static TrainingStep step(Backend backend, Sequential model, Network network, int batch) {
        Tensor images = images(batch, 1, 28, 28);
        return new TrainingStep(backend, model, network.rule.get(), images, images, network.loss);
    }

    private static double measured(TrainingStep step) {
        // By time and not by steps: until the compiler is through, a step of one image takes a hundred times as long as afterwards.
        long warm = System.nanoTime() + STEP_WARM_UP_NANOS;
        do {
            step.run();
        } while (System.nanoTime() < warm);
        double guess = step.microseconds(1, 2);
        return step.microseconds(ROUNDS, (int) Math.max(1, SECONDS * 1e6 / ROUNDS / guess));
    }

    private static Tensor images(int... dims) {
        Tensor images = Tensor.zeros(DType.FLOAT32, Shape.of(dims));
        new RandomStream(1, "images").uniform(images.floats(), 0, images.size(), 0, 1);
        return images;
    }

    /** Prints the steps, where their time goes, and the rates of the layers. */
    public void run() {
        steps();
        profile(autoencoder(), 1024);
        profile(denoiser(), 128);
        layers();
    }

    /** Prints the time of a step by kind of call; what is left is the tape, the walk back and the loss of time between calls. */
    private void profile(Network network, int batch) {
        try (Backend backend = Backends.open("cpu", threads, line -> { })) {
            TimedBackend timed = new TimedBackend(backend);
            try (TrainingStep step = step(timed, network.model, network, batch)) {
                double total = measured(step);
                int steps = 10;
                timed.reset();
                for (int s = 0; s < steps; s++) {
                    step.run();
                }
                out.accept("");
                out.accept(String.format(Locale.ROOT, "a step of %s-b%d on %s", network.name, batch, backend.description()));
                timed.nanos().entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).forEach(e -> {
                    double micros = e.getValue() / 1e3 / steps;
                    out.accept(String.format(Locale.ROOT, "  %-42s %10.1f µs %5.1f%%", e.getKey(), micros, 100 * micros / total));
                });
            }
        }
    }

    /** One convolution of the autoencoder: extents of the input, channels in and out, window. */
    private record LayerCase(String name, int extent, int channels, int filters, Window window) {}

    private void layers() {
        double peak = VectorApi.serves() ? FloatPeak.measure() : Double.NaN;
        Window three = Window.of(3);
        Window two = three.stride(2);
        Window same = three.padding(1);
        LayerCase[] cases = {new LayerCase("conv 1→4 on 28", 28, 1, 4, three), new LayerCase("conv 4→16 on 26", 26, 4, 16, three),
            new LayerCase("conv 16→32 on 12", 12, 16, 32, three), new LayerCase("conv 32→32 on 5", 5, 32, 32, three),
            new LayerCase("transposed 32→32 to 5", 5, 32, 32, three), new LayerCase("transposed 32→16 to 12, stride 2", 12, 16, 32, two),
            new LayerCase("transposed 16→16 to 26, stride 2", 26, 16, 16, two), new LayerCase("transposed 16→16 on 26", 26, 16, 16, same),
            new LayerCase("transposed 16→4 on 26", 26, 4, 16, same), new LayerCase("transposed 4→1 to 28", 28, 1, 4, three)};
        out.accept("");
        out.accept(String.format(Locale.ROOT, "layers at batch 1024 on one thread; measured peak of fused multiply-adds: %.0f GFLOP/s", peak));
        out.accept(String.format(Locale.ROOT, "%-34s %8s %22s %22s %22s", "", "GFLOP", "convolution GFLOP/s", "transposed GFLOP/s", "weights GFLOP/s"));
        try (Backend backend = Backends.open("cpu", 1, line -> { })) {
            for (LayerCase c : cases) {
                layer(backend, c, peak);
            }
        }
    }

    private void layer(Backend backend, LayerCase c, double peak) {
        Tensor x = images(1024, c.channels, c.extent, c.extent);
        Tensor weight = images(c.filters, c.channels, 3, 3);
        ConvShape shape = ConvShape.of(x.shape(), weight.shape(), c.window, 1);
        Convolutions images = backend.convolutions();
        // Results lie as the backend wants its arguments.
        Tensor y = images.forward(shape, x, weight, null, Epilogue.IDENTITY);
        Tensor input = images.inputGradient(shape, y, weight, null, Epilogue.IDENTITY);
        double flops = 2.0 * 1024 * c.channels * c.filters * taps(c, shape.outHeight()) * taps(c, shape.outHeight());
        out.accept(String.format(Locale.ROOT, "%-34s %8.3f %s %s %s", c.name, flops / 1e9,
                rate(backend, flops, peak, () -> images.forward(shape, input, weight, null, Epilogue.IDENTITY)),
                rate(backend, flops, peak, () -> images.inputGradient(shape, y, weight, null, Epilogue.IDENTITY)),
                rate(backend, flops, peak, () -> images.weightGradient(shape, y, input))));
        backend.release(y);
        backend.release(input);
    }

    /** Pairs (output, kernel place) along one axis that are terms. */
    private static int taps(LayerCase c, int outputs) {
        int taps = 0;
        for (int i = 0; i < outputs; i++) {
            for (int k = 0; k < 3; k++) {
                int row = c.window.row(i, k);
                taps += row >= 0 && row < c.extent ? 1 : 0;
            }
        }
        return taps;
    }

    private static String rate(Backend backend, double flops, double peak, Supplier<Tensor> pass) {
        long warm = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < warm) {
            backend.release(pass.get());
        }
        double[] seconds = new double[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            backend.release(pass.get());
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        double rate = flops / seconds[seconds.length / 2] / 1e9;
        return String.format(Locale.ROOT, "%15.0f %5.0f%%", rate, 100 * rate / peak);
    }
}
