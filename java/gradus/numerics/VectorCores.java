package gradus.numerics;

import static gradus.numerics.VectorConstants.*;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/**
 * The binary64 insides of {@link VectorFunctions}, line by line those of {@link Functions}: a change in one is a change in the other, and in
 * {@code kernels/numerics.cuh}.
 */
final class VectorCores {
    private VectorCores() {
    }

    static DoubleVector expCore(DoubleVector d) {
        DoubleVector t = d.fma(LOG2_E, ROUNDER);
        DoubleVector k = t.sub(ROUNDER);
        DoubleVector r = k.fma(MINUS_LN2_TAIL, k.fma(MINUS_LN2_HEAD, d));
        DoubleVector p = expm1Reduced(r);
        return p.add(ONE).reinterpretAsLongs().add(t.reinterpretAsLongs().lanewise(LSHL, 52)).reinterpretAsDoubles();
    }

    /** e^d + shift for shift ±1. */
    static DoubleVector expPlus(DoubleVector d, DoubleVector shift) {
        DoubleVector t = d.fma(LOG2_E, ROUNDER);
        DoubleVector k = t.sub(ROUNDER);
        DoubleVector r = k.fma(MINUS_LN2_TAIL, k.fma(MINUS_LN2_HEAD, d));
        DoubleVector s = t.reinterpretAsLongs().lanewise(LSHL, 52).add(ONE_BITS).reinterpretAsDoubles();
        return s.fma(expm1Reduced(r), s.add(shift));
    }

    private static DoubleVector expm1Reduced(DoubleVector r) {
        DoubleVector r2 = r.mul(r);
        DoubleVector r4 = r2.mul(r2);
        DoubleVector a = r2.fma(r.fma(EXP3, EXP2), r.fma(EXP1, EXP0));
        DoubleVector b = r2.fma(r.fma(EXP7, EXP6), r.fma(EXP5, EXP4));
        DoubleVector c = r2.fma(EXP10, r.fma(EXP9, EXP8));
        DoubleVector q = r4.fma(r4.fma(c, b), a);
        return r2.fma(q, r);
    }

    static DoubleVector logCore(DoubleVector d) {
        LongVector bits = d.reinterpretAsLongs();
        LongVector k = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 52);
        DoubleVector m = bits.sub(k.lanewise(LSHL, 52)).reinterpretAsDoubles();
        return logReduced(m.sub(ONE), toDouble(k));
    }

    static DoubleVector log1pCore(DoubleVector d) {
        LongVector bits = d.add(ONE).reinterpretAsLongs();
        LongVector k = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 52);
        DoubleVector m = bits.sub(k.lanewise(LSHL, 52)).reinterpretAsDoubles();
        DoubleVector scale = toDouble(k);
        return logReduced(m.sub(ONE).blend(d, scale.compare(EQ, ZERO)), scale);
    }

    static DoubleVector log1pOfUpToOne(DoubleVector e) {
        DoubleVector s = e.div(e.add(TWO));
        DoubleVector z = s.mul(s);
        DoubleVector z2 = z.mul(z);
        DoubleVector z4 = z2.mul(z2);
        DoubleVector a = z2.fma(z.fma(SOFT3, SOFT2), z.fma(SOFT1, SOFT0));
        DoubleVector b = z2.fma(z.fma(SOFT7, SOFT6), z.fma(SOFT5, SOFT4));
        DoubleVector c = z2.fma(SOFT10, z.fma(SOFT9, SOFT8));
        DoubleVector q = z4.fma(z4.fma(c, b), a);
        return s.fma(z.fma(q, e.neg()), e);
    }

    private static DoubleVector logReduced(DoubleVector f, DoubleVector k) {
        DoubleVector s = f.div(f.add(TWO));
        DoubleVector z = s.mul(s);
        DoubleVector z2 = z.mul(z);
        DoubleVector a = z2.fma(z.fma(LOG3, LOG2), z.fma(LOG1, LOG0));
        DoubleVector b = z2.fma(LOG6, z.fma(LOG5, LOG4));
        DoubleVector q = z2.mul(z2).fma(b, a);
        return k.fma(LN2_HEAD, f.add(s.fma(z.fma(q, f.neg()), k.mul(LN2_TAIL))));
    }

    /** Whether a lane lies right in the middle of two floats, where only the rounding to odd of {@link Functions} finds the nearer one. */
    static boolean anyOnTie(DoubleVector y) {
        return y.reinterpretAsLongs().and(BELOW_FLOAT).compare(EQ, TIE).anyTrue();
    }

    /** A long of small magnitude as a double, without the conversion that AVX2 lacks. */
    private static DoubleVector toDouble(LongVector k) {
        return k.add(ROUNDER_BITS).reinterpretAsDoubles().sub(ROUNDER);
    }

    static DoubleVector sinCore(DoubleVector a) {
        DoubleVector t = a.fma(ONE_OVER_PI, ROUNDER);
        return sinReduced(a, t.sub(ROUNDER), t);
    }

    static DoubleVector cosCore(DoubleVector a) {
        DoubleVector t = a.fma(ONE_OVER_PI, HALF).add(ROUNDER);
        return sinReduced(a, t.sub(ROUNDER).sub(HALF), t);
    }

    private static DoubleVector sinReduced(DoubleVector a, DoubleVector k, DoubleVector t) {
        DoubleVector r0 = k.fma(MINUS_PI_HEAD, a);
        DoubleVector r1 = k.fma(MINUS_PI_MIDDLE, r0);
        DoubleVector rest = k.fma(MINUS_PI_TAIL, k.fma(MINUS_PI_MIDDLE, r0.sub(r1)));
        DoubleVector r = r1.add(rest);
        DoubleVector y = sinOfTwo(r, r1.sub(r).add(rest));
        return y.reinterpretAsLongs().lanewise(XOR, t.reinterpretAsLongs().lanewise(LSHL, 63)).reinterpretAsDoubles();
    }

    private static DoubleVector sinOfTwo(DoubleVector r, DoubleVector e) {
        DoubleVector z = r.mul(r);
        DoubleVector z2 = z.mul(z);
        DoubleVector a = z2.fma(z.fma(SIN3, SIN2), z.fma(SIN1, SIN0));
        DoubleVector b = z2.fma(z.fma(SIN7, SIN6), z.fma(SIN5, SIN4));
        DoubleVector q = z2.mul(z2).fma(b, a);
        return r.add(r.mul(z).fma(q, z.mul(MINUS_HALF).fma(e, e)));
    }

    static DoubleVector erfCore(DoubleVector d) {
        DoubleVector u = d.mul(d).fma(EIGHTH, MINUS_ONE);
        DoubleVector v = u.mul(u);
        DoubleVector even = line(v, line(v, line(v, ERF26, ERF24), ERF22), ERF20);
        even = line(v, line(v, line(v, line(v, even, ERF18), ERF16), ERF14), ERF12);
        even = line(v, line(v, line(v, line(v, even, ERF10), ERF8), ERF6), ERF4);
        even = line(v, line(v, even, ERF2), ERF0);
        DoubleVector odd = line(v, line(v, ERF25, ERF23), ERF21);
        odd = line(v, line(v, line(v, line(v, odd, ERF19), ERF17), ERF15), ERF13);
        odd = line(v, line(v, line(v, line(v, odd, ERF11), ERF9), ERF7), ERF5);
        odd = line(v, line(v, odd, ERF3), ERF1);
        return d.mul(u.fma(odd, even));
    }

    private static DoubleVector line(DoubleVector x, DoubleVector slope, DoubleVector intercept) {
        return x.fma(slope, intercept);
    }
}
