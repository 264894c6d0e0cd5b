package gradus.linalg;

import gradus.backend.Workers;

/**
 * Real Schur form of an upper Hessenberg matrix by Francis's implicit double-shift QR iteration (Golub and Van Loan, section 7.5; deflation after Ahues and
 * Tisseur 1997; LAPACK's dlahqr).
 *
 * <p>A sweep chases the bulge down the diagonal with row operations along contiguous rows and with the column operations of the four rows at hand alone.
 * What the sweep means for the columns of the rows above, and for Z, is done after it, all its reflectors at once: no row above meets another row
 * operation, so the order for each entry, and with it each bit, is as if it had been done on the way.
 */
final class RealSchur {
    private static final double ULP = 0x1p-52;
    private static final int STEPS_PER_VALUE = 30;
    private static final int PATIENCE = 10;
    private static final int ROWS_A_PIECE = 64;
    private static final int COLUMNS_A_PIECE = 128;
    private static final long WORTH_SHARING = 60_000;

    private final String operation;
    private final int n;
    private final double[] h;
    private final double[] z;
    private final double small;
    private final Workers workers;
    /** Real and imaginary parts of the eigenvalues. */
    final double[] real;
    final double[] imaginary;
    private final double[] v1;
    private final double[] v2;
    private final double[] taus;
    private final double[] x = new double[3];

    private RealSchur(String operation, int n, double[] h, double[] z, Workers workers) {
        this.operation = operation;
        this.n = n;
        this.h = h;
        this.z = z;
        this.workers = workers;
        this.small = 0x1p-1022 * (n / ULP);
        this.real = new double[n];
        this.imaginary = new double[n];
        this.v1 = new double[n];
        this.v2 = new double[n];
        this.taus = new double[n];
    }

    /**
     * Iterates on the rows and columns {@code low … high} of the n × n matrix h, which is triangular outside them. With z, an n × n array of rows, h becomes
     * the Schur form T, with standardised 2 × 2 blocks, and the rows of z are multiplied along: from Qᵀ of A = Q·H·Qᵀ to Zᵀ of A = Z·T·Zᵀ. Without (null) only
     * the eigenvalues are found.
     */
    static RealSchur of(String operation, int n, int low, int high, double[] h, double[] z, Workers workers) {
        RealSchur s = new RealSchur(operation, n, h, z, workers);
        for (int i = 0; i < n; i++) {
            if (i < low || i > high) {
                s.real[i] = h[i * n + i];
            }
        }
        s.iterate(low, high);
        return s;
    }

    private void iterate(int low, int high) {
        int limit = STEPS_PER_VALUE * Math.max(10, high - low + 1);
        int steps = 0;
        int stalled = 0;
        int i = high;
        while (i >= low) {
            int l = topOfBlock(low, i, high);
            if (l >= i - 1) {
                settle(l, i);
                stalled = 0;
                i = l - 1;
                continue;
            }
            if (++steps > limit) {
                throw new NoConvergenceException(operation + ": QR iteration did not settle rows " + l + " to " + i + " within " + limit + " steps");
            }
            step(l, i, ++stalled);
        }
    }

    private int topOfBlock(int low, int i, int high) {
        int k = i;
        while (k > low && !negligible(k, low, high)) {
            k--;
        }
        if (k > low) {
            h[k * n + k - 1] = 0;
        }
        return k;
    }

    private boolean negligible(int k, int low, int high) {
        double below = Math.abs(at(k, k - 1));
        if (below <= small) {
            return true;
        }
        double test = Math.abs(at(k - 1, k - 1)) + Math.abs(at(k, k));
        if (test == 0) {
            test = (k - 2 >= low ? Math.abs(at(k - 1, k - 2)) : 0) + (k + 1 <= high ? Math.abs(at(k + 1, k)) : 0);
        }
        if (below > ULP * test) {
            return false;
        }
        double above = Math.abs(at(k - 1, k));
        double corner = Math.abs(at(k, k));
        double gap = Math.abs(at(k - 1, k - 1) - at(k, k));
        double aa = Math.max(corner, gap);
        double bb = Math.min(corner, gap);
        double ab = Math.max(below, above);
        double ba = Math.min(below, above);
        double s = aa + ab;
        return ba * (ab / s) <= Math.max(small, ULP * (bb * (aa / s)));
    }

    private double at(int i, int j) {
        return h[i * n + j];
    }

