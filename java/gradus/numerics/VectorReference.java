package gradus.numerics;

import static gradus.numerics.Reference.*;
import static jdk.incubator.vector.VectorOperators.*;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Reference} on vectors: the same expressions in the same order, hence its bits and its error bound, about ten times faster. Like the scalar one it
 * shares no coefficient and no reduction with the code under proof.
 *
 * <p>Steps hand arrays on and not vectors: the compiler stops inlining before the end of two functions in a row.
 */
final class VectorReference {
    /** Inputs at a time; every array is this long or longer. */
    static final int BLOCK = 512;

    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = D.withLanes(long.class);
    private static final VectorSpecies<Float> F = VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final int LANES = D.length();
    private static final long FRACTION = 0xfffffffffffffL;
    private static final long ONE_BITS = 0x3ff0000000000000L;
    private static final long SIGN = 0x8000000000000000L;

    private final double[] wide = new double[BLOCK];
    private final double[] value = new double[BLOCK];
    private final double[] reduced = new double[BLOCK];
    private final double[] sum = new double[BLOCK];
    private final double[] scale = new double[BLOCK];
    private final double[] head = new double[BLOCK];
    private final double[] tail = new double[BLOCK];
    private final double[] part = new double[BLOCK];
    private final int[] index = new int[LANES];

    private VectorReference() {
    }

    /**
     * expected[i] = the correctly rounded f(x[i]) where the error bound leaves one float, else NaN, for the blocks that fit into {@code count}. Returns how many inputs that were.
     */
    static int decide(Function f, float[] x, float[] expected, int count) {
        VectorReference reference = new VectorReference();
        int end = count / BLOCK * BLOCK;
        for (int from = 0; from < end; from += BLOCK) {
            reference.widen(x, from);
            reference.value(f);
            reference.round(expected, from);
        }
        return end;
    }

    /** The same for xⁿ. */
    static int decide(int n, float[] x, float[] expected, int count) {
        VectorReference reference = new VectorReference();
        int end = count / BLOCK * BLOCK;
        for (int from = 0; from < end; from += BLOCK) {
            reference.widen(x, from);
            reference.pow(n);
            reference.round(expected, from);
        }
        return end;
    }

    /** f of a block, as {@link Reference#value}. */
    static void values(Function f, float[] x, double[] y) {
        VectorReference reference = new VectorReference();
        reference.widen(x, 0);
        reference.value(f);
        System.arraycopy(reference.value, 0, y, 0, BLOCK);
    }

    private void value(Function f) {
        switch (f) {
            case EXP -> exp(wide, value);
            case EXPM1 -> expm1(wide, value);
            case LOG -> log(wide, value);
            case LOG1P -> log1p();
            case TANH -> tanh();
            case SIGMOID -> sigmoid();
            case SOFTPLUS -> softplus();
            case SIN -> sin(0);
            case COS -> sin(1);
            case ERF -> erf();
            case RSQRT -> rsqrt();
            case NEG, ABS, SQRT, SQUARE, RECIPROCAL, SIGN, RELU, FLOOR -> {
                for (int i = 0; i < BLOCK; i++) {
                    value[i] = Reference.value(f, wide[i]);
                }
            }
        }
    }

    private void widen(float[] x, int from) {
        for (int i = 0; i < BLOCK; i += LANES) {
            ((DoubleVector) FloatVector.fromArray(F, x, from + i).convertShape(F2D, D, 0)).intoArray(wide, i);
        }
    }

