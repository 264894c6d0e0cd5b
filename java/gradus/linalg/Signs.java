package gradus.linalg;

/** Canonical signs: the entry of the largest magnitude is positive, the first of several. */
final class Signs {
    private Signs() {
    }

    /** Whether the run must be negated to be canonical. */
    static boolean isNegative(double[] x, int offset, int n) {
        double best = 0;
        for (int i = offset; i < offset + n; i++) {
            if (Math.abs(x[i]) > Math.abs(best)) {
                best = x[i];
            }
        }
        return best < 0;
    }

    /** Negates the run where that makes it canonical; says whether it did. */
    static boolean makeCanonical(double[] x, int offset, int n) {
        boolean negative = isNegative(x, offset, n);
        if (negative) {
            negate(x, offset, n);
        }
        return negative;
    }

    static void negate(double[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) {
            x[i] = -x[i];
        }
    }
}
