package gradus.numerics;

import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** The functions that one instruction or two compute exactly, on full vectors; each returns how many elements it did. */
final class ExactVectorLoops {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final FloatVector NAN = FloatVector.broadcast(SPECIES, Float.NaN);
    private static final FloatVector ZERO = FloatVector.broadcast(SPECIES, 0f);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
    private static final FloatVector MINUS_ONE = FloatVector.broadcast(SPECIES, -1f);
    private static final FloatVector INTEGER_FROM_HERE = FloatVector.broadcast(SPECIES, 0x1p23f);
    private static final IntVector SIGN_BITS = IntVector.broadcast(SPECIES.withLanes(int.class), 0x80000000);

    private ExactVectorLoops() {
    }

    static int neg(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(v.neg()).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int abs(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(v.abs()).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int sqrt(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(v.sqrt()).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int square(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(v.mul(v)).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int reciprocal(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(ONE.div(v)).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int sign(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(v.blend(ONE, v.compare(GT, ZERO)).blend(MINUS_ONE, v.compare(LT, ZERO))).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(v.blend(ZERO, v.compare(LE, ZERO))).intoArray(y, yOffset + i);
        }
        return end;
    }

    static int floor(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = SPECIES.loopBound(length);
        for (int i = 0; i < end; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOffset + i);
            quiet(floor(v)).intoArray(y, yOffset + i);
        }
        return end;
    }

    /** Adding and taking away 2²³ rounds |x| to an integer; one too many is taken away again. */
    private static FloatVector floor(FloatVector x) {
        FloatVector a = x.abs();
        IntVector rounded = a.add(INTEGER_FROM_HERE).sub(INTEGER_FROM_HERE).reinterpretAsInts();
        FloatVector t = rounded.or(x.reinterpretAsInts().and(SIGN_BITS)).reinterpretAsFloats();
        return t.blend(t.sub(ONE), t.compare(GT, x)).blend(x, a.compare(GE, INTEGER_FROM_HERE));
    }

    private static FloatVector quiet(FloatVector y) {
        return y.blend(NAN, y.compare(NE, y));
    }
}
