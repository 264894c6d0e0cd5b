package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.ThroughActivations;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * The forward pass and the input gradient: for each target element one chain over channels and taps of the source.
 *
 * <p>Threads own strips of target rows of a block of samples. A strip's source rows are first copied side by side: where they lie in the image, a tap's
 * channels are a plane apart, each on another page and many on one set of the cache, and no prefetcher follows; copied, a strip stays in the second
 * cache for all tiles of target channels.
 *
 * @param <T> float[] or double[]
 */
final class ConvChains<T> {
    /** Fused multiply-adds that are worth waking a thread for. */
    private static final int GRAIN = 1 << 17;
    /** Bytes of target rows that are taken through an activation together: its images are then read in runs of several rows, and the second cache still has the rows. */
    private static final int THROUGH_BYTES = 256 << 10;

    private record Key(ConvShape shape, boolean forward) {}

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final Crew crew;
    private final Plans<Key, ConvPlan> plans = new Plans<>(this::plan);

    ConvChains(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.crew = crew;
    }

    /**
     * One pass over all samples.
     *
     * @param below the activation that made the target's counterpart, which the result is taken through, or null
     */
    Tensor run(ConvShape shape, boolean forward, Tensor source, Tensor weight, Tensor bias, Epilogue phi, ThroughActivations.Activated below) {
        Tensor target = blocked.allocate(source.dtype(), forward ? shape.output() : shape.input());
        if (target.size() == 0) {
            return target;
        }
        ConvPlan plan = plans.of(new Key(shape, forward));
        Tensor x = blocked.arranged(source);
        Tensor packed = backend.allocate(source.dtype(), Shape.of(plan.packed));
        Tensor start = backend.allocate(source.dtype(), Shape.of(plan.tiles.length * 8));
        pack(plan, weight, bias, packed, start);
        Tensor v = below == null ? null : blocked.arranged(below.y());
        int threads = crew.threads((long) target.size() * plan.weightsPerChannel(), GRAIN);
        int room = plan.sourceChannels * plan.stripHeight * plan.sourceWidth * plan.block;
        Tensor strips = backend.allocate(source.dtype(), Shape.of(threads * room));
        int perBlock = plan.strips.length;
        crew.share(threads, plan.blocks * perBlock, (thread, item) -> {
            int block = item / perBlock;
            ConvPlan.Strip strip = plan.strips[item % perBlock];
            int at = strips.offset() + thread * room;
            gather(plan, block, strip, kernels.array(x), x.offset(), kernels.array(strips), at);
            rows(plan, block, strip, kernels.array(strips), at, kernels.array(packed), packed.offset(), kernels.array(start), start.offset(),
                    kernels.array(target), target.offset(), phi, below == null ? Epilogue.IDENTITY : below.phi(), v == null ? null : kernels.array(v),
                    v == null ? 0 : v.offset());
        });
        backend.release(strips);
        backend.release(packed);
        backend.release(start);
        blocked.done(x, source);
        if (v != null) {
            blocked.done(v, below.y());
        }
        return target;
    }

    private ConvPlan plan(Key key) {
        int samples = key.shape.samples();
        int block = Blocked.block(samples);
        int blocks = (samples + block - 1) / block;
        int threads = crew.workers().threads();
        return new ConvPlan(key.shape, key.forward, loops.lanes, loops.manyRegisters, kernels.dtype().bytes(), threads == 1 ? 1 : (4 * threads + blocks - 1) / blocks);
    }

