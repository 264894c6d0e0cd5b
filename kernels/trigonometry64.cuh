// Sine and cosine in binary64 with the bits of Java's StrictMath: the algorithms of fdlibm 5.3 (Sun Microsystems, 1993: "Permission to use, copy,
// modify, and distribute this software is freely granted, provided that this notice is preserved"). Every operation is rounded apart.
#pragma once

#include "words64.cuh"

namespace gradus::f64 {

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

}  // namespace gradus::f64
