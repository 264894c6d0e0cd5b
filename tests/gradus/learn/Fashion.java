package gradus.learn;

import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Rows of the Fashion-MNIST test set that ships with the project, for tests. */
final class Fashion {
    private static final String FOLDER = "/gradus/data/fashion-mnist/";

    private Fashion() {
    }

    /** The first rows, [n, 784], pixels 0 to 255, float32. */
    static Tensor images(int n) {
        byte[] bytes = bytes("t10k-images-idx3-ubyte.gz", 16, n * 784);
        float[] x = new float[bytes.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = bytes[i] & 0xff;
        }
        return Tensor.of(x, n, 784);
    }

    private static byte[] bytes(String name, int skip, int count) {
        try (InputStream in = new GZIPInputStream(Fashion.class.getResourceAsStream(FOLDER + name))) {
            in.skipNBytes(skip);
            return in.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