    /** As {@link Oracle#decided}. */
    private void round(float[] expected, int from) {
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector y = DoubleVector.fromArray(D, value, i);
            DoubleVector margin = y.abs().mul(BOUND);
            FloatVector low = (FloatVector) y.sub(margin).convertShape(D2F, F, 0);
            FloatVector high = (FloatVector) y.add(margin).convertShape(D2F, F, 0);
            VectorMask<Integer> one = low.reinterpretAsInts().compare(EQ, high.reinterpretAsInts());
            low.blend(Float.NaN, one.not().cast(F)).intoArray(expected, from + i);
        }
    }

    /** sum = c₀ + x(c₁ + x(c₂ + …)). */
    private void series(double[] c, double[] x) {
        Arrays.fill(sum, c[c.length - 1]);
        for (int n = c.length - 2; n >= 0; n--) {
            step(c[n], x, sum);
        }
    }

    private static void step(double c, double[] x, double[] sum) {
        for (int i = 0; i < BLOCK; i += 2 * LANES) {
            DoubleVector y0 = DoubleVector.fromArray(D, x, i).mul(DoubleVector.fromArray(D, sum, i)).add(c);
            DoubleVector y1 = DoubleVector.fromArray(D, x, i + LANES).mul(DoubleVector.fromArray(D, sum, i + LANES)).add(c);
            y0.intoArray(sum, i);
            y1.intoArray(sum, i + LANES);
        }
    }

    /** y = x · sum. */
    private void times(double[] x, double[] y) {
        for (int i = 0; i < BLOCK; i++) {
            y[i] = x[i] * sum[i];
        }
    }

    /** y may be x here and below. */
    private void exp(double[] x, double[] y) {
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector d = DoubleVector.fromArray(D, x, i).min(FAR).max(-FAR);
            DoubleVector t = d.mul(STEPS_OVER_LN2).add(TO_INTEGER);
            DoubleVector k = t.sub(TO_INTEGER);
            t.intoArray(scale, i);
            d.sub(k.mul(STEP_HEAD)).sub(k.mul(STEP_TAIL)).intoArray(reduced, i);
        }
        series(EXP_SERIES, reduced);
        times(reduced, sum);
        for (int i = 0; i < BLOCK; i += LANES) {
            LongVector bits = DoubleVector.fromArray(D, scale, i).reinterpretAsLongs().sub(TO_INTEGER_BITS);
            ((IntVector) bits.and(STEPS - 1).convertShape(L2I, I, 0)).intoArray(index, 0);
            DoubleVector power = DoubleVector.fromArray(D, POWER, 0, index, 0);
            DoubleVector e = power.add(DoubleVector.fromArray(D, POWER_REST, 0, index, 0).add(power.mul(DoubleVector.fromArray(D, sum, i))));
            e.mul(bits.lanewise(ASHR, 6).add(1023).lanewise(LSHL, 52).reinterpretAsDoubles()).intoArray(y, i);
        }
    }

    private void expm1(double[] x, double[] y) {
        exp(x, part);
        series(EXPM1_SERIES, x);
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector d = DoubleVector.fromArray(D, x, i);
            DoubleVector far = DoubleVector.fromArray(D, part, i).sub(1);
            d.mul(DoubleVector.fromArray(D, sum, i)).blend(far, d.abs().compare(GE, 0.25)).intoArray(y, i);
        }
    }

    private void log(double[] x, double[] y) {
        for (int i = 0; i < BLOCK; i += LANES) {
            LongVector bits = DoubleVector.fromArray(D, x, i).reinterpretAsLongs();
            DoubleVector m = bits.and(FRACTION).or(ONE_BITS).reinterpretAsDoubles();
            VectorMask<Double> upper = m.compare(GT, UPPER_HALF);
            // k as a double without a conversion: in the lower bits of TO_INTEGER.
            DoubleVector k = bits.lanewise(LSHR, 52).sub(1023).add(TO_INTEGER_BITS).reinterpretAsDoubles().sub(TO_INTEGER);
            k.blend(k.add(1), upper).intoArray(scale, i);
            ((IntVector) bits.lanewise(LSHR, 45).and(PIECES - 1).convertShape(L2I, I, 0)).intoArray(index, 0);
            DoubleVector log = DoubleVector.fromArray(D, Reference.LOG, 0, index, 0);
            log.blend(log.sub(LN2_HEAD), upper).intoArray(head, i);
            DoubleVector rest = DoubleVector.fromArray(D, LOG_REST, 0, index, 0);
            rest.blend(rest.sub(LN2_TAIL), upper).intoArray(tail, i);
            m.fma(DoubleVector.fromArray(D, INVERSE, 0, index, 0), DoubleVector.broadcast(D, -1)).intoArray(reduced, i);
        }
        series(LOG_SERIES, reduced);
        for (int i = 0; i < BLOCK; i++) {
            double k = scale[i];
            part[i] = k * LN2_HEAD + (head[i] + (reduced[i] * sum[i] + (tail[i] + k * LN2_TAIL)));
            reduced[i] = x[i] - 1;
        }
        series(LOG_SERIES_NEAR_1, reduced);
        times(reduced, sum);
        blendNear(reduced, part, y);
    }

    /** y = sum where |f| &lt; 2⁻⁶, else far. */
    private void blendNear(double[] f, double[] far, double[] y) {
        for (int i = 0; i < BLOCK; i += LANES) {
            VectorMask<Double> near = DoubleVector.fromArray(D, f, i).abs().compare(LT, 0x1p-6);
            DoubleVector.fromArray(D, far, i).blend(DoubleVector.fromArray(D, sum, i), near).intoArray(y, i);
        }
    }

    private void log1p() {
        for (int i = 0; i < BLOCK; i++) {
            value[i] = wide[i] + 1;
        }
        log(value, value);
        series(LOG_SERIES_NEAR_1, wide);
        times(wide, sum);
        blendNear(wide, value, value);
    }

    private void tanh() {
        for (int i = 0; i < BLOCK; i++) {
            value[i] = 2 * Math.abs(wide[i]);
        }
        expm1(value, value);
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector e = DoubleVector.fromArray(D, value, i);
            withSign(e.div(e.add(2)), DoubleVector.fromArray(D, wide, i)).intoArray(value, i);
        }
    }

    private void sigmoid() {
        for (int i = 0; i < BLOCK; i++) {
            value[i] = -wide[i];
        }
        exp(value, value);
        for (int i = 0; i < BLOCK; i++) {
            value[i] = 1 / (1 + value[i]);
        }
    }

    private void softplus() {
        double[] e = new double[BLOCK];
        double[] u = new double[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            e[i] = -Math.abs(wide[i]);
        }
        exp(e, e);
        for (int i = 0; i < BLOCK; i++) {
            u[i] = 1 + e[i];
        }
        log(u, value);
        for (int i = 0; i < BLOCK; i++) {
            value[i] = value[i] + (e[i] - (u[i] - 1)) / u[i];
        }
        series(LOG_SERIES_NEAR_1, e);
        times(e, sum);
        blendNear(e, value, value);
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector.fromArray(D, wide, i).max(0).add(DoubleVector.fromArray(D, value, i)).intoArray(value, i);
        }
    }

    private void sin(int quarters) {
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector x = DoubleVector.fromArray(D, wide, i);
            DoubleVector a = x.abs();
            VectorMask<Double> far = a.compare(GT, 0.75).and(a.compare(LT, Double.POSITIVE_INFINITY));
            LongVector bits = DoubleVector.broadcast(D, 1).blend(a, far).reinterpretAsLongs();
            ((IntVector) bits.lanewise(LSHR, 52).sub(1023 + 23 + LEAST_EXPONENT).convertShape(L2I, I, 0)).intoArray(index, 0);
            LongVector m = bits.and(FRACTION).or(FRACTION + 1).lanewise(LSHR, 29);
            LongVector rest = LongVector.fromArray(L, TURNS_REST, 0, index, 0);
            LongVector low = m.mul(rest.and(LOW_WORD));
            LongVector middle = m.mul(rest.lanewise(LSHR, 32)).add(low.lanewise(LSHR, 32));
            LongVector high = m.mul(LongVector.fromArray(L, TURNS, 0, index, 0)).add(middle.lanewise(LSHR, 32));
            low = middle.lanewise(LSHL, 32).or(low.and(LOW_WORD));
            LongVector nearest = high.add(1L << 61).lanewise(ASHR, 62);
            high = high.sub(nearest.lanewise(LSHL, 62));
            DoubleVector fraction = toDouble(high).mul(0x1p-62).add(toDouble(low.lanewise(LSHR, 1)).mul(0x1p-125));
            LongVector negative = x.reinterpretAsLongs().lanewise(ASHR, 63);
            x.blend(flip(fraction.mul(HALF_PI), x.reinterpretAsLongs().and(SIGN)), far).intoArray(reduced, i);
            LongVector turn = nearest.lanewise(XOR, negative).sub(negative);
            LongVector.broadcast(L, 0).blend(turn, far.cast(L)).add(quarters).reinterpretAsDoubles().intoArray(scale, i);
        }
        for (int i = 0; i < BLOCK; i++) {
            head[i] = reduced[i] * reduced[i];
        }
        series(SIN_SERIES, head);
        times(reduced, part);
        series(COS_SERIES, head);
        for (int i = 0; i < BLOCK; i += LANES) {
            LongVector turn = DoubleVector.fromArray(D, scale, i).reinterpretAsLongs();
            DoubleVector y = DoubleVector.fromArray(D, part, i).blend(DoubleVector.fromArray(D, sum, i), turn.and(1).compare(NE, 0).cast(D));
            flip(y, turn.and(2).lanewise(LSHL, 62)).intoArray(value, i);
        }
    }

    private static DoubleVector toDouble(LongVector n) {
        return (DoubleVector) n.convertShape(L2D, D, 0);
    }

    private void erf() {
        for (int i = 0; i < BLOCK; i++) {
            head[i] = wide[i] * wide[i];
        }
        series(ERF_SERIES, head);
        times(wide, part);
        for (int i = 0; i < BLOCK; i += LANES) {
            DoubleVector x = DoubleVector.fromArray(D, wide, i);
            DoubleVector a = x.abs();
            DoubleVector y = DoubleVector.fromArray(D, part, i);
            VectorMask<Double> pieces = a.compare(GE, 0.5).and(a.compare(LT, 4));
            if (pieces.anyTrue()) {
                y = y.blend(withSign(erfByPieces(DoubleVector.broadcast(D, 1).blend(a, pieces)), x), pieces);
            }
            y.blend(withSign(DoubleVector.broadcast(D, 1), x), a.compare(GE, 4)).intoArray(value, i);
        }
    }

    private DoubleVector erfByPieces(DoubleVector a) {
        double[] lanes = a.toArray();
        for (int l = 0; l < LANES; l++) {
            lanes[l] = Reference.erfByPieces(lanes[l]);
        }
        return DoubleVector.fromArray(D, lanes, 0);
    }

    private void rsqrt() {
        for (int i = 0; i < BLOCK; i++) {
            value[i] = Math.sqrt(1 / wide[i]);
        }
    }

    private void pow(int n) {
        System.arraycopy(wide, 0, value, 0, BLOCK);
        for (int k = 1; k < Math.abs(n); k++) {
            for (int i = 0; i < BLOCK; i++) {
                value[i] *= wide[i];
            }
        }
        for (int i = 0; n < 0 && i < BLOCK; i++) {
            value[i] = 1 / value[i];
        }
    }

    private static DoubleVector withSign(DoubleVector y, DoubleVector x) {
        return y.abs().reinterpretAsLongs().or(x.reinterpretAsLongs().and(SIGN)).reinterpretAsDoubles();
    }

    private static DoubleVector flip(DoubleVector y, LongVector sign) {
        return y.reinterpretAsLongs().lanewise(XOR, sign).reinterpretAsDoubles();
    }
}
