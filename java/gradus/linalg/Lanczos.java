package gradus.linalg;

import gradus.numerics.RandomStream;
import gradus.tensor.ShapeException;
import java.util.Arrays;

/**
 * A few eigenvalues and eigenvectors of a symmetric operator by the thick-restart Lanczos method with full reorthogonalisation (Wu and Simon 2000).
 *
 * <p>The wanted end of the spectrum is found from products with vectors alone. Values converge from the ends inwards; a pair counts as found when its residual
 * ‖A·v − λ·v‖ is at most {@code tolerance} of the largest |λ| seen. Of an eigenvalue that repeats exactly the method may miss copies, as every method with one
 * starting vector may. The start and all replacements come from a named random stream: one seed, one result.
 *
 * @param values     the eigenvalues, in the order of the wanted end, outermost first
 * @param components row k is the eigenvector of value k, its entry of the largest magnitude positive
 * @param residuals  ‖A·v − λ·v‖ as the recurrence knows it
 * @param products   how many products with the operator it took
 */
public record Lanczos(double[] values, Matrix components, double[] residuals, int products) {
    private static final String NAME = "lanczos";

    /** Which end of the spectrum is wanted. */
    public enum End {
        /** The largest values, descending. */
        LARGEST,
        /** The smallest values, ascending. */
        SMALLEST,
        /** The values of largest magnitude, descending in magnitude. */
        MAGNITUDE
    }

    /**
     * How far to go.
     *
     * @param tolerance of the residuals, relative to the largest |λ| seen
     * @param basis     vectors that are kept before a restart; 0 for 2k + 20
     * @param restarts  after which it is an error
     */
    public record Limits(double tolerance, int basis, int restarts) {
        /** Residuals of 2⁻⁴⁴ (6·10⁻¹⁴), 2k + 20 vectors, 300 restarts. */
        public static final Limits USUAL = new Limits(0x1p-44, 0, 300);

        /** Checks the values. */
        public Limits {
            if (!(tolerance >= 0 && tolerance < 1) || basis < 0 || restarts < 0) {
                throw new IllegalArgumentException("limits: tolerance " + tolerance + " must lie in [0, 1), basis " + basis + " and restarts " + restarts
                        + " must not be negative");
            }
        }

        int basisFor(int k, int most) {
            return Math.min(most, Math.max(k + 2, basis == 0 ? 2 * k + 20 : basis));
        }
    }

    /** k eigenvalues at one end, to the usual limits. Errors as for {@link #of(LinearOperator, int, End, Limits, RandomStream)}. */
    public static Lanczos of(LinearOperator a, int k, End end, RandomStream random) {
        return of(a, k, end, Limits.USUAL, random);
    }

    /**
     * k eigenvalues at one end. That the operator is symmetric is not checked.
     *
     * @throws ShapeException when the operator is not square
     * @throws IllegalArgumentException when k is not in 1 … n, or a product is not finite
     * @throws NoConvergenceException when the restarts are used up
     */
    public static Lanczos of(LinearOperator a, int k, End end, Limits limits, RandomStream random) {
        int n = requireSquare(a);
        if (k < 1 || k > n) {
            throw new IllegalArgumentException(NAME + ": " + k + " eigenvalues asked for; an operator of " + n + " rows has 1 to " + n);
        }
        return new Process(a, k, end, limits, random).run();
    }

    private static int requireSquare(LinearOperator a) {
        if (a.rows() != a.columns()) {
            throw new ShapeException(NAME + ": operator [" + a.rows() + ", " + a.columns() + "] is not square");
        }
        return a.rows();
    }

    /**
     * Gauss quadrature for the spectrum as a starting vector v sees it (Golub and Meurant 1994): for a function f, vᵀf(A)v/‖v‖² ≈ Σ weights·f(nodes), exact for
     * polynomials of degree below 2·steps. Averaged over random v it approximates the spectral density and trace f(A).
     *
     * @return nodes, ascending, in the first row and weights, which add up to 1, in the second
     * @throws IllegalArgumentException when steps is below 1, or v is 0 or not finite
     */
    public static Matrix quadrature(LinearOperator a, double[] v, int steps) {
        int n = requireSquare(a);
        double norm = Vectors.norm(v, 0, v.length);
        if (v.length != n || steps < 1 || norm == 0 || !Double.isFinite(norm)) {
            throw new IllegalArgumentException(NAME + ": quadrature of an operator of " + n + " rows with a vector of " + v.length + " entries and norm " + norm
                    + " and " + steps + " steps; the vector must fit and not be 0, and one step is the least");
        }
        int size = Math.min(steps, n);
        Basis basis = new Basis(NAME, size + 1, n, new RandomStream(0, "lanczos/quadrature"));
        basis.extend(v.clone(), new double[0]);
        Matrix t = Matrix.zeros(size, size);
        int done = 0;
        double coupling;
        do {
            coupling = expand(a, basis, t, done++);
        } while (done < size && coupling > 0);
        SymmetricEigen eigen = SymmetricEigen.of(t.block(0, done, 0, done));
        double[] out = new double[2 * done];
        for (int i = 0; i < done; i++) {
            double first = eigen.components().get(i, 0);
            out[done - 1 - i] = eigen.values()[i];
            out[2 * done - 1 - i] = first * first;
        }
        return Matrix.of(2, done, out);
    }

