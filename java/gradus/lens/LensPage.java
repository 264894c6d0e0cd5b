package gradus.lens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import gradus.report.HtmlPage;
import gradus.tensor.AtomicFiles;
import gradus.tensor.NpyArray;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The page {@code lens.html} of a run that was probed: all records of all its models, and a slider through their steps. */
public final class LensPage {
    private static final JsonFactory JSON = new JsonFactory();
    private static final MathContext DIGITS = new MathContext(5);
    /** What a browser moves through without delay; of more records every second, third, … is shown. */
    private static final int MOST_RECORDS = 400;
    private static final int MOST_COSTS = 4000;
    private static final double LOG_2 = 0.30102999566398120;
    private static final double[] POWERS = powers();

    private LensPage() {
    }

    /**
     * Writes the page from the files that probes left in a run's folder, and returns where it is.
     *
     * @throws IOException when there are none, or they cannot be read
     */
    public static Path write(Path folder) throws IOException {
        List<ProbeFile.Contents> models = ProbeFile.readAll(folder);
        if (models.isEmpty()) {
            throw new IOException("lens: " + folder + " has no records of a probe; run it with --probe 10");
        }
        StringBuilder out = new StringBuilder(1 << 21);
        HtmlPage.head(out, "Lens: " + folder.getFileName(), "/gradus/report/report.css", "/gradus/lens/lens.css");
        out.append("<body>\n<main id=\"lens\"></main>\n<noscript><p>The lens needs JavaScript.</p></noscript>\n");
        for (int i = 0; i < models.size(); i++) {
            HtmlPage.data(out, "model-" + i, json(folder, models.get(i)));
        }
        HtmlPage.script(out, HtmlPage.ECHARTS);
        HtmlPage.script(out, "/gradus/lens/lens.js");
        out.append("</body>\n</html>\n");
        Path page = folder.resolve("lens.html");
        AtomicFiles.write(page, out.toString());
        return page;
    }

    private static String json(Path folder, ProbeFile.Contents model) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator g = JSON.createGenerator(text)) {
            g.writeStartObject();
            g.writeStringField("run", folder.toAbsolutePath().normalize().getFileName().toString());
            about(g, model.about());
            costs(g, folder, model.model());
            new Thinned(g, model.arrays(), model.about().get("firstBin")).write();
            g.writeEndObject();
        }
        return text.toString();
    }

    private static void about(JsonGenerator g, JsonNode about) throws IOException {
        for (Map.Entry<String, JsonNode> field : about.properties()) {
            g.writeFieldName(field.getKey());
            g.writeRawValue(field.getValue().toString());
        }
    }

    /** The costs of all steps, from the run's table; of a run that still goes on, from the part of it that there is. */
    private static void costs(JsonGenerator g, Path folder, String model) throws IOException {
        String prefix = model + ",";
        List<String> costs = losses(folder).stream().skip(1).filter(line -> line.startsWith(prefix)).map(line -> line.substring(line.lastIndexOf(',') + 1)).toList();
        int stride = (costs.size() + MOST_COSTS - 1) / MOST_COSTS;
        g.writeNumberField("costStride", Math.max(1, stride));
        g.writeArrayFieldStart("costs");
        for (int i = 0; i < costs.size(); i += stride) {
            number(g, Double.parseDouble(costs.get(i)));
        }
        g.writeEndArray();
    }

    /** A run that goes on is writing its last line; one that ends meanwhile gives the part its real name. */
    private static List<String> losses(Path folder) throws IOException {
        for (String name : new String[] {"losses.csv.part", "losses.csv"}) {
            try {
                String text = Files.readString(folder.resolve(name));
                return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        return List.of();
    }

    private static void number(JsonGenerator g, double value) throws IOException {
        if (!Double.isFinite(value)) {
            g.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            g.writeNumber((long) value);
        } else {
            g.writeNumber(rounded(value));
        }
    }

    /** Five or six digits and a power of ten. A page holds some hundred thousand numbers: BigDecimal took most of the time of writing it. */
    static String rounded(double value) {
        int last = (int) Math.floor(Math.getExponent(value) * LOG_2) - DIGITS.getPrecision() + 1;
        if (Math.abs(last) >= POWERS.length) {
            return new BigDecimal(value).round(DIGITS).toString();
        }
        long digits = Math.round(last < 0 ? value * POWERS[-last] : value / POWERS[last]);
        return digits + "e" + last;
    }

    private static double[] powers() {
        double[] powers = new double[290];
        Arrays.setAll(powers, i -> Double.parseDouble("1e" + i));
        return powers;
    }

    /** The arrays of one model, thinned to the records that are shown. */
    private record Thinned(JsonGenerator g, Map<String, NpyArray> arrays, JsonNode firstBin) {
        void write() throws IOException {
            int stride = Math.max(1, (arrays.get("step").shape().dim(0) + MOST_RECORDS - 1) / MOST_RECORDS);
            g.writeObjectFieldStart("arrays");
            for (Map.Entry<String, NpyArray> e : arrays.entrySet()) {
                g.writeFieldName(e.getKey());
                boolean curvature = e.getKey().startsWith("curvature/");
                NpyArray array = e.getValue();
                if (e.getKey().startsWith("histogram/")) {
                    histogram(array, firstBin.get(e.getKey().substring("histogram/".length())).asInt(), stride);
                } else {
                    rows(array.doubles(), array.shape().dims(), curvature ? 1 : stride);
                }
            }
            g.writeEndObject();
        }

        private void rows(double[] values, int[] dims, int stride) throws IOException {
            g.writeStartArray();
            int width = dims[0] == 0 ? 0 : values.length / dims[0];
            for (int r = 0; r < dims[0]; r += stride) {
                nested(values, r * width, dims, 1);
            }
            g.writeEndArray();
        }

        private void nested(double[] values, int at, int[] dims, int axis) throws IOException {
            if (axis == dims.length) {
                number(g, values[at]);
                return;
            }
            int inner = 1;
            for (int i = axis + 1; i < dims.length; i++) {
                inner *= dims[i];
            }
            g.writeStartArray();
            for (int i = 0; i < dims[axis]; i++) {
                nested(values, at + i * inner, dims, axis + 1);
            }
            g.writeEndArray();
        }

        /** Each histogram as [first bin, counts …] without the empty bins at its ends. */
        private void histogram(NpyArray array, int first, int stride) throws IOException {
            long[] counts = array.longs();
            int[] dims = array.shape().dims();
            g.writeStartArray();
            for (int r = 0; r < dims[0]; r += stride) {
                g.writeStartArray();
                for (int p = 0; p < dims[1]; p++) {
                    int from = (r * dims[1] + p) * dims[2];
                    int low = 0;
                    int high = dims[2];
                    while (low < high && counts[from + low] == 0) {
                        low++;
                    }
                    while (high > low && counts[from + high - 1] == 0) {
                        high--;
                    }
                    g.writeStartArray();
                    g.writeNumber(first + low);
                    for (int i = low; i < high; i++) {
                        g.writeNumber(counts[from + i]);
                    }
                    g.writeEndArray();
                }
                g.writeEndArray();
            }
            g.writeEndArray();
        }
    }
}
