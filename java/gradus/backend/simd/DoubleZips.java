package gradus.backend.simd;

import gradus.backend.Zip;
import gradus.numerics.Functions64;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Zip} on runs of float64. One loop a function: an operation chosen inside the loop would not be compiled to vector instructions. */
final class DoubleZips {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int LANES = SPECIES.length();
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);
    private static final DoubleVector ONE = DoubleVector.broadcast(SPECIES, 1);

    private DoubleZips() {
    }

    /** See {@link Kernels#zip}. */
    static void apply(Zip f, double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
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

    private static void vectors(Zip f, double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
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

    private static void add(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.add(v).intoArray(y, yo + i);
        }
    }

    private static void subtract(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.sub(v).intoArray(y, yo + i);
        }
    }

    private static void subtractFrom(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            v.sub(u).intoArray(y, yo + i);
        }
    }

    private static void multiply(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.mul(v).intoArray(y, yo + i);
        }
    }

    private static void divide(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.div(v).intoArray(y, yo + i);
        }
    }

    private static void divideInto(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            v.div(u).intoArray(y, yo + i);
        }
    }

    private static void maximum(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.max(v).intoArray(y, yo + i);
        }
    }

    private static void minimum(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.min(v).intoArray(y, yo + i);
        }
    }

    private static void greater(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(ONE, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
        }
    }

    private static void greaterEqual(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(ONE, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
        }
    }

    private static void equal(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(ONE, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
        }
    }

    private static void leakyRelu(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            v.mul(u).blend(u, u.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }

    private static void reluGradient(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            ZERO.blend(u, v.compare(VectorOperators.GT, ZERO)).intoArray(y, yo + i);
        }
    }

    private static void sigmoidGradient(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.mul(v.mul(ONE.sub(v))).intoArray(y, yo + i);
        }
    }

    private static void tanhGradient(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            u.mul(ONE.sub(v.mul(v))).intoArray(y, yo + i);
        }
    }

    private static void power(double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Functions64.pow(a[ao + i * as], (int) b[bo + i * bs]);
        }
    }
}
