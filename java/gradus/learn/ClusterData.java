package gradus.learn;

import gradus.linalg.Matrix;
import gradus.numerics.Sums;

/**
 * Rows to cluster, less their mean, which no distance notices: as float32, in which labels are mostly decided, with the squared norm of every row.
 *
 * @param rows     the rows [n, d] as float32
 * @param norms    squared norms of the float32 rows, rounded to float32
 * @param mean     what was taken away from the data
 * @param variance mean variance of a feature
 * @param total    Σ‖x‖² over all rows
 */
record ClusterData(int n, int d, float[] rows, float[] norms, double[] mean, double variance, double total) {
    private static final double LARGEST = 0x1p60;
    private static final double SMALLEST = 0x1p-60;

    /** Centres the matrix in place and rounds it to float32. */
    static ClusterData of(String operation, Matrix x) {
        int n = x.rows();
        int d = x.columns();
        if (n < 1 || d < 1) {
            throw new IllegalArgumentException(operation + ": data " + x.shape() + " is empty");
        }
        double[] mean = Columns.means(x);
        Columns.subtract(x, mean);
        double max = x.maxAbs();
        if (max > LARGEST || max != 0 && max < SMALLEST) {
            throw new IllegalArgumentException(operation + ": the data varies by " + max + "; wanted from 2^-60 to 2^60, scale it");
        }
        float[] rows = new float[x.data().length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) x.data()[i];
        }
        float[] norms = new float[n];
        double[] exact = new double[n];
        for (int i = 0; i < n; i++) {
            exact[i] = WideSums.squares(rows, i * d, d);
            norms[i] = (float) exact[i];
        }
        double total = Sums.sum(exact, 0, 1, n);
        return new ClusterData(n, d, rows, norms, mean, total / n / d, total);
    }

    /** Σ (x − c)² in float64 for row i and row j of the centres. */
    double squaredDistance(int i, double[] centers, int j) {
        return WideSums.squaredDistance(rows, i * d, centers, j * d, d);
    }
}
