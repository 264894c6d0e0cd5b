package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Window;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * The weight gradient: for each tap an outer product of filters and channels, summed over pixels and samples in the tree for sums over a batch.
 *
 * <p>The work is cut in units, a tile of filters by a tile of channels with all taps, whose sums of 16 lanes an element stay in the cache. Either threads own
 * units and take the blocks of samples in order, or, where units are few and small, threads own blocks and the blocks' sums are added in order
 * afterwards: the same additions.
 *
 * @param <T> float[] or double[]
 */
final class ConvOuters<T> {
    private static final int LANES = Convolutions.LANES;
    /** Bytes of a strip of rows of one tile that the nearest cache holds. */
    private static final int STRIP_BYTES = 32 << 10;
    /** Elements of the sums of all blocks that may be kept apart. */
    private static final long APART = 1 << 20;
    private static final int GRAIN = 1 << 17;

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final Crew crew;

    ConvOuters(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.crew = crew;
    }

    Tensor weightGradient(ConvShape s, Tensor y, Tensor x) {
        Tensor result = backend.allocate(y.dtype(), s.weight());
        if (s.samples() == 0) {
            backend.fill(result, 0);
            return result;
        }
        Tensor left = blocked.arranged(y);
        Tensor right = blocked.arranged(x);
        Work work = new Work(s, left, right);
        Tensor sums = work.total();
        work.fold(sums, result);
        backend.release(sums);
        blocked.done(left, y);
        blocked.done(right, x);
        return result;
    }

    /** One call. */
    private final class Work {
        private final ConvShape s;
        private final Window window;
        private final T y;
        private final int yo;
        private final T x;
        private final int xo;
        private final int block;
        private final int blocks;
        private final int filterTile;
        private final int channelTile;
        private final int filterTiles;
        private final int channelTiles;
        private final int units;
        private final int tapLength;
        private final int unitLength;
        private final int[][] rowRanges;
        private final int[][] columnRanges;
        private final int strip;

        Work(ConvShape s, Tensor left, Tensor right) {
            this.s = s;
            window = s.window();
            y = kernels.array(left);
            yo = left.offset();
            x = kernels.array(right);
            xo = right.offset();
            block = left.batchBlock();
            blocks = (s.samples() + block - 1) / block;
            filterTile = loops.filterTile(s.groupFilters(), s.groupChannels());
            channelTile = loops.channelTile(s.groupFilters(), s.groupChannels());
            filterTiles = (s.groupFilters() + filterTile - 1) / filterTile;
            channelTiles = (s.groupChannels() + channelTile - 1) / channelTile;
            units = s.groups() * filterTiles * channelTiles;
            tapLength = filterTile * channelTile * LANES;
            unitLength = window.kernelHeight() * window.kernelWidth() * tapLength;
            rowRanges = ranges(window.kernelHeight(), s.outHeight(), s.height(), window.strideHeight(), window.dilationHeight(), window.top());
            columnRanges = ranges(window.kernelWidth(), s.outWidth(), s.width(), window.strideWidth(), window.dilationWidth(), window.left());
            long rowBytes = (long) (filterTile * s.outWidth() + channelTile * s.width()) * block * left.dtype().bytes();
            strip = (int) Math.max(1, Math.min(s.outHeight(), STRIP_BYTES / rowBytes));
        }

        /** For each kernel place the outputs from ≤ i &lt; to whose tap lies in the image. */
        private static int[][] ranges(int kernels, int outputs, int extent, int stride, int dilation, int before) {
            int[][] ranges = new int[kernels][];
            for (int k = 0; k < kernels; k++) {
                int first = before - k * dilation;
                int from = first <= 0 ? 0 : (first + stride - 1) / stride;
                int to = first + extent <= 0 ? 0 : Math.min(outputs, (first + extent + stride - 1) / stride);
                ranges[k] = new int[] {from, Math.max(from, to)};
            }
            return ranges;
        }

        /** The sums of all blocks, lanes apart, units one after the other. */
        Tensor total() {
            int length = units * unitLength;
            Tensor sums = backend.allocate(result(), Shape.of(length));
            backend.fill(sums, 0);
            long products = (long) s.output().size() * s.groupChannels() * window.kernelHeight() * window.kernelWidth();
            int threads = crew.threads(products, GRAIN);
            if (threads > 1 && blocks >= threads && (long) blocks * length <= APART) {
                byBlocks(threads, sums, length);
            } else {
                byUnits(Math.min(threads, units), sums);
            }
            return sums;
        }

        private gradus.tensor.DType result() {
            return kernels.dtype();
        }

