package gradus.numerics;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a bijection of 128-bit counters for each
 * 64-bit key. Four 32-bit words for each counter, in any order, on any thread.
 *
 * <p>One round, of ten: (c₀, c₁, c₂, c₃) ← (hi(M₁c₂) ⊕ c₁ ⊕ k₀, lo(M₁c₂), hi(M₀c₀) ⊕ c₃ ⊕ k₁, lo(M₀c₀)); after each round but the last,
 * k₀ += W₀ and k₁ += W₁.
 */
public final class Philox {
    static final int ROUNDS = 10;
    static final long M0 = 0xd2511f53L;
    static final long M1 = 0xcd9e8d57L;
    static final int W0 = 0x9e3779b9;
    static final int W1 = 0xbb67ae85;
    private static final long WORD = 0xffffffffL;

    private static final boolean VECTORS = VectorApi.serves();

    private Philox() {
    }

    /** Writes the words of {@code blocks} counters that follow each other from {@code low} on; vectors do most of it where there are any. */
    public static void blocks(long low, long high, long key, int[] out, int offset, int blocks) {
        int done = VECTORS ? VectorPhilox.blocks(low, high, key, out, offset, blocks) : 0;
        for (int b = done; b < blocks; b++) {
            block(low + b, high, key, out, offset + 4 * b);
        }
    }

    /**
     * Writes the four words of one counter.
     *
     * @param low  counter words 0 (its low half) and 1
     * @param high counter words 2 (its low half) and 3
     * @param key  key words 0 (its low half) and 1
     */
    public static void block(long low, long high, long key, int[] out, int at) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = M0 * (c0 & WORD);
            long p1 = M1 * (c2 & WORD);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        out[at] = c0;
        out[at + 1] = c1;
        out[at + 2] = c2;
        out[at + 3] = c3;
    }
}
