// The functions of java/gradus/numerics on the device: Functions.java expression by expression, so the same bits. All roundings that count are
// written out: fused ones as __fma_rn, the others as plain operators, which -fmad=false (and -ffp-contract=off on the CPU) keeps apart.
// docs/numerics.md says what each function promises.
#pragma once

#include "device.cuh"

namespace gradus {

// ---------------------------------------------------------------------------------------------------------------------- coefficients
// The table of Coefficients.java; a test compares the two line by line.
// Adding and taking away 1.5·2⁵² rounds a double to an integer, ties to even, and leaves the integer in the low bits of the sum.
constexpr double ROUNDER = 0x1.8000000000000p52;
// exp: x = k ln 2 + r. The head of ln 2 has 42 bits, so that k times it is exact for |k| < 2^11.
constexpr double LOG2_E = 0x1.71547652b82fep0;
constexpr double LN2_HEAD = 0x1.62e42fefa3800p-1;
constexpr double LN2_TAIL = 0x1.ef35793c76730p-45;
// e^r = 1 + r + r² EXP(r) on |r| <= ln 2 / 2
// EXP differs from its function by at most 2^-59.2
constexpr double EXP0 = 0x1.0000000000000p-1;
constexpr double EXP1 = 0x1.5555555555557p-3;
constexpr double EXP2 = 0x1.5555555555556p-5;
constexpr double EXP3 = 0x1.1111111110050p-7;
constexpr double EXP4 = 0x1.6c16c16c15ff9p-10;
constexpr double EXP5 = 0x1.a01a01ac1e915p-13;
constexpr double EXP6 = 0x1.a01a01a81968ep-16;
constexpr double EXP7 = 0x1.71de01aacd321p-19;
constexpr double EXP8 = 0x1.27e4d81523f67p-22;
constexpr double EXP9 = 0x1.af4ecf3207b21p-26;
constexpr double EXP10 = 0x1.1f78e7c32e010p-29;
// log: x = 2^k m with m from √½ to √2; the bits of √½ as a double.
constexpr unsigned long long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdULL;
// log(1 + f) = f - s (f - z LOG(z)), s = f/(2 + f), z = s²; LOG(z) = 2/3 + 2/5 z + 2/7 z² + …
// LOG differs from its function by at most 2^-51.5
constexpr double LOG0 = 0x1.5555555555558p-1;
constexpr double LOG1 = 0x1.9999999995170p-2;
constexpr double LOG2 = 0x1.2492492e28058p-2;
constexpr double LOG3 = 0x1.c71c6298e830dp-3;
constexpr double LOG4 = 0x1.7462cb6aafa15p-3;
constexpr double LOG5 = 0x1.39fb5ad73b817p-3;
constexpr double LOG6 = 0x1.2b7e222657a46p-3;
// log(1 + e) for e from 0 to 1, the same with s from 0 to 1/3
// SOFT differs from its function by at most 2^-54.6
constexpr double SOFT0 = 0x1.5555555555555p-1;
constexpr double SOFT1 = 0x1.9999999999b14p-2;
constexpr double SOFT2 = 0x1.2492492483d95p-2;
constexpr double SOFT3 = 0x1.c71c71ce24742p-3;
constexpr double SOFT4 = 0x1.745d16a89c4d9p-3;
constexpr double SOFT5 = 0x1.3b13a727d3126p-3;
constexpr double SOFT6 = 0x1.1114908d8a284p-3;
constexpr double SOFT7 = 0x1.e132a395ad195p-4;
constexpr double SOFT8 = 0x1.b835726aaea67p-4;
constexpr double SOFT9 = 0x1.42e6140cb54bap-4;
constexpr double SOFT10 = 0x1.326594a01c3bap-3;
// sin and cos: x = k π + r, or (k - 1/2) π + r. Head and middle of π have 31 bits: k times them is exact for |k| < 2^21 in halves.
constexpr double ONE_OVER_PI = 0x1.45f306dc9c883p-2;
constexpr double PI_HEAD = 0x1.921fb54400000p1;
constexpr double PI_MIDDLE = 0x1.0b4611a400000p-33;
constexpr double PI_TAIL = 0x1.13198a2e03707p-64;
// The first 256 bits of 1/(16 π), and π in two parts, for arguments of 2^22 and more.
constexpr unsigned long long INVERSE_PI0 = 0x0517cc1b727220a9ULL;
constexpr unsigned long long INVERSE_PI1 = 0x4fe13abe8fa9a6eeULL;
constexpr unsigned long long INVERSE_PI2 = 0x06db14acc9e21c82ULL;
constexpr unsigned long long INVERSE_PI3 = 0x0ff28b1d5ef5de2bULL;
constexpr double PI = 0x1.921fb54442d18p1;
constexpr double PI_REST = 0x1.1a62633145c07p-53;
// sin r = r + r³ SIN(r²) on |r| <= π/2
// SIN differs from its function by at most 2^-56.6
constexpr double SIN0 = -0x1.5555555555555p-3;
constexpr double SIN1 = 0x1.11111111110b9p-7;
constexpr double SIN2 = -0x1.a01a01a013538p-13;
constexpr double SIN3 = 0x1.71de3a51c254fp-19;
constexpr double SIN4 = -0x1.ae64545abd25fp-26;
constexpr double SIN5 = 0x1.6123aa90d8dd8p-33;
constexpr double SIN6 = -0x1.ae39c4bf8f5b8p-41;
constexpr double SIN7 = 0x1.871b95fe27ae8p-49;
// erf x = x ERF(u), u = x²/8 - 1, on |x| <= 3.93
// ERF differs from its function by at most 2^-54.9
constexpr double ERF0 = 0x1.6a040781a499cp-2;
constexpr double ERF1 = -0x1.69a0ccda3df55p-3;
constexpr double ERF2 = 0x1.0dabaf0613f2fp-3;
constexpr double ERF3 = -0x1.b92e95c192a60p-4;
constexpr double ERF4 = 0x1.717efc783c64ep-4;
constexpr double ERF5 = -0x1.3215d8b761c00p-4;
constexpr double ERF6 = 0x1.ea97f14d2416dp-5;
constexpr double ERF7 = -0x1.76e86497f4c0dp-5;
constexpr double ERF8 = 0x1.0ed52bea6a57cp-5;
constexpr double ERF9 = -0x1.7034fa059808ep-6;
constexpr double ERF10 = 0x1.d6352c5a38acep-7;
constexpr double ERF11 = -0x1.1a02399bb3368p-7;
constexpr double ERF12 = 0x1.3e14f402a9f17p-8;
constexpr double ERF13 = -0x1.51eeb2ddd1dd6p-9;
constexpr double ERF14 = 0x1.52db4b7c70982p-10;
constexpr double ERF15 = -0x1.415d2a9e78a25p-11;
constexpr double ERF16 = 0x1.20defcec2a746p-12;
constexpr double ERF17 = -0x1.edc06896d1316p-14;
constexpr double ERF18 = 0x1.9214bfc2dc8d6p-15;
constexpr double ERF19 = -0x1.35f4acd5ef72bp-16;
constexpr double ERF20 = 0x1.c5ddf1c7d3a86p-18;
constexpr double ERF21 = -0x1.509ba5cb378f3p-19;
constexpr double ERF22 = 0x1.e80e1cdb42e4cp-21;
constexpr double ERF23 = -0x1.e664ee65d8fe2p-23;
constexpr double ERF24 = 0x1.a37e502fa26eap-25;
constexpr double ERF25 = -0x1.644d622310063p-25;
constexpr double ERF26 = 0x1.1344d5a699a0ep-26;

// The inputs whose value lies nearer to the middle of two floats than the formulas reach; found by trying all of them.
constexpr float SOFTPLUS_HARD = 0x1.d483ap-12f;
constexpr float SOFTPLUS_OF_HARD = 0x1.63017ap-1f;
constexpr float COS_HARD = 0x1.20ffccp-7f;
constexpr float COS_OF_HARD = 0x1.fffae8p-1f;
constexpr float ERF_HARD = 0x1.81d5acp-13f;
constexpr float ERF_OF_HARD = 0x1.b35e28p-13f;

// --------------------------------------------------------------------------------------------------------------------------- in binary64

__device__ inline float quietNaN() { return __int_as_float(0x7fc00000); }
__device__ inline float infinity() { return __int_as_float(0x7f800000); }
__device__ inline float withSignOf(float x, float y) { return __int_as_float(__float_as_int(y) | (__float_as_int(x) & static_cast<int>(0x80000000u))); }
__device__ inline float quiet(float y) { return y == y ? y : quietNaN(); }
__device__ inline double flip(double y, unsigned long long sign) {
    return __longlong_as_double(static_cast<long long>(static_cast<unsigned long long>(__double_as_longlong(y)) ^ sign));
}

/** The bits of an integer-valued double that ROUNDER was added to, moved up. */
__device__ inline unsigned long long shiftedBits(double t, int places) { return static_cast<unsigned long long>(__double_as_longlong(t)) << places; }

__device__ inline double powerOfTwo(double t) { return __longlong_as_double(static_cast<long long>(0x3ff0000000000000ULL + shiftedBits(t, 52))); }

__device__ inline double expm1Reduced(double r) {
    double r2 = r * r;
    double r4 = r2 * r2;
    double a = __fma_rn(r2, __fma_rn(r, EXP3, EXP2), __fma_rn(r, EXP1, EXP0));
    double b = __fma_rn(r2, __fma_rn(r, EXP7, EXP6), __fma_rn(r, EXP5, EXP4));
    double c = __fma_rn(r2, EXP10, __fma_rn(r, EXP9, EXP8));
    double q = __fma_rn(r4, __fma_rn(r4, c, b), a);
    return __fma_rn(r2, q, r);
}

__device__ inline double expCore(double d) {
    double t = __fma_rn(d, LOG2_E, ROUNDER);
    double k = t - ROUNDER;
    double r = __fma_rn(k, -LN2_TAIL, __fma_rn(k, -LN2_HEAD, d));
    double p = expm1Reduced(r);
    return __longlong_as_double(static_cast<long long>(static_cast<unsigned long long>(__double_as_longlong(1 + p)) + shiftedBits(t, 52)));
}

/** e^d - 1 = 2^k p + (2^k - 1) with one rounding at the end. */
__device__ inline double expm1Core(double d) {
    double t = __fma_rn(d, LOG2_E, ROUNDER);
    double k = t - ROUNDER;
    double r = __fma_rn(k, -LN2_TAIL, __fma_rn(k, -LN2_HEAD, d));
    double s = powerOfTwo(t);
    return __fma_rn(s, expm1Reduced(r), s - 1);
}

/** y + rest with the last bit set, so that rounding it to a float rounds the sum once. */
__device__ inline double roundedToOdd(double y, double rest) {
    long long bits = __double_as_longlong(y);
    long long away = (bits ^ __double_as_longlong(rest)) < 0 ? 1 : 0;
    return __longlong_as_double((bits - away) | 1);
}

__device__ inline double logReduced(double f, double k) {
    double s = f / (2 + f);
    double z = s * s;
    double z2 = z * z;
    double a = __fma_rn(z2, __fma_rn(z, LOG3, LOG2), __fma_rn(z, LOG1, LOG0));
    double b = __fma_rn(z2, LOG6, __fma_rn(z, LOG5, LOG4));
    double q = __fma_rn(z2 * z2, b, a);
    double w = __fma_rn(s, __fma_rn(z, q, -f), k * LN2_TAIL);
    double v = f + w;
    double p = k * LN2_HEAD;
    double y = p + v;
    return roundedToOdd(y, p - y + v + (f - v + w));
}

/** k with d = 2^k m and m from the square root of 1/2 to that of 2. */
__device__ inline long long binaryExponent(double d) { return (__double_as_longlong(d) - static_cast<long long>(SQRT_HALF_BITS)) >> 52; }
__device__ inline double withoutExponent(double d, long long k) {
    return __longlong_as_double(static_cast<long long>(static_cast<unsigned long long>(__double_as_longlong(d)) - (static_cast<unsigned long long>(k) << 52)));
}

__device__ inline double logCore(double d) {
    long long k = binaryExponent(d);
    return logReduced(withoutExponent(d, k) - 1, static_cast<double>(k));
}

__device__ inline double log1pCore(double d) {
    double u = 1 + d;
    long long k = binaryExponent(u);
    return logReduced(k == 0 ? d : withoutExponent(u, k) - 1, static_cast<double>(k));
}

__device__ inline double log1pOfUpToOne(double e) {
    double s = e / (2 + e);
    double z = s * s;
    double z2 = z * z;
    double z4 = z2 * z2;
    double a = __fma_rn(z2, __fma_rn(z, SOFT3, SOFT2), __fma_rn(z, SOFT1, SOFT0));
    double b = __fma_rn(z2, __fma_rn(z, SOFT7, SOFT6), __fma_rn(z, SOFT5, SOFT4));
    double c = __fma_rn(z2, SOFT10, __fma_rn(z, SOFT9, SOFT8));
    double q = __fma_rn(z4, __fma_rn(z4, c, b), a);
    return __fma_rn(s, __fma_rn(z, q, -e), e);
}

__device__ inline double sinOfTwo(double r, double e) {
    double z = r * r;
    double z2 = z * z;
    double a = __fma_rn(z2, __fma_rn(z, SIN3, SIN2), __fma_rn(z, SIN1, SIN0));
    double b = __fma_rn(z2, __fma_rn(z, SIN7, SIN6), __fma_rn(z, SIN5, SIN4));
    double q = __fma_rn(z2 * z2, b, a);
    double s = __fma_rn(r * z, q, __fma_rn(-0.5 * z, e, e));
    double y = r + s;
    return roundedToOdd(y, r - y + s);
}

__device__ inline double sinReduced(double a, double k, unsigned long long sign) {
    double r0 = __fma_rn(k, -PI_HEAD, a);
    double r1 = __fma_rn(k, -PI_MIDDLE, r0);
    double rest = __fma_rn(k, -PI_TAIL, __fma_rn(k, -PI_MIDDLE, r0 - r1));
    double r = r1 + rest;
    return flip(sinOfTwo(r, r1 - r + rest), sign);
}

__device__ inline double sinCore(double a) {
    double t = __fma_rn(a, ONE_OVER_PI, ROUNDER);
    return sinReduced(a, t - ROUNDER, shiftedBits(t, 63));
}

__device__ inline double cosCore(double a) {
    double t = __fma_rn(a, ONE_OVER_PI, 0.5) + ROUNDER;
    return sinReduced(a, t - ROUNDER - 0.5, shiftedBits(t, 63));
}

/** sin(a + turn 2 pi / 2^64) for a >= 2^22, after Payne and Hanek. */
__device__ inline double sinOfLarge(float a, unsigned long long turn) {
    unsigned bits = __float_as_uint(a);
    unsigned long long m = (bits & 0x7fffffu) | 0x800000u;
    int skip = static_cast<int>(bits >> 23) - 150 + 3;
    int shift = skip & 63;
    unsigned long long w0 = skip < 64 ? INVERSE_PI0 : INVERSE_PI1;
    unsigned long long w1 = skip < 64 ? INVERSE_PI1 : INVERSE_PI2;
    unsigned long long w2 = skip < 64 ? INVERSE_PI2 : INVERSE_PI3;
    unsigned long long high = w0 << shift | w1 >> 1 >> (63 - shift);
    unsigned long long low = w1 << shift | w2 >> 1 >> (63 - shift);
    unsigned long long fraction = m * high + __umul64hi(m, low) + turn;
    unsigned long long rest = m * low;
    unsigned long long half = (fraction + 0x4000000000000000ULL) & 0x8000000000000000ULL;
    fraction -= half;
    double t0 = static_cast<double>(static_cast<long long>(fraction) >> 32) * 0x1p-31;
    double t1 = static_cast<double>(fraction & 0xffffffffULL) * 0x1p-63;
    double t = t0 + t1;
    double e = t0 - t + t1 + static_cast<double>(rest >> 32) * 0x1p-95;
    double p = t * PI;
    double q = __fma_rn(t, PI, -p) + __fma_rn(t, PI_REST, e * PI);
    double r = p + q;
    return flip(sinOfTwo(r, p - r + q), half);
}

__device__ inline double erfCore(double d) {
    double u = __fma_rn(d * d, 0.125, -1);
    double v = u * u;
    double even = __fma_rn(v, __fma_rn(v, __fma_rn(v, ERF26, ERF24), ERF22), ERF20);
    even = __fma_rn(v, __fma_rn(v, __fma_rn(v, __fma_rn(v, even, ERF18), ERF16), ERF14), ERF12);
    even = __fma_rn(v, __fma_rn(v, __fma_rn(v, __fma_rn(v, even, ERF10), ERF8), ERF6), ERF4);
    even = __fma_rn(v, __fma_rn(v, even, ERF2), ERF0);
    double odd = __fma_rn(v, __fma_rn(v, ERF25, ERF23), ERF21);
    odd = __fma_rn(v, __fma_rn(v, __fma_rn(v, __fma_rn(v, odd, ERF19), ERF17), ERF15), ERF13);
    odd = __fma_rn(v, __fma_rn(v, __fma_rn(v, __fma_rn(v, odd, ERF11), ERF9), ERF7), ERF5);
    odd = __fma_rn(v, __fma_rn(v, odd, ERF3), ERF1);
    return d * __fma_rn(u, odd, even);
}

/** 1/(1 + e^-d), rounded to odd by the rests of the sum and of the division. */
__device__ inline double sigmoidCore(double d) {
    double t = __fma_rn(-d, LOG2_E, ROUNDER);
    double k = t - ROUNDER;
    double r = __fma_rn(k, -LN2_TAIL, __fma_rn(k, -LN2_HEAD, -d));
    double s = powerOfTwo(t);
    double p = expm1Reduced(r);
    double sum = __fma_rn(s, p, s + 1);
    double y = 1 / sum;
    double sumRest = __fma_rn(s, p, s + 1 - sum);
    return roundedToOdd(y, __fma_rn(-y, sumRest, __fma_rn(-y, sum, 1)));
}

// --------------------------------------------------------------------------------------------------------------------------- functions

__device__ inline float exp32(float x) {
    if (x > 89) return infinity();
    if (x < -104) return 0;
    return x == x ? static_cast<float>(expCore(x)) : quietNaN();
}

__device__ inline float expm132(float x) {
    if (x > 89) return infinity();
    if (x < -104) return -1;
    return x == x ? withSignOf(x, static_cast<float>(expm1Core(x))) : quietNaN();
}

__device__ inline float log32(float x) {
    if (x > 0 && x < infinity()) return static_cast<float>(logCore(x));
    return x == 0 ? -infinity() : x > 0 ? x : quietNaN();
}

__device__ inline float log1p32(float x) {
    if (x > -1 && x < infinity()) return withSignOf(x, static_cast<float>(log1pCore(x)));
    return x == -1 ? -infinity() : x > 0 ? x : quietNaN();
}

__device__ inline float tanh32(float x) {
    float a = fabsf(x);
    if (a > 10) return withSignOf(x, 1);
    if (x != x) return quietNaN();
    double e = expm1Core(2.0 * a);
    return withSignOf(x, static_cast<float>(e / (e + 2)));
}

__device__ inline float sigmoid32(float x) {
    if (x > 104) return 1;
    if (x < -104) return 0;
    if (fabsf(x) < 0x1p-12f) return static_cast<float>(__fma_rn(static_cast<double>(x), 0.25 * (1 - 0x1p-26), 0.5));
    return x == x ? static_cast<float>(sigmoidCore(x)) : quietNaN();
}

__device__ inline float softplus32(float x) {
    if (x == SOFTPLUS_HARD) return SOFTPLUS_OF_HARD;
    if (x > 104) return x;
    if (x < -104) return 0;
    if (x != x) return quietNaN();
    double d = x;
    return static_cast<float>((d > 0 ? d : 0) + log1pOfUpToOne(expCore(d > 0 ? -d : d)));
}

__device__ inline float sin32(float x) {
    float a = fabsf(x);
    if (!(a < infinity())) return quietNaN();
    float y = static_cast<float>(a < 0x1p22f ? sinCore(a) : sinOfLarge(a, 0));
    return __int_as_float(__float_as_int(y) ^ (__float_as_int(x) & static_cast<int>(0x80000000u)));
}

__device__ inline float cos32(float x) {
    float a = fabsf(x);
    if (a == COS_HARD) return COS_OF_HARD;
    if (!(a < infinity())) return quietNaN();
    return static_cast<float>(a < 0x1p22f ? cosCore(a) : sinOfLarge(a, 0x4000000000000000ULL));
}

__device__ inline float erf32(float x) {
    if (fabsf(x) > 3.9375f) return withSignOf(x, 1);
    if (fabsf(x) == ERF_HARD) return withSignOf(x, ERF_OF_HARD);
    return x == x ? static_cast<float>(erfCore(x)) : quietNaN();
}

__device__ inline float rsqrt32(float x) { return quiet(static_cast<float>(1 / sqrt(static_cast<double>(x)))); }

/** x to the power n, with the pairs of doubles of IntegerPower.java. */
__device__ inline float pow32(float x, int n) {
    if (n == 0) return 1;
    if (x != x) return quietNaN();
    double a = fabsf(x);
    a = a > 0x1p160 ? 0x1p160 : a < 0x1p-160 ? 0x1p-160 : a;
    unsigned m = n < 0 ? 0u - static_cast<unsigned>(n) : static_cast<unsigned>(n);
    double head = a;
    double tail = 0;
    unsigned bit = 0x80000000u;
    while ((m & bit) == 0) bit >>= 1;
    for (bit >>= 1; bit != 0; bit >>= 1) {
        double p = head * head;
        double e = __fma_rn(2 * head, tail, __fma_rn(head, head, -p));
        head = p + e;
        tail = p - head + e;
        if ((m & bit) != 0) {
            p = head * a;
            e = __fma_rn(tail, a, __fma_rn(head, a, -p));
            head = p + e;
            tail = p - head + e;
        }
        double bounded = head > 0x1p160 ? 0x1p160 : head < 0x1p-160 ? 0x1p-160 : head;
        tail = bounded == head ? tail : 0;
        head = bounded;
    }
    if (n < 0) {
        double q = 1 / head;
        double e = q * __fma_rn(-q, tail, __fma_rn(-q, head, 1));
        head = q + e;
        tail = q - head + e;
    }
    long long bits = __double_as_longlong(head);
    if (tail != 0 && (bits & 1) == 0) bits += tail > 0 ? 1 : -1;
    float y = static_cast<float>(__longlong_as_double(bits));
    return (n & 1) != 0 ? withSignOf(x, y) : y;
}

/** The functions in the order of Function.java; a test compares the two. */
enum Function {
    EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SOFTPLUS, SIN, COS, ERF, RSQRT, NEG, ABS, SQRT, SQUARE, RECIPROCAL, SIGN, RELU, FLOOR
};

__device__ inline float apply(Function f, float x) {
    switch (f) {
        case EXP: return exp32(x);
        case EXPM1: return expm132(x);
        case LOG: return log32(x);
        case LOG1P: return log1p32(x);
        case TANH: return tanh32(x);
        case SIGMOID: return sigmoid32(x);
        case SOFTPLUS: return softplus32(x);
        case SIN: return sin32(x);
        case COS: return cos32(x);
        case ERF: return erf32(x);
        case RSQRT: return rsqrt32(x);
        case NEG: return quiet(-x);
        case ABS: return quiet(fabsf(x));
        case SQRT: return quiet(sqrtf(x));
        case SQUARE: return quiet(x * x);
        case RECIPROCAL: return quiet(1 / x);
        case SIGN: return x > 0 ? 1 : x < 0 ? -1 : quiet(x);
        case RELU: return x > 0 ? x : x <= 0 ? 0 : quietNaN();
        case FLOOR: return quiet(floorf(x));
    }
    return quietNaN();
}

// ------------------------------------------------------------------------------------------------------------------------------ Philox

/** The four words of one counter: Philox.java. */
struct PhiloxBlock {
    unsigned words[4];
};

__device__ inline PhiloxBlock philox(unsigned long long low, unsigned long long high, unsigned long long key) {
    unsigned c0 = static_cast<unsigned>(low);
    unsigned c1 = static_cast<unsigned>(low >> 32);
    unsigned c2 = static_cast<unsigned>(high);
    unsigned c3 = static_cast<unsigned>(high >> 32);
    unsigned k0 = static_cast<unsigned>(key);
    unsigned k1 = static_cast<unsigned>(key >> 32);
    for (int round = 0; round < 10; round++) {
        unsigned h0 = __umulhi(0xd2511f53u, c0);
        unsigned l0 = 0xd2511f53u * c0;
        unsigned h1 = __umulhi(0xcd9e8d57u, c2);
        unsigned l1 = 0xcd9e8d57u * c2;
        c0 = h1 ^ c1 ^ k0;
        c1 = l1;
        c2 = h0 ^ c3 ^ k1;
        c3 = l0;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    return {{c0, c1, c2, c3}};
}

/** Word p of a RandomStream: its seed, the number of its name, its position. */
__device__ inline unsigned streamWord(unsigned long long seed, unsigned long long stream, unsigned long long position) {
    return philox(position >> 2, stream, seed).words[position & 3];
}

}  // namespace gradus
