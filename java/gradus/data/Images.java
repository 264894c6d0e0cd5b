package gradus.data;

import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * Grey images of one size, one byte a pixel, with the scale on which their values are given out. A fresh value gives the bytes themselves,
 * 0 to 255; {@link #scaledTo} and {@link #normalized} choose another scale. As there are only 256 values, each is computed once.
 */
public final class Images {
    private static final int LEVELS = 256;

    private final byte[] pixels;
    private final int count;
    private final int height;
    private final int width;
    private final float[] scale;

    private Images(byte[] pixels, int count, int height, int width, float[] scale) {
        this.pixels = pixels;
        this.count = count;
        this.height = height;
        this.width = width;
        this.scale = scale;
    }

    /** Images over these bytes, which are not copied: image after image, row after row. */
    public static Images of(byte[] pixels, int count, int height, int width) {
        if (pixels.length != Shape.of(count, height, width).size()) {
            throw new ShapeException("images: " + pixels.length + " pixels do not fill " + Shape.of(count, height, width));
        }
        float[] identity = new float[LEVELS];
        for (int i = 0; i < LEVELS; i++) {
            identity[i] = i;
        }
        return new Images(pixels, count, height, width, identity);
    }

    /** Number of images. */
    public int count() {
        return count;
    }

    /** Rows of pixels. */
    public int height() {
        return height;
    }

    /** Columns of pixels. */
    public int width() {
        return width;
    }

    /** Pixels of one image. */
    public int pixels() {
        return height * width;
    }

    /** One pixel as stored, 0 to 255, whatever the scale. */
    public int raw(int image, int row, int column) {
        return pixels[(image * height + row) * width + column] & 0xff;
    }

    /**
     * The same images with 0 ↦ {@code low} and 255 ↦ {@code high}, by torchvision's steps in float32: x/255, minus m, over s, where
     * m = −low/(high − low) and s = 1/(high − low). So {@code scaledTo(-1, 1)} has the bits of {@code ToTensor(), Normalize((0.5,), (0.5,))}.
     */
    public Images scaledTo(double low, double high) {
        if (!(low < high)) {
            throw new IllegalArgumentException("scaledTo: wanted low < high, got " + low + ", " + high);
        }
        return normalized((float) (-low / (high - low)), (float) (1 / (high - low)));
    }

    /** The same images with every byte x given out as (x/255 − {@code mean})/{@code deviation}, each step rounded to float32. */
    public Images normalized(float mean, float deviation) {
        float[] table = new float[LEVELS];
        for (int i = 0; i < LEVELS; i++) {
            table[i] = (i / 255f - mean) / deviation;
        }
        return new Images(pixels, count, height, width, table);
    }

    /** float32 [count, height·width]. */
    public Tensor flattened() {
        return tensor(Shape.of(count, height * width));
    }

    /** float32 [count, 1, height, width]. */
    public Tensor planes() {
        return tensor(Shape.of(count, 1, height, width));
    }

    private Tensor tensor(Shape shape) {
        float[] out = new float[pixels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = scale[pixels[i] & 0xff];
        }
        return Tensor.over(new Storage.Floats(out), shape);
    }

    /** The images with these numbers, in this order. */
    public Images rows(int... numbers) {
        int size = height * width;
        byte[] out = new byte[Shape.of(numbers.length, height, width).size()];
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] < 0 || numbers[i] >= count) {
                throw new IndexOutOfBoundsException("images: number " + numbers[i] + " of " + count);
            }
            System.arraycopy(pixels, numbers[i] * size, out, i * size, size);
        }
        return new Images(out, numbers.length, height, width, scale);
    }

    /** The images {@code from ≤ i < to}. */
    public Images range(int from, int to) {
        if (from < 0 || to < from || to > count) {
            throw new IndexOutOfBoundsException("images: " + from + ".." + to + " of " + count);
        }
        return new Images(Arrays.copyOfRange(pixels, from * height * width, to * height * width), to - from, height, width, scale);
    }

    /** The bytes behind all images. */
    byte[] bytes() {
        return pixels;
    }

    @Override
    public String toString() {
        return count + " images of " + height + " × " + width;
    }
}
