package gradus.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.data.Csv;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hash, ledger, losses and results. */
class RunFilesTest {
    @TempDir
    Path folder;

    private static SortedMap<String, Tensor> parameters() {
        float[] weight = new float[12];
        for (int i = 0; i < 12; i++) {
            weight[i] = i / 8f;
        }
        return new TreeMap<>(Map.of("encoder.weight", Tensor.of(weight, 3, 4),
                "encoder.bias", Tensor.of(new float[] {-0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE}, 3),
                "größe", Tensor.of(new double[] {0.1}), "none", Tensor.of(new float[0], 0, 2)));
    }

    @Test
    void theHashIsTheOneThatPythonComputes() {
        // tests/gradus/lab/golden/make.py
        assertEquals("sha256:ef30e483c4955fe82facb2b57d016a0ff546ef766112002ea6f0fd62fc6a4f84", ParameterHash.of(parameters()));
    }

    @Test
    void theHashSeesEveryBitNameTypeAndShapeButNotTheLayout() {
        String hash = ParameterHash.of(parameters());
        SortedMap<String, Tensor> p = parameters();
        p.put("encoder.weight", p.get("encoder.weight").transpose().copy().transpose());
        assertEquals(hash, ParameterHash.of(p));

        SortedMap<String, Tensor> backwards = new TreeMap<>(java.util.Comparator.<String>naturalOrder().reversed());
        backwards.putAll(p);
        assertEquals(hash, ParameterHash.of(backwards));

        List<SortedMap<String, Tensor>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(parameters());
        }
        others.get(0).put("encoder.weight", p.get("encoder.weight").copy().reshape(4, 3));
        others.get(1).put("encoder.bias", Tensor.of(new float[] {0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE}, 3));
        others.get(2).put("none", Tensor.of(new double[0], 0, 2));
        others.get(3).put("more", Tensor.of(new float[0], 0));
        others.get(4).put("nine", others.get(4).remove("none"));
        others.forEach(o -> assertNotEquals(hash, ParameterHash.of(o)));
    }

    @Test
    void resultsHaveTheirSchema() throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("epochs", 5);
        config.put("learningRate", 0.005);
        config.put("rate", 0.1f);
        config.put("quick", false);
        config.put("backend", "cpu");
        List<Measurement> values = List.of(new Measurement("epoch 1, batch 0", 0.82684, 0.8268, 5e-5), new Measurement("missed", 1, 2.0, 0.5),
                new Measurement("no tolerance", 1, 2.0, null), Measurement.measured("new", Double.NaN));
        new Results("fashion-autoencoders", 120, config, Machine.describe(), "sha256:00", values).write(folder.resolve("results.json"));

        JsonNode json = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("experiment", "seed", "config", "environment", "hash", "values"), names);
        assertEquals(120, json.get("seed").asLong());
        assertEquals("{\"epochs\":5,\"learningRate\":0.005,\"rate\":0.1,\"quick\":false,\"backend\":\"cpu\"}", json.get("config").toString());
        assertEquals("{\"name\":\"epoch 1, batch 0\",\"measured\":0.82684,\"published\":0.8268,\"tolerance\":5.0E-5,\"within\":true}", json.get("values").get(0).toString());
        assertFalse(json.get("values").get(1).get("within").asBoolean());
        assertTrue(json.get("values").get(2).get("within").isNull());
        assertEquals("{\"name\":\"new\",\"measured\":\"nan\",\"published\":null,\"tolerance\":null,\"within\":null}", json.get("values").get(3).toString());
        assertTrue(json.get("environment").get("java").asText().startsWith(System.getProperty("java.version")));
    }

    @Test
    void aMissIsSaidAndNaNIsOne() {
        assertEquals(true, new Measurement("exact", 3, 3.0, 0.0).within());
        assertEquals(false, new Measurement("nan", Double.NaN, 3.0, 100.0).within());
        assertThrows(IllegalArgumentException.class, () -> new Measurement("x", 1, 1.0, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Measurement("x", 1, 1.0, -1.0));
    }

    @Test
    void lossesRoundTripAndAppearWhenFinished() throws IOException {
        Path file = folder.resolve("losses.csv");
        try (LossLog losses = LossLog.begin(file)) {
            losses.add("linear", 1, 0, 0.8268013f);
            losses.add("linear", 1, 1, 1e-7);
            losses.flush();
            assertFalse(Files.exists(file));
            assertEquals(3, Files.readAllLines(folder.resolve("losses.csv.part")).size());
            losses.finish();
        }
        assertEquals("model,epoch,batch,cost\nlinear,1,0,0.8268013\nlinear,1,1,1e-7\n", Files.readString(file));
        assertEquals(0.8268013f, Float.parseFloat(Csv.read(file).rows().getFirst().get(3)));
        assertFalse(Files.exists(folder.resolve("losses.csv.part")));
        assertThrows(IllegalArgumentException.class, () -> LossLog.begin(file).add("two words", 1, 1, 1));
    }

    @Test
    void aKilledRunIsTakenUp() throws IOException {
        Path losses = folder.resolve("losses.csv");
        Path ledger = folder.resolve("ledger.txt");
        Map<String, Object> config = Map.of("experiment", "x");
        try (LossLog l = LossLog.begin(losses); Ledger g = Ledger.begin(ledger, config)) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                l.add("a", epoch, 0, epoch);
                g.add("a", epoch, parameters());
            }
        }
        Files.writeString(folder.resolve("losses.csv.part"), "a,4,0,0.12", java.nio.file.StandardOpenOption.APPEND);
        try (LossLog l = LossLog.resume(losses, (model, epoch) -> epoch <= 2); Ledger g = Ledger.resume(ledger, Map.of("experiment", "y"), (model, epoch) -> epoch <= 2)) {
            l.add("a", 3, 0, 33.0);
            String hash = g.add("a", 3, new TreeMap<>());
            l.finish();
            g.finish();
            assertEquals("model,epoch,batch,cost\na,1,0,1\na,2,0,2\na,3,0,33\n", Files.readString(losses));
            List<String> lines = Files.readAllLines(ledger);
            assertEquals("{\"experiment\":\"y\"}", lines.getFirst());
            assertEquals(List.of("a 1 " + ParameterHash.of(parameters()), "a 2 " + ParameterHash.of(parameters()), "a 3 " + hash), lines.subList(1, 4));
        }
        try (Ledger g = Ledger.resume(ledger, config, (model, epoch) -> true)) {
            g.finish();   // from the finished file
        }
        assertEquals(4, Files.readAllLines(ledger).size());
    }
}
