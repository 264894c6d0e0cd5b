package gradus.learn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Golden values in lines of {@code name value value …}; a line {@code case a b c} begins a new set. */
record Golden(int[] arguments, Map<String, double[]> lines) {
    static List<Golden> read(String name) {
        List<Golden> all = new ArrayList<>();
        try (InputStream in = Golden.class.getResourceAsStream(name)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] words = line.split(" ");
                if (words[0].equals("case")) {
                    all.add(new Golden(Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray(), new LinkedHashMap<>()));
                } else {
                    all.getLast().lines.put(words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    double[] get(String name) {
        return lines.get(name);
    }
}
