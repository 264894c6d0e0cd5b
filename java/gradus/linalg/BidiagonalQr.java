package gradus.linalg;

/**
 * Singular values and vectors of an upper bidiagonal matrix by implicit QR steps, shifted or with zero shift, from the larger end to the smaller
 * (Demmel and Kahan, "Accurate singular values of bidiagonal matrices", 1990; LAPACK's dbdsqr). All singular values come out with high
 * relative accuracy, however graded the matrix is.
 */
final class BidiagonalQr {
    private static final double EPS = 0x1p-53;
    /** ε^(−1/8)·ε, the paper's relative accuracy of the values: what a shift may cost. */
    private static final double TOLERANCE = 98.7 * EPS;
    /**
     * An entry of e counts as 0 below this share of its bound. All such entries together have at most this share of ‖B‖, in Frobenius norm, so ten units
     * of rounding stay below what the sweeps themselves leave even for n = 2; with {@link #TOLERANCE}, as the paper has it, small blocks came out up to 98 ε‖B‖ off.
     */
    private static final double NEGLIGIBLE = 10 * EPS;
    private static final double SAFE_MIN = 0x1p-1022;
    private static final int STEPS_PER_VALUE = 6;

    /** Rows that take part in the rotations: row i begins at {@code offset + i·stride}; of width 0 when they are not wanted. */
    record Rows(double[] data, int offset, int stride, int width) {
        static final Rows NONE = new Rows(new double[0], 0, 0, 0);

        private void forward(int from, int count, double[] c, double[] s) {
            if (width > 0) {
                Vectors.KERNELS.sweep(data, offset + from * stride, stride, count, c, s, 0, width);
            }
        }

        private void backward(int from, int count, double[] c, double[] s) {
            if (width > 0) {
                Vectors.KERNELS.sweep(data, offset + from * stride, -stride, count, c, s, 0, width);
            }
        }

        private void pair(int i, double c, double s) {
            if (width > 0) {
                Vectors.rotate(data, offset + i * stride, data, offset + (i + 1) * stride, width, c, s);
            }
        }

        private void negate(int i) {
            Signs.negate(data, offset + i * stride, width);
        }
    }

    private final String operation;
    private final double[] d;
    private final double[] e;
    private final int n;
    private final Rows left;
    private final Rows right;
    private final double[] cosRight;
    private final double[] sinRight;
    private final double[] cosLeft;
    private final double[] sinLeft;
    private double threshold;
    private boolean downwards;

    private BidiagonalQr(String operation, double[] d, double[] e, Rows left, Rows right) {
        this.operation = operation;
        this.d = d;
        this.e = e;
        this.n = d.length;
        this.left = left;
        this.right = right;
        this.cosRight = new double[n];
        this.sinRight = new double[n];
        this.cosLeft = new double[n];
        this.sinLeft = new double[n];
    }

    /**
     * Diagonalises the bidiagonal matrix with diagonal d and superdiagonal e. On return d holds the singular values, not negative and unsorted.
     * Rows of {@code left} and {@code right} that begin as identities end as the singular vectors.
     */
    static void solve(String operation, double[] d, double[] e, Rows left, Rows right) {
        BidiagonalQr qr = new BidiagonalQr(operation, d, e, left, right);
        qr.iterate();
        for (int i = 0; i < d.length; i++) {
            if (d[i] < 0) {
                d[i] = -d[i];
                right.negate(i);
            }
        }
    }

