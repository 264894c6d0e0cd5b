package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Householder reduction of a matrix with m ≥ n to upper bidiagonal form, A = Q·B·Pᵀ, by panels (Dongarra, Sorensen and Hammarling 1989; LAPACK's
 * dlabrd): inside a panel the matrix itself stays as it is and the changes are kept as V·Yᵀ + X·Uᵀ, after it they are taken out of the
 * rest by one matrix product. Half of the arithmetic remains in two matrix-vector products a column.
 */
final class Bidiagonal {
    private static final int PANEL = 32;

    final int m;
    final int n;
    /** Diagonal of B. */
    final double[] diagonal;
    /** Superdiagonal of B, n − 1 entries. */
    final double[] superdiagonal;
    private final double[] a;
    private final Workers workers;
    private final List<BlockReflector> left = new ArrayList<>();
    private final List<BlockReflector> right = new ArrayList<>();
    private final double[] tauLeft = new double[PANEL];
    private final double[] tauRight = new double[PANEL];
    private final double[] coefficients = new double[PANEL];
    /** Rows V₀ … and then X₀ … of the panel, of m entries. */
    private final double[] tall;
    /** Rows Y₀ … and then U₀ … of the panel, of n entries. */
    private final double[] wide;

    private Bidiagonal(int m, int n, double[] a, Workers workers) {
        this.m = m;
        this.n = n;
        this.a = a;
        this.workers = workers;
        this.diagonal = new double[n];
        this.superdiagonal = new double[Math.max(0, n - 1)];
        this.tall = new double[2 * PANEL * m];
        this.wide = new double[2 * PANEL * n];
    }

    /** Reduces the m × n matrix, m ≥ n; the array is overwritten. */
    static Bidiagonal reduce(int m, int n, double[] a, Workers workers) {
        Bidiagonal b = new Bidiagonal(m, n, a, workers);
        for (int from = 0; from < n; from += PANEL) {
            b.panel(from, Math.min(n, from + PANEL));
        }
        return b;
    }

    private void panel(int from, int to) {
        Arrays.fill(tall, 0);
        Arrays.fill(wide, 0);
        for (int k = from; k < to; k++) {
            column(k, k - from);
            if (k + 1 < n) {
                row(k, k - from);
            }
        }
        int count = to - from;
        left.add(new BlockReflector(count, m - from, rows(tall, m, count, from), tauLeft, 0, workers));
        int across = Math.min(count, n - 1 - from);
        if (across > 0) {
            right.add(new BlockReflector(across, n - from - 1, rows(wide, PANEL * n, n, across, from + 1), tauRight, 0, workers));
        }
        if (to < n) {
            Signs.negate(wide, 0, wide.length);
            View changes = View.rows(wide, to, n);
            Products.add(m - to, n - to, 2 * PANEL, View.rows(tall, to, m).transpose(), changes, a, to * n + to, n, workers);
        }
    }

    private static double[] rows(double[] panel, int width, int count, int from) {
        return rows(panel, 0, width, count, from);
    }

    private static double[] rows(double[] panel, int offset, int width, int count, int from) {
        double[] out = new double[count * (width - from)];
        for (int p = 0; p < count; p++) {
            System.arraycopy(panel, offset + p * width + from, out, p * (width - from), width - from);
        }
        return out;
    }

    /** Brings column k up to date, reduces it, and finds y = τ·Aᵀv of the matrix as it would stand. */
    private void column(int k, int i) {
        int v = i * m + k;
        int length = m - k;
        Vectors.gather(a, k * n + k, n, tall, v, length);
        subtract(wide, k, n, i, tall, k, m, v, length);
        subtract(wide, PANEL * n + k, n, i, tall, PANEL * m + k, m, v, length);
        tauLeft[i] = Reflector.make(tall, v, length);
        diagonal[k] = tall[v];
        tall[v] = 1;
        int rest = n - k - 1;
        int y = i * n + k + 1;
        Vectors.addTransposedTimes(a, k * n + k + 1, n, length, tall, v, rest, wide, y, workers);
        correct(tall, k, m, i, v, length, wide, k + 1, n, y, rest);
        correct(tall, PANEL * m + k, m, i, v, length, wide, PANEL * n + k + 1, n, y, rest);
        Vectors.scale(tauLeft[i], wide, y, rest);
    }

    /** Brings row k up to date, reduces it, and finds x = τ·Au of the matrix as it would stand. */
    private void row(int k, int i) {
        int u = (PANEL + i) * n + k + 1;
        int length = n - k - 1;
        System.arraycopy(a, k * n + k + 1, wide, u, length);
        subtract(tall, k, m, i + 1, wide, k + 1, n, u, length);
        subtract(tall, PANEL * m + k, m, i, wide, PANEL * n + k + 1, n, u, length);
        tauRight[i] = Reflector.make(wide, u, length);
        superdiagonal[k] = wide[u];
        wide[u] = 1;
        int rest = m - k - 1;
        int x = (PANEL + i) * m + k + 1;
        Vectors.timesRows(a, (k + 1) * n + k + 1, n, rest, wide, u, length, tall, x, workers);
        correct(wide, k + 1, n, i + 1, u, length, tall, k + 1, m, x, rest);
        correct(wide, PANEL * n + k + 1, n, i, u, length, tall, PANEL * m + k + 1, m, x, rest);
        Vectors.scale(tauRight[i], tall, x, rest);
    }

    /** target ← target − Σₚ factor[p]·rows[p], with factor p at {@code factors[at + p·step]}. */
    private void subtract(double[] factors, int at, int step, int count, double[] rows, int offset, int stride, int target, int length) {
        for (int p = 0; p < count; p++) {
            coefficients[p] = -factors[at + p * step];
        }
        Vectors.KERNELS.combine(rows, offset, stride, count, coefficients, 0, 1, rows, target, length);
    }

    /** target ← target − Σₚ (left[p]·v)·right[p]: takes out of a product what earlier reflectors of the panel changed. */
    private void correct(double[] left, int leftOffset, int leftStride, int count, int v, int length, double[] right, int rightOffset, int rightStride,
            int target, int rest) {
        Vectors.KERNELS.dots(left, leftOffset, leftStride, count, left, v, length, coefficients, 0);
        Signs.negate(coefficients, 0, count);
        Vectors.KERNELS.combine(right, rightOffset, rightStride, count, coefficients, 0, 1, right, target, rest);
    }

    /** rows ← rows · Qᵀ: turns rows of m entries that hold left singular vectors of B into those of A. */
    void backTransformLeft(double[] rows, int count) {
        for (int b = left.size() - 1; b >= 0; b--) {
            left.get(b).applyRight(true, rows, b * PANEL, m, count, workers);
        }
    }

    /** rows ← rows · Pᵀ: turns rows of n entries that hold right singular vectors of B into those of A. */
    void backTransformRight(double[] rows, int count) {
        for (int b = right.size() - 1; b >= 0; b--) {
            right.get(b).applyRight(true, rows, b * PANEL + 1, n, count, workers);
        }
    }
}
