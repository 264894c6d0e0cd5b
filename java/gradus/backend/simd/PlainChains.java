package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.ThroughActivations;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * {@link ConvChains} for few samples, whose images lie row-major: lanes are target channels, and a term is a vector of weights times one number of the source; or,
 * where target channels are few, neighbouring pixels of a row. The chains are the same, so the bits are.
 *
 * <p>Threads own strips of target rows of a sample. A strip is computed pixel by pixel, channels side by side, and then transposed to its planes; pixels side by side go there at once.
 *
 * @param <T> float[] or double[]
 */
final class PlainChains<T> {
    /** Fused multiply-adds that are worth waking a thread for: some 25 µs. A helper that sleeps between the layers of one image came too late for half of that. */
    private static final int GRAIN = 1 << 20;

    private record Key(ConvShape shape, boolean forward) {}

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final PlainKernels<T> plain;
    private final Crew crew;
    private final Plans<Key, PlainPlan> plans = new Plans<>(this::plan);

    PlainChains(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, PlainKernels<T> plain, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.plain = plain;
        this.crew = crew;
    }

    /** As {@link ConvChains#run}. */
    Tensor run(ConvShape shape, boolean forward, Tensor source, Tensor weight, Tensor bias, Epilogue phi, ThroughActivations.Activated below) {
        Tensor target = blocked.allocate(source.dtype(), forward ? shape.output() : shape.input());
        if (target.size() == 0) {
            return target;
        }
        PlainPlan plan = plans.of(new Key(shape, forward));
        Tensor x = blocked.arranged(source);
        Tensor v = below == null ? null : blocked.arranged(below.y());
        Tensor dense = backend.contiguous(weight);
        Tensor denseBias = bias == null ? null : backend.contiguous(bias);
        Work work = new Work(plan, forward, x, dense, denseBias, target, phi, below, v);
        work.run(shape.samples());
        blocked.done(x, source);
        blocked.done(dense, weight);
        if (bias != null) {
            blocked.done(denseBias, bias);
        }
        if (v != null) {
            blocked.done(v, below.y());
        }
        return target;
    }

    private PlainPlan plan(Key key) {
        return new PlainPlan(key.shape, key.forward, strips(key.shape, key.forward), plain, loops.manyRegisters);
    }

    /** Four items a thread, where they are worth it. */
    private int strips(ConvShape shape, boolean forward) {
        int threads = crew.workers().threads();
        int samples = Math.max(1, shape.samples());
        long products = (long) (forward ? shape.output() : shape.input()).size() / samples * (forward ? shape.groupChannels() : shape.groupFilters())
                * shape.window().kernelHeight() * shape.window().kernelWidth();
        return threads == 1 ? 1 : Math.clamp(products / GRAIN, 1, (4 * threads + samples - 1) / samples);
    }

    /** One call. */
    private final class Work {
        private final PlainPlan plan;
        private final boolean forward;
        private final Tensor x;
        private final Tensor target;
        private final Epilogue phi;
        private final Epilogue below;
        private final Tensor v;
        private final int perGroup;
        private final Tensor packed;
        private final Tensor start;

        Work(PlainPlan plan, boolean forward, Tensor x, Tensor weight, Tensor bias, Tensor target, Epilogue phi, ThroughActivations.Activated below, Tensor v) {
            this.plan = plan;
            this.forward = forward;
            this.x = x;
            this.target = target;
            this.phi = phi;
            this.below = below == null ? Epilogue.IDENTITY : below.phi();
            this.v = v;
            perGroup = plan.targetChannels / plan.groups;
            packed = backend.allocate(x.dtype(), Shape.of(plan.groups * plan.tiles * plan.terms() * plan.width));
            start = backend.allocate(x.dtype(), Shape.of(plan.groups * plan.tiles * plan.width));
            for (int tile = 0; tile < plan.groups * plan.tiles; tile++) {
                pack(tile, weight, bias);
            }
        }

        /** The first target channel of a tile. */
        private int channel(int tile) {
            return tile / plan.tiles * perGroup + tile % plan.tiles * plan.width;
        }

        private int channels(int tile) {
            return Math.min(plan.width, perGroup - tile % plan.tiles * plan.width);
        }

