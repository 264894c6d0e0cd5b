package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.data.Csv;
import gradus.report.Picture;
import gradus.runner.Experiment;
import gradus.runner.Options;
import gradus.runner.Run;
import gradus.runner.Runner;
import gradus.runner.Setting;
import gradus.runner.Terminal;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The experiments on update rules and on autoencoders of digits and of clothes, on few images, with their values as results.json has them. */
class OptimizerExperimentsTest {
    private static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);

    @TempDir
    private Path folder;

    private Map<String, Double> run(Experiment experiment, Map<String, String> set) throws Exception {
        Runner.run(experiment, new Options(null, folder, null, "cpu", 2, true, set, false, null), SILENT);
        assertTrue(Files.size(folder.resolve("report.html")) > 10_000);
        Map<String, Double> values = new LinkedHashMap<>();
        for (JsonNode v : new ObjectMapper().readTree(folder.resolve("results.json").toFile()).get("values")) {
            values.put(v.get("name").asText(), v.get("measured").asDouble());
        }
        return values;
    }

    private Csv.Table table(String name) throws Exception {
        return Csv.read(Files.readAllBytes(folder.resolve(name)), name);
    }

    @Test
    void optimizersCountsEveryImageOfEveryTraining() throws Exception {
        Map<String, Double> values = run(new Optimizers(), Map.of("trainPerDigit", "40", "heldPerDigit", "10", "epochs", "12"));
        assertEquals(4 * 5 * 3, table("measures.csv").rows().size());
        Map<String, Integer> images = new LinkedHashMap<>();
        for (List<String> row : table("confusion.csv").rows()) {
            images.merge(String.join(" ", row.subList(0, 3)), Integer.parseInt(row.get(5)), Integer::sum);
        }
        assertEquals(4 * 5 * 3, images.size());
        images.forEach((of, count) -> assertEquals(of.endsWith("training") ? 200 : 50, count, of));
        assertTrue(values.get("training accuracy, 30-20-10, Adam") > values.get("training accuracy, 30-20-10, full batch"), "a few steps of descent against many");
        assertEquals(1, Files.readAllLines(folder.resolve("losses.csv")).stream().filter(line -> line.startsWith("30-20-10-full-batch,12,")).count());
    }

    @Test
    void digitsAutoencodersWithMoreNodesErrLess() throws Exception {
        Map<String, Double> values = run(new DigitsAutoencoders1(), Map.of("trainPerDigit", "60", "heldPerDigit", "10", "epochs", "6", "nodes", "8 64"));
        assertTrue(values.get("training MSE, 64 nodes") < values.get("training MSE, 8 nodes"), values.toString());
        assertEquals(2, table("sizes.csv").rows().size());
    }

    @Test
    void digitsAutoencodersOfThreeLayersRun() throws Exception {
        Map<String, Double> values = run(new DigitsAutoencoders3(), Map.of("trainPerDigit", "30", "heldPerDigit", "10", "epochs", "2", "nodes", "32"));
        assertTrue(values.get("validation MSE, 32 nodes") < 0.2, values.toString());
    }

    @Test
    void digitsDenoisingTakesAwayDisturbance() throws Exception {
        Map<String, Double> values = run(new DigitsDenoising(), Map.of("trainPerDigit", "100", "heldPerDigit", "20", "epochs", "8"));
        assertTrue(values.get("validation MSE of disturbed images, 40 % disturbed") < 0.4 * (1.0 / 12 + 0.05), "less is left than was put in: " + values);
        assertTrue(values.containsKey("test accuracy, 20 % disturbed"));
    }

    @Test
    void aDisturbanceHasItsShareAndIsTheSameAgain() throws Exception {
        during(Map.of(), run -> {
            Tensor clean = Tensor.full(DType.FLOAT32, Shape.of(50, 784), 2);
            Tensor once = DigitsDenoising.disturb(run, clean, 40, "a", Tensor.zeros(DType.FLOAT32, clean.shape()));
            float[] values = once.floats();
            long hit = 0;
            for (float v : values) {
                hit += v == 2 ? 0 : 1;
            }
            assertEquals(0.4, hit / (double) values.length, 0.01);
            assertArrayEquals(values, DigitsDenoising.disturb(run, clean, 40, "a", Tensor.zeros(DType.FLOAT32, clean.shape())).floats());
            assertTrue(!Arrays.equals(values, DigitsDenoising.disturb(run, clean, 40, "b", Tensor.zeros(DType.FLOAT32, clean.shape())).floats()));
        });
    }

    @Test
    void thePartsOfTheDigitsAreEvenAndApart() throws Exception {
        during(Map.of("trainPerDigit", "30", "heldPerDigit", "10"), run -> {
            FiveDigits.Split split = FiveDigits.split(run);
            for (FiveDigits.Part part : split.parts()) {
                int[] counts = new int[5];
                for (int label : part.labels()) {
                    counts[label]++;
                }
                int expected = part == split.training() ? 30 : 10;
                assertArrayEquals(new int[] {expected, expected, expected, expected, expected}, counts, part.name());
                assertEquals(part.size(), Arrays.stream(part.targets().toDoubles()).sum());
            }
            List<String> all = split.parts().stream().flatMap(p -> Picture.all(p.images(), 28, 28).stream()).map(p -> Arrays.toString(p.values())).toList();
            assertEquals(all.size(), all.stream().distinct().count(), "no image is in two parts");
        });
    }

    @Test
    void theDeepAutoencodersImagesRunFromZeroToOneAndComeBack() throws Exception {
        during(Map.of("trainRows", "200", "testRows", "50"), run -> {
            DeepAutoencoder.Data data = DeepAutoencoder.Data.of(run);
            double[] train = data.train().toDoubles();
            assertEquals(0, Arrays.stream(train).min().orElseThrow());
            assertEquals(1, Arrays.stream(train).max().orElseThrow());
            double[] original = run.data(gradus.data.FashionMnist.TEST).range(200, 201).images().flattened().toDoubles();
            float[] back = data.pictures(data.test().slice(0, 0, 1).copy()).getFirst().values();
            for (int i = 0; i < original.length; i++) {
                assertEquals(original[i], back[i], 0.01, "pixel " + i);
            }
            var network = DeepAutoencoder.network(8, 1);
            Tensor few = data.test().slice(0, 0, 3).copy();
            Tensor codes = run.predict(DeepAutoencoder.encoder(network), few);
            assertEquals(Shape.of(3, 8), codes.shape());
            assertArrayEquals(run.predict(network, few).toDoubles(), run.predict(DeepAutoencoder.decoder(network), codes).toDoubles());
        });
    }

    @Test
    void theFashionExperimentsLowerTheirErrors() throws Exception {
        Map<String, String> tiny = Map.of("trainRows", "256", "testRows", "64", "epochs", "5");
        Map<String, Double> rules = run(new FashionLearningRules(), tiny);
        assertTrue(rules.get("NRMSE of training images, Adam") < rules.get("NRMSE of training images, SGD"), rules.toString());
        assertEquals(5, table("errors.csv").rows().size());
        Map<String, Double> nonlinearities = run(new FashionNonlinearities(), tiny);
        assertEquals(rules.get("NRMSE of test images, Adam"), nonlinearities.get("NRMSE of test images, leaky-0.5"), "the same network, rule and order");
        Map<String, Double> losses = run(new FashionLosses(), tiny);
        assertEquals(rules.get("NRMSE of test images, Adam"), losses.get("NRMSE of test images, squared-error"));
        for (String kind : List.of("squared-error", "cross-entropy", "divergence")) {
            assertTrue(losses.get("NRMSE of training images as the loss means them, " + kind) < 0.4, losses.toString());
        }
    }

    /** Runs a body inside a quick run with the settings of all these experiments. */
    private void during(Map<String, String> set, Consumer<Run> body) {
        Experiment inside = new Experiment() {
            @Override
            public String name() {
                return "inside";
            }

            @Override
            public String title() {
                return "inside";
            }

            @Override
            public String source() {
                return "this test";
            }

            @Override
            public List<Setting> settings() {
                return java.util.stream.Stream.concat(FiveDigits.settings().stream(), DeepAutoencoder.settings(1, 1).stream()).toList();
            }

            @Override
            public void run(Run run) {
                body.accept(run);
            }
        };
        Runner.run(inside, new Options(1L, folder, null, "cpu", 1, true, set, false, null), SILENT);
    }
}
