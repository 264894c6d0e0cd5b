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
import gradus.tensor.Npz;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.StringWriter;
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
    private static final String SUFFIX = ".json";

    private ProbeFile() {
    }

    /**
     * A model's records.
     *
     * @param about    the JSON that says what they are
     * @param firstBin of the histogram of each quantity
     */
    record Contents(String model, String about, Map<String, Integer> firstBin, Map<String, NpyArray> arrays) {
    }

    static Contents write(Path folder, String model, Probe probe, Optimizer optimizer, List<String> names, List<ProbeRecord> records) throws IOException {
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
        StringWriter about = new StringWriter();
        try (JsonGenerator g = JSON.createGenerator(about)) {
            about(g, model, probe, optimizer, names, firstBins);
        }
        AtomicFiles.write(place.resolve(model + ".json"), about.toString());
        return new Contents(model, about.toString(), firstBins, arrays);
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
        int first = Integer.MAX_VALUE;
        int end = Integer.MIN_VALUE;
        for (ProbeRecord record : records) {
            for (ProbeRecord.OfParameter p : record.parameters().values()) {
                ProbeRecord.Quantity q = p.quantities().get(name);
                all.add(q);
                if (q != null && q.spread().counts().length > 0) {
                    first = Math.min(first, q.spread().firstBin());
                    end = Math.max(end, q.spread().firstBin() + q.spread().counts().length);
                }
            }
        }
        boolean empty = end < first;
        firstBins.put(name, empty ? 0 : first);
        quantity(name, all, new int[] {records.size(), all.size() / records.size()}, empty ? 0 : first, empty ? 0 : end - first, arrays);
    }

    private static void quantity(String name, List<ProbeRecord.Quantity> all, int[] dims, int first, int bins, Map<String, NpyArray> arrays) {
        int shares = Distribution.shares().length;
        double[] norms = missing(all.size());
        double[] quantiles = missing(all.size() * shares);
        double[] negative = missing(all.size());
        double[] zero = missing(all.size());
        short[] counts = new short[all.size() * bins];
        for (int i = 0; i < all.size(); i++) {
            ProbeRecord.Quantity q = all.get(i);
            if (q != null) {
                Distribution d = q.spread();
                norms[i] = q.norm();
                negative[i] = d.negative();
                zero[i] = d.zero();
                System.arraycopy(d.quantiles(), 0, quantiles, i * shares, shares);
                for (int k = 0; k < d.counts().length; k++) {
                    counts[i * bins + d.firstBin() - first + k] = unsigned(d.counts()[k]);
                }
            }
        }
        arrays.put("norm/" + name, NpyArray.of(Tensor.of(norms, dims)));
        arrays.put("quantiles/" + name, NpyArray.of(Tensor.of(quantiles, dims[0], dims[1], shares)));
        arrays.put("negative/" + name, NpyArray.of(Tensor.of(negative, dims)));
        arrays.put("zero/" + name, NpyArray.of(Tensor.of(zero, dims)));
        arrays.put("histogram/" + name, NpyArray.ofUnsigned(counts, dims[0], dims[1], bins));
    }

    private static double[] missing(int length) {
        double[] all = new double[length];
        Arrays.fill(all, Double.NaN);
        return all;
    }

    private static short unsigned(int count) {
        if (count > 0xffff) {
            throw new ArithmeticException("probe: a bin of a histogram counts " + count + " elements; a sample of at most 65,535 fits the file");
        }
        return (short) count;
    }

    /** Every model's records in a run's folder, in the order of their names. */
    static List<Contents> readAll(Path folder) throws IOException {
        return readAll(folder, null);
    }

    /** The same where those of one model are known, or null. */
    static List<Contents> readAll(Path folder, Contents known) throws IOException {
        Path place = folder.resolve("lens");
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(place)) {
            files = list.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
        }
        List<Contents> all = new ArrayList<>();
        for (Path file : files) {
            boolean same = known != null && file.getFileName().toString().equals(known.model() + SUFFIX);
            all.add(same ? known : read(file));
        }
        return all;
    }

    private static Contents read(Path file) throws IOException {
        JsonNode about = new ObjectMapper().readTree(Files.readAllBytes(file));
        String model = about.get("model").asText();
        Map<String, Integer> firstBin = new LinkedHashMap<>();
        about.get("firstBin").properties().forEach(e -> firstBin.put(e.getKey(), e.getValue().asInt()));
        return new Contents(model, about.toString(), firstBin, Npz.read(file.resolveSibling(model + ".npz")));
    }
}
