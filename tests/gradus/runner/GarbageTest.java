package gradus.runner;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.Reduction;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.grad.Gradients;
import gradus.nn.ActivationLayer;
import gradus.nn.BatchNorm2d;
import gradus.nn.Conv2d;
import gradus.nn.ConvTranspose2d;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.Upsample;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Adam;
import gradus.optim.Optimizer;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In its steady state a training step allocates no arrays: what is left are small objects, whatever the size of the batch. Each network is measured in a JVM of its own, as
 * a run has one: where a thousand tests ran before, the compiler has seen all kinds of callers of a loop and may box its vectors.
 */
@Execution(ExecutionMode.CONCURRENT)
class GarbageTest {
    private static final int BYTES_A_STEP = 32 << 10;
    /** Steps that are counted together. Until the vector code is compiled it boxes its vectors, so the first counts are high. */
    private static final int COUNTED = 50;
    /** Of the processors, the compiler's threads included, and not of the clock: a machine that does other things meanwhile proves nothing. */
    private static final long PATIENCE = 120_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"dense", "convolutional", "convolutional, one image", "sums and powers"})
    void aStepLeavesNoGarbageToSpeakOf(String network) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseParallelGC", "--add-modules=jdk.incubator.vector",
                "-cp", System.getProperty("java.class.path"), GarbageTest.class.getName(), network).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor() == 0 && out.contains("bytes "), out);
        long bytes = Long.parseLong(out.substring(out.indexOf("bytes ") + 6).strip());
        assertTrue(bytes < BYTES_A_STEP, "a step left " + bytes + " bytes; one array of a batch has " + (1 << 16) + " and more");
    }

    /** Prints the fewest bytes that a step of a network leaves, once that is little or patience ends. */
    public static void main(String[] network) {
        TorchGenerator random = new TorchGenerator(1);
        Window same = Window.of(3).padding(1);
        long bytes = network[0].equals("sums and powers") ? leftBySumsAndPowers() : network[0].equals("dense")
                ? left(Sequential.of(Linear.torch(784, 32, random), ActivationLayer.RELU, Linear.torch(32, 784, random), ActivationLayer.SIGMOID), Shape.of(512, 784))
                : left(Sequential.of(Conv2d.torch(1, 4, same, random), ActivationLayer.RELU, MaxPool2d.of(2), BatchNorm2d.torch(4), Conv2d.torch(4, 4, same, random),
                        new LeakyRelu(0.01), Upsample.nearest(2), ConvTranspose2d.torch(4, 1, same, 0, random), ActivationLayer.SIGMOID),
                        Shape.of(network[0].endsWith("one image") ? 1 : 64, 1, network[0].endsWith("one image") ? 128 : 16, 16));
        System.out.println("bytes " + bytes);
    }

    private static long left(Sequential model, Shape batch) {
        Tensor images = Tensor.full(DType.FLOAT32, batch, 0.5);
        Pass pass = Pass.training(new RandomStream(1, "garbage"));
        try (Backend backend = Backends.open("cpu", 1, line -> { }); Tape tape = new Tape(backend)) {
            Optimizer optimizer = new Optimizer(backend, Adam.torch(1e-3), List.copyOf(model.parameters().values()));
            return left(() -> {
                Value x = tape.constant(images);
                Value loss = Losses.meanSquaredError(model.forward(x, pass), x);
                optimizer.step(Gradients.of(loss, Run.leaves(tape, optimizer.parameters())).stream().map(Value::tensor).toList());
                tape.clear();
            });
        }
    }

    /** Sums over a batch and powers of it in both types: a box a turn of their loops would be megabytes. */
    private static long leftBySumsAndPowers() {
        try (Backend backend = Backends.open("cpu", 1, line -> { })) {
            List<Tensor> batches = List.of(Tensor.full(DType.FLOAT32, Shape.of(64, 784), 0.5), Tensor.full(DType.FLOAT64, Shape.of(64, 784), 0.5));
            return left(() -> {
                for (Tensor batch : batches) {
                    backend.release(backend.reduce(Reduction.SUM, batch));
                    backend.release(backend.reduce(Reduction.SUM_OF_SQUARES, batch));
                    backend.release(backend.reduce(Reduction.SUM, batch, 1));
                    backend.release(backend.zip(Zip.INTEGER_POWER, batch, 7));
                }
            });
        }
    }

    private static long left(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        long before = threads.getCurrentThreadAllocatedBytes();
        var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int step = 1; least >= BYTES_A_STEP && process.getProcessCpuTime() < PATIENCE; step++) {
            work.run();
            if (step % COUNTED == 0) {
                long after = threads.getCurrentThreadAllocatedBytes();
                least = Math.min(least, (after - before) / COUNTED);
                before = after;
            }
        }
        return least;
    }
}
