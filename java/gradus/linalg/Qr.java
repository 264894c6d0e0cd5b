package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import gradus.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * A = Q·R with Q orthogonal and R upper triangular (upper trapezoidal when A is wide), by blocked Householder reflections (Golub and Van Loan,
 * section 5.2.3).
 *
 * <p><b>Signs:</b> the diagonal of R is not negative, which makes the factors of a matrix of full column rank unique.
 */
public final class Qr {
    private static final String NAME = "qr";
    private static final int BLOCK = 32;

    private final int m;
    private final int n;
    private final List<BlockReflector> blocks = new ArrayList<>();
    private final boolean[] flipped;
    private final Matrix r;
    private final Workers workers;

    private Qr(Matrix a, Workers workers) {
        this.m = a.rows();
        this.n = a.columns();
        this.workers = workers;
        this.flipped = new boolean[Math.min(m, n)];
        Scaled scaled = Scaled.of(a.requireFinite(NAME));
        double[] work = scaled.matrix().data().clone();
        for (int j = 0; j < flipped.length; j += BLOCK) {
            reduce(work, j, Math.min(flipped.length, j + BLOCK));
        }
        this.r = Matrix.of(flipped.length, n, scaled.undo(triangle(work)));
    }

    /**
     * Factors a matrix of any shape, on one thread.
     *
     * @throws IllegalArgumentException when an entry is not finite
     */
    public static Qr of(Matrix a) {
        return of(a, new Workers(1));
    }

    /** Factors a matrix of any shape; the result does not depend on the number of threads. Errors as for {@link #of(Matrix)}. */
    public static Qr of(Matrix a, Workers workers) {
        return new Qr(a, workers);
    }

    /** One panel, held by columns in contiguous runs while it is reduced; then the columns to its right all at once. */
    private void reduce(double[] a, int from, int to) {
        int count = to - from;
        int length = m - from;
        double[] tau = new double[count];
        double[] panel = new double[count * length];
        for (int j = 0; j < count; j++) {
            Vectors.gather(a, from * n + from + j, n, panel, j * length, length);
        }
        for (int j = 0; j < count; j++) {
            int v = j * length + j;
            tau[j] = Reflector.make(panel, v, length - j);
            double beta = panel[v];
            panel[v] = 1;
            for (int c = j + 1; c < count; c++) {
                Reflector.apply(tau[j], panel, v, panel, c * length + j, length - j);
            }
            panel[v] = beta;
        }
        for (int j = 0; j < count; j++) {
            Vectors.scatter(panel, j * length, a, from * n + from + j, n, j + 1);
            java.util.Arrays.fill(panel, j * length, j * length + j, 0);
            panel[j * length + j] = 1;
        }
        BlockReflector block = new BlockReflector(count, length, panel, tau, 0, workers);
        blocks.add(block);
        if (to < n) {
            block.applyLeft(true, a, from * n + to, n, n - to, workers);
        }
    }

    private double[] triangle(double[] work) {
        double[] out = new double[flipped.length * n];
        for (int i = 0; i < flipped.length; i++) {
            System.arraycopy(work, i * n + i, out, i * n + i, n - i);
            flipped[i] = out[i * n + i] < 0;
            if (flipped[i]) {
                Signs.negate(out, i * n + i, n - i);
            }
        }
        return out;
    }

    /** R, of min(m, n) × n, with a diagonal that is not negative. */
    public Matrix r() {
        return r;
    }

    /** The thin Q, of m × min(m, n), with orthonormal columns. */
    public Matrix q() {
        return firstColumnsOfQ(flipped.length);
    }

    /** The whole orthogonal Q, of m × m. */
    public Matrix fullQ() {
        return firstColumnsOfQ(m);
    }

    private Matrix firstColumnsOfQ(int columns) {
        double[] q = new double[Matrix.zeros(m, columns).data().length];
        for (int j = 0; j < columns; j++) {
            q[j * columns + j] = j < flipped.length && flipped[j] ? -1 : 1;
        }
        for (int b = blocks.size() - 1; b >= 0; b--) {
            int from = b * BLOCK;
            blocks.get(b).applyLeft(false, q, from * columns + from, columns, columns - from, workers);
        }
        return Matrix.of(m, columns, q);
    }

    /** rows ← rows · Qᵀ, in place, for rows of m entries. */
    void timesTransposed(double[] rows, int count) {
        for (int j = 0; j < flipped.length; j++) {
            for (int i = 0; i < count && flipped[j]; i++) {
                rows[i * m + j] = -rows[i * m + j];
            }
        }
        for (int b = blocks.size() - 1; b >= 0; b--) {
            blocks.get(b).applyRight(true, rows, b * BLOCK, m, count, workers);
        }
    }

    /** Qᵀ·B with the whole Q, without forming it. */
    public Matrix transposedTimes(Matrix b) {
        if (b.rows() != m) {
            throw new ShapeException(NAME + ": Qᵀ of [" + m + ", " + m + "] does not fit a right side " + b.shape());
        }
        double[] c = b.data().clone();
        int columns = b.columns();
        for (int k = 0; k < blocks.size(); k++) {
            blocks.get(k).applyLeft(true, c, k * BLOCK * columns, columns, columns, workers);
        }
        for (int i = 0; i < flipped.length; i++) {
            if (flipped[i]) {
                Signs.negate(c, i * columns, columns);
            }
        }
        return Matrix.of(m, columns, c);
    }

    /**
     * The X that minimises ‖A·X − B‖ column by column, for a matrix of full column rank with at least as many rows as columns.
     *
     * @throws ShapeException when A is wide or B has another number of rows
     * @throws SingularMatrixException when a diagonal entry of R is at most max(m, n)·ε of the largest; {@link LeastSquares} solves those
     */
    public Matrix solve(Matrix b) {
        if (m < n) {
            throw new ShapeException(NAME + ": a wide matrix [" + m + ", " + n + "] has no unique least-squares solution; use LeastSquares");
        }
        double[] diagonal = r.diagonalValues();
        double most = Vectors.maxAbs(diagonal, 0, n);
        for (int i = 0; i < n; i++) {
            if (diagonal[i] <= Math.max(m, n) * 0x1p-52 * most) {
                throw new SingularMatrixException(NAME + ": column " + i + " of [" + m + ", " + n + "] depends on those before it (R[" + i + ", "
                        + i + "] = " + diagonal[i] + ", largest " + most + "); use LeastSquares");
            }
        }
        Matrix x = transposedTimes(b).firstRows(n);
        Triangular.solveUpper(n, View.of(r), false, x.data(), 0, b.columns(), b.columns(), workers);
        return x;
    }

    /** The x that minimises ‖A·x − b‖; conditions and errors as for {@link #solve(Matrix)}. */
    public double[] solve(double... b) {
        return solve(Matrix.column(b)).data();
    }
}
