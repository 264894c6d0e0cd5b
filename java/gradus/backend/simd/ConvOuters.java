package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Window;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weight gradient: for each tap an outer product of filters and channels, summed over pixels and samples in the tree for sums over a batch.
 *
 * <p>The work is cut in units, a tile of filters by a tile of channels with all taps, whose sums of 16 lanes an element stay in the cache. Either threads own
 * units and take the blocks of samples in order, or, where units are few and small, threads own blocks and the blocks' sums are added in order
 * afterwards: the same additions. A strip of rows goes through all units of a group before the next strip, so that the images come into the second cache once
 * and not once a unit; unit by unit the third cache was the limit, and two threads were as slow as one.
 *
 * <p>Three neighbouring taps of a kernel row are taken at once where the kernel is three wide and at most one pixel of a row lacks each outer tap.
 *
 * @param <T> float[] or double[]
 */
final class ConvOuters<T> {
    private static final int LANES = Convolutions.LANES;
    /** Bytes of a strip of rows of one tile that the nearest cache holds, for a tap at a time. */
    private static final int NEAR_BYTES = 32 << 10;
    /** Bytes of a strip of rows of all tiles of a group, and of the group's sums, that the second cache holds: it has 1 MB, and half of this strip was a fifth slower. */
    private static final int STRIP_BYTES = 768 << 10;
    private static final int GROUP_BYTES = 256 << 10;
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

    /** The operand whose channels are summed along: the bias is that of a convolution, or of a transposed one, or there is none. */
    private enum Bias { NONE, OF_Y, OF_X }

    Tensor weightGradient(ConvShape s, Tensor y, Tensor x) {
        return gradients(s, y, x, Bias.NONE).weight();
    }

    Convolutions.Parameters parameterGradients(ConvShape s, Tensor y, Tensor x, boolean transposed) {
        return gradients(s, y, x, transposed ? Bias.OF_X : Bias.OF_Y);
    }

    private Convolutions.Parameters gradients(ConvShape s, Tensor y, Tensor x, Bias of) {
        Convolutions.Parameters result = new Convolutions.Parameters(backend.allocate(y.dtype(), s.weight()), switch (of) {
            case NONE -> null;
            case OF_Y -> backend.allocate(y.dtype(), Shape.of(s.filters()));
            case OF_X -> backend.allocate(y.dtype(), Shape.of(s.channels()));
        });
        if (s.samples() == 0) {
            backend.fill(result.weight(), 0);
            if (result.bias() != null) {
                backend.fill(result.bias(), 0);
            }
            return result;
        }
        Tensor left = blocked.arranged(y);
        Tensor right = blocked.arranged(x);
        Work work = new Work(s, left, right, of);
        Tensor sums = work.total();
        work.fold(sums, result.weight());
        if (result.bias() != null) {
            work.foldBias(sums, result.bias());
        }
        backend.release(sums);
        blocked.done(left, y);
        blocked.done(right, x);
        return result;
    }

    /** One call. */
    private final class Work {
        private final ConvShape s;
        private final Bias of;
        private final Window window;
        private final T y;
        private final int yo;
        private final T x;
        private final int xo;
        private final int block;
        private final int blocks;
        private final int filterTile;
        private final int channelTile;
        /** The first filter of each tile, and behind the last the end. */
        private final int[] filterStarts;
        private final int filterTiles;
        private final int channelTiles;
        private final int units;
        private final int tapLength;
        /** Lanes of a unit's weights; behind them lie those of its share of the bias. */
        private final int weightLength;
        private final int unitLength;
        private final int yPlane;
        private final int yRow;
        private final int xPlane;
        private final int xRow;
        private final int xPixel;
        private final int[][] rowRanges;
        private final int[][] columnRanges;
        private final boolean three;
        private final int near;

