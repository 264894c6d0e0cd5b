package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Lanczos.Limits;
import gradus.numerics.RandomStream;
import java.util.Arrays;

/**
 * The k largest singular values of a dense or sparse matrix, or of any operator, with their vectors: A ≈ U·diag(σ)·Vᵀ, the best approximation of rank k.
 *
 * <p>{@link #lanczos}: Golub and Kahan's bidiagonalisation with full reorthogonalisation and thick restarts (Baglama and Reichel 2005); accurate to its tolerance.
 * {@link #randomized}: a random sketch of the range with power iterations (Halko, Martinsson and Tropp 2011); a fixed number of products, accurate where the
 * values fall off. Signs are those of {@link Svd}. The random numbers come from a named stream: one seed, one result.
 */
public final class TruncatedSvd {
    private static final String NAME = "truncatedSvd";

    private final double[] values;
    private final Matrix left;
    private final Matrix right;
    private final int products;

    private TruncatedSvd(double[] values, Matrix left, Matrix right, int products) {
        this.values = values;
        this.left = left;
        this.right = right;
        this.products = products;
        for (int i = 0; i < values.length; i++) {
            if (Signs.makeCanonical(right.data(), i * right.columns(), right.columns())) {
                Signs.negate(left.data(), i * left.columns(), left.columns());
            }
        }
    }

    /** By {@link #lanczos} to the usual limits. */
    public static TruncatedSvd of(Matrix a, int k, RandomStream random, Workers workers) {
        return lanczos(LinearOperator.of(a.requireFinite(NAME), workers), k, Limits.USUAL, random);
    }

    /** By {@link #lanczos} to the usual limits. */
    public static TruncatedSvd of(Csr a, int k, RandomStream random, Workers workers) {
        return lanczos(LinearOperator.of(a.requireFinite(NAME), workers), k, Limits.USUAL, random);
    }

    /**
     * The k largest by Lanczos bidiagonalisation, until ‖Aᵀu − σv‖ is at most the tolerance times σ₀ for all of them (A·v = σ·u holds to rounding).
     *
     * @throws IllegalArgumentException when k is not in 1 … min(m, n), or a product is not finite
     * @throws NoConvergenceException when the restarts are used up
     */
    public static TruncatedSvd lanczos(LinearOperator a, int k, Limits limits, RandomStream random) {
        requireRank(a, k);
        // The vectors of the shorter side are the ones that may fill their space.
        if (a.rows() < a.columns()) {
            TruncatedSvd t = new Process(a.transpose(), k, limits, random).run();
            return new TruncatedSvd(t.values, t.right, t.left, t.products);
        }
        return new Process(a, k, limits, random).run();
    }

    /**
     * The k largest of a random projection: the range of A·Ω for Gaussian Ω with k + {@code oversampling} columns, sharpened by {@code powerIterations} rounds of
     * A·Aᵀ with orthonormalisation between all products.
     *
     * @throws IllegalArgumentException when k is not in 1 … min(m, n), oversampling or powerIterations is negative, or a product is not finite
     */
    public static TruncatedSvd randomized(LinearOperator a, int k, int oversampling, int powerIterations, RandomStream random) {
        requireRank(a, k);
        if (oversampling < 0 || powerIterations < 0) {
            throw new IllegalArgumentException(NAME + ": oversampling " + oversampling + " and power iterations " + powerIterations + " must not be negative");
        }
        int width = (int) Math.min((long) k + oversampling, Math.min(a.rows(), a.columns()));
        Matrix omega = Matrix.zeros(a.columns(), width);
        random.normal(omega.data(), 0, omega.data().length, 0, 1);
        Matrix q = orthonormal(a.times(omega));
        for (int i = 0; i < powerIterations; i++) {
            q = orthonormal(a.times(orthonormal(a.transposedTimes(q))));
        }
        Matrix projected = a.transposedTimes(q);
        Svd small = Svd.of(projected.requireFinite(NAME));
        // Aᵀ·Q = V·Σ·Wᵀ, so A ≈ Q·W·Σ·Vᵀ.
        Matrix left = Products.multiplyTransposedRight(small.vTransposed().firstRows(k), q, new Workers(1));
        return new TruncatedSvd(Arrays.copyOf(small.values(), k), left, small.uTransposed().firstRows(k), (2 * powerIterations + 2) * width);
    }

