package gradus.learn;

import gradus.linalg.Matrix;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/** Checks that every algorithm of this package makes of its data, in one wording. */
final class Inputs {
    private Inputs() {
    }

    /** The tensor as a float64 matrix with an array of its own. */
    static Matrix matrix(String operation, Tensor x) {
        requireRows(operation, x);
        return requireFinite(operation, Matrix.of(x.dim(0), x.dim(1), x.toDoubles()));
    }

    /** The tensor as row-major float32 values in an array of its own. */
    static float[] floats(String operation, Tensor x) {
        requireRows(operation, x);
        float[] out = x.toFloats();
        for (int i = 0; i < out.length; i++) {
            if (!Float.isFinite(out[i])) {
                throw notFinite(operation, i / x.dim(1), i % x.dim(1), x.shape().toString(), out[i]);
            }
        }
        return out;
    }

    private static void requireRows(String operation, Tensor x) {
        if (x.rank() != 2) {
            throw new ShapeException(operation + ": data " + x.shape() + " has " + x.rank() + " axes; rows of features [n, d] are wanted");
        }
    }

    /** The matrix itself, if no entry is NaN or infinite. */
    static Matrix requireFinite(String operation, Matrix x) {
        double[] data = x.data();
        for (int i = 0; i < data.length; i++) {
            if (!Double.isFinite(data[i])) {
                throw notFinite(operation, i / x.columns(), i % x.columns(), x.shape(), data[i]);
            }
        }
        return x;
    }

    private static IllegalArgumentException notFinite(String operation, int row, int column, String shape, double value) {
        return new IllegalArgumentException(operation + ": entry (" + row + ", " + column + ") of the data " + shape + " is " + value
                + "; every entry must be finite");
    }
}
