package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * The passes of batch normalization over blocked images, and the other passes over whole batches. A channel of a block is one run.
 *
 * @param <T> float[] or double[]
 */
final class NormPasses<T> {
    private static final int LANES = Convolutions.LANES;
    private static final int GRAIN = 1 << 15;

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final PlainKernels<T> plain;
    private final Crew crew;

    NormPasses(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, PlainKernels<T> plain, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.plain = plain;
        this.crew = crew;
    }

    Tensor channelSums(Tensor x) {
        Tensor from = blocked.arranged(x);
        T in = array(from);
        Tensor sums = few(x) ? foldFew(from, (first, end, places, y, yo) -> plain.sums(first, end, places, in, from.offset(), y, yo))
                : fold(from, (places, vectors, step, at, c, a, ao) -> loops.sum(places, vectors, step, in, from.offset() + at, a, ao));
        blocked.done(from, x);
        return sums;
    }

    Tensor channelSquares(Tensor x, Tensor mean) {
        Tensor from = blocked.arranged(x);
        Tensor[] parameters = dense(mean);
        T in = array(from);
        T centre = array(parameters[0]);
        Tensor sums = few(x) ? foldFew(from, (first, end, places, y, yo) -> plain.squares(first, end, places, in, from.offset(), centre, x.dim(1), y, yo))
                : fold(from, (places, vectors, step, at, c, a, ao) -> loops.squares(places, vectors, step, in, from.offset() + at, centre, c, a, ao));
        blocked.done(from, x);
        return sums;
    }

    Tensor channelProducts(Tensor g, Tensor x, Tensor mean) {
        Tensor from = blocked.arranged(x);
        Tensor slopes = blocked.arranged(g);
        T in = array(from);
        T up = array(slopes);
        Tensor[] parameters = dense(mean);
        T centre = array(parameters[0]);
        Tensor sums = few(x) ? foldFew(from, (first, end, places, y, yo) ->
                plain.products(first, end, places, up, slopes.offset(), in, from.offset(), centre, x.dim(1), y, yo))
                : fold(from, (places, vectors, step, at, c, a, ao) -> loops.products(places, vectors, step, up, slopes.offset() + at,
                        in, from.offset() + at, centre, c, a, ao));
        blocked.done(from, x);
        blocked.done(slopes, g);
        return sums;
    }

    /** Continues the chains of 16 lanes at a[ao] over one channel of one block that begins {@code at} elements into the blocked tensor. */
    private interface Chain<T> {
        void run(int places, int vectors, int step, int at, int channel, T a, int ao);
    }

    /** The tree for sums over a batch; see {@link Convolutions}. Threads own channels. */
    private Tensor fold(Tensor x, Chain<T> chain) {
        int channels = x.dim(1);
        Tensor result = backend.allocate(x.dtype(), Shape.of(channels));
        if (x.size() == 0) {
            backend.fill(result, 0);
            return result;
        }
        int samples = x.dim(0);
        int places = x.size() / samples / channels;
        int block = x.batchBlock();
        Tensor room = backend.allocate(x.dtype(), Shape.of(3 * LANES * channels));
        T lanes = array(room);
        T to = array(result);
        crew.each(crew.threads(x.size(), GRAIN), channels, c -> {
            int sums = room.offset() + 3 * LANES * c;
            kernels.fill(lanes, sums, LANES, 0);
            for (int first = 0; first < samples; first += block) {
                int live = Math.min(block, samples - first);
                int at = (first / block * channels + c) * places * block;
                chunk(chain, places, block, live, at, c, lanes, sums + LANES);
                loops.addLanes(lanes, sums, lanes, sums + LANES, 1, Math.min(live, LANES));
            }
            loops.foldLanes(lanes, sums, to, result.offset() + c);
        });
        backend.release(room);
        return result;
    }

    private static boolean few(Tensor x) {
        return Blocked.few(x.dim(0));
    }

    /** The chains of the planes from first to end, one after the other, to y[yo + plane]. */
    private interface Planes<T> {
        void run(int first, int end, int places, T y, int yo);
    }

    /** {@link #fold} for few samples: a plane is one chain. */
    private Tensor foldFew(Tensor x, Planes<T> chains) {
        int channels = x.dim(1);
        Tensor result = backend.allocate(x.dtype(), Shape.of(channels));
        if (x.size() == 0) {
            backend.fill(result, 0);
            return result;
        }
        int planes = x.dim(0) * channels;
        Tensor room = backend.allocate(x.dtype(), Shape.of(planes));
        T sums = array(room);
        int threads = crew.threads(x.size(), GRAIN);
        crew.each(threads, threads, i ->
                chains.run((int) ((long) i * planes / threads), (int) ((i + 1L) * planes / threads), x.size() / planes, sums, room.offset()));
        loops.foldSamples(x.dim(0), sums, room.offset(), channels);
        kernels.copy(sums, room.offset(), 1, array(result), result.offset(), 1, channels);
        backend.release(room);
        return result;
    }

