package gradus.learn;

import gradus.linalg.Matrix;
import gradus.numerics.Sums;

/** Sums over the rows of a matrix, column by column, in the order of the numeric contract. */
final class Columns {
    private static final int CHUNK = Sums.CHUNK;
    private static final int LANES = Sums.LANES;

    private Columns() {
    }

    /** The mean of every column: chunks of 4096 rows, 16 virtual lanes (row mod 16) in each, folded pairwise, chunks added in order. */
    static double[] means(Matrix x) {
        int d = x.columns();
        double[] total = new double[d];
        double[] lanes = new double[LANES * d];
        for (int from = 0; from < x.rows(); from += CHUNK) {
            java.util.Arrays.fill(lanes, 0);
            for (int i = from; i < Math.min(x.rows(), from + CHUNK); i++) {
                addRow(x.data(), i * d, lanes, (i - from) % LANES * d, d);
            }
            for (int half = LANES / 2; half > 0; half /= 2) {
                addRow(lanes, half * d, lanes, 0, half * d);
            }
            addRow(lanes, 0, total, 0, d);
        }
        for (int j = 0; j < d; j++) {
            total[j] /= x.rows();
        }
        return total;
    }

    private static void addRow(double[] from, int fromOffset, double[] to, int toOffset, int n) {
        for (int j = 0; j < n; j++) {
            to[toOffset + j] += from[fromOffset + j];
        }
    }

    /** The rows less a vector, in fresh memory. */
    static Matrix minus(Matrix x, double[] center) {
        Matrix out = x.copy();
        subtract(out, center);
        return out;
    }

    /** The rows less a vector, in place. */
    static void subtract(Matrix x, double[] center) {
        double[] data = x.data();
        for (int i = 0, at = 0; i < x.rows(); i++) {
            for (int j = 0; j < center.length; j++, at++) {
                data[at] -= center[j];
            }
        }
    }

    /** The rows plus a vector, in place. */
    static void add(Matrix x, double[] center) {
        for (int i = 0; i < x.rows(); i++) {
            addRow(center, 0, x.data(), i * center.length, center.length);
        }
    }
}
