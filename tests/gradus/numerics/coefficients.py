"""Derives every polynomial and constant of java/gradus/numerics/Coefficients.java; prints that file.

    python coefficients.py > java/gradus/numerics/Coefficients.java
    python coefficients.py erf64      prints the two arrays of Functions64.erf

Each polynomial is a least-squares fit at Chebyshev's points in 120 digits. Its coefficients are rounded to binary64 from the lowest degree
up, and the higher ones are fitted anew after each rounding, so that they take up the error that the rounding left. Needs mpmath.
"""
import sys

import mpmath as mp

mp.mp.dps = 120


def least_squares(f, a, b, powers, points=120):
    """c with f(x) = sum c[j] x**powers[j] fitted by least squares at Chebyshev's points of [a, b]: within a whisker of the minimax fit."""
    xs = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * points)) for i in range(points)]
    A = mp.matrix(points, len(powers))
    for i, x in enumerate(xs):
        for j, p in enumerate(powers):
            A[i, j] = x ** p
    return list(mp.lu_solve(A.T * A, A.T * mp.matrix([f(x) for x in xs])))


def fit(name, f, a, b, degree, fixed=()):
    """Prints constants name0 … name<degree> of a polynomial that fits f on [a, b]."""
    known, error = rounded_fit(f, a, b, degree, fixed)
    print(f"    // {name} differs from its function by at most 2^{float(mp.log(error, 2)):.1f}")
    for i, k in enumerate(known):
        constant(f"{name}{i}", k)


def rounded_fit(f, a, b, degree, fixed=()):
    a, b = mp.mpf(a), mp.mpf(b)
    known = [mp.mpf(v) for v in fixed]
    while len(known) <= degree:
        c = least_squares(lambda x: f(x) - mp.polyval(known[::-1] or [0], x), a, b, range(len(known), degree + 1))
        known.append(mp.mpf(float(c[0])))
    xs = [a + (b - a) * i / 1000 for i in range(1001)]
    error = max(abs(f(x) - mp.polyval(known[::-1], x)) for x in xs)
    return known, error


def constant(name, value):
    print(f"    static final double {name} = {hexadecimal(float(value))};")


def hexadecimal(x):
    return float(x).hex().replace("p+", "p")


def leading(x, bits):
    """x cut to its leading bits."""
    e = mp.floor(mp.log(abs(x), 2)) + 1 - bits
    return mp.floor(x / mp.mpf(2) ** e) * mp.mpf(2) ** e


def guarded(f, near_zero):
    """f, or its series where f is 0/0."""
    return lambda x: f(x) if abs(x) > mp.mpf(10) ** -30 else near_zero(x)


def erf64():
    small = guarded(lambda u: mp.erf(mp.sqrt((1 + u) / 2)) / mp.sqrt((1 + u) / 2) if u > -1 + mp.mpf(10) ** -15
                    else 2 / mp.sqrt(mp.pi) * (1 - (1 + u) / 6), lambda u: mp.erf(mp.sqrt((1 + u) / 2)) / mp.sqrt((1 + u) / 2))
    scaled = lambda t: (lambda x: mp.exp(x * x) * mp.erfc(x))(mp.mpf(5) / 2 * (1 + t) / (1 - t))
    for name, f, a, b, degree in (("ERF_SMALL", small, -1, 1, 14), ("ERFC_SCALED", scaled, mp.mpf(-3) / 7, mp.mpf(7) / 17, 20)):
        known, error = rounded_fit(f, a, b, degree)
        print(f"// {name}: 2^{float(mp.log(error, 2)):.1f}")
        print(", ".join(hexadecimal(k) for k in known))


if sys.argv[1:] == ["erf64"]:
    erf64()
    sys.exit()
