package gradus.backend.simd;

import gradus.backend.Convolutions;
import gradus.backend.PairedImages;
import gradus.backend.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How strips of both operands of a weight gradient lie when they are packed: tile by tile, of a tile the columns of an image that some taps want side by side, of a column
 * the vectors of all filters or channels. Behind a stride columns lie apart by their phase, and so do rows, so that what the next pixel wants always follows.
 *
 * <p>Where rows are short and there is no padding, each tap's columns of x are packed apart, so that rows follow each other without a gap and are one run: before a row the kernel checks
 * its bounds, which takes as long as four pixels.
 */
final class ConvPacking {
    /** Columns first, first + step, … of an image. */
    private record Columns(int first, int step, int count) {}

    /** Columns of one operand, packed one run behind the other. */
    private static final class Side {
        final List<Columns> runs = new ArrayList<>();
        /** For each run the columns of those before. */
        final List<Integer> before = new ArrayList<>();
        /** For each tap the length of its run, the columns of the runs before, and the place of its first column in the run. */
        final int[] counts;
        final int[] befores;
        final int[] places;
        /** Columns of all runs. */
        int width;

        Side(int taps) {
            counts = new int[taps];
            befores = new int[taps];
            places = new int[taps];
        }

        void tap(int l, Columns columns, int place) {
            if (!runs.contains(columns)) {
                runs.add(columns);
                before.add(width);
                width += columns.count;
            }
            counts[l] = columns.count;
            befores[l] = before.get(runs.indexOf(columns));
            places[l] = place;
        }
    }

    private static final int LANES = Convolutions.LANES;
    /** The longest rows that are packed without gaps. */
    private static final int SHORT = 7;

    private final ConvOuterPlan plan;
    private final Window window;
    private final Side ofY;
    private final Side ofX;
    /** The pixels of a row that have each tap. */
    private final int[] pixels;

    ConvPacking(ConvOuterPlan plan) {
        this.plan = plan;
        window = plan.window;
        int taps = window.kernelWidth();
        ofY = new Side(taps);
        ofX = new Side(taps);
        pixels = new int[taps];
        int stride = window.strideWidth();
        int outWidth = plan.shape.outWidth();
        boolean apart = outWidth <= SHORT && Arrays.stream(plan.columnRanges).allMatch(range -> range[1] - range[0] == outWidth);
        for (int l = 0; l < taps; l++) {
            int from = plan.columnRanges[l][0];
            pixels[l] = Math.max(0, plan.columnRanges[l][1] - from);
            if (pixels[l] == 0) {
                continue;
            }
            int column = window.column(from, l);
            ofY.tap(l, new Columns(0, 1, outWidth), from);
            if (apart) {
                ofX.tap(l, new Columns(column, stride, pixels[l]), 0);
            } else {
                int phase = column % stride;
                ofX.tap(l, new Columns(phase, stride, (plan.shape.width() - phase + stride - 1) / stride), column / stride);
            }
        }
    }

    /** Elements that a row of output pixels of so many filters and channels takes. */
    long row(int filters, int channels) {
        return ((long) filters * ofY.width + (long) channels * ofX.width * window.strideHeight()) * plan.block;
    }

    /** Whether whole rows of y are packed, one behind the other. */
    boolean packsY() {
        return ofY.runs.size() == 1;
    }

    /** Filters of the kernel that serves a tile; its vectors lie so many apart. */
    static int filters(int lastFilter) {
        return Math.max(4, lastFilter + 1);
    }

    /** The strips of units from ≤ · &lt; to that come with output rows top ≤ · &lt; bottom, with one or two vectors of samples a pixel. */
    Strips strips(int from, int to, int top, int bottom, int vectors) {
        return new Strips(from, to, top, bottom, vectors);
    }