    /** Weights tile by tile, terms ascending, the rows of a tile side by side; a row that sticks out repeats the last. */
    private void pack(ConvPlan plan, Tensor weight, Tensor bias, Tensor packed, Tensor start) {
        Tensor dense = backend.contiguous(weight);
        Tensor denseBias = bias == null ? null : backend.contiguous(bias);
        T from = kernels.array(dense);
        T to = kernels.array(packed);
        T starts = kernels.array(start);
        for (int t = 0; t < plan.tiles.length; t++) {
            ConvPlan.Tile tile = plan.tiles[t];
            for (int r = 0; r < tile.rows(); r++) {
                int channel = tile.channel() + Math.min(r, tile.channels() - 1);
                loops.gather(from, dense.offset(), plan, tile, channel, to, packed.offset() + tile.weightAt() + r);
                if (denseBias == null) {
                    kernels.fill(starts, start.offset() + t * 8 + r, 1, 0);
                } else {
                    kernels.copy(kernels.array(denseBias), denseBias.offset() + channel, 1, starts, start.offset() + t * 8 + r, 1, 1);
                }
            }
        }
        blocked.done(dense, weight);
        if (denseBias != null) {
            blocked.done(denseBias, bias);
        }
    }

    /** The source rows of a strip, channel by channel, side by side: sequential reads, and no two rows that compete for one place of the cache. */
    private void gather(ConvPlan plan, int block, ConvPlan.Strip strip, T x, int xo, T to, int at) {
        int row = plan.sourceWidth * plan.block;
        int plane = plan.sourceHeight * row;
        for (int c = 0; c < plan.sourceChannels; c++) {
            int from = xo + (block * plan.sourceChannels + c) * plane + strip.low() * row;
            kernels.copy(x, from, 1, to, at + c * plan.stripHeight * row, 1, (strip.high() - strip.low()) * row);
        }
    }

    private void rows(ConvPlan plan, int block, ConvPlan.Strip strip, T x, int xo, T w, int wo, T start, int so, T y, int yo, Epilogue phi,
            Epilogue below, T v, int vo) {
        boolean last = block == plan.blocks - 1;
        int sourceRow = plan.sourceWidth * plan.block;
        int targetRow = plan.targetWidth * plan.block;
        int targetPlane = plan.targetHeight * targetRow;
        int together = Math.max(1, THROUGH_BYTES / Math.max(1, plan.targetChannels * targetRow * kernels.dtype().bytes()));
        int passed = strip.from();
        for (int h = strip.from(); h < strip.to(); h++) {
            int pattern = plan.rows.pattern[h];
            int base = plan.rows.patterns[pattern].bases[plan.rows.place[h]] - strip.low();
            for (int t = 0; t < plan.tiles.length; t++) {
                ConvPlan.Tile tile = plan.tiles[t];
                int source = xo + (tile.group() * (plan.sourceChannels / plan.groups) * plan.stripHeight + base) * sourceRow;
                int target = yo + (block * plan.targetChannels + tile.channel()) * targetPlane + h * targetRow;
                for (int c = 0; c < plan.columns.patterns.length; c++) {
                    ConvPlan.Terms terms = plan.terms(pattern, c);
                    int[] in = plan.in(c, last);
                    int[] out = plan.out(c, last);
                    int[] weightAt = terms.weightAt()[ConvPlan.kind(tile.rows())];
                    if (tile.rows() == 1 && plan.slides[c] != 0) {
                        int pixels = plan.columns.patterns[c].outputs.length;
                        loops.slide(plan.slides[c], pixels, in.length / pixels, plan.block, in[0], out[0], terms.source().length, terms.source(), weightAt,
                                x, source, w, wo + tile.weightAt(), start, so + t * 8, y, target);
                    } else {
                        loops.chain(tile.rows(), in.length, in, out, terms.source().length, terms.source(), weightAt, x, source, w, wo + tile.weightAt(), start, so + t * 8,
                                y, target, targetPlane, tile.channels() - 1);
                    }
                }
                if (phi.kind() != Epilogue.Kind.IDENTITY) {
                    for (int r = 0; r < tile.channels(); r++) {
                        loops.epilogue(phi, y, target + r * targetPlane, targetRow);
                    }
                }
            }
            if (below.kind() != Epilogue.Kind.IDENTITY && (h + 1 - passed == together || h + 1 == strip.to())) {
                for (int c = 0; c < plan.targetChannels; c++) {
                    int target = (block * plan.targetChannels + c) * targetPlane + passed * targetRow;
                    loops.through(below, y, yo + target, v, vo + target, (h + 1 - passed) * targetRow);
                }
                passed = h + 1;
            }
        }
    }
}