        Work(ConvShape s, Tensor left, Tensor right, Bias of) {
            this.s = s;
            this.of = of;
            window = s.window();
            y = kernels.array(left);
            yo = left.offset();
            x = kernels.array(right);
            xo = right.offset();
            block = left.batchBlock();
            blocks = (s.samples() + block - 1) / block;
            rowRanges = ranges(window.kernelHeight(), s.outHeight(), s.height(), window.strideHeight(), window.dilationHeight(), window.top());
            columnRanges = ranges(window.kernelWidth(), s.outWidth(), s.width(), window.strideWidth(), window.dilationWidth(), window.left());
            three = loops.manyRegisters && threeTaps();
            filterTile = loops.filterTile(s.groupFilters(), s.groupChannels(), three);
            channelTile = loops.channelTile(s.groupFilters(), s.groupChannels(), three);
            filterStarts = starts(s.groupFilters(), filterTile, three);
            filterTiles = filterStarts.length - 1;
            channelTiles = (s.groupChannels() + channelTile - 1) / channelTile;
            units = s.groups() * filterTiles * channelTiles;
            tapLength = filterTile * channelTile * LANES;
            yPlane = s.outHeight() * s.outWidth() * block;
            yRow = s.outWidth() * block;
            xPlane = s.height() * s.width() * block;
            xRow = s.width() * block * window.strideHeight();
            xPixel = block * window.strideWidth();
            weightLength = window.kernelHeight() * window.kernelWidth() * tapLength;
            unitLength = weightLength + switch (of) {
                case NONE -> 0;
                case OF_Y -> filterTile * LANES;
                case OF_X -> channelTile * LANES;
            };
            near = rows(NEAR_BYTES, filterTile, channelTile);
        }

        /** As few tiles as hold all filters; tiles of three taps are made alike, 16 = 6 + 5 + 5, for each size has its kernel. */
        private static int[] starts(int filters, int tile, boolean three) {
            int tiles = (filters + tile - 1) / tile;
            int[] starts = new int[tiles + 1];
            for (int t = 1; t <= tiles; t++) {
                starts[t] = three ? (t * filters + tiles - 1) / tiles : Math.min(filters, starts[t - 1] + tile);
            }
            return starts;
        }

        /** Whether a row is some pixels with taps 1 and 2, then some with all three, then some with taps 0 and 1. */
        private boolean threeTaps() {
            return window.kernelWidth() == 3 && columnRanges[1][0] == columnRanges[2][0] && columnRanges[0][1] == columnRanges[1][1]
                    && columnRanges[0][0] >= columnRanges[1][0] && columnRanges[2][1] <= columnRanges[1][1] && columnRanges[0][0] <= columnRanges[2][1];
        }

        /** Rows of so many filters and channels that fit some bytes; at least one. */
        private int rows(int bytes, int filters, int channels) {
            long rowBytes = (long) (filters * s.outWidth() + channels * s.width() * window.strideHeight()) * block * kernels.dtype().bytes();
            return (int) Math.max(1, Math.min(s.outHeight(), bytes / rowBytes));
        }

        /** Units from ≤ · &lt; to that are taken together, and the rows in which. */
        private record Group(int from, int to, int strip) {}

        /** The units from ≤ · &lt; to in groups whose sums fit the second cache; single ones where it holds all their images. */
        private List<Group> groups(int from, int to) {
            int most = Math.max(1, GROUP_BYTES / (unitLength * kernels.dtype().bytes()));
            if (strip(to - from) == s.outHeight()) {
                most = 1;
            }
            List<Group> all = new ArrayList<>();
            for (int unit = from; unit < to; unit += most) {
                int end = Math.min(to, unit + most);
                all.add(new Group(unit, end, most == 1 ? s.outHeight() : strip(end - unit)));
            }
            return all;
        }

        private int strip(int units) {
            int filters = Math.min(s.filters(), (units + channelTiles - 1) / channelTiles * filterTile);
            return rows(STRIP_BYTES, filters, Math.min(s.channels(), units * channelTile));
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
            List<List<Group>> groups = new ArrayList<>();
            int longest = 0;
            for (int part = 0; part < parts; part++) {
                groups.add(groups(part * units / parts, (part + 1) * units / parts));
                longest = Math.max(longest, longest(groups.get(part)));
            }
            int each = 2 * longest;
            Tensor scratch = backend.allocate(result(), Shape.of(parts * each));
            T room = kernels.array(scratch);
            T to = kernels.array(sums);
            crew.each(parts, parts, part -> {
                int mine = scratch.offset() + part * each;
                for (int b = 0; b < blocks; b++) {
                    for (Group group : groups.get(part)) {
                        chunk(b, group, room, mine, mine + each / 2);
                        loops.addLanes(to, sums.offset() + group.from * unitLength, room, mine, (group.to - group.from) * unitLength / LANES, Math.min(live(b), LANES));
                    }
                }
            });
            backend.release(scratch);
        }

