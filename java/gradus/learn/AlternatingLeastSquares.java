package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Cholesky;
import gradus.linalg.Matrix;

/**
 * Alternating ridge regression. With p fixed, each user's q solves (AᵀA + λI)q = Aᵀr, where A holds the p of the items that the user rated; then the items likewise.
 *
 * <p>A user with fewer ratings than factors solves the smaller system (AAᵀ + λI)α = r instead, and q = Aᵀα, which is the same q. Either matrix is summed as one
 * fma chain an entry and factored by Cholesky, one row of factors a thread at a time.
 */
final class AlternatingLeastSquares implements FactorSteps {
    private static final int ROWS = 8;

    private final CenteredRatings data;
    private final Matrix q;
    private final Matrix p;
    private final double lambda;
    private final Workers workers;
    private final ThreadLocal<Solver> solvers = ThreadLocal.withInitial(Solver::new);

    AlternatingLeastSquares(CenteredRatings data, Matrix q, Matrix p, double lambda, Workers workers) {
        this.data = data;
        this.q = q;
        this.p = p;
        this.lambda = lambda;
        this.workers = workers;
    }

    @Override
    public void step(int number) {
        solve("user", data.userStart(), data.item(), data.value(), p, q);
        solve("item", data.itemStart(), data.user(), data.byItem(), q, p);
    }

    private void solve(String what, int[] start, int[] partner, double[] value, Matrix fixed, Matrix sought) {
        int n = sought.rows();
        workers.forEach((n + ROWS - 1) / ROWS, piece -> {
            Solver solver = solvers.get();
            for (int i = piece * ROWS; i < Math.min(n, piece * ROWS + ROWS); i++) {
                int pivot = solver.ridge(fixed, partner, value, start[i], start[i + 1], lambda, sought.data(), i * sought.columns());
                if (pivot >= 0) {
                    throw new ArithmeticException(Factorization.NAME + ": the equations of " + what + " " + i + " are singular (pivot " + pivot
                            + "); a lambda above " + lambda + " is needed");
                }
            }
        });
    }

    /** The arrays of one thread. */
    private static final class Solver {
        private double[] rows = new double[0];
        private double[] gram = new double[0];
        private double[] right = new double[0];

        /** Writes the solution to {@code out[at …]}; says which pivot failed, or −1. */
        int ridge(Matrix fixed, int[] partner, double[] value, int from, int to, double lambda, double[] out, int at) {
            int m = to - from;
            int k = fixed.columns();
            int side = Math.min(m, k);
            room(m * k, side * side, Math.max(m, k));
            java.util.Arrays.fill(out, at, at + k, 0);
            if (m == 0) {
                return -1;
            }
            return m < k ? dual(fixed, partner, value, from, m, lambda, out, at) : primal(fixed, partner, value, from, m, lambda, out, at);
        }

        private void room(int rowSize, int gramSize, int length) {
            rows = rows.length < rowSize ? new double[rowSize + rowSize / 2] : rows;
            gram = gram.length < gramSize ? new double[gramSize] : gram;
            right = right.length < length ? new double[length] : right;
        }

        private int primal(Matrix fixed, int[] partner, double[] value, int from, int m, double lambda, double[] out, int at) {
            int k = fixed.columns();
            for (int i = 0; i < m; i++) {
                System.arraycopy(fixed.data(), partner[from + i] * k, rows, i * k, k);
            }
            int pivot = factorGram(m, k, lambda);
            if (pivot < 0) {
                Factors.KERNELS.combine(rows, 0, k, m, value, from, 1, out, at, k);
                Cholesky.solve(gram, 0, k, k, out, at);
            }
            return pivot;
        }

        private int dual(Matrix fixed, int[] partner, double[] value, int from, int m, double lambda, double[] out, int at) {
            int k = fixed.columns();
            for (int i = 0; i < m; i++) {
                int row = partner[from + i] * k;
                for (int f = 0; f < k; f++) {
                    rows[f * m + i] = fixed.data()[row + f];
                }
            }
            int pivot = factorGram(k, m, lambda);
            if (pivot < 0) {
                System.arraycopy(value, from, right, 0, m);
                Cholesky.solve(gram, 0, m, m, right, 0);
                for (int i = 0; i < m; i++) {
                    Factors.KERNELS.axpy(right[i], fixed.data(), partner[from + i] * k, out, at, k);
                }
            }
            return pivot;
        }

        /** The upper triangle of BᵀB + λI for B = rows, of {@code height × side}, factored. */
        private int factorGram(int height, int side, double lambda) {
            java.util.Arrays.fill(gram, 0, side * side, 0);
            for (int i = 0; i < side; i++) {
                gram[i * side + i] = lambda;
            }
            Factors.addGram(rows, height, side, gram);
            return Cholesky.factor(gram, 0, side, side);
        }
    }
}
