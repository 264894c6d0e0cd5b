package gradus.numerics;

import static gradus.numerics.Coefficients.*;

import java.util.Objects;

/**
 * The elementary functions of the numeric contract, one value at a time.
 *
 * <p><b>float32</b> results are correctly rounded (to nearest, ties to even) for every input: the exact value of the function at that input,
 * rounded once. This leaves an implementation nothing to choose. {@code Proof} shows it for all 2³² inputs. Every NaN result is the quiet NaN
 * {@code 0x7fc00000}; subnormals are kept; limits at ±0 and ±∞ are those of IEEE 754-2019.
 *
 * <p>Inside they work in binary64 with {@code + − × ÷ √ fma} only, with an error near 2⁻⁵³, so that the last rounding to 24 bits is wrong
 * only where the exact value lies within about 2⁻²⁹ of a unit in the last place from the middle of two floats.
 *
 * <p>{@link VectorFunctions} computes the same expressions on vectors and {@code kernels/numerics.cuh} on GPUs. The polynomials' coefficients
 * are in {@link Coefficients}. float64 functions are in {@link Functions64}.
 */
public final class Functions {
    private static final float BEYOND_COSINE_REDUCTION = 0x1p22f;

    private static final boolean VECTORS = VectorApi.serves();

    private Functions() {
    }

