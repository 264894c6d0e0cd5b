package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import gradus.tensor.ShapeException;
import java.util.Arrays;

/**
 * P·A = L·U of a square matrix by Gaussian elimination with partial pivoting, blocked (Golub and Van Loan, section 3.4): L has a unit
 * diagonal and no entry above 1 in magnitude, P permutes rows. Of several candidates for a pivot the uppermost is taken.
 */
public final class Lu {
    private static final String NAME = "lu";
    private static final int BLOCK = 48;

    private final int n;
    private final double[] lu;
    private final int[] permutation;
    private final int exponent;
    private final Workers workers;
    private boolean odd;
    private int zeroPivot = -1;

    private Lu(Matrix a, Workers workers) {
        Scaled scaled = Scaled.of(a.requireSquare(NAME).requireFinite(NAME));
        this.n = a.rows();
        this.lu = scaled.matrix().data().clone();
        this.exponent = scaled.exponent();
        this.permutation = new int[n];
        this.workers = workers;
        Arrays.setAll(permutation, i -> i);
        for (int from = 0; from < n; from += BLOCK) {
            reduce(from, Math.min(n, from + BLOCK));
        }
    }

    /**
     * Factors a square matrix, singular or not, on one thread.
     *
     * @throws ShapeException when a is not square
     * @throws IllegalArgumentException when an entry is not finite
     */
    public static Lu of(Matrix a) {
        return of(a, new Workers(1));
    }

    /** Factors a square matrix, singular or not; the result does not depend on the number of threads. Errors as for {@link #of(Matrix)}. */
    public static Lu of(Matrix a, Workers workers) {
        return new Lu(a, workers);
    }

    private void reduce(int from, int to) {
        for (int j = from; j < to; j++) {
            swap(j, pivotRow(j));
            double pivot = lu[j * n + j];
            if (pivot == 0) {
                zeroPivot = zeroPivot < 0 ? j : zeroPivot;
                continue;
            }
            for (int i = j + 1; i < n; i++) {
                double factor = lu[i * n + j] / pivot;
                lu[i * n + j] = factor;
                if (factor != 0) {
                    Vectors.axpy(-factor, lu, j * n + j + 1, lu, i * n + j + 1, to - j - 1);
                }
            }
        }
        if (to < n) {
            Triangular.solveLower(to - from, View.rows(lu, from * n + from, n), true, lu, from * n + to, n, n - to, workers);
            double[] left = new double[(n - to) * (to - from)];
            for (int i = to; i < n; i++) {
                System.arraycopy(lu, i * n + from, left, (i - to) * (to - from), to - from);
            }
            Signs.negate(left, 0, left.length);
            Products.add(n - to, n - to, to - from, View.rows(left, 0, to - from), View.rows(lu, from * n + to, n), lu, to * n + to, n, workers);
        }
    }

    private int pivotRow(int j) {
        int best = j;
        for (int i = j + 1; i < n; i++) {
            if (Math.abs(lu[i * n + j]) > Math.abs(lu[best * n + j])) {
                best = i;
            }
        }
        return best;
    }

    private void swap(int i, int j) {
        if (i == j) {
            return;
        }
        double[] row = Arrays.copyOfRange(lu, i * n, (i + 1) * n);
        System.arraycopy(lu, j * n, lu, i * n, n);
        System.arraycopy(row, 0, lu, j * n, n);
        int p = permutation[i];
        permutation[i] = permutation[j];
        permutation[j] = p;
        odd = !odd;
    }

    /** L, with ones on the diagonal. */
    public Matrix lower() {
        Matrix l = Matrix.identity(n);
        for (int i = 0; i < n; i++) {
            System.arraycopy(lu, i * n, l.data(), i * n, i);
        }
        return l;
    }

    /** U. */
    public Matrix upper() {
        Matrix u = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            System.arraycopy(lu, i * n + i, u.data(), i * n + i, n - i);
        }
        return Matrix.of(n, n, new Scaled(u, exponent).undo(u.data()));
    }

    /** Row i of P·A is row {@code permutation()[i]} of A; a copy. */
    public int[] permutation() {
        return permutation.clone();
    }

    /** Whether a pivot is exactly 0, so that systems with A have no unique solution. */
    public boolean isSingular() {
        return zeroPivot >= 0;
    }

    /** det A; it overflows or vanishes where the true value does. */
    public double determinant() {
        double mantissa = odd ? -1 : 1;
        long power = (long) n * exponent;
        for (int i = 0; i < n; i++) {
            mantissa *= lu[i * n + i];
            if (mantissa == 0) {
                return 0;
            }
            int e = Math.getExponent(mantissa);
            mantissa = Math.scalb(mantissa, -e);
            power += e;
        }
        return Math.scalb(mantissa, Math.clamp(power, -5000, 5000));
    }

    /** log |det A|, −∞ when A is singular. */
    public double logAbsDeterminant() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += StrictMath.log(Math.abs(lu[i * n + i]));
        }
        return sum + (double) n * exponent * StrictMath.log(2);
    }

    /**
     * The X with A·X = B.
     *
     * @throws ShapeException when B has another number of rows
     * @throws SingularMatrixException when A is singular
     */
    public Matrix solve(Matrix b) {
        if (b.rows() != n) {
            throw new ShapeException(NAME + ": a system of " + n + " equations got a right side " + b.shape());
        }
        if (zeroPivot >= 0) {
            throw new SingularMatrixException(NAME + ": matrix [" + n + ", " + n + "] is singular: pivot " + zeroPivot + " is 0");
        }
        Scaled scaled = Scaled.of(b.requireFinite(NAME));
        int columns = b.columns();
        double[] x = new double[n * columns];
        for (int i = 0; i < n; i++) {
            System.arraycopy(scaled.matrix().data(), permutation[i] * columns, x, i * columns, columns);
        }
        Triangular.solveLower(n, View.rows(lu, 0, n), true, x, 0, columns, columns, workers);
        Triangular.solveUpper(n, View.rows(lu, 0, n), false, x, 0, columns, columns, workers);
        return Matrix.of(n, columns, new Scaled(b, scaled.exponent() - exponent).undo(x));
    }

    /** The x with A·x = b; errors as for {@link #solve(Matrix)}. */
    public double[] solve(double... b) {
        return solve(Matrix.column(b)).data();
    }

    /** A⁻¹; errors as for {@link #solve(Matrix)}. To solve a system, {@link #solve(Matrix)} is quicker and more accurate. */
    public Matrix inverse() {
        return solve(Matrix.identity(n));
    }
}
