package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.runner.Experiment;
import gradus.runner.Options;
import gradus.runner.Runner;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import gradus.tensor.Npy;
import gradus.tensor.NpyArray;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The experiments of learning, with their values as results.json has them. */
class LearnExperimentsTest {
    private static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);

    @TempDir
    private Path folder;

    private Map<String, JsonNode> run(Experiment experiment, Map<String, String> set) throws Exception {
        Runner.run(experiment, new Options(null, folder, null, "cpu", 2, true, set, false, null), SILENT);
        assertTrue(Files.size(folder.resolve("report.html")) > 10_000);
        assertTrue(Files.readAllLines(folder.resolve("ledger.txt")).size() > 1, "the ledger has a line for each result");
        Map<String, JsonNode> values = new LinkedHashMap<>();
        new ObjectMapper().readTree(folder.resolve("results.json").toFile()).get("values").forEach(v -> values.put(v.get("name").asText(), v));
        return values;
    }

    private static void assertMatches(Map<String, JsonNode> values, int published) {
        int count = 0;
        for (JsonNode v : values.values()) {
            if (!v.get("published").isNull()) {
                assertTrue(v.get("within").asBoolean(), v.toString());
                count++;
            }
        }
        assertEquals(published, count, "values with a published one beside them");
    }

    @Test
    void pcaByHandMatchesEveryPublishedDigit() throws Exception {
        assertMatches(run(new PcaByHand(), Map.of()), 8);
    }

    @Test
    void fashionPcaHasTheExactErrorsOfAllTenClasses() throws Exception {
        Map<String, JsonNode> values = run(new FashionPca(), Map.of("tsneRows", "150", "tsneSteps", "60"));
        assertMatches(values, 4);
        // NumPy's SVD of the same 10,000 images: 153 components, classes in order.
        double[] exact = {13.559, 10.629, 26.099, 10.754, 14.487, 17.413, 14.753, 18.263, 16.427, 12.825};
        double[] measured = values.values().stream().filter(v -> v.get("name").asText().startsWith("RMSE")).mapToDouble(v -> v.get("measured").asDouble()).toArray();
        assertEquals(exact.length, measured.length);
        for (int c = 0; c < exact.length; c++) {
            assertEquals(exact[c], measured[c], 0.0005, "class " + c);
        }
        assertTrue(values.get("KL divergence, t-SNE of originals").get("measured").asDouble() > 0);
        assertTrue(Files.exists(folder.resolve("spectrum.csv")));
    }

    @Test
    void fashionKmeansNeverRaisesItsObjective() throws Exception {
        Map<String, JsonNode> values = run(new FashionKmeans(), Map.of("rows", "600", "starts", "2"));
        assertMatches(values, 1);
        double last = Double.POSITIVE_INFINITY;
        for (int k = 8; k <= 12; k++) {
            double inertia = values.get("inertia, k = " + k).get("measured").asDouble();
            assertTrue(inertia < last, "more clusters, less inertia");
            last = inertia;
        }
        assertEquals(1 + 5, Files.readAllLines(folder.resolve("inertia.csv")).size());
    }

    @Test
    void ratingsFactorizationRecoversWhatWasPlanted() throws Exception {
        Map<String, JsonNode> values = run(new RatingsFactorization(), Map.of("factors", "20"));
        double noise = values.get("noise in the generated ratings").get("measured").asDouble();
        double rmse = values.get("test RMSE, planted rank").get("measured").asDouble();
        assertTrue(rmse < 1.25 * noise, "RMSE " + rmse + " for noise " + noise);
        assertTrue(values.get("test RMSE of the users' means alone").get("measured").asDouble() > 2 * noise);
        assertTrue(values.get("smallest cosine between planted and found item factors").get("measured").asDouble() > 0.9);
        assertTrue(Files.readAllLines(folder.resolve("losses.csv")).stream().anyMatch(line -> line.startsWith("sgd-validation,12,")));
    }

    /** Thirty users of twenty items: nothing would be left at the source's filters, so only the user's own applies. */
    @Test
    void ratingsOfAUserLoadFromNpyAndCsv() throws Exception {
        long[] rows = new long[3 * 600];
        StringBuilder csv = new StringBuilder("userId,movieId,rating,timestamp\n");
        for (int i = 0; i < 600; i++) {
            rows[3 * i] = 7 * (i / 20) + 3;
            rows[3 * i + 1] = 1000 + i % 20;
            rows[3 * i + 2] = 1 + (i / 20 * 3 + i % 20 * 5) % 7 % 5;
            csv.append(rows[3 * i]).append(',').append(rows[3 * i + 1]).append(',').append(rows[3 * i + 2]).append(".0,964982703\n");
        }
        Path npy = folder.resolve("r.npy");
        Npy.write(npy, NpyArray.of(rows, 600, 3));
        Path text = Files.writeString(folder.resolve("r.csv"), csv);
        Map<String, String> set = Map.of("filter", "5", "factors", "4", "heldOut", "40", "steps", "3");
        List<Double> rmse = new ArrayList<>();
        for (Path file : List.of(npy, text)) {
            Map<String, String> with = new HashMap<>(set);
            with.put("file", file.toString());
            rmse.add(run(new RatingsFactorization(), with).get("test RMSE, als").get("measured").asDouble());
        }
        assertEquals(rmse.get(0), rmse.get(1));
        assertTrue(rmse.get(0) > 0);
    }

    @Test
    void decoderLeastSquaresFindsTheCodesOfOutputsAndNotThoseOfImages() throws Exception {
        Map<String, JsonNode> values = run(new DecoderLeastSquares(), Map.of("trainRows", "600", "testRows", "200", "epochs", "3"));
        for (String part : new String[] {"train", "test"}) {
            double fromOutput = values.get("Frobenius norm, code from the output, " + part).get("measured").asDouble();
            double fromImage = values.get("Frobenius norm, code from the image, " + part).get("measured").asDouble();
            assertTrue(fromOutput > 0 && fromOutput < 1e-3, part + ": " + fromOutput);
            assertTrue(fromImage > 1, part + ": " + fromImage);
        }
    }

    @Test
    void compressionRatiosComparesBothKindsOfCodes() throws Exception {
        Map<String, JsonNode> values = run(new CompressionRatios(), Map.of("trainRows", "600", "testRows", "200", "epochs", "4", "codes", "2,16"));
        assertEquals(1 + 2, Files.readAllLines(folder.resolve("errors.csv")).size());
        for (String code : new String[] {"2", "16"}) {
            assertTrue(values.get("NRMSE by least squares, test, code of " + code).get("measured").asDouble() > values.get("NRMSE, test, code of " + code).get("measured").asDouble());
        }
        String wrong = assertThrows(UsageException.class, () -> run(new CompressionRatios(), Map.of("codes", "2,x"))).getMessage();
        assertTrue(wrong.contains("--set codes=2,x"), wrong);
    }
}