        private int longest(List<Group> groups) {
            int units = 0;
            for (Group group : groups) {
                units = Math.max(units, group.to - group.from);
            }
            return units * unitLength;
        }

        private void byBlocks(int threads, Tensor sums, int length) {
            List<Group> groups = groups(0, units);
            int spare = longest(groups);
            Tensor apart = backend.allocate(result(), Shape.of(blocks * length + threads * spare));
            T room = kernels.array(apart);
            crew.share(threads, blocks, (thread, b) -> {
                for (Group group : groups) {
                    chunk(b, group, room, apart.offset() + b * length + group.from * unitLength, apart.offset() + blocks * length + thread * spare);
                }
            });
            T to = kernels.array(sums);
            for (int b = 0; b < blocks; b++) {
                loops.addLanes(to, sums.offset(), room, apart.offset() + b * length, length / LANES, Math.min(live(b), LANES));
            }
            backend.release(apart);
        }

        private int live(int b) {
            return Math.min(block, s.samples() - b * block);
        }

        /** The chains of one block for a group of units, into room[at …]; room[spare …] is scratch. */
        private void chunk(int b, Group group, T room, int at, int spare) {
            int live = live(b);
            if (live <= LANES || live == block) {
                pass(b, group, live <= LANES ? 1 : 2, room, at);
            } else {
                // Lanes whose second sample does not exist take the chain over the first alone.
                pass(b, group, 2, room, at);
                pass(b, group, 1, room, spare);
                loops.replaceLanes(room, at, room, spare, (group.to - group.from) * unitLength / LANES, live - LANES);
            }
        }

        private void pass(int b, Group group, int vectors, T room, int at) {
            kernels.fill(room, at, (group.to - group.from) * unitLength, 0);
            for (int top = 0; top < s.outHeight(); top += group.strip) {
                int bottom = Math.min(top + group.strip, s.outHeight());
                for (int unit = group.from; unit < group.to; unit++) {
                    if (of != Bias.NONE && ownsBias(unit)) {
                        bias(b, unit, top, bottom, vectors, room, at + (unit - group.from) * unitLength + weightLength);
                    }
                    if (three) {
                        rowsOfThree(b, unit, top, bottom, vectors, room, at + (unit - group.from) * unitLength);
                    } else {
                        for (int row = top; row < bottom; row += near) {
                            rows(b, unit, row, Math.min(row + near, bottom), vectors, room, at + (unit - group.from) * unitLength);
                        }
                    }
                }
            }
        }

        private int filter(int unit) {
            return filterStarts[unit / channelTiles % filterTiles];
        }

        private int channel(int unit) {
            return unit % channelTiles * channelTile;
        }

        private int yBase(int b, int unit) {
            int group = unit / (filterTiles * channelTiles);
            return yo + (b * s.filters() + group * s.groupFilters() + filter(unit)) * yPlane;
        }

        private int xBase(int b, int unit) {
            int group = unit / (filterTiles * channelTiles);
            return xo + (b * s.channels() + group * s.groupChannels() + channel(unit)) * xPlane;
        }

        private int lastFilter(int unit) {
            return filterStarts[unit / channelTiles % filterTiles + 1] - filter(unit) - 1;
        }

        private int lastChannel(int unit) {
            return Math.min(channelTile, s.groupChannels() - channel(unit)) - 1;
        }

        /** Of the units that share a tile of the operand that is summed, the first sums it. */
        private boolean ownsBias(int unit) {
            return of == Bias.OF_Y ? unit % channelTiles == 0 : unit / channelTiles % filterTiles == 0;
        }

        /** The sums of a unit's channels over the rows that come with output rows top ≤ · &lt; bottom: in y these, in x those that no strip before had. */
        private void bias(int b, int unit, int top, int bottom, int vectors, T room, int at) {
            boolean ofY = of == Bias.OF_Y;
            int width = ofY ? s.outWidth() : s.width();
            int from = ofY ? top : imageRow(top);
            int places = ((ofY ? bottom : imageRow(bottom)) - from) * width;
            int plane = ofY ? yPlane : xPlane;
            int base = (ofY ? yBase(b, unit) : xBase(b, unit)) + from * width * block;
            boolean flat = vectors * LANES == block;
            int last = ofY ? lastFilter(unit) : lastChannel(unit);
            for (int c = 0; c <= last; c += 4) {
                loops.sums(flat ? 1 : places, flat ? places * vectors : vectors, block, ofY ? y : x, base + c * plane, plane, Math.min(3, last - c), room, at + c * LANES);
            }
        }

