package gradus.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import gradus.data.Decimals;
import gradus.tensor.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run came to, as {@code results.json} holds it:
 * {@code {"experiment", "seed", "config", "environment", "hash", "values": [{"name", "measured", "published", "tolerance", "within"}]}}.
 *
 * @param experiment  name of the experiment
 * @param seed        seed of every random stream
 * @param config      settings by name: texts, truth values, numbers
 * @param environment what the run ran on, by name
 * @param hash        hash of the final parameters ({@link ParameterHash}), or {@code null} for a run without any
 * @param values      what was measured
 */
public record Results(String experiment, long seed, Map<String, Object> config, Map<String, String> environment, String hash, List<Measurement> values) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Writes the file. Numbers are the shortest decimals that round-trip; one that is not finite becomes a text: {@code "nan"}, {@code "inf"}, {@code "-inf"}. */
    public void write(Path path) throws IOException {
        AtomicFiles.write(path, this::write);
    }

    private void write(OutputStream out) throws IOException {
        try (JsonGenerator g = JSON.createGenerator(out)) {
            g.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            g.setPrettyPrinter(new DefaultPrettyPrinter());
            g.writeStartObject();
            g.writeStringField("experiment", experiment);
            g.writeNumberField("seed", seed);
            g.writeObjectFieldStart("config");
            for (Map.Entry<String, Object> e : config.entrySet()) {
                g.writeFieldName(e.getKey());
                setting(g, e.getValue());
            }
            g.writeEndObject();
            g.writeObjectFieldStart("environment");
            for (Map.Entry<String, String> e : environment.entrySet()) {
                g.writeStringField(e.getKey(), e.getValue());
            }
            g.writeEndObject();
            g.writeStringField("hash", hash);
            g.writeArrayFieldStart("values");
            for (Measurement v : values) {
                value(g, v);
            }
            g.writeEndArray();
            g.writeEndObject();
            g.writeRaw('\n');
        }
    }

    private static void value(JsonGenerator g, Measurement v) throws IOException {
        g.writeStartObject();
        g.writeStringField("name", v.name());
        g.writeFieldName("measured");
        number(g, v.measured());
        g.writeFieldName("published");
        number(g, v.published());
        g.writeFieldName("tolerance");
        number(g, v.tolerance());
        g.writeFieldName("within");
        if (v.within() == null) {
            g.writeNull();
        } else {
            g.writeBoolean(v.within());
        }
        g.writeEndObject();
    }

    /** Writes a setting as the JSON kind that it is; used for the ledger's first line too. */
    static void setting(JsonGenerator g, Object value) throws IOException {
        switch (value) {
            case null -> g.writeNull();
            case Boolean b -> g.writeBoolean(b);
            case Integer i -> g.writeNumber(i);
            case Long l -> g.writeNumber(l);
            case Double d -> number(g, d);
            case Float f -> number(g, Double.valueOf(Decimals.of(f)));
            default -> g.writeString(value.toString());
        }
    }

    private static void number(JsonGenerator g, Double value) throws IOException {
        if (value == null) {
            g.writeNull();
        } else if (Double.isFinite(value)) {
            g.writeNumber(Decimals.of(value.doubleValue()));
        } else {
            g.writeString(Decimals.of(value.doubleValue()));
        }
    }
}
