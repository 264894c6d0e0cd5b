package gradus.lens;

import gradus.report.HtmlPage;
import gradus.tensor.AtomicFiles;
import gradus.tensor.NpyArray;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page {@code lens.html} of a run that was probed: all records of all its models, and a slider through their steps. */
public final class LensPage {
    /** What a browser moves through without delay; of more records every second, third, … is shown. */
    private static final int MOST_RECORDS = 400;
    private static final int MOST_COSTS = 4000;

    private LensPage() {
    }

    /**
     * Writes the page from the files that probes left in a run's folder, and returns where it is.
     *
     * @throws IOException when there are none, or they cannot be read
     */
    public static Path write(Path folder) throws IOException {
        return write(folder, null);
    }

    /** The same where one model's files were just written and need not be read. */
    static Path write(Path folder, ProbeFile.Contents written) throws IOException {
        List<ProbeFile.Contents> models = ProbeFile.readAll(folder, written);
        if (models.isEmpty()) {
            throw new IOException("lens: " + folder + " has no records of a probe; run it with --probe 10");
        }
        StringBuilder head = new StringBuilder();
        HtmlPage.head(head, "Lens: " + folder.getFileName(), "/gradus/report/report.css", "/gradus/lens/lens.css");
        head.append("<body>\n<main id=\"lens\"></main>\n<noscript><p>The lens needs JavaScript.</p></noscript>\n");
        Path page = folder.resolve("lens.html");
        AtomicFiles.write(page, out -> {
            text(out, head.toString());
            for (int i = 0; i < models.size(); i++) {
                text(out, "<script type=\"application/json\" id=\"model-" + i + "\">");
                json(out, folder, models.get(i));
                text(out, "</script>\n");
            }
            HtmlPage.script(out, HtmlPage.ECHARTS);
            HtmlPage.script(out, "/gradus/lens/lens.js");
            text(out, "</body>\n</html>\n");
        });
        return page;
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void json(OutputStream out, Path folder, ProbeFile.Contents model) throws IOException {
        JsonBytes g = new JsonBytes(out);
        g.open('{');
        g.name("run");
        g.text(folder.toAbsolutePath().normalize().getFileName().toString());
        g.raw(model.about().substring(1, model.about().length() - 1));
        costs(g, folder, model.model());
        new Thinned(g, model.arrays(), model.firstBin()).write();
        g.close('}');
        g.flush();
    }

    /** The costs of all steps, from the run's table; of a run that still goes on, from the part of it that there is. */
    private static void costs(JsonBytes g, Path folder, String model) throws IOException {
        List<String> costs = costs(losses(folder), model + ",");
        int stride = Math.max(1, (costs.size() + MOST_COSTS - 1) / MOST_COSTS);
        g.name("costStride");
        g.number(stride);
        g.name("costs");
        g.open('[');
        for (int i = 0; i < costs.size(); i += stride) {
            g.number(Double.parseDouble(costs.get(i)));
        }
        g.close(']');
    }

    /** The last fields of the whole lines below the header that begin so. */
    private static List<String> costs(String table, String prefix) {
        List<String> costs = new ArrayList<>();
        int from = table.indexOf('\n') + 1;
        for (int end = table.indexOf('\n', from); end >= 0; end = table.indexOf('\n', from)) {
            if (table.startsWith(prefix, from)) {
                costs.add(table.substring(table.lastIndexOf(',', end) + 1, end));
            }
            from = end + 1;
        }
        return costs;
    }

    /** A run that goes on is writing its last line; one that ends meanwhile gives the part its real name. */
    private static String losses(Path folder) throws IOException {
        for (String name : new String[] {"losses.csv.part", "losses.csv"}) {
            try {
                return Files.readString(folder.resolve(name));
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        return "";
    }

    /** The arrays of one model, thinned to the records that are shown. */
    private record Thinned(JsonBytes g, Map<String, NpyArray> arrays, Map<String, Integer> firstBin) {
        void write() throws IOException {
            int stride = Math.max(1, (arrays.get("step").shape().dim(0) + MOST_RECORDS - 1) / MOST_RECORDS);
            g.name("arrays");
            g.open('{');
            for (Map.Entry<String, NpyArray> e : arrays.entrySet()) {
                g.name(e.getKey());
                boolean curvature = e.getKey().startsWith("curvature/");
                NpyArray array = e.getValue();
                if (e.getKey().startsWith("histogram/")) {
                    histogram(array, firstBin.get(e.getKey().substring("histogram/".length())), stride);
                } else {
                    rows(array.doubles(), array.shape().dims(), curvature ? 1 : stride);
                }
            }
            g.close('}');
        }

        private void rows(double[] values, int[] dims, int stride) throws IOException {
            g.open('[');
            int width = dims[0] == 0 ? 0 : values.length / dims[0];
            for (int r = 0; r < dims[0]; r += stride) {
                nested(values, r * width, dims, 1);
            }
            g.close(']');
        }

        private void nested(double[] values, int at, int[] dims, int axis) throws IOException {
            if (axis == dims.length) {
                g.number(values[at]);
                return;
            }
            int inner = 1;
            for (int i = axis + 1; i < dims.length; i++) {
                inner *= dims[i];
            }
            g.open('[');
            for (int i = 0; i < dims[axis]; i++) {
                nested(values, at + i * inner, dims, axis + 1);
            }
            g.close(']');
        }

        /** Each histogram as [first bin, counts …] without the empty bins at its ends. */
        private void histogram(NpyArray array, int first, int stride) throws IOException {
            long[] counts = array.longs();
            int[] dims = array.shape().dims();
            g.open('[');
            for (int r = 0; r < dims[0]; r += stride) {
                g.open('[');
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
                    g.open('[');
                    g.number(first + low);
                    for (int i = low; i < high; i++) {
                        g.number(counts[from + i]);
                    }
                    g.close(']');
                }
                g.close(']');
            }
            g.close(']');
        }
    }
}