        /** Where the image rows of a strip begin, so that the strips have each row once. */
        private int imageRow(int outputRow) {
            return outputRow == 0 ? 0 : outputRow == s.outHeight() ? s.height() : Math.clamp(window.row(outputRow, 0), 0, s.height());
        }

        /** One unit over some rows, a kernel row at a time. */
        private void rowsOfThree(int b, int unit, int top, int bottom, int vectors, T room, int at) {
            int left = columnRanges[0][0] - columnRanges[1][0];
            int inner = columnRanges[2][1] - columnRanges[0][0];
            int right = columnRanges[1][1] - columnRanges[2][1];
            int column = columnRanges[1][0];
            for (int k = 0; k < window.kernelHeight(); k++) {
                int from = Math.max(top, rowRanges[k][0]);
                int rows = Math.min(bottom, rowRanges[k][1]) - from;
                int yAt = yBase(b, unit) + from * yRow + column * block;
                int xAt = xBase(b, unit) + (window.row(from, k) * s.width() + window.column(column, 0)) * block;
                for (int lane = 0; rows > 0 && lane < LANES; lane += loops.lanes) {
                    loops.outerThree(channelTile, rows, left, inner, right, vectors, y, yAt + lane, yRow, block, yPlane, lastFilter(unit),
                            x, xAt + lane, xRow, xPixel, xPlane, lastChannel(unit), window.dilationWidth() * block, room, at + 3 * k * tapLength + lane, tapLength);
                }
            }
        }

        /** One unit over some rows, a tap at a time. */
        private void rows(int b, int unit, int top, int bottom, int vectors, T room, int at) {
            boolean flat = window.strideWidth() == 1 && vectors * LANES == block;
            for (int k = 0; k < window.kernelHeight(); k++) {
                int from = Math.max(top, rowRanges[k][0]);
                int rows = Math.min(bottom, rowRanges[k][1]) - from;
                for (int l = 0; rows > 0 && l < window.kernelWidth(); l++) {
                    int left = columnRanges[l][0];
                    int pixels = columnRanges[l][1] - left;
                    int a = at + (k * window.kernelWidth() + l) * tapLength;
                    int yAt = yBase(b, unit) + from * yRow + left * block;
                    int xAt = xBase(b, unit) + (window.row(from, k) * s.width() + window.column(left, l)) * block;
                    for (int lane = 0; pixels > 0 && lane < LANES; lane += loops.lanes) {
                        loops.outer(filterTile, channelTile, rows, flat ? 1 : pixels, flat ? pixels * vectors : vectors,
                                y, yAt + lane, yRow, block, yPlane, lastFilter(unit), x, xAt + lane, xRow, xPixel, xPlane, lastChannel(unit), room, a + lane);
                    }
                }
            }
        }

        /** The sixteen lanes of every channel of the summed operand to one element. */
        void foldBias(Tensor sums, Tensor result) {
            int perGroup = of == Bias.OF_Y ? s.groupFilters() : s.groupChannels();
            for (int c = 0; c < result.size(); c++) {
                int inGroup = c % perGroup;
                int tile = of == Bias.OF_Y ? tileOf(inGroup) : inGroup / channelTile;
                int unit = c / perGroup * filterTiles * channelTiles + (of == Bias.OF_Y ? tile * channelTiles : tile);
                int place = inGroup - (of == Bias.OF_Y ? filterStarts[tile] : tile * channelTile);
                loops.foldLanes(kernels.array(sums), sums.offset() + unit * unitLength + weightLength + place * LANES, kernels.array(result), result.offset() + c);
            }
        }

        private int tileOf(int filter) {
            int found = Arrays.binarySearch(filterStarts, filter);
            return found >= 0 ? found : -2 - found;
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
                int tile = tileOf(filter);
                for (int c = 0; c < s.groupChannels(); c++) {
                    int unit = (group * filterTiles + tile) * channelTiles + c / channelTile;
                    int pair = (filter - filterStarts[tile]) * channelTile + c % channelTile;
                    for (int tap = 0; tap < taps; tap++) {
                        loops.foldLanes(from, sums.offset() + unit * unitLength + tap * tapLength + pair * LANES, to, at++);
                    }
                }
            }
        }
    }
}
