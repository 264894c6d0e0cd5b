package gradus.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import gradus.data.Decimals;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.MathContext;
import java.util.Base64;
import java.util.List;

/** Charts as the JSON that report.js draws. Texts are escaped so that they can stand inside a script element. */
final class ChartData {
    private static final JsonFactory JSON = new JsonFactory();
    private static final MathContext SEVEN = new MathContext(7);
    private static final MathContext FIVE = new MathContext(5);
    private static final int SPRITES_PER_ROW = 40;

    private final JsonGenerator g;

    private ChartData(JsonGenerator g) {
        this.g = g;
    }

    @FunctionalInterface
    private interface Content {
        void write(ChartData data) throws IOException;
    }

    private static String json(Content content) {
        StringWriter out = new StringWriter();
        try (JsonGenerator g = JSON.createGenerator(out)) {
            g.writeStartObject();
            content.write(new ChartData(g));
            g.writeEndObject();
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return out.toString().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    static String of(LineChart chart) {
        return json(d -> {
            d.g.writeStringField("kind", "line");
            d.axis("x", chart.x());
            d.axis("y", chart.y());
            d.g.writeArrayFieldStart("series");
            for (LineChart.Series s : chart.series()) {
                d.g.writeStartObject();
                d.g.writeStringField("name", s.name());
                d.g.writeStringField("stroke", s.stroke().name());
                d.points(s.x(), s.y(), null, 0, SEVEN);
                d.g.writeEndObject();
            }
            d.g.writeEndArray();
            d.g.writeArrayFieldStart("references");
            for (LineChart.Reference r : chart.references()) {
                d.segment(r.label(), r.x0(), r.y0(), r.x1(), r.y1());
            }
            d.g.writeEndArray();
        });
    }

    static String of(ScatterPlot plot) {
        return json(d -> {
            d.g.writeStringField("kind", "scatter");
            d.axis("x", plot.x());
            d.axis("y", plot.y());
            d.g.writeBooleanField("equal", plot.equal());
            d.classes(plot.points(), plot.classes(), false);
            d.g.writeArrayFieldStart("arrows");
            for (ScatterPlot.Arrow a : plot.arrows()) {
                d.segment(a.label(), a.x0(), a.y0(), a.x1(), a.y1());
            }
            d.g.writeEndArray();
        });
    }

    static String of(BarChart chart) {
        return json(d -> {
            d.g.writeStringField("kind", "bars");
            d.texts("categories", chart.categories());
            d.axis("y", chart.y());
            d.g.writeArrayFieldStart("series");
            for (BarChart.Series s : chart.series()) {
                d.g.writeStartObject();
                d.g.writeStringField("name", s.name());
                d.g.writeArrayFieldStart("data");
                for (double h : s.heights()) {
                    d.number(Show.rounded(h, SEVEN));
                }
                d.g.writeEndArray();
                d.g.writeEndObject();
            }
            d.g.writeEndArray();
        });
    }

    static String of(Heatmap map) {
        return json(d -> {
            d.g.writeStringField("kind", "heat");
            d.g.writeStringField("rowLabel", map.rowLabel());
            d.g.writeStringField("columnLabel", map.columnLabel());
            d.texts("rows", map.rows());
            d.texts("columns", map.columns());
            d.g.writeArrayFieldStart("data");
            for (double[] row : map.values()) {
                d.g.writeStartArray();
                for (double v : row) {
                    d.number(Show.rounded(v, FIVE));
                }
                d.g.writeEndArray();
            }
            d.g.writeEndArray();
        });
    }

    static String of(ThumbnailMap map) {
        return json(d -> {
            d.g.writeStringField("kind", "thumbnails");
            int perRow = Math.clamp(map.pictures().size(), 1, SPRITES_PER_ROW);
            d.g.writeNumberField("perRow", perRow);
            d.g.writeNumberField("tileWidth", map.pictures().getFirst().width());
            d.g.writeNumberField("tileHeight", map.pictures().getFirst().height());
            d.g.writeStringField("sprites", "data:image/png;base64," + Base64.getEncoder().encodeToString(Canvas.ofThumbnails(map, perRow).png()));
            d.classes(map.points(), map.classes(), true);
        });
    }

    private void classes(ScatterPlot.Points points, List<String> names, boolean numbered) throws IOException {
        int classes = Math.max(1, names.size());
        g.writeArrayFieldStart("series");
        for (int c = 0; c < classes; c++) {
            g.writeStartObject();
            g.writeStringField("name", names.isEmpty() ? "" : names.get(c));
            g.writeStringField("colour", Palette.hex(Palette.ofClass(c)));
            int wanted = c;
            int[] places = java.util.stream.IntStream.range(0, points.x().length).filter(i -> points.classes()[i] == wanted).toArray();
            points(points.x(), points.y(), places, numbered ? 1 : 0, FIVE);
            g.writeEndObject();
        }
        g.writeEndArray();
    }

    /** Pairs [x, y], or triples with the point's number. */
    private void points(double[] x, double[] y, int[] places, int numbered, MathContext digits) throws IOException {
        g.writeArrayFieldStart("data");
        int n = places == null ? x.length : places.length;
        for (int k = 0; k < n; k++) {
            int i = places == null ? k : places[k];
            g.writeStartArray();
            number(Show.rounded(x[i], digits));
            number(Show.rounded(y[i], digits));
            if (numbered > 0) {
                g.writeNumber(i);
            }
            g.writeEndArray();
        }
        g.writeEndArray();
    }

    private void segment(String label, double x0, double y0, double x1, double y1) throws IOException {
        g.writeStartObject();
        g.writeStringField("label", label);
        g.writeArrayFieldStart("ends");
        number(x0);
        number(y0);
        number(x1);
        number(y1);
        g.writeEndArray();
        g.writeEndObject();
    }

    private void axis(String field, Axis axis) throws IOException {
        g.writeObjectFieldStart(field);
        g.writeStringField("label", axis.label());
        g.writeBooleanField("log", axis.log());
        g.writeFieldName("low");
        number(axis.low());
        g.writeFieldName("high");
        number(axis.high());
        g.writeEndObject();
    }

    private void texts(String field, List<String> texts) throws IOException {
        g.writeArrayFieldStart(field);
        for (String t : texts) {
            g.writeString(t);
        }
        g.writeEndArray();
    }

    /** JSON has no infinities: they and NaN become null. */
    private void number(double value) throws IOException {
        if (Double.isFinite(value)) {
            g.writeNumber(Decimals.of(value));
        } else {
            g.writeNull();
        }
    }
}
