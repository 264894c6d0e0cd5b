package gradus.report;


/** Pixels with red, green, blue and opacity, onto which pictures are put. */
final class Canvas {
    private final int width;
    private final int height;
    private final byte[] rgba;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.rgba = new byte[width * height * 4];
    }

    /** A grid's pictures, each pixel {@code zoom} pixels wide, without captions. */
    static Canvas ofGrid(ImageGrid grid, int zoom) {
        int gap = zoom > 1 ? 2 * zoom : 1;
        int wide = 0;
        int high = -gap;
        for (ImageGrid.Row row : grid.rows()) {
            int across = row.pictures().stream().mapToInt(p -> p.width() * zoom + gap).sum() - gap;
            wide = Math.max(wide, across);
            high += row.pictures().stream().mapToInt(p -> p.height() * zoom).max().orElse(0) + gap;
        }
        Canvas canvas = new Canvas(Math.max(1, wide), Math.max(1, high));
        int top = 0;
        for (ImageGrid.Row row : grid.rows()) {
            Shades shades = row.shades().forRow(row.pictures());
            int left = 0;
            int tallest = 0;
            for (Picture p : row.pictures()) {
                canvas.put(shades.paint(p), p.width(), p.height(), left, top, zoom);
                left += p.width() * zoom + gap;
                tallest = Math.max(tallest, p.height() * zoom);
            }
            top += tallest + gap;
        }
        return canvas;
    }

    private void put(byte[] rgb, int w, int h, int left, int top, int zoom) {
        for (int y = 0; y < h * zoom; y++) {
            for (int x = 0; x < w * zoom; x++) {
                int from = (y / zoom * w + x / zoom) * 3;
                int to = ((top + y) * width + left + x) * 4;
                System.arraycopy(rgb, from, rgba, to, 3);
                rgba[to + 3] = (byte) 255;
            }
        }
    }

    /** The thumbnails of a map in rows of {@code perRow}, in the colours of their classes: what is bright in the picture is opaque here. */
    static Canvas ofThumbnails(ThumbnailMap map, int perRow) {
        Picture first = map.pictures().getFirst();
        int rows = (map.pictures().size() + perRow - 1) / perRow;
        Canvas canvas = new Canvas(first.width() * perRow, first.height() * rows);
        Shades shades = map.shades().forRow(map.pictures());
        for (int i = 0; i < map.pictures().size(); i++) {
            canvas.stamp(map.pictures().get(i), shades, Palette.ofClass(map.points().classes()[i]), i % perRow * first.width(), i / perRow * first.height());
        }
        return canvas;
    }

    /** The thumbnails of a map at their places, on white. */
    static Canvas ofMap(ThumbnailMap map, int side) {
        Canvas canvas = new Canvas(side, side);
        java.util.Arrays.fill(canvas.rgba, (byte) 255);
        Shades shades = map.shades().forRow(map.pictures());
        double[] x = map.points().x();
        double[] y = map.points().y();
        double[] xEnds = ends(x);
        double[] yEnds = ends(y);
        double span = Math.max(Math.max(xEnds[1] - xEnds[0], yEnds[1] - yEnds[0]), Double.MIN_NORMAL);
        for (int i = 0; i < x.length; i++) {
            Picture p = map.pictures().get(i);
            int left = (int) ((x[i] - (xEnds[0] + xEnds[1]) / 2) / span * (side - p.width()) + (side - p.width()) / 2.0);
            int top = (int) (((yEnds[0] + yEnds[1]) / 2 - y[i]) / span * (side - p.height()) + (side - p.height()) / 2.0);
            canvas.stamp(p, shades, Palette.ofClass(map.points().classes()[i]), left, top);
        }
        return canvas;
    }

    private static double[] ends(double[] values) {
        return new double[] {java.util.Arrays.stream(values).filter(Double::isFinite).min().orElse(0), java.util.Arrays.stream(values).filter(Double::isFinite).max().orElse(0)};
    }

    /** Lays ink of one colour over what is there; the picture's brightness is the ink's opacity. */
    private void stamp(Picture picture, Shades shades, int colour, int left, int top) {
        byte[] grey = shades.paint(picture);
        for (int i = 0; i < picture.values().length; i++) {
            int x = left + i % picture.width();
            int y = top + i / picture.width();
            if (x < 0 || y < 0 || x >= width || y >= height) {
                continue;
            }
            int to = (y * width + x) * 4;
            int ink = grey[3 * i] & 0xff;
            int under = rgba[to + 3] & 0xff;
            int opacity = ink + under * (255 - ink) / 255;
            for (int c = 0; c < 3 && opacity > 0; c++) {
                int fresh = colour >> 16 - 8 * c & 0xff;
                int old = rgba[to + c] & 0xff;
                rgba[to + c] = (byte) ((fresh * ink + old * (under * (255 - ink) / 255)) / opacity);
            }
            rgba[to + 3] = (byte) opacity;
        }
    }

    /** This canvas as a file; opaque everywhere, it needs no channel for opacity. */
    byte[] png() {
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            if (rgba[4 * i + 3] != (byte) 255) {
                return Png.of(rgba, width, height, 4);
            }
            System.arraycopy(rgba, 4 * i, rgb, 3 * i, 3);
        }
        return Png.of(rgb, width, height, 3);
    }
}
