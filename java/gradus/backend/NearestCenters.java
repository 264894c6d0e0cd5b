package gradus.backend;

/** Rows that a device keeps, and gives their nearest centres: what {@code gradus.learn.Lloyd} decides, to the label. */
public interface NearestCenters extends AutoCloseable {
    /**
     * labels[i] = the j with the smallest Σ (x − c)² between row i and centre j, worked out in float64 in the order of {@code gradus.learn.WideSums}; the first of several.
     *
     * @param centers one after the other, each as long as a row
     */
    void assign(double[] centers, int[] labels);

    @Override
    void close();
}
