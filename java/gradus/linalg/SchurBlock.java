package gradus.linalg;

/**
 * Standard form of a real 2 × 2 matrix (Bai and Demmel 1993; LAPACK's dlanv2): {@code [a b; c d]} is what the rotation
 * {@code [cos sin; −sin cos]} makes of it from the left and its transpose from the right. Either c = 0 and the eigenvalues a, d are real, or a = d and b·c
 * &lt; 0 and they are a ± i·√(−bc).
 */
record SchurBlock(double a, double b, double c, double d, double cos, double sin) {
    private static final double EPS = 0x1p-53;

    static SchurBlock of(double a, double b, double c, double d) {
        if (c == 0) {
            return new SchurBlock(a, b, 0, d, 1, 0);
        }
        if (b == 0) {
            return new SchurBlock(d, -c, 0, a, 0, 1);
        }
        if (a == d && Math.signum(b) != Math.signum(c)) {
            return new SchurBlock(a, b, c, d, 1, 0);
        }
        double p = 0.5 * (a - d);
        double larger = Math.max(Math.abs(b), Math.abs(c));
        double smaller = Math.min(Math.abs(b), Math.abs(c)) * Math.signum(b) * Math.signum(c);
        double scale = Math.max(Math.abs(p), larger);
        double z = p / scale * p + larger / scale * smaller;
        if (z >= 4 * EPS) {
            double root = p + Math.copySign(Math.sqrt(scale) * Math.sqrt(z), p);
            double length = Rotation.hypot(c, root);
            return new SchurBlock(d + root, b - c, 0, d - larger / root * smaller, root / length, c / length);
        }
        return complexOrNearlyEqual(a, b, c, d);
    }

    private static SchurBlock complexOrNearlyEqual(double a, double b, double c, double d) {
        double sigma = b + c;
        double difference = a - d;
        double length = Rotation.hypot(sigma, difference);
        double cos = Math.sqrt(0.5 * (1 + Math.abs(sigma) / length));
        double sin = -(0.5 * difference / (length * cos)) * Math.copySign(1, sigma);
        double aa = a * cos + b * sin;
        double bb = -a * sin + b * cos;
        double cc = c * cos + d * sin;
        double dd = -c * sin + d * cos;
        double newB = bb * cos + dd * sin;
        double newC = -aa * sin + cc * cos;
        double mean = 0.5 * (aa * cos + cc * sin + (-bb * sin + dd * cos));
        if (newC == 0) {
            return new SchurBlock(mean, newB, 0, mean, cos, sin);
        }
        if (newB == 0) {
            return new SchurBlock(mean, -newC, 0, mean, -sin, cos);
        }
        if (Math.signum(newB) != Math.signum(newC)) {
            return new SchurBlock(mean, newB, newC, mean, cos, sin);
        }
        // Off-diagonals of one sign: the eigenvalues are real after all.
        double rootB = Math.sqrt(Math.abs(newB));
        double rootC = Math.sqrt(Math.abs(newC));
        double p = Math.copySign(rootB * rootC, newC);
        double inverse = 1 / Math.sqrt(Math.abs(newB + newC));
        double cos1 = rootB * inverse;
        double sin1 = rootC * inverse;
        return new SchurBlock(mean + p, newB - newC, 0, mean - p, cos * cos1 - sin * sin1, cos * sin1 + sin * cos1);
    }

    /** The positive imaginary part of the eigenvalues, 0 when they are real. */
    double imaginary() {
        return c == 0 ? 0 : Math.sqrt(Math.abs(b)) * Math.sqrt(Math.abs(c));
    }
}
