package gradus.report;

import java.util.List;

/**
 * Figures side by side, under one number.
 *
 * @param title   what is shown
 * @param caption what to see in it
 * @param figures the panels; none of them holds panels itself
 */
public record Panels(String title, String caption, List<Figure> figures) implements Figure {
    /** Copies the list and checks the kinds. */
    public Panels {
        figures = List.copyOf(figures);
        if (figures.stream().anyMatch(Panels.class::isInstance)) {
            throw new IllegalArgumentException("panels: a panel cannot hold panels");
        }
    }

    /** Figures side by side. */
    public static Panels of(String title, Figure... figures) {
        return new Panels(title, "", List.of(figures));
    }

    /** The same panels with a caption. */
    public Panels caption(String text) {
        return new Panels(title, text, figures);
    }
}
