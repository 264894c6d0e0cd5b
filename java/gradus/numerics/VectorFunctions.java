package gradus.numerics;

import static gradus.numerics.VectorConstants.*;
import static gradus.numerics.VectorCores.*;
import static jdk.incubator.vector.VectorOperators.*;

import java.util.Objects;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The float32 functions of {@link Functions} on vectors: the same expressions in the same order, hence the same bits at every width.
 *
 * <p>A vector of {@link #SPECIES} holds as many floats as a vector register holds doubles, so that widening fills one register and nothing
 * has to be split. Enough elements are in flight to keep the multipliers busy at this width. A branch of the scalar code is a blend here,
 * or, where such inputs are rare, a call of the scalar code for the whole vector.
 *
 * <p>Touches {@code jdk.incubator.vector}: load this class only where that module is present.
 */
public final class VectorFunctions {
    /** As many floats as a preferred vector has doubles. */
    public static final VectorSpecies<Float> SPECIES = HALF_SPECIES;

    /** With registers of 128 bits the conversions between two floats and two doubles are not compiled to instructions: scalar code is faster. */
    private static final boolean WORTHWHILE = SPECIES.length() >= 4;
    private static final int SOFTPLUS_BLOCK = 128;

    private VectorFunctions() {
    }

    /**
     * y[yOffset + i] = f(x[xOffset + i]) for 0 ≤ i &lt; length. {@code x} and {@code y} may be one array with one offset; else the ranges must not
     * overlap.
     *
     * @throws IndexOutOfBoundsException if a range leaves its array
     */
    public static void apply(Function f, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Objects.checkFromIndexSize(xOffset, length, x.length);
        Objects.checkFromIndexSize(yOffset, length, y.length);
        int done = !WORTHWHILE ? 0 : switch (f) {
            case EXP -> exp(x, xOffset, y, yOffset, length);
            case EXPM1 -> expm1(x, xOffset, y, yOffset, length);
            case LOG -> log(x, xOffset, y, yOffset, length);
            case LOG1P -> log1p(x, xOffset, y, yOffset, length);
            case TANH -> tanh(x, xOffset, y, yOffset, length);
            case SIGMOID -> sigmoid(x, xOffset, y, yOffset, length);
            case SOFTPLUS -> softplus(x, xOffset, y, yOffset, length);
            case SIN -> sin(x, xOffset, y, yOffset, length);
            case COS -> cos(x, xOffset, y, yOffset, length);
            case ERF -> erf(x, xOffset, y, yOffset, length);
            case RSQRT -> rsqrt(x, xOffset, y, yOffset, length);
            case NEG -> ExactVectorLoops.neg(x, xOffset, y, yOffset, length);
            case ABS -> ExactVectorLoops.abs(x, xOffset, y, yOffset, length);
            case SQRT -> ExactVectorLoops.sqrt(x, xOffset, y, yOffset, length);
            case SQUARE -> ExactVectorLoops.square(x, xOffset, y, yOffset, length);
            case RECIPROCAL -> ExactVectorLoops.reciprocal(x, xOffset, y, yOffset, length);
            case SIGN -> ExactVectorLoops.sign(x, xOffset, y, yOffset, length);
            case RELU -> ExactVectorLoops.relu(x, xOffset, y, yOffset, length);
            case FLOOR -> ExactVectorLoops.floor(x, xOffset, y, yOffset, length);
        };
        for (int i = done; i < length; i++) {
            y[yOffset + i] = f.apply(x[xOffset + i]);
        }
    }

    /**
     * y[yOffset + i] = x[xOffset + i]ⁿ, as {@link Functions#pow}; the ranges as in {@link #apply}.
     *
     * @throws IndexOutOfBoundsException if a range leaves its array
     */
    public static void pow(int n, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Objects.checkFromIndexSize(xOffset, length, x.length);
        Objects.checkFromIndexSize(yOffset, length, y.length);
        int done = WORTHWHILE && n != 0 ? VectorPower.pow(n, x, xOffset, y, yOffset, length) : 0;
        for (int i = done; i < length; i++) {
            y[yOffset + i] = Functions.pow(x[xOffset + i], n);
        }
    }

    /** eˣ. */
    public static FloatVector exp(FloatVector x) {
        FloatVector y = narrow(expCore(widen(x)));
        return quiet(y.blend(INFINITY, x.compare(GT, EXP_OVERFLOWS)).blend(FLOAT_ZERO, x.compare(LT, EXP_VANISHES)), x);
    }

    /** eˣ − 1. */
    public static FloatVector expm1(FloatVector x) {
        FloatVector y = narrow(expPlus(widen(x), MINUS_ONE));
        y = withSignOf(x, y.blend(INFINITY, x.compare(GT, EXP_OVERFLOWS)).blend(FLOAT_ONE, x.compare(LT, EXP_VANISHES)));
        return quiet(y, x);
    }

    /** Natural logarithm. Lane by lane when an input is not positive and finite. */
    public static FloatVector log(FloatVector x) {
        if (!x.compare(GT, FLOAT_ZERO).and(x.compare(LT, INFINITY)).allTrue()) {
            return laneByLane(Function.LOG, x);
        }
        DoubleVector y = logCore(widen(x));
        return anyOnTie(y) ? laneByLane(Function.LOG, x) : narrow(y);
    }

    /** log(1 + x). Lane by lane when an input is not above −1 and finite. */
    public static FloatVector log1p(FloatVector x) {
        if (!x.compare(GT, FLOAT_MINUS_ONE).and(x.compare(LT, INFINITY)).allTrue()) {
            return laneByLane(Function.LOG1P, x);
        }
        DoubleVector y = log1pCore(widen(x));
        return anyOnTie(y) ? laneByLane(Function.LOG1P, x) : withSignOf(x, narrow(y));
    }

    /** Hyperbolic tangent. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        DoubleVector d = widen(a);
        DoubleVector e = expPlus(d.add(d), MINUS_ONE);
        FloatVector y = narrow(e.div(e.add(TWO))).blend(FLOAT_ONE, a.compare(GT, TANH_SATURATES));
        return quiet(withSignOf(x, y), x);
    }

    /** 1/(1 + e⁻ˣ). */
    public static FloatVector sigmoid(FloatVector x) {
        DoubleVector d = widen(x);
        DoubleVector y = ONE.div(expPlus(d.neg(), ONE));
        DoubleVector near = d.fma(SIGMOID_SLOPE, HALF);
        y = y.blend(near, d.abs().compare(LT, SIGMOID_NEAR));
        if (anyOnTie(y)) {
            return laneByLane(Function.SIGMOID, x);
        }
        FloatVector z = narrow(y);
        return quiet(z.blend(FLOAT_ONE, x.compare(GT, EXP_IGNORED)).blend(FLOAT_ZERO, x.compare(LT, EXP_VANISHES)), x);
    }

    /** Sine. Beyond 2²² lane by lane. */
    public static FloatVector sin(FloatVector x) {
        FloatVector a = x.abs();
        if (!a.compare(LT, SIN_LARGE).allTrue()) {
            return laneByLane(Function.SIN, x);
        }
        DoubleVector y = sinCore(widen(a));
        return anyOnTie(y) ? laneByLane(Function.SIN, x) : flip(narrow(y), x);
    }

    /** Cosine. Beyond 2²² lane by lane. */
    public static FloatVector cos(FloatVector x) {
        FloatVector a = x.abs();
        if (!a.compare(LT, SIN_LARGE).allTrue()) {
            return laneByLane(Function.COS, x);
        }
        DoubleVector y = cosCore(widen(a));
        return anyOnTie(y) ? laneByLane(Function.COS, x) : narrow(y).blend(COS_OF_HARD, a.compare(EQ, COS_HARD));
    }

    /** Error function. */
    public static FloatVector erf(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector y = narrow(erfCore(widen(x))).blend(ERF_OF_HARD, a.compare(EQ, ERF_HARD));
        return quiet(withSignOf(x, y.blend(FLOAT_ONE, a.compare(GT, ERF_SATURATES))), x);
    }

    /** 1/√x. */
    public static FloatVector rsqrt(FloatVector x) {
        return quiet(narrow(ONE.div(widen(x).sqrt())));
    }

    // One loop a function: an operation chosen inside the loop would not be compiled to vector instructions.

    private static int exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            exp(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int expm1(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            expm1(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int log(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            log(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int log1p(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            log1p(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            tanh(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            sigmoid(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    /**
     * log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|). The compiler stops inlining before the end of two functions in a row, so they are two loops
     * over blocks, with e^−|x| kept between them.
     */
    private static int softplus(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        double[] exponentials = new double[Math.min(end, SOFTPLUS_BLOCK)];
        for (int i = 0; i < end; i += SOFTPLUS_BLOCK) {
            int count = Math.min(SOFTPLUS_BLOCK, end - i);
            exponentials(x, xOffset + i, exponentials, count);
            softplus(x, xOffset + i, exponentials, y, yOffset + i, count);
        }
        return end;
    }

    private static void exponentials(float[] x, int xOffset, double[] e, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            expCore(widen(FloatVector.fromArray(SPECIES, x, xOffset + i)).abs().neg()).intoArray(e, i);
        }
    }

    private static void softplus(float[] x, int xOffset, double[] e, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector d = widen(v);
            DoubleVector positive = ZERO.blend(d, d.compare(GT, ZERO));
            FloatVector z = narrow(positive.add(log1pOfUpToOne(DoubleVector.fromArray(D, e, i))));
            z = z.blend(SOFTPLUS_OF_HARD, v.compare(EQ, SOFTPLUS_HARD));
            quiet(z.blend(v, v.compare(GT, EXP_IGNORED)).blend(FLOAT_ZERO, v.compare(LT, EXP_VANISHES)), v).intoArray(y, yOffset + i);
        }
    }

    private static int sin(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            sin(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int cos(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            cos(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int erf(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            erf(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int rsqrt(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            rsqrt(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        return end;
    }

    static DoubleVector widen(FloatVector x) {
        return (DoubleVector) x.convertShape(F2D, D, 0);
    }

    static FloatVector narrow(DoubleVector y) {
        return (FloatVector) y.convertShape(D2F, SPECIES, 0);
    }

    static FloatVector quiet(FloatVector y, FloatVector x) {
        return y.blend(NAN, x.compare(NE, x));
    }

    private static FloatVector quiet(FloatVector y) {
        return quiet(y, y);
    }

    static FloatVector withSignOf(FloatVector x, FloatVector y) {
        return y.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN_BITS)).reinterpretAsFloats();
    }

    static FloatVector flip(FloatVector y, FloatVector x) {
        return y.reinterpretAsInts().lanewise(XOR, x.reinterpretAsInts().and(SIGN_BITS)).reinterpretAsFloats();
    }

    private static FloatVector laneByLane(Function f, FloatVector x) {
        float[] values = x.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = f.apply(values[i]);
        }
        return FloatVector.fromArray(SPECIES, values, 0);
    }
}
