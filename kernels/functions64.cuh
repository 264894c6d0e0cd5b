// The elementary functions in binary64, with the bits of Java's StrictMath: the algorithms, constants and order of operations of fdlibm 5.3
// (Sun Microsystems, 1993: "Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
// preserved"), and the formulas of gradus.numerics.Functions64 over them. Every operation is rounded apart; no fma but where it is written.
#pragma once

#include "trigonometry64.cuh"
#include "words64.cuh"

namespace gradus::f64 {

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
