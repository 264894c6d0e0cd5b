package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Householder reduction of a square matrix to upper Hessenberg form, A = Q·H·Qᵀ, by panels (Quintana-Ortí and van de Geijn 2006; LAPACK's dgehrd): inside a
 * panel the matrix stays as it is and A·V·T is collected, one matrix-vector product a column; after it three matrix products bring the rest up to date.
 */
final class Hessenberg {
    private static final int PANEL = 32;

    private final int n;
    private final int high;
    private final double[] a;
    private final Workers workers;
    private final double[] v;
    private final double[] y;
    private final double[] t = new double[PANEL * PANEL];
    private final double[] w = new double[PANEL];
    private final double[] tw = new double[PANEL];
    private final double[] tau = new double[PANEL];
    private final double[] column;
    private final List<BlockReflector> blocks = new ArrayList<>();
    private final List<Integer> begins = new ArrayList<>();

    private Hessenberg(int n, int high, double[] a, Workers workers) {
        this.n = n;
        this.high = high;
        this.a = a;
        this.workers = workers;
        this.v = new double[PANEL * n];
        this.y = new double[PANEL * n];
        this.column = new double[n];
    }

    /** Reduces the rows and columns {@code low … high} of an n × n matrix that is triangular outside them; the array becomes H. */
    static Hessenberg reduce(int n, int low, int high, double[] a, Workers workers) {
        Hessenberg h = new Hessenberg(n, high, a, workers);
        for (int p = low; p < high - 1; p += PANEL) {
            h.panel(p, Math.min(high - 1, p + PANEL));
        }
        return h;
    }

    private void panel(int p, int end) {
        int count = end - p;
        Arrays.fill(v, 0);
        Arrays.fill(y, 0);
        for (int c = p; c < end; c++) {
            column(p, c);
        }
        topOfProduct(p, count);
        View right = View.rows(v, 0, n);
        double[] minusY = y.clone();
        Signs.negate(minusY, 0, minusY.length);
        View left = new View(minusY, 0, 1, n);
        Products.add(p + 1, end - p - 1, count, left, right.from(0, p + 1), a, p + 1, n, workers);
        Products.add(high + 1, high + 1 - end, count, left, right.from(0, end), a, end, n, workers);
        int length = high - p;
        double[] rows = new double[count * length];
        for (int q = 0; q < count; q++) {
            System.arraycopy(v, q * n + p + 1, rows, q * length, length);
        }
        BlockReflector block = new BlockReflector(count, length, rows, tau, 0, workers);
        blocks.add(block);
        begins.add(p + 1);
        block.applyLeft(true, a, (p + 1) * n + end, n, n - end, workers);
    }

    /** Brings column c up to date from both sides, reduces it, and finds its y = A·V·T. */
    private void column(int p, int c) {
        int i = c - p;
        int first = p + 1;
        int m = high - p;
        Vectors.gather(a, first * n + c, n, column, first, m);
        if (i > 0) {
            for (int q = 0; q < i; q++) {
                w[q] = -v[q * n + c];
            }
            Vectors.KERNELS.combine(y, first, n, i, w, 0, 1, column, first, m);
            Vectors.KERNELS.dots(v, first, n, i, column, first, m, w, 0);
            for (int q = 0; q < i; q++) {
                double s = 0;
                for (int r = 0; r <= q; r++) {
                    s = Math.fma(t[r * PANEL + q], w[r], s);
                }
                tw[q] = -s;
            }
            Vectors.KERNELS.combine(v, first, n, i, tw, 0, 1, column, first, m);
        }
        int rest = high - c;
        tau[i] = Reflector.make(column, c + 1, rest);
        double beta = column[c + 1];
        System.arraycopy(column, c + 1, v, i * n + c + 1, rest);
        v[i * n + c + 1] = 1;
        Arrays.fill(column, c + 2, high + 1, 0);
        column[c + 1] = beta;
        Vectors.scatter(column, first, a, first * n + c, n, m);
        Vectors.timesRows(a, first * n + c + 1, n, m, v, i * n + c + 1, rest, y, i * n + first, workers);
        Vectors.KERNELS.dots(v, first, n, i, v, i * n + first, m, w, 0);
        for (int q = 0; q < i; q++) {
            double s = 0;
            for (int r = q; r < i; r++) {
                s = Math.fma(t[q * PANEL + r], w[r], s);
            }
            t[q * PANEL + i] = -tau[i] * s;
        }
        t[i * PANEL + i] = tau[i];
        Signs.negate(w, 0, i);
        Vectors.KERNELS.combine(y, first, n, i, w, 0, 1, y, i * n + first, m);
        Vectors.scale(tau[i], y, i * n + first, m);
    }

    /** Rows 0 … p of A·V·T, which no column needed. */
    private void topOfProduct(int p, int count) {
        int rows = p + 1;
        double[] av = new double[rows * count];
        Products.set(rows, count, high - p, View.rows(a, p + 1, n), View.rows(v, p + 1, n).transpose(), av, 0, count, workers);
        double[] avt = new double[rows * count];
        Products.set(rows, count, count, View.rows(av, 0, count), View.rows(t, 0, PANEL), avt, 0, count, workers);
        for (int q = 0; q < count; q++) {
            Vectors.gather(avt, q, count, y, q * n, rows);
        }
    }

    /** Qᵀ, n × n in rows. */
    double[] transposedQ() {
        double[] rows = Matrix.identity(n).data();
        for (int b = blocks.size() - 1; b >= 0; b--) {
            blocks.get(b).applyRight(true, rows, begins.get(b), n, n, workers);
        }
        return rows;
    }
}