        private void byUnits(int parts, Tensor sums) {
            Tensor scratch = backend.allocate(result(), Shape.of(parts * 2 * unitLength));
            T room = kernels.array(scratch);
            T to = kernels.array(sums);
            crew.each(parts, parts, part -> {
                int mine = scratch.offset() + part * 2 * unitLength;
                for (int b = 0; b < blocks; b++) {
                    for (int unit = part * units / parts; unit < (part + 1) * units / parts; unit++) {
                        chunk(b, unit, room, mine);
                        loops.addLanes(to, sums.offset() + unit * unitLength, room, mine, unitLength / LANES, Math.min(live(b), LANES));
                    }
                }
            });
            backend.release(scratch);
        }

        private void byBlocks(int threads, Tensor sums, int length) {
            Tensor apart = backend.allocate(result(), Shape.of(blocks * (length + unitLength)));
            T room = kernels.array(apart);
            crew.each(threads, blocks, b -> {
                int mine = apart.offset() + b * (length + unitLength);
                for (int unit = 0; unit < units; unit++) {
                    chunk(b, unit, room, mine + unit * unitLength);
                }
            });
            T to = kernels.array(sums);
            for (int b = 0; b < blocks; b++) {
                loops.addLanes(to, sums.offset(), room, apart.offset() + b * (length + unitLength), length / LANES, Math.min(live(b), LANES));
            }
            backend.release(apart);
        }

        private int live(int b) {
            return Math.min(block, s.samples() - b * block);
        }

        /** The chains of one block for one unit, into room[at …]; the same again behind it is scratch. */
        private void chunk(int b, int unit, T room, int at) {
            int live = live(b);
            if (live <= LANES || live == block) {
                pass(b, unit, live <= LANES ? 1 : 2, room, at);
            } else {
                // Lanes whose second sample does not exist take the chain over the first alone.
                pass(b, unit, 2, room, at);
                pass(b, unit, 1, room, at + unitLength);
                loops.replaceLanes(room, at, room, at + unitLength, unitLength / LANES, live - LANES);
            }
        }

        private void pass(int b, int unit, int vectors, T room, int at) {
            kernels.fill(room, at, unitLength, 0);
            int group = unit / (filterTiles * channelTiles);
            int filter = unit / channelTiles % filterTiles * filterTile;
            int channel = unit % channelTiles * channelTile;
            int yPlane = s.outHeight() * s.outWidth() * block;
            int xPlane = s.height() * s.width() * block;
            int yBase = yo + (b * s.filters() + group * s.groupFilters() + filter) * yPlane;
            int xBase = xo + (b * s.channels() + group * s.groupChannels() + channel) * xPlane;
            int lastFilter = Math.min(filterTile, s.groupFilters() - filter) - 1;
            int lastChannel = Math.min(channelTile, s.groupChannels() - channel) - 1;
            int yRow = s.outWidth() * block;
            int xRow = s.width() * block * window.strideHeight();
            int xPixel = block * window.strideWidth();
            boolean flat = window.strideWidth() == 1 && vectors * LANES == block;
            for (int top = 0; top < s.outHeight(); top += strip) {
                for (int k = 0; k < window.kernelHeight(); k++) {
                    int from = Math.max(top, rowRanges[k][0]);
                    int rows = Math.min(top + strip, rowRanges[k][1]) - from;
                    for (int l = 0; rows > 0 && l < window.kernelWidth(); l++) {
                        int left = columnRanges[l][0];
                        int pixels = columnRanges[l][1] - left;
                        int a = at + (k * window.kernelWidth() + l) * tapLength;
                        int yAt = yBase + from * yRow + left * block;
                        int xAt = xBase + (window.row(from, k) * s.width() + window.column(left, l)) * block;
                        for (int lane = 0; pixels > 0 && lane < LANES; lane += loops.lanes) {
                            loops.outer(filterTile, channelTile, rows, flat ? 1 : pixels, flat ? pixels * vectors : vectors,
                                    y, yAt + lane, yRow, block, yPlane, lastFilter, x, xAt + lane, xRow, xPixel, xPlane, lastChannel, room, a + lane);
                        }
                    }
                }
            }
        }

        /** The sixteen lanes of every sum to one weight. */
        void fold(Tensor sums, Tensor result) {
            T from = kernels.array(sums);
            T to = kernels.array(result);
            int taps = window.kernelHeight() * window.kernelWidth();
            int at = result.offset();
            for (int f = 0; f < s.filters(); f++) {
                int group = f / s.groupFilters();
                int filter = f % s.groupFilters();
                for (int c = 0; c < s.groupChannels(); c++) {
                    int unit = (group * filterTiles + filter / filterTile) * channelTiles + c / channelTile;
                    int pair = filter % filterTile * channelTile + c % channelTile;
                    for (int tap = 0; tap < taps; tap++) {
                        loops.foldLanes(from, sums.offset() + unit * unitLength + tap * tapLength + pair * LANES, to, at++);
                    }
                }
            }
        }
    }
}
