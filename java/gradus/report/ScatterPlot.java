package gradus.report;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Points in the plane, coloured by class, with arrows where axes are to be shown.
 *
 * @param title   what is shown
 * @param caption what to see in it
 * @param x       horizontal axis
 * @param y       vertical axis
 * @param points  the points
 * @param classes names of the classes, in the order of the legend; one class needs none
 * @param arrows  labelled arrows
 * @param equal   whether a unit is as long on both axes
 */
public record ScatterPlot(String title, String caption, Axis x, Axis y, Points points, List<String> classes, List<Arrow> arrows, boolean equal) implements Figure {
    /** Copies the lists. */
    public ScatterPlot {
        classes = List.copyOf(classes);
        arrows = List.copyOf(arrows);
    }

    /** Points (x[i], y[i]), each of a class, an index into the names. */
    public record Points(double[] x, double[] y, int[] classes) {
        /** Checks the lengths. */
        public Points {
            if (x.length != y.length || x.length != classes.length) {
                throw new IllegalArgumentException("scatter plot: " + x.length + " x, " + y.length + " y and " + classes.length + " classes");
            }
        }

        /** The rows of a table [N, 2]. */
        public static Points of(Tensor table, int[] classes) {
            if (table.rank() != 2 || table.dim(1) != 2) {
                throw new gradus.tensor.ShapeException("scatter plot: wanted points [N, 2], got " + table.shape());
            }
            double[] values = table.toDoubles();
            double[] x = new double[table.dim(0)];
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = values[2 * i];
                y[i] = values[2 * i + 1];
            }
            return new Points(x, y, classes);
        }
    }

    /** An arrow between two points, in the plot's units. */
    public record Arrow(String label, double x0, double y0, double x1, double y1) {
    }

    /** A map of points [N, 2] by class, as embeddings are shown: equal units, axes without meaning. */
    public static ScatterPlot embedding(String title, Tensor points, int[] labels, List<String> classes) {
        return new ScatterPlot(title, "", Axis.of(""), Axis.of(""), Points.of(points, labels), classes, List.of(), true);
    }

    /** Points [N, 2] of one kind. */
    public static ScatterPlot of(String title, Axis x, Axis y, Tensor points) {
        return new ScatterPlot(title, "", x, y, Points.of(points, new int[points.dim(0)]), List.of(), List.of(), false);
    }

    /** The same plot with a caption. */
    public ScatterPlot caption(String text) {
        return new ScatterPlot(title, text, x, y, points, classes, arrows, equal);
    }

    /** The same plot with one more arrow. */
    public ScatterPlot arrow(double x0, double y0, double x1, double y1, String label) {
        List<Arrow> all = new ArrayList<>(arrows);
        all.add(new Arrow(label, x0, y0, x1, y1));
        return new ScatterPlot(title, caption, x, y, points, classes, all, equal);
    }

    /** The same plot with equal units on both axes. */
    public ScatterPlot withEqualUnits() {
        return new ScatterPlot(title, caption, x, y, points, classes, arrows, true);
    }
}
