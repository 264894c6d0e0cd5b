package gradus.numerics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A second implementation of every function in binary64, against which {@link Proof} holds the first: other reductions, other series, and tables that
 * {@link Multiprecision} computes when this class is loaded. It shares no coefficient and no reduction with {@link Functions}. {@link VectorReference} computes the same on vectors.
 *
 * <p><b>Error bound.</b> Let u = 2⁻⁵³. Every value below has a relative error under 2⁻⁴⁸ = 32u; {@link Proof} leaves to multi-precision arithmetic what this cannot
 * decide. Term by term (each + − × ÷ √ fma, and each constant, adds at most u):
 * <ul>
 * <li>exp: r = x − k ln 2/64 is exact in its first step (the head of ln 2/64 has 36 bits, k under 15), u·2⁻⁷ in the second; the tail of the constant adds |k|·2⁻⁹⁴. The series to r⁶
 *     leaves |r|⁷/7! &lt; 2⁻⁶⁴ for |r| ≤ 2⁻⁷·⁵. Table head + (tail + head · p) adds 2u. In all below 3u.
 * <li>expm1: |x| &lt; ¼ by its series to x¹⁵ (remainder 2⁻⁶⁴, Horner below 3u); else exp − 1, which magnifies exp's error by e^x/|e^x − 1| &lt; 4.6: below 15u.
 * <li>log: within 2⁻⁶ of 1 by its series in x − 1 to the 11th power (remainder 2⁻⁶⁶·x, Horner below 3u). Else k ln 2 + T + series, |result| &gt; 2⁻⁶·¹: every term but k ln 2 is below
 *     0.36, T is stored in two doubles, r = m·c − 1 is exact for floats and off by u otherwise; absolute error below 2u·|result| + u·2⁻⁷ + u·2⁻⁵, relative below 8u.
 * <li>log1p: |x| &lt; 2⁻⁶ by the series; else log(1 + x) where 1 + x is exact for 2⁻⁶ ≤ |x| &lt; 2²⁸ and off by u, which moves a logarithm above 19 by u/19, beyond.
 * <li>softplus: e = exp(−|x|) carries 3u. Below 2⁻⁶ by the series in e: 7u. Else log of the double nearest to 1 + e, plus the rest over it: 3u·e/(1 + e)/log(1 + e) + 8u &lt; 12u. Adding
 *     |x| only improves it.
 * <li>tanh = E/(E + 2), E = expm1(2|x|): E's error counts by 2/(E + 2) ≤ 1, plus 2u: below 18u. sigmoid = 1/(1 + exp(−x)): 3u + 2u.
 * <li>sin, cos: m · (2ᵉ/(π/2) mod 4) in 128-bit integers, off by less than 2⁻¹⁰² quarter turns; no float lies within 2⁻⁴⁰ of a multiple of π/2 without being 0, so the remainder is known to
 *     2⁻⁶², and to 3u after two conversions and two products; the series to r¹⁹ leaves 2⁻⁶⁶; Horner below 3u. Near 0, r = x.
 * <li>erf: |x| &lt; ½ by its series to x³¹; else a Taylor polynomial of degree 13 about the middle of an interval of 1/16 (remainder below 2⁻⁶⁰; value and slope terms: 3u). From 4 on
 *     the value is 1 − t with t &lt; 2⁻²⁵·⁹, which rounds to 1.
 * <li>rsqrt = √(1/x): 1.5u. Exact functions: one rounding, u. pow for |n| ≤ 24 by repeated multiplication: (|n| + 1)u.
 * </ul>
 */
final class Reference {
    /** Relative error bound of every value. */
    static final double BOUND = 0x1p-48;

    private static final Multiprecision EXACT = new Multiprecision(60);
    private static final MathContext DIGITS = EXACT.context();

    /** Added and taken away, rounds a number below 2⁵¹ to an integer, which stands in the lower bits in between. */
    static final double TO_INTEGER = 0x1.8p52;
    static final long TO_INTEGER_BITS = Double.doubleToRawLongBits(TO_INTEGER);
    static final double FAR = 200;
    static final double UPPER_HALF = 1.4142;
    static final long LOW_WORD = 0xffffffffL;