    /** Tiles of both operands, packed: those of y one behind the other, then those of x. */
    final class Strips {
        private final int top;
        private final int rows;
        private final int vectors;
        private final int firstY;
        private final int endY;
        private final int firstX;
        private final int endX;
        /** The image rows low ≤ · &lt; high, and how many of them a phase of rows has room for. */
        private final int low;
        private final int high;
        private final int height;
        /** Elements of the vectors of one plane at one place, and of a tile of either operand. */
        private final int cell;
        private final int yTile;
        private final int xTile;

        private Strips(int from, int to, int top, int bottom, int vectors) {
            this.top = top;
            this.vectors = vectors;
            rows = bottom - top;
            firstY = from / plan.channelTiles;
            endY = (to - 1) / plan.channelTiles + 1;
            boolean one = endY - firstY == 1;
            firstX = firstY / plan.filterTiles * plan.channelTiles + (one ? from % plan.channelTiles : 0);
            endX = (endY - 1) / plan.filterTiles * plan.channelTiles + (one ? (to - 1) % plan.channelTiles + 1 : plan.channelTiles);
            int least = Integer.MAX_VALUE;
            int most = 0;
            for (int k = 0; k < window.kernelHeight(); k++) {
                int first = Math.max(top, plan.rowRanges[k][0]);
                int end = Math.min(bottom, plan.rowRanges[k][1]);
                if (first < end) {
                    least = Math.min(least, window.row(first, k));
                    most = Math.max(most, window.row(end - 1, k) + 1);
                }
            }
            low = Math.min(least, most);
            high = most;
            int stride = window.strideHeight();
            height = low == high ? 0 : (high - 1) / stride - low / stride + 1;
            cell = vectors * LANES;
            yTile = rows * ofY.width * plan.filterTile * cell;
            xTile = stride * height * ofX.width * plan.channelTile * cell;
        }

        int length() {
            return (endY - firstY) * yTile + (endX - firstX) * xTile;
        }

        /** Packs the strips of one block of y, whose images begin at y[yo]. */
        <T> void packY(ConvKernels<T> loops, T y, int yo, T to, int at) {
            for (int tile = firstY; tile < endY; tile++) {
                ConvOuterPlan.Unit unit = plan.units[tile * plan.channelTiles];
                int filters = filters(unit.lastFilter());
                for (int run = 0; run < ofY.runs.size(); run++) {
                    int place = at + (tile - firstY) * yTile + ofY.before.get(run) * rows * filters * cell;
                    pack(loops, filters, plan.yPlane, unit.lastFilter(), ofY.runs.get(run), rows, plan.shape.outWidth(), 1, y, yo + unit.y() + top * plan.yRow, to, place);
                }
            }
        }

        /** The same of images that are made while they are packed; {@link #packsY}. */
        <T> void packY(ConvKernels<T> loops, PairedImages y, int block, T to, int at) {
            for (int tile = firstY; tile < endY; tile++) {
                ConvOuterPlan.Unit unit = plan.units[tile * plan.channelTiles];
                int filters = filters(unit.lastFilter());
                for (int f = 0; f < filters; f++) {
                    int number = block * plan.shape.filters() + unit.y() / plan.yPlane + Math.min(f, unit.lastFilter());
                    Pairs.read(loops.kernels, loops, y, number, plan.shape.outHeight(), plan.shape.outWidth(), plan.block, cell, top, top + rows,
                            to, at + (tile - firstY) * yTile + f * LANES, plan.shape.outWidth() * filters * cell, filters * LANES);
                }
            }
        }

        /** The sums of some filters of a tile over the strip, from packed strips; {@link #packsY}. */
        <T> void sumsOfY(ConvKernels<T> loops, int tile, int filter, int last, T packed, int at, T a, int ao) {
            int filters = filters(plan.units[tile * plan.channelTiles].lastFilter());
            loops.sums(rows * plan.shape.outWidth() * vectors, 1, filters * LANES, packed, at + (tile - firstY) * yTile + filter * LANES, LANES, last, a, ao);
        }

