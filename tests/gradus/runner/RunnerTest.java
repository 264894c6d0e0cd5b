package gradus.runner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.data.Batches;
import gradus.nn.Linear;
import gradus.nn.ActivationLayer;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adam;
import gradus.optim.EarlyStopping;
import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
    private static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);

    @TempDir
    private Path folder;

    /** A small regression that can be told to break off after an epoch. */
    private record Regression(int breakOffAfter) implements Experiment {
        @Override
        public String name() {
            return "regression";
        }

        @Override
        public String title() {
            return "a small regression";
        }

        @Override
        public String source() {
            return "this test";
        }

        @Override
        public List<Setting> settings() {
            return List.of(Setting.of("epochs", 4, 2, "passes"));
        }

        @Override
        public void run(Run run) {
            Tensor x = Tensor.zeros(gradus.tensor.DType.FLOAT32, gradus.tensor.Shape.of(37, 5));
            new RandomStream(run.seed(), "data").normal(x.floats(), 0, x.size(), 0, 1);
            Sequential model = Sequential.of(Linear.torch(5, 3, new TorchGenerator(1)), ActivationLayer.TANH, Linear.torch(3, 5, new TorchGenerator(2)));
            run.training("model", model, Adam.torch(0.01)).run(run.integer("epochs"),
                    epoch -> Batches.shuffled(37, 8, new RandomStream(run.seed(), "order " + epoch)),
                    (tape, batch, pass) -> {
                        Value v = tape.constant(batch.of(x));
                        return Losses.meanSquaredError(model.forward(v, pass), v);
                    },
                    (epoch, cost) -> {
                        if (epoch == breakOffAfter) {
                            throw new IllegalStateException("the power fails");
                        }
                        return true;
                    });
        }
    }

    /** A training that its stopping rule ends after the second epoch, with a figure taken after each. */
    private record Stopped(Training[] training) implements Experiment {
        @Override
        public String name() {
            return "stopped";
        }

        @Override
        public String title() {
            return "a training that ends early";
        }

        @Override
        public String source() {
            return "this test";
        }

        @Override
        public void run(Run run) {
            Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 4, 1).copy();
            Sequential model = Sequential.of(new Linear(new gradus.optim.Parameter("weight", Tensor.of(new double[] {2}, 1, 1)), null));
            training[0] = run.training("model", model, new gradus.optim.Sgd(0.01)).measuring("weight", 1, m -> m.state().get("0.weight").item())
                    .run(9, epoch -> Batches.inOrder(4, 2), (tape, batch, pass) -> {
                        Value v = tape.constant(batch.of(x));
                        return Losses.meanSquaredError(model.forward(v, pass), v);
                    }, new EarlyStopping(1, 1e3));
        }
    }

    @Test
    void aTrainingThatWasStoppedEarlyIsNotTrainedOnWhenItResumes() throws Exception {
        Training[] first = new Training[1];
        Runner.run(new Stopped(first), options("stopped", false, Map.of()), SILENT);
        byte[] ledger = Files.readAllBytes(folder.resolve("stopped/ledger.txt"));
        assertEquals(2, first[0].costs().epochs(), "the first epoch is the best so far, the second does not fall by 1000");
        Training[] again = new Training[1];
        Runner.run(new Stopped(again), options("stopped", true, Map.of()), SILENT);
        assertArrayEquals(ledger, Files.readAllBytes(folder.resolve("stopped/ledger.txt")));
        assertEquals(first[0].costs().all(), again[0].costs().all());
        assertEquals(first[0].measured("weight").all(), again[0].measured("weight").all());
        assertArrayEquals(new double[] {1, 2}, again[0].measured("weight").epochOfEach());
        assertArrayEquals(new double[] {first[0].costs().meanOf(1), first[0].costs().meanOf(2)}, again[0].costs().means());
    }

    /** A training that whoever looks at it after each epoch ends after the second of five, by what is in no checkpoint. */
    private record Ended(int epochs, int rows) implements Experiment {
        @Override
        public String name() {
            return "ended";
        }

        @Override
        public String title() {
            return "a training that is ended by hand";
        }

        @Override
        public String source() {
            return "this test";
        }

        @Override
        public void run(Run run) {
            run.integer("seen", 3);
            Sequential model = Sequential.of(new Linear(new gradus.optim.Parameter("weight", Tensor.of(new double[] {2}, 1, 1)), null));
            run.training("model", model, new gradus.optim.Sgd(0.01)).run(epochs, epoch -> Batches.inOrder(rows, 1),
                    (tape, batch, pass) -> Losses.meanSquaredError(model.forward(tape.constant(Tensor.of(new double[] {1}, 1, 1)), pass),
                            tape.constant(Tensor.of(new double[] {1}, 1, 1))),
                    (epoch, cost) -> epoch != 2);
        }
    }

    @Test
    void aTrainingThatItsCallerEndedIsNotTrainedOnWhenItResumes() throws Exception {
        Runner.run(new Ended(5, 1), options("ended", false, Map.of()), SILENT);
        byte[] ledger = Files.readAllBytes(folder.resolve("ended/ledger.txt"));
        assertEquals(1 + 2, Files.readAllLines(folder.resolve("ended/ledger.txt")).size());
        Runner.run(new Ended(5, 1), options("ended", true, Map.of()), SILENT);
        assertArrayEquals(ledger, Files.readAllBytes(folder.resolve("ended/ledger.txt")));
    }

    @Test
    void wrongNumbersAreNamedWithTheSettingsThatWereGiven() {
        assertEquals("training model: -1 epochs; wanted at least 0; this run has --set seen=2", assertThrows(IllegalArgumentException.class,
                () -> Runner.run(new Ended(-1, 1), options("negative", false, Map.of("seen", "2")), SILENT)).getMessage());
        String message = assertThrows(IllegalArgumentException.class, () -> Runner.run(new Ended(1, 0), options("empty", false, Map.of()), SILENT)).getMessage();
        assertTrue(message.startsWith("training model: an epoch has no batches; wanted "), message);
        assertEquals("--threads 0: wanted at least 1", assertThrows(UsageException.class, () -> new Options(7L, null, null, "cpu", 0, false, Map.of(), false, null)).getMessage());
        assertEquals("--backend gpu is not known; there are cpu, scalar, cuda, emulated",
                assertThrows(UsageException.class, () -> new Options(7L, null, null, "gpu", 1, false, Map.of(), false, null)).getMessage());
    }

    @Test
    void aSettingThatWasNeverAskedForIsAnErrorWithTheResultsKept() {
        String message = assertThrows(UsageException.class, () -> Runner.run(new Ended(1, 1), options("misspelt", false, Map.of("sen", "2")), SILENT)).getMessage();
        assertEquals("--set sen: the experiment never asked for this setting, so the results are those without it; it asked for seen", message);
        assertTrue(Files.exists(folder.resolve("misspelt/report.html")));
    }

    @Test
    void oneRunAtATimeWritesIntoAFolder() throws Exception {
        Files.createDirectories(folder.resolve("taken"));
        try (FolderLock first = FolderLock.of(folder.resolve("taken"))) {
            String message = assertThrows(UsageException.class, () -> Runner.run(new Ended(1, 1), options("taken", false, Map.of()), SILENT), first::toString).getMessage();
            assertTrue(message.endsWith("taken: another run is writing there; wait for its end, or choose another folder with --out"), message);
        }
        Runner.run(new Ended(1, 1), options("taken", false, Map.of()), SILENT);
        assertTrue(Files.notExists(folder.resolve("taken/.lock")));
    }

    private Options options(String out, boolean resume, Map<String, String> set) {
        return new Options(7L, folder.resolve(out), null, "cpu", 2, false, set, resume, null);
    }

    @Test
    void aResumedRunEndsWithTheBitsOfOneThatWasNeverStopped() throws Exception {
        Runner.run(new Regression(0), options("whole", false, Map.of()), SILENT);
        assertThrows(IllegalStateException.class, () -> Runner.run(new Regression(2), options("broken", false, Map.of()), SILENT));
        Runner.run(new Regression(0), options("broken", true, Map.of()), SILENT);
        for (String file : List.of("ledger.txt", "losses.csv", "parameters.safetensors")) {
            assertArrayEquals(Files.readAllBytes(folder.resolve("whole").resolve(file)), Files.readAllBytes(folder.resolve("broken").resolve(file)), file);
        }
    }

    @Test
    void theTimeOfAResumedTrainingIncludesTheEarlierPart() throws Exception {
        Runner.run(new Stopped(new Training[1]), options("timed", false, Map.of()), SILENT);
        Path checkpoint = folder.resolve("timed/checkpoints/model.safetensors");
        Safetensors.Contents saved = Safetensors.read(checkpoint);
        SortedMap<String, String> about = new TreeMap<>(saved.metadata());
        about.put("seconds", "1000.0");
        Safetensors.write(checkpoint, saved.tensors(), about);
        Training[] resumed = new Training[1];
        Runner.run(new Stopped(resumed), options("timed", true, Map.of()), SILENT);
        assertTrue(resumed[0].seconds() > 1000 && resumed[0].seconds() < 1100, () -> resumed[0].seconds() + " s");
    }

    @Test
    void everyFileOfTheContractIsLeft() throws Exception {
        Runner.run(new Regression(0), options("files", false, Map.of()), SILENT);
        for (String file : List.of("report.html", "results.json", "losses.csv", "parameters.safetensors", "ledger.txt")) {
            assertTrue(Files.size(folder.resolve("files").resolve(file)) > 0, file);
        }
        assertEquals(1 + 4 * 5, Files.readAllLines(folder.resolve("files/losses.csv")).size());
        assertEquals(1 + 4, Files.readAllLines(folder.resolve("files/ledger.txt")).size());
    }

    @Test
    void resumingAnotherConfigurationIsRefused() {
        Runner.run(new Regression(0), options("other", false, Map.of()), SILENT);
        String message = assertThrows(UsageException.class, () -> Runner.run(new Regression(0), options("other", true, Map.of("epochs", "5")), SILENT)).getMessage();
        assertTrue(message.contains("another configuration"), message);
    }

    @Test
    void aSettingOfAnotherKindIsRefusedBeforeAnythingRuns() {
        for (String wrong : List.of("0", "-1", "1.5", "many", "", "99999999999")) {
            String message = assertThrows(UsageException.class, () -> Runner.run(new Regression(0), options("wrong", false, Map.of("epochs", wrong)), SILENT)).getMessage();
            assertEquals("--set epochs=" + wrong + ": wanted a whole number from 1 to 2147483647", message);
        }
        assertTrue(Files.notExists(folder.resolve("wrong")));
        Setting batch = Setting.of("batch", 8, 0, "rows a step; 0 for all");
        batch.require("0");
        assertEquals("--set batch=-1: wanted a whole number from 0 to 2147483647", assertThrows(UsageException.class, () -> batch.require("-1")).getMessage());
        Setting rate = Setting.of("rate", 0.1, "step size");
        rate.require("0");
        for (String wrong : List.of("-0.1", "NaN", "Infinity", "fast")) {
            assertEquals("--set rate=" + wrong + ": wanted a number of at least 0", assertThrows(UsageException.class, () -> rate.require(wrong)).getMessage());
        }
        Setting.of("start", "SVD", "SVD", "how it begins").require("anything");
    }

    @Test
    void anUnknownSettingIsRefusedBeforeAnythingRuns() {
        String message = assertThrows(UsageException.class, () -> Runner.run(new Regression(0), options("unknown", false, Map.of("epoch", "5")), SILENT)).getMessage();
        assertEquals("--set epoch: regression has no such setting; it has epochs", message);
        assertTrue(Files.notExists(folder.resolve("unknown")));
    }

    @Test
    void aFolderThatCannotBeWrittenFailsFirst() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        Options blocked = new Options(7L, file.resolve("out"), null, "cpu", 1, false, Map.of(), false, null);
        String message = assertThrows(java.io.UncheckedIOException.class, () -> Runner.run(new Regression(0), blocked, SILENT)).getMessage();
        assertTrue(message.contains("cannot be written"), message);
    }
}
