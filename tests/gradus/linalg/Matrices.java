package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** Test matrices and plain checks. Nothing here uses the code under test but {@link Matrix} itself. */
final class Matrices {
    static final double EPS = 0x1p-53;

    private Matrices() {
    }

    static Matrix gaussian(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[rows * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextGaussian();
        }
        return Matrix.of(rows, columns, x);
    }

    /** Columns orthonormal to about ε: Gram-Schmidt of a Gaussian matrix, done twice. */
    static Matrix orthonormal(int rows, int columns, long seed) {
        double[][] q = new double[columns][];
        for (int j = 0; j < columns; j++) {
            q[j] = gaussian(1, rows, seed * 31 + j).row(0);
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < j; i++) {
                    double dot = dot(q[i], q[j]);
                    for (int r = 0; r < rows; r++) {
                        q[j][r] -= dot * q[i][r];
                    }
                }
            }
            double norm = Math.sqrt(dot(q[j], q[j]));
            for (int r = 0; r < rows; r++) {
                q[j][r] /= norm;
            }
        }
        return columns == 0 ? Matrix.zeros(rows, 0) : Matrix.ofRows(q).transpose();
    }

    /** Q·diag(λ)·Qᵀ, symmetric to the bit. */
    static Matrix symmetric(int n, IntToDoubleFunction spectrum, long seed) {
        Matrix q = orthonormal(n, n, seed);
        double[] x = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double s = 0;
                for (int k = 0; k < n; k++) {
                    s += q.get(i, k) * spectrum.applyAsDouble(k) * q.get(j, k);
                }
                x[i * n + j] = s;
                x[j * n + i] = s;
            }
        }
        return Matrix.of(n, n, x);
    }

    /** U·diag(σ)·Vᵀ with orthonormal U and V. */
    static Matrix withSingularValues(int rows, int columns, IntToDoubleFunction spectrum, long seed) {
        int k = Math.min(rows, columns);
        Matrix u = orthonormal(rows, k, seed);
        Matrix v = orthonormal(columns, k, seed + 7);
        double[] s = new double[k];
        for (int i = 0; i < k; i++) {
            s[i] = spectrum.applyAsDouble(i);
        }
        return multiply(u.scaledColumns(s), v.transpose());
    }

    /** Product by three plain loops. */
    static Matrix multiply(Matrix a, Matrix b) {
        assertEquals(a.columns(), b.rows());
        double[] c = new double[a.rows() * b.columns()];
        for (int i = 0; i < a.rows(); i++) {
            for (int k = 0; k < a.columns(); k++) {
                double x = a.data()[i * a.columns() + k];
                for (int j = 0; j < b.columns(); j++) {
                    c[i * b.columns() + j] += x * b.data()[k * b.columns() + j];
                }
            }
        }
        return Matrix.of(a.rows(), b.columns(), c);
    }

    static double dot(double[] x, double[] y) {
        double s = 0;
        for (int i = 0; i < x.length; i++) {
            s += x[i] * y[i];
        }
        return s;
    }

    /** Frobenius norm with the largest magnitude divided out. */
    static double norm(Matrix a) {
        double max = a.maxAbs();
        if (max == 0) {
            return 0;
        }
        double s = 0;
        for (double x : a.data()) {
            s += (x / max) * (x / max);
        }
        return max * Math.sqrt(s);
    }

    /** ‖actual − expected‖ ≤ bound·ε·scale, in Frobenius norm. */
    static void assertClose(String what, Matrix expected, Matrix actual, double bound, double scale) {
        assertEquals(expected.shape(), actual.shape(), what);
        double error = norm(actual.minus(expected));
        assertTrue(error <= bound * EPS * scale, () -> what + ": error " + error / (EPS * scale) + " ε·scale, allowed " + bound);
    }

    /** ‖QᵀQ − I‖ ≤ bound·ε for the columns of q. */
    static void assertOrthonormalColumns(String what, Matrix q, double bound) {
        assertClose(what + ": QᵀQ = I", Matrix.identity(q.columns()), multiply(q.transpose(), q), bound, 1);
    }

    static void assertDescending(String what, double[] x) {
        for (int i = 1; i < x.length; i++) {
            int at = i;
            assertTrue(x[i - 1] >= x[i], () -> what + " must descend, but [" + (at - 1) + "] = " + x[at - 1] + " and [" + at + "] = " + x[at]);
        }
    }

    static void assertBits(String what, Matrix expected, Matrix actual) {
        assertEquals(expected.shape(), actual.shape(), what);
        assertBits(what, expected.data(), actual.data());
    }

    static void assertBits(String what, double[] expected, double[] actual) {
        assertArrayEquals(bits(expected), bits(actual), what);
    }

    private static long[] bits(double[] x) {
        long[] out = new long[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = Double.doubleToRawLongBits(x[i]);
        }
        return out;
    }

    /** The entry of the largest magnitude in every column is positive. */
    static void assertCanonicalSigns(String what, Matrix columns) {
        for (int j = 0; j < columns.columns(); j++) {
            double best = 0;
            for (double x : columns.columnAt(j)) {
                best = Math.abs(x) > Math.abs(best) ? x : best;
            }
            assertTrue(best > 0, what + ": largest entry of column " + j + " is negative");
        }
    }
}
