package gradus.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an earlier run was, from the first line of its ledger: enough to run it again.
 *
 * @param experiment name
 * @param set        its settings
 * @param changes    what changed on the way, if it is a fork
 */
public record Recorded(String experiment, long seed, boolean quick, Map<String, String> set, List<Fork.Change> changes) {
    private static final List<String> NO_SETTINGS = List.of("experiment", "seed", "quick", "backend", "mode", "fork", "changes");

    private static final Pattern CHANGE = Pattern.compile("(\\d+) (.+?)((?: [\\w.]+=[^ =]+)+)");

    /**
     * Reads it from a run's folder.
     *
     * @throws UsageException when the folder holds no finished run
     */
    public static Recorded of(Path run) throws IOException {
        Path ledger = run.resolve("ledger.txt");
        if (!Files.isReadable(ledger)) {
            throw new UsageException(run + " is not the folder of a finished run: it has no ledger.txt");
        }
        JsonNode first;
        try (BufferedReader in = Files.newBufferedReader(ledger)) {
            first = new ObjectMapper().readTree(in.readLine());
        }
        if (first.has("fork") && !first.has("changes")) {
            throw new UsageException(run + " is itself a fork (" + first.get("fork").asText() + ") by an earlier Gradus that did not note its changes; fork the run it comes from");
        }
        Map<String, String> set = new TreeMap<>();
        first.properties().stream().filter(e -> !NO_SETTINGS.contains(e.getKey())).forEach(e -> set.put(e.getKey(), e.getValue().asText()));
        return new Recorded(first.get("experiment").asText(), first.get("seed").asLong(), first.get("quick").asBoolean(), set,
                first.has("changes") ? changes(first.get("changes").asText()) : List.of());
    }

    /** Changes in one line: {@code 200 * adam.beta2=0.99; 400 encoder learningRate=0.01}. */
    static String text(List<Fork.Change> changes) {
        return String.join("; ", changes.stream().map(c -> c.at() + " " + (c.model() == null ? "*" : c.model())
                + String.join("", new TreeMap<>(c.set()).entrySet().stream().map(e -> " " + e.getKey() + "=" + e.getValue()).toList())).toList());
    }

    private static List<Fork.Change> changes(String text) {
        List<Fork.Change> all = new ArrayList<>();
        for (String change : text.isEmpty() ? new String[0] : text.split("; ")) {
            Matcher m = CHANGE.matcher(change);
            if (!m.matches()) {
                throw new UsageException("ledger.txt: changes '" + text + "' are not of the form '200 * adam.beta2=0.99; …'");
            }
            Map<String, Double> set = new TreeMap<>();
            for (String setting : m.group(3).strip().split(" ")) {
                set.put(setting.substring(0, setting.indexOf('=')), Double.parseDouble(setting.substring(setting.indexOf('=') + 1)));
            }
            all.add(new Fork.Change(Long.parseLong(m.group(1)), m.group(2).equals("*") ? null : m.group(2), set));
        }
        return all;
    }

    /** The hash that the run ended in, or null. */
    static String hash(Path run) throws IOException {
        Path results = run.resolve("results.json");
        JsonNode hash = Files.exists(results) ? new ObjectMapper().readTree(Files.readAllBytes(results)).get("hash") : null;
        return hash == null || hash.isNull() ? null : hash.asText();
    }

    /** Options that run it again into another folder. */
    public Options options(Path out, Path data, String backend, int threads) {
        return new Options(seed, out, data, backend, threads, quick, set, false, null);
    }
}
