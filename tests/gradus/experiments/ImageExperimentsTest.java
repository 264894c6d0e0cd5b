package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.runner.Experiment;
import gradus.runner.Options;
import gradus.runner.Runner;
import gradus.runner.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The autoencoders of images with a few steps each: every file and figure, and costs that fall. */
class ImageExperimentsTest {
    private static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);

    @TempDir
    private Path folder;

    private Map<String, Double> run(Experiment experiment, Map<String, String> set, List<String> figures) throws Exception {
        Runner.run(experiment, new Options(null, folder, null, "cpu", 2, true, set, false, null), SILENT);
        String report = Files.readString(folder.resolve("report.html"));
        for (String figure : figures) {
            assertTrue(report.contains(figure), "the report shows " + figure);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (JsonNode v : new ObjectMapper().readTree(folder.resolve("results.json").toFile()).get("values")) {
            assertTrue(v.get("published").isNull(), "a shortened run is not compared: " + v);
            values.put(v.get("name").asText(), v.get("measured").asDouble());
        }
        return values;
    }

    /** The cost of the first and of the last epoch in the table that the run leaves. */
    private double[] ends(String table, int column) throws Exception {
        List<String> rows = Files.readAllLines(folder.resolve(table));
        return new double[] {Double.parseDouble(rows.get(1).split(",")[column]), Double.parseDouble(rows.getLast().split(",")[column])};
    }

    private void assertFalls(String table) throws Exception {
        for (int column : new int[] {1, 2}) {
            double[] costs = ends(table, column);
            assertTrue(costs[1] < costs[0], table + ", column " + column + ": from " + costs[0] + " to " + costs[1]);
        }
    }

    private static Map<String, String> tiny(int rows, int epochs) {
        return Map.of("rows", Integer.toString(rows), "testRows", "40", "epochs", Integer.toString(epochs), "batch", "16");
    }

    @Test
    void fashionConvAutoencoder() throws Exception {
        Map<String, String> set = new LinkedHashMap<>(tiny(96, 3));
        set.putAll(Map.of("sampled", "24", "tsneSteps", "60", "perplexity", "5", "testRows", "130"));
        Map<String, Double> values = run(new FashionConvAutoencoder(), set,
                List.of("Codes of 24 test images by PCA", "Codes of 24 test images by t-SNE", "The way from one image to another", "what is left of it", "Mean squared error by epoch"));
        assertFalls("errors.csv");
        assertTrue(values.get("test MSE of PCA, 128 components") < values.get("test MSE of PCA, 32 components"));
    }

    @Test
    void mnistAutoencoder() throws Exception {
        run(new MnistAutoencoder(), tiny(400, 3), List.of("Cost by epoch", "Test digits and what comes out", "What each code unit draws"));
        assertFalls("epochs-autoencoder.csv");
    }

    @Test
    void mnistSparseAutoencoderHasSmallerCodes() throws Exception {
        Map<String, String> set = new LinkedHashMap<>(tiny(400, 8));
        set.putAll(Map.of("plainEpochs", "8", "penalty", "0.01"));
        Map<String, Double> values = run(new MnistSparseAutoencoder(), set, List.of("their codes and what comes out", "Mean of each code unit"));
        assertFalls("epochs-sparse.csv");
        double share = values.get("mean of the sparse codes, as a share of the plain");
        assertTrue(share < 0.6, "sparse codes have " + share + " of the plain codes' mean");
        assertEquals(values.get("mean of the test codes, sparse") / values.get("mean of the test codes, plain"), share, 1e-12);
    }

    @Test
    void mnistDeepAutoencoder() throws Exception {
        run(new MnistDeepAutoencoder(), tiny(400, 3), List.of("Cost by epoch", "Test digits and what comes out"));
        assertFalls("epochs-deep.csv");
    }

    @Test
    void mnistConvAutoencoder() throws Exception {
        run(new MnistConvAutoencoder(), tiny(96, 2), List.of("Cost by epoch", "Test digits and what comes out", "Codes"));
        assertFalls("epochs-conv.csv");
    }

    @Test
    void mnistDenoising() throws Exception {
        Map<String, Double> values = run(new MnistDenoising(), tiny(96, 2), List.of("Noisy, restored and clean test digits", "Cost by epoch"));
        assertFalls("epochs-denoising.csv");
        // Noise of deviation 0.5, half of it cut off on the black pixels: 0.5²/2 = 0.125, and less where both ends cut.
        assertEquals(0.12, values.get("mean squared error of the noisy test digits"), 0.01);
    }
}
