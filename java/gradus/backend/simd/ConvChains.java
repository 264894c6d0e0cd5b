package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.PairedConvolutions;
import gradus.backend.PairedImages;
import gradus.backend.ThroughActivations;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * The forward pass and the input gradient: for each target element one chain over channels and taps of the source.
 *
 * <p>Threads own strips of target rows of a block of samples. Source rows are read where they lie: the next ones come from memory while the multiply units work. Only where many planes
 * compete for one set of the cache ({@link ConvPlan#copies}), or are made while they are read, a strip's source rows are first copied side by side.
 *
 * @param <T> float[] or double[]
 */
final class ConvChains<T> {
    /** Fused multiply-adds that are worth waking a thread for. */
    private static final int GRAIN = 1 << 17;
    /** Bytes of target rows that are taken through an activation together: its images are then read in runs of several rows, and the second cache still has the rows. */
    private static final int THROUGH_BYTES = 256 << 10;

    /** What becomes of two by two pixels of the result: each is stored, or their largest, or their sum. */
    enum Meeting { NONE, LARGEST, SUM }

    private record Key(ConvShape shape, boolean forward, boolean paired, boolean made) {}

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
    Tensor run(ConvShape shape, boolean forward, PairedImages source, Tensor weight, Tensor bias, Epilogue phi, ThroughActivations.Activated below) {
        return run(shape, forward, source, weight, bias, phi, below, Meeting.NONE).y();
    }

    /** The same, with pixels that meet; the winners are null unless these are the largest. */
    PairedConvolutions.Pooled run(ConvShape shape, boolean forward, PairedImages source, Tensor weight, Tensor bias, Epilogue phi,
            ThroughActivations.Activated below, Meeting meeting) {
        DType type = source.tensor().dtype();
        ConvPlan plan = plans.of(new Key(shape, forward, meeting != Meeting.NONE, !(source instanceof PairedImages.Plain)));
        Shape all = forward ? shape.output() : shape.input();
        Tensor target = blocked.allocate(type, meeting == Meeting.NONE ? all : Shape.of(all.dim(0), all.dim(1), all.dim(2) / 2, all.dim(3) / 2));
        Tensor winners = meeting == Meeting.LARGEST ? backend.allocate(type, Shape.of(Pairs.winners(target.shape(), plan.block))) : null;
        if (target.size() == 0) {
            return new PairedConvolutions.Pooled(target, winners);
        }
        PairedImages x = Pairs.arranged(source, blocked);
        Tensor packed = backend.allocate(type, Shape.of(plan.packed));
        Tensor start = backend.allocate(type, Shape.of(plan.tiles.length * 8));
        pack(plan, weight, bias, packed, start);
        ThroughActivations.Activated activated = below == null ? null : new ThroughActivations.Activated(below.phi(), blocked.arranged(below.y()));
        int threads = crew.threads((long) all.size() * plan.weightsPerChannel(), GRAIN);
        int strip = plan.copies ? plan.sourceChannels * plan.planeHeight * plan.sourceWidth * plan.block : 0;
        int room = strip + (meeting == Meeting.NONE ? 0 : 2 * plan.targetChannels * plan.targetWidth * plan.block);
        Tensor rooms = backend.allocate(type, Shape.of(threads * room));
        Pass pass = new Pass(plan, x, packed, start, phi, activated, meeting, target, winners, rooms);
        int perBlock = plan.strips.length;
        crew.share(threads, plan.blocks * perBlock, (thread, item) -> {
            int at = rooms.offset() + thread * room;
            ConvPlan.Strip rows = plan.strips[item % perBlock];
            if (plan.copies) {
                pass.gather(item / perBlock, rows, at);
            }
            pass.rows(item / perBlock, rows, at, at + strip);
        });
        backend.release(rooms);
        backend.release(packed);
        backend.release(start);
        blocked.done(x.tensor(), source.tensor());
        if (activated != null) {
            blocked.done(activated.y(), below.y());
        }
        return new PairedConvolutions.Pooled(target, winners);
    }

    private ConvPlan plan(Key key) {
        int samples = key.shape.samples();
        int block = Blocked.block(samples);
        int blocks = (samples + block - 1) / block;
        int threads = crew.workers().threads();
        return new ConvPlan(key.shape, key.forward, loops.lanes, loops.manyRegisters, kernels.dtype().bytes(), threads == 1 ? 1 : (4 * threads + blocks - 1) / blocks,
                key.paired ? 2 : 1, key.made);
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

    /** One call. */
    private final class Pass {
        private final ConvPlan plan;
        private final PairedImages source;
        private final T x;
        /** Where the chains read: the strips of source rows or the images. */
        private final T read;
        private final T w;
        private final int wo;
        private final T start;
        private final int so;
        private final Epilogue phi;
        private final Epilogue below;
        private final T v;
        private final int vo;
        private final Meeting meeting;
        private final T y;
        private final int yo;
        private final T winners;
        private final int winnersAt;
        private final T room;
        /** What {@link #touch} read, so that the compiler does not leave it out; threads may overwrite each other's. */
        private int touched;

        Pass(ConvPlan plan, PairedImages source, Tensor packed, Tensor start, Epilogue phi, ThroughActivations.Activated below, Meeting meeting, Tensor target,
                Tensor winners, Tensor rooms) {
            this.plan = plan;
            this.source = source;
            x = kernels.array(source.tensor());
            w = kernels.array(packed);
            wo = packed.offset();
            this.start = kernels.array(start);
            so = start.offset();
            this.phi = phi;
            this.below = below == null ? Epilogue.IDENTITY : below.phi();
            v = below == null ? null : kernels.array(below.y());
            vo = below == null ? 0 : below.y().offset();
            this.meeting = meeting;
            y = kernels.array(target);
            yo = target.offset();
            this.winners = winners == null ? null : kernels.array(winners);
            winnersAt = winners == null ? 0 : winners.offset();
            room = kernels.array(rooms);
            read = plan.copies ? room : x;
        }

        /** Copies the source rows of a strip, channel by channel, side by side. */
        void gather(int block, ConvPlan.Strip strip, int at) {
            int row = plan.sourceWidth * plan.block;
            int plane = plan.sourceHeight * row;
            for (int c = 0; c < plan.sourceChannels; c++) {
                int number = block * plan.sourceChannels + c;
                int to = at + c * plan.planeHeight * row;
                if (source instanceof PairedImages.Plain) {
                    kernels.copy(x, source.tensor().offset() + number * plane + strip.low() * row, 1, room, to, 1, (strip.high() - strip.low()) * row);
                } else {
                    Pairs.read(kernels, loops, source, number, plan.sourceHeight, plan.sourceWidth, plan.block, strip.low(), strip.high(), room, to);
                }
            }
        }

        /** Reads the last source row of a row pattern plane by plane: in this order it comes from memory fast, and in the order of the tiles, a few pixels of each plane at a time, slowly. */
        private void touch(ConvAxis.Pattern pattern, int base, int at) {
            int taps = pattern.distance.length;
            int row = plan.sourceWidth * plan.block;
            for (int c = 0; taps > 0 && c < plan.sourceChannels; c++) {
                touched ^= loops.touch(read, at + (c * plan.planeHeight + base + pattern.distance[taps - 1]) * row, row);
            }
        }

        /** The target rows of a strip, from its source rows at room[at …] where they are copied; room[pairs …] has place for two rows of all target channels, which meet there. */
        void rows(int block, ConvPlan.Strip strip, int at, int pairs) {
            int from = plan.copies ? at : source.tensor().offset() + block * plan.sourceChannels * plan.sourceHeight * plan.sourceWidth * plan.block;
            int targetRow = plan.targetWidth * plan.block;
            boolean meet = meeting != Meeting.NONE;
            T to = meet ? room : y;
            int plane = meet ? 2 * targetRow : plan.targetHeight * targetRow;
            int together = Math.max(1, THROUGH_BYTES / Math.max(1, plan.targetChannels * targetRow * kernels.dtype().bytes()));
            int count = strip.to() - strip.from();
            for (int i = 0, done = 0; i < count; i++) {
                int h = plan.upwards ? strip.to() - 1 - i : strip.from() + i;
                row(block, h, plan.copies ? strip.low() : 0, from, to, meet ? pairs + h % 2 * targetRow : yo + block * plan.targetChannels * plane + h * targetRow, plane);
                if (meet && i % 2 == 1) {
                    meet(block, h / 2, pairs);
                } else if (!meet && below.kind() != Epilogue.Kind.IDENTITY && (i + 1 - done == together || i + 1 == count)) {
                    int first = plan.upwards ? h : strip.from() + done;
                    for (int c = 0; c < plan.targetChannels; c++) {
                        int target = (block * plan.targetChannels + c) * plane + first * targetRow;
                        loops.through(below, y, yo + target, v, vo + target, (i + 1 - done) * targetRow);
                    }
                    done = i + 1;
                }
            }
        }

        /** Row h of all target channels, to planes that begin at to[target], from source rows low and on at read[at …]. */
        private void row(int block, int h, int low, int at, T to, int target, int plane) {
            boolean last = block == plan.blocks - 1;
            int sourceRow = plan.sourceWidth * plan.block;
            int pattern = plan.rows.pattern[h];
            int base = plan.rows.patterns[pattern].bases[plan.rows.place[h]] - low;
            if (plan.touches) {
                touch(plan.rows.patterns[pattern], base, at);
            }
            for (int t = 0; t < plan.tiles.length; t++) {
                ConvPlan.Tile tile = plan.tiles[t];
                int from = at + (tile.group() * (plan.sourceChannels / plan.groups) * plan.planeHeight + base) * sourceRow;
                int first = target + tile.channel() * plane;
                for (int c = 0; c < plan.columns.patterns.length; c++) {
                    ConvPlan.Terms terms = plan.terms(pattern, c);
                    int[] in = plan.in(c, last);
                    int[] out = plan.out(c, last);
                    int[] weightAt = terms.weightAt()[ConvPlan.kind(tile.rows())];
                    if (tile.rows() == 1 && plan.slides[c] != 0) {
                        int pixels = plan.columns.patterns[c].outputs.length;
                        loops.slide(plan.slides[c], pixels, in.length / pixels, plan.block, in[0], out[0], terms.source().length, terms.source(), weightAt,
                                read, from, w, wo + tile.weightAt(), start, so + t * 8, to, first);
                    } else {
                        loops.chain(tile.rows(), plan.dense(c, last), in, out, terms.source().length, terms.source(), weightAt, read, from, w, wo + tile.weightAt(), start, so + t * 8,
                                to, first, plane, tile.channels() - 1);
                    }
                }
                if (phi.kind() != Epilogue.Kind.IDENTITY) {
                    for (int r = 0; r < tile.channels(); r++) {
                        loops.epilogue(phi, to, first + r * plane, plan.targetWidth * plan.block);
                    }
                }
            }
        }

        /** Two rows of all target channels at room[at …] to row h of half their extents. */
        private void meet(int block, int h, int at) {
            int row = plan.targetWidth * plan.block;
            int pixels = plan.targetWidth / 2;
            for (int c = 0; c < plan.targetChannels; c++) {
                int number = (block * plan.targetChannels + c) * (plan.targetHeight / 2) + h;
                int target = number * pixels * plan.block;
                if (meeting == Meeting.LARGEST) {
                    loops.largestOfPairs(room, at + c * 2 * row, row, pixels, plan.block, y, yo + target, winners, winnersAt + number * Pairs.elements(pixels) * plan.block);
                } else {
                    loops.sumsOfPairs(room, at + c * 2 * row, row, pixels, plan.block, y, yo + target);
                    loops.through(below, y, yo + target, v, vo + target, pixels * plan.block);
                }
            }
        }
    }
}
