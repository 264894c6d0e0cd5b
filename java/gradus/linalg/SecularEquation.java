package gradus.linalg;

import gradus.backend.LinearKernels.Gap;
import gradus.backend.Workers;

/**
 * The eigenvalues of a diagonal matrix plus a rank-one one, D + ρ·zzᵀ with ρ &gt; 0: the roots of 1/ρ + Σ zⱼ²/(dⱼ − λ). In the squared form the
 * singular values that belong to the diagonal D with a full row z: the roots σ of 1/ρ + Σ zⱼ²/(dⱼ² − σ²).
 *
 * <p>Root i lies between pole i and the next. It is kept as its distance τ from the nearer of the two, so the gap to every pole has full
 * relative accuracy. Each step interpolates with two poles (R.-C. Li, "Solving secular equations stably and efficiently", LAPACK working note 89: fixed
 * weight, and the middle way when that is slow) and stays in a bracket that every evaluation narrows, so it always ends. {@link #weights} finds the z to
 * which the roots belong exactly (Gu and Eisenstat 1994), which makes the vectors orthogonal without extended precision.
 */
final class SecularEquation {
    private static final double EPS = 0x1p-53;
    private static final int LIMIT = 300;
    /** From here on every other step halves the bracket. */
    private static final int PATIENCE = 12;
    private static final int ROOTS_A_PIECE = 8;

    private final String operation;
    private final int k;
    private final double[] d;
    private final double[] z;
    private final double inverseRho;
    private final boolean squared;
    private final int[] origin;
    private final double[] tau;

    /** For k poles d that ascend strictly, and weights z of which none is 0. The arrays are kept. */
    SecularEquation(String operation, int k, double[] d, double[] z, double rho, boolean squared) {
        this.operation = operation;
        this.k = k;
        this.d = d;
        this.z = z;
        this.inverseRho = 1 / rho;
        this.squared = squared;
        this.origin = new int[k];
        this.tau = new double[k];
    }

    /** Finds all roots. */
    void solve(Workers workers) {
        double sum = 0;
        for (int j = 0; j < k; j++) {
            sum = Math.fma(z[j], z[j], sum);
        }
        double spread = sum / inverseRho;
        workers.forEach((k + ROOTS_A_PIECE - 1) / ROOTS_A_PIECE, piece -> {
            double[] sums = new double[4];
            for (int i = piece * ROOTS_A_PIECE; i < Math.min(k, (piece + 1) * ROOTS_A_PIECE); i++) {
                if (i < k - 1) {
                    interior(i, sums);
                } else {
                    last(spread, sums);
                }
            }
        });
    }

    /** Root i. */
    double root(int i) {
        return d[origin[i]] + tau[i];
    }

    /** The distance of the poles from root i. */
    Gap gap(int i) {
        return gap(origin[i], tau[i]);
    }

    private Gap gap(int from, double distance) {
        return squared ? new Gap(d[from], distance, 1, d[from] + distance) : new Gap(d[from], distance, 0, 1);
    }

    /** The distance of the poles from pole i. */
    private Gap gapToPole(int i) {
        return squared ? new Gap(d[i], 0, 1, d[i]) : new Gap(d[i], 0, 0, 1);
    }

    /** The change of the root's own value that changes what the gaps measure, λ or σ², by eta. */
    private double step(double at, double eta) {
        return squared ? eta / (at + Math.sqrt(Math.max(0, at * at + eta))) : eta;
    }

    private double span(int i) {
        return squared ? (d[i + 1] - d[i]) * (d[i + 1] + d[i]) : d[i + 1] - d[i];
    }

    /** The root between poles i and i + 1: from the sign in the middle follows the nearer pole, and a first guess from the two of them. */
    private void interior(int i, double[] sums) {
        double span = span(i);
        double half = step(d[i], span / 2);
        Gap middle = gap(i, half);
        Vectors.KERNELS.secular(d, z, 0, i, middle, sums, 0);
        Vectors.KERNELS.secular(d, z, i + 2, k, middle, sums, 2);
        double c = inverseRho + sums[0] + sums[2];
        double low = z[i] * z[i];
        double high = z[i + 1] * z[i + 1];
        if (c + low / middle.to(d[i]) + high / middle.to(d[i + 1]) > 0) {
            double a = c * span + low + high;
            double b = low * span;
            double root = Math.sqrt(Math.abs(a * a - 4 * b * c));
            iterate(i, i, 0, half, step(d[i], a > 0 ? 2 * b / (a + root) : (a - root) / (2 * c)), sums);
        } else {
            double a = c * span - low - high;
            double b = high * span;
            double root = Math.sqrt(Math.abs(a * a + 4 * b * c));
            iterate(i, i + 1, half - (d[i + 1] - d[i]), 0, step(d[i + 1], a < 0 ? 2 * b / (a - root) : -(a + root) / (2 * c)), sums);
        }
    }

    /** The root above the last pole, at most ρ·‖z‖² away. */
    private void last(double spread, double[] sums) {
        int n = k - 1;
        if (k == 1) {
            tau[0] = step(d[0], spread);
            return;
        }
        double half = step(d[n], spread / 2);
        Gap middle = gap(n, half);
        Vectors.KERNELS.secular(d, z, 0, n - 1, middle, sums, 0);
        double c = inverseRho + sums[0];
        double low = z[n - 1] * z[n - 1];
        double high = z[n] * z[n];
        boolean above = c + low / middle.to(d[n - 1]) + high / middle.to(d[n]) <= 0;
        double span = span(n - 1);
        double a = low + high - c * span;
        double b = high * span;
        double root = Math.sqrt(a * a + 4 * b * c);
        double guess = step(d[n], a < 0 ? 2 * b / (root - a) : (a + root) / (2 * c));
        iterate(n, n, above ? half : 0, above ? step(d[n], spread) : half, guess, sums);
    }