    private static Matrix orthonormal(Matrix a) {
        return Qr.of(a.requireFinite(NAME)).q();
    }

    private static void requireRank(LinearOperator a, int k) {
        int most = Math.min(a.rows(), a.columns());
        if (k < 1 || k > most) {
            throw new IllegalArgumentException(NAME + ": " + k + " singular values asked for; an operator [" + a.rows() + ", " + a.columns() + "] has 1 to " + most);
        }
    }

    /** The state between restarts: A·V = U·B and Aᵀ·U = V·Bᵀ + rest·eᵀ with B upper triangular. */
    private static final class Process {
        private final LinearOperator a;
        private final int k;
        private final Limits limits;
        private final int size;
        private final Basis left;
        private final Basis right;
        private int products;

        Process(LinearOperator a, int k, Limits limits, RandomStream random) {
            int n = a.columns();
            this.a = a;
            this.k = k;
            this.limits = limits;
            this.size = limits.basisFor(k, n);
            this.left = new Basis(NAME, size, a.rows(), random);
            this.right = new Basis(NAME, Math.min(n, size + 1), n, random);
        }

        TruncatedSvd run() {
            right.extendAtRandom();
            Matrix b = Matrix.zeros(size, size);
            int kept = 0;
            for (int restart = 0; restart <= limits.restarts(); restart++) {
                double rest = 0;
                for (int j = kept; j < size; j++) {
                    rest = expand(b, j);
                }
                Svd svd = Svd.of(b);
                double[] values = svd.values();
                if (size == a.columns() || largestResidual(svd, rest) <= limits.tolerance() * values[0]) {
                    return new TruncatedSvd(Arrays.copyOf(values, k), left.combined(svd.uTransposed().firstRows(k)), right.combined(svd.vTransposed().firstRows(k)),
                            products);
                }
                kept = Math.min(size - 2, k + (size - k) / 2);
                left.restart(svd.uTransposed().firstRows(kept));
                right.restart(svd.vTransposed().firstRows(kept));
                b = Matrix.zeros(size, size);
                for (int i = 0; i < kept; i++) {
                    b.data()[i * size + i] = values[i];
                }
            }
            throw new NoConvergenceException(NAME + ": " + k + " singular values of an operator [" + a.rows() + ", " + a.columns() + "] did not settle to "
                    + limits.tolerance() + " within " + limits.restarts() + " restarts of " + size + " vectors");
        }

        /** Column j of B = UᵀAV from A·vⱼ, whose rest is uⱼ; then the rest of Aᵀuⱼ becomes the next v. Returns the length of that rest. */
        private double expand(Matrix b, int j) {
            double[] along = new double[left.count()];
            double diagonal = left.extend(a.times(right.vector(j)), along);
            for (int i = 0; i < j; i++) {
                b.data()[i * size + j] = along[i];
            }
            b.data()[j * size + j] = diagonal;
            products += 2;
            return right.extend(a.transposedTimes(left.vector(j)), new double[right.count()]);
        }

        private double largestResidual(Svd svd, double rest) {
            double most = 0;
            for (int i = 0; i < k; i++) {
                most = Math.max(most, Math.abs(rest * svd.uTransposed().get(i, size - 1)));
            }
            return most;
        }
    }

    /** The singular values, descending, k of them; a copy. */
    public double[] values() {
        return values.clone();
    }

    /** U, m × k, with the left singular vectors in its columns. */
    public Matrix u() {
        return left.transpose();
    }

    /** V, n × k, with the right singular vectors in its columns. */
    public Matrix v() {
        return right.transpose();
    }

    /** Uᵀ, with the left singular vectors in its rows (the layout in which they are kept). */
    public Matrix uTransposed() {
        return left;
    }

    /** Vᵀ, with the right singular vectors in its rows (the layout in which they are kept). */
    public Matrix vTransposed() {
        return right;
    }

    /** How many products with the operator or its transpose it took. */
    public int products() {
        return products;
    }
}
