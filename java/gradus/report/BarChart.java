package gradus.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Bars by category, one group of bars for each series.
 *
 * @param title      what is shown
 * @param caption    what to see in it
 * @param categories names along the axis
 * @param y          the bars' axis
 * @param series     heights by series
 */
public record BarChart(String title, String caption, List<String> categories, Axis y, List<Series> series) implements Figure {
    /** Copies the lists and checks the lengths. */
    public BarChart {
        categories = List.copyOf(categories);
        series = List.copyOf(series);
        for (Series s : series) {
            if (s.heights().length != categories.size()) {
                throw new IllegalArgumentException("bar chart: series '" + s.name() + "' has " + s.heights().length + " bars for " + categories.size() + " categories");
            }
        }
    }

    /** One bar for each category. */
    public record Series(String name, double[] heights) {
    }

    /** A chart without bars yet. */
    public static BarChart of(String title, List<String> categories, Axis y) {
        return new BarChart(title, "", categories, y, List.of());
    }

    /** The same chart with a caption. */
    public BarChart caption(String text) {
        return new BarChart(title, text, categories, y, series);
    }

    /** The same chart with one more series. */
    public BarChart bars(String name, double[] heights) {
        List<Series> all = new ArrayList<>(series);
        all.add(new Series(name, heights));
        return new BarChart(title, caption, categories, y, all);
    }
}
