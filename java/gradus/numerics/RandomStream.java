package gradus.numerics;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * A sequence of random words named by a seed and a name, with a position in it. Streams of different names are independent: a draw added to one moves
 * nothing in another. {@code docs/numerics.md} states every formula.
 *
 * <p>Word p is word p mod 4 of {@link Philox} with the seed as key and the counter (⌊p/4⌋, stream), where the stream's number is made of the first eight
 * bytes of the SHA-256 of its name in UTF-8, big-endian. Every draw takes words at the position and moves it on.
 *
 * <p>Not for use by several threads at once; give each its own stream, or copies at their own positions.
 */
public final class RandomStream {
    private static final int PIECE = 1024;
    private static final double HALF_TURN_PER_WORD = StrictMath.PI * 0x1p-31;

    private final long seed;
    private final String name;
    private final long stream;
    private final int[] block = new int[4];
    private long blockIndex = -1;
    private long position;

    /** The stream of this seed and name, at position 0. */
    public RandomStream(long seed, String name) {
        this.seed = seed;
        this.name = name;
        this.stream = numberOf(name);
    }

    private static long numberOf(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            long number = 0;
            for (int i = 0; i < 8; i++) {
                number = number << 8 | hash[i] & 0xff;
            }
            return number;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The stream named {@code name/child}, with the same seed, at position 0. */
    public RandomStream child(String child) {
        return new RandomStream(seed, name + "/" + child);
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** How many words lie before the next draw; with seed and name, the whole state. */
    public long position() {
        return position;
    }

    /**
     * Moves to a position.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void seek(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("random stream " + name + ": position " + position + " is negative");
        }
        this.position = position;
    }

    /** The next word: 32 random bits. */
    public int nextWord() {
        if (blockIndex != position >>> 2) {
            blockIndex = position >>> 2;
            Philox.block(blockIndex, stream, seed, block, 0);
        }
        return block[(int) (position++ & 3)];
    }

    /**
     * The next {@code length} words.
     *
     * @throws IndexOutOfBoundsException if the range leaves the array
     */
    public void words(int[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        int i = 0;
        while (i < length && (position & 3) != 0) {
            out[offset + i++] = nextWord();
        }
        int blocks = length - i >> 2;
        Philox.blocks(position >>> 2, stream, seed, out, offset + i, blocks);
        position += 4L * blocks;
        for (i += 4 * blocks; i < length; i++) {
            out[offset + i] = nextWord();
        }
    }

    /** Hands over the next {@code length} words in pieces that stay in the cache. */
    private void eachPiece(int length, PieceReader reader) {
        int[] words = new int[Math.min(length, PIECE)];
        for (int from = 0; from < length; from += PIECE) {
            int count = Math.min(PIECE, length - from);
            words(words, 0, count);
            reader.read(words, from, count);
        }
    }

    @FunctionalInterface
    private interface PieceReader {
        void read(int[] words, int from, int count);
    }

    /** Two words, the first one above. */
    public long nextLong() {
        long high = nextWord();
        return high << 32 | nextWord() & 0xffffffffL;
    }

    /** Uniform on [0, 1): the upper 24 bits of a word, times 2⁻²⁴. */
    public float uniform() {
        return (nextWord() >>> 8) * 0x1p-24f;
    }

    /** Uniform on [0, 1): the upper 53 bits of two words, times 2⁻⁵³. */
    public double uniform64() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Fills a range with fma(u, high − low, low), and the float below {@code high} where that rounds to {@code high}. */
    public void uniform(float[] out, int offset, int length, float low, float high) {
        requireRange("uniform", low, high);
        Objects.checkFromIndexSize(offset, length, out.length);
        float width = high - low;
        float last = Math.nextDown(high);
        eachPiece(length, (words, from, count) -> {
            for (int i = 0; i < count; i++) {
                out[offset + from + i] = Math.min(Math.fma((words[i] >>> 8) * 0x1p-24f, width, low), last);
            }
        });
    }

    /** As for float32, with 53-bit draws. */
    public void uniform(double[] out, int offset, int length, double low, double high) {
        requireRange("uniform", low, high);
        Objects.checkFromIndexSize(offset, length, out.length);
        double width = high - low;
        double last = Math.nextDown(high);
        for (int i = offset; i < offset + length; i++) {
            out[i] = Math.min(Math.fma(uniform64(), width, low), last);
        }
    }

    /** Refuses a range with nothing in it, in the name of a draw. */
    public void requireRange(String what, double low, double high) {
        if (!(low < high)) {
            throw new IllegalArgumentException(what + " from stream " + name + ": the range " + low + " to " + high + " is empty");
        }
    }

    /**
     * Fills a range with normal values by Box and Muller (1958), two for two words a and b: with u = (a + ½)·2⁻³², a unsigned, and
     * θ = b·π·2⁻³¹, b signed, both rounded to float32, r = √(−2 log u): r cos θ and r sin θ; each times {@code deviation} plus {@code mean} in one fma. For an
     * odd length the last value's twin is dropped.
     */
    public void normal(float[] out, int offset, int length, float mean, float deviation) {
        Objects.checkFromIndexSize(offset, length, out.length);
        float[] radius = new float[PIECE / 2];
        float[] angle = new float[PIECE / 2];
        float[] sine = new float[PIECE / 2];
        eachPiece(length + (length & 1), (words, from, count) -> {
            int pairs = count / 2;
            for (int i = 0; i < pairs; i++) {
                radius[i] = (float) (((words[2 * i] & 0xffffffffL) + 0.5) * 0x1p-32);
                angle[i] = (float) (words[2 * i + 1] * HALF_TURN_PER_WORD);
            }
            Functions.map(Function.LOG, radius, 0, radius, 0, pairs);
            Functions.map(Function.SIN, angle, 0, sine, 0, pairs);
            Functions.map(Function.COS, angle, 0, angle, 0, pairs);
            for (int i = 0; i < pairs; i++) {
                float r = (float) Math.sqrt(-2 * radius[i]);
                int at = offset + from + 2 * i;
                out[at] = Math.fma(r * angle[i], deviation, mean);
                if (from + 2 * i + 1 < length) {
                    out[at + 1] = Math.fma(r * sine[i], deviation, mean);
                }
            }
        });
    }

    /** As for float32, two values for four words: u = (a + ½)·2⁻⁵³ with a the upper 53 bits of two words, θ = 2πb with b uniform; {@link StrictMath}. */
    public void normal(double[] out, int offset, int length, double mean, double deviation) {
        Objects.checkFromIndexSize(offset, length, out.length);
        for (int i = 0; i < length; i += 2) {
            double u = ((nextLong() >>> 11) + 0.5) * 0x1p-53;
            double angle = 2 * StrictMath.PI * uniform64();
            double radius = Math.sqrt(-2 * StrictMath.log(u));
            out[offset + i] = Math.fma(radius * StrictMath.cos(angle), deviation, mean);
            if (i + 1 < length) {
                out[offset + i + 1] = Math.fma(radius * StrictMath.sin(angle), deviation, mean);
            }
        }
    }

    /** One normal value in float64, from four words. */
    public double normal64() {
        double u = ((nextLong() >>> 11) + 0.5) * 0x1p-53;
        double angle = 2 * StrictMath.PI * uniform64();
        return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(angle);
    }

    /**
     * Fills a range with normal values that fall between {@code low} and {@code high}: {@link TruncatedNormal} says how each is drawn.
     *
     * @throws IllegalArgumentException if the range is empty or the deviation not positive
     */
    public void truncatedNormal(float[] out, int offset, int length, float mean, float deviation, float low, float high) {
        requireRange("truncated normal", low, high);
        if (!(deviation > 0)) {
            throw new IllegalArgumentException("truncated normal from stream " + name + ": deviation " + deviation + " is not positive");
        }
        Objects.checkFromIndexSize(offset, length, out.length);
        TruncatedNormal truncated = TruncatedNormal.between(((double) low - mean) / deviation, ((double) high - mean) / deviation);
        for (int i = offset; i < offset + length; i++) {
            float value = (float) Math.fma(truncated.draw(this), (double) deviation, (double) mean);
            out[i] = Math.max(low, Math.min(high, value));
        }
    }

    /**
     * Whether an event of probability p happens: a word, unsigned, lies below p·2³² (rounded to an integer).
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public boolean bernoulli(double p) {
        return (nextWord() & 0xffffffffL) < threshold(p);
    }

    /** Fills a range with {@code yes} where an event of probability p happens and {@code no} elsewhere, a word a value. */
    public void bernoulli(float[] out, int offset, int length, double p, float yes, float no) {
        Objects.checkFromIndexSize(offset, length, out.length);
        long threshold = threshold(p);
        float[] outcomes = {no, yes};
        eachPiece(length, (words, from, count) -> {
            for (int i = 0; i < count; i++) {
                // The difference is negative, its sign bit 1, when the word lies below: no branch to guess wrong.
                out[offset + from + i] = outcomes[(int) ((words[i] & 0xffffffffL) - threshold >>> 63)];
            }
        });
    }

    /** The number that {@link #name} stands for in Philox' counter. */
    public long number() {
        return stream;
    }

    /** An event of probability p happens where a word, read as unsigned, lies below this: p · 2³², rounded to an integer. */
    public long threshold(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("bernoulli from stream " + name + ": probability " + p + " is not from 0 to 1");
        }
        return (long) Math.rint(p * 0x1p32);
    }

    /**
     * An integer from 0 to n − 1 without bias (Lemire 2019): the upper half of word · n; a word whose lower half falls below 2³² mod n is dropped and the
     * next taken.
     *
     * @throws IllegalArgumentException if n is not positive
     */
    public int below(int n) {
        if (n <= 0) {
            throw new IllegalArgumentException("random stream " + name + ": no integer lies from 0 to below " + n);
        }
        long product = (nextWord() & 0xffffffffL) * n;
        if ((product & 0xffffffffL) < n) {
            long remainder = 0x100000000L % n;
            while ((product & 0xffffffffL) < remainder) {
                product = (nextWord() & 0xffffffffL) * n;
            }
        }
        return (int) (product >>> 32);
    }

    /** The integers 0 … n − 1 in random order (Fisher and Yates): for i from n − 1 down to 1, places i and below(i + 1) are exchanged. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = below(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }
}