    private void iterate() {
        threshold = Math.max(NEGLIGIBLE * smallestEstimate(), (double) STEPS_PER_VALUE * n * n * SAFE_MIN);
        long budget = (long) STEPS_PER_VALUE * n * n;
        int oldTop = -1;
        int oldBottom = -1;
        int bottom = n - 1;
        while (bottom > 0) {
            int top = topOfBlock(bottom);
            if (top == bottom) {
                bottom--;
                continue;
            }
            if (top == bottom - 1) {
                solvePair(top);
                bottom -= 2;
                continue;
            }
            if (top > oldBottom || bottom < oldTop) {
                downwards = Math.abs(d[top]) >= Math.abs(d[bottom]);
            }
            double smallest = deflate(top, bottom);
            if (smallest < 0) {
                continue;
            }
            oldTop = top;
            oldBottom = bottom;
            budget -= bottom - top;
            if (budget < 0) {
                throw new NoConvergenceException(operation + ": QR iteration on the bidiagonal did not settle rows " + top + " to " + bottom
                        + " within " + STEPS_PER_VALUE + " steps a value");
            }
            step(top, bottom, shift(top, bottom, smallest));
        }
    }

    /** A lower bound of the smallest singular value, over √n. */
    private double smallestEstimate() {
        double mu = n == 0 ? 0 : Math.abs(d[0]);
        double smallest = mu;
        for (int i = 1; i < n && smallest > 0; i++) {
            mu = Math.abs(d[i]) * (mu / (mu + Math.abs(e[i - 1])));
            smallest = Math.min(smallest, mu);
        }
        return smallest / Math.sqrt(n);
    }

    private int topOfBlock(int bottom) {
        for (int i = bottom - 1; i >= 0; i--) {
            if (Math.abs(e[i]) <= threshold) {
                e[i] = 0;
                return i + 1;
            }
        }
        return 0;
    }

    private void solvePair(int i) {
        TwoByTwo t = TwoByTwo.of(d[i], e[i], d[i + 1]);
        d[i] = t.large();
        d[i + 1] = t.small();
        e[i] = 0;
        right.pair(i, t.cosRight(), t.sinRight());
        left.pair(i, t.cosLeft(), t.sinLeft());
    }

    /** Sets a negligible entry of e to 0 and returns −1; or, when there is none, returns a lower bound of the block's smallest value. */
    private double deflate(int top, int bottom) {
        int end = downwards ? bottom - 1 : top;
        if (Math.abs(e[end]) <= NEGLIGIBLE * Math.abs(d[downwards ? bottom : top])) {
            e[end] = 0;
            return -1;
        }
        double mu = Math.abs(d[downwards ? top : bottom]);
        double smallest = mu;
        for (int k = 0; k < bottom - top; k++) {
            int at = downwards ? top + k : bottom - 1 - k;
            if (Math.abs(e[at]) <= NEGLIGIBLE * mu) {
                e[at] = 0;
                return -1;
            }
            mu = Math.abs(d[downwards ? at + 1 : at]) * (mu / (mu + Math.abs(e[at])));
            smallest = Math.min(smallest, mu);
        }
        return smallest;
    }

    private double shift(int top, int bottom, double smallest) {
        double largest = Math.max(Vectors.maxAbs(d, top, bottom - top + 1), Vectors.maxAbs(e, top, bottom - top));
        if (n * TOLERANCE * (smallest / largest) <= Math.max(EPS, 0.01 * TOLERANCE)) {
            return 0; // a shift would cost the small values their relative accuracy
        }
        double far = Math.abs(d[downwards ? top : bottom]);
        double shift = downwards ? TwoByTwo.smallest(d[bottom - 1], e[bottom - 1], d[bottom]) : TwoByTwo.smallest(d[top], e[top], d[top + 1]);
        return far > 0 && shift / far * (shift / far) < EPS ? 0 : shift;
    }

    private void step(int top, int bottom, double shift) {
        int count = bottom - top;
        if (downwards) {
            if (shift == 0) {
                zeroShiftDown(top, bottom);
            } else {
                shiftedDown(top, bottom, shift);
            }
            right.forward(top, count, cosRight, sinRight);
            left.forward(top, count, cosLeft, sinLeft);
            settle(bottom - 1);
        } else {
            if (shift == 0) {
                zeroShiftUp(top, bottom);
            } else {
                shiftedUp(top, bottom, shift);
            }
            right.backward(bottom, count, cosRight, sinRight);
            left.backward(bottom, count, cosLeft, sinLeft);
            settle(top);
        }
    }

