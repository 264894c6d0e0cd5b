package gradus.backend.simd;

import gradus.backend.ConvShape;
import gradus.backend.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything about a convolution's forward pass, or its input gradient, that does not depend on numbers: both are sums over channels and taps of a
 * source image, for each channel and pixel of a target image. Worked out once for a shape and kept.
 */
final class ConvPlan {
    /** Target rows from ≤ h &lt; to, and the source rows low ≤ · &lt; high that they are made of. */
    record Strip(int from, int to, int low, int high) {}

    /** Target channels that share one run of the kernel. */
    record Tile(int group, int channel, int channels, int rows, int weightAt) {}

    /** The terms of the pixels of one row pattern and one column pattern: places in the source, and number of the weight among channel × kernel. */
    record Terms(int[] source, int[] weight, int[][] weightAt) {}

    /** Bytes of copied source rows that the second cache keeps beside the target; the fewer, the more rows are copied for two strips. */
    private static final long STRIP_BYTES = 640 << 10;
    /** Bytes of one way of the second cache, at most: rows such a distance apart meet in one set, which keeps sixteen, or eight, lines. */
    private static final int WAY_BYTES = 128 << 10;
    private static final int WAYS = 8;

    final int block;
    final int blocks;
    final int sourceChannels;
    final int sourceHeight;
    final int sourceWidth;
    final int targetChannels;
    final int targetHeight;
    final int targetWidth;
    final int groups;
    final Tile[] tiles;
    /** Elements of all packed weights. */
    final int packed;
    /** Target rows in the portions in which threads take them, and their source rows are copied. */
    final Strip[] strips;
    /**
     * Whether the source rows of a strip are copied before they are read: those that are made then, or of planes that compete for the cache, or so many for one target row that the second
     * cache loses them between its tiles. 3 × 3 taps from 16 channels on 26 × 26 run at 162 GFLOP/s where they lie and at 129 from copies, from 256 channels on 14 × 14 at 123 and 135.
     */
    final boolean copies;
    /**
     * Whether target rows are taken from the last to the first: the source row that is read for the first time is then the last term of its channel, as it is in a convolution, and
     * not the first, for which every chain would wait.
     */
    final boolean upwards;
    /**
     * Whether the source row that a target row is the first to read is read in order before. With taps that ascend, or few planes, the processor sees by itself what comes next; 16 to 4
     * channels on 26 × 26, whose taps descend, took 7.1 ms and take 5.8.
     */
    final boolean touches;
    /** The height of the planes that are read: the most source rows of a strip, or all. */
    final int planeHeight;
    final ConvAxis rows;
    final ConvAxis columns;
    /** For each column pattern the direction of its three taps where {@link ConvKernels#slide} serves it, otherwise 0. */
    final int[] slides;
    private final Terms[][] terms;
    private final int[][][] in;
    private final int[][][] out;
    private final int[][] dense;
    private final boolean forward;
    private final int kernelSize;

    /**
     * @param bytesPerElement of the element type
     * @param leastStrips     so many at least, for threads to share
     * @param rowsTogether    target rows that no strip may part
     * @param made            whether source rows are made while they are read
     */
    ConvPlan(ConvShape s, boolean forward, int lanes, boolean manyRegisters, int bytesPerElement, int leastStrips, int rowsTogether, boolean made) {
        Window w = s.window();
        this.forward = forward;
        block = Blocked.block(s.samples());
        blocks = (s.samples() + block - 1) / block;
        groups = s.groups();
        sourceChannels = forward ? s.channels() : s.filters();
        sourceHeight = forward ? s.height() : s.outHeight();
        sourceWidth = forward ? s.width() : s.outWidth();
        targetChannels = forward ? s.filters() : s.channels();
        targetHeight = forward ? s.outHeight() : s.height();
        targetWidth = forward ? s.outWidth() : s.width();
        kernelSize = w.kernelHeight() * w.kernelWidth();
        rows = ConvAxis.rows(s, forward);
        columns = ConvAxis.columns(s, forward);
        slides = Arrays.stream(columns.patterns).mapToInt(pattern -> manyRegisters ? pattern.slide() : 0).toArray();
        tiles = tiles(manyRegisters);
        Tile last = tiles[tiles.length - 1];
        packed = last.weightAt + sourceChannels / groups * kernelSize * last.rows;
        int rowBytes = sourceWidth * block * bytesPerElement;
        upwards = !forward && w.strideHeight() == 1;
        copies = made || compete(sourceChannels / groups, sourceHeight * rowBytes) || (long) w.kernelHeight() * (sourceChannels / groups) * rowBytes > STRIP_BYTES;
        touches = upwards && !copies && sourceChannels > 4;
        strips = strips(copies ? (long) sourceChannels * rowBytes : 0, leastStrips, rowsTogether);
        planeHeight = !copies ? sourceHeight : Arrays.stream(strips).mapToInt(strip -> strip.high - strip.low).max().orElse(0);
        terms = new Terms[rows.patterns.length][columns.patterns.length];
        for (int r = 0; r < terms.length; r++) {
            for (int c = 0; c < terms[r].length; c++) {
                terms[r][c] = terms(rows.patterns[r], columns.patterns[c], w.kernelWidth());
            }
        }
        in = new int[2][columns.patterns.length][];
        out = new int[2][columns.patterns.length][];
        dense = new int[2][columns.patterns.length];
        int live = s.samples() - (blocks - 1) * block;
        for (int c = 0; c < columns.patterns.length; c++) {
            columns(c, block / lanes, 0, lanes);
            columns(c, (live + lanes - 1) / lanes, 1, lanes);
        }
    }

