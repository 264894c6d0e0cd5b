package gradus.report;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of pictures under common column captions.
 *
 * @param title   what is shown
 * @param caption what to see in it
 * @param columns captions of the columns; empty for none
 * @param rows    the rows
 */
public record ImageGrid(String title, String caption, List<String> columns, List<Row> rows) implements Figure {
    /** Copies the lists. */
    public ImageGrid {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * A row of pictures.
     *
     * @param caption  what they are; may be empty
     * @param pictures the pictures
     * @param notes    a word under each picture; empty for none
     * @param shades   which value is which colour
     */
    public record Row(String caption, List<Picture> pictures, List<String> notes, Shades shades) {
        /** Copies the lists and checks the lengths. */
        public Row {
            pictures = List.copyOf(pictures);
            notes = List.copyOf(notes);
            if (!notes.isEmpty() && notes.size() != pictures.size()) {
                throw new IllegalArgumentException("image grid: " + notes.size() + " notes for " + pictures.size() + " pictures");
            }
        }
    }

    /** A grid without rows yet. */
    public static ImageGrid of(String title) {
        return new ImageGrid(title, "", List.of(), List.of());
    }

    /** The same grid with a caption. */
    public ImageGrid caption(String text) {
        return new ImageGrid(title, text, columns, rows);
    }

    /** The same grid with captions over its columns. */
    public ImageGrid columns(List<String> captions) {
        return new ImageGrid(title, caption, captions, rows);
    }

    /** The same grid with one more row. */
    public ImageGrid row(String name, List<Picture> pictures, Shades shades) {
        return row(name, pictures, List.of(), shades);
    }

    /** The same grid with one more row, and a word under each picture. */
    public ImageGrid row(String name, List<Picture> pictures, List<String> notes, Shades shades) {
        List<Row> all = new ArrayList<>(rows);
        all.add(new Row(name, pictures, notes, shades));
        return new ImageGrid(title, caption, columns, all);
    }

    /** The same grid with the pictures of a tensor ({@link Picture#all}) in rows of {@code perRow}, without captions. */
    public ImageGrid wrapped(Tensor images, int height, int width, int perRow, Shades shades) {
        ImageGrid out = this;
        List<Picture> pictures = Picture.all(images, height, width);
        for (int i = 0; i < pictures.size(); i += perRow) {
            out = out.row("", pictures.subList(i, Math.min(pictures.size(), i + perRow)), shades);
        }
        return out;
    }

    /** Number of pictures. */
    int count() {
        return rows.stream().mapToInt(r -> r.pictures().size()).sum();
    }
}