    private void chunk(Chain<T> chain, int places, int block, int live, int at, int c, T lanes, int ao) {
        kernels.fill(lanes, ao, 2 * LANES, 0);
        int vectors = live <= LANES ? 1 : 2;
        boolean flat = vectors * LANES == block;
        chain.run(flat ? 1 : places, flat ? places * vectors : vectors, block, at, c, lanes, ao);
        if (live > LANES && live < block) {
            // Lanes whose second sample does not exist take the chain over the first alone.
            chain.run(places, 1, block, at, c, lanes, ao + LANES);
            loops.replaceLanes(lanes, ao, lanes, ao + LANES, 1, live - LANES);
        }
    }

    Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi) {
        Tensor from = blocked.arranged(x);
        Tensor[] parameters = dense(mean, scale, shift);
        Tensor y = blocked.allocate(x.dtype(), x.shape());
        T in = array(from);
        T out = array(y);
        T m = array(parameters[0]);
        T a = array(parameters[1]);
        T b = array(parameters[2]);
        planes(y, (c, at, n) -> {
            loops.normalize(in, from.offset() + at, m, a, b, c, out, y.offset() + at, n);
            loops.epilogue(phi, out, y.offset() + at, n);
        });
        blocked.done(from, x);
        return y;
    }

    /** @param phi the rectifier that made x, through which the gradient is taken, or the identity */
    Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale, Epilogue phi) {
        Tensor from = blocked.arranged(x);
        Tensor slopes = blocked.arranged(g);
        Tensor[] parameters = dense(mean, offset, slope, scale);
        Tensor y = blocked.allocate(x.dtype(), x.shape());
        T in = array(from);
        T up = array(slopes);
        T out = array(y);
        T m = array(parameters[0]);
        T o = array(parameters[1]);
        T k = array(parameters[2]);
        T a = array(parameters[3]);
        planes(y, (c, at, n) -> {
            loops.normalizeGradient(up, slopes.offset() + at, in, from.offset() + at, m, o, k, a, c, out, y.offset() + at, n);
            loops.through(phi, out, y.offset() + at, in, from.offset() + at, n);
        });
        blocked.done(from, x);
        blocked.done(slopes, g);
        return y;
    }

    /** Parameters of the channels in arrays of their own, which the loops read by channel. A few hundred bytes, left to the collector. */
    private Tensor[] dense(Tensor... parameters) {
        Tensor[] copies = new Tensor[parameters.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = Tensor.zeros(parameters[i].dtype(), parameters[i].shape());
            backend.copy(parameters[i], copies[i]);
        }
        return copies;
    }

    private interface Plane {
        void run(int channel, int at, int n);
    }

    /** Runs the body for each channel of each block. */
    private void planes(Tensor x, Plane body) {
        if (x.size() == 0) {
            return;
        }
        int block = Blocked.block(x.dim(0));
        int channels = x.dim(1);
        int n = x.size() / x.dim(0) / channels * block;
        int blocks = (x.dim(0) + block - 1) / block;
        crew.each(crew.threads(x.size(), GRAIN), blocks * channels, plane -> body.run(plane % channels, plane * n, n));
    }

    /** Through leaky ReLU; in the layout of the operands where they share one. */
    Tensor leakyGradient(double slope, Tensor g, Tensor y) {
        boolean alike = g.sameDenseLayout(y) && (g.batchBlock() == 0 || g.batchBlock() == Blocked.block(g.dim(0)));
        boolean images = g.rank() >= 2 && (g.batchBlock() > 0 || y.batchBlock() > 0);
        Tensor u = alike ? g : images ? blocked.arranged(g) : backend.contiguous(g);
        Tensor v = alike ? y : images ? blocked.arranged(y) : backend.contiguous(y);
        Tensor result = u.batchBlock() > 0 ? blocked.allocate(u.dtype(), u.shape()) : backend.allocate(u.dtype(), u.shape());
        T up = array(u);
        T values = array(v);
        T out = array(result);
        int length = Elementwise.length(u);
        int threads = crew.threads(length, GRAIN);
        int pieces = 4 * threads;
        crew.each(threads, pieces, i -> {
            int from = (int) ((long) i * length / pieces);
            int n = (int) ((i + 1L) * length / pieces) - from;
            loops.leakyGradient(slope, up, u.offset() + from, values, v.offset() + from, out, result.offset() + from, n);
        });
        blocked.done(u, g);
        blocked.done(v, y);
        return result;
    }

    private T array(Tensor t) {
        return kernels.array(t);
    }
}
