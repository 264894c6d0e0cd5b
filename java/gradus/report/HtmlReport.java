package gradus.report;

import static gradus.report.Show.html;

import gradus.data.Decimals;
import gradus.lab.Measurement;
import gradus.lab.Results;
import gradus.tensor.AtomicFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The report of a run: one {@code report.html} that needs nothing else, and the pictures of its figures as {@code images/*.png}.
 *
 * @param title   what was done
 * @param source  the publication that is reproduced, or empty
 * @param command what repeats this run, or empty
 * @param results configuration, environment, hash, published and measured values
 * @param notes   paragraphs: what the source leaves open and what was chosen
 * @param figures the figures, in order
 */
public record HtmlReport(String title, String source, String command, Results results, List<String> notes, List<Figure> figures) {
    private static final int MOST_ROWS_OPEN = 40;
    private static final int ROWS_SHOWN = 12;
    private static final int MOST_DECIMALS = 8;
    private static final MathContext TOLERANCE_DIGITS = new MathContext(6);

    /** Copies the lists. */
    public HtmlReport {
        notes = List.copyOf(notes);
        figures = List.copyOf(figures);
    }

    /**
     * Writes {@code report.html} and {@code images/*.png} into a folder.
     *
     * @throws IOException when the folder cannot be written, or the charting library is not on the class or module path
     */
    public void write(Path folder) throws IOException {
        StringBuilder out = new StringBuilder(1 << 20);
        FigureHtml figureHtml = new FigureHtml(out);
        HtmlPage.head(out, title, "/gradus/report/report.css");
        out.append("<body>\n<main>\n");
        header(out);
        values(out);
        notes(out);
        if (!figures.isEmpty()) {
            out.append("<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">Figures</h2>\n");
            contents(out);
            figures.forEach(figureHtml::add);
            out.append("</section>\n");
        }
        settings(out);
        out.append("</main>\n<noscript><p>The charts need JavaScript; tables and pictures do not.</p></noscript>\n");
        if (out.indexOf("class=\"chart ") >= 0) {
            HtmlPage.script(out, HtmlPage.ECHARTS);
            HtmlPage.script(out, "/gradus/report/report.js");
        }
        out.append("</body>\n</html>\n");
        for (Map.Entry<String, byte[]> image : figureHtml.images().entrySet()) {
            AtomicFiles.write(folder.resolve("images").resolve(image.getKey()), image.getValue());
        }
        AtomicFiles.write(folder.resolve("report.html"), out.toString());
    }

    private void header(StringBuilder out) {
        out.append("<header>\n<p class=\"kicker\">Gradus · ").append(html(results.experiment())).append("</p>\n<h1>").append(html(title)).append("</h1>\n");
        if (!source.isEmpty()) {
            out.append("<p class=\"source\"><span>Source</span> ").append(html(source)).append("</p>\n");
        }
        out.append("<ul class=\"badges\">\n");
        long compared = results.values().stream().filter(v -> v.within() != null).count();
        long met = results.values().stream().filter(v -> Boolean.TRUE.equals(v.within())).count();
        if (compared > 0) {
            badge(out, met == compared ? "good" : "bad", met == compared ? "✓" : "✗", met + " of " + compared + " published values met");
        }
        if (Boolean.TRUE.equals(results.config().get("quick"))) {
            badge(out, "warn", "!", "quick run: fewer epochs or rows than a full one");
        }
        badge(out, "", "", "seed " + results.seed());
        for (String key : List.of("backend", "mode", "threads")) {
            Object value = results.config().getOrDefault(key, results.environment().get(key));
            if (value != null) {
                badge(out, "", "", key + " " + value);
            }
        }
        out.append("</ul>\n");
        if (results.hash() != null) {
            out.append("<p class=\"hash\"><span>Parameters</span> <code>").append(html(results.hash())).append("</code></p>\n");
        }
        out.append("</header>\n");
    }

    private static void badge(StringBuilder out, String kind, String mark, String text) {
        out.append("<li").append(kind.isEmpty() ? "" : " class=\"" + kind + "\"").append('>');
        if (!mark.isEmpty()) {
            out.append("<span aria-hidden=\"true\">").append(mark).append("</span> ");
        }
        out.append(html(text)).append("</li>\n");
    }

    private void values(StringBuilder out) {
        if (results.values().isEmpty()) {
            return;
        }
        boolean any = results.values().stream().anyMatch(v -> v.published() != null);
        out.append("<section aria-labelledby=\"values\">\n<h2 id=\"values\">").append(any ? "Published and measured" : "Measured").append("</h2>\n");
        if (results.values().size() <= MOST_ROWS_OPEN) {
            valueTable(out, results.values());
        } else {
            List<Measurement> missed = results.values().stream().filter(v -> Boolean.FALSE.equals(v.within())).toList();
            if (!missed.isEmpty()) {
                out.append("<h3>Missed</h3>\n");
                valueTable(out, missed);
                out.append("<h3>The first ").append(ROWS_SHOWN).append(" values</h3>\n");
            }
            valueTable(out, results.values().subList(0, ROWS_SHOWN));
            out.append("<details><summary>All ").append(results.values().size()).append(" values</summary>\n");
            valueTable(out, results.values());
            out.append("</details>\n");
        }
        out.append("</section>\n");
    }

    private static void valueTable(StringBuilder out, List<Measurement> values) {
        boolean any = values.stream().anyMatch(v -> v.published() != null);
        out.append("<div class=\"scroll\" tabindex=\"0\"><table class=\"values\"><thead><tr><th scope=\"col\">Value</th>")
                .append(any ? "<th scope=\"col\" class=\"n\">Published</th>" : "").append("<th scope=\"col\" class=\"n\">Measured</th>")
                .append(any ? "<th scope=\"col\" class=\"n difference\">Difference</th><th scope=\"col\">Within</th>" : "").append("</tr></thead>\n<tbody>\n");
        for (Measurement v : values) {
            int decimals = decimals(v);
            out.append("<tr><th scope=\"row\">").append(html(v.name())).append("</th>");
            if (any) {
                out.append("<td class=\"n\">").append(v.published() == null ? "–" : html(Show.fixed(v.published(), decimals))).append("</td>");
            }
            out.append("<td class=\"n\" title=\"").append(html(Decimals.of(v.measured()))).append("\">").append(html(Show.fixed(v.measured(), decimals < 0 ? -1 : decimals + 2))).append("</td>");
            if (any) {
                out.append("<td class=\"n difference\">").append(v.published() == null ? "" : html(signed(v.measured() - v.published(), decimals))).append("</td>").append(verdict(v));
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    /** Decimals of a published number: its own, or as many as its tolerance has (0.9470 was printed, ±0.00005, so not 0.947); −1 for whole and for long ones. */
    private static int decimals(Measurement v) {
        if (v.published() == null || !Double.isFinite(v.published())) {
            return -1;
        }
        int own = Math.max(0, new BigDecimal(Double.toString(v.published())).stripTrailingZeros().scale());
        int meant = v.tolerance() != null && v.tolerance() > 0 ? (int) Math.floor(-StrictMath.log10(v.tolerance())) : 0;
        int decimals = Math.max(own, meant);
        return decimals <= 0 || decimals > MOST_DECIMALS || Math.abs(v.published()) >= 1e9 ? -1 : decimals;
    }

    private static String signed(double difference, int decimals) {
        String text = Show.fixed(difference, decimals < 0 ? -1 : decimals + 2);
        return difference > 0 ? "+" + text : text;
    }

    private static String verdict(Measurement v) {
        if (v.within() == null) {
            return "<td></td>";
        }
        // A tenth of a published number is its digits and the noise of the product.
        String tolerance = html(v.tolerance() < 1e9 && v.tolerance() >= 1e-7 ? new BigDecimal(v.tolerance()).round(TOLERANCE_DIGITS).stripTrailingZeros().toPlainString() : Show.number(v.tolerance()));
        String mark = v.within() ? "<td class=\"good\"><span title=\"met\">✓</span>" : "<td class=\"bad\"><span>✗ missed</span>";
        return mark + "<span class=\"tolerance\"> ±" + tolerance + "</span></td>";
    }

    private void notes(StringBuilder out) {
        if (notes.isEmpty()) {
            return;
        }
        out.append("<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n");
        notes.forEach(n -> out.append("<p>").append(html(n)).append("</p>\n"));
        out.append("</section>\n");
    }

    private void contents(StringBuilder out) {
        if (figures.size() < 4) {
            return;
        }
        out.append("<nav aria-label=\"Figures\"><ol>\n");
        for (int i = 0; i < figures.size(); i++) {
            out.append("<li><a href=\"#figure-").append(i + 1).append("\">").append(html(figures.get(i).title())).append("</a></li>\n");
        }
        out.append("</ol></nav>\n");
    }

    private void settings(StringBuilder out) {
        out.append("<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">Configuration and environment</h2>\n<div class=\"pairs\">\n");
        List<String[]> config = new ArrayList<>();
        results.config().forEach((k, v) -> config.add(new String[] {k, v == null ? "–" : Show.entry(v)}));
        pairs(out, "Configuration", config);
        List<String[]> environment = new ArrayList<>();
        results.environment().forEach((k, v) -> environment.add(new String[] {k, v}));
        pairs(out, "Environment", environment);
        out.append("</div>\n");
        if (!command.isEmpty()) {
            out.append("<p>To repeat this run:</p>\n<pre><code>").append(html(command)).append("</code></pre>\n");
        }
        out.append("<p class=\"files\">Beside this file: <code>results.json</code> (every value in full), <code>losses.csv</code>, <code>ledger.txt</code> (a hash an epoch), "
                + "<code>parameters.safetensors</code>, <code>images/</code>.</p>\n</section>\n");
    }

    private static void pairs(StringBuilder out, String caption, List<String[]> pairs) {
        if (pairs.isEmpty()) {
            return;
        }
        out.append("<table class=\"pairs\"><caption>").append(caption).append("</caption><tbody>\n");
        pairs.forEach(p -> out.append("<tr><th scope=\"row\">").append(html(p[0])).append("</th><td>").append(html(p[1])).append("</td></tr>\n"));
        out.append("</tbody></table>\n");
    }
}