        /** Packs the strips of one block of x, whose images begin at x[xo]. */
        <T> void packX(ConvKernels<T> loops, T x, int xo, T to, int at) {
            int stride = window.strideHeight();
            int width = plan.shape.width();
            for (int tile = firstX; tile < endX; tile++) {
                ConvOuterPlan.Unit unit = plan.units[tile / plan.channelTiles * plan.filterTiles * plan.channelTiles + tile % plan.channelTiles];
                for (int run = 0; run < ofX.runs.size(); run++) {
                    Columns columns = ofX.runs.get(run);
                    for (int row = low; row < Math.min(low + stride, high); row++) {
                        pack(loops, plan.channelTile, plan.xPlane, unit.lastChannel(), columns, (high - 1 - row) / stride + 1, width, stride,
                                x, xo + unit.x() + row * width * plan.block, to, at + xPlace(tile, ofX.before.get(run), columns.count, line(row)));
                    }
                }
            }
        }

        /** Some columns of image rows that are {@code step} apart. */
        private <T> void pack(ConvKernels<T> loops, int planes, int plane, int last, Columns columns, int rows, int width, int step, T from, int base, T to, int place) {
            int block = plan.block;
            boolean whole = columns.step == 1 && columns.count == width && step == 1;
            int lines = whole ? 1 : rows;
            int count = whole ? rows * width : columns.count;
            boolean flat = columns.step == 1 && vectors * LANES == block;
            loops.pack(planes, plane, last, lines, step * width * block, flat ? count * vectors : count, flat ? LANES : columns.step * block, flat ? 1 : vectors,
                    from, base + columns.first * block, to, place, columns.count * planes * cell);
        }

        /** The number of an image row among the packed ones. */
        private int line(int row) {
            int stride = window.strideHeight();
            return stride == 1 ? row - low : row % stride * height + row / stride - low / stride;
        }

        /** Where a packed row begins in a run of {@code count} columns behind {@code before} others. */
        private int xPlace(int tile, int before, int count, int line) {
            return (endY - firstY) * yTile + (tile - firstX) * xTile + (before * window.strideHeight() * height + line * count) * plan.channelTile * cell;
        }

        /**
         * The chains of one unit over output rows from ≤ · &lt; end: those of the strip's first rows begin at {@code start}, the others where they are.
         *
         * @param at of the packed strips
         */
        <T> void multiply(ConvKernels<T> loops, int number, int from, int end, T packed, int at, T start, int so, T a, int ao) {
            ConvOuterPlan.Unit unit = plan.units[number];
            int tile = number / plan.channelTiles;
            int xTileNumber = tile / plan.filterTiles * plan.channelTiles + number % plan.channelTiles;
            int filters = filters(unit.lastFilter());
            int yCell = filters * cell;
            int xCell = plan.channelTile * cell;
            int tap = 0;
            for (int k = 0; k < window.kernelHeight(); k++) {
                int row = Math.max(from, plan.rowRanges[k][0]);
                int lines = Math.min(end, plan.rowRanges[k][1]) - row;
                int line = lines > 0 ? line(window.row(row, k)) : 0;
                for (int l = 0; l < window.kernelWidth(); l++, tap += plan.tapLength) {
                    if (lines <= 0 || pixels[l] == 0) {
                        if (start != a || so != ao) {
                            System.arraycopy(start, so + tap, a, ao + tap, plan.tapLength);
                        }
                        continue;
                    }
                    int yCount = ofY.counts[l];
                    int xCount = ofX.counts[l];
                    boolean whole = pixels[l] == yCount && pixels[l] == xCount;
                    int y = at + (tile - firstY) * yTile + (ofY.befores[l] * rows + (row - top) * yCount + ofY.places[l]) * yCell;
                    int x = at + xPlace(xTileNumber, ofX.befores[l], xCount, line) + ofX.places[l] * xCell;
                    for (int lane = 0; lane < LANES; lane += loops.lanes) {
                        loops.outerPacked(filters, whole ? 1 : lines, (whole ? lines : 1) * pixels[l] * vectors, packed, y + lane, yCount * yCell,
                                x + lane, xCount * xCell, start, so + tap + lane, a, ao + tap + lane);
                    }
                }
            }
        }
    }
}
