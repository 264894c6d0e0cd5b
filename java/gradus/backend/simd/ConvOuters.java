package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.CacheLines;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.PairedImages;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weight gradient: for each tap an outer product of filters and channels, summed over pixels and samples in the tree for sums over a batch.
 *
 * <p>The work is cut in units, a tile of filters by a tile of channels with all taps, whose sums of 16 lanes an element stay in the cache. Either threads own
 * units and take the blocks of samples in order, or, where units are few and small, threads own blocks and the blocks' sums are added in order
 * afterwards: the same additions. A strip of rows goes through all units of a group before the next strip, so that the images come into the second cache once
 * and not once a unit; unit by unit the third cache was the limit, and two threads were as slow as one.
 *
 * <p>With 32 vector registers, strips are packed first ({@link ConvPacking}): each thread copies what its tiles want side by side. One filter or one channel would not use what is copied
 * often enough; there, three neighbouring taps of a kernel row are taken at once where the kernel is three wide and at most one pixel of a row lacks each outer tap.
 *
 * @param <T> float[] or double[]
 */
final class ConvOuters<T> {
    private static final int LANES = Convolutions.LANES;
    private static final int GRAIN = 1 << 17;
    /** Elements by which a thread's strips grow. */
    private static final int MEMORY_STEP = 64 << 10;

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final Crew crew;
    /** Each thread's packed strips. */
    private final List<T> memory;
    /** Each thread's block of an operand that is made while it is read. */
    private final List<T> made;
    private final Plans<Key, ConvOuterPlan> plans = new Plans<>(this::plan);

    private record Key(ConvShape shape, ConvOuterPlan.Bias of) {}

    ConvOuters(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.crew = crew;
        memory = new ArrayList<>(Collections.nCopies(crew.workers().threads(), null));
        made = new ArrayList<>(memory);
    }

    /** So many elements, not set, of a thread, from the first line of the cache on. */
    private T memory(List<T> memory, int thread, int length) {
        T had = memory.get(thread);
        if (had == null || kernels.length(had) < length + CacheLines.SLACK) {
            had = kernels.allocate((length / MEMORY_STEP + 1) * MEMORY_STEP + CacheLines.SLACK);
            memory.set(thread, had);
        }
        return had;
    }

    Tensor weightGradient(ConvShape s, Tensor y, Tensor x) {
        return gradients(s, new PairedImages.Plain(y), new PairedImages.Plain(x), ConvOuterPlan.Bias.NONE).weight();
    }

    Convolutions.Parameters parameterGradients(ConvShape s, PairedImages y, PairedImages x, boolean transposed) {
        return gradients(s, y, x, transposed ? ConvOuterPlan.Bias.OF_X : ConvOuterPlan.Bias.OF_Y);
    }

    private Convolutions.Parameters gradients(ConvShape s, PairedImages y, PairedImages x, ConvOuterPlan.Bias of) {
        DType type = y.tensor().dtype();
        Convolutions.Parameters result = new Convolutions.Parameters(backend.allocate(type, s.weight()), switch (of) {
            case NONE -> null;
            case OF_Y -> backend.allocate(type, Shape.of(s.filters()));
            case OF_X -> backend.allocate(type, Shape.of(s.channels()));
        });
        if (s.samples() == 0) {
            backend.fill(result.weight(), 0);
            if (result.bias() != null) {
                backend.fill(result.bias(), 0);
            }
            return result;
        }
        PairedImages left = Pairs.arranged(y, blocked);
        PairedImages right = Pairs.arranged(x, blocked);
        Work work = new Work(plans.of(new Key(s, of)), left, right);
        Tensor sums = work.total();
        work.fold(sums, result.weight());
        if (result.bias() != null) {
            work.foldBias(sums, result.bias());
        }
        backend.release(sums);
        blocked.done(left.tensor(), y.tensor());
        blocked.done(right.tensor(), x.tensor());
        return result;
    }

