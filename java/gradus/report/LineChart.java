package gradus.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Curves over a common axis, with reference lines.
 *
 * @param title      what is shown
 * @param caption    what to see in it
 * @param x          horizontal axis
 * @param y          vertical axis
 * @param series     the curves, in the order of the legend
 * @param references lines to compare with
 */
public record LineChart(String title, String caption, Axis x, Axis y, List<Series> series, List<Reference> references) implements Figure {
    /** Copies the lists. */
    public LineChart {
        series = List.copyOf(series);
        references = List.copyOf(references);
    }

    /** How a curve is drawn. */
    public enum Stroke {
        /** A line. */
        SOLID,
        /** A broken line. */
        DASHED,
        /** Points without a line. */
        POINTS
    }

    /** A curve through (x[i], y[i]); values that are not finite leave a gap. */
    public record Series(String name, double[] x, double[] y, Stroke stroke) {
        /** Checks that there are as many x as y. */
        public Series {
            if (x.length != y.length) {
                throw new IllegalArgumentException("line chart: series '" + name + "' has " + x.length + " x and " + y.length + " y");
            }
        }
    }

    /** A straight line through two points, in the chart's units; an infinite coordinate stands for the edge of the chart. */
    public record Reference(String label, double x0, double y0, double x1, double y1) {
    }

    /** A chart without curves yet. */
    public static LineChart of(String title, Axis x, Axis y) {
        return new LineChart(title, "", x, y, List.of(), List.of());
    }

    /** The same chart with a caption. */
    public LineChart caption(String text) {
        return new LineChart(title, text, x, y, series, references);
    }

    /** The same chart with one more curve. */
    public LineChart line(String name, double[] xs, double[] ys) {
        return with(new Series(name, xs, ys, Stroke.SOLID));
    }

    /** The same chart with one more curve over 1, 2, 3, … */
    public LineChart line(String name, double[] ys) {
        return with(new Series(name, counting(ys.length), ys, Stroke.SOLID));
    }

    /** The same chart with one more dashed curve. */
    public LineChart dashed(String name, double[] xs, double[] ys) {
        return with(new Series(name, xs, ys, Stroke.DASHED));
    }

    /** The same chart with one more set of points. */
    public LineChart points(String name, double[] xs, double[] ys) {
        return with(new Series(name, xs, ys, Stroke.POINTS));
    }

    /** The same chart with one more curve. */
    public LineChart with(Series more) {
        List<Series> all = new ArrayList<>(series);
        all.add(more);
        return new LineChart(title, caption, x, y, all, references);
    }

    /** The same chart with a horizontal line. */
    public LineChart horizontal(double at, String label) {
        return through(Double.NEGATIVE_INFINITY, at, Double.POSITIVE_INFINITY, at, label);
    }

    /** The same chart with a vertical line. */
    public LineChart vertical(double at, String label) {
        return through(at, Double.NEGATIVE_INFINITY, at, Double.POSITIVE_INFINITY, label);
    }

    /** The same chart with a straight line from one point to another. */
    public LineChart through(double x0, double y0, double x1, double y1, String label) {
        List<Reference> all = new ArrayList<>(references);
        all.add(new Reference(label, x0, y0, x1, y1));
        return new LineChart(title, caption, x, y, series, all);
    }

    private static double[] counting(int n) {
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = i + 1;
        }
        return out;
    }
}
