package gradus.lens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.optim.Group;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.tensor.AtomicFiles;
import gradus.tensor.NpyArray;
import gradus.tensor.NpyType;
import gradus.tensor.Npz;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The records of a probe as files of the run's folder: {@code lens/MODEL.npz} holds every number, {@code lens/MODEL.json} says what they are. Arrays have one row
 * a record and, where they are of parameters, one column a parameter.
 */
final class ProbeFile {
    private static final JsonFactory JSON = new JsonFactory();

    private ProbeFile() {
    }

    /** A model's records as read back. */
    record Contents(String model, JsonNode about, Map<String, NpyArray> arrays) {
    }

    static void write(Path folder, String model, Probe probe, Optimizer optimizer, List<String> names, List<ProbeRecord> records) throws IOException {
        SequencedSet<String> quantities = new LinkedHashSet<>();
        records.forEach(r -> r.parameters().values().forEach(p -> quantities.addAll(p.quantities().keySet())));
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        steps(records, arrays);
        parameters(records, arrays);
        Map<String, Integer> firstBins = new LinkedHashMap<>();
        for (String quantity : quantities) {
            quantity(quantity, records, arrays, firstBins);
        }
        Path place = folder.resolve("lens");
        Files.createDirectories(place);
        Npz.write(place.resolve(model + ".npz"), arrays, Npz.Packing.STORED);
        AtomicFiles.write(place.resolve(model + ".json"), out -> {
            try (JsonGenerator g = JSON.createGenerator(out)) {
                g.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                about(g, model, probe, optimizer, names, firstBins);
            }
        });
    }

    private static void about(JsonGenerator g, String model, Probe probe, Optimizer optimizer, List<String> names, Map<String, Integer> firstBins) throws IOException {
        g.writeStartObject();
        g.writeStringField("model", model);
        g.writeNumberField("every", probe.every());
        g.writeNumberField("noiseRows", probe.rows());
        g.writeNumberField("curvatureEvery", probe.curvature());
        g.writeNumberField("sample", probe.sample());
        g.writeArrayFieldStart("parameters");
        int next = 0;
        for (Group group : optimizer.groups()) {
            for (Parameter p : group.parameters()) {
                g.writeStartObject();
                g.writeStringField("name", names.get(next++));
                g.writeStringField("shape", p.shape().toString());
                g.writeStringField("rule", group.rule().toString());
                g.writeEndObject();
            }
        }
        g.writeEndArray();
        g.writeArrayFieldStart("quantileShares");
        for (double share : Distribution.shares()) {
            g.writeNumber(share);
        }
        g.writeEndArray();
        g.writeObjectFieldStart("firstBin");
        for (Map.Entry<String, Integer> e : firstBins.entrySet()) {
            g.writeNumberField(e.getKey(), e.getValue());
        }
        g.writeEndObject();
        g.writeEndObject();
    }

    private static void steps(List<ProbeRecord> records, Map<String, NpyArray> arrays) {
        arrays.put("step", NpyArray.of(records.stream().mapToLong(ProbeRecord::step).toArray(), records.size()));
        arrays.put("epoch", NpyArray.of(records.stream().mapToLong(ProbeRecord::epoch).toArray(), records.size()));
        arrays.put("batch", NpyArray.of(records.stream().mapToLong(ProbeRecord::batch).toArray(), records.size()));
        number("cost", records, ProbeRecord::cost, arrays);
        number("costAfter", records, ProbeRecord::costAfter, arrays);
        number("predicted", records, ProbeRecord::predicted, arrays);
        if (records.stream().anyMatch(r -> r.noise() != null)) {
            arrays.put("noise/rows", NpyArray.of(records.stream().mapToLong(r -> r.noise() == null ? 0 : r.noise().rows()).toArray(), records.size()));
            noise("noise/variance", records, GradientNoise::variance, arrays);
            noise("noise/signal", records, GradientNoise::signal, arrays);
            noise("noise/scale", records, GradientNoise::scale, arrays);
            noise("noise/medianSignal", records, GradientNoise::medianSignal, arrays);
        }
        List<ProbeRecord> curved = records.stream().filter(r -> r.curvature() != null).toList();
        if (!curved.isEmpty()) {
            arrays.put("curvature/step", NpyArray.of(curved.stream().mapToLong(ProbeRecord::step).toArray(), curved.size()));
            eigenvalues("curvature/eigenvalues", curved, Curvature::eigenvalues, arrays);
            eigenvalues("curvature/preconditioned", curved, Curvature::preconditioned, arrays);
            number("curvature/edge", curved, r -> r.curvature().edge(), arrays);
            number("curvature/trace", curved, r -> r.curvature().trace(), arrays);
            number("curvature/alongGradient", curved, r -> r.curvature().alongGradient(), arrays);
            number("curvature/alongUpdate", curved, r -> r.curvature().alongUpdate(), arrays);
            number("curvature/secondOrder", curved, r -> r.curvature().secondOrder(), arrays);
            arrays.put("curvature/products", NpyArray.of(curved.stream().mapToLong(r -> r.curvature().products()).toArray(), curved.size()));
        }
    }