        /** The weights of a tile term by term, channels side by side; what sticks out of a tile with pixels across the lanes repeats the last channel. */
        private void pack(int tile, Tensor weight, Tensor bias) {
            T from = kernels.array(weight);
            T to = kernels.array(packed);
            int at = packed.offset() + tile * plan.terms() * plan.width;
            int channel = channel(tile);
            int live = channels(tile);
            if (live < plan.width) {
                kernels.fill(to, at, plan.terms() * plan.width, 0);
            }
            if (forward) {
                kernels.transpose(plan.terms(), live, from, weight.offset() + channel * plan.terms(), 1, plan.terms(), to, at, plan.width);
            } else {
                int sources = plan.sourceChannels / plan.groups;
                for (int s = 0; s < sources; s++) {
                    int block = ((tile / plan.tiles * sources + s) * perGroup + tile % plan.tiles * plan.width) * plan.kernelSize;
                    kernels.transpose(plan.kernelSize, live, from, weight.offset() + block, 1, plan.kernelSize, to, at + s * plan.kernelSize * plan.width, plan.width);
                }
            }
            T starts = kernels.array(start);
            int first = start.offset() + tile * plan.width;
            kernels.fill(starts, first, plan.width, 0);
            if (bias != null) {
                kernels.copy(kernels.array(bias), bias.offset() + channel, 1, starts, first, 1, live);
            }
            for (int r = live; r < Math.min(plan.rows, plan.width); r++) {
                kernels.copy(to, at + live - 1, plan.width, to, at + r, plan.width, plan.terms());
                kernels.copy(starts, first + live - 1, 1, starts, first + r, 1, 1);
            }
        }

        void run(int samples) {
            int threads = crew.threads((long) target.size() * plan.terms(), GRAIN);
            int room = plan.stripPixels * plan.width;
            Tensor pixels = backend.allocate(x.dtype(), Shape.of(threads * room));
            crew.share(threads, samples * plan.strips.length, (thread, item) -> {
                for (int tile = 0; tile < plan.groups * plan.tiles; tile++) {
                    strip(item / plan.strips.length, plan.strips[item % plan.strips.length], tile, kernels.array(pixels), pixels.offset() + thread * room);
                }
            });
            backend.release(pixels);
            backend.release(packed);
            backend.release(start);
        }

        private void strip(int sample, PlainPlan.Strip strip, int tile, T room, int at) {
            int source = x.offset() + (sample * plan.sourceChannels + tile / plan.tiles * (plan.sourceChannels / plan.groups)) * plan.sourcePlane;
            int w = packed.offset() + tile * plan.terms() * plan.width;
            int s = start.offset() + tile * plan.width;
            int n = (strip.to() - strip.from()) * plan.targetWidth;
            int first = (sample * plan.targetChannels + channel(tile)) * plan.targetPlane + strip.from() * plan.targetWidth;
            T y = kernels.array(target);
            for (PlainPlan.Run run : strip.channels()) {
                if (run.side() > 1) {
                    plain.chainSideBySide(run.side(), plan.vectors, run.in(), run.out(), run.source(), kernels.array(x), source, kernels.array(packed), w, kernels.array(start), s, room, at);
                } else {
                    plain.chain(plan.vectors, run.in(), run.out(), run.source(), run.weight(), kernels.array(x), source, kernels.array(packed), w, kernels.array(start), s, room, at);
                }
            }
            if (strip.channels().length > 0) {
                kernels.transpose(channels(tile), n, room, at, 1, plan.width, y, target.offset() + first, plan.targetPlane);
            }
            for (PlainPlan.Run run : strip.pixels()) {
                loops.chain(plan.rows, run.dense(), run.in(), run.out(), run.source().length, run.source(), run.weightAt(), kernels.array(x), source,
                        kernels.array(packed), w, kernels.array(start), s, y, target.offset() + first, plan.targetPlane, channels(tile) - 1);
            }
            if (phi.kind() == Epilogue.Kind.IDENTITY && below.kind() == Epilogue.Kind.IDENTITY) {
                return;
            }
            for (int c = 0; c < channels(tile); c++) {
                int place = first + c * plan.targetPlane;
                loops.epilogue(phi, y, target.offset() + place, n);
                if (v != null) {
                    loops.through(below, y, target.offset() + place, kernels.array(v), v.offset() + place, n);
                }
            }
        }
    }
}
