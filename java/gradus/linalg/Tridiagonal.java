package gradus.linalg;

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, A = Q·T·Qᵀ (Golub and Van Loan, algorithm 8.3.1).
 *
 * <p>Reflector k acts on the entries k+1 … n−1 and is kept in row k of the reduced matrix, its first entry 1. Q is the product
 * H₀·H₁·…·H₍ₙ₋₂₎ with H = I − τvvᵀ.
 */
final class Tridiagonal {
    final int n;
    /** Diagonal of T. */
    final double[] diagonal;
    /** Off-diagonal of T, n − 1 entries. */
    final double[] offDiagonal;
    private final double[] reflectors;
    private final double[] tau;

    private Tridiagonal(int n, double[] a) {
        this.n = n;
        this.diagonal = new double[n];
        this.offDiagonal = new double[Math.max(0, n - 1)];
        this.reflectors = a;
        this.tau = new double[Math.max(0, n - 1)];
    }

    /** Reduces a symmetric matrix, both of whose triangles are given; the array is overwritten. */
    static Tridiagonal reduce(int n, double[] a) {
        Tridiagonal t = new Tridiagonal(n, a);
        double[] w = new double[n];
        for (int k = 0; k < n - 1; k++) {
            t.diagonal[k] = a[k * n + k];
            t.step(k, w);
        }
        if (n > 0) {
            t.diagonal[n - 1] = a[n * n - 1];
        }
        return t;
    }

    private void step(int k, double[] w) {
        double[] a = reflectors;
        int m = n - k - 1;
        int v = k * n + k + 1;
        tau[k] = Reflector.make(a, v, m);
        offDiagonal[k] = a[v];
        a[v] = 1;
        if (tau[k] == 0) {
            return;
        }
        for (int i = 0; i < m; i++) {
            w[i] = tau[k] * Vectors.dot(a, (k + 1 + i) * n + k + 1, a, v, m);
        }
        double half = -0.5 * tau[k] * Vectors.dot(w, 0, a, v, m);
        Vectors.axpy(half, a, v, w, 0, m);
        for (int i = 0; i < m; i++) {
            int row = (k + 1 + i) * n + k + 1;
            Vectors.axpy(-a[v + i], w, 0, a, row, m);
            Vectors.axpy(-w[i], a, v, a, row, m);
        }
    }

    /** rows ← rows · Qᵀ: turns rows that hold eigenvectors of T into rows that hold eigenvectors of A. */
    void backTransform(double[] rows, int count) {
        for (int r = 0; r < count; r++) {
            for (int k = n - 2; k >= 0; k--) {
                int m = n - k - 1;
                double f = -tau[k] * Vectors.dot(reflectors, k * n + k + 1, rows, r * n + k + 1, m);
                Vectors.axpy(f, reflectors, k * n + k + 1, rows, r * n + k + 1, m);
            }
        }
    }
}
