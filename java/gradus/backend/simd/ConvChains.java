package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * The forward pass and the input gradient: for each target element one chain over channels and taps of the source.
 *
 * <p>Threads own bands of target rows of a block of samples. A row is finished, bias and nonlinearity included, before the next is begun, while its
 * source rows are in the cache.
 *
 * @param <T> float[] or double[]
 */
final class ConvChains<T> {
    /** Plans kept; a network has one or two a layer and batch size. */
    private static final int PLANS = 256;
    /** Fused multiply-adds that are worth waking a thread for. */
    private static final long GRAIN = 1 << 17;

    private record Key(ConvShape shape, boolean forward) {}

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final Crew crew;
    private final Map<Key, ConvPlan> plans = new HashMap<>();

    ConvChains(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.crew = crew;
    }

    Tensor run(ConvShape shape, boolean forward, Tensor source, Tensor weight, Tensor bias, Epilogue phi) {
        Tensor target = blocked.allocate(source.dtype(), forward ? shape.output() : shape.input());
        if (target.size() == 0) {
            return target;
        }
        ConvPlan plan = plan(shape, forward);
        Tensor x = blocked.arranged(source);
        Tensor packed = backend.allocate(source.dtype(), Shape.of(plan.packed));
        Tensor start = backend.allocate(source.dtype(), Shape.of(plan.tiles.length * 8));
        pack(plan, weight, bias, packed, start);
        long work = (long) target.size() * plan.weightsPerChannel();
        int threads = crew.threads(work, (int) GRAIN);
        int bands = threads == 1 ? 1 : Math.max(1, Math.min(plan.targetHeight, (4 * threads + plan.blocks - 1) / plan.blocks));
        crew.each(threads, plan.blocks * bands, item -> {
            int block = item / bands;
            int band = item % bands;
            rows(plan, block, band * plan.targetHeight / bands, (band + 1) * plan.targetHeight / bands, kernels.array(x), x.offset(),
                    kernels.array(packed), packed.offset(), kernels.array(start), start.offset(), kernels.array(target), target.offset(), phi);
        });
        backend.release(packed);
        backend.release(start);
        blocked.done(x, source);
        return target;
    }

    private ConvPlan plan(ConvShape shape, boolean forward) {
        Key key = new Key(shape, forward);
        ConvPlan known = plans.get(key);
        if (known == null) {
            if (plans.size() >= PLANS) {
                plans.clear();
            }
            known = new ConvPlan(shape, forward, loops.lanes, loops.manyRegisters);
            plans.put(key, known);
        }
        return known;
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

    private void rows(ConvPlan plan, int block, int from, int to, T x, int xo, T w, int wo, T start, int so, T y, int yo, Epilogue phi) {
        boolean last = block == plan.blocks - 1;
        int sourcePlane = plan.sourceHeight * plan.sourceWidth * plan.block;
        int targetPlane = plan.targetHeight * plan.targetWidth * plan.block;
        int targetRow = plan.targetWidth * plan.block;
        for (int h = from; h < to; h++) {
            int pattern = plan.rows.pattern[h];
            int base = plan.rows.patterns[pattern].bases[plan.rows.place[h]];
            for (int t = 0; t < plan.tiles.length; t++) {
                ConvPlan.Tile tile = plan.tiles[t];
                int source = xo + (block * plan.sourceChannels + tile.group() * (plan.sourceChannels / plan.groups)) * sourcePlane
                        + base * plan.sourceWidth * plan.block;
                int target = yo + (block * plan.targetChannels + tile.channel()) * targetPlane + h * targetRow;
                for (int c = 0; c < plan.columns.patterns.length; c++) {
                    ConvPlan.Terms terms = plan.terms(pattern, c);
                    int[] in = plan.in(c, last);
                    loops.chain(tile.rows(), in.length, in, plan.out(c, last), terms.source().length, terms.source(),
                            terms.weightAt()[ConvPlan.kind(tile.rows())], x, source, w, wo + tile.weightAt(), start, so + t * 8, y, target, targetPlane,
                            tile.channels() - 1);
                }
                if (phi.kind() != Epilogue.Kind.IDENTITY) {
                    for (int r = 0; r < tile.channels(); r++) {
                        loops.epilogue(phi, y, target + r * targetPlane, targetRow);
                    }
                }
            }
        }
    }
}