    static final int STEPS = 64;
    static final double STEPS_OVER_LN2 = BigDecimal.valueOf(STEPS).divide(EXACT.ln2(), DIGITS).doubleValue();
    static final double STEP_HEAD = head(EXACT.ln2().divide(BigDecimal.valueOf(STEPS)), 36);
    static final double STEP_TAIL = rest(EXACT.ln2().divide(BigDecimal.valueOf(STEPS)), STEP_HEAD);
    static final double[] POWER = new double[STEPS];
    static final double[] POWER_REST = new double[STEPS];

    static final double LN2_HEAD = head(EXACT.ln2(), 40);
    static final double LN2_TAIL = rest(EXACT.ln2(), LN2_HEAD);
    static final int PIECES = 128;
    static final double[] INVERSE = new double[PIECES];
    static final double[] LOG = new double[PIECES];
    static final double[] LOG_REST = new double[PIECES];

    static final int LEAST_EXPONENT = -24;
    static final long[] TURNS = new long[105 - LEAST_EXPONENT];
    static final long[] TURNS_REST = new long[105 - LEAST_EXPONENT];
    static final double HALF_PI = EXACT.pi().doubleValue() / 2;

    private static final int ERF_PIECES = 64;
    private static final int ERF_DEGREE = 13;
    private static final double[][] ERF = new double[ERF_PIECES][];
    static final double[] ERF_SERIES = new double[16];

    /** 1/n! for n from 1 to 6, the series of eʳ − 1 over r. */
    static final double[] EXP_SERIES = inverseFactorials(1, 1, 6, false);
    /** 1/n! for n from 1 to 15. */
    static final double[] EXPM1_SERIES = inverseFactorials(1, 1, 15, false);
    /** (−1)ⁿ⁺¹/n for n from 1 to 8, and to 11. */
    static final double[] LOG_SERIES = inverses(8);
    static final double[] LOG_SERIES_NEAR_1 = inverses(11);
    /** ±1/(2n + 1)! for the sine, ±1/(2n)! for the cosine. */
    static final double[] SIN_SERIES = inverseFactorials(1, 2, 10, true);
    static final double[] COS_SERIES = inverseFactorials(0, 2, 11, true);

    static {
        fillPowers();
        fillLogarithms();
        fillTurns();
        fillErf();
    }

    private Reference() {
    }

    private static void fillPowers() {
        for (int j = 0; j < STEPS; j++) {
            BigDecimal power = EXACT.exp(EXACT.ln2().multiply(BigDecimal.valueOf(j)).divide(BigDecimal.valueOf(STEPS)));
            POWER[j] = power.doubleValue();
            POWER_REST[j] = rest(power, POWER[j]);
        }
    }

    /** INVERSE[j] is the inverse of the middle of piece j of [1, 2) in 9 bits, LOG[j] minus its logarithm. */
    private static void fillLogarithms() {
        for (int j = 0; j < PIECES; j++) {
            INVERSE[j] = Math.rint(0x1p9 / (1 + (j + 0.5) / PIECES)) * 0x1p-9;
            BigDecimal log = EXACT.log(new BigDecimal(INVERSE[j])).negate();
            LOG[j] = log.doubleValue();
            LOG_REST[j] = rest(log, LOG[j]);
        }
    }

    /** 2ᵉ/(π/2) modulo 4, with 126 bits after the point, for the exponent e of a float's last bit. */
    private static void fillTurns() {
        BigDecimal quarters = BigDecimal.ONE.divide(new Multiprecision(120).pi().divide(BigDecimal.TWO), new MathContext(110, RoundingMode.HALF_EVEN));
        for (int i = 0; i < TURNS.length; i++) {
            BigInteger fixed = quarters.multiply(Multiprecision.powerOfTwo(i + LEAST_EXPONENT + 126)).toBigInteger();
            TURNS[i] = fixed.shiftRight(64).longValue();
            TURNS_REST[i] = fixed.longValue();
        }
    }