    /**
     * y[yOffset + i] = f(x[xOffset + i]) for 0 ≤ i &lt; length, by {@link VectorFunctions} where {@code jdk.incubator.vector} is present. One array with one offset may
     * serve as both; else the ranges must not overlap.
     *
     * @throws IndexOutOfBoundsException if a range leaves its array
     */
    public static void map(Function f, float[] x, int xOffset, float[] y, int yOffset, int length) {
        if (VECTORS) {
            VectorFunctions.apply(f, x, xOffset, y, yOffset, length);
            return;
        }
        Objects.checkFromIndexSize(xOffset, length, x.length);
        Objects.checkFromIndexSize(yOffset, length, y.length);
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = f.apply(x[xOffset + i]);
        }
    }

    /** eˣ. */
    public static float exp(float x) {
        if (x > 89) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < -104) {
            return 0;
        }
        return x == x ? (float) expCore(x) : Float.NaN;
    }

    /** eˣ − 1, accurate near 0. */
    public static float expm1(float x) {
        if (x > 89) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < -104) {
            return -1;
        }
        return x == x ? withSignOf(x, (float) expm1Core(x)) : Float.NaN;
    }

    /** Natural logarithm; −∞ at ±0, NaN below. */
    public static float log(float x) {
        if (x > 0 && x < Float.POSITIVE_INFINITY) {
            return (float) logCore(x);
        }
        return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
    }

    /** log(1 + x), accurate near 0; −∞ at −1, NaN below. */
    public static float log1p(float x) {
        if (x > -1 && x < Float.POSITIVE_INFINITY) {
            return withSignOf(x, (float) log1pCore(x));
        }
        return x == -1 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
    }

    /** Hyperbolic tangent. */
    public static float tanh(float x) {
        float a = Math.abs(x);
        if (a > 10) {
            return withSignOf(x, 1);
        }
        if (x != x) {
            return Float.NaN;
        }
        double e = expm1Core(2.0 * a);
        return withSignOf(x, (float) (e / (e + 2)));
    }

    /** The logistic function 1/(1 + e⁻ˣ). */
    public static float sigmoid(float x) {
        if (x > 104) {
            return 1;
        }
        if (x < -104) {
            return 0;
        }
        if (Math.abs(x) < 0x1p-12f) {
            return (float) sigmoidNearZero(x);
        }
        return x == x ? (float) sigmoidCore(x) : Float.NaN;
    }

    /** log(1 + eˣ). */
    public static float softplus(float x) {
        if (x == SOFTPLUS_HARD) {
            return SOFTPLUS_OF_HARD;
        }
        if (x > 104) {
            return x;
        }
        if (x < -104) {
            return 0;
        }
        if (x != x) {
            return Float.NaN;
        }
        return (float) (Math.max((double) x, 0) + log1pOfUpToOne(expCore(-Math.abs((double) x))));
    }

    /** Sine of an angle in radians, for every float; NaN at ±∞. */
    public static float sin(float x) {
        float a = Math.abs(x);
        if (!(a < Float.POSITIVE_INFINITY)) {
            return Float.NaN;
        }
        float y = (float) (a < BEYOND_COSINE_REDUCTION ? sinCore(a) : sinOfLarge(a, 0));
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ signBit(x));
    }

    /** Cosine of an angle in radians, for every float; NaN at ±∞. */
    public static float cos(float x) {
        float a = Math.abs(x);
        if (a == COS_HARD) {
            return COS_OF_HARD;
        }
        if (!(a < Float.POSITIVE_INFINITY)) {
            return Float.NaN;
        }
        return (float) (a < BEYOND_COSINE_REDUCTION ? cosCore(a) : sinOfLarge(a, 0x4000000000000000L));
    }

    /** The error function 2/√π ∫₀ˣ e^(−t²) dt. */
    public static float erf(float x) {
        if (Math.abs(x) > 3.9375f) {
            return withSignOf(x, 1);
        }
        if (Math.abs(x) == ERF_HARD) {
            return withSignOf(x, ERF_OF_HARD);
        }
        return x == x ? (float) erfCore(x) : Float.NaN;
    }

    /** 1/√x; ±∞ at ±0, NaN below. */
    public static float rsqrt(float x) {
        float y = (float) (1 / Math.sqrt((double) x));
        return y == y ? y : Float.NaN;
    }

    /** xⁿ; 1 for n = 0 whatever x, ±∞ for a negative power of ±0. */
    public static float pow(float x, int n) {
        return IntegerPower.pow(x, n);
    }

    // ------------------------------------------------------------------------------------------------ in binary64

    /** e^d for |d| ≤ 104. */
    static double expCore(double d) {
        double t = Math.fma(d, LOG2_E, ROUNDER);
        double k = t - ROUNDER;
        double r = Math.fma(k, -LN2_TAIL, Math.fma(k, -LN2_HEAD, d));
        double p = expm1Reduced(r);
        return Double.longBitsToDouble(Double.doubleToRawLongBits(1 + p) + (Double.doubleToRawLongBits(t) << 52));
    }

    /** e^d − 1 for |d| ≤ 104: 2ᵏ(p + 1) − 1 with one rounding of 2ᵏp + (2ᵏ − 1). */
    static double expm1Core(double d) {
        double t = Math.fma(d, LOG2_E, ROUNDER);
        double k = t - ROUNDER;
        double r = Math.fma(k, -LN2_TAIL, Math.fma(k, -LN2_HEAD, d));
        double s = Double.longBitsToDouble(0x3ff0000000000000L + (Double.doubleToRawLongBits(t) << 52));
        return Math.fma(s, expm1Reduced(r), s - 1);
    }

    /** eʳ − 1 = r + r² EXP(r) for |r| ≤ ln 2 / 2. */
    private static double expm1Reduced(double r) {
        double r2 = r * r;
        double r4 = r2 * r2;
        double a = Math.fma(r2, Math.fma(r, EXP3, EXP2), Math.fma(r, EXP1, EXP0));
        double b = Math.fma(r2, Math.fma(r, EXP7, EXP6), Math.fma(r, EXP5, EXP4));
        double c = Math.fma(r2, EXP10, Math.fma(r, EXP9, EXP8));
        double q = Math.fma(r4, Math.fma(r4, c, b), a);
        return Math.fma(r2, q, r);
    }

    /** log d for normal positive d: d = 2ᵏm with m from √½ to √2. */
    static double logCore(double d) {
        long bits = Double.doubleToRawLongBits(d);
        long k = (bits - SQRT_HALF_BITS) >> 52;
        double m = Double.longBitsToDouble(bits - (k << 52));
        return logReduced(m - 1, k);
    }

    /** log(1 + d) for d > −1. When 1 + d needs no scaling, d itself is the reduced argument; else 1 + d is exact enough as a double. */
    static double log1pCore(double d) {
        long bits = Double.doubleToRawLongBits(1 + d);
        long k = (bits - SQRT_HALF_BITS) >> 52;
        double m = Double.longBitsToDouble(bits - (k << 52));
        return logReduced(k == 0 ? d : m - 1, k);
    }

    /** log(1 + e) for 0 ≤ e ≤ 1, with s = e/(2 + e): e − s(e − s² SOFT(s²)). */
    private static double log1pOfUpToOne(double e) {
        double s = e / (2 + e);
        double z = s * s;
        double z2 = z * z;
        double z4 = z2 * z2;
        double a = Math.fma(z2, Math.fma(z, SOFT3, SOFT2), Math.fma(z, SOFT1, SOFT0));
        double b = Math.fma(z2, Math.fma(z, SOFT7, SOFT6), Math.fma(z, SOFT5, SOFT4));
        double c = Math.fma(z2, SOFT10, Math.fma(z, SOFT9, SOFT8));
        double q = Math.fma(z4, Math.fma(z4, c, b), a);
        return Math.fma(s, Math.fma(z, q, -e), e);
    }

    /** k ln 2 + log(1 + f), with s = f/(2 + f): log(1 + f) = f − s(f − s² LOG(s²)). */
    private static double logReduced(double f, double k) {
        double s = f / (2 + f);
        double z = s * s;
        double z2 = z * z;
        double a = Math.fma(z2, Math.fma(z, LOG3, LOG2), Math.fma(z, LOG1, LOG0));
        double b = Math.fma(z2, LOG6, Math.fma(z, LOG5, LOG4));
        double q = Math.fma(z2 * z2, b, a);
        double w = Math.fma(s, Math.fma(z, q, -f), k * LN2_TAIL);
        double v = f + w;
        double p = k * LN2_HEAD;
        double y = p + v;
        return roundedToOdd(y, p - y + v + (f - v + w));
    }

    /**
     * y with its last bit set, one less where {@code rest} points to 0: such a double lies in the middle of no two floats, so rounding it to a float rounds
     * y + rest once. Logarithms and sines need it, for they have 2³¹ inputs; near 0 log(1 + x) comes
     * within 2⁻⁶⁷ of such a middle. The sigmoid has one input that needs it.
     */
    private static double roundedToOdd(double y, double rest) {
        long bits = Double.doubleToRawLongBits(y);
        long away = (bits ^ Double.doubleToRawLongBits(rest)) >>> 63;
        return Double.longBitsToDouble(bits - away | 1);
    }

    /** 1/(1 + e^−d) for |d| ≤ 104, rounded to odd: the rests of the sum and of the division are known, and show on which side of the quotient the value lies. */
    static double sigmoidCore(double d) {
        double t = Math.fma(-d, LOG2_E, ROUNDER);
        double k = t - ROUNDER;
        double r = Math.fma(k, -LN2_TAIL, Math.fma(k, -LN2_HEAD, -d));
        double s = Double.longBitsToDouble(0x3ff0000000000000L + (Double.doubleToRawLongBits(t) << 52));
        double p = expm1Reduced(r);
        double sum = Math.fma(s, p, s + 1);
        double y = 1 / sum;
        double sumRest = Math.fma(s, p, s + 1 - sum);
        return roundedToOdd(y, Math.fma(-y, sumRest, Math.fma(-y, sum, 1)));
    }

    /**
     * ½ + x/4 − x³/48 + …, |x| &lt; 2⁻¹². At odd multiples of 2⁻²⁴ the first two terms fall on the middle of two floats and the third, too
     * small for binary64, decides. Taking 2⁻²⁶ of x/4 away decides the same way, and can pass no middle that x/4 does not fall on.
     */
    private static double sigmoidNearZero(double d) {
        return Math.fma(d, 0.25 * (1 - 0x1p-26), 0.5);
    }

    /** sin a for 0 ≤ a &lt; 2²²: a = kπ + r. */
    static double sinCore(double a) {
        double t = Math.fma(a, ONE_OVER_PI, ROUNDER);
        return sinReduced(a, t - ROUNDER, Double.doubleToRawLongBits(t) << 63);
    }

    /** cos a for 0 ≤ a &lt; 2²² as sin(a + π/2): a = (k − ½)π + r. */
    static double cosCore(double a) {
        double t = Math.fma(a, ONE_OVER_PI, 0.5) + ROUNDER;
        return sinReduced(a, t - ROUNDER - 0.5, Double.doubleToRawLongBits(t) << 63);
    }

    /** ±sin r with r = a − kπ carried in two doubles. */
    private static double sinReduced(double a, double k, long sign) {
        double r0 = Math.fma(k, -PI_HEAD, a);
        double r1 = Math.fma(k, -PI_MIDDLE, r0);
        double rest = Math.fma(k, -PI_TAIL, Math.fma(k, -PI_MIDDLE, r0 - r1));
        double r = r1 + rest;
        return flip(sinOfTwo(r, r1 - r + rest), sign);
    }

    /** sin(r + e) for |r| ≤ π/2 and e far below r: r + (r³ SIN(r²) + e(1 − r²/2)), rounded to odd. */
    private static double sinOfTwo(double r, double e) {
        double z = r * r;
        double z2 = z * z;
        double a = Math.fma(z2, Math.fma(z, SIN3, SIN2), Math.fma(z, SIN1, SIN0));
        double b = Math.fma(z2, Math.fma(z, SIN7, SIN6), Math.fma(z, SIN5, SIN4));
        double q = Math.fma(z2 * z2, b, a);
        double s = Math.fma(r * z, q, Math.fma(-0.5 * z, e, e));
        double y = r + s;
        return roundedToOdd(y, r - y + s);
    }

    /**
     * sin(a + turn · 2π/2⁶⁴) for a ≥ 2²², after Payne and Hanek. a = m·2ᵉ with m of 24 bits; of 1/(16π) only the 128 bits that decide
     * a/(2π) modulo 1 are multiplied, exactly, and the error is below 2⁻¹⁰⁴ turns.
     */
    private static double sinOfLarge(float a, long turn) {
        int bits = Float.floatToRawIntBits(a);
        long m = bits & 0x7fffff | 0x800000;
        int skip = (bits >>> 23) - 150 + 3;
        int shift = skip & 63;
        long w0 = skip < 64 ? INVERSE_PI0 : INVERSE_PI1;
        long w1 = skip < 64 ? INVERSE_PI1 : INVERSE_PI2;
        long w2 = skip < 64 ? INVERSE_PI2 : INVERSE_PI3;
        long high = w0 << shift | w1 >>> 1 >>> (63 - shift);
        long low = w1 << shift | w2 >>> 1 >>> (63 - shift);
        long fraction = m * high + Math.unsignedMultiplyHigh(m, low) + turn;
        long rest = m * low;
        // In units of half turns: subtract the nearest integer, keep its parity as the sign.
        long half = fraction + 0x4000000000000000L & 0x8000000000000000L;
        fraction -= half;
        double t0 = (fraction >> 32) * 0x1p-31;
        double t1 = (fraction & 0xffffffffL) * 0x1p-63;
        double t = t0 + t1;
        double e = t0 - t + t1 + (rest >>> 32) * 0x1p-95;
        double p = t * PI;
        double q = Math.fma(t, PI, -p) + Math.fma(t, PI_REST, e * PI);
        double r = p + q;
        return flip(sinOfTwo(r, p - r + q), half);
    }

    /** erf d for |d| ≤ 3.9375: d ERF(d²/8 − 1), even and odd powers apart. */
    static double erfCore(double d) {
        double u = Math.fma(d * d, 0.125, -1);
        double v = u * u;
        double even = Math.fma(v, Math.fma(v, Math.fma(v, ERF26, ERF24), ERF22), ERF20);
        even = Math.fma(v, Math.fma(v, Math.fma(v, Math.fma(v, even, ERF18), ERF16), ERF14), ERF12);
        even = Math.fma(v, Math.fma(v, Math.fma(v, Math.fma(v, even, ERF10), ERF8), ERF6), ERF4);
        even = Math.fma(v, Math.fma(v, even, ERF2), ERF0);
        double odd = Math.fma(v, Math.fma(v, ERF25, ERF23), ERF21);
        odd = Math.fma(v, Math.fma(v, Math.fma(v, Math.fma(v, odd, ERF19), ERF17), ERF15), ERF13);
        odd = Math.fma(v, Math.fma(v, Math.fma(v, Math.fma(v, odd, ERF11), ERF9), ERF7), ERF5);
        odd = Math.fma(v, Math.fma(v, odd, ERF3), ERF1);
        return d * Math.fma(u, odd, even);
    }

    private static double flip(double y, long sign) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(y) ^ sign);
    }

    private static int signBit(float x) {
        return Float.floatToRawIntBits(x) & 0x80000000;
    }

    private static float withSignOf(float x, float y) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) | signBit(x));
    }
}
