package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import gradus.tensor.ShapeException;

/**
 * A = Uᵀ·U with U upper triangular and a positive diagonal, for a symmetric positive definite matrix (Golub and Van Loan, section 4.2).
 *
 * <p>Every entry of U is one fma chain, a[i, j] − Σₖ u[k, i]·u[k, j] with k ascending, then one division (a square root on the diagonal);
 * blocks and threads cannot change it. Only the upper triangle of A is read.
 */
public final class Cholesky {
    private static final String NAME = "cholesky";
    private static final int BLOCK = 64;

    private final int n;
    private final double[] u;
    private final int exponent;
    private final Workers workers;

    private Cholesky(int n, double[] u, int exponent, Workers workers) {
        this.n = n;
        this.u = u;
        this.exponent = exponent;
        this.workers = workers;
    }

    /**
     * Factors a symmetric positive definite matrix, on one thread.
     *
     * @throws ShapeException when a is not square
     * @throws IllegalArgumentException when an entry is not finite
     * @throws SingularMatrixException when a is not positive definite to working accuracy
     */
    public static Cholesky of(Matrix a) {
        return of(a, new Workers(1));
    }

    /** Factors a symmetric positive definite matrix; errors as for {@link #of(Matrix)}. */
    public static Cholesky of(Matrix a, Workers workers) {
        Scaled scaled = Scaled.evenly(a.requireSquare(NAME).requireFinite(NAME));
        int n = a.rows();
        double[] u = scaled.matrix().data().clone();
        int pivot = factor(u, 0, n, n, workers);
        if (pivot >= 0) {
            throw new SingularMatrixException(NAME + ": matrix " + a.shape() + " is not positive definite: pivot " + pivot + " is not positive");
        }
        for (int i = 0; i < n; i++) {
            java.util.Arrays.fill(u, i * n, i * n + i, 0);
        }
        return new Cholesky(n, u, scaled.exponent(), workers);
    }

    /**
     * Factors in place the n × n matrix whose rows begin {@code stride} apart at {@code offset}: the upper triangle becomes U, the rest stays.
     * For callers with many small matrices; the entries should be of moderate size.
     *
     * @return the first pivot that is not positive, where the factorization stopped, or −1 when all are
     */
    public static int factor(double[] a, int offset, int n, int stride) {
        return factor(a, offset, n, stride, new Workers(1));
    }

    private static int factor(double[] a, int offset, int n, int stride, Workers workers) {
        double[] column = new double[Math.min(n, BLOCK)];
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(n, from + BLOCK);
            if (from > 0) {
                subtractEarlierRows(a, offset, from, to, n, stride, workers);
            }
            for (int i = from; i < to; i++) {
                for (int k = from; k < i; k++) {
                    column[k - from] = -a[offset + k * stride + i];
                }
                int row = offset + i * stride + i;
                Vectors.KERNELS.combine(a, offset + from * stride + i, stride, i - from, column, 0, 1, a, row, n - i);
                if (!(a[row] > 0) || a[row] == Double.POSITIVE_INFINITY) {
                    return i;
                }
                double root = Math.sqrt(a[row]);
                for (int j = row; j < row + n - i; j++) {
                    a[j] /= root;
                }
                a[row] = root;
            }
        }
        return -1;
    }

    private static void subtractEarlierRows(double[] a, int offset, int from, int to, int n, int stride, Workers workers) {
        double[] left = new double[(to - from) * from];
        for (int i = from; i < to; i++) {
            for (int k = 0; k < from; k++) {
                left[(i - from) * from + k] = -a[offset + k * stride + i];
            }
        }
        Products.add(to - from, n - from, from, View.rows(left, 0, from), View.rows(a, offset + from, stride), a, offset + from * stride + from,
                stride, workers);
    }

    /** Solves A·x = b in place with the U that {@link #factor(double[], int, int, int)} left. */
    public static void solve(double[] u, int offset, int n, int stride, double[] b, int bOffset) {
        for (int k = 0; k < n; k++) {
            int diagonal = offset + k * stride + k;
            b[bOffset + k] /= u[diagonal];
            Vectors.axpy(-b[bOffset + k], u, diagonal + 1, b, bOffset + k + 1, n - k - 1);
        }
        Triangular.solveUpper(n, View.rows(u, offset, stride), false, b, bOffset, 1, 1, new Workers(1));
    }

    /** U, with zeros below its diagonal. */
    public Matrix upper() {
        double[] out = new double[u.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.scalb(u[i], exponent / 2);
        }
        return Matrix.of(n, n, out);
    }

    /** L = Uᵀ, so that A = L·Lᵀ. */
    public Matrix lower() {
        return upper().transpose();
    }

    /** The X with A·X = B. */
    public Matrix solve(Matrix b) {
        if (b.rows() != n) {
            throw new ShapeException(NAME + ": a system of " + n + " equations got a right side " + b.shape());
        }
        Scaled scaled = Scaled.of(b.requireFinite(NAME));
        double[] x = scaled.matrix().data().clone();
        Triangular.solveLower(n, View.rows(u, 0, n).transpose(), false, x, 0, b.columns(), b.columns(), workers);
        Triangular.solveUpper(n, View.rows(u, 0, n), false, x, 0, b.columns(), b.columns(), workers);
        return Matrix.of(n, b.columns(), new Scaled(b, scaled.exponent() - exponent).undo(x));
    }

    /** The x with A·x = b. */
    public double[] solve(double... b) {
        return solve(Matrix.column(b)).data();
    }

    /** log det A = 2·Σ log uᵢᵢ. */
    public double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += StrictMath.log(u[i * n + i]);
        }
        return 2 * sum + n * exponent * StrictMath.log(2);
    }
}
