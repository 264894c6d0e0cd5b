package gradus.numerics;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Coefficients} in every lane. Kept as constants because the compiler counts the nodes of each call: with a broadcast at every use it
 * gives up inlining halfway through a function, and the vectors that cross the call go to the heap.
 */
final class VectorConstants {
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    static final VectorSpecies<Float> HALF_SPECIES = VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));

    static final DoubleVector ROUNDER = constant(Coefficients.ROUNDER);
    static final DoubleVector LOG2_E = constant(Coefficients.LOG2_E);
    static final DoubleVector LN2_HEAD = constant(Coefficients.LN2_HEAD);
    static final DoubleVector LN2_TAIL = constant(Coefficients.LN2_TAIL);
    static final DoubleVector EXP0 = constant(Coefficients.EXP0);
    static final DoubleVector EXP1 = constant(Coefficients.EXP1);
    static final DoubleVector EXP2 = constant(Coefficients.EXP2);
    static final DoubleVector EXP3 = constant(Coefficients.EXP3);
    static final DoubleVector EXP4 = constant(Coefficients.EXP4);
    static final DoubleVector EXP5 = constant(Coefficients.EXP5);
    static final DoubleVector EXP6 = constant(Coefficients.EXP6);
    static final DoubleVector EXP7 = constant(Coefficients.EXP7);
    static final DoubleVector EXP8 = constant(Coefficients.EXP8);
    static final DoubleVector EXP9 = constant(Coefficients.EXP9);
    static final DoubleVector EXP10 = constant(Coefficients.EXP10);
    static final DoubleVector LOG0 = constant(Coefficients.LOG0);
    static final DoubleVector LOG1 = constant(Coefficients.LOG1);
    static final DoubleVector LOG2 = constant(Coefficients.LOG2);
    static final DoubleVector LOG3 = constant(Coefficients.LOG3);
    static final DoubleVector LOG4 = constant(Coefficients.LOG4);
    static final DoubleVector LOG5 = constant(Coefficients.LOG5);
    static final DoubleVector LOG6 = constant(Coefficients.LOG6);
    static final DoubleVector SOFT0 = constant(Coefficients.SOFT0);
    static final DoubleVector SOFT1 = constant(Coefficients.SOFT1);
    static final DoubleVector SOFT2 = constant(Coefficients.SOFT2);
    static final DoubleVector SOFT3 = constant(Coefficients.SOFT3);
    static final DoubleVector SOFT4 = constant(Coefficients.SOFT4);
    static final DoubleVector SOFT5 = constant(Coefficients.SOFT5);
    static final DoubleVector SOFT6 = constant(Coefficients.SOFT6);
    static final DoubleVector SOFT7 = constant(Coefficients.SOFT7);
    static final DoubleVector SOFT8 = constant(Coefficients.SOFT8);
    static final DoubleVector SOFT9 = constant(Coefficients.SOFT9);
    static final DoubleVector SOFT10 = constant(Coefficients.SOFT10);
    static final DoubleVector ONE_OVER_PI = constant(Coefficients.ONE_OVER_PI);
    static final DoubleVector SIN0 = constant(Coefficients.SIN0);
    static final DoubleVector SIN1 = constant(Coefficients.SIN1);
    static final DoubleVector SIN2 = constant(Coefficients.SIN2);
    static final DoubleVector SIN3 = constant(Coefficients.SIN3);
    static final DoubleVector SIN4 = constant(Coefficients.SIN4);
    static final DoubleVector SIN5 = constant(Coefficients.SIN5);
    static final DoubleVector SIN6 = constant(Coefficients.SIN6);
    static final DoubleVector SIN7 = constant(Coefficients.SIN7);
    static final DoubleVector ERF0 = constant(Coefficients.ERF0);
    static final DoubleVector ERF1 = constant(Coefficients.ERF1);
    static final DoubleVector ERF2 = constant(Coefficients.ERF2);
    static final DoubleVector ERF3 = constant(Coefficients.ERF3);
    static final DoubleVector ERF4 = constant(Coefficients.ERF4);
    static final DoubleVector ERF5 = constant(Coefficients.ERF5);
    static final DoubleVector ERF6 = constant(Coefficients.ERF6);
    static final DoubleVector ERF7 = constant(Coefficients.ERF7);
    static final DoubleVector ERF8 = constant(Coefficients.ERF8);
    static final DoubleVector ERF9 = constant(Coefficients.ERF9);
    static final DoubleVector ERF10 = constant(Coefficients.ERF10);
    static final DoubleVector ERF11 = constant(Coefficients.ERF11);
    static final DoubleVector ERF12 = constant(Coefficients.ERF12);
    static final DoubleVector ERF13 = constant(Coefficients.ERF13);
    static final DoubleVector ERF14 = constant(Coefficients.ERF14);
    static final DoubleVector ERF15 = constant(Coefficients.ERF15);
    static final DoubleVector ERF16 = constant(Coefficients.ERF16);
    static final DoubleVector ERF17 = constant(Coefficients.ERF17);
    static final DoubleVector ERF18 = constant(Coefficients.ERF18);
    static final DoubleVector ERF19 = constant(Coefficients.ERF19);
    static final DoubleVector ERF20 = constant(Coefficients.ERF20);
    static final DoubleVector ERF21 = constant(Coefficients.ERF21);
    static final DoubleVector ERF22 = constant(Coefficients.ERF22);
    static final DoubleVector ERF23 = constant(Coefficients.ERF23);
    static final DoubleVector ERF24 = constant(Coefficients.ERF24);
    static final DoubleVector ERF25 = constant(Coefficients.ERF25);
    static final DoubleVector ERF26 = constant(Coefficients.ERF26);
    static final DoubleVector MINUS_LN2_HEAD = constant(-Coefficients.LN2_HEAD);
    static final DoubleVector MINUS_LN2_TAIL = constant(-Coefficients.LN2_TAIL);
    static final DoubleVector MINUS_PI_HEAD = constant(-Coefficients.PI_HEAD);
    static final DoubleVector MINUS_PI_MIDDLE = constant(-Coefficients.PI_MIDDLE);
    static final DoubleVector MINUS_PI_TAIL = constant(-Coefficients.PI_TAIL);

    static final DoubleVector ZERO = constant(0.0);
    static final DoubleVector ONE = constant(1.0);
    static final DoubleVector MINUS_ONE = constant(-1.0);
    static final DoubleVector TWO = constant(2.0);
    static final DoubleVector HALF = constant(0.5);
    static final DoubleVector MINUS_HALF = constant(-0.5);
    static final DoubleVector SIGMOID_SLOPE = constant(0.25 * (1 - 0x1p-26));
    static final DoubleVector EIGHTH = constant(0.125);

    static final LongVector ONE_BITS = bits(0x3ff0000000000000L);
    static final LongVector LAST_BIT = bits(1);
    static final LongVector BELOW_FLOAT = bits(0x1fffffff);
    static final LongVector TIE = bits(0x10000000);
    static final LongVector ROUNDER_BITS = bits(Double.doubleToRawLongBits(Coefficients.ROUNDER));
    static final LongVector SQRT_HALF_BITS = bits(Coefficients.SQRT_HALF_BITS);

    static final DoubleVector SIGMOID_NEAR = constant(0x1p-12);

    static final FloatVector NAN = constant(Float.NaN);
    static final FloatVector INFINITY = constant(Float.POSITIVE_INFINITY);
    static final FloatVector FLOAT_ZERO = constant(0f);
    static final FloatVector FLOAT_ONE = constant(1f);
    static final FloatVector FLOAT_MINUS_ONE = constant(-1f);
    static final FloatVector EXP_OVERFLOWS = constant(89f);
    static final FloatVector EXP_IGNORED = constant(104f);
    static final FloatVector EXP_VANISHES = constant(-104f);
    static final FloatVector TANH_SATURATES = constant(10f);
    static final FloatVector ERF_SATURATES = constant(3.9375f);
    static final FloatVector SOFTPLUS_HARD = constant(Coefficients.SOFTPLUS_HARD);
    static final FloatVector SOFTPLUS_OF_HARD = constant(Coefficients.SOFTPLUS_OF_HARD);
    static final FloatVector COS_HARD = constant(Coefficients.COS_HARD);
    static final FloatVector COS_OF_HARD = constant(Coefficients.COS_OF_HARD);
    static final FloatVector ERF_HARD = constant(Coefficients.ERF_HARD);
    static final FloatVector ERF_OF_HARD = constant(Coefficients.ERF_OF_HARD);
    static final FloatVector SIN_LARGE = constant(0x1p22f);
    static final IntVector SIGN_BITS = IntVector.broadcast(HALF_SPECIES.withLanes(int.class), 0x80000000);

    private VectorConstants() {
    }

    private static DoubleVector constant(double value) {
        return DoubleVector.broadcast(D, value);
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(HALF_SPECIES, value);
    }

    private static LongVector bits(long value) {
        return LongVector.broadcast(D.withLanes(long.class), value);
    }
}
