package gradus.linalg;

/**
 * Singular values and vectors of the triangle [f g; 0 h], accurate to a few units in the last place but for over- and underflow (Demmel and Kahan
 * 1990; Bai and Demmel 1993; LAPACK's dlasv2 and dlas2):
 * {@code [cosLeft sinLeft; −sinLeft cosLeft] · [f g; 0 h] · [cosRight −sinRight; sinRight cosRight] = diag(large, small)}. The values may be negative.
 */
record TwoByTwo(double small, double large, double sinRight, double cosRight, double sinLeft, double cosLeft) {
    private static final double EPS = 0x1p-53;

    static TwoByTwo of(double f, double g, double h) {
        boolean swap = Math.abs(h) > Math.abs(f);
        TwoByTwo t = swap ? ordered(h, g, f) : ordered(f, g, h);
        double right = correction(t.sinRight, t.cosRight);
        double left = correction(t.sinLeft, t.cosLeft);
        double sinRight = swap ? t.cosLeft * left : t.sinRight * right;
        double cosRight = swap ? t.sinLeft * left : t.cosRight * right;
        double sinLeft = swap ? t.cosRight * right : t.sinLeft * left;
        double cosLeft = swap ? t.sinRight * right : t.cosLeft * left;
        double sign;
        if (Math.abs(g) > Math.max(Math.abs(f), Math.abs(h))) {
            sign = sign(sinRight) * sign(cosLeft) * sign(g);
        } else if (swap) {
            sign = sign(sinRight) * sign(sinLeft) * sign(h);
        } else {
            sign = sign(cosRight) * sign(cosLeft) * sign(f);
        }
        return new TwoByTwo(t.small * sign * sign(f) * sign(h), t.large * sign, sinRight, cosRight, sinLeft, cosLeft);
    }

    /** The case |f| ≥ |h|, values not yet signed. */
    private static TwoByTwo ordered(double f, double g, double h) {
        double fa = Math.abs(f);
        double ga = Math.abs(g);
        double ha = Math.abs(h);
        if (ga == 0) {
            return new TwoByTwo(ha, fa, 0, 1, 0, 1);
        }
        if (ga > fa && fa / ga < EPS) {
            double small = ha > 1 ? fa / (ga / ha) : fa / ga * ha;
            return new TwoByTwo(small, ga, 1, f / g, h / g, 1);
        }
        double d = fa - ha;
        double l = d == fa ? 1 : d / fa;
        double m = g / f;
        double t = 2 - l;
        double s = Math.sqrt(t * t + m * m);
        double r = l == 0 ? Math.abs(m) : Math.sqrt(l * l + m * m);
        double a = 0.5 * (s + r);
        double tangent;
        if (m * m != 0) {
            tangent = (m / (s + t) + m / (r + l)) * (1 + a);
        } else if (l == 0) {
            tangent = 2 * sign(f) * sign(g);
        } else {
            tangent = g / Math.copySign(d, f) + m / t;
        }
        double length = Math.sqrt(tangent * tangent + 4);
        double cosRight = 2 / length;
        double sinRight = tangent / length;
        return new TwoByTwo(ha / a, fa * a, sinRight, cosRight, h / f * sinRight / a, (cosRight + sinRight * m) / a);
    }

    /** What brings s² + c² back to 1: about eight roundings lie behind a sine, which alone would cost a 2 × 2 block 14 ε of orthogonality. */
    private static double correction(double s, double c) {
        return 1 - 0.5 * (Math.fma(c, c, -1) + s * s);
    }

    /** The smaller singular value alone. */
    static double smallest(double f, double g, double h) {
        double fa = Math.abs(f);
        double ga = Math.abs(g);
        double ha = Math.abs(h);
        double low = Math.min(fa, ha);
        double high = Math.max(fa, ha);
        if (low == 0) {
            return 0;
        }
        double sum = 1 + low / high;
        double gap = (high - low) / high;
        if (ga < high) {
            double square = ga / high * (ga / high);
            return low * (2 / (Math.sqrt(sum * sum + square) + Math.sqrt(gap * gap + square)));
        }
        double u = high / ga;
        if (u == 0) {
            return low * high / ga;
        }
        double c = 1 / (Math.sqrt(1 + sum * u * (sum * u)) + Math.sqrt(1 + gap * u * (gap * u)));
        return 2 * (low * c * u);
    }

    private static double sign(double x) {
        return Math.copySign(1, x);
    }
}
