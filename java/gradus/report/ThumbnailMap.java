package gradus.report;

import java.util.List;

/**
 * Pictures placed in the plane, each in the colour of its class and with the class's name beside it: an embedding whose points can be looked at.
 *
 * @param title    what is shown
 * @param caption  what to see in it
 * @param pictures one picture a point, all of one size
 * @param points   their places and classes
 * @param classes  names of the classes
 * @param shades   grey shades: the highest value is drawn in full colour, the lowest is transparent
 */
public record ThumbnailMap(String title, String caption, List<Picture> pictures, ScatterPlot.Points points, List<String> classes, Shades shades) implements Figure {
    /** Copies the lists and checks sizes. */
    public ThumbnailMap {
        pictures = List.copyOf(pictures);
        classes = List.copyOf(classes);
        if (pictures.size() != points.x().length) {
            throw new IllegalArgumentException("thumbnails: " + pictures.size() + " pictures for " + points.x().length + " points");
        }
        Picture first = pictures.isEmpty() ? null : pictures.getFirst();
        if (pictures.stream().anyMatch(p -> p.height() != first.height() || p.width() != first.width())) {
            throw new IllegalArgumentException("thumbnails: the pictures differ in size");
        }
    }

    /** The same map with a caption. */
    public ThumbnailMap caption(String text) {
        return new ThumbnailMap(title, text, pictures, points, classes, shades);
    }
}
