package gradus.linalg;

import gradus.backend.Workers;
import java.util.Arrays;

/**
 * Singular value decomposition A = U·diag(σ)·Vᵀ with σ₀ ≥ σ₁ ≥ … ≥ 0 and orthonormal columns in U and V.
 *
 * <p><b>Signs:</b> in each right singular vector (column of V) the entry of the largest magnitude is positive, of several the first; the left
 * vector goes with it. Further columns of a full U or V have canonical signs of their own.
 *
 * <p>Blocked Householder bidiagonalisation, after a QR factorization when one side is much longer (Chan 1982), then the bidiagonal's own
 * decomposition. Backward stable: every σ is within a small multiple of max(m, n)·ε·σ₀. Any finite scale of A is allowed.
 */
public final class Svd {
    private static final String NAME = "svd";
    /** From this ratio of the sides on, a QR factorization first saves more than it costs. */
    private static final double TALL = 1.6;

    private final double[] values;
    private final Matrix left;
    private final Matrix right;

    private Svd(double[] values, Matrix left, Matrix right) {
        this.values = values;
        this.left = left;
        this.right = right;
    }

    /**
     * The thin decomposition, on one thread: with k = min(m, n), U is m × k and V is n × k.
     *
     * @throws IllegalArgumentException when an entry is not finite
     * @throws NoConvergenceException when the iteration fails, which no matrix is known to cause
     */
    public static Svd of(Matrix a) {
        return of(a, new Workers(1));
    }

    /** The thin decomposition; the result does not depend on the number of threads. Errors as for {@link #of(Matrix)}. */
    public static Svd of(Matrix a, Workers workers) {
        return decompose(a, false, workers);
    }

    /** The full decomposition: U is m × m and V is n × n. Errors as for {@link #of(Matrix)}. */
    public static Svd full(Matrix a, Workers workers) {
        return decompose(a, true, workers);
    }

    /** The singular values alone, descending. Errors as for {@link #of(Matrix)}. */
    public static double[] values(Matrix a) {
        return values(a, new Workers(1));
    }

    /** The singular values alone, descending. Errors as for {@link #of(Matrix)}. */
    public static double[] values(Matrix a, Workers workers) {
        Scaled scaled = Scaled.of(a.requireFinite(NAME));
        Matrix tall = a.rows() >= a.columns() ? scaled.matrix() : scaled.matrix().transpose();
        if (tall.rows() >= TALL * tall.columns()) {
            tall = Qr.of(tall, workers).r();
        }
        Bidiagonal b = Bidiagonal.reduce(tall.rows(), tall.columns(), tall.data().clone(), workers);
        BidiagonalQr.solve(NAME, b.diagonal, b.superdiagonal, BidiagonalQr.Rows.NONE, BidiagonalQr.Rows.NONE);
        return scaled.undo(Arrays.stream(Vectors.descending(b.diagonal)).mapToDouble(i -> b.diagonal[i]).toArray());
    }

    private static Svd decompose(Matrix a, boolean full, Workers workers) {
        Scaled scaled = Scaled.of(a.requireFinite(NAME));
        boolean wide = a.rows() < a.columns();
        Svd s = ofTall(wide ? scaled.matrix().transpose() : scaled.matrix(), full, workers);
        return signed(scaled.undo(s.values), wide ? s.right : s.left, wide ? s.left : s.right);
    }

    /** The decomposition of a matrix with m ≥ n, signs as they fall. */
    private static Svd ofTall(Matrix a, boolean full, Workers workers) {
        int m = a.rows();
        int n = a.columns();
        Qr qr = m >= TALL * n ? Qr.of(a, workers) : null;
        Matrix core = qr == null ? a : qr.r();
        Bidiagonal b = Bidiagonal.reduce(core.rows(), n, core.data().clone(), workers);
        double[] z = new double[n * n];
        double[] w = new double[n * n];
        BidiagonalDivide.solve(NAME, b.diagonal, b.superdiagonal, z, w, workers);
        int[] order = Vectors.descending(b.diagonal);
        int leftRows = full ? m : n;
        double[] coreLeft = picked(z, order, n, core.rows(), qr == null ? leftRows : n);
        double[] right = picked(w, order, n, n, n);
        b.backTransformLeft(coreLeft, qr == null ? leftRows : n);
        b.backTransformRight(right, n);
        double[] left = coreLeft;
        if (qr != null) {
            left = widened(coreLeft, n, m, leftRows);
            qr.timesTransposed(left, leftRows);
        }
        double[] values = Arrays.stream(order).mapToDouble(i -> b.diagonal[i]).toArray();
        return new Svd(values, Matrix.of(leftRows, m, left), Matrix.of(n, n, right));
    }

    /** The n rows of n entries in a new order, widened by zeros and followed by unit rows. */
    private static double[] picked(double[] rows, int[] order, int n, int width, int count) {
        double[] out = new double[Matrix.zeros(count, width).data().length];
        for (int i = 0; i < count; i++) {
            if (i < n) {
                System.arraycopy(rows, order[i] * n, out, i * width, n);
            } else {
                out[i * width + i] = 1;
            }
        }
        return out;
    }

    private static double[] widened(double[] rows, int n, int width, int count) {
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        return picked(rows, order, n, width, count);
    }

    private static Svd signed(double[] values, Matrix left, Matrix right) {
        for (int i = 0; i < Math.max(left.rows(), right.rows()); i++) {
            if (i < right.rows()) {
                boolean negated = Signs.makeCanonical(right.data(), i * right.columns(), right.columns());
                if (negated && i < values.length) {
                    Signs.negate(left.data(), i * left.columns(), left.columns());
                }
            }
            if (i >= values.length && i < left.rows()) {
                Signs.makeCanonical(left.data(), i * left.columns(), left.columns());
            }
        }
        return new Svd(values, left, right);
    }

    /** The singular values, descending, min(m, n) of them; a copy. */
    public double[] values() {
        return values.clone();
    }

    /** U, with the left singular vectors in its columns. */
    public Matrix u() {
        return left.transpose();
    }

    /** V, with the right singular vectors in its columns. */
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

    /** The number of singular values above max(m, n)·2⁻⁵²·σ₀, NumPy's threshold. */
    public int rank() {
        return rank(values, defaultTolerance(left.columns(), right.columns()));
    }

    /** The number of singular values above {@code relativeTolerance}·σ₀. */
    public int rank(double relativeTolerance) {
        return rank(values, relativeTolerance);
    }

    /** σ₀ / σ₍ₖ₋₁₎: the condition number in the 2-norm; infinite when the smallest is 0, 0 for a matrix without entries. */
    public double condition() {
        return condition(values);
    }

    static double defaultTolerance(int m, int n) {
        return Math.max(m, n) * 0x1p-52;
    }

    static int rank(double[] values, double relativeTolerance) {
        int rank = 0;
        while (rank < values.length && values[rank] > relativeTolerance * values[0]) {
            rank++;
        }
        return rank;
    }

    static double condition(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        double smallest = values[values.length - 1];
        return smallest == 0 ? Double.POSITIVE_INFINITY : values[0] / smallest;
    }
}
