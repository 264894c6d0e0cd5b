package gradus.check;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The derivative of a vector function along a direction, by central differences extrapolated to step 0 (Ridders 1982), with an error estimate
 * for each element of the result.
 *
 * <p>The error of an entry of the extrapolation table is what it differs by from its neighbours, plus what the measured rounding noise of the
 * function (Moré and Wild 2011: fourth differences at tiny steps) amounts to at that step. The step is the one whose entry has the smallest
 * error. Before, kinks are looked for: the right and the left difference quotient of a smooth function approach each other in proportion to the
 * step; where they do not, the steps that reach over the kink are left out, and if none remains there is no derivative to report.
 *
 * @param value the derivative, for each element of the result
 * @param error its estimated error; infinite where nothing can be said
 * @param left the difference quotient to the left at the smallest step
 * @param right the one to the right
 */
record NumericDerivative(double[] value, double[] error, double[] left, double[] right) {
    private static final int LEVELS = 14;
    private static final int COLUMNS = 6;
    private static final double FIRST_STEP = 0.25;
    private static final double NOISE_STEP = 0x1p-30;
    /** √((4!)²/8!): from fourth differences to the deviation of the noise. */
    private static final double FOURTH_DIFFERENCES = 0.1195228609334394;

    /** The derivative of f at x along v, whose largest element is about 1 in size. */
    static NumericDerivative along(UnaryOperator<double[]> f, double[] x, double[] v) {
        double[] centre = f.apply(x);
        double unit = Math.max(1, largest(x));
        double[] noise = noise(f, x, v, unit, centre);
        Samples s = sample(f, x, v, unit, centre.length);
        NumericDerivative d = new NumericDerivative(new double[centre.length], new double[centre.length], new double[centre.length],
                new double[centre.length]);
        for (int j = 0; j < centre.length; j++) {
            d.extrapolate(j, s, centre[j], noise[j]);
        }
        return d;
    }

    private record Samples(double[] steps, double[][] above, double[][] below) {
    }

    private static Samples sample(UnaryOperator<double[]> f, double[] x, double[] v, double unit, int results) {
        double h = FIRST_STEP * Math.scalb(1.0, Math.getExponent(unit));
        for (int tries = 0; tries < 10 && !finite(f.apply(moved(x, v, h)), f.apply(moved(x, v, -h))); tries++) {
            h /= 16;
        }
        Samples s = new Samples(new double[LEVELS], new double[LEVELS][results], new double[LEVELS][results]);
        for (int k = 0; k < LEVELS; k++, h /= 2) {
            s.steps[k] = h;
            s.above[k] = f.apply(moved(x, v, h));
            s.below[k] = f.apply(moved(x, v, -h));
        }
        return s;
    }

    private static boolean finite(double[] a, double[] b) {
        return Arrays.stream(a).allMatch(Double::isFinite) && Arrays.stream(b).allMatch(Double::isFinite);
    }

    private static double[] noise(UnaryOperator<double[]> f, double[] x, double[] v, double unit, double[] centre) {
        double[][] t = new double[7][];
        for (int i = 0; i < t.length; i++) {
            t[i] = f.apply(moved(x, v, (i - 3) * NOISE_STEP * unit));
        }
        double[] noise = new double[centre.length];
        for (int j = 0; j < noise.length; j++) {
            double most = 0;
            for (int i = 0; i + 4 < t.length; i++) {
                most = Math.max(most, Math.abs(t[i][j] - 4 * t[i + 1][j] + 6 * t[i + 2][j] - 4 * t[i + 3][j] + t[i + 4][j]));
            }
            noise[j] = Math.max(2 * FOURTH_DIFFERENCES * most, 0x1p-52 * Math.abs(centre[j]));
        }
        return noise;
    }

    private void extrapolate(int j, Samples s, double centre, double noise) {
        int last = LEVELS - 1;
        right[j] = (s.above[last][j] - centre) / s.steps[last];
        left[j] = (centre - s.below[last][j]) / s.steps[last];
        error[j] = Double.POSITIVE_INFINITY;
        value[j] = (right[j] + left[j]) / 2;
        int first = firstSmooth(j, s, centre, noise);
        double finest = quotient(s, last, j);
        double settled = Math.abs(finest - quotient(s, last - 1, j)) + 4 * noise / s.steps[last];
        double[] above = new double[COLUMNS];
        for (int k = first; k < LEVELS; k++) {
            double[] row = new double[COLUMNS];
            row[0] = quotient(s, k, j);
            double rounding = 2 * noise / s.steps[k];
            for (int c = 1; c < COLUMNS && c <= k - first; c++) {
                double power = Math.scalb(1.0, 2 * c);
                row[c] = (power * row[c - 1] - above[c - 1]) / (power - 1);
                double e = Math.max(Math.abs(row[c] - row[c - 1]), Math.abs(row[c] - above[c - 1])) + rounding;
                // Neighbours may agree by chance where steps reach over a kink; then the quotients at small steps settle elsewhere.
                e += Math.max(0, Math.abs(finest - row[c]) - settled);
                if (e < error[j]) {
                    error[j] = e;
                    value[j] = row[c];
                }
            }
            above = row;
        }
    }

    private static double quotient(Samples s, int level, int j) {
        return (s.above[level][j] - s.below[level][j]) / (2 * s.steps[level]);
    }

    /** The first step from which on the difference quotients of both sides approach each other as those of a smooth function do. */
    private static int firstSmooth(int j, Samples s, double centre, double noise) {
        int first = 0;
        double before = Double.NaN;
        for (int k = 0; k < LEVELS; k++) {
            double right = (s.above[k][j] - centre) / s.steps[k];
            double left = (centre - s.below[k][j]) / s.steps[k];
            double jump = Math.abs(right - left);
            double negligible = 32 * noise / s.steps[k] + 1e-5 * Math.max(Math.abs(right), Math.abs(left));
            if (!Double.isFinite(jump) || jump > negligible && k > 0 && !(jump <= 0.7 * before)) {
                first = k + 1;
            }
            before = jump;
        }
        return first;
    }

    /** Whether some element has no derivative to speak of. */
    boolean undecided() {
        return Arrays.stream(error).anyMatch(e -> e == Double.POSITIVE_INFINITY);
    }

    static double[] moved(double[] x, double[] v, double h) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] + h * v[i];
        }
        return out;
    }

    static double largest(double[] x) {
        double most = 0;
        for (double e : x) {
            most = Math.max(most, Math.abs(e));
        }
        return most;
    }
}
