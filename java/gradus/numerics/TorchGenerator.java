package gradus.numerics;

import java.util.Objects;

/**
 * Draws what PyTorch's CPU generator draws after {@code torch.manual_seed(seed)}, so that a published run can be repeated from its seed.
 *
 * <p>The engine is mt19937 (Matsumoto and Nishimura 1998) seeded with the lower 32 bits of the seed. The draws are those of PyTorch 2.13's wheels for x86-64
 * with AVX2 or AVX-512, whose compiler fused multiply-adds; the float32 draws agree to the last bit. float64 normals are made with
 * {@link StrictMath} where PyTorch asks the C library, and may differ from it in the last bits.
 */
public final class TorchGenerator {
    private static final int STATES = 624;
    private static final int SHIFT = 397;
    private static final int BLOCK = 16;

    private final int[] state = new int[STATES];
    private int next;
    private double spareNormal = Double.NaN;

    /** A generator as after {@code manual_seed(seed)}. */
    public TorchGenerator(long seed) {
        manualSeed(seed);
    }

    /** Begins anew from a seed. */
    public void manualSeed(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < STATES; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
        next = STATES;
        spareNormal = Double.NaN;
    }

    /** 32 bits of the engine. */
    public int random32() {
        if (next == STATES) {
            twist();
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int k = 0; k < STATES; k++) {
            int y = state[k] & 0x80000000 | state[(k + 1) % STATES] & 0x7fffffff;
            state[k] = state[(k + SHIFT) % STATES] ^ y >>> 1 ^ -(y & 1) & 0x9908b0df;
        }
    }

    /** 64 bits: two words of the engine, the first one above. */
    public long random64() {
        long high = random32();
        return high << 32 | random32() & 0xffffffffL;
    }

    /** {@code torch.empty((), dtype=torch.int64).random_()}: 63 bits; samplers draw their seeds so. */
    public long random() {
        return random64() & Long.MAX_VALUE;
    }

    /** {@code torch.randint(n, ())} for n below 2³¹: a word modulo n. */
    public int below(int n) {
        if (n <= 0) {
            throw new IllegalArgumentException("torch generator: no integer lies from 0 to below " + n);
        }
        return Integer.remainderUnsigned(random32(), n);
    }

    /** {@code torch.randperm(n)}. */
    public int[] permutation(int n) {
        if (n < 0 || n >= 214_748_364) {
            throw new IllegalArgumentException("torch generator: randperm of " + n + "; from 214748364 on PyTorch draws another way");
        }
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = 0; i < n - 1; i++) {
            int j = i + below(n - i);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /** {@code tensor.uniform_(low, high)} in float32: the lower 24 bits of a word, scaled. */
    public void uniform(float[] out, int offset, int length, double low, double high) {
        Objects.checkFromIndexSize(offset, length, out.length);
        float from = (float) low;
        float width = (float) high - from;
        for (int i = offset; i < offset + length; i++) {
            out[i] = Math.fma(unit32(), width, from);
        }
    }

    /** {@code tensor.uniform_(low, high)} in float64: the lower 53 bits of two words, scaled. */
    public void uniform(double[] out, int offset, int length, double low, double high) {
        Objects.checkFromIndexSize(offset, length, out.length);
        for (int i = offset; i < offset + length; i++) {
            out[i] = Math.fma(unit64(), high - low, low);
        }
    }

    private float unit32() {
        return (random32() & 0xffffff) * 0x1p-24f;
    }

    private double unit64() {
        return (random64() & 0x1fffffffffffffL) * 0x1p-53;
    }

    /** The bound of {@code kaiming_uniform_(a=√5)}, which {@code torch.nn.Linear} and the convolutions draw their weights with: ±√3 · gain/√fanIn. */
    public static double weightBound(int fanIn) {
        double slope = Math.sqrt(5);
        double gain = Math.sqrt(2.0 / (1 + slope * slope));
        return Math.sqrt(3) * (gain / Math.sqrt(fanIn));
    }

    /** The bound that {@code torch.nn.Linear} and the convolutions draw their biases with: ±1/√fanIn. */
    public static double biasBound(int fanIn) {
        return 1 / Math.sqrt(fanIn);
    }

    /** {@code tensor.normal_(mean, deviation)} in float32: in blocks of 16 from 16 values on, one by one in float64 below. */
    public void normal(float[] out, int offset, int length, double mean, double deviation) {
        Objects.checkFromIndexSize(offset, length, out.length);
        if (length < BLOCK) {
            for (int i = offset; i < offset + length; i++) {
                out[i] = (float) normal(mean, deviation);
            }
            return;
        }
        for (int i = offset; i < offset + length; i++) {
            out[i] = unit32();
        }
        for (int i = 0; i + BLOCK <= length; i += BLOCK) {
            TorchNormal.block(out, offset + i, (float) mean, (float) deviation);
        }
        if (length % BLOCK != 0) {
            int last = offset + length - BLOCK;
            for (int i = last; i < last + BLOCK; i++) {
                out[i] = unit32();
            }
            TorchNormal.block(out, last, (float) mean, (float) deviation);
        }
    }

    /** {@code tensor.normal_(mean, deviation)} in float64. */
    public void normal(double[] out, int offset, int length, double mean, double deviation) {
        Objects.checkFromIndexSize(offset, length, out.length);
        if (length < BLOCK) {
            for (int i = offset; i < offset + length; i++) {
                out[i] = normal(mean, deviation);
            }
            return;
        }
        for (int i = offset; i < offset + length; i++) {
            out[i] = unit64();
        }
        for (int i = 0; i + BLOCK <= length; i += BLOCK) {
            TorchNormal.block(out, offset + i, mean, deviation);
        }
        if (length % BLOCK != 0) {
            int last = offset + length - BLOCK;
            for (int i = last; i < last + BLOCK; i++) {
                out[i] = unit64();
            }
            TorchNormal.block(out, last, mean, deviation);
        }
    }

    /** One value by Box and Muller; its twin is kept for the next call, also across tensors. */
    private double normal(double mean, double deviation) {
        double value = spareNormal;
        spareNormal = Double.NaN;
        if (value != value) {
            double u1 = unit64();
            double u2 = unit64();
            double radius = Math.sqrt(-2 * StrictMath.log1p(-u2));
            double angle = 2 * StrictMath.PI * u1;
            spareNormal = radius * StrictMath.sin(angle);
            value = radius * StrictMath.cos(angle);
        }
        return Math.fma(value, deviation, mean);
    }
}
