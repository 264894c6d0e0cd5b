package gradus.data;

import gradus.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images with the number and name of each one's class.
 *
 * @param name    what the data are called in reports
 * @param images  the images
 * @param labels  the class of each image, an index into {@code classes}
 * @param classes names of the classes
 */
public record Dataset(String name, Images images, int[] labels, List<String> classes) {
    /** Checks that there is a label for each image, and a name for each label. */
    public Dataset {
        classes = List.copyOf(classes);
        if (labels.length != images.count()) {
            throw new ShapeException("data set " + name + ": " + images.count() + " images but " + labels.length + " labels");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new ShapeException("data set " + name + ": label " + labels[i] + " of image " + i + " is none of the " + classes.size() + " classes");
            }
        }
    }

    /** Number of images. */
    public int size() {
        return labels.length;
    }

    /** The rows with these numbers, in this order. */
    public Dataset rows(int... numbers) {
        return new Dataset(name, images.rows(numbers), Arrays.stream(numbers).map(i -> labels[i]).toArray(), classes);
    }

    /** The rows {@code from ≤ i < to}. */
    public Dataset range(int from, int to) {
        return new Dataset(name, images.range(from, to), Arrays.copyOfRange(labels, from, to), classes);
    }

    /** The first rows, all of them if there are fewer. */
    public Dataset first(int rows) {
        return range(0, Math.min(rows, size()));
    }

    /** Only the rows of these classes, in file order, with the classes numbered anew in the order given: {@code select(0, 2, 4, 6, 7)}. */
    public Dataset select(int... wanted) {
        int[] renumbered = new int[classes.size()];
        Arrays.fill(renumbered, -1);
        List<String> names = new ArrayList<>();
        for (int c : wanted) {
            if (c < 0 || c >= classes.size() || renumbered[c] >= 0) {
                throw new IllegalArgumentException("data set " + name + ": cannot select classes " + Arrays.toString(wanted) + " of " + classes.size());
            }
            renumbered[c] = names.size();
            names.add(classes.get(c));
        }
        int[] numbers = IntStream.range(0, size()).filter(i -> renumbered[labels[i]] >= 0).toArray();
        return new Dataset(name, images.rows(numbers), Arrays.stream(numbers).map(i -> renumbered[labels[i]]).toArray(), names);
    }

    /** Consecutive parts of these sizes, which together must not pass the end. */
    public List<Dataset> split(int... sizes) {
        List<Dataset> parts = new ArrayList<>();
        int from = 0;
        for (int n : sizes) {
            if (n < 0 || n > size() - from) {
                throw new IllegalArgumentException("data set " + name + ": parts of " + Arrays.toString(sizes) + " rows do not fit " + size());
            }
            parts.add(range(from, from + n));
            from += n;
        }
        return parts;
    }

    /** The number of the first row of each class, in order of class. A class without rows is an error. */
    public int[] firstOfEachClass() {
        int[] first = new int[classes.size()];
        for (int c = 0; c < first.length; c++) {
            int wanted = c;
            first[c] = IntStream.range(0, size()).filter(i -> labels[i] == wanted).findFirst()
                    .orElseThrow(() -> new IllegalStateException("data set " + name + " has no image of class " + classes.get(wanted)));
        }
        return first;
    }

    /** How many rows each class has. */
    public int[] countsOfClasses() {
        int[] counts = new int[classes.size()];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }
}