    /** One step: column j of T = VᵀAV from the product with vector j, whose rest becomes vector j + 1. Returns the length of the rest. */
    private static double expand(LinearOperator a, Basis basis, Matrix t, int j) {
        double[] along = new double[basis.count()];
        double rest = basis.extend(a.times(basis.vector(j)), along);
        for (int i = 0; i <= j; i++) {
            t.data()[i * t.columns() + j] = along[i];
            t.data()[j * t.columns() + i] = along[i];
        }
        return rest;
    }

    /** The state between restarts. */
    private static final class Process {
        private final LinearOperator a;
        private final int k;
        private final End end;
        private final Limits limits;
        private final int n;
        private final int size;
        private final Basis basis;
        private int products;

        Process(LinearOperator a, int k, End end, Limits limits, RandomStream random) {
            this.a = a;
            this.k = k;
            this.end = end;
            this.limits = limits;
            this.n = a.rows();
            this.size = limits.basisFor(k, n);
            this.basis = new Basis(NAME, Math.min(n, size + 1), n, random);
        }

        Lanczos run() {
            basis.extendAtRandom();
            Matrix t = Matrix.zeros(size, size);
            int kept = 0;
            for (int restart = 0; restart <= limits.restarts; restart++) {
                double rest = 0;
                for (int j = kept; j < size; j++) {
                    rest = expand(a, basis, t, j);
                    products++;
                }
                SymmetricEigen eigen = SymmetricEigen.of(t);
                double[] values = eigen.values();
                int[] order = wanted(values);
                double largest = Vectors.maxAbs(values, 0, size);
                double[] residuals = residuals(eigen.components(), order, size == n ? 0 : rest);
                if (Vectors.maxAbs(residuals, 0, k) <= limits.tolerance * largest) {
                    return result(eigen, order, residuals);
                }
                kept = Math.min(size - 2, k + (size - k) / 2);
                basis.restart(rowsOf(eigen.components(), order, kept));
                t = Matrix.zeros(size, size);
                for (int i = 0; i < kept; i++) {
                    t.data()[i * size + i] = values[order[i]];
                }
            }
            throw new NoConvergenceException(NAME + ": " + k + " eigenvalues of an operator of " + n + " rows did not settle to " + limits.tolerance + " within "
                    + limits.restarts + " restarts of " + size + " vectors");
        }

        /** Indices of the descending values, the wanted ones first. */
        private int[] wanted(double[] values) {
            return switch (end) {
                case LARGEST -> Vectors.descending(values);
                case SMALLEST -> Vectors.descending(Arrays.stream(values).map(x -> -x).toArray());
                case MAGNITUDE -> Vectors.descending(Arrays.stream(values).map(Math::abs).toArray());
            };
        }

        private double[] residuals(Matrix components, int[] order, double rest) {
            double[] out = new double[k];
            Arrays.setAll(out, i -> Math.abs(rest * components.get(order[i], size - 1)));
            return out;
        }

        private Lanczos result(SymmetricEigen eigen, int[] order, double[] residuals) {
            Matrix components = basis.combined(rowsOf(eigen.components(), order, k));
            for (int i = 0; i < k; i++) {
                Signs.makeCanonical(components.data(), i * n, n);
            }
            double[] values = Arrays.stream(order).limit(k).mapToDouble(i -> eigen.values()[i]).toArray();
            return new Lanczos(values, components, residuals, products);
        }
    }

    static Matrix rowsOf(Matrix a, int[] order, int count) {
        Matrix out = Matrix.zeros(count, a.columns());
        for (int i = 0; i < count; i++) {
            System.arraycopy(a.data(), order[i] * a.columns(), out.data(), i * a.columns(), a.columns());
        }
        return out;
    }
}
