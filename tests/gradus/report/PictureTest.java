package gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Pictures, their shades, and PNG read back by the platform's reader. */
class PictureTest {
    @Property(tries = 150)
    void pngKeepsEveryPixel(@ForAll @IntRange(min = 1, max = 40) int width, @ForAll @IntRange(min = 1, max = 40) int height, @ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int channels : new int[] {1, 3, 4}) {
            byte[] pixels = new byte[width * height * channels];
            random.nextBytes(pixels);
            BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.of(pixels, width, height, channels)));
            assertEquals(width, read.getWidth());
            assertEquals(height, read.getHeight());
            for (int i = 0; i < width * height; i++) {
                for (int c = 0; c < channels; c++) {
                    assertEquals(pixels[i * channels + c] & 0xff, read.getRaster().getSample(i % width, i / width, c));
                }
            }
        }
    }

    @Test
    void greyPicturesAreStoredAsGrey() throws IOException {
        byte[] rgb = new byte[30];
        java.util.Arrays.fill(rgb, (byte) 77);
        assertEquals(1, ImageIO.read(new ByteArrayInputStream(Png.of(rgb, 5, 2, 3))).getRaster().getNumBands());
        assertThrows(IllegalArgumentException.class, () -> Png.of(rgb, 5, 3, 3));
    }

    private static int[] painted(Shades shades, float... values) {
        byte[] rgb = shades.paint(new Picture(1, values.length, values));
        int[] out = new int[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
        }
        return out;
    }

    private static void assertPainted(Shades shades, float[] values, int... colours) {
        assertEquals(List.of(hex(colours)), List.of(hex(painted(shades, values))));
    }

    private static String hex(int[] colours) {
        return java.util.Arrays.stream(colours).mapToObj(Palette::hex).toList().toString();
    }

    @Test
    void shadesFollowTheirRule() {
        assertPainted(Shades.grey(0, 255), new float[] {-5, 0, 128, 255, 300}, 0, 0, 0x808080, 0xffffff, 0xffffff);
        assertPainted(Shades.greyByPicture(), new float[] {2, 3, 4}, 0, 0x808080, 0xffffff);
        assertPainted(Shades.greyByPicture(), new float[] {2, 2}, 0, 0);
        assertPainted(Shades.diverging(2), new float[] {-2, 0, 2, Float.NaN}, 0x2166ac, 0xf7f7f7, 0xb2182b, 0xff00ff);
        assertPainted(Shades.divergingByPicture(), new float[] {0, 4, -1}, 0xf7f7f7, 0xb2182b, painted(Shades.diverging(4), -1)[0]);
        Shades row = Shades.greyByRow().forRow(List.of(new Picture(1, 1, new float[] {1}), new Picture(1, 1, new float[] {3})));
        assertPainted(row, new float[] {1, 2, 3}, 0, 0x808080, 0xffffff);
        assertEquals("1 black to 3 white", row.words());
        assertThrows(IllegalArgumentException.class, () -> Shades.grey(1, 1));
    }

    @Test
    void picturesComeOutOfTensors() {
        Tensor images = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2);
        assertEquals(6, Picture.all(images, 2, 2).get(1).values()[1]);
        assertThrows(ShapeException.class, () -> Picture.all(images, 3, 2));
        assertThrows(ShapeException.class, () -> new Picture(2, 2, new float[3]));
    }

    @Test
    void gridsAreComposedWithGaps() throws IOException {
        ImageGrid grid = ImageGrid.of("g").wrapped(Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 3, 2), 1, 2, 2, Shades.grey(0, 5));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Canvas.ofGrid(grid, 2).png()));
        assertEquals(2 * 4 + 4, image.getWidth());
        assertEquals(2 * 2 + 4, image.getHeight());
        assertEquals(0xff000000 | 0x999999, image.getRGB(11, 1));
        assertEquals(0, image.getRGB(5, 1) >>> 24, "the gap is transparent");
        assertEquals(0xffffffff, image.getRGB(3, 7));
    }

    @Test
    void thumbnailsAreInkOfTheirClass() throws IOException {
        ThumbnailMap map = new ThumbnailMap("m", "", Picture.all(Tensor.of(new float[] {0, 1, 1, 0}, 2, 2), 1, 2),
                new ScatterPlot.Points(new double[] {0, 1}, new double[] {0, 1}, new int[] {0, 1}), List.of("a", "b"), Shades.grey(0, 1));
        BufferedImage sprites = ImageIO.read(new ByteArrayInputStream(Canvas.ofThumbnails(map, 2).png()));
        assertEquals(0, sprites.getRGB(0, 0) >>> 24);
        assertEquals(0xff000000 | Palette.ofClass(0), sprites.getRGB(1, 0));
        assertEquals(0xff000000 | Palette.ofClass(1), sprites.getRGB(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new ThumbnailMap("m", "", map.pictures().subList(0, 1), map.points(), map.classes(), map.shades()));
    }
}
