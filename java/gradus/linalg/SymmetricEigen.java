package gradus.linalg;

import gradus.backend.Workers;
import java.util.Arrays;

/**
 * Eigenvalues and orthonormal eigenvectors of a real symmetric matrix: A = V·diag(λ)·Vᵀ.
 *
 * <p><b>Order:</b> eigenvalues descend, λ₀ ≥ λ₁ ≥ …, the order of principal components. <b>Signs:</b> in each eigenvector the entry of
 * the largest magnitude is positive (of several with that magnitude, the first).
 *
 * <p>Backward stable: the results belong exactly to a matrix within a small multiple of n·ε·‖A‖ of A. Any finite scale of A is allowed.
 */
public final class SymmetricEigen {
    private static final String NAME = "symmetricEigen";
    private static final double ASYMMETRY = 0x1p-26;

    private final double[] values;
    private final Matrix components;

    private SymmetricEigen(double[] values, Matrix components) {
        this.values = values;
        this.components = components;
    }

    /**
     * Eigenvalues and eigenvectors, on one thread.
     *
     * @throws gradus.tensor.ShapeException when a is not square
     * @throws IllegalArgumentException when an entry is not finite, or a is not symmetric (entries (i, j) and (j, i) may differ by 2⁻²⁶ of the
     *         largest magnitude, then their mean is taken)
     * @throws NoConvergenceException when the iteration fails, which no matrix is known to cause
     */
    public static SymmetricEigen of(Matrix a) {
        return of(a, new Workers(1));
    }

    /** Eigenvalues and eigenvectors; the result does not depend on the number of threads. Errors as for {@link #of(Matrix)}. */
    public static SymmetricEigen of(Matrix a, Workers workers) {
        return leading(a, a.rows(), workers);
    }

    /**
     * All eigenvalues and the eigenvectors of the k largest, which have the same bits as among all of them.
     *
     * @throws IllegalArgumentException also when k is not in 0 … n
     */
    public static SymmetricEigen leading(Matrix a, int k, Workers workers) {
        Scaled scaled = Scaled.of(a.requireSquare(NAME).requireFinite(NAME));
        int n = a.rows();
        if (k < 0 || k > n) {
            throw new IllegalArgumentException(NAME + ": " + k + " eigenvectors asked for; matrix " + a.shape() + " has 0 to " + n);
        }
        Tridiagonal t = Tridiagonal.reduce(n, symmetrised(scaled.matrix()), workers);
        double[] z = new double[n * n];
        int[] order = TridiagonalDivide.solve(NAME, t.diagonal, t.offDiagonal, z, workers);
        double[] rows = new double[k * n];
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = t.diagonal[order[n - 1 - i]];
            if (i < k) {
                System.arraycopy(z, order[n - 1 - i] * n, rows, i * n, n);
            }
        }
        t.backTransform(rows, k);
        for (int i = 0; i < k; i++) {
            Signs.makeCanonical(rows, i * n, n);
        }
        return new SymmetricEigen(scaled.undo(values), Matrix.of(k, n, rows));
    }

    /** The eigenvalues alone, descending. Errors as for {@link #of(Matrix)}. */
    public static double[] values(Matrix a) {
        return values(a, new Workers(1));
    }

    /** The eigenvalues alone, descending. Errors as for {@link #of(Matrix)}. */
    public static double[] values(Matrix a, Workers workers) {
        Scaled scaled = Scaled.of(a.requireSquare(NAME).requireFinite(NAME));
        Tridiagonal t = Tridiagonal.reduce(a.rows(), symmetrised(scaled.matrix()), workers);
        TridiagonalQl.solve(NAME, t.diagonal, t.offDiagonal, 0, a.rows(), new double[0], 0, 0, 0);
        return scaled.undo(Arrays.stream(Vectors.descending(t.diagonal)).mapToDouble(i -> t.diagonal[i]).toArray());
    }

    /** All eigenvalues, descending; a copy. */
    public double[] values() {
        return values.clone();
    }

    /** The matrix V: column k is the eigenvector of λₖ, of those that were asked for. */
    public Matrix vectors() {
        return components.transpose();
    }

    /** The matrix Vᵀ: row k is the eigenvector of λₖ, of those that were asked for (the layout in which they are kept). */
    public Matrix components() {
        return components;
    }

    private static double[] symmetrised(Matrix a) {
        int n = a.rows();
        double[] x = a.data().clone();
        double allowed = ASYMMETRY * a.maxAbs();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double low = x[i * n + j];
                double high = x[j * n + i];
                if (low != high) {
                    if (Math.abs(low - high) > allowed) {
                        throw new IllegalArgumentException(NAME + ": matrix " + a.shape() + " is not symmetric: entries (" + i + ", " + j + ") and ("
                                + j + ", " + i + ") differ by " + Math.abs(low - high) / a.maxAbs() + " of the largest magnitude");
                    }
                    x[i * n + j] = 0.5 * (low + high);
                    x[j * n + i] = x[i * n + j];
                }
            }
        }
        return x;
    }
}
