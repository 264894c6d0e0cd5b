// The elementary functions in binary64, with the bits of Java's StrictMath: the algorithms, constants and order of operations of fdlibm 5.3
// (Sun Microsystems, 1993: "Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
// preserved"), and the formulas of gradus.numerics.Functions64 over them. Every operation is rounded apart; no fma but where it is written.
#pragma once

#include "device.cuh"

namespace gradus::f64 {

__device__ inline int high(double x) { return static_cast<int>(__double_as_longlong(x) >> 32); }
__device__ inline unsigned low(double x) { return static_cast<unsigned>(__double_as_longlong(x)); }
__device__ inline double withHigh(double x, int h) {
    return __longlong_as_double(static_cast<long long>(static_cast<unsigned long long>(static_cast<unsigned>(h)) << 32 | low(x)));
}
__device__ inline double withoutLow(double x) { return __longlong_as_double(__double_as_longlong(x) & static_cast<long long>(0xffffffff00000000ULL)); }
__device__ inline double raised(double x, int powers) { return withHigh(x, static_cast<int>(static_cast<unsigned>(high(x)) + (static_cast<unsigned>(powers) << 20))); }
__device__ inline double magnitude(double x) { return __longlong_as_double(__double_as_longlong(x) & 0x7fffffffffffffffLL); }
__device__ inline double signed1(double y, double x) { return high(x) < 0 ? -magnitude(y) : magnitude(y); }
__device__ inline double infinity() { return __longlong_as_double(0x7ff0000000000000LL); }
__device__ inline double nan() { return __longlong_as_double(0x7ff8000000000000LL); }
__device__ inline double quiet(double y) { return y == y ? y : nan(); }
/** 2ⁿ for −1022 ≤ n ≤ 1023. */
__device__ inline double powerOfTwo(int n) { return __longlong_as_double(static_cast<long long>(n + 1023) << 52); }

constexpr double LN2_HIGH = 0x1.62e42feep-1;
constexpr double LN2_LOW = 0x1.a39ef35793c76p-33;
constexpr double INVERSE_LN2 = 0x1.71547652b82fep0;
constexpr double TWO54 = 0x1p54;

// ------------------------------------------------------------------------------------------------------- exponential and its kin

__device__ inline double expPolynomial(double t) {
    return 0x1.555555555553ep-3 + t * (-0x1.6c16c16bebd93p-9 + t * (0x1.1566aaf25de2cp-14 + t * (-0x1.bbd41c5d26bf1p-20 + t * 0x1.6376972bea4d0p-25)));
}

__device__ inline double exp64(double x) {
    const int sign = high(x) < 0 ? 1 : 0;
    const int hx = high(x) & 0x7fffffff;
    if (x != x) {
        return nan();
    }
    if (x > 7.09782712893383973096e+02) {
        return infinity();
    }
    if (x < -7.45133219101941108420e+02) {
        return 0;
    }
    double hi = 0;
    double lo = 0;
    int k = 0;
    if (hx > 0x3fd62e42) {
        if (hx < 0x3ff0a2b2) {
            hi = sign ? x + LN2_HIGH : x - LN2_HIGH;
            lo = sign ? -LN2_LOW : LN2_LOW;
            k = 1 - sign - sign;
        } else {
            k = static_cast<int>(INVERSE_LN2 * x + (sign ? -0.5 : 0.5));
            hi = x - k * LN2_HIGH;
            lo = k * LN2_LOW;
        }
        x = hi - lo;
    } else if (hx < 0x3e300000) {
        return 1 + x;
    }
    const double t = x * x;
    const double c = x - t * expPolynomial(t);
    if (k == 0) {
        return 1 - (x * c / (c - 2) - x);
    }
    const double y = 1 - (lo - x * c / (2 - c) - hi);
    return k >= -1021 ? raised(y, k) : raised(y, k + 1000) * 9.33263618503218878990e-302;
}

__device__ inline double expm164(double x) {
    const int sign = high(x) < 0 ? 1 : 0;
    const int hx = high(x) & 0x7fffffff;
    if (x != x) {
        return nan();
    }
    if (x > 7.09782712893383973096e+02) {
        return infinity();
    }
    if (hx >= 0x4043687a && sign) {
        return -1;
    }
    double c = 0;
    int k = 0;
    if (hx > 0x3fd62e42) {
        double hi;
        double lo;
        if (hx < 0x3ff0a2b2) {
            hi = sign ? x + LN2_HIGH : x - LN2_HIGH;
            lo = sign ? -LN2_LOW : LN2_LOW;
            k = sign ? -1 : 1;
        } else {
            k = static_cast<int>(INVERSE_LN2 * x + (sign ? -0.5 : 0.5));
            hi = x - k * LN2_HIGH;
            lo = k * LN2_LOW;
        }
        x = hi - lo;
        c = hi - x - lo;
    } else if (hx < 0x3c900000) {
        return x;
    }
    const double hfx = 0.5 * x;
    const double hxs = x * hfx;
    const double r1 = 1 + hxs * (-0x1.11111111110f4p-5 + hxs * (0x1.a01a019fe5585p-10 + hxs * (-0x1.4ce199eaadbb7p-14
            + hxs * (0x1.0cfca86e65239p-18 + hxs * -0x1.afdb76e09c32dp-23))));
    double t = 3 - r1 * hfx;
    double e = hxs * ((r1 - t) / (6 - x * t));
    if (k == 0) {
        return x - (x * e - hxs);
    }
    e = x * (e - c) - c;
    e -= hxs;
    if (k == -1) {
        return 0.5 * (x - e) - 0.5;
    }
    if (k == 1) {
        return x < -0.25 ? -2 * (e - (x + 0.5)) : 1 + 2 * (x - e);
    }
    if (k <= -2 || k > 56) {
        return raised(1 - (e - x), k) - 1;
    }
    if (k < 20) {
        t = withHigh(0, 0x3ff00000 - (0x200000 >> k));
        return raised(t - (e - x), k);
    }
    t = withHigh(0, (0x3ff - k) << 20);
    return raised(x - (e + t) + 1, k);
}

__device__ inline double tanh64(double x) {
    const int hx = high(x) & 0x7fffffff;
    if (x != x) {
        return nan();
    }
    double z = 1;
    if (hx < 0x40360000) {
        if (hx < 0x3c800000) {
            return x * (1 + x);
        }
        if (hx >= 0x3ff00000) {
            z = 1 - 2 / (expm164(2 * magnitude(x)) + 2);
        } else {
            const double t = expm164(-2 * magnitude(x));
            z = -t / (t + 2);
        }
    }
    return high(x) >= 0 ? z : -z;
}

// -------------------------------------------------------------------------------------------------------------------- logarithms

__device__ inline double log64(double x) {
    int hx = high(x);
    int k = 0;
    if (x == 0) {
        return -infinity();
    }
    if (!(x > 0)) {
        return nan();
    }
    if (x == infinity()) {
        return x;
    }
    if (hx < 0x00100000) {
        k -= 54;
        x *= TWO54;
        hx = high(x);
    }
    k += (hx >> 20) - 1023;
    hx &= 0x000fffff;
    int i = (hx + 0x95f64) & 0x100000;
    x = withHigh(x, hx | (i ^ 0x3ff00000));
    k += i >> 20;
    const double f = x - 1;
    const double dk = k;
    if ((0x000fffff & (2 + hx)) < 3) {
        if (f == 0) {
            return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
        }
        const double r = f * f * (0.5 - 0.33333333333333333 * f);
        return k == 0 ? f - r : dk * LN2_HIGH - (r - dk * LN2_LOW - f);
    }
    const double s = f / (2 + f);
    const double z = s * s;
    const double w = z * z;
    const double t1 = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
    const double t2 = z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
    const double r = t2 + t1;
    i = (hx - 0x6147a) | (0x6b851 - hx);
    if (i > 0) {
        const double hfsq = 0.5 * f * f;
        return k == 0 ? f - (hfsq - s * (hfsq + r)) : dk * LN2_HIGH - (hfsq - (s * (hfsq + r) + dk * LN2_LOW) - f);
    }
    return k == 0 ? f - s * (f - r) : dk * LN2_HIGH - (s * (f - r) - dk * LN2_LOW - f);
}

__device__ inline double log1p64(double x) {
    const int hx = high(x);
    const int ax = hx & 0x7fffffff;
    if (x == -1) {
        return -infinity();
    }
    if (!(x > -1)) {
        return nan();
    }
    if (x == infinity()) {
        return x;
    }
    int k = 1;
    int hu = 1;
    double f = x;
    double c = 0;
    if (hx < 0x3fda827a) {
        if (ax < 0x3e200000) {
            return ax < 0x3c900000 ? x : x - x * x * 0.5;
        }
        if (hx > 0 || hx <= static_cast<int>(0xbfd2bec3u)) {
            k = 0;
        }
    }
    if (k != 0) {
        double u;
        if (hx < 0x43400000) {
            u = 1 + x;
            k = (high(u) >> 20) - 1023;
            c = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
        } else {
            u = x;
            k = (high(u) >> 20) - 1023;
        }
        hu = high(u) & 0x000fffff;
        if (hu < 0x6a09e) {
            u = withHigh(u, hu | 0x3ff00000);
        } else {
            k++;
            u = withHigh(u, hu | 0x3fe00000);
            hu = (0x00100000 - hu) >> 2;
        }
        f = u - 1;
    }
    const double hfsq = 0.5 * f * f;
    if (hu == 0) {
        if (f == 0) {
            return k == 0 ? 0 : k * LN2_HIGH + (c + k * LN2_LOW);
        }
        const double r = hfsq * (1 - 0.66666666666666666 * f);
        return k == 0 ? f - r : k * LN2_HIGH - (r - (k * LN2_LOW + c) - f);
    }
    const double s = f / (2 + f);
    const double z = s * s;
    const double r = z * (0x1.5555555555593p-1 + z * (0x1.999999997fa04p-2 + z * (0x1.2492494229359p-2 + z * (0x1.c71c51d8e78afp-3
            + z * (0x1.7466496cb03dep-3 + z * (0x1.39a09d078c69fp-3 + z * 0x1.2f112df3e5244p-3))))));
    return k == 0 ? f - (hfsq - s * (hfsq + r)) : k * LN2_HIGH - (hfsq - (s * (hfsq + r) + (k * LN2_LOW + c)) - f);
}

// ------------------------------------------------------------------------------------------------------------------ sine and cosine

/** sin64(x + y) for |x| ≤ π/4. */
__device__ inline double sinKernel(double x, double y, bool tail) {
    if ((high(x) & 0x7fffffff) < 0x3e400000) {
        return x;
    }
    const double z = x * x;
    const double v = z * x;
    const double r = 0x1.111111110f8a6p-7 + z * (-0x1.a01a019c161d5p-13 + z * (0x1.71de357b1fe7dp-19
            + z * (-0x1.ae5e68a2b9cebp-26 + z * 0x1.5d93a5acfd57cp-33)));
    constexpr double S1 = -0x1.5555555555549p-3;
    return tail ? x - (z * (0.5 * y - v * r) - y - v * S1) : x + v * (S1 + z * r);
}

/** cos64(x + y) for |x| ≤ π/4. */
__device__ inline double cosKernel(double x, double y) {
    const int ix = high(x) & 0x7fffffff;
    if (ix < 0x3e400000) {
        return 1;
    }
    const double z = x * x;
    const double r = z * (0x1.555555555554cp-5 + z * (-0x1.6c16c16c15177p-10 + z * (0x1.a01a019cb1590p-16
            + z * (-0x1.27e4f809c52adp-22 + z * (0x1.1ee9ebdb4b1c4p-29 + z * -0x1.8fae9be8838d4p-37)))));
    if (ix < 0x3fd33333) {
        return 1 - (0.5 * z - (z * r - x * y));
    }
    const double qx = ix > 0x3fe90000 ? 0.28125 : withHigh(0, ix - 0x00200000);
    const double hz = 0.5 * z - qx;
    return 1 - qx - (hz - (z * r - x * y));
}

/** The first 1584 bits of 2/π, 24 at a time. */
__constant__ const int TWO_OVER_PI[66] = {
    0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163, 0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649,
    0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b,
    0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5,
    0xf17b3d, 0x0739f7, 0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20, 0x9af436, 0x1da9e3, 0x91615e, 0xe61b08,
    0x659985, 0x5f14a0, 0x68408d, 0xffd880, 0x4d7327, 0x310606, 0x1556ca, 0x73a8c9, 0x60e27b, 0xc08c6b};

/** π/2 in pieces of 24 bits. */
__constant__ const double HALF_PI[8] = {0x1.921fb4p+0, 0x1.4442dp-24, 0x1.846988p-48, 0x1.8cc516p-72,
                                        0x1.01b838p-96, 0x1.a25204p-120, 0x1.382228p-145, 0x1.9f31dp-169};

/**
 * What is left of a large positive x after multiples of π/2, in y[0] + y[1]; returns the multiple modulo 8 (Payne and Hanek, as in fdlibm's
 * __kernel_rem_pio2 for 53 bits). x[0..nx) are 24-bit pieces of the argument, e0 the exponent of the first.
 */
__device__ __noinline__ static int reduceLarge(const double* x, int e0, int nx, double* y) {
    constexpr int JK = 4;
    constexpr double TWO24 = 0x1p24;
    constexpr double TWO_MINUS24 = 0x1p-24;
    int iq[20];
    double f[20];
    double q[20];
    double fq[20];
    const int jx = nx - 1;
    int jv = (e0 - 3) / 24;
    jv = jv < 0 ? 0 : jv;
    int q0 = e0 - 24 * (jv + 1);
    for (int i = 0, j = jv - jx; i <= jx + JK; i++, j++) {
        f[i] = j < 0 ? 0 : TWO_OVER_PI[j];
    }
    for (int i = 0; i <= JK; i++) {
        double fw = 0;
        for (int j = 0; j <= jx; j++) {
            fw += x[j] * f[jx + i - j];
        }
        q[i] = fw;
    }
    int jz = JK;
    int n;
    int ih;
    double z;
    while (true) {
        z = q[jz];
        for (int i = 0, j = jz; j > 0; i++, j--) {
            const double fw = static_cast<int>(TWO_MINUS24 * z);
            iq[i] = static_cast<int>(z - TWO24 * fw);
            z = q[j - 1] + fw;
        }
        z = z * powerOfTwo(q0);
        z -= 8 * floor(z * 0.125);
        n = static_cast<int>(z);
        z -= n;
        ih = 0;
        if (q0 > 0) {
            const int i = iq[jz - 1] >> (24 - q0);
            n += i;
            iq[jz - 1] -= i << (24 - q0);
            ih = iq[jz - 1] >> (23 - q0);
        } else if (q0 == 0) {
            ih = iq[jz - 1] >> 23;
        } else if (z >= 0.5) {
            ih = 2;
        }
        if (ih > 0) {
            n++;
            bool carry = false;
            for (int i = 0; i < jz; i++) {
                const int j = iq[i];
                if (carry) {
                    iq[i] = 0xffffff - j;
                } else if (j != 0) {
                    carry = true;
                    iq[i] = 0x1000000 - j;
                }
            }
            if (q0 == 1) {
                iq[jz - 1] &= 0x7fffff;
            } else if (q0 == 2) {
                iq[jz - 1] &= 0x3fffff;
            }
            if (ih == 2) {
                z = 1 - z;
                if (carry) {
                    z -= powerOfTwo(q0);
                }
            }
        }
        if (z != 0) {
            break;
        }
        int some = 0;
        for (int i = jz - 1; i >= JK; i--) {
            some |= iq[i];
        }
        if (some != 0) {
            break;
        }
        int k = 1;
        while (iq[JK - k] == 0) {
            k++;
        }
        for (int i = jz + 1; i <= jz + k; i++) {
            f[jx + i] = TWO_OVER_PI[jv + i];
            double fw = 0;
            for (int j = 0; j <= jx; j++) {
                fw += x[j] * f[jx + i - j];
            }
            q[i] = fw;
        }
        jz += k;
    }
    if (z == 0) {
        jz--;
        q0 -= 24;
        while (iq[jz] == 0) {
            jz--;
            q0 -= 24;
        }
    } else {
        z = z * powerOfTwo(-q0);
        if (z >= TWO24) {
            const double fw = static_cast<int>(TWO_MINUS24 * z);
            iq[jz] = static_cast<int>(z - TWO24 * fw);
            jz++;
            q0 += 24;
            iq[jz] = static_cast<int>(fw);
        } else {
            iq[jz] = static_cast<int>(z);
        }
    }
    double fw = powerOfTwo(q0);
    for (int i = jz; i >= 0; i--) {
        q[i] = fw * iq[i];
        fw *= TWO_MINUS24;
    }
    for (int i = jz; i >= 0; i--) {
        fw = 0;
        for (int k = 0; k <= JK && k <= jz - i; k++) {
            fw += HALF_PI[k] * q[i + k];
        }
        fq[jz - i] = fw;
    }
    fw = 0;
    for (int i = jz; i >= 0; i--) {
        fw += fq[i];
    }
    y[0] = ih == 0 ? fw : -fw;
    fw = fq[0] - fw;
    for (int i = 1; i <= jz; i++) {
        fw += fq[i];
    }
    y[1] = ih == 0 ? fw : -fw;
    return n & 7;
}

/** x − n·π/2 in y[0] + y[1], |y| ≤ π/4; returns n, of which the last two bits count. */
__device__ inline int reduced(double x, double* y) {
    constexpr double PIO2_1 = 0x1.921fb544p0;
    constexpr double PIO2_1T = 0x1.0b4611a626331p-34;
    constexpr double PIO2_2 = 0x1.0b4611a6p-34;
    constexpr double PIO2_2T = 0x1.3198a2e037073p-69;
    constexpr double PIO2_3 = 0x1.3198a2ep-69;
    constexpr double PIO2_3T = 0x1.b839a252049c1p-104;
    const bool negative = high(x) < 0;
    const int ix = high(x) & 0x7fffffff;
    int n;
    if (ix < 0x4002d97c) {
        n = 1;
        double z = magnitude(x) - PIO2_1;
        const bool near = ix == 0x3ff921fb;
        z = near ? z - PIO2_2 : z;
        const double tail = near ? PIO2_2T : PIO2_1T;
        y[0] = z - tail;
        y[1] = z - y[0] - tail;
    } else if (ix <= 0x413921fb) {
        double t = magnitude(x);
        n = static_cast<int>(t * 0x1.45f306dc9c883p-1 + 0.5);
        const double fn = n;
        double r = t - fn * PIO2_1;
        double w = fn * PIO2_1T;
        y[0] = r - w;
        if (n >= 32 || ix == high(fn * 0x1.921fb54442d18p0)) {
            const int j = ix >> 20;
            if (j - ((high(y[0]) >> 20) & 0x7ff) > 16) {
                t = r;
                w = fn * PIO2_2;
                r = t - w;
                w = fn * PIO2_2T - (t - r - w);
                y[0] = r - w;
                if (j - ((high(y[0]) >> 20) & 0x7ff) > 49) {
                    t = r;
                    w = fn * PIO2_3;
                    r = t - w;
                    w = fn * PIO2_3T - (t - r - w);
                    y[0] = r - w;
                }
            }
        }
        y[1] = r - y[0] - w;
    } else {
        const int e0 = (ix >> 20) - 1046;
        double z = withHigh(x, ix - (e0 << 20));
        double pieces[3];
        for (int i = 0; i < 2; i++) {
            pieces[i] = static_cast<int>(z);
            z = (z - pieces[i]) * 0x1p24;
        }
        pieces[2] = z;
        int nx = 3;
        while (pieces[nx - 1] == 0) {
            nx--;
        }
        n = reduceLarge(pieces, e0, nx, y);
    }
    if (negative) {
        y[0] = -y[0];
        y[1] = -y[1];
        return -n;
    }
    return n;
}

/** sin64(x + quarter·π/2). */
__device__ inline double sinPlus(double x, int quarter) {
    const int ix = high(x) & 0x7fffffff;
    if (ix >= 0x7ff00000) {
        return nan();
    }
    double y[2] = {x, 0};
    int n = quarter;
    bool tail = false;
    if (ix > 0x3fe921fb) {
        n += reduced(x, y);
        tail = true;
    }
    const double r = n & 1 ? cosKernel(y[0], y[1]) : sinKernel(y[0], y[1], tail);
    return n & 2 ? -r : r;
}

__device__ inline double sin64(double x) { return sinPlus(x, 0); }
__device__ inline double cos64(double x) { return sinPlus(x, 1); }

// ---------------------------------------------------------------------------------------------------------------------------- power

/** z·2ⁿ with one rounding, also into the subnormals. */
__device__ inline double scaled(double z, int n) {
    const int k = ((high(z) >> 20) & 0x7ff) + n;
    if (k > 0) {
        return withHigh(z, (high(z) & static_cast<int>(0x800fffffu)) | k << 20);
    }
    return k <= -54 ? signed1(0, z) : withHigh(z, (high(z) & static_cast<int>(0x800fffffu)) | (k + 54) << 20) * 0x1p-54;
}

/** |x|ⁿ for normal and subnormal |x| other than 1, and n other than 0, 1, −1, 2; the caller has dealt with signs. */
__device__ inline double powMagnitude(double x, double y) {
    int ix = high(x);
    int n = 0;
    if (ix < 0x00100000) {
        x *= 0x1p53;
        n -= 53;
        ix = high(x);
    }
    n += (ix >> 20) - 0x3ff;
    const int fraction = ix & 0x000fffff;
    ix = fraction | 0x3ff00000;
    int k = fraction <= 0x3988e ? 0 : fraction < 0xbb67a ? 1 : 0;
    if (fraction >= 0xbb67a) {
        n++;
        ix -= 0x00100000;
    }
    x = withHigh(x, ix);
    const double bp = k ? 1.5 : 1.0;
    double u = x - bp;
    double v = 1 / (x + bp);
    const double ss = u * v;
    const double sh = withoutLow(ss);
    double th = withHigh(0, ((ix >> 1) | 0x20000000) + 0x00080000 + (k << 18));
    double tl = x - (th - bp);
    const double sl = v * (u - sh * th - sh * tl);
    double s2 = ss * ss;
    double r = s2 * s2 * (0x1.3333333333303p-1 + s2 * (0x1.b6db6db6fabffp-2 + s2 * (0x1.55555518f264dp-2
            + s2 * (0x1.17460a91d4101p-2 + s2 * (0x1.d864a93c9db65p-3 + s2 * 0x1.a7e284a454eefp-3)))));
    r += sl * (sh + ss);
    s2 = sh * sh;
    th = withoutLow(3 + s2 + r);
    tl = r - (th - 3 - s2);
    u = sh * th;
    v = sl * th + tl * ss;
    double ph = withoutLow(u + v);
    double pl = v - (ph - u);
    const double dph = k ? 0x1.2b8034p-1 : 0;
    const double dpl = k ? 0x1.cfdeb43cfd006p-27 : 0;
    const double zh = 0x1.ec709ep-1 * ph;
    const double zl = -0x1.e2fe0145b01f5p-28 * ph + pl * 0x1.ec709dc3a03fdp-1 + dpl;
    double t = n;
    const double t1 = withoutLow(zh + zl + dph + t);
    const double t2 = zl - (t1 - t - dph - zh);
    const double y1 = withoutLow(y);
    pl = (y - y1) * t1 + y * t2;
    ph = y1 * t1;
    double z = pl + ph;
    const int j = high(z);
    if (j >= 0x40900000) {
        if (((j - 0x40900000) | static_cast<int>(low(z))) != 0 || pl + 8.0085662595372944372e-17 > z - ph) {
            return infinity();
        }
    } else if ((j & 0x7fffffff) >= 0x4090cc00) {
        if (((j - static_cast<int>(0xc090cc00u)) | static_cast<int>(low(z))) != 0 || pl <= z - ph) {
            return 0;
        }
    }
    const int i = j & 0x7fffffff;
    k = (i >> 20) - 0x3ff;
    n = 0;
    if (i > 0x3fe00000) {
        n = j + (0x00100000 >> (k + 1));
        k = ((n & 0x7fffffff) >> 20) - 0x3ff;
        t = withHigh(0, n & ~(0x000fffff >> k));
        n = ((n & 0x000fffff) | 0x00100000) >> (20 - k);
        n = j < 0 ? -n : n;
        ph -= t;
    }
    t = withoutLow(pl + ph);
    u = t * 0x1.62e43p-1;
    v = (pl - (t - ph)) * 0x1.62e42fefa39efp-1 + t * -0x1.05c610ca86c39p-29;
    z = u + v;
    const double w = v - (z - u);
    t = z * z;
    const double q = z - t * expPolynomial(t);
    r = z * q / (q - 2) - (w + z * w);
    return scaled(1 - (r - z), n);
}

/** xⁿ. */
__device__ inline double pow64(double x, int n) {
    if (n == 0) {
        return 1;
    }
    if (x != x) {
        return nan();
    }
    if (n == 2) {
        return x * x;
    }
    if (n == 1) {
        return x;
    }
    if (n == -1) {
        return 1 / x;
    }
    const double ax = magnitude(x);
    const bool negative = high(x) < 0 && (n & 1);
    double z;
    if (ax == 0 || ax == infinity() || ax == 1) {
        z = n < 0 ? 1 / ax : ax;
    } else {
        z = powMagnitude(ax, n);
    }
    return negative ? -z : z;
}

// ------------------------------------------------------------------------------------------------- the formulas of Functions64

__device__ inline double sigmoid(double x) {
    const double e = exp64(-magnitude(x));
    return (x >= 0 ? 1 : e) / (1 + e);
}

__device__ inline double softplus(double x) {
    const double positive = x > 0 ? x : x == x ? 0 : nan();
    return positive + log1p64(exp64(-magnitude(x)));
}

/** erf64(x)/x as a polynomial in 2x² − 1, |x| ≤ 1. */
__constant__ const double ERF_SMALL[15] = {
    0x1.ee51eb23cb7eap-1, -0x1.1fd16292151fdp-3, 0x1.454368017b20cp-6, -0x1.2b902b7b2f43bp-9, 0x1.c82aa24944aabp-13,
    -0x1.263991b7b1efbp-16, 0x1.48663a2cbe548p-20, -0x1.429e94ca0ea66p-24, 0x1.1ad26a088dce5p-28, -0x1.bf8a9fc932bc2p-33,
    0x1.4bc2eb2bf947cp-37, -0x1.b05967983bdccp-42, -0x1.67feb7cd6c313p-43, 0x1.029847d5085fep-50, 0x1.a2f2e01209893p-45};

/** e^(x²) erfc64(x) as a polynomial in (x − 5/2)/(x + 5/2), 1 ≤ x ≤ 6. */
__constant__ const double ERFC_SCALED[21] = {
    0x1.afbb3f3b7343bp-3, -0x1.7ca88dec217a7p-2, 0x1.01c11a735cd6ep-2, -0x1.0011543716b6dp-3, 0x1.470ba1f688c4dp-5,
    -0x1.05bb2fe68352cp-8, -0x1.5a5716f1fc5b8p-9, 0x1.cb3b62b97832ap-11, 0x1.def30f5ddae18p-13, -0x1.0e46c753ba1e8p-13,
    -0x1.1ed26ad32b99ap-15, 0x1.3876736f37175p-16, 0x1.012c10eb0fed2p-17, -0x1.3fb8a7e469daep-19, -0x1.6020193e5431bp-19,
    0x1.126cffd53c395p-21, 0x1.0fe1312d5200ep-18, -0x1.37f23b45517dep-20, -0x1.3a84fd3a54d53p-17, 0x1.8dadb5905788bp-20,
    0x1.5544e0d412728p-17};

template <int N>
__device__ double polynomial(const double (&c)[N], double x) {
    double sum = c[N - 1];
    for (int i = N - 2; i >= 0; i--) {
        sum = __fma_rn(sum, x, c[i]);
    }
    return sum;
}

__device__ inline double erf64(double x) {
    const double a = magnitude(x);
    if (x != x) {
        return nan();
    }
    if (a <= 1) {
        return x * polynomial(ERF_SMALL, __fma_rn(2 * x, x, -1));
    }
    if (a > 6) {
        return signed1(1, x);
    }
    const double square = a * a;
    const double gaussian = exp64(-square) * (1 - __fma_rn(a, a, -square));
    return signed1(1 - gaussian * polynomial(ERFC_SCALED, (a - 2.5) / (a + 2.5)), x);
}

}  // namespace gradus::f64
