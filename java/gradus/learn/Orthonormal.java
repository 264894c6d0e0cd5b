package gradus.learn;

import gradus.linalg.Matrix;
import gradus.numerics.Sums;

/** Makes rows orthonormal in place, by Gram and Schmidt's process done twice (Kahan: twice is enough). */
final class Orthonormal {
    private Orthonormal() {
    }

    /** Keeps the directions of the first {@code meant} rows as far as orthogonality allows, replaces the others, and sets canonical signs. */
    static void makeRows(Matrix rows, int meant) {
        int axis = 0;
        for (int i = 0; i < rows.rows(); i++) {
            boolean done = i < meant && project(rows, i);
            while (!done) {
                // At least one unit vector keeps a length of √(1 − i/d) outside the i rows before it, so this ends before the axes do.
                setAxis(rows, i, axis++ % rows.columns());
                done = project(rows, i);
            }
            if (isNegative(rows, i)) {
                scale(rows, i, -1);
            }
        }
    }

    private static void setAxis(Matrix rows, int i, int axis) {
        int d = rows.columns();
        java.util.Arrays.fill(rows.data(), i * d, (i + 1) * d, 0);
        rows.data()[i * d + axis] = 1;
    }

    /** Takes the rows above away from row i and scales it to length 1; false when next to nothing is left. */
    private static boolean project(Matrix rows, int i) {
        double first = normalise(rows, i);
        if (first == 0) {
            return false;
        }
        for (int pass = 0; pass < 2; pass++) {
            for (int j = 0; j < i; j++) {
                subtract(rows, i, j);
            }
            double left = normalise(rows, i);
            // 1/√(4d): a unit vector that a complete search accepts keeps at least 1/√d.
            if (left * left * 4 * rows.columns() < 1) {
                return false;
            }
        }
        return true;
    }

    private static void subtract(Matrix rows, int i, int j) {
        int d = rows.columns();
        double[] x = rows.data();
        double dot = Sums.dot(x, i * d, 1, x, j * d, 1, d);
        for (int c = 0; c < d; c++) {
            x[i * d + c] = Math.fma(-dot, x[j * d + c], x[i * d + c]);
        }
    }

    private static double normalise(Matrix rows, int i) {
        int d = rows.columns();
        double norm = Math.sqrt(Sums.dot(rows.data(), i * d, 1, rows.data(), i * d, 1, d));
        if (norm > 0) {
            scale(rows, i, 1 / norm);
        }
        return norm;
    }

    private static void scale(Matrix rows, int i, double factor) {
        for (int c = i * rows.columns(); c < (i + 1) * rows.columns(); c++) {
            rows.data()[c] *= factor;
        }
    }

    private static boolean isNegative(Matrix rows, int i) {
        double best = 0;
        for (int c = i * rows.columns(); c < (i + 1) * rows.columns(); c++) {
            best = Math.abs(rows.data()[c]) > Math.abs(best) ? rows.data()[c] : best;
        }
        return best < 0;
    }
}
