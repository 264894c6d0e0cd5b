package gradus.numerics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a golden file beside the tests: a line is a name and its values, hexadecimal floats or decimal integers. */
final class Golden {
    private final String file;
    private final Map<String, String[]> lines = new LinkedHashMap<>();

    Golden(String file) {
        this.file = file;
        try (InputStream in = Golden.class.getResourceAsStream(file)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> lines.put(line, line.split(" ")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values after this name, which may itself hold blanks. */
    String[] values(String name) {
        int words = name.split(" ").length;
        for (Map.Entry<String, String[]> line : lines.entrySet()) {
            if (line.getKey().startsWith(name + " ")) {
                return Arrays.copyOfRange(line.getValue(), words, line.getValue().length);
            }
        }
        throw new AssertionError(file + " has no line " + name);
    }

    double[] doubles(String name) {
        return Arrays.stream(values(name)).mapToDouble(Double::parseDouble).toArray();
    }

    /** The values as floats; they must be floats. */
    float[] floats(String name) {
        double[] wide = doubles(name);
        float[] out = new float[wide.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) wide[i];
            if (out[i] != wide[i]) {
                throw new AssertionError(file + ": " + name + " holds " + wide[i] + ", which is no float32");
            }
        }
        return out;
    }

    long[] longs(String name) {
        return Arrays.stream(values(name)).mapToLong(Long::parseLong).toArray();
    }
}