    private static void fillErf() {
        for (int i = 8; i < ERF_PIECES; i++) {
            ERF[i] = taylorOfErf(BigDecimal.valueOf((i + 0.5) / 16));
        }
        BigDecimal scale = BigDecimal.TWO.divide(EXACT.pi().sqrt(DIGITS), DIGITS);
        BigDecimal factorial = BigDecimal.ONE;
        for (int n = 0; n < ERF_SERIES.length; n++) {
            factorial = n == 0 ? factorial : factorial.multiply(BigDecimal.valueOf(-n));
            ERF_SERIES[n] = scale.divide(factorial.multiply(BigDecimal.valueOf(2L * n + 1)), DIGITS).doubleValue();
        }
    }

    /** 1/first!, 1/(first + step)!, …, each rounded once, with alternating signs where asked. */
    private static double[] inverseFactorials(int first, int step, int count, boolean alternating) {
        double[] series = new double[count];
        for (int n = 0; n < count; n++) {
            BigDecimal factorial = BigDecimal.ONE;
            for (int k = 2; k <= first + n * step; k++) {
                factorial = factorial.multiply(BigDecimal.valueOf(k));
            }
            double inverse = BigDecimal.ONE.divide(factorial, DIGITS).doubleValue();
            series[n] = alternating && n % 2 == 1 ? -inverse : inverse;
        }
        return series;
    }

    private static double[] inverses(int last) {
        double[] series = new double[last];
        for (int n = 1; n <= last; n++) {
            series[n - 1] = (n % 2 == 1 ? 1.0 : -1.0) / n;
        }
        return series;
    }

