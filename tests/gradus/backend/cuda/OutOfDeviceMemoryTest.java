package gradus.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.ConvShape;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.data.Batches;
import gradus.nn.ActivationLayer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adam;
import gradus.runner.Experiment;
import gradus.runner.Options;
import gradus.runner.Run;
import gradus.runner.Runner;
import gradus.runner.Step;
import gradus.runner.Terminal;
import gradus.runner.Watcher;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors and trainings that are too large for a device: what is said, that the memory comes back, and that a run goes on from its last checkpoint. */
class OutOfDeviceMemoryTest {
    private static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);
    private static final String LIMIT = "gradus.device.memory";

    @TempDir
    private Path folder;

    @AfterEach
    void noLimit() {
        System.clearProperty(LIMIT);
    }

    /** Five steps an epoch, four epochs. */
    private static final class Autoencoder implements Experiment {
        @Override
        public String name() {
            return "autoencoder";
        }

        @Override
        public String title() {
            return "a small autoencoder";
        }

        @Override
        public String source() {
            return "this test";
        }

        @Override
        public void run(Run run) {
            Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(37, 5));
            new RandomStream(run.seed(), "data").normal(x.floats(), 0, x.size(), 0, 1);
            Sequential model = Sequential.of(Linear.torch(5, 3, new TorchGenerator(1)), ActivationLayer.TANH, Linear.torch(3, 5, new TorchGenerator(2)));
            run.training("model", model, Adam.torch(0.01)).run(4, epoch -> Batches.shuffled(37, 8, new RandomStream(run.seed(), "order " + epoch)),
                    (tape, batch, pass) -> {
                        Value v = tape.constant(batch.of(x));
                        return Losses.meanSquaredError(model.forward(v, pass), v);
                    });
        }
    }

    /** Takes all memory that is left before one step, as another process on the same device would. */
    private record Hoarder(long step, List<Tensor> hoard) implements Watcher {
        @Override
        public boolean wants(long stepsTaken) {
            return stepsTaken == step;
        }

        @Override
        public void before(Step now) {
            for (int elements = 1 << 16; elements >= 64; elements /= 2) {
                try {
                    while (true) {
                        hoard.add(now.backend().allocate(DType.FLOAT32, Shape.of(elements)));
                    }
                } catch (DeviceException full) {
                    assertTrue(full.getMessage().startsWith("device memory: no room for tensor [" + elements + "]"), full.getMessage());
                }
            }
        }

        @Override
        public void after(Step now) {
        }

        @Override
        public void finish() {
        }
    }

    private Options options(String out, String backend, boolean resume) {
        return new Options(7L, folder.resolve(out), null, backend, 1, false, Map.of(), resume, null);
    }

    @Test
    void aTrainingThatRunsOutOfMemoryGoesOnFromItsCheckpoint() throws Exception {
        Devices.fast().close();
        Runner.run(new Autoencoder(), options("whole", "cpu", false), SILENT);
        System.setProperty(LIMIT, "1000000");
        Options starved = options("starved", "emulated", false).keeping(true).watchedBy((run, training) -> new Hoarder(12, new ArrayList<>()));
        DeviceException refusal = assertThrows(DeviceException.class, () -> Runner.run(new Autoencoder(), starved, SILENT));
        assertTrue(refusal.getMessage().matches("device memory: no room for tensor \\[.*\\] of \\d+ bytes; \\d+ of \\d+ are free, this run holds \\d+ of the 1000000 that "
                + "-Dgradus.device.memory allows\\. Take a smaller batch, free the device for this run, or use --backend cpu; --resume goes on from the last "
                + "checkpoint"), refusal.getMessage());
        try (CudaBackend after = Devices.fast()) {
            assertEquals(0, after.memoryUse().held());
            assertEquals(EmulatorDevice.MEMORY, after.freeMemory(), "what the run held was given back");
        }
        assertTrue(Files.exists(folder.resolve("starved/checkpoints/model/epoch-2.safetensors")));
        Runner.run(new Autoencoder(), options("starved", "emulated", true), SILENT);
        for (String file : List.of("losses.csv", "parameters.safetensors")) {
            assertArrayEquals(Files.readAllBytes(folder.resolve("whole").resolve(file)), Files.readAllBytes(folder.resolve("starved").resolve(file)), file);
        }
        assertEquals(epochs("whole"), epochs("starved"));
    }

    /** The ledger without its first line, which names the backend. */
    private List<String> epochs(String run) throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve(run).resolve("ledger.txt"));
        assertTrue(lines.size() > 4, lines::toString);
        return lines.subList(1, lines.size());
    }

    @Test
    void tensorsOf2To31ElementsAreRefused() {
        try (CudaBackend device = Devices.fast()) {
            Tensor column = device.upload(Tensor.zeros(DType.FLOAT32, Shape.of(65536, 1)));
            String wanted = "shape [65536, 65536] has 2^31 elements or more; split the tensor";
            assertEquals(wanted, assertThrows(ShapeException.class, () -> device.matmul(column, column.transpose(), null, null)).getMessage());
            assertEquals(wanted, assertThrows(ShapeException.class, () -> device.zip(Zip.ADD, column, column.transpose())).getMessage());
            ConvShape wide = ConvShape.of(Shape.of(1, 9000, 1, 1), Shape.of(9000, 9000, 1, 1), Window.of(1, 1), 1);
            Tensor x = device.allocate(DType.FLOAT32, wide.input());
            assertEquals("conv2d by its weight of " + x + " by " + x + ": its 81000000 sums over the batch need 2592000000 elements of device memory for their chains, "
                    + "2^31 or more; split the weight, or use --backend cpu",
                    assertThrows(ShapeException.class, () -> device.convolutions().weightGradient(wide, x, x)).getMessage());
        }
        assertEquals(3 * 18 * 70_000, DevicePlane.slots(70_000));
        assertEquals("t-SNE: 1800000 points need 2376000000 elements of device memory for their sums, 2^31 or more; take fewer points, or the method BARNES_HUT",
                assertThrows(ShapeException.class, () -> DevicePlane.slots(1_800_000)).getMessage());
    }

    /** Places beyond 2³¹ bytes are no others than those before: the kernels count elements, the host counts bytes in 64 bits. */
    @Test
    void tensorsOfMoreThan2To31BytesAreServed() {
        try (CudaBackend device = Devices.fast()) {
            Tensor large = device.allocate(DType.FLOAT32, Shape.of((1 << 29) + 5));
            Tensor end = large.slice(0, 1 << 29, (1 << 29) + 5);
            device.fill(end, 3);
            device.copy(Tensor.of(new float[] {1, 2}, 2), large.slice(0, 0, 2));
            assertArrayEquals(new float[] {1, 2}, device.download(large.slice(0, 0, 2)).toFloats());
            assertArrayEquals(new float[] {3, 3, 3, 3, 3}, device.download(end).toFloats());
            device.release(large);
            DeviceException refusal = assertThrows(DeviceException.class, () -> device.allocate(DType.FLOAT64, Shape.of(1 << 29, 2)));
            assertTrue(refusal.getMessage().startsWith("device memory: no room for tensor [536870912, 2] of 8589934592 bytes; 4294967296 of 4294967296 are free, "),
                    refusal.getMessage());
        }
    }
}
