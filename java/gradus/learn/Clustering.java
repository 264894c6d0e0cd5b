package gradus.learn;

import gradus.linalg.Matrix;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/** What {@link KMeans} found: centres, and for every row its nearest centre. */
public final class Clustering {
    private final Matrix centers;
    private final int[] labels;
    private final int[] sizes;
    private final double inertia;
    private final double[] history;
    private final int iterations;
    private final boolean settled;

    Clustering(Matrix centers, int[] labels, int[] sizes, double inertia, double[] history, int iterations, boolean settled) {
        this.centers = centers;
        this.labels = labels;
        this.sizes = sizes;
        this.inertia = inertia;
        this.history = history;
        this.iterations = iterations;
        this.settled = settled;
    }

    /** Rows are the centres, [k, d]. */
    public Matrix centers() {
        return centers;
    }

    /** The nearest centre of every row; of equally near ones the first. A copy. */
    public int[] labels() {
        return labels.clone();
    }

    /** Rows of each cluster. 0 only when fewer than k rows differ. A copy. */
    public int[] sizes() {
        return sizes.clone();
    }

    /** J = Σ ‖xᵢ − c(i)‖². */
    public double inertia() {
        return inertia;
    }

    /**
     * J after every half of a round: entry 2t after the labels of round t + 1 were chosen, entry 2t + 1 after its centres moved. It never rises but by rounding.
     */
    public double[] history() {
        return history.clone();
    }

    /** Rounds that were run. */
    public int iterations() {
        return iterations;
    }

    /** Whether the rounds ended because labels or centres settled, not because there were no more allowed. */
    public boolean settled() {
        return settled;
    }

    /** The nearest centre of each row of x [n, d], in float64. */
    public int[] predict(Tensor x) {
        Matrix rows = Inputs.matrix("k-means predict", x);
        if (rows.columns() != centers.columns()) {
            throw new ShapeException("k-means predict: rows " + rows.shape() + " have " + rows.columns() + " entries, the centres have " + centers.columns());
        }
        int[] nearest = new int[rows.rows()];
        for (int i = 0; i < nearest.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < centers.rows(); j++) {
                double square = WideSums.squaredDistance(rows.data(), i * rows.columns(), centers.data(), j * rows.columns(), rows.columns());
                if (square < least) {
                    least = square;
                    nearest[i] = j;
                }
            }
        }
        return nearest;
    }
}
