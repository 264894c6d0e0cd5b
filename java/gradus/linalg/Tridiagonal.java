package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, A = Q·T·Qᵀ, by panels (Dongarra, Sorensen and Hammarling 1989; LAPACK's dlatrd):
 * inside a panel the matrix stays as it is and the changes are kept as V·Wᵀ + W·Vᵀ, after it they are taken out of the rest by one matrix
 * product. Half of the arithmetic remains in one symmetric matrix-vector product a column.
 *
 * <p>Both triangles are kept, so that every product runs along contiguous rows. Reflector k acts on the entries k+1 … n−1; Q is the product
 * H₀·H₁·…·H₍ₙ₋₂₎.
 */
final class Tridiagonal {
    private static final int PANEL = 32;

    final int n;
    /** Diagonal of T. */
    final double[] diagonal;
    /** Off-diagonal of T, n − 1 entries. */
    final double[] offDiagonal;
    private final double[] a;
    private final Workers workers;
    private final List<BlockReflector> blocks = new ArrayList<>();
    private final double[] tau = new double[PANEL];
    private final double[] coefficients = new double[PANEL];
    /** Rows V₀ … and then W₀ … of the panel. */
    private final double[] panel;

    private Tridiagonal(int n, double[] a, Workers workers) {
        this.n = n;
        this.a = a;
        this.workers = workers;
        this.diagonal = new double[n];
        this.offDiagonal = new double[Math.max(0, n - 1)];
        this.panel = new double[2 * PANEL * n];
    }

    /** Reduces a symmetric matrix, both of whose triangles are given; the array is overwritten. */
    static Tridiagonal reduce(int n, double[] a, Workers workers) {
        Tridiagonal t = new Tridiagonal(n, a, workers);
        for (int from = 0; from < n - 1; from += PANEL) {
            t.reduce(from, Math.min(n - 1, from + PANEL));
        }
        if (n > 0) {
            t.diagonal[n - 1] = a[n * n - 1];
        }
        return t;
    }

    private void reduce(int from, int to) {
        Arrays.fill(panel, 0);
        for (int k = from; k < to; k++) {
            column(k, k - from);
        }
        int count = to - from;
        double[] v = new double[count * (n - from - 1)];
        for (int p = 0; p < count; p++) {
            System.arraycopy(panel, p * n + from + 1, v, p * (n - from - 1), n - from - 1);
        }
        blocks.add(new BlockReflector(count, n - from - 1, v, tau, 0, workers));
        double[] exchanged = new double[2 * PANEL * n];
        System.arraycopy(panel, 0, exchanged, PANEL * n, PANEL * n);
        System.arraycopy(panel, PANEL * n, exchanged, 0, PANEL * n);
        Signs.negate(exchanged, 0, exchanged.length);
        Products.add(n - to, n - to, 2 * PANEL, View.rows(panel, to, n).transpose(), View.rows(exchanged, to, n), a, to * n + to, n, workers);
    }

    /** Brings column k (which is row k) up to date, reduces it, and finds w with which the rest becomes A − vwᵀ − wvᵀ. */
    private void column(int k, int i) {
        int row = k * n + k;
        subtract(i, 0, k, PANEL, a, row, n - k);
        subtract(i, PANEL, k, 0, a, row, n - k);
        diagonal[k] = a[row];
        int m = n - k - 1;
        int v = i * n + k + 1;
        System.arraycopy(a, row + 1, panel, v, m);
        tau[i] = Reflector.make(panel, v, m);
        offDiagonal[k] = panel[v];
        panel[v] = 1;
        int w = (PANEL + i) * n + k + 1;
        // A is symmetric: its rows, combined, give A·v as well as dot products do, and quicker.
        Vectors.addTransposedTimes(a, (k + 1) * n + k + 1, n, m, panel, v, m, panel, w, workers);
        correct(i, 0, PANEL, k, v, w, m);
        correct(i, PANEL, 0, k, v, w, m);
        Vectors.scale(tau[i], panel, w, m);
        double half = -0.5 * tau[i] * Vectors.dot(panel, w, panel, v, m);
        Vectors.axpy(half, panel, v, panel, w, m);
    }

    /** target ← target − Σₚ panel[left + p][k]·panel[right + p][k …]. */
    private void subtract(int count, int left, int k, int right, double[] target, int at, int length) {
        for (int p = 0; p < count; p++) {
            coefficients[p] = -panel[(left + p) * n + k];
        }
        Vectors.KERNELS.combine(panel, right * n + k, n, count, coefficients, 0, 1, target, at, length);
    }

    /** w ← w − Σₚ (panel[left + p]·v)·panel[right + p]: takes out of A·v what earlier reflectors of the panel changed. */
    private void correct(int count, int left, int right, int k, int v, int w, int m) {
        Vectors.KERNELS.dots(panel, left * n + k + 1, n, count, panel, v, m, coefficients, 0);
        Signs.negate(coefficients, 0, count);
        Vectors.KERNELS.combine(panel, right * n + k + 1, n, count, coefficients, 0, 1, panel, w, m);
    }

    /** rows ← rows · Qᵀ: turns rows that hold eigenvectors of T into rows that hold eigenvectors of A. */
    void backTransform(double[] rows, int count) {
        for (int b = blocks.size() - 1; b >= 0; b--) {
            blocks.get(b).applyRight(true, rows, b * PANEL + 1, n, count, workers);
        }
    }
}