    private ConvOuterPlan plan(Key key) {
        return new ConvOuterPlan(key.shape, key.of, loops.manyRegisters, kernels.dtype().bytes());
    }

    /** One call. */
    private final class Work {
        private final ConvOuterPlan plan;
        private final ConvShape s;
        private final PairedImages left;
        private final PairedImages right;
        /** Whether y is made while it is packed; otherwise whether an operand is made before that, of which a thread has one block. */
        private final boolean direct;
        private final boolean made;
        /** Where the chains of a unit begin. */
        private Tensor zeros;

        Work(ConvOuterPlan plan, PairedImages left, PairedImages right) {
            this.plan = plan;
            s = plan.shape;
            this.left = left;
            this.right = right;
            direct = !(left instanceof PairedImages.Plain) && plan.packing != null && plan.packing.packsY();
            made = !direct && !(left instanceof PairedImages.Plain && right instanceof PairedImages.Plain);
        }

        /** The sums of all blocks, lanes apart, units one after the other. */
        Tensor total() {
            Tensor sums = backend.allocate(kernels.dtype(), Shape.of(plan.length()));
            backend.fill(sums, 0);
            zeros = backend.allocate(kernels.dtype(), Shape.of(plan.weightLength));
            backend.fill(zeros, 0);
            long products = (long) s.output().size() * s.groupChannels() * plan.window.kernelHeight() * plan.window.kernelWidth();
            int threads = crew.threads(products, GRAIN);
            if (plan.byBlocks(threads)) {
                byBlocks(threads, sums);
            } else {
                byUnits(Math.min(threads, plan.units.length), sums);
            }
            backend.release(zeros);
            return sums;
        }

        private void byUnits(int threads, Tensor sums) {
            ConvOuterPlan.Part[] parts = new ConvOuterPlan.Part[threads];
            int longest = 0;
            for (int t = 0; t < threads; t++) {
                parts[t] = plan.part(t * plan.units.length / threads, (t + 1) * plan.units.length / threads);
                longest = Math.max(longest, parts[t].longest());
            }
            int each = 2 * longest * plan.unitLength;
            Tensor scratch = backend.allocate(kernels.dtype(), Shape.of(threads * each));
            T room = kernels.array(scratch);
            T to = kernels.array(sums);
            crew.each(threads, threads, t -> {
                ConvOuterPlan.Part part = parts[t];
                Packed packed = new Packed(t, part);
                int mine = scratch.offset() + t * each;
                int run = made ? 1 : part.run();
                for (int first = 0; first < plan.blocks; first += run) {
                    int end = Math.min(first + run, plan.blocks);
                    if (part.resident()) {
                        packed.take(part.from(), part.to(), 0, s.outHeight(), first, end);
                    }
                    for (ConvOuterPlan.Group group : part.groups()) {
                        for (int b = first; b < end; b++) {
                            chunk(packed, b, group, room, mine, mine + each / 2);
                            loops.addLanes(to, sums.offset() + group.from() * plan.unitLength, room, mine, (group.to() - group.from()) * plan.unitLength / LANES,
                                    Math.min(live(b), LANES));
                        }
                    }
                }
            });
            backend.release(scratch);
        }