    /** Shifts: the eigenvalues of the last 2 × 2, the real one nearer to the corner twice; every tenth time exceptional ones. */
    private void step(int l, int i, int stalled) {
        double h11 = at(i - 1, i - 1);
        double h21 = at(i, i - 1);
        double h12 = at(i - 1, i);
        double h22 = at(i, i);
        if (stalled % PATIENCE == 0) {
            boolean bottom = stalled % (2 * PATIENCE) == 0;
            double s = bottom ? Math.abs(at(i, i - 1)) + Math.abs(at(i - 1, i - 2)) : Math.abs(at(l + 1, l)) + Math.abs(at(l + 2, l + 1));
            h11 = 0.75 * s + (bottom ? at(i, i) : at(l, l));
            h12 = -0.4375 * s;
            h21 = s;
            h22 = h11;
        }
        double s = Math.abs(h11) + Math.abs(h12) + Math.abs(h21) + Math.abs(h22);
        if (s == 0) {
            sweep(l, i, 0, 0, 0);
            return;
        }
        double mean = h11 / s / 2 + h22 / s / 2;
        double det = (h11 / s - mean) * (h22 / s - mean) - h12 / s * (h21 / s);
        double root = Math.sqrt(Math.abs(det));
        if (det >= 0) {
            sweep(l, i, mean * s, mean * s, root * s);
        } else {
            double one = mean + root;
            double two = mean - root;
            double nearer = Math.abs(one - h22 / s) <= Math.abs(two - h22 / s) ? one * s : two * s;
            sweep(l, i, nearer, nearer, 0);
        }
    }

    private void sweep(int l, int i, double first, double second, double imag) {
        int m = beginOfBulge(l, i, first, second, imag);
        int lastColumn = z == null ? i : n - 1;
        for (int k = m; k < i; k++) {
            boolean three = k < i - 1;
            if (k > m) {
                x[0] = at(k, k - 1);
                x[1] = at(k + 1, k - 1);
                x[2] = three ? at(k + 2, k - 1) : 0;
            }
            double tau = reflector(three ? 3 : 2);
            if (k > m) {
                h[k * n + k - 1] = x[0];
                h[(k + 1) * n + k - 1] = 0;
                if (three) {
                    h[(k + 2) * n + k - 1] = 0;
                }
            } else if (m > l) {
                h[k * n + k - 1] *= 1 - tau;
            }
            v1[k] = x[1];
            v2[k] = x[2];
            taus[k] = tau;
            if (three) {
                Vectors.KERNELS.reflectThree(h, k * n + k, n, lastColumn - k + 1, x[1], x[2], tau);
            } else {
                reflectTwoRows(h, k * n + k, lastColumn - k + 1, x[1], tau);
            }
            fromTheRight(k, k, Math.min(k + 3, i), three);
        }
        rowsAbove(z == null ? l : 0, m, i);
        if (z != null) {
            rotateVectors(m, i);
        }
    }

    /** Looks for two consecutive small subdiagonal entries, where the bulge may begin; leaves its first column in x. */
    private int beginOfBulge(int l, int i, double first, double second, double imag) {
        int m = i - 2;
        while (true) {
            double below = Math.abs(at(m + 1, m));
            double s = Math.abs(at(m, m) - second) + Math.abs(imag) + below;
            double scaled = at(m + 1, m) / s;
            x[0] = scaled * at(m, m + 1) + (at(m, m) - first) * ((at(m, m) - second) / s) + imag * (imag / s);
            x[1] = scaled * (at(m, m) + at(m + 1, m + 1) - first - second);
            x[2] = scaled * at(m + 2, m + 1);
            double sum = Math.abs(x[0]) + Math.abs(x[1]) + Math.abs(x[2]);
            x[0] /= sum;
            x[1] /= sum;
            x[2] /= sum;
            if (m == l || Math.abs(at(m, m - 1)) * (Math.abs(x[1]) + Math.abs(x[2]))
                    <= ULP * Math.abs(x[0]) * (Math.abs(at(m - 1, m - 1)) + Math.abs(at(m, m)) + Math.abs(at(m + 1, m + 1)))) {
                return m;
            }
            m--;
        }
    }

    /** The reflector for the first entries of x; β is left in x₀, v in the others. */
    private double reflector(int size) {
        double rest = Math.max(Math.abs(x[1]), size == 3 ? Math.abs(x[2]) : 0);
        double most = Math.max(rest, Math.abs(x[0]));
        if (rest == 0 || most < 0x1p-400 || most > 0x1p400) {
            return Reflector.make(x, 0, size);
        }
        double beta = -Math.copySign(Math.sqrt(Math.fma(x[0], x[0], Math.fma(x[1], x[1], x[2] * x[2]))), x[0]);
        double pivot = x[0] - beta;
        double tau = -pivot / beta;
        x[0] = beta;
        x[1] /= pivot;
        x[2] /= pivot;
        return tau;
    }

