package gradus.numerics;

import java.math.BigDecimal;
import java.util.List;

/**
 * The correctly rounded result of a {@link Proof.Subject} at any float, found without the code under proof: the limits from a table, the rest from {@link Reference} where
 * its error bound leaves one float, and from {@link Multiprecision} with ever more digits where it leaves two.
 */
interface Oracle {
    /** Digits of the multi-precision attempts. The closest case known, sigmoid's at 2⁻²⁴, needs 30. */
    List<Multiprecision> ATTEMPTS = List.of(new Multiprecision(60), new Multiprecision(120), new Multiprecision(240));

    /** The limit at a zero, an infinity, a NaN or outside the domain; called for no other input. */
    float limit(float x);

    /** Whether {@link #limit} knows the result. */
    boolean isLimit(float x);

    /** An approximation with a relative error below {@link Reference#BOUND}. */
    double approximation(float x);

    /** The value to the digits of this arithmetic, or exactly. */
    BigDecimal value(float x, Multiprecision arithmetic);

    /** Whether {@link #value} is exact, so that it may lie right in the middle of two floats. */
    boolean isExact();

    /** What the code under proof gives. */
    float computed(float x);

    /** What its vector twin gives, for a whole array. */
    void computed(float[] x, float[] y, int length);

    /** The result when {@link Reference} decides it; NaN, which is never a result here, when it does not. */
    default float decided(float x) {
        double y = approximation(x);
        double margin = Math.abs(y) * Reference.BOUND;
        if (margin == Double.POSITIVE_INFINITY) {
            return (float) y;
        }
        float low = (float) (y - margin);
        float high = (float) (y + margin);
        return Float.floatToRawIntBits(low) == Float.floatToRawIntBits(high) ? low : Float.NaN;
    }

    /** {@link #decided(float)} of a whole array, with anything where {@link #limit} knows the result. */
    default void decided(float[] x, float[] expected, int count) {
        for (int i = 0; i < count; i++) {
            expected[i] = isLimit(x[i]) ? Float.NaN : decided(x[i]);
        }
    }

    /** The result by multi-precision arithmetic. */
    default float computedSlowly(float x) {
        for (Multiprecision arithmetic : ATTEMPTS) {
            BigDecimal y = value(x, arithmetic);
            BigDecimal margin = isExact() ? BigDecimal.ZERO : y.abs().scaleByPowerOfTen(-arithmetic.digits());
            float low = y.subtract(margin).floatValue();
            if (low == y.add(margin).floatValue()) {
                return low;
            }
        }
        throw new IllegalStateException(this + " of " + Float.toHexString(x) + " lies closer to the middle of two floats than 240 digits can tell");
    }

    /** A function of {@link Function}. */
    record Elementary(Function f) implements Oracle {
        @Override
        public boolean isLimit(float x) {
            return x == 0 || !(Math.abs(x) < Float.POSITIVE_INFINITY) || switch (f) {
                case LOG, SQRT, RSQRT -> x < 0;
                case LOG1P -> x <= -1;
                case EXP, EXPM1, TANH, SIGMOID, SOFTPLUS, SIN, COS, ERF, NEG, ABS, SQUARE, RECIPROCAL, SIGN, RELU, FLOOR -> false;
            };
        }

        @Override
        public float limit(float x) {
            if (x != x) {
                return Float.NaN;
            }
            float infinity = Float.POSITIVE_INFINITY;
            return switch (f) {
                case EXP -> x == 0 ? 1 : x > 0 ? x : 0;
                case EXPM1 -> x == 0 || x > 0 ? x : -1;
                case LOG -> x == 0 ? -infinity : x > 0 ? x : Float.NaN;
                case LOG1P -> x == 0 || x > 0 ? x : x == -1 ? -infinity : Float.NaN;
                case TANH, ERF, SIGN -> x == 0 ? x : Math.signum(x);
                case SIGMOID -> x == 0 ? 0.5f : x > 0 ? 1 : 0;
                case SOFTPLUS -> x == 0 ? ATTEMPTS.getFirst().ln2().floatValue() : x > 0 ? x : 0;
                case SIN -> x == 0 ? x : Float.NaN;
                case COS -> x == 0 ? 1 : Float.NaN;
                case RSQRT -> x == 0 ? 1 / x : x > 0 ? 0 : Float.NaN;
                case NEG -> -x;
                case ABS, SQUARE -> Math.abs(x);
                case SQRT -> x == 0 || x > 0 ? x : Float.NaN;
                case RECIPROCAL -> x == 0 ? Math.copySign(infinity, x) : Math.copySign(0, x);
                case RELU -> x > 0 ? x : 0;
                case FLOOR -> x;
            };
        }

