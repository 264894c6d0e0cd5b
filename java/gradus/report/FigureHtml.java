package gradus.report;

import static gradus.report.Show.html;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Figures as HTML that is well-formed XML too. Pictures that are to be written as files are collected on the way. */
final class FigureHtml {
    private static final int MOST_SINGLE_PICTURES = 240;
    private static final int MOST_CELLS_ACROSS = 24;
    private static final int FEW = 50;
    private static final int MOST_SCALES = 12;
    private static final int ZOOM = 4;
    private static final int MAP_SIDE = 1400;

    private final StringBuilder out;
    private final Map<String, byte[]> images = new TreeMap<>();
    private int number;
    private boolean sharedLegend;

    FigureHtml(StringBuilder out) {
        this.out = out;
    }

    /** Pictures to be written beside the report, by file name. */
    Map<String, byte[]> images() {
        return images;
    }

    void add(Figure figure) {
        number++;
        out.append("<figure id=\"figure-").append(number).append("\">\n<h3><span class=\"no\">Figure ").append(number).append("</span> ")
                .append(html(figure.title())).append("</h3>\n");
        body(figure, Show.slug(figure.title()));
        if (!figure.caption().isEmpty()) {
            out.append("<figcaption>").append(html(figure.caption())).append("</figcaption>\n");
        }
        out.append("</figure>\n");
    }

    private void body(Figure figure, String slug) {
        switch (figure) {
            case LineChart c -> {
                chart(ChartData.of(c), "wide", words(c));
                numbers(c);
            }
            case ScatterPlot p -> {
                chart(ChartData.of(p), p.equal() ? "square" : "wide", words(p));
                if (p.equal() && p.points().x().length > FEW && !sharedLegend) {
                    hint();
                }
            }
            case BarChart b -> {
                chart(ChartData.of(b), "wide", "Bar chart of " + b.y().label() + " for " + String.join(", ", b.categories()) + ".");
                numbers(b);
            }
            case Heatmap h -> heatmap(h);
            case ImageGrid g -> grid(g, slug);
            case TableFigure t -> table(t.columns(), t.rows());
            case ThumbnailMap m -> thumbnails(m, slug);
            case Panels p -> panels(p, slug);
        }
    }

    private void hint() {
        out.append("<p class=\"scale hint\">Ctrl and the wheel zoom; dragging moves the map.</p>\n");
    }

    private void panels(Panels panels, String slug) {
        List<String> shared = sharedClasses(panels.figures());
        out.append("<div class=\"panels\">\n");
        for (Figure f : panels.figures()) {
            out.append("<div class=\"panel\"><h4>").append(html(f.title())).append("</h4>\n");
            body(f, slug + "-" + Show.slug(f.title()));
            if (!f.caption().isEmpty()) {
                out.append("<p class=\"caption\">").append(html(f.caption())).append("</p>\n");
            }
            out.append("</div>\n");
        }
        out.append("</div>\n");
        if (!shared.isEmpty()) {
            legend(shared);
            hint();
        }
        sharedLegend = false;
    }

    /** The classes that all panels have, so that one legend serves them; none when they differ. */
    private List<String> sharedClasses(List<Figure> figures) {
        List<List<String>> classes = figures.stream().map(f -> switch (f) {
            case ScatterPlot p -> p.classes();
            case ThumbnailMap m -> m.classes();
            case BarChart b -> List.<String>of();
            case Heatmap h -> List.<String>of();
            case ImageGrid g -> List.<String>of();
            case LineChart l -> List.<String>of();
            case Panels p -> List.<String>of();
            case TableFigure t -> List.<String>of();
        }).distinct().toList();
        sharedLegend = classes.size() == 1 && classes.getFirst().size() > 1;
        return sharedLegend ? classes.getFirst() : List.of();
    }

    private void legend(List<String> classes) {
        out.append("<ul class=\"legend\" aria-label=\"Classes\">\n");
        for (int c = 0; c < classes.size(); c++) {
            out.append("<li><button type=\"button\" aria-pressed=\"true\"><i style=\"background:").append(Palette.hex(Palette.ofClass(c))).append("\"></i>")
                    .append(html(classes.get(c))).append("</button></li>\n");
        }
        out.append("</ul>\n");
    }

    private void chart(String json, String form, String words) {
        out.append("<div class=\"chart ").append(form).append('"').append(sharedLegend ? " data-shared=\"legend\"" : "").append(" role=\"img\" aria-label=\"").append(html(words)).append("\"><script type=\"application/json\">")
                .append(json).append("</script></div>\n");
    }

