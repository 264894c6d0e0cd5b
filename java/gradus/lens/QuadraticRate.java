package gradus.lens;

/**
 * How fast descent converges along one direction of curvature λ: the error after t steps is of the order rᵗ, r being the larger magnitude of the
 * two roots of the step's characteristic polynomial. Below 1 it converges; over several curvatures the slowest counts.
 *
 * <p>Source: Polyak 1964; Lessard, Recht and Packard 2016, section 1 and table 1.
 */
public final class QuadraticRate {
    private QuadraticRate() {
    }

    /** |1 − ηλ|. */
    public static double descent(double eta, double lambda) {
        return Math.abs(1 - eta * lambda);
    }

    /** The larger root of z² − (1 + μ − ηλ)·z + μ: momentum, in PyTorch's and Keras' form alike. */
    public static double momentum(double eta, double mu, double lambda) {
        return largerRoot(1 + mu - eta * lambda, mu);
    }

    /** The larger root of z² − (1 + μ)(1 − ηλ)·z + μ·(1 − ηλ): Nesterov's rule in all three forms. */
    public static double nesterov(double eta, double mu, double lambda) {
        double shrunk = 1 - eta * lambda;
        return largerRoot((1 + mu) * shrunk, mu * shrunk);
    }

    /** The best rate that plain descent can have between curvatures a and b: (b − a)/(b + a), at η = 2/(a + b). */
    public static double bestDescent(double a, double b) {
        return (b - a) / (b + a);
    }

    /** The best rate with momentum: (√b − √a)/(√b + √a), at η = (2/(√a + √b))² and μ the square of the rate. */
    public static double bestMomentum(double a, double b) {
        double low = Math.sqrt(a);
        double high = Math.sqrt(b);
        return (high - low) / (high + low);
    }

    /** The best rate with Nesterov's rule: 1 − 2/√(3b/a + 1), at η = 4/(3b + a) and μ = (√(3b/a + 1) − 2)/(√(3b/a + 1) + 2). */
    public static double bestNesterov(double a, double b) {
        return 1 - 2 / Math.sqrt(3 * b / a + 1);
    }

    /** The larger magnitude of the roots of z² − p·z + q. */
    private static double largerRoot(double p, double q) {
        double d = p * p - 4 * q;
        return d < 0 ? Math.sqrt(q) : (Math.abs(p) + Math.sqrt(d)) / 2;
    }
}
