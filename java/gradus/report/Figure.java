package gradus.report;

/**
 * Something that a report shows: a value, made by an experiment, drawn by {@link HtmlReport}.
 */
public sealed interface Figure permits BarChart, Heatmap, ImageGrid, LineChart, Panels, ScatterPlot, TableFigure, ThumbnailMap {
    /** What is shown, in a few words. */
    String title();

    /** What the reader is to see in it; may be empty. */
    String caption();
}
