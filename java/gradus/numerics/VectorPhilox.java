package gradus.numerics;

import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Philox} for as many neighbouring counters as a vector has 64-bit lanes, a 32-bit word in each. Touches {@code jdk.incubator.vector}: load this class only
 * where that module is present.
 */
final class VectorPhilox {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final LongVector WORD = LongVector.broadcast(SPECIES, 0xffffffffL);
    private static final LongVector M0 = LongVector.broadcast(SPECIES, Philox.M0);
    private static final LongVector M1 = LongVector.broadcast(SPECIES, Philox.M1);
    private static final LongVector LANE = LongVector.zero(SPECIES).addIndex(1);
    private static final VectorShuffle<Long> LOWER_HALVES = VectorShuffle.makeZip(SPECIES, 0);
    private static final VectorShuffle<Long> UPPER_HALVES = VectorShuffle.makeZip(SPECIES, 1);

    private VectorPhilox() {
    }

    /** Writes as many whole vectors of blocks as fit into {@code blocks}, and returns how many blocks that were. */
    static int blocks(long low, long high, long key, int[] out, int offset, int blocks) {
        int done = SPECIES.loopBound(blocks);
        for (int b = 0; b < done; b += LANES) {
            vector(LANE.add(low + b), high, key, out, offset + 4 * b);
        }
        return done;
    }

    private static void vector(LongVector counter, long high, long key, int[] out, int at) {
        LongVector c0 = counter.and(WORD);
        LongVector c1 = counter.lanewise(LSHR, 32);
        LongVector c2 = LongVector.broadcast(SPECIES, high & 0xffffffffL);
        LongVector c3 = LongVector.broadcast(SPECIES, high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < Philox.ROUNDS; round++) {
            LongVector p0 = c0.and(WORD).mul(M0);
            LongVector p1 = c2.and(WORD).mul(M1);
            c0 = p1.lanewise(LSHR, 32).lanewise(XOR, c1).lanewise(XOR, k0 & 0xffffffffL);
            c1 = p1.and(WORD);
            c2 = p0.lanewise(LSHR, 32).lanewise(XOR, c3).lanewise(XOR, k1 & 0xffffffffL);
            c3 = p0.and(WORD);
            k0 += Philox.W0;
            k1 += Philox.W1;
        }
        LongVector first = c0.or(c1.lanewise(LSHL, 32));
        LongVector second = c2.or(c3.lanewise(LSHL, 32));
        first.rearrange(LOWER_HALVES, second).reinterpretAsInts().intoArray(out, at);
        first.rearrange(UPPER_HALVES, second).reinterpretAsInts().intoArray(out, at + 2 * LANES);
    }
}