    private static double head(BigDecimal x, int bits) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x.doubleValue()) & -1L << 53 - bits);
    }

    private static double rest(BigDecimal x, double head) {
        return x.subtract(new BigDecimal(head)).doubleValue();
    }

    /** erf⁽ⁿ⁾(c)/n! with erf″ = −2c erf′ and so on: aₙ₊₂ = −2(c(n + 1)aₙ₊₁ + n aₙ)/((n + 1)(n + 2)). */
    private static double[] taylorOfErf(BigDecimal c) {
        BigDecimal[] a = new BigDecimal[ERF_DEGREE + 1];
        a[0] = EXACT.erf(c);
        a[1] = BigDecimal.TWO.divide(EXACT.pi().sqrt(DIGITS), DIGITS).multiply(EXACT.exp(c.multiply(c).negate()));
        for (int n = 0; n + 2 <= ERF_DEGREE; n++) {
            BigDecimal sum = c.multiply(BigDecimal.valueOf(n + 1)).multiply(a[n + 1]).add(BigDecimal.valueOf(n).multiply(a[n]));
            a[n + 2] = sum.multiply(BigDecimal.valueOf(-2)).divide(BigDecimal.valueOf((n + 1L) * (n + 2)), DIGITS);
        }
        double[] rounded = new double[ERF_DEGREE + 1];
        for (int n = 0; n <= ERF_DEGREE; n++) {
            rounded[n] = a[n].doubleValue();
        }
        return rounded;
    }

    /** The value at a finite, non-zero input inside the domain; ∞ or 0 where the result is far beyond the floats. */
    static double value(Function f, double x) {
        return switch (f) {
            case EXP -> exp(x);
            case EXPM1 -> expm1(x);
            case LOG -> log(x);
            case LOG1P -> log1p(x);
            case TANH -> tanh(x);
            case SIGMOID -> 1 / (1 + exp(-x));
            case SOFTPLUS -> softplus(x);
            case SIN -> sin(x, 0);
            case COS -> sin(x, 1);
            case ERF -> erf(x);
            case RSQRT -> Math.sqrt(1 / x);
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case SIGN -> Math.signum(x);
            case RELU -> Math.max(x, 0);
            case FLOOR -> Math.floor(x);
        };
    }

    static double pow(double x, int n) {
        double power = x;
        for (int i = 1; i < Math.abs(n); i++) {
            power *= x;
        }
        return n < 0 ? 1 / power : power;
    }

    /** c₀ + x(c₁ + x(c₂ + …)). */
    private static double series(double[] c, double x) {
        double sum = c[c.length - 1];
        for (int n = c.length - 2; n >= 0; n--) {
            sum = c[n] + x * sum;
        }
        return sum;
    }

    /** Beyond ±{@value #FAR} the value there, which is as far beyond the floats. */
    private static double exp(double x) {
        double d = Math.max(-FAR, Math.min(FAR, x));
        double t = d * STEPS_OVER_LN2 + TO_INTEGER;
        double k = t - TO_INTEGER;
        long bits = Double.doubleToRawLongBits(t) - TO_INTEGER_BITS;
        double r = d - k * STEP_HEAD - k * STEP_TAIL;
        double p = r * series(EXP_SERIES, r);
        int j = (int) bits & STEPS - 1;
        double y = POWER[j] + (POWER_REST[j] + POWER[j] * p);
        return y * Double.longBitsToDouble((bits >> 6) + 1023 << 52);
    }

    private static double expm1(double x) {
        return Math.abs(x) >= 0.25 ? exp(x) - 1 : x * series(EXPM1_SERIES, x);
    }

    private static double log(double x) {
        if (Math.abs(x - 1) < 0x1p-6) {
            return logSeries(x - 1);
        }
        long bits = Double.doubleToRawLongBits(x);
        double k = (bits >>> 52) - 1023;
        double m = Double.longBitsToDouble(bits & 0xfffffffffffffL | 0x3ff0000000000000L);
        int j = (int) (bits >>> 45) & PIECES - 1;
        double log = LOG[j];
        double logRest = LOG_REST[j];
        if (m > UPPER_HALF) {
            k++;
            log -= LN2_HEAD;
            logRest -= LN2_TAIL;
        }
        double r = Math.fma(m, INVERSE[j], -1);
        double p = r * series(LOG_SERIES, r);
        return k * LN2_HEAD + (log + (p + (logRest + k * LN2_TAIL)));
    }

    private static double logSeries(double f) {
        return f * series(LOG_SERIES_NEAR_1, f);
    }

    private static double log1p(double x) {
        return Math.abs(x) < 0x1p-6 ? logSeries(x) : log(1 + x);
    }

    private static double softplus(double x) {
        double e = exp(-Math.abs(x));
        double log;
        if (e < 0x1p-6) {
            log = logSeries(e);
        } else {
            double u = 1 + e;
            log = log(u) + (e - (u - 1)) / u;
        }
        return Math.max(x, 0) + log;
    }

    private static double tanh(double x) {
        double e = expm1(2 * Math.abs(x));
        return Math.copySign(e / (e + 2), x);
    }

    private static double sin(double x, int quarters) {
        double a = Math.abs(x);
        double r = x;
        long turn = quarters;
        if (a > 0.75) {
            long bits = Double.doubleToRawLongBits(a);
            int i = (int) (bits >>> 52) - 1023 - 23 - LEAST_EXPONENT;
            long m = (bits & 0xfffffffffffffL | 0x10000000000000L) >>> 29;
            long low = m * (TURNS_REST[i] & LOW_WORD);
            long middle = m * (TURNS_REST[i] >>> 32) + (low >>> 32);
            long high = m * TURNS[i] + (middle >>> 32);
            low = middle << 32 | low & LOW_WORD;
            long nearest = high + (1L << 61) >> 62;
            high -= nearest << 62;
            double fraction = high * 0x1p-62 + (low >>> 1) * 0x1p-125;
            r = fraction * HALF_PI * Math.signum(x);
            turn += x > 0 ? nearest : -nearest;
        }
        double z = r * r;
        double y = (turn & 1) == 0 ? r * series(SIN_SERIES, z) : series(COS_SERIES, z);
        return (turn & 2) == 0 ? y : -y;
    }

    private static double erf(double x) {
        double a = Math.abs(x);
        if (a >= 4) {
            return Math.signum(x);
        }
        if (a < 0.5) {
            return x * series(ERF_SERIES, x * x);
        }
        return Math.copySign(erfByPieces(a), x);
    }

    /** erf a for ½ ≤ a &lt; 4. */
    static double erfByPieces(double a) {
        int piece = (int) (a * 16);
        double h = a - (piece + 0.5) / 16;
        double[] c = ERF[piece];
        double sum = c[ERF_DEGREE];
        for (int n = ERF_DEGREE - 1; n >= 0; n--) {
            sum = c[n] + h * sum;
        }
        return sum;
    }
}