        private void byBlocks(int threads, Tensor sums) {
            int length = plan.length();
            ConvOuterPlan.Part part = plan.part(0, plan.units.length);
            int spare = part.longest() * plan.unitLength;
            Tensor apart = backend.allocate(kernels.dtype(), Shape.of(plan.blocks * length + threads * spare));
            T room = kernels.array(apart);
            List<Packed> packed = IntStream.range(0, threads).mapToObj(t -> new Packed(t, part)).toList();
            crew.share(threads, plan.blocks, (thread, b) -> {
                if (part.resident()) {
                    packed.get(thread).take(part.from(), part.to(), 0, s.outHeight(), b, b + 1);
                }
                for (ConvOuterPlan.Group group : part.groups()) {
                    chunk(packed.get(thread), b, group, room, apart.offset() + b * length + group.from() * plan.unitLength, apart.offset() + plan.blocks * length + thread * spare);
                }
            });
            T to = kernels.array(sums);
            crew.each(threads, threads, t -> {
                int from = t * plan.units.length / threads * plan.unitLength;
                int end = (t + 1) * plan.units.length / threads * plan.unitLength;
                for (int b = 0; b < plan.blocks; b++) {
                    loops.addLanes(to, sums.offset() + from, room, apart.offset() + b * length + from, (end - from) / LANES, Math.min(live(b), LANES));
                }
            });
            backend.release(apart);
        }

        private int live(int b) {
            return Math.min(plan.block, s.samples() - b * plan.block);
        }

        /** Vectors of samples of a block's pixels. */
        private int vectors(int b) {
            return live(b) <= LANES ? 1 : 2;
        }

        /** Whether lanes of a block lack their second sample: they take the chain over the first alone. */
        private boolean partial(int b) {
            return live(b) > LANES && live(b) < plan.block;
        }

        /** The chains of one block for a group of units, into room[at …]; room[spare …] is scratch. */
        private void chunk(Packed packed, int b, ConvOuterPlan.Group group, T room, int at, int spare) {
            boolean partial = partial(b);
            clear(group, room, at);
            if (partial) {
                clear(group, room, spare);
            }
            for (int top = 0; top < s.outHeight(); top += group.strip()) {
                int bottom = Math.min(top + group.strip(), s.outHeight());
                packed.read(b, top, bottom);
                if (!packed.part.resident()) {
                    packed.take(group.from(), group.to(), top, bottom, b, b + 1);
                }
                strip(packed, b, group, top, bottom, vectors(b), room, at);
                if (partial) {
                    strip(packed, b, group, top, bottom, 1, room, spare);
                }
            }
            if (partial) {
                loops.replaceLanes(room, at, room, spare, (group.to() - group.from()) * plan.unitLength / LANES, live(b) - LANES);
            }
        }

        private void clear(ConvOuterPlan.Group group, T room, int at) {
            int kept = plan.three || plan.packing != null ? plan.weightLength : 0;
            for (int u = 0; u < group.to() - group.from(); u++) {
                kernels.fill(room, at + u * plan.unitLength + kept, plan.unitLength - kept, 0);
            }
        }

        private void strip(Packed packed, int b, ConvOuterPlan.Group group, int top, int bottom, int vectors, T room, int at) {
            for (int u = 0; u < group.to() - group.from(); u++) {
                ConvOuterPlan.Unit unit = plan.units[group.from() + u];
                int to = at + u * plan.unitLength;
                if (unit.ownsBias() && direct) {
                    packed.bias(b, unit, vectors, (group.from() + u) / plan.channelTiles, room, to + plan.weightLength);
                } else if (unit.ownsBias()) {
                    bias(packed, b, unit, top, bottom, vectors, room, to + plan.weightLength);
                }
                if (plan.three) {
                    rowsOfThree(packed, b, unit, top, bottom, vectors, room, to);
                } else {
                    for (int row = top; plan.packing == null && row < bottom; row += plan.near) {
                        rows(packed, b, unit, row, Math.min(row + plan.near, bottom), vectors, room, to);
                    }
                }
            }
            // Few rows through all units, so that the nearest cache has the rows of y, and of x for all taps.
            for (int row = top; plan.packing != null && row < bottom; row += plan.near) {
                for (int u = 0; u < group.to() - group.from(); u++) {
                    packed.multiply(b, vectors, group.from() + u, row, Math.min(row + plan.near, bottom), room, at + u * plan.unitLength);
                }
            }
        }