    private static String words(LineChart c) {
        StringBuilder s = new StringBuilder("Line chart of " + c.y().label() + " over " + c.x().label() + ".");
        for (LineChart.Series line : c.series()) {
            int n = line.y().length;
            if (n > 0) {
                s.append(' ').append(line.name()).append(": from ").append(Show.number(line.y()[0])).append(" to ").append(Show.number(line.y()[n - 1])).append('.');
            }
        }
        c.references().forEach(r -> s.append(" Reference line: ").append(r.label()).append('.'));
        return s.toString();
    }

    private static String words(ScatterPlot p) {
        return "Scatter plot of " + p.points().x().length + " points" + (p.classes().isEmpty() ? "." : " in the classes " + String.join(", ", p.classes()) + ".");
    }

    private void numbers(BarChart chart) {
        List<String> columns = new ArrayList<>(List.of(""));
        chart.series().forEach(s -> columns.add(s.name()));
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < chart.categories().size(); i++) {
            List<Object> row = new ArrayList<>(List.of(chart.categories().get(i)));
            for (BarChart.Series s : chart.series()) {
                row.add(s.heights()[i]);
            }
            rows.add(row);
        }
        folded(columns, rows);
    }

    /** What the curves say, for readers who cannot see them: first, last, lowest and highest value of each. */
    private void numbers(LineChart chart) {
        List<List<Object>> rows = new ArrayList<>();
        for (LineChart.Series s : chart.series()) {
            int low = 0;
            int high = 0;
            for (int i = 0; i < s.y().length; i++) {
                low = s.y()[i] < s.y()[low] || Double.isNaN(s.y()[low]) ? i : low;
                high = s.y()[i] > s.y()[high] || Double.isNaN(s.y()[high]) ? i : high;
            }
            int n = s.y().length;
            if (n > 0) {
                rows.add(List.of(s.name(), n, s.y()[0], s.y()[n - 1], s.y()[low], s.x()[low], s.y()[high], s.x()[high]));
            }
        }
        folded(List.of("curve", "points", "first", "last", "lowest", "at", "highest", "at"), rows);
    }

    private void folded(List<String> columns, List<List<Object>> rows) {
        out.append("<details class=\"numbers\"><summary>Numbers</summary>\n");
        table(columns, rows);
        out.append("</details>\n");
    }

    void table(List<String> columns, List<List<Object>> rows) {
        out.append("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        for (int j = 0; j < columns.size(); j++) {
            int column = j;
            boolean right = !rows.isEmpty() && rows.stream().allMatch(r -> r.get(column) instanceof Number);
            out.append("<th scope=\"col\"").append(right ? " class=\"n\"" : "").append('>').append(html(columns.get(j))).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (List<Object> row : rows) {
            out.append("<tr>");
            for (int j = 0; j < row.size(); j++) {
                Object v = row.get(j);
                String tag = j == 0 && !(v instanceof Number) ? "th scope=\"row\"" : "td";
                out.append('<').append(tag).append(v instanceof Number ? " class=\"n\"" : "").append('>').append(html(Show.entry(v)))
                        .append("</").append(tag, 0, 2).append('>');
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private void heatmap(Heatmap map) {
        if (map.columns().size() > MOST_CELLS_ACROSS) {
            chart(ChartData.of(map), "wide", "Heatmap of " + map.rows().size() + " rows (" + map.rowLabel() + ") by " + map.columns().size() + " columns (" + map.columnLabel() + ").");
            return;
        }
        double most = 0;
        for (double[] row : map.values()) {
            for (double v : row) {
                most = Double.isFinite(v) ? Math.max(most, Math.abs(v)) : most;
            }
        }
        out.append("<div class=\"scroll\" tabindex=\"0\"><table class=\"heat\"><thead>\n<tr><td rowspan=\"2\" class=\"corner\">").append(html(map.rowLabel())).append("</td><th colspan=\"")
                .append(map.columns().size()).append("\" scope=\"colgroup\">").append(html(map.columnLabel())).append("</th></tr>\n<tr>");
        map.columns().forEach(c -> out.append("<th scope=\"col\" class=\"n\">").append(html(c)).append("</th>"));
        out.append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < map.rows().size(); i++) {
            out.append("<tr><th scope=\"row\">").append(html(map.rows().get(i))).append("</th>");
            for (double v : map.values()[i]) {
                int share = most == 0 || !Double.isFinite(v) ? 0 : (int) Math.rint(100 * Math.abs(v) / most);
                out.append("<td class=\"n").append(share > 55 ? " deep" : "").append(v < 0 ? " minus" : "").append("\" style=\"--share:").append(share).append("%\">")
                        .append(html(Show.number(v))).append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private void thumbnails(ThumbnailMap map, String slug) {
        if (map.pictures().isEmpty()) {
            out.append("<p>No pictures.</p>\n");
            return;
        }
        chart(ChartData.of(map), "square thumbs", "Map of " + map.pictures().size() + " pictures in the classes " + String.join(", ", map.classes()) + ".");
        if (!sharedLegend) {
            hint();
        }
        file(slug, Canvas.ofMap(map, MAP_SIDE).png());
    }

    private String file(String slug, byte[] png) {
        String name = String.format("%02d-%s.png", number, slug);
        images.put(name, png);
        return name;
    }

    private void grid(ImageGrid grid, String slug) {
        if (grid.count() == 0) {
            out.append("<p>No pictures.</p>\n");
            return;
        }
        file(slug, Canvas.ofGrid(grid, grid.count() > MOST_SINGLE_PICTURES ? 1 : ZOOM).png());
        if (grid.count() > MOST_SINGLE_PICTURES) {
            out.append("<div class=\"scroll\" tabindex=\"0\"><img class=\"sheet\" alt=\"").append(html(grid.title() + ": " + grid.count() + " pictures")).append("\" src=\"")
                    .append(dataUri(Canvas.ofGrid(grid, 1).png())).append("\" /></div>\n");
        } else {
            pictures(grid);
        }
        scales(grid);
    }

    /** Which value is which colour, said once for all rows that have it in common. */
    private void scales(ImageGrid grid) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (ImageGrid.Row row : grid.rows()) {
            rows.computeIfAbsent(row.shades().forRow(row.pictures()).words(), w -> new ArrayList<>()).add(row.caption());
        }
        List<String> parts = rows.entrySet().stream().map(e -> rows.size() == 1 || e.getValue().contains("") ? e.getKey() : String.join(" and ", e.getValue()) + ": " + e.getKey()).toList();
        if (parts.size() <= MOST_SCALES) {
            out.append("<p class=\"scale\">").append(html(String.join("; ", parts))).append(".</p>\n");
        }
    }

    private void pictures(ImageGrid grid) {
        boolean named = grid.rows().stream().anyMatch(r -> !r.caption().isEmpty());
        int across = grid.rows().stream().mapToInt(r -> r.pictures().size()).max().orElse(0);
        out.append("<div class=\"scroll\" tabindex=\"0\"><table class=\"pictures\" style=\"--across:").append(across).append("\">\n");
        if (!grid.columns().isEmpty()) {
            out.append("<thead><tr>").append(named ? "<td class=\"corner\"></td>" : "");
            grid.columns().forEach(c -> out.append("<th scope=\"col\">").append(html(c)).append("</th>"));
            out.append("</tr></thead>\n");
        }
        out.append("<tbody>\n");
        for (ImageGrid.Row row : grid.rows()) {
            out.append("<tr>");
            if (named) {
                out.append("<th scope=\"row\">").append(html(row.caption())).append("</th>");
            }
            Shades shades = row.shades().forRow(row.pictures());
            for (int j = 0; j < row.pictures().size(); j++) {
                picture(grid, row, j, shades);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private void picture(ImageGrid grid, ImageGrid.Row row, int j, Shades shades) {
        Picture p = row.pictures().get(j);
        String column = j < grid.columns().size() ? grid.columns().get(j) : Integer.toString(j + 1);
        String note = row.notes().isEmpty() ? "" : row.notes().get(j);
        String alt = (row.caption().isEmpty() ? "" : row.caption() + ", ") + column + (note.isEmpty() ? "" : ", " + note);
        out.append("<td><img alt=\"").append(html(alt)).append("\" width=\"").append(p.width()).append("\" height=\"").append(p.height()).append("\" src=\"")
                .append(dataUri(Png.of(shades.paint(p), p.width(), p.height(), 3))).append("\" />");
        if (!note.isEmpty()) {
            out.append("<span>").append(html(note)).append("</span>");
        }
        out.append("</td>");
    }

    private static String dataUri(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