    private void settle(int i) {
        if (Math.abs(e[i]) <= threshold) {
            e[i] = 0;
        }
    }

    private void zeroShiftDown(int top, int bottom) {
        Rotation r = new Rotation(1, 0, 0);
        Rotation l = r;
        for (int i = top; i < bottom; i++) {
            r = Rotation.of(d[i] * r.c(), e[i]);
            if (i > top) {
                e[i - 1] = l.s() * r.r();
            }
            l = Rotation.of(l.c() * r.r(), d[i + 1] * r.s());
            d[i] = l.r();
            keep(i - top, r, l);
        }
        double h = d[bottom] * r.c();
        d[bottom] = h * l.c();
        e[bottom - 1] = h * l.s();
    }

    private void zeroShiftUp(int top, int bottom) {
        Rotation l = new Rotation(1, 0, 0);
        Rotation r = l;
        for (int i = bottom; i > top; i--) {
            l = Rotation.of(d[i] * l.c(), e[i - 1]);
            if (i < bottom) {
                e[i] = r.s() * l.r();
            }
            r = Rotation.of(r.c() * l.r(), d[i - 1] * l.s());
            d[i] = r.r();
            keep(bottom - i, r, l);
        }
        double h = d[top] * l.c();
        d[top] = h * r.c();
        e[top] = h * r.s();
    }

    private void shiftedDown(int top, int bottom, double shift) {
        double f = (Math.abs(d[top]) - shift) * (Math.copySign(1, d[top]) + shift / d[top]);
        double g = e[top];
        for (int i = top; i < bottom; i++) {
            Rotation r = Rotation.of(f, g);
            if (i > top) {
                e[i - 1] = r.r();
            }
            f = r.c() * d[i] + r.s() * e[i];
            e[i] = r.c() * e[i] - r.s() * d[i];
            g = r.s() * d[i + 1];
            d[i + 1] = r.c() * d[i + 1];
            Rotation l = Rotation.of(f, g);
            d[i] = l.r();
            f = l.c() * e[i] + l.s() * d[i + 1];
            d[i + 1] = l.c() * d[i + 1] - l.s() * e[i];
            if (i < bottom - 1) {
                g = l.s() * e[i + 1];
                e[i + 1] = l.c() * e[i + 1];
            }
            keep(i - top, r, l);
        }
        e[bottom - 1] = f;
    }

    private void shiftedUp(int top, int bottom, double shift) {
        double f = (Math.abs(d[bottom]) - shift) * (Math.copySign(1, d[bottom]) + shift / d[bottom]);
        double g = e[bottom - 1];
        for (int i = bottom; i > top; i--) {
            Rotation l = Rotation.of(f, g);
            if (i < bottom) {
                e[i] = l.r();
            }
            f = l.c() * d[i] + l.s() * e[i - 1];
            e[i - 1] = l.c() * e[i - 1] - l.s() * d[i];
            g = l.s() * d[i - 1];
            d[i - 1] = l.c() * d[i - 1];
            Rotation r = Rotation.of(f, g);
            d[i] = r.r();
            f = r.c() * e[i - 1] + r.s() * d[i - 1];
            d[i - 1] = r.c() * d[i - 1] - r.s() * e[i - 1];
            if (i > top + 1) {
                g = r.s() * e[i - 2];
                e[i - 2] = r.c() * e[i - 2];
            }
            keep(bottom - i, r, l);
        }
        e[top] = f;
    }

    private void keep(int at, Rotation r, Rotation l) {
        cosRight[at] = r.c();
        sinRight[at] = r.s();
        cosLeft[at] = l.c();
        sinLeft[at] = l.s();
    }
}