        @Override
        public double approximation(float x) {
            return Reference.value(f, x);
        }

        @Override
        public void decided(float[] x, float[] expected, int count) {
            int done = VectorApi.serves() ? VectorReference.decide(f, x, expected, count) : 0;
            for (int i = done; i < count; i++) {
                expected[i] = isLimit(x[i]) ? Float.NaN : decided(x[i]);
            }
        }

        @Override
        public BigDecimal value(float x, Multiprecision arithmetic) {
            return arithmetic.value(f, new BigDecimal(x));
        }

        @Override
        public boolean isExact() {
            return switch (f) {
                case NEG, ABS, SQUARE, SIGN, RELU, FLOOR -> true;
                case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SOFTPLUS, SIN, COS, ERF, RSQRT, SQRT, RECIPROCAL -> false;
            };
        }

        @Override
        public float computed(float x) {
            return f.apply(x);
        }

        @Override
        public void computed(float[] x, float[] y, int length) {
            VectorFunctions.apply(f, x, 0, y, 0, length);
        }
    }

    /** xⁿ, 1 ≤ |n| ≤ {@value #LARGEST}. */
    record Power(int n) implements Oracle {
        static final int LARGEST = 24;

        public Power {
            if (n == 0 || n < -LARGEST || n > LARGEST) {
                throw new IllegalArgumentException("proof of x to the " + n + ": the exponent must be from 1 to " + LARGEST + " or from -" + LARGEST + " to -1");
            }
        }

        @Override
        public boolean isLimit(float x) {
            return x == 0 || !(Math.abs(x) < Float.POSITIVE_INFINITY) || n < 0 && isPowerOfTwo(x);
        }

        /** Its negative powers are powers of two as well and may lie on the very middle of two floats, where no number of digits decides. */
        private static boolean isPowerOfTwo(float x) {
            return (Double.doubleToRawLongBits(x) & 0xfffffffffffffL) == 0;
        }

        @Override
        public float limit(float x) {
            boolean finite = x != 0 && Math.abs(x) < Float.POSITIVE_INFINITY;
            float even = finite ? (float) Math.scalb(1.0, n * Math.getExponent((double) x)) : (x == 0) == (n > 0) ? 0 : Float.POSITIVE_INFINITY;
            return x != x ? Float.NaN : (n & 1) == 0 ? even : Math.copySign(even, x);
        }

        @Override
        public double approximation(float x) {
            return Reference.pow(x, n);
        }

        @Override
        public void decided(float[] x, float[] expected, int count) {
            int done = VectorApi.serves() ? VectorReference.decide(n, x, expected, count) : 0;
            for (int i = done; i < count; i++) {
                expected[i] = isLimit(x[i]) ? Float.NaN : decided(x[i]);
            }
        }

        @Override
        public BigDecimal value(float x, Multiprecision arithmetic) {
            return n > 0 ? new BigDecimal(x).pow(n) : BigDecimal.ONE.divide(new BigDecimal(x).pow(-n), arithmetic.context());
        }

        @Override
        public boolean isExact() {
            return n > 0;
        }

        @Override
        public float computed(float x) {
            return Functions.pow(x, n);
        }

        @Override
        public void computed(float[] x, float[] y, int length) {
            VectorFunctions.pow(n, x, 0, y, 0, length);
        }
    }
}
