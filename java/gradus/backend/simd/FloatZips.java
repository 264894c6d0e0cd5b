package gradus.backend.simd;

import gradus.backend.Zip;
import gradus.numerics.Functions;
import gradus.numerics.VectorFunctions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Zip} on runs of float32. One loop a function: an operation chosen inside the loop would not be compiled to vector instructions. */
final class FloatZips {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

    private FloatZips() {
    }

    /** See {@link Kernels#zip}. */
    static void apply(Zip f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        if (f == Zip.INTEGER_POWER) {
            power(a, ao, as, b, bo, bs, y, yo, n);
            return;
        }
        if (n < LANES) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = f.apply(a[ao + i * as], b[bo + i * bs]);
            }
            return;
        }
        int whole = n & -LANES;
        vectors(f, a, ao, as, b, bo, bs, y, yo, whole);
        if (whole < n) {
            // The last vector moves left until it fits; what it meets again it computes again, from operands that have not changed.
            int last = n - LANES;
            vectors(f, a, ao + last * as, as, b, bo + last * bs, bs, y, yo + last, LANES);
        }
    }

    private static void vectors(Zip f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        switch (f) {
            case ADD -> add(a, ao, as, b, bo, bs, y, yo, n);
            case SUBTRACT -> subtract(a, ao, as, b, bo, bs, y, yo, n);
            case SUBTRACT_FROM -> subtractFrom(a, ao, as, b, bo, bs, y, yo, n);
            case MULTIPLY -> multiply(a, ao, as, b, bo, bs, y, yo, n);
            case DIVIDE -> divide(a, ao, as, b, bo, bs, y, yo, n);
            case DIVIDE_INTO -> divideInto(a, ao, as, b, bo, bs, y, yo, n);
            case MAXIMUM -> maximum(a, ao, as, b, bo, bs, y, yo, n);
            case MINIMUM -> minimum(a, ao, as, b, bo, bs, y, yo, n);
            case GREATER -> greater(a, ao, as, b, bo, bs, y, yo, n);
            case GREATER_EQUAL -> greaterEqual(a, ao, as, b, bo, bs, y, yo, n);
            case EQUAL -> equal(a, ao, as, b, bo, bs, y, yo, n);
            case LEAKY_RELU -> leakyRelu(a, ao, as, b, bo, bs, y, yo, n);
            case RELU_GRADIENT -> reluGradient(a, ao, as, b, bo, bs, y, yo, n);
            case SIGMOID_GRADIENT -> sigmoidGradient(a, ao, as, b, bo, bs, y, yo, n);
            case TANH_GRADIENT -> tanhGradient(a, ao, as, b, bo, bs, y, yo, n);
            case INTEGER_POWER -> power(a, ao, as, b, bo, bs, y, yo, n);
        }
    }

    private static void add(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.add(v).intoArray(y, yo + i);
        }
    }

    private static void subtract(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.sub(v).intoArray(y, yo + i);
        }
    }

    private static void subtractFrom(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            v.sub(u).intoArray(y, yo + i);
        }
    }

    private static void multiply(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.mul(v).intoArray(y, yo + i);
        }
    }

    private static void divide(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.div(v).intoArray(y, yo + i);
        }
    }

    private static void divideInto(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            v.div(u).intoArray(y, yo + i);
        }
    }

    private static void maximum(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.max(v).intoArray(y, yo + i);
        }
    }

    private static void minimum(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.min(v).intoArray(y, yo + i);
        }
    }

    private static void greater(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(ONE, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
        }
    }

    private static void greaterEqual(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(ONE, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
        }
    }

    private static void equal(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(ONE, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
        }
    }

    private static void leakyRelu(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            v.mul(u).blend(u, u.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }

    private static void reluGradient(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(u, v.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }

    private static void sigmoidGradient(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.mul(v.mul(ONE.sub(v))).intoArray(y, yo + i);
        }
    }

    private static void tanhGradient(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            u.mul(ONE.sub(v.mul(v))).intoArray(y, yo + i);
        }
    }

    private static void power(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        if (n > 0 && as == 1 && bs == 0) {
            VectorFunctions.pow((int) b[bo], a, ao, y, yo, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[yo + i] = Functions.pow(a[ao + i * as], (int) b[bo + i * bs]);
        }
    }
}
