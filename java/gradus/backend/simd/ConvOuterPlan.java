package gradus.backend.simd;

import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything about a weight gradient that does not depend on numbers: its tiles of filters and channels, the places of their images, and the order in which they are
 * taken. Worked out once for a shape and kept.
 */
final class ConvOuterPlan {
    /** The operand whose channels are summed along: the bias is that of a convolution, or of a transposed one, or there is none. */
    enum Bias { NONE, OF_Y, OF_X }

    /**
     * A tile of filters by a tile of channels.
     *
     * @param y        place of its first filter in a block of y
     * @param x        place of its first channel in a block of x
     * @param ownsBias whether it sums the bias: of the tiles that share a tile of the operand that is summed, the first does
     */
    record Unit(int y, int x, int lastFilter, int lastChannel, boolean ownsBias) {}

    /** Units from ≤ · &lt; to that are taken together, and the rows in which. */
    record Group(int from, int to, int strip) {}

    /** The groups of one thread, the blocks of samples that each is taken through before the next, the units of the largest, and whether the second cache holds all their images. */
    record Part(int from, int to, List<Group> groups, int run, int longest, boolean resident) {}

    private static final int LANES = Convolutions.LANES;
    /** Bytes of a strip of rows of one tile that the nearest cache holds, for a tap at a time; of a packed tile those of y, as those of x come fast enough from the second. */
    private static final int NEAR_BYTES = 24 << 10;
    /** Bytes of a strip of rows of all tiles of a group, and of the group's sums, that the second cache holds: it has 1 MB, and half of this strip was a fifth slower. */
    private static final int STRIP_BYTES = 768 << 10;
    private static final int GROUP_BYTES = 256 << 10;
    /** Elements of the sums of all blocks that may be kept apart. */
    private static final long APART = 1 << 21;

    final ConvShape shape;
    final Bias of;
    final Window window;
    final int block;
    final int blocks;
    /** How strips are packed before their tiles, or null where that is not worth it or does not fit the registers. */
    final ConvPacking packing;
    /** Whether three neighbouring taps of a kernel row are taken at once. */
    final boolean three;
    final int filterTile;
    final int channelTile;
    /** The first filter of each tile, and behind the last the end. */
    final int[] filterStarts;
    final int filterTiles;
    final int channelTiles;
    final Unit[] units;
    final int tapLength;
    /** Lanes of a unit's weights; behind them lie those of its share of the bias. */
    final int weightLength;
    final int unitLength;
    final int yPlane;
    final int yRow;
    final int xPlane;
    final int xRow;
    final int xPixel;
    final int[][] rowRanges;
    final int[][] columnRanges;
    /** Rows that the nearest cache holds, for a tap at a time. */
    final int near;
    /** Bytes of an element. */
    final int bytes;

    ConvOuterPlan(ConvShape s, Bias of, boolean manyRegisters, int bytesPerElement) {
        shape = s;
        this.of = of;
        bytes = bytesPerElement;
        window = s.window();
        block = Blocked.block(s.samples());
        blocks = (s.samples() + block - 1) / block;
        rowRanges = ConvAxis.ranges(window.kernelHeight(), s.outHeight(), s.height(), window.strideHeight(), window.dilationHeight(), window.top());
        columnRanges = ConvAxis.ranges(window.kernelWidth(), s.outWidth(), s.width(), window.strideWidth(), window.dilationWidth(), window.left());
        boolean packed = manyRegisters && s.groupFilters() > 1 && s.groupChannels() > 1;
        three = manyRegisters && !packed && threeTaps();
        filterTile = packed ? Math.clamp(s.groupFilters(), 4, 6) : ConvKernels.filterTile(s.groupFilters(), s.groupChannels(), three);
        channelTile = packed ? 4 : ConvKernels.channelTile(s.groupFilters(), s.groupChannels(), three);
        filterStarts = starts(s.groupFilters(), filterTile, packed);
        filterTiles = filterStarts.length - 1;
        channelTiles = (s.groupChannels() + channelTile - 1) / channelTile;
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
        packing = packed ? new ConvPacking(this) : null;
        near = packed ? Math.clamp(NEAR_BYTES / Math.max(1, packing.row(filterTile, 0) * bytes), 1, s.outHeight()) : rows(NEAR_BYTES, filterTile, channelTile);
        units = new Unit[s.groups() * filterTiles * channelTiles];
        Arrays.setAll(units, this::unit);
    }