    /** Whether so many planes meet too often in the sets of the second cache: 32 of 32 × 32 pixels, a multiple of {@link #WAY_BYTES} apart, ran at 37 GFLOP/s when copied and at 23 when not. */
    private static boolean compete(int planes, int planeBytes) {
        int sets = WAY_BYTES / Math.min(WAY_BYTES, Math.max(1, Integer.lowestOneBit(planeBytes)));
        return (planes + sets - 1) / sets > WAYS;
    }

    /**
     * As many target rows at a time as keep copied source rows, of so many bytes each, within the second cache. Rows that are not copied are all one strip: two threads would both read those
     * where strips meet.
     */
    private Strip[] strips(long rowBytes, int least, int together) {
        List<Strip> all = new ArrayList<>();
        int most = (targetHeight + least - 1) / least;
        for (int from = 0, to; from < targetHeight; from = to) {
            int low = Integer.MAX_VALUE;
            int high = 0;
            for (to = from; to < targetHeight && to - from < most; to += together) {
                int nextLow = low;
                int nextHigh = high;
                for (int row = to; row < to + together; row++) {
                    ConvAxis.Pattern pattern = rows.patterns[rows.pattern[row]];
                    for (int distance : pattern.distance) {
                        nextLow = Math.min(nextLow, pattern.bases[rows.place[row]] + distance);
                        nextHigh = Math.max(nextHigh, pattern.bases[rows.place[row]] + distance + 1);
                    }
                }
                if (to > from && (nextHigh - nextLow) * rowBytes > STRIP_BYTES) {
                    break;
                }
                low = nextLow;
                high = nextHigh;
            }
            all.add(new Strip(from, to, Math.min(low, high), high));
        }
        return all.toArray(new Strip[0]);
    }

    private Tile[] tiles(boolean manyRegisters) {
        List<Tile> all = new ArrayList<>();
        int perGroup = targetChannels / groups;
        int at = 0;
        for (int g = 0; g < groups; g++) {
            for (int c = 0; c < perGroup;) {
                int rest = perGroup - c;
                int rows = rest == 1 ? 1 : rest > 4 && manyRegisters ? 8 : 4;
                int channels = Math.min(rest, rows);
                all.add(new Tile(g, g * perGroup + c, channels, rows, at));
                at += sourceChannels / groups * kernelSize * rows;
                c += channels;
            }
        }
        return all.toArray(new Tile[0]);
    }

    private Terms terms(ConvAxis.Pattern row, ConvAxis.Pattern column, int kernelWidth) {
        int channels = sourceChannels / groups;
        int n = channels * row.kernel.length * column.kernel.length;
        int[] source = new int[n];
        int[] weight = new int[n];
        int t = 0;
        for (int c = 0; c < channels; c++) {
            for (int k = 0; k < row.kernel.length; k++) {
                for (int l = 0; l < column.kernel.length; l++, t++) {
                    source[t] = ((c * planeHeight + row.distance[k]) * sourceWidth + column.distance[l]) * block;
                    weight[t] = c * kernelSize + row.kernel[k] * kernelWidth + column.kernel[l];
                }
            }
        }
        return new Terms(source, weight, new int[][] {weight, times(weight, 4), times(weight, 8)});
    }

    private static int[] times(int[] values, int factor) {
        int[] product = values.clone();
        for (int i = 0; i < product.length; i++) {
            product[i] *= factor;
        }
        return product;
    }

    /** The columns of a pattern: every pixel with each of its live vectors of samples, pixel by pixel. */
    private void columns(int pattern, int vectors, int which, int lanes) {
        ConvAxis.Pattern p = columns.patterns[pattern];
        int[] from = new int[p.outputs.length * vectors];
        int[] to = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            from[i] = p.bases[i / vectors] * block + i % vectors * lanes;
            to[i] = p.outputs[i / vectors] * block + i % vectors * lanes;
        }
        in[which][pattern] = from;
        dense[which][pattern] = ConvKernels.dense(from, lanes);
        out[which][pattern] = to;
    }

    Terms terms(int rowPattern, int columnPattern) {
        return terms[rowPattern][columnPattern];
    }

    /** Places of the pixels of a column pattern in a source row, for whole blocks or the last block. */
    int[] in(int columnPattern, boolean lastBlock) {
        return in[lastBlock ? 1 : 0][columnPattern];
    }

    /** {@link ConvKernels#dense} of {@link #in}. */
    int dense(int columnPattern, boolean lastBlock) {
        return dense[lastBlock ? 1 : 0][columnPattern];
    }

    /** Places of the pixels of a column pattern in a target row. */
    int[] out(int columnPattern, boolean lastBlock) {
        return out[lastBlock ? 1 : 0][columnPattern];
    }

    /** The place in the weight tensor of what a tile's row (target channel) multiplies the given term number with. */
    int weight(Tile tile, int channel, int term) {
        int perSource = sourceChannels / groups;
        int perTarget = targetChannels / groups;
        if (forward) {
            return channel * perSource * kernelSize + term;
        }
        int source = tile.group * perSource + term / kernelSize;
        return (source * perTarget + channel - tile.group * perTarget) * kernelSize + term % kernelSize;
    }

    /** Weights of one tile row. */
    int weightsPerChannel() {
        return sourceChannels / groups * kernelSize;
    }

    /** Which of {@link Terms#weightAt} serves a tile of so many rows. */
    static int kind(int tileRows) {
        return tileRows == 8 ? 2 : tileRows == 4 ? 1 : 0;
    }
}