        /**
         * A thread's operands: the block of one that is made while it is read, and the strips of both that are packed, of one block or of several. Where lanes lack their second
         * sample, those of the first alone lie behind.
         */
        private final class Packed {
            final ConvOuterPlan.Part part;
            final T y;
            final T x;
            private final int yo;
            private final int xo;
            private final int thread;
            private int madeBlock = -1;
            private int madeRows;
            /** Of a block with two vectors of samples a pixel, and with one. */
            private ConvPacking.Strips two;
            private ConvPacking.Strips one;
            private int firstBlock;
            private int packedRows;
            private T target;
            private int line;

            Packed(int thread, ConvOuterPlan.Part part) {
                this.thread = thread;
                this.part = part;
                boolean plainY = left instanceof PairedImages.Plain;
                boolean plainX = right instanceof PairedImages.Plain;
                T own = made ? memory(ConvOuters.this.made, thread, plainY ? s.channels() * plan.xPlane : s.filters() * plan.yPlane) : null;
                y = plainY ? kernels.array(left.tensor()) : own;
                yo = plainY ? left.tensor().offset() : made ? kernels.firstOfLine(own) : 0;
                x = plainX ? kernels.array(right.tensor()) : own;
                xo = plainX ? right.tensor().offset() : kernels.firstOfLine(own);
            }

            int yBlock(int b) {
                return yo + (left instanceof PairedImages.Plain ? b * s.filters() * plan.yPlane : 0);
            }

            int xBlock(int b) {
                return xo + (right instanceof PairedImages.Plain ? b * s.channels() * plan.xPlane : 0);
            }

            /** Makes the rows that output rows top ≤ · &lt; bottom of a block want, unless they are there. */
            void read(int b, int top, int bottom) {
                if (!made) {
                    return;
                }
                madeRows = b == madeBlock ? madeRows : 0;
                madeBlock = b;
                boolean ofY = right instanceof PairedImages.Plain;
                int end = ofY ? bottom : imageEnd(bottom);
                for (int c = 0; madeRows < end && c < (ofY ? s.filters() : s.channels()); c++) {
                    if (ofY) {
                        Pairs.read(kernels, loops, left, b * s.filters() + c, s.outHeight(), s.outWidth(), plan.block, madeRows, end, y, yo + c * plan.yPlane + madeRows * plan.yRow);
                    } else {
                        Pairs.read(kernels, loops, right, b * s.channels() + c, s.height(), s.width(), plan.block, madeRows, end, x,
                                xo + c * plan.xPlane + madeRows * s.width() * plan.block);
                    }
                }
                madeRows = Math.max(madeRows, end);
            }

            /** Image rows that output rows up to a bottom want. */
            private int imageEnd(int bottom) {
                int end = 0;
                for (int k = 0; k < plan.window.kernelHeight(); k++) {
                    int last = Math.min(bottom, plan.rowRanges[k][1]) - 1;
                    end = last < plan.rowRanges[k][0] ? end : Math.max(end, plan.window.row(last, k) + 1);
                }
                return end;
            }

            void take(int from, int to, int top, int bottom, int first, int end) {
                if (plan.packing == null) {
                    return;
                }
                two = plan.packing.strips(from, to, top, bottom, 2);
                one = plan.packing.strips(from, to, top, bottom, 1);
                firstBlock = first;
                packedRows = bottom;
                target = memory(ConvOuters.this.memory, thread, place(end) + one.length());
                line = kernels.firstOfLine(target);
                for (int b = first; b < end; b++) {
                    pack(b, vectors(b));
                    if (partial(b)) {
                        pack(b, 1);
                    }
                }
            }

            private void pack(int b, int vectors) {
                ConvPacking.Strips strips = vectors == 2 ? two : one;
                int at = line + place(b, vectors);
                read(b, 0, packedRows);
                if (direct) {
                    strips.packY(loops, left, b, target, at);
                } else {
                    strips.packY(loops, y, yBlock(b), target, at);
                }
                strips.packX(loops, x, xBlock(b), target, at);
            }

