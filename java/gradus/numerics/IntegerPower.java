package gradus.numerics;

/**
 * xⁿ for a float x and an integer n, correctly rounded.
 *
 * <p>The power is built from the leading bit of n down by squaring and multiplying pairs of doubles (head + tail), each step with a relative
 * error below 2⁻¹⁰³, which squaring doubles: |n|·2⁻¹⁰² in all. The pair is then rounded to odd in binary64 and once to binary32, so that
 * no tie is broken twice.
 */
final class IntegerPower {
    /** A power this far out can no more come back, so it may stay there; its square is still far from the limits of binary64. */
    static final double BEYOND_FLOATS = 0x1p160;

    private IntegerPower() {
    }

    static float pow(float x, int n) {
        if (n == 0) {
            return 1;
        }
        if (x != x) {
            return Float.NaN;
        }
        float y = magnitude(within(Math.abs((double) x)), n);
        return (n & 1) != 0 ? Math.copySign(y, x) : y;
    }

    /** aⁿ for a from 2⁻¹⁶⁰ to 2¹⁶⁰ and n ≠ 0. */
    private static float magnitude(double a, int n) {
        long m = Math.abs((long) n);
        double head = a;
        double tail = 0;
        for (long bit = Long.highestOneBit(m) >> 1; bit != 0; bit >>= 1) {
            double p = head * head;
            double e = Math.fma(2 * head, tail, Math.fma(head, head, -p));
            head = p + e;
            tail = p - head + e;
            if ((m & bit) != 0) {
                p = head * a;
                e = Math.fma(tail, a, Math.fma(head, a, -p));
                head = p + e;
                tail = p - head + e;
            }
            double bounded = within(head);
            tail = bounded == head ? tail : 0;
            head = bounded;
        }
        if (n < 0) {
            double q = 1 / head;
            double e = q * Math.fma(-q, tail, Math.fma(-q, head, 1));
            head = q + e;
            tail = q - head + e;
        }
        return roundOnce(head, tail);
    }

    private static double within(double a) {
        return a > BEYOND_FLOATS ? BEYOND_FLOATS : a < 1 / BEYOND_FLOATS ? 1 / BEYOND_FLOATS : a;
    }

    /** The float nearest to head + tail, |tail| ≤ ½ ulp(head), head &gt; 0. */
    static float roundOnce(double head, double tail) {
        long bits = Double.doubleToRawLongBits(head);
        if (tail != 0 && (bits & 1) == 0) {
            bits += tail > 0 ? 1 : -1;
        }
        return (float) Double.longBitsToDouble(bits);
    }
}
