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
 * or, where such inputs are rare, the end of the loop in front of that vector, which the caller then hands to the scalar code. A call inside the loop would cost every turn once such an
 * input was met: what it answers has to join a vector, which then goes to the heap, and it takes the registers of the constants (measured: one input on a tie made the sigmoid 2 to 25 times
 * slower for the rest of the process).
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
        int done = 0;
        if (WORTHWHILE) {
            done = vectors(f, x, xOffset, y, yOffset, length);
            while (done <= length - SPECIES.length()) {
                laneByLane(f, x, xOffset + done, y, yOffset + done, SPECIES.length());
                done += SPECIES.length();
                done += vectors(f, x, xOffset + done, y, yOffset + done, length - done);
            }
        }
        laneByLane(f, x, xOffset + done, y, yOffset + done, length - done);
    }

    /** Does whole vectors, as many as fit, or up to one that is to be taken lane by lane, and returns how many elements that were. */
    private static int vectors(Function f, float[] x, int xOffset, float[] y, int yOffset, int length) {
        return switch (f) {
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
    }

    private static void laneByLane(Function f, float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
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

    /** Whether all lanes are above a limit and finite: the inputs of a logarithm that are not are taken lane by lane. */
    private static boolean areFiniteAbove(FloatVector limit, FloatVector x) {
        return x.compare(GT, limit).and(x.compare(LT, INFINITY)).allTrue();
    }

    /** Hyperbolic tangent. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        DoubleVector d = widen(a);
        DoubleVector e = expPlus(d.add(d), MINUS_ONE);
        FloatVector y = narrow(e.div(e.add(TWO))).blend(FLOAT_ONE, a.compare(GT, TANH_SATURATES));
        return quiet(withSignOf(x, y), x);
    }

    /** 1/(1 + e⁻ˣ), not yet rounded. */
    private static DoubleVector sigmoidCore(FloatVector x) {
        DoubleVector d = widen(x);
        DoubleVector y = ONE.div(expPlus(d.neg(), ONE));
        DoubleVector near = d.fma(SIGMOID_SLOPE, HALF);
        return y.blend(near, d.abs().compare(LT, SIGMOID_NEAR));
    }

    private static FloatVector sigmoid(FloatVector x, DoubleVector y) {
        FloatVector z = narrow(y);
        return quiet(z.blend(FLOAT_ONE, x.compare(GT, EXP_IGNORED)).blend(FLOAT_ZERO, x.compare(LT, EXP_VANISHES)), x);
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
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector d = logCore(widen(v));
            if (!areFiniteAbove(FLOAT_ZERO, v) || anyOnTie(d)) {
                return i;
            }
            narrow(d).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static int log1p(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector d = log1pCore(widen(v));
            if (!areFiniteAbove(FLOAT_MINUS_ONE, v) || anyOnTie(d)) {
                return i;
            }
            withSignOf(v, narrow(d)).intoArray(y, yOffset + i);
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
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector d = sigmoidCore(v);
            if (anyOnTie(d)) {
                return i;
            }
            sigmoid(v, d).intoArray(y, yOffset + i);
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

    /** Sine. Beyond 2²² lane by lane. */
    private static int sin(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector a = v.abs();
            DoubleVector d = sinCore(widen(a));
            if (!a.compare(LT, SIN_LARGE).allTrue() || anyOnTie(d)) {
                return i;
            }
            flip(narrow(d), v).intoArray(y, yOffset + i);
        }
        return end;
    }

    /** Cosine. Beyond 2²² lane by lane. */
    private static int cos(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector a = v.abs();
            DoubleVector d = cosCore(widen(a));
            if (!a.compare(LT, SIN_LARGE).allTrue() || anyOnTie(d)) {
                return i;
            }
            narrow(d).blend(COS_OF_HARD, a.compare(EQ, COS_HARD)).intoArray(y, yOffset + i);
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
}
