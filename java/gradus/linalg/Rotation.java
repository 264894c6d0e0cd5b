package gradus.linalg;

/**
 * A plane rotation with {@code c·f + s·g = r} and {@code c·g − s·f = 0}.
 *
 * <p>After Anderson, "Algorithm 978: Safe Scaling in the Level 1 BLAS" (2017), as LAPACK 3.10's dlartg has it: no overflow or harmful
 * underflow for any finite f and g, and r carries the sign of f.
 */
record Rotation(double c, double s, double r) {
    private static final double SAFE_MIN = 0x1p-1022;
    private static final double ROOT_MIN = 0x1p-511;
    private static final double ROOT_MAX = 0x1p510;

    static Rotation of(double f, double g) {
        double f1 = Math.abs(f);
        double g1 = Math.abs(g);
        if (g == 0) {
            return new Rotation(1, 0, f);
        }
        if (f == 0) {
            return new Rotation(0, Math.signum(g), g1);
        }
        if (f1 > ROOT_MIN && f1 < ROOT_MAX && g1 > ROOT_MIN && g1 < ROOT_MAX) {
            double d = Math.sqrt(f * f + g * g);
            double r = Math.copySign(d, f);
            return new Rotation(f1 / d, g / r, r);
        }
        double u = Math.min(1 / SAFE_MIN, Math.max(SAFE_MIN, Math.max(f1, g1)));
        double fs = f / u;
        double gs = g / u;
        double d = Math.sqrt(fs * fs + gs * gs);
        double r = Math.copySign(d, f);
        return new Rotation(Math.abs(fs) / d, gs / r, r * u);
    }

    /** √(f² + g²) without overflow or harmful underflow. */
    static double hypot(double f, double g) {
        return Math.abs(of(f, g).r);
    }
}
