package gradus.numerics;

import static gradus.numerics.VectorConstants.*;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;

/** {@link IntegerPower} on vectors, expression by expression. */
final class VectorPower {
    private static final DoubleVector LARGEST = DoubleVector.broadcast(D, IntegerPower.BEYOND_FLOATS);
    private static final DoubleVector SMALLEST = DoubleVector.broadcast(D, 1 / IntegerPower.BEYOND_FLOATS);

    private VectorPower() {
    }

    /** Does as many whole vectors as fit and returns how many elements that were. */
    static int pow(int n, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int end = VectorFunctions.SPECIES.loopBound(length);
        for (int i = 0; i < end; i += VectorFunctions.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorFunctions.SPECIES, x, xOffset + i);
            FloatVector p = VectorFunctions.narrow(magnitude(within(VectorFunctions.widen(v).abs()), n));
            FloatVector signed = (n & 1) != 0 ? VectorFunctions.withSignOf(v, p) : p;
            VectorFunctions.quiet(signed, v).intoArray(y, yOffset + i);
        }
        return end;
    }

    private static DoubleVector magnitude(DoubleVector a, int n) {
        long m = Math.abs((long) n);
        DoubleVector head = a;
        // Not the constant: what a loop carries the compiler boxes in every turn, where it begins as an object of the heap.
        DoubleVector tail = DoubleVector.zero(a.species());
        for (long bit = Long.highestOneBit(m) >> 1; bit != 0; bit >>= 1) {
            DoubleVector p = head.mul(head);
            DoubleVector e = head.add(head).fma(tail, head.fma(head, p.neg()));
            head = p.add(e);
            tail = p.sub(head).add(e);
            if ((m & bit) != 0) {
                p = head.mul(a);
                e = tail.fma(a, head.fma(a, p.neg()));
                head = p.add(e);
                tail = p.sub(head).add(e);
            }
            DoubleVector bounded = within(head);
            tail = ZERO.blend(tail, bounded.compare(EQ, head));
            head = bounded;
        }
        if (n < 0) {
            DoubleVector q = ONE.div(head);
            DoubleVector e = q.mul(q.neg().fma(tail, q.neg().fma(head, ONE)));
            head = q.add(e);
            tail = q.sub(head).add(e);
        }
        return roundedToOdd(head, tail);
    }

    private static DoubleVector within(DoubleVector a) {
        return a.blend(LARGEST, a.compare(GT, LARGEST)).blend(SMALLEST, a.compare(LT, SMALLEST));
    }

    private static DoubleVector roundedToOdd(DoubleVector head, DoubleVector tail) {
        LongVector bits = head.reinterpretAsLongs();
        VectorMask<Long> even = bits.and(LAST_BIT).compare(EQ, 0);
        LongVector up = bits.add(LAST_BIT, even.and(tail.compare(GT, ZERO).cast(even.vectorSpecies())));
        return up.sub(LAST_BIT, even.and(tail.compare(LT, ZERO).cast(even.vectorSpecies()))).reinterpretAsDoubles();
    }
}