    private static void noise(String name, List<ProbeRecord> records, ToDoubleFunction<GradientNoise> f, Map<String, NpyArray> arrays) {
        number(name, records, r -> r.noise() == null ? Double.NaN : f.applyAsDouble(r.noise()), arrays);
    }

    private static void eigenvalues(String name, List<ProbeRecord> curved, Function<Curvature, double[]> f, Map<String, NpyArray> arrays) {
        double[] values = curved.stream().flatMapToDouble(r -> Arrays.stream(f.apply(r.curvature()))).toArray();
        arrays.put(name, NpyArray.of(Tensor.of(values, curved.size(), values.length / curved.size())));
    }

    private static void number(String name, List<ProbeRecord> records, ToDoubleFunction<ProbeRecord> f, Map<String, NpyArray> arrays) {
        arrays.put(name, NpyArray.of(Tensor.of(records.stream().mapToDouble(f).toArray(), records.size())));
    }

    private static void parameters(List<ProbeRecord> records, Map<String, NpyArray> arrays) {
        ofParameters("learningRate", records, ProbeRecord.OfParameter::learningRate, arrays);
        ofParameters("gradientUpdate", records, ProbeRecord.OfParameter::gradientUpdate, arrays);
        ofParameters("successive", records, ProbeRecord.OfParameter::successive, arrays);
        ofParameters("epsilonRules", records, ProbeRecord.OfParameter::epsilonRules, arrays);
    }

    private static void ofParameters(String name, List<ProbeRecord> records, ToDoubleFunction<ProbeRecord.OfParameter> f, Map<String, NpyArray> arrays) {
        double[] values = records.stream().flatMap(r -> r.parameters().values().stream()).mapToDouble(f).toArray();
        arrays.put(name, NpyArray.of(Tensor.of(values, records.size(), records.isEmpty() ? 0 : values.length / records.size())));
    }

    /** A quantity that a record lacks, such as a denominator that a rule does without at first, is NaN there, and its histogram 0. */
    private static void quantity(String name, List<ProbeRecord> records, Map<String, NpyArray> arrays, Map<String, Integer> firstBins) {
        List<ProbeRecord.Quantity> all = new ArrayList<>();
        records.forEach(r -> r.parameters().values().forEach(p -> all.add(p.quantities().get(name))));
        int rows = records.size();
        int columns = all.size() / rows;
        List<Distribution> spreads = all.stream().map(q -> q == null ? null : q.spread()).toList();
        List<Distribution> full = spreads.stream().filter(d -> d != null && d.counts().length > 0).toList();
        int first = full.stream().mapToInt(Distribution::firstBin).min().orElse(0);
        int bins = full.stream().mapToInt(d -> d.firstBin() + d.counts().length).max().orElse(first) - first;
        int shares = Distribution.shares().length;
        double[] norms = all.stream().mapToDouble(q -> q == null ? Double.NaN : q.norm()).toArray();
        double[] quantiles = new double[all.size() * shares];
        Arrays.fill(quantiles, Double.NaN);
        long[] counts = new long[all.size() * bins];
        for (int i = 0; i < all.size(); i++) {
            Distribution d = spreads.get(i);
            if (d != null) {
                System.arraycopy(d.quantiles(), 0, quantiles, i * shares, shares);
                for (int k = 0; k < d.counts().length; k++) {
                    counts[i * bins + d.firstBin() - first + k] = d.counts()[k];
                }
            }
        }
        firstBins.put(name, first);
        arrays.put("norm/" + name, NpyArray.of(Tensor.of(norms, rows, columns)));
        arrays.put("quantiles/" + name, NpyArray.of(Tensor.of(quantiles, rows, columns, shares)));
        arrays.put("negative/" + name, share(spreads, Distribution::negative, rows, columns));
        arrays.put("zero/" + name, share(spreads, Distribution::zero, rows, columns));
        arrays.put("histogram/" + name, NpyArray.of(NpyType.UINT16, counts, rows, columns, bins));
    }

    private static NpyArray share(List<Distribution> spreads, ToDoubleFunction<Distribution> f, int rows, int columns) {
        return NpyArray.of(Tensor.of(spreads.stream().mapToDouble(d -> d == null ? Double.NaN : f.applyAsDouble(d)).toArray(), rows, columns));
    }

    /** Every model's records in a run's folder, in the order of their names. */
    static List<Contents> readAll(Path folder) throws IOException {
        Path place = folder.resolve("lens");
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(place)) {
            files = list.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
        List<Contents> all = new ArrayList<>();
        for (Path file : files) {
            JsonNode about = new ObjectMapper().readTree(Files.readAllBytes(file));
            String model = about.get("model").asText();
            all.add(new Contents(model, about, Npz.read(place.resolve(model + ".npz"))));
        }
        return all;
    }
}
