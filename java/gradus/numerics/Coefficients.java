package gradus.numerics;

/**
 * Every constant of the float32 functions, written as hexadecimal floats so that what is read is what is computed.
 *
 * <p>Made by {@code tests/gradus/numerics/coefficients.py}; {@code kernels/numerics.cuh} carries the same values, and a test compares them.
 */
final class Coefficients {
    private Coefficients() {
    }

    /** Adding and taking away 1.5·2⁵² rounds a double to an integer, ties to even, and leaves the integer in the low bits of the sum. */
    static final double ROUNDER = 0x1.8000000000000p52;

    // exp: x = k ln 2 + r. The head of ln 2 has 42 bits, so that k times it is exact for |k| < 2^11.
    static final double LOG2_E = 0x1.71547652b82fep0;
    static final double LN2_HEAD = 0x1.62e42fefa3800p-1;
    static final double LN2_TAIL = 0x1.ef35793c76730p-45;

    // e^r = 1 + r + r² EXP(r) on |r| <= ln 2 / 2
    // EXP differs from its function by at most 2^-59.2
    static final double EXP0 = 0x1.0000000000000p-1;
    static final double EXP1 = 0x1.5555555555557p-3;
    static final double EXP2 = 0x1.5555555555556p-5;
    static final double EXP3 = 0x1.1111111110050p-7;
    static final double EXP4 = 0x1.6c16c16c15ff9p-10;
    static final double EXP5 = 0x1.a01a01ac1e915p-13;
    static final double EXP6 = 0x1.a01a01a81968ep-16;
    static final double EXP7 = 0x1.71de01aacd321p-19;
    static final double EXP8 = 0x1.27e4d81523f67p-22;
    static final double EXP9 = 0x1.af4ecf3207b21p-26;
    static final double EXP10 = 0x1.1f78e7c32e010p-29;

    // log: x = 2^k m with m from √½ to √2; the bits of √½ as a double.
    static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;

    // log(1 + f) = f - s (f - z LOG(z)), s = f/(2 + f), z = s²; LOG(z) = 2/3 + 2/5 z + 2/7 z² + …
    // LOG differs from its function by at most 2^-51.5
    static final double LOG0 = 0x1.5555555555558p-1;
    static final double LOG1 = 0x1.9999999995170p-2;
    static final double LOG2 = 0x1.2492492e28058p-2;
    static final double LOG3 = 0x1.c71c6298e830dp-3;
    static final double LOG4 = 0x1.7462cb6aafa15p-3;
    static final double LOG5 = 0x1.39fb5ad73b817p-3;
    static final double LOG6 = 0x1.2b7e222657a46p-3;

    // log(1 + e) for e from 0 to 1, the same with s from 0 to 1/3
    // SOFT differs from its function by at most 2^-54.6
    static final double SOFT0 = 0x1.5555555555555p-1;
    static final double SOFT1 = 0x1.9999999999b14p-2;
    static final double SOFT2 = 0x1.2492492483d95p-2;
    static final double SOFT3 = 0x1.c71c71ce24742p-3;
    static final double SOFT4 = 0x1.745d16a89c4d9p-3;
    static final double SOFT5 = 0x1.3b13a727d3126p-3;
    static final double SOFT6 = 0x1.1114908d8a284p-3;
    static final double SOFT7 = 0x1.e132a395ad195p-4;
    static final double SOFT8 = 0x1.b835726aaea67p-4;
    static final double SOFT9 = 0x1.42e6140cb54bap-4;
    static final double SOFT10 = 0x1.326594a01c3bap-3;

    // sin and cos: x = k π + r, or (k - 1/2) π + r. Head and middle of π have 31 bits: k times them is exact for |k| < 2^21 in halves.
    static final double ONE_OVER_PI = 0x1.45f306dc9c883p-2;
    static final double PI_HEAD = 0x1.921fb54400000p1;
    static final double PI_MIDDLE = 0x1.0b4611a400000p-33;
    static final double PI_TAIL = 0x1.13198a2e03707p-64;