    private void iterate(int i, int from, double below, double above, double guess, double[] sums) {
        double lo = below;
        double hi = above;
        double t = guess > lo && guess < hi ? guess : between(lo, hi);
        double previous = Double.POSITIVE_INFINITY;
        boolean middleWay = false;
        int left = i < k - 1 ? i + 1 : k - 1;
        for (int count = 0; count < LIMIT; count++) {
            Gap gap = gap(from, t);
            Vectors.KERNELS.secular(d, z, 0, left, gap, sums, 0);
            Vectors.KERNELS.secular(d, z, left, k, gap, sums, 2);
            double w = inverseRho + sums[0] + sums[2];
            double slope = sums[1] + sums[3];
            double noise = 8 * (Math.abs(sums[0]) + Math.abs(sums[2])) + inverseRho + Math.abs(t) * slope * (squared ? 2 * (d[from] + t) : 1);
            if (Math.abs(w) <= EPS * noise) {
                break;
            }
            if (w < 0) {
                lo = t;
            } else {
                hi = t;
            }
            middleWay ^= Math.abs(w) > 0.1 * previous;
            previous = Math.abs(w);
            double eta = i < k - 1 ? interiorStep(i, from == i, middleWay, gap, w, sums) : lastStep(gap, w, sums);
            double next = t + step(d[from] + t, eta);
            if (!(next > lo && next < hi) || count > PATIENCE && count % 2 == 0) {
                next = between(lo, hi);
            }
            if (!(next > lo && next < hi)) {
                break; // no number lies between the two
            }
            t = next;
            if (count == LIMIT - 1) {
                throw new NoConvergenceException(operation + ": root " + i + " of " + k + " of the secular equation did not settle within " + LIMIT
                        + " steps");
            }
        }
        origin[i] = from;
        tau[i] = t;
    }

    /** A point inside the bracket: its middle, or on a logarithmic scale when it spans many binades, as it does at a pole. */
    private static double between(double lo, double hi) {
        double near = Math.min(Math.abs(lo), Math.abs(hi));
        double far = Math.max(Math.abs(lo), Math.abs(hi));
        double sign = lo < 0 ? -1 : 1;
        if (near == 0) {
            return sign * far / 16;
        }
        return far > 4 * near ? sign * Math.sqrt(near) * Math.sqrt(far) : lo + (hi - lo) / 2;
    }

    private double interiorStep(int i, boolean atLower, boolean middleWay, Gap gap, double w, double[] sums) {
        double p = gap.to(d[i]);
        double q = gap.to(d[i + 1]);
        double slope = sums[1] + sums[3];
        double c;
        if (middleWay) {
            c = w - p * sums[1] - q * sums[3];
        } else if (atLower) {
            c = w - q * slope + span(i) * (z[i] / p) * (z[i] / p);
        } else {
            c = w - p * slope - span(i) * (z[i + 1] / q) * (z[i + 1] / q);
        }
        double a = (p + q) * w - p * q * slope;
        double b = p * q * w;
        double eta;
        if (c == 0) {
            eta = b / a;
        } else {
            double root = Math.sqrt(Math.abs(a * a - 4 * b * c));
            eta = a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
        }
        return w * eta < 0 ? eta : -w / slope;
    }

    private double lastStep(Gap gap, double w, double[] sums) {
        double p = gap.to(d[k - 2]);
        double q = gap.to(d[k - 1]);
        double slope = sums[1] + sums[3];
        double c = Math.abs(w - p * sums[1] - q * sums[3]);
        double a = (p + q) * w - p * q * slope;
        double b = p * q * w;
        double root = Math.sqrt(Math.abs(a * a - 4 * b * c));
        double eta = a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
        return w * eta < 0 ? eta : -w / slope;
    }

    /**
     * The ẑ for which the computed roots are exact, with the signs of z and ρ taken as 1: ẑⱼ² = Πᵢ (λᵢ − dⱼ) / Π_{i ≠ j} (dᵢ − dⱼ) (squares of
     * λ and d in the squared form).
     */
    double[] weights(Workers workers) {
        double[] w = new double[k];
        java.util.Arrays.fill(w, -1);
        int width = 64;
        workers.forEach((k + width - 1) / width, piece -> {
            int from = piece * width;
            int to = Math.min(k, from + width);
            for (int i = 0; i < k; i++) {
                Gap gap = gap(i);
                Gap between = gapToPole(i);
                if (i < from || i >= to) {
                    Vectors.KERNELS.poleRatios(d, from, to, gap, between, w);
                } else {
                    Vectors.KERNELS.poleRatios(d, from, i, gap, between, w);
                    w[i] *= gap.to(d[i]);
                    Vectors.KERNELS.poleRatios(d, i + 1, to, gap, between, w);
                }
            }
        });
        for (int j = 0; j < k; j++) {
            w[j] = Math.copySign(Math.sqrt(w[j]), z[j]);
        }
        return w;
    }
}
