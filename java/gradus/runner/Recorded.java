package gradus.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an earlier run was, from the first line of its ledger: enough to run it again.
 *
 * @param experiment name
 * @param set        its settings
 */
public record Recorded(String experiment, long seed, boolean quick, Map<String, String> set) {
    private static final List<String> NO_SETTINGS = List.of("experiment", "seed", "quick", "backend", "mode");

    /**
     * Reads it from a run's folder.
     *
     * @throws UsageException when the folder holds no finished run, or one that is a fork itself
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
        if (first.has("fork")) {
            throw new UsageException(run + " is itself a fork (" + first.get("fork").asText() + "); fork the run it comes from");
        }
        Map<String, String> set = new TreeMap<>();
        first.properties().stream().filter(e -> !NO_SETTINGS.contains(e.getKey())).forEach(e -> set.put(e.getKey(), e.getValue().asText()));
        return new Recorded(first.get("experiment").asText(), first.get("seed").asLong(), first.get("quick").asBoolean(), set);
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