    private void reflectTwoRows(double[] a, int offset, int count, double v, double tau) {
        for (int j = offset; j < offset + count; j++) {
            double sum = Math.fma(v, a[j + n], a[j]);
            a[j] = Math.fma(-tau, sum, a[j]);
            a[j + n] = Math.fma(-tau * v, sum, a[j + n]);
        }
    }

    /** Reflector k on the columns k, k + 1 (and k + 2) of the rows from … to. */
    private void fromTheRight(int k, int from, int to, boolean three) {
        if (three) {
            Vectors.KERNELS.reflectColumns(h, from * n + k, n, 1, v1, v2, taus, k, to - from + 1);
        } else {
            for (int j = from * n + k; j <= to * n + k; j += n) {
                double sum = Math.fma(v1[k], h[j + 1], h[j]);
                h[j] = Math.fma(-taus[k], sum, h[j]);
                h[j + 1] = Math.fma(-taus[k] * v1[k], sum, h[j + 1]);
            }
        }
    }

    /** Row j has had the reflectors up to j from the right; here come those from max(m, j + 1) to i − 1. */
    private void rowsAbove(int top, int m, int i) {
        int rows = i - 1 - top;
        int pieces = (rows + ROWS_A_PIECE - 1) / ROWS_A_PIECE;
        share((long) rows * (i - m), pieces, piece -> {
            int from = top + piece * ROWS_A_PIECE;
            int to = Math.min(i - 1, from + ROWS_A_PIECE);
            int common = Math.max(m, to);
            for (int j = from; j < to; j++) {
                int k = Math.max(m, j + 1);
                int count = Math.min(common, i - 1) - k;
                if (count > 0) {
                    Vectors.KERNELS.reflectColumns(h, j * n + k, n, count, v1, v2, taus, k, 1);
                }
            }
            if (common < i - 1) {
                Vectors.KERNELS.reflectColumns(h, from * n + common, n, i - 1 - common, v1, v2, taus, common, to - from);
            }
            fromTheRight(i - 1, from, to - 1, false);
        });
    }

    private void rotateVectors(int m, int i) {
        share((long) n * (i - m), (n + COLUMNS_A_PIECE - 1) / COLUMNS_A_PIECE, piece -> {
            int j = piece * COLUMNS_A_PIECE;
            int width = Math.min(COLUMNS_A_PIECE, n - j);
            Vectors.KERNELS.reflectRows(z, m * n + j, n, i - 1 - m, v1, v2, taus, m, width);
            reflectTwoRows(z, (i - 1) * n + j, width, v1[i - 1], taus[i - 1]);
        });
    }

    private void share(long work, int pieces, java.util.function.IntConsumer body) {
        if (work < WORTH_SHARING) {
            for (int piece = 0; piece < pieces; piece++) {
                body.accept(piece);
            }
        } else {
            workers.forEach(pieces, body);
        }
    }

    /** One eigenvalue, or two in a 2 × 2 block that is brought to standard form: equal diagonal, off-diagonals of opposite signs. */
    private void settle(int l, int i) {
        if (l == i) {
            real[i] = at(i, i);
            return;
        }
        SchurBlock b = SchurBlock.of(at(l, l), at(l, i), at(i, l), at(i, i));
        real[l] = b.a();
        real[i] = b.d();
        imaginary[l] = b.imaginary();
        imaginary[i] = -b.imaginary();
        if (z == null) {
            return;
        }
        int right = i * n + i;
        Vectors.rotate(h, l * n + i + 1, h, right + 1, n - 1 - i, b.cos(), b.sin());
        for (int j = 0; j < l; j++) {
            double u = h[j * n + l];
            double w = h[j * n + i];
            h[j * n + l] = Math.fma(b.cos(), u, b.sin() * w);
            h[j * n + i] = Math.fma(b.cos(), w, -(b.sin() * u));
        }
        Vectors.rotate(z, l * n, z, i * n, n, b.cos(), b.sin());
        h[l * n + l] = b.a();
        h[l * n + i] = b.b();
        h[i * n + l] = b.c();
        h[right] = b.d();
    }
}