    /** Whether a row is some pixels with taps 1 and 2, then some with all three, then some with taps 0 and 1. */
    private boolean threeTaps() {
        return window.kernelWidth() == 3 && columnRanges[1][0] == columnRanges[2][0] && columnRanges[0][1] == columnRanges[1][1]
                && columnRanges[0][0] >= columnRanges[1][0] && columnRanges[2][1] <= columnRanges[1][1] && columnRanges[0][0] <= columnRanges[2][1];
    }

    /** As few tiles as hold all filters; packed tiles are made alike, 16 = 6 + 5 + 5, for each size has its kernel. */
    private static int[] starts(int filters, int tile, boolean alike) {
        int tiles = (filters + tile - 1) / tile;
        int[] starts = new int[tiles + 1];
        for (int t = 1; t <= tiles; t++) {
            starts[t] = alike ? (t * filters + tiles - 1) / tiles : Math.min(filters, starts[t - 1] + tile);
        }
        return starts;
    }

    private Unit unit(int number) {
        int group = number / (filterTiles * channelTiles);
        int tile = number / channelTiles % filterTiles;
        int filter = filterStarts[tile];
        int channel = number % channelTiles * channelTile;
        return new Unit((group * shape.groupFilters() + filter) * yPlane, (group * shape.groupChannels() + channel) * xPlane, filterStarts[tile + 1] - filter - 1,
                Math.min(channelTile, shape.groupChannels() - channel) - 1, switch (of) {
                    case NONE -> false;
                    case OF_Y -> number % channelTiles == 0;
                    case OF_X -> tile == 0;
                });
    }

    /** Rows of so many filters and channels that fit some bytes; at least one. */
    private int rows(int limit, int filters, int channels) {
        return (int) Math.max(1, Math.min(shape.outHeight(), limit / Math.max(1, rowBytes(filters, channels))));
    }

    private long rowBytes(int filters, int channels) {
        if (packing != null) {
            return packing.row(filters, channels) * bytes;
        }
        return (long) (filters * shape.outWidth() + channels * shape.width() * window.strideHeight()) * block * bytes;
    }

    /** Rows of the images of so many units that the second cache holds. */
    private int strip(int units) {
        return rows(STRIP_BYTES, filters(units), channels(units));
    }

    private int filters(int units) {
        return Math.min(shape.filters(), (units + channelTiles - 1) / channelTiles * filterTile);
    }

    private int channels(int units) {
        return Math.min(shape.channels(), units * channelTile);
    }

    /**
     * The units from ≤ · &lt; to in equal groups whose sums fit the second cache. Where it holds all their images, each unit is a group, which is taken through as many blocks as
     * fit: its sums then stay in the nearest cache.
     */
    Part part(int from, int to) {
        int all = to - from;
        boolean resident = strip(all) == shape.outHeight();
        int groups = resident ? all : (all + mostUnits() - 1) / mostUnits();
        List<Group> list = new ArrayList<>();
        int longest = 0;
        for (int g = 0; g < groups; g++) {
            int first = from + (int) ((long) all * g / groups);
            int end = from + (int) ((long) all * (g + 1) / groups);
            list.add(new Group(first, end, resident ? shape.outHeight() : strip(end - first)));
            longest = Math.max(longest, end - first);
        }
        long blockBytes = Math.max(1, rowBytes(filters(all), channels(all)) * shape.outHeight());
        return new Part(from, to, list, resident ? Math.clamp(STRIP_BYTES / blockBytes, 1, blocks) : 1, longest, resident);
    }

    private int mostUnits() {
        return Math.max(1, GROUP_BYTES / (unitLength * bytes));
    }

    /** Elements of the sums of all units. */
    int length() {
        return units.length * unitLength;
    }

    /** Whether so many threads own blocks of samples, whose sums are kept apart: where these are not too large, and units are few or a thread's images of a block fill the second cache. */
    boolean byBlocks(int threads) {
        return threads > 1 && blocks >= threads && (long) blocks * length() <= APART && (packing != null || units.length < 4 * threads || part(0, units.length).run == 1);
    }

    /** The tile of a filter within its group. */
    int tileOf(int filter) {
        int found = Arrays.binarySearch(filterStarts, filter);
        return found >= 0 ? found : -2 - found;
    }
}
