package gradus.linalg;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by implicit QL and QR steps with Wilkinson's shift (Wilkinson and Reinsch,
 * contribution II/4; LAPACK's dsteqr). Each unreduced block is worked from its larger end to its smaller one, which keeps the small
 * eigenvalues of graded matrices accurate.
 */
final class TridiagonalQl {
    private static final double EPS = 0x1p-53;
    private static final double SAFE_MIN = 0x1p-1022;
    private static final int STEPS_PER_VALUE = 30;

    private final String operation;
    private final double[] d;
    private final double[] e;
    private final int first;
    private final int last;
    private final double[] z;
    private final int zOffset;
    private final int zStride;
    private final int width;
    private final int limit;
    private int steps;

    private TridiagonalQl(String operation, double[] d, double[] e, int first, int n, double[] z, int zOffset, int zStride, int width) {
        this.operation = operation;
        this.d = d;
        this.e = e;
        this.first = first;
        this.last = first + n - 1;
        this.z = z;
        this.zOffset = zOffset;
        this.zStride = zStride;
        this.width = width;
        this.limit = STEPS_PER_VALUE * n;
    }

    /**
     * Diagonalises the rows and columns {@code first ≤ i < first + n} of the matrix. On return d holds the eigenvalues, unsorted, and e zeros.
     * Row i of z (of {@code width} entries, at {@code zOffset + (i − first)·zStride}) is multiplied on the way by the rotations, so rows that begin
     * as the identity end as the eigenvectors. With width 0, z is not touched.
     */
    static void solve(String operation, double[] d, double[] e, int first, int n, double[] z, int zOffset, int zStride, int width) {
        TridiagonalQl ql = new TridiagonalQl(operation, d, e, first, n, z, zOffset, zStride, width);
        int from = first;
        while (from <= ql.last) {
            int to = ql.endOfBlock(from);
            ql.solveBlock(from, to);
            from = to + 1;
        }
    }

    private int endOfBlock(int from) {
        for (int m = from; m < last; m++) {
            if (Math.abs(e[m]) <= EPS * Math.sqrt(Math.abs(d[m])) * Math.sqrt(Math.abs(d[m + 1]))) {
                e[m] = 0;
                return m;
            }
        }
        return last;
    }

    private void solveBlock(int from, int to) {
        if (from == to) {
            return;
        }
        int exponent = exponentOfNorm(from, to);
        scale(from, to, -exponent);
        if (Math.abs(d[to]) < Math.abs(d[from])) {
            downwards(from, to);
        } else {
            upwards(from, to);
        }
        scale(from, to, exponent);
    }

    private int exponentOfNorm(int from, int to) {
        double norm = Math.max(Vectors.maxAbs(d, from, to - from + 1), Vectors.maxAbs(e, from, to - from));
        return norm == 0 ? 0 : Math.getExponent(norm);
    }

    private void scale(int from, int to, int exponent) {
        for (int i = from; i <= to; i++) {
            d[i] = Math.scalb(d[i], exponent);
            if (i < to) {
                e[i] = Math.scalb(e[i], exponent);
            }
        }
    }

    /** QL: eigenvalues are found at the top of the block first. */
    private void upwards(int from, int to) {
        int l = from;
        while (l <= to) {
            int m = l;
            while (m < to && !negligible(m, m + 1)) {
                m++;
            }
            if (m < to) {
                e[m] = 0;
            }
            if (m == l) {
                l++;
            } else {
                count(l, to);
                qlStep(l, m);
            }
        }
    }

    private void qlStep(int l, int m) {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + e[l] / (g + Math.copySign(Rotation.hypot(g, 1), g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = s * e[i];
            double b = c * e[i];
            Rotation rotation = Rotation.of(g, f);
            c = rotation.c();
            s = rotation.s();
            if (i != m - 1) {
                e[i + 1] = rotation.r();
            }
            g = d[i + 1] - p;
            double r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            rotateRows(i + 1, i, c, s);
        }
        d[l] -= p;
        e[l] = g;
    }

    /** QR: eigenvalues are found at the bottom of the block first. */
    private void downwards(int from, int to) {
        int l = to;
        while (l >= from) {
            int m = l;
            while (m > from && !negligible(m - 1, m)) {
                m--;
            }
            if (m > from) {
                e[m - 1] = 0;
            }
            if (m == l) {
                l--;
            } else {
                count(from, l);
                qrStep(l, m);
            }
        }
    }

    private void qrStep(int l, int m) {
        double g = (d[l - 1] - d[l]) / (2 * e[l - 1]);
        g = d[m] - d[l] + e[l - 1] / (g + Math.copySign(Rotation.hypot(g, 1), g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m; i < l; i++) {
            double f = s * e[i];
            double b = c * e[i];
            Rotation rotation = Rotation.of(g, f);
            c = rotation.c();
            s = rotation.s();
            if (i != m) {
                e[i - 1] = rotation.r();
            }
            g = d[i] - p;
            double r = (d[i + 1] - g) * s + 2 * c * b;
            p = s * r;
            d[i] = g + p;
            g = c * r - b;
            rotateRows(i, i + 1, c, s);
        }
        d[l] -= p;
        e[l - 1] = g;
    }

    private boolean negligible(int i, int j) {
        double square = e[i] * e[i];
        return square <= EPS * EPS * Math.abs(d[i]) * Math.abs(d[j]) + SAFE_MIN;
    }

    private void count(int from, int to) {
        if (++steps > limit) {
            throw new NoConvergenceException(operation + ": QL iteration did not settle rows " + from + " to " + to + " within " + limit + " steps");
        }
    }

    private void rotateRows(int i, int j, double c, double s) {
        if (width > 0) {
            Vectors.rotate(z, zOffset + (i - first) * zStride, z, zOffset + (j - first) * zStride, width, c, s);
        }
    }
}