            /** The sums of a unit's filters over packed rows. */
            void bias(int b, ConvOuterPlan.Unit unit, int vectors, int tile, T room, int at) {
                for (int c = 0; c <= unit.lastFilter(); c += 4) {
                    (vectors == 2 ? two : one).sumsOfY(loops, tile, c, Math.min(3, unit.lastFilter() - c), target, line + place(b, vectors), room, at + c * LANES);
                }
            }

            /** Where the strips of a block lie; those of the first samples alone, where there are both, lie behind the others, for such a block is the last. */
            private int place(int b, int vectors) {
                return place(vectors == vectors(b) ? b : b + 1);
            }

            private int place(int b) {
                return (b - firstBlock) * (plan.block == LANES ? one : two).length();
            }

            /** One unit over a few rows. The chains of the first begin at zero, the others where the rows before left them. */
            void multiply(int b, int vectors, int unit, int top, int bottom, T room, int at) {
                T from = top == 0 ? kernels.array(zeros) : room;
                (vectors == 2 ? two : one).multiply(loops, unit, top, bottom, target, line + place(b, vectors), from, top == 0 ? zeros.offset() : at, room, at);
            }
        }

        /** The sums of a unit's channels over the rows that come with output rows top ≤ · &lt; bottom: in y these, in x those that no strip before had. */
        private void bias(Packed sides, int b, ConvOuterPlan.Unit unit, int top, int bottom, int vectors, T room, int at) {
            boolean ofY = plan.of == ConvOuterPlan.Bias.OF_Y;
            int width = ofY ? s.outWidth() : s.width();
            int from = ofY ? top : imageRow(top);
            int places = ((ofY ? bottom : imageRow(bottom)) - from) * width;
            int plane = ofY ? plan.yPlane : plan.xPlane;
            int base = (ofY ? sides.yBlock(b) + unit.y() : sides.xBlock(b) + unit.x()) + from * width * plan.block;
            boolean flat = vectors * LANES == plan.block;
            int last = ofY ? unit.lastFilter() : unit.lastChannel();
            for (int c = 0; c <= last; c += 4) {
                loops.sums(flat ? 1 : places, flat ? places * vectors : vectors, plan.block, ofY ? sides.y : sides.x, base + c * plane, plane, Math.min(3, last - c), room, at + c * LANES);
            }
        }

        /** Where the image rows of a strip begin, so that the strips have each row once. */
        private int imageRow(int outputRow) {
            return outputRow == 0 ? 0 : outputRow == s.outHeight() ? s.height() : Math.clamp(plan.window.row(outputRow, 0), 0, s.height());
        }

        /** One unit over a strip of rows, a kernel row at a time. The chains of the first strip begin at zero, the others where the strip before left them. */
        private void rowsOfThree(Packed sides, int b, ConvOuterPlan.Unit unit, int top, int bottom, int vectors, T room, int at) {
            int left = plan.columnRanges[0][0] - plan.columnRanges[1][0];
            int inner = plan.columnRanges[2][1] - plan.columnRanges[0][0];
            int right = plan.columnRanges[1][1] - plan.columnRanges[2][1];
            int column = plan.columnRanges[1][0];
            boolean first = top == 0;
            T from = first ? kernels.array(zeros) : room;
            int fo = first ? zeros.offset() : at;
            for (int k = 0; k < plan.window.kernelHeight(); k++) {
                int row = Math.max(top, plan.rowRanges[k][0]);
                int rows = Math.min(bottom, plan.rowRanges[k][1]) - row;
                int yAt = sides.yBlock(b) + unit.y() + row * plan.yRow + column * plan.block;
                int xAt = sides.xBlock(b) + unit.x() + (plan.window.row(row, k) * s.width() + plan.window.column(column, 0)) * plan.block;
                for (int lane = 0; (rows > 0 || first) && lane < LANES; lane += loops.lanes) {
                    int a = 3 * k * plan.tapLength + lane;
                    loops.outerThree(plan.channelTile, rows, left, inner, right, vectors, sides.y, yAt + lane, plan.yRow, plan.block, plan.yPlane, unit.lastFilter(),
                            sides.x, xAt + lane, plan.xRow, plan.xPixel, plan.xPlane, unit.lastChannel(), plan.window.dilationWidth() * plan.block,
                            from, fo + a, room, at + a, plan.tapLength);
                }
            }
        }

