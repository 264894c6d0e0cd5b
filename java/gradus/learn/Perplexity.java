package gradus.learn;

import gradus.numerics.Sums;

/**
 * The search for the precision β at which the weights exp(−β·d) have a given entropy: Newton's steps in log β, bisection where they leave the bracket.
 *
 * <p>With Z = Σ exp(−βd), p = exp(−βd)/Z: H = log Z + β·E[d] and dH/d log β = −β²·Var[d]. Distances are taken less the smallest, which changes no
 * weight and keeps Z at 1 or more.
 */
final class Perplexity {
    private static final double TOLERANCE = 1e-10;
    private static final int MOST_STEPS = 200;
    /** The widest that β may get away from the reciprocal of the mean distance. */
    private static final double RANGE = 0x1p200;

    private Perplexity() {
    }

    /** Writes the k weights for {@code d[at …]} to {@code p[at …]} and returns β. Where no β has the entropy, the nearest is taken. */
    static double fit(float[] d, int at, int k, double entropy, double[] p) {
        double[] away = new double[k];
        for (int j = 0; j < k; j++) {
            away[j] = (double) d[at + j] - d[at]; // nearest first
        }
        double mean = Sums.sum(away, 0, 1, k) / k;
        if (mean == 0) {
            java.util.Arrays.fill(p, at, at + k, 1.0 / k);
            return 0;
        }
        double beta = 1 / mean;
        double low = beta / RANGE;
        double high = beta * RANGE;
        double[] weights = new double[k];
        for (int step = 0; step < MOST_STEPS && high > low * (1 + 0x1p-50); step++) {
            Moments m = Moments.of(away, beta, weights);
            double excess = m.entropy - entropy;
            if (Math.abs(excess) <= TOLERANCE) {
                break;
            }
            if (excess > 0) {
                low = beta;
            } else {
                high = beta;
            }
            // log β moves by excess / (β²·Var); at most eightfold either way, for far out the slope vanishes.
            double move = Math.clamp(excess / (beta * beta * m.variance), -2, 2);
            double next = beta * StrictMath.exp(move);
            beta = next > low && next < high ? next : Math.sqrt(low) * Math.sqrt(high);
        }
        double z = Moments.of(away, beta, weights).z;
        for (int j = 0; j < k; j++) {
            p[at + j] = weights[j] / z;
        }
        return beta;
    }

    private record Moments(double z, double entropy, double variance) {
        static Moments of(double[] d, double beta, double[] weights) {
            for (int j = 0; j < d.length; j++) {
                weights[j] = StrictMath.exp(-beta * d[j]);
            }
            double z = Sums.sum(weights, 0, 1, d.length);
            double mean = Sums.dot(weights, 0, 1, d, 0, 1, d.length) / z;
            double square = 0;
            double[] terms = new double[d.length];
            for (int j = 0; j < d.length; j++) {
                terms[j] = (d[j] - mean) * (d[j] - mean);
            }
            square = Sums.dot(weights, 0, 1, terms, 0, 1, d.length) / z;
            return new Moments(z, StrictMath.log(z) + beta * mean, square);
        }
    }
}