    // The first 256 bits of 1/(16 π), and π in two parts, for arguments of 2^22 and more.
    static final long INVERSE_PI0 = 0x0517cc1b727220a9L;
    static final long INVERSE_PI1 = 0x4fe13abe8fa9a6eeL;
    static final long INVERSE_PI2 = 0x06db14acc9e21c82L;
    static final long INVERSE_PI3 = 0x0ff28b1d5ef5de2bL;
    static final double PI = 0x1.921fb54442d18p1;
    static final double PI_REST = 0x1.1a62633145c07p-53;

    // sin r = r + r³ SIN(r²) on |r| <= π/2
    // SIN differs from its function by at most 2^-56.6
    static final double SIN0 = -0x1.5555555555555p-3;
    static final double SIN1 = 0x1.11111111110b9p-7;
    static final double SIN2 = -0x1.a01a01a013538p-13;
    static final double SIN3 = 0x1.71de3a51c254fp-19;
    static final double SIN4 = -0x1.ae64545abd25fp-26;
    static final double SIN5 = 0x1.6123aa90d8dd8p-33;
    static final double SIN6 = -0x1.ae39c4bf8f5b8p-41;
    static final double SIN7 = 0x1.871b95fe27ae8p-49;

    // erf x = x ERF(u), u = x²/8 - 1, on |x| <= 3.93
    // ERF differs from its function by at most 2^-54.9
    static final double ERF0 = 0x1.6a040781a499cp-2;
    static final double ERF1 = -0x1.69a0ccda3df55p-3;
    static final double ERF2 = 0x1.0dabaf0613f2fp-3;
    static final double ERF3 = -0x1.b92e95c192a60p-4;
    static final double ERF4 = 0x1.717efc783c64ep-4;
    static final double ERF5 = -0x1.3215d8b761c00p-4;
    static final double ERF6 = 0x1.ea97f14d2416dp-5;
    static final double ERF7 = -0x1.76e86497f4c0dp-5;
    static final double ERF8 = 0x1.0ed52bea6a57cp-5;
    static final double ERF9 = -0x1.7034fa059808ep-6;
    static final double ERF10 = 0x1.d6352c5a38acep-7;
    static final double ERF11 = -0x1.1a02399bb3368p-7;
    static final double ERF12 = 0x1.3e14f402a9f17p-8;
    static final double ERF13 = -0x1.51eeb2ddd1dd6p-9;
    static final double ERF14 = 0x1.52db4b7c70982p-10;
    static final double ERF15 = -0x1.415d2a9e78a25p-11;
    static final double ERF16 = 0x1.20defcec2a746p-12;
    static final double ERF17 = -0x1.edc06896d1316p-14;
    static final double ERF18 = 0x1.9214bfc2dc8d6p-15;
    static final double ERF19 = -0x1.35f4acd5ef72bp-16;
    static final double ERF20 = 0x1.c5ddf1c7d3a86p-18;
    static final double ERF21 = -0x1.509ba5cb378f3p-19;
    static final double ERF22 = 0x1.e80e1cdb42e4cp-21;
    static final double ERF23 = -0x1.e664ee65d8fe2p-23;
    static final double ERF24 = 0x1.a37e502fa26eap-25;
    static final double ERF25 = -0x1.644d622310063p-25;
    static final double ERF26 = 0x1.1344d5a699a0ep-26;

    // The inputs whose value lies nearer to the middle of two floats than the formulas reach; found by trying all of them.
    static final float SOFTPLUS_HARD = 0x1.d483ap-12f;
    static final float SOFTPLUS_OF_HARD = 0x1.63017ap-1f;
    static final float COS_HARD = 0x1.20ffccp-7f;
    static final float COS_OF_HARD = 0x1.fffae8p-1f;
    static final float ERF_HARD = 0x1.81d5acp-13f;
    static final float ERF_OF_HARD = 0x1.b35e28p-13f;
}