        /** One unit over some rows, a tap at a time. */
        private void rows(Packed sides, int b, ConvOuterPlan.Unit unit, int top, int bottom, int vectors, T room, int at) {
            boolean flat = plan.window.strideWidth() == 1 && vectors * LANES == plan.block;
            for (int k = 0; k < plan.window.kernelHeight(); k++) {
                int from = Math.max(top, plan.rowRanges[k][0]);
                int rows = Math.min(bottom, plan.rowRanges[k][1]) - from;
                for (int l = 0; rows > 0 && l < plan.window.kernelWidth(); l++) {
                    int left = plan.columnRanges[l][0];
                    int pixels = plan.columnRanges[l][1] - left;
                    int a = at + (k * plan.window.kernelWidth() + l) * plan.tapLength;
                    int yAt = sides.yBlock(b) + unit.y() + from * plan.yRow + left * plan.block;
                    int xAt = sides.xBlock(b) + unit.x() + (plan.window.row(from, k) * s.width() + plan.window.column(left, l)) * plan.block;
                    for (int lane = 0; pixels > 0 && lane < LANES; lane += loops.lanes) {
                        loops.outer(plan.filterTile, plan.channelTile, rows, flat ? 1 : pixels, flat ? pixels * vectors : vectors, sides.y, yAt + lane, plan.yRow, plan.block,
                                plan.yPlane, unit.lastFilter(), sides.x, xAt + lane, plan.xRow, plan.xPixel, plan.xPlane, unit.lastChannel(), room, a + lane);
                    }
                }
            }
        }

        /** The sixteen lanes of every channel of the summed operand to one element. */
        void foldBias(Tensor sums, Tensor result) {
            boolean ofY = plan.of == ConvOuterPlan.Bias.OF_Y;
            int perGroup = ofY ? s.groupFilters() : s.groupChannels();
            for (int c = 0; c < result.size(); c++) {
                int inGroup = c % perGroup;
                int tile = ofY ? plan.tileOf(inGroup) : inGroup / plan.channelTile;
                int unit = c / perGroup * plan.filterTiles * plan.channelTiles + (ofY ? tile * plan.channelTiles : tile);
                int place = inGroup - (ofY ? plan.filterStarts[tile] : tile * plan.channelTile);
                loops.foldLanes(kernels.array(sums), sums.offset() + unit * plan.unitLength + plan.weightLength + place * LANES, kernels.array(result), result.offset() + c);
            }
        }

        /** The sixteen lanes of every sum to one weight. */
        void fold(Tensor sums, Tensor result) {
            T from = kernels.array(sums);
            T to = kernels.array(result);
            int taps = plan.window.kernelHeight() * plan.window.kernelWidth();
            int at = result.offset();
            for (int f = 0; f < s.filters(); f++) {
                int group = f / s.groupFilters();
                int filter = f % s.groupFilters();
                int tile = plan.tileOf(filter);
                for (int c = 0; c < s.groupChannels(); c++) {
                    int unit = (group * plan.filterTiles + tile) * plan.channelTiles + c / plan.channelTile;
                    int pair = (filter - plan.filterStarts[tile]) * plan.channelTile + c % plan.channelTile;
                    for (int tap = 0; tap < taps; tap++) {
                        loops.foldLanes(from, sums.offset() + unit * plan.unitLength + tap * plan.tapLength + pair * LANES, to, at++);
                    }
                }
            }
        }
    }
}
