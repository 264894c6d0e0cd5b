package gradus.experiments;

import gradus.data.Dataset;
import gradus.data.Mnist;
import gradus.learn.Classification;
import gradus.nn.ActivationLayer;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.report.Heatmap;
import gradus.report.Picture;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The digits 0, 2, 4, 6 and 7 of MNIST in three parts, and the networks on them, as four experiments share them. */
final class FiveDigits {
    /** Rows and columns of an image. */
    static final int SIDE = 28;
    /** Numbers in an image. */
    static final int PIXELS = SIDE * SIDE;

    private static final int[] DIGITS = {0, 2, 4, 6, 7};

    /** Names of the classes. */
    static final List<String> CLASSES = Arrays.stream(DIGITS).mapToObj(Integer::toString).toList();

    /** How the parts are made, for reports. */
    static final String SPLIT_NOTE = "The source states no sizes for its parts. Here each digit gives its first 2,277 images of MNIST's training file to training, the next 759 to validation and the next "
            + "759 to the test: 11,385, 3,795 and 3,795 images, a division by 3 : 1 : 1. Pixels are divided by 255. The quick run takes smaller parts of MNIST's test file, which is in the jar.";

    private FiveDigits() {
    }

    /** The settings of the parts. */
    static List<Setting> settings() {
        return List.of(
                Setting.of("trainPerDigit", 2_277, 300, "training images of each digit").inRepro(8),
                Setting.of("heldPerDigit", 759, 150, "images of each digit for validation, and as many for the test").inRepro(4));
    }

    /**
     * One part of the images.
     *
     * @param name    training, validation or test
     * @param images  [N, 784], 0 to 1
     * @param targets [N, 5], 1 for the class and 0 for the others
     * @param labels  the class of each image
     */
    record Part(String name, Tensor images, Tensor targets, int[] labels) {
        static Part of(String name, Dataset data) {
            Tensor targets = Tensor.zeros(DType.FLOAT32, Shape.of(data.size(), CLASSES.size()));
            for (int i = 0; i < data.size(); i++) {
                targets.floats()[i * CLASSES.size() + data.labels()[i]] = 1;
            }
            return new Part(name, data.images().scaledTo(0, 1).flattened(), targets, data.labels());
        }

        /** The same part with other rows in the place of its images, such as their codes. */
        Part with(Tensor rows) {
            return new Part(name, rows, targets, labels);
        }

        int size() {
            return labels.length;
        }

        /** The first image of each class. */
        Tensor firstOfEachClass() {
            Tensor first = Tensor.zeros(DType.FLOAT32, Shape.of(CLASSES.size(), images.dim(1)));
            for (int c = 0; c < CLASSES.size(); c++) {
                int wanted = c;
                int row = IntStream.range(0, size()).filter(i -> labels[i] == wanted).findFirst().orElseThrow();
                System.arraycopy(images.floats(), images.offset() + row * images.dim(1), first.floats(), c * images.dim(1), images.dim(1));
            }
            return first;
        }
    }

    /** The three parts. */
    record Split(Part training, Part validation, Part test) {
        List<Part> parts() {
            return List.of(training, validation, test);
        }
    }

    /** The parts of a run, each class in file order. */
    static Split split(Run run) {
        Dataset all = run.data(run.quick() ? Mnist.TEST : Mnist.TRAIN).select(DIGITS);
        int train = run.integer("trainPerDigit");
        int held = run.integer("heldPerDigit");
        return new Split(Part.of("training", rows(all, 0, train)), Part.of("validation", rows(all, train, train + held)),
                Part.of("test", rows(all, train + held, train + 2 * held)));
    }

    /** Of each class the images from ≤ i &lt; to, in file order. */
    private static Dataset rows(Dataset all, int from, int to) {
        int[] seen = new int[CLASSES.size()];
        int[] numbers = IntStream.range(0, all.size()).filter(i -> {
            int place = seen[all.labels()[i]]++;
            return place >= from && place < to;
        }).toArray();
        if (numbers.length != CLASSES.size() * (to - from)) {
            throw new IllegalArgumentException("five digits: " + all + " holds too few images of a digit for those from " + from + " to " + to);
        }
        return all.rows(numbers);
    }

    /** A network through these sizes with a nonlinearity between the layers and none after the last, initialised as Keras does. */
    static Sequential network(RandomStream random, ActivationLayer between, int... sizes) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            layers.add(Linear.keras(sizes[i], sizes[i + 1], random));
            if (i + 2 < sizes.length) {
                layers.add(between);
            }
        }
        return new Sequential(layers);
    }

    /** How well a classifier tells the classes of a part. */
    static Classification classify(Run run, Layer model, Part part) {
        return Classification.of(part.labels(), Classification.decide(run.predict(model, part.images())), CLASSES.size());
    }

    /** A confusion matrix as a heat map. */
    static Heatmap confusion(String title, Classification found) {
        int[][] counts = Arrays.stream(found.confusion()).map(row -> Arrays.stream(row).mapToInt(Math::toIntExact).toArray()).toArray(int[][]::new);
        return Heatmap.confusion(title, CLASSES, counts);
    }

    /** Rows as images. */
    static List<Picture> pictures(Tensor rows) {
        return Picture.all(rows, SIDE, SIDE);
    }
}
