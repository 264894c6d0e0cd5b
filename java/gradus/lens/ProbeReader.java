package gradus.lens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.tensor.NpyArray;
import gradus.tensor.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The records of a model's {@link ProbeFile} as they were before they were written. */
final class ProbeReader {
    private static final String NORM = "norm/";

    private final JsonNode about;
    private final Map<String, NpyArray> arrays;
    private final Map<String, double[]> numbers = new HashMap<>();
    private final Map<String, long[]> counts = new HashMap<>();
    private final List<String> parameters = new ArrayList<>();
    private final List<String> quantities;

    private ProbeReader(JsonNode about, Map<String, NpyArray> arrays) {
        this.about = about;
        this.arrays = arrays;
        about.get("parameters").forEach(p -> parameters.add(p.get("name").asText()));
        quantities = arrays.keySet().stream().filter(k -> k.startsWith(NORM)).map(k -> k.substring(NORM.length())).toList();
    }

    /** A model's records in a run's folder; none where there is no file of them. */
    static List<ProbeRecord> read(Path folder, String model) throws IOException {
        Path place = folder.resolve("lens");
        Path about = place.resolve(model + ".json");
        Path file = place.resolve(model + ".npz");
        if (!Files.exists(about) || !Files.exists(file)) {
            return List.of();
        }
        return new ProbeReader(new ObjectMapper().readTree(Files.readAllBytes(about)), Npz.read(file)).records();
    }

    private List<ProbeRecord> records() {
        List<ProbeRecord> all = new ArrayList<>();
        Map<Long, Curvature> curvatures = curvatures();
        for (int i = 0; i < arrays.get("step").shape().dim(0); i++) {
            SequencedMap<String, ProbeRecord.OfParameter> seen = new LinkedHashMap<>();
            for (int p = 0; p < parameters.size(); p++) {
                seen.put(parameters.get(p), parameter(i * parameters.size() + p));
            }
            long step = (long) number("step", i);
            all.add(new ProbeRecord(step, (int) number("epoch", i), (int) number("batch", i), number("cost", i), number("costAfter", i), number("predicted", i), seen,
                    noise(i), curvatures.get(step)));
        }
        return all;
    }

    private double number(String name, int at) {
        return numbers.computeIfAbsent(name, n -> arrays.get(n).doubles())[at];
    }

    private double[] row(String name, int at, int width) {
        number(name, 0);
        return Arrays.copyOfRange(numbers.get(name), at * width, (at + 1) * width);
    }

    private GradientNoise noise(int i) {
        if (!arrays.containsKey("noise/rows") || number("noise/rows", i) == 0) {
            return null;
        }
        return new GradientNoise((int) number("noise/rows", i), number("noise/variance", i), number("noise/signal", i), number("noise/medianSignal", i));
    }

    private Map<Long, Curvature> curvatures() {
        Map<Long, Curvature> all = new HashMap<>();
        if (arrays.containsKey("curvature/step")) {
            int rows = arrays.get("curvature/step").shape().dim(0);
            int k = arrays.get("curvature/eigenvalues").shape().dim(1);
            for (int i = 0; i < rows; i++) {
                all.put((long) number("curvature/step", i), new Curvature(row("curvature/eigenvalues", i, k), row("curvature/preconditioned", i, k),
                        number("curvature/edge", i), number("curvature/trace", i), number("curvature/alongGradient", i), number("curvature/alongUpdate", i),
                        number("curvature/secondOrder", i), (int) number("curvature/products", i)));
            }
        }
        return all;
    }

    private ProbeRecord.OfParameter parameter(int at) {
        SequencedMap<String, ProbeRecord.Quantity> found = new LinkedHashMap<>();
        for (String quantity : quantities) {
            // What a record lacked, such as a denominator that a rule did without at first, was written as NaN.
            if (!Double.isNaN(number("negative/" + quantity, at))) {
                found.put(quantity, new ProbeRecord.Quantity(number(NORM + quantity, at), spread(quantity, at)));
            }
        }
        return new ProbeRecord.OfParameter(number("learningRate", at), number("gradientUpdate", at), number("successive", at), number("epsilonRules", at), found);
    }

    private Distribution spread(String quantity, int at) {
        int shares = Distribution.shares().length;
        NpyArray histogram = arrays.get("histogram/" + quantity);
        int bins = histogram.shape().dim(2);
        long[] all = counts.computeIfAbsent(quantity, q -> histogram.longs());
        int low = 0;
        int high = bins;
        while (low < high && all[at * bins + low] == 0) {
            low++;
        }
        while (high > low && all[at * bins + high - 1] == 0) {
            high--;
        }
        int first = at * bins + low;
        int[] own = new int[high - low];
        Arrays.setAll(own, i -> (int) all[first + i]);
        int firstBin = own.length == 0 ? 0 : about.get("firstBin").get(quantity).asInt() + low;
        return new Distribution(row("quantiles/" + quantity, at, shares), number("negative/" + quantity, at), number("zero/" + quantity, at), firstBin, own);
    }
}