print('''package gradus.numerics;

/**
 * Every constant of the float32 functions, written as hexadecimal floats so that what is read is what is computed.
 *
 * <p>Made by {@code tests/gradus/numerics/coefficients.py}; {@code kernels/numerics.cuh} carries the same values, and a test compares them.
 */
final class Coefficients {
    private Coefficients() {
    }
''')
print("    /** Adding and taking away 1.5·2⁵² rounds a double to an integer, ties to even, and leaves the integer in the low bits of the sum. */")
constant("ROUNDER", mp.mpf(3) * 2 ** 51)
print("\n    // exp: x = k ln 2 + r. The head of ln 2 has 42 bits, so that k times it is exact for |k| < 2^11.")
constant("LOG2_E", 1 / mp.log(2))
constant("LN2_HEAD", leading(mp.log(2), 42))
constant("LN2_TAIL", mp.log(2) - leading(mp.log(2), 42))
print("\n    // e^r = 1 + r + r² EXP(r) on |r| <= ln 2 / 2")
fit("EXP", guarded(lambda r: (mp.expm1(r) - r) / r ** 2, lambda r: mp.mpf(1) / 2 + r / 6 + r * r / 24),
    -mp.log(2) / 2 * 1.0001, mp.log(2) / 2 * 1.0001, 10, fixed=(0.5,))
print("\n    // log: x = 2^k m with m from √½ to √2; the bits of √½ as a double.")
print("    static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;")
print("\n    // log(1 + f) = f - s (f - z LOG(z)), s = f/(2 + f), z = s²; LOG(z) = 2/3 + 2/5 z + 2/7 z² + …")
fit("LOG", guarded(lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z, lambda z: mp.mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7),
    0, 0.0296, 6)
print("\n    // log(1 + e) for e from 0 to 1, the same with s from 0 to 1/3")
fit("SOFT", guarded(lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z, lambda z: mp.mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7),
    0, 0.11112, 10)
print("\n    // sin and cos: x = k π + r, or (k - 1/2) π + r. Head and middle of π have 31 bits: k times them is exact for |k| < 2^21 in halves.")
constant("ONE_OVER_PI", 1 / mp.pi)
head = leading(mp.pi, 31)
middle = leading(mp.pi - head, 31)
constant("PI_HEAD", head)
constant("PI_MIDDLE", middle)
constant("PI_TAIL", mp.pi - head - middle)
print("\n    // The first 256 bits of 1/(16 π), and π in two parts, for arguments of 2^22 and more.")
for i in range(4):
    print(f"    static final long INVERSE_PI{i} = 0x{int(mp.floor(mp.mpf(2) ** 256 / (16 * mp.pi))) >> (64 * (3 - i)) & 2 ** 64 - 1:016x}L;")
constant("PI", mp.pi)
constant("PI_REST", mp.pi - mp.mpf(float(mp.pi)))
print("\n    // sin r = r + r³ SIN(r²) on |r| <= π/2")
fit("SIN", guarded(lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, lambda z: -mp.mpf(1) / 6 + z / 120),
    0, (mp.pi / 2 * 1.0001) ** 2, 7)
print("\n    // erf x = x ERF(u), u = x²/8 - 1, on |x| <= 3.93")
fit("ERF", guarded(lambda u: mp.erf(mp.sqrt(8 * (1 + u))) / mp.sqrt(8 * (1 + u)) if u > -1 + mp.mpf(10) ** -15
                   else 2 / mp.sqrt(mp.pi) * (1 - 8 * (1 + u) / 3), lambda u: mp.erf(mp.sqrt(8 * (1 + u))) / mp.sqrt(8 * (1 + u))),
    -1, 3.93 ** 2 / 8 - 1, 26)
print("\n    // The inputs whose value lies nearer to the middle of two floats than the formulas reach; found by trying all of them.")


def rounded(y):
    """A number rounded to float32 once, as a hexadecimal float of Java."""
    e = int(mp.floor(mp.log(y, 2)))
    return f"{(float(mp.nint(mp.ldexp(y, 23 - e))) * 2.0 ** (e - 23)).hex()}".replace("+", "")


for name, f, x in (("SOFTPLUS", lambda x: mp.log1p(mp.exp(x)), "0x1.d483ap-12"), ("COS", mp.cos, "0x1.20ffccp-7"), ("ERF", mp.erf, "0x1.81d5acp-13")):
    print(f"    static final float {name}_HARD = {x}f;")
    print(f"    static final float {name}_OF_HARD = {rounded(f(mp.mpf(float.fromhex(x))))}f;")
print("}")
