package gradus.linalg;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import java.util.Arrays;

/**
 * Least-squares solutions of smallest norm, pseudo-inverse, rank, condition and ridge regression, for matrices of any shape and rank.
 *
 * <p>Ranks are decided by singular values: those at most {@code tolerance·σ₀} count as 0, where the tolerance is max(m, n)·2⁻⁵² unless given
 * (NumPy's rule for {@code lstsq}, {@code pinv} and {@code matrix_rank}). For full column rank {@link Qr#solve(Matrix)} is quicker.
 *
 * @param x              the solution, one column for each right side
 * @param rank           rank of A by the rule above
 * @param singularValues of A, descending
 * @param residualNorms  ‖A·x − b‖ for each right side
 */
public record LeastSquares(Matrix x, int rank, double[] singularValues, double[] residualNorms) {
    private static final String NAME = "leastSquares";

    /** A solution on one thread with the usual tolerance; errors as for {@link #solve(Matrix, Matrix, double, Workers)}. */
    public static LeastSquares solve(Matrix a, Matrix b) {
        return solve(a, b, Svd.defaultTolerance(a.rows(), a.columns()), new Workers(1));
    }

    /**
     * The X of smallest Frobenius norm among those that minimise ‖A·X − B‖.
     *
     * @throws ShapeException when the numbers of rows differ
     * @throws IllegalArgumentException when an entry is not finite, or the tolerance is negative or not below 1
     */
    public static LeastSquares solve(Matrix a, Matrix b, double tolerance, Workers workers) {
        if (a.rows() != b.rows()) {
            throw new ShapeException(NAME + ": matrix " + a.shape() + " and right side " + b.shape() + " have different numbers of rows");
        }
        requireTolerance(NAME, tolerance);
        Scaled scaled = Scaled.of(b.requireFinite(NAME));
        Svd svd = Svd.of(a.requireFinite(NAME), workers);
        double[] values = svd.values();
        int rank = Svd.rank(values, tolerance);
        Matrix c = Products.multiply(svd.uTransposed().firstRows(rank), scaled.matrix(), workers);
        divideRows(c, values);
        Matrix x = Products.multiplyTransposedLeft(svd.vTransposed().firstRows(rank), c, workers);
        Matrix solution = Matrix.of(x.rows(), x.columns(), scaled.undo(x.data()));
        return new LeastSquares(solution, rank, values, columnNorms(Products.multiply(a, solution, workers).minus(b)));
    }

    private static void divideRows(Matrix c, double[] values) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                c.data()[i * c.columns() + j] /= values[i];
            }
        }
    }

    private static double[] columnNorms(Matrix r) {
        double[] norms = new double[r.columns()];
        Arrays.setAll(norms, j -> Vectors.norm(r.columnAt(j), 0, r.rows()));
        return norms;
    }

    /** The Moore-Penrose inverse A⁺ = V·Σ⁺·Uᵀ, n × m, on one thread with the usual tolerance. */
    public static Matrix pseudoInverse(Matrix a) {
        return pseudoInverse(a, Svd.defaultTolerance(a.rows(), a.columns()), new Workers(1));
    }

    /**
     * The Moore-Penrose inverse A⁺ = V·Σ⁺·Uᵀ, n × m.
     *
     * @throws IllegalArgumentException when an entry is not finite, or the tolerance is negative or not below 1
     */
    public static Matrix pseudoInverse(Matrix a, double tolerance, Workers workers) {
        requireTolerance("pseudoInverse", tolerance);
        Svd svd = Svd.of(a.requireFinite("pseudoInverse"), workers);
        double[] values = svd.values();
        Matrix c = svd.uTransposed().firstRows(Svd.rank(values, tolerance));
        divideRows(c, values);
        return Products.multiplyTransposedLeft(svd.vTransposed().firstRows(c.rows()), c, workers);
    }

    /** The rank: how many singular values exceed max(m, n)·2⁻⁵²·σ₀. */
    public static int rank(Matrix a) {
        return Svd.rank(Svd.values(a), Svd.defaultTolerance(a.rows(), a.columns()));
    }

    /** The condition number σ₀ / σ₍ₖ₋₁₎ in the 2-norm, infinite for a matrix without full rank. */
    public static double condition(Matrix a) {
        return Svd.condition(Svd.values(a));
    }

    /** Ridge regression on one thread; errors as for {@link #ridge(Matrix, Matrix, double, Workers)}. */
    public static Matrix ridge(Matrix a, Matrix b, double lambda) {
        return ridge(a, b, lambda, new Workers(1));
    }

    /**
     * Ridge regression: the X that minimises ‖A·X − B‖² + λ‖X‖², that is (AᵀA + λI)⁻¹AᵀB. It is found without forming AᵀA, from a QR factorization of
     * [A; √λ·I], or of [Aᵀ; √λ·I] when A is wide.
     *
     * @throws ShapeException when the numbers of rows differ
     * @throws IllegalArgumentException when λ is not positive and finite, or an entry is not finite
     */
    public static Matrix ridge(Matrix a, Matrix b, double lambda, Workers workers) {
        if (a.rows() != b.rows()) {
            throw new ShapeException("ridge: matrix " + a.shape() + " and right side " + b.shape() + " have different numbers of rows");
        }
        if (!(lambda > 0 && lambda < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ridge: lambda is " + lambda + "; it must be positive and finite");
        }
        a.requireFinite("ridge");
        b.requireFinite("ridge");
        double root = Math.sqrt(lambda);
        if (a.rows() >= a.columns()) {
            Qr qr = Qr.of(extended(a, root), workers);
            Matrix x = qr.transposedTimes(withZeroRows(b, a.columns())).firstRows(a.columns());
            Triangular.solveUpper(x.rows(), Products.View.of(qr.r()), false, x.data(), 0, x.columns(), x.columns(), workers);
            return x;
        }
        // With Aᵀ = Q₁R the solution Aᵀ(AAᵀ + λI)⁻¹B is Q₁R⁻ᵀB.
        Qr qr = Qr.of(extended(a.transpose(), root), workers);
        Matrix y = b.copy();
        Triangular.solveLower(y.rows(), Products.View.of(qr.r()).transpose(), false, y.data(), 0, y.columns(), y.columns(), workers);
        return Products.multiply(qr.q().firstRows(a.columns()), y, workers);
    }

    private static Matrix extended(Matrix a, double root) {
        Matrix out = withZeroRows(a, a.columns());
        for (int j = 0; j < a.columns(); j++) {
            out.data()[(a.rows() + j) * a.columns() + j] = root;
        }
        return out;
    }

    private static Matrix withZeroRows(Matrix a, int count) {
        return Matrix.of(a.rows() + count, a.columns(), Arrays.copyOf(a.data(), (a.rows() + count) * a.columns()));
    }

    private static void requireTolerance(String operation, double tolerance) {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException(operation + ": tolerance " + tolerance + " must lie in [0, 1)");
        }
    }
}
