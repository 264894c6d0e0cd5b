package gradus.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import gradus.tensor.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/**
 * The evidence of a run, {@code ledger.txt}: the first line is its whole configuration as JSON, with backend and mode; then comes a line an epoch, {@code MODEL EPOCH sha256:…}.
 * Two runs went the same way exactly when their ledgers agree from the second line on. The file grows as {@code ledger.txt.part} until {@link #finish}.
 */
public final class Ledger implements Closeable {
    private static final JsonFactory JSON = new JsonFactory();

    private final GrowingFile file;

    private Ledger(GrowingFile file) {
        this.file = file;
    }

    /** Begins the file anew. */
    public static Ledger begin(Path path, Map<String, Object> configuration) throws IOException {
        return new Ledger(GrowingFile.begin(path, line(configuration)));
    }

    /** Goes on with the file of an earlier run, keeping the epochs that the checkpoint has. */
    public static Ledger resume(Path path, Map<String, Object> configuration, LossLog.Epochs done) throws IOException {
        return new Ledger(GrowingFile.resume(path, line(configuration), line -> isKept(line, done)));
    }

    private static String line(Map<String, Object> configuration) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator g = JSON.createGenerator(out)) {
            g.writeStartObject();
            for (Map.Entry<String, Object> e : configuration.entrySet()) {
                g.writeFieldName(e.getKey());
                Results.setting(g, e.getValue());
            }
            g.writeEndObject();
        }
        return out.toString();
    }

    /** A model's name as it may stand in ledgers and tables: no space, comma or quote. */
    static String requireName(String model) {
        if (model.isEmpty() || model.chars().anyMatch(c -> Character.isWhitespace(c) || c == ',' || c == '"')) {
            throw new IllegalArgumentException("model name '" + model + "': wanted one without spaces, commas and quotes");
        }
        return model;
    }

    /** Adds the line of an epoch, hands the file to the operating system, and returns the hash. */
    public String add(String model, int epoch, SortedMap<String, Tensor> parameters) throws IOException {
        String hash = ParameterHash.of(parameters);
        file.line(requireName(model) + " " + epoch + " " + hash);
        file.flush();
        return hash;
    }

    /** Adds the lines of an earlier run's file whose epochs are to be kept. */
    public void takeOver(Path earlier, LossLog.Epochs done) throws IOException {
        for (String line : Files.readAllLines(earlier)) {
            if (isKept(line, done)) {
                file.line(line);
            }
        }
    }

    private static boolean isKept(String line, LossLog.Epochs done) {
        String[] fields = line.split(" ");
        return fields.length == 3 && fields[1].matches("\\d{1,9}") && done.have(fields[0], Integer.parseInt(fields[1]));
    }

    /** Completes the file. */
    public void finish() throws IOException {
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
