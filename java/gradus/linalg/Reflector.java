package gradus.linalg;

/** Elementary reflectors H = I − τvvᵀ with v₀ = 1 (Golub and Van Loan, section 5.1; LAPACK's dlarfg). */
final class Reflector {
    private Reflector() {
    }

    private static final double SMALL = 0x1p-900;

    /**
     * Makes the reflector that maps x to (β, 0, …, 0). On return x[offset] is β, and x[offset+1 …] the rest of v. The result is τ, 0 when x is
     * already of that form. Tiny entries are scaled up while it is made: v must be accurate even where β is subnormal, or H is not orthogonal.
     */
    static double make(double[] x, int offset, int n) {
        double max = Vectors.maxAbs(x, offset + 1, n - 1);
        if (max == 0) {
            return 0;
        }
        if (Math.max(max, Math.abs(x[offset])) < SMALL) {
            Vectors.scale(0x1p900, x, offset, n);
            double tau = makeScaled(x, offset, n);
            x[offset] *= 0x1p-900;
            return tau;
        }
        return makeScaled(x, offset, n);
    }

    private static double makeScaled(double[] x, int offset, int n) {
        double alpha = x[offset];
        double beta = -Math.copySign(Rotation.hypot(alpha, Vectors.norm(x, offset + 1, n - 1)), alpha);
        double pivot = alpha - beta;
        for (int i = offset + 1; i < offset + n; i++) {
            x[i] /= pivot;
        }
        x[offset] = beta;
        return (beta - alpha) / beta;
    }

    /** y ← H·y for the reflector v, its leading 1 written out. */
    static void apply(double tau, double[] v, int vOffset, double[] y, int yOffset, int n) {
        if (tau != 0) {
            Vectors.axpy(-tau * Vectors.dot(v, vOffset, y, yOffset, n), v, vOffset, y, yOffset, n);
        }
    }
}
