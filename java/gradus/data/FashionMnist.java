package gradus.data;

import gradus.data.DatasetSource.DataFile;
import java.net.URI;
import java.util.List;

/** Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747): 28 × 28 grey images of ten kinds of clothing. The test set is in the jar. */
public final class FashionMnist {
    private static final List<String> CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");
    private static final List<URI> ADDRESSES = List.of(
            URI.create("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            URI.create("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
            URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"));
    private static final String LICENCE = "MIT, © 2017 Zalando SE";

    /** The 10,000 test images. */
    public static final DatasetSource TEST = new DatasetSource("Fashion-MNIST, 10,000 test images", "fashion-mnist",
            new DataFile("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new DataFile("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
            true, CLASSES, ADDRESSES, null, LICENCE);

    /** The 60,000 training images. */
    public static final DatasetSource TRAIN = new DatasetSource("Fashion-MNIST, 60,000 training images", "fashion-mnist",
            new DataFile("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new DataFile("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            false, CLASSES, ADDRESSES, null, LICENCE);

    private FashionMnist() {
    }
}
