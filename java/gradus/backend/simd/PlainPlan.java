package gradus.backend.simd;

import gradus.backend.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@link PlainChains} knows of a convolution's forward pass, or of its input gradient, without numbers. Worked out once for a shape and kept. */
final class PlainPlan {
    /**
     * Pixels with the same terms: places of their first terms in a source plane, numbers in the strip, and each term's distance in the source and its weight.
     *
     * @param side     pixels side by side from each place of {@code in} and {@code out} on: 1, or more for {@link PlainKernels#chainSideBySide}
     * @param weightAt null where channels are across the lanes. Where neighbouring pixels are, {@code side} of them are a vector, and this is where the weights of each term begin
     * @param dense    {@link ConvKernels#dense} of in
     */
    record Run(int[] in, int[] out, int[] source, int[] weight, int side, int[] weightAt, int dense) {}

    /** Target rows from ≤ h &lt; to: runs with channels across the lanes, and runs with pixels. */
    record Strip(int from, int to, Run[] channels, Run[] pixels) {}

    final int sourceChannels;
    final int sourcePlane;
    final int targetChannels;
    final int targetWidth;
    final int targetPlane;
    final int groups;
    final int kernelSize;
    final Strip[] strips;
    /** Pixels of the largest strip. */
    final int stripPixels;
    /** Vectors of a tile of target channels, the channels in it, live or not, and tiles of a group. */
    final int vectors;
    final int width;
    final int tiles;
    /** Channels of the tile where pixels are across the lanes: 1, 4 or 8. */
    final int rows;
    private final int lanes;
    /** Pixels side by side that {@link PlainKernels#chainSideBySide} takes, the most first. */
    private final int[] sides;
    private final int sourceWidth;

    /** @param strips so many, or one a row */
    PlainPlan(ConvShape s, boolean forward, int strips, PlainKernels<?> plain, boolean manyRegisters) {
        lanes = plain.lanes;
        groups = s.groups();
        kernelSize = s.window().kernelHeight() * s.window().kernelWidth();
        sourceChannels = forward ? s.channels() : s.filters();
        sourceWidth = forward ? s.width() : s.outWidth();
        sourcePlane = sourceWidth * (forward ? s.height() : s.outHeight());
        targetChannels = forward ? s.filters() : s.channels();
        targetWidth = forward ? s.outWidth() : s.width();
        vectors = plain.vectors(targetChannels / groups);
        width = vectors * lanes;
        sides = vectors == 1 ? new int[] {12} : manyRegisters ? new int[] {12, 6} : new int[] {6};
        tiles = plain.padded(targetChannels / groups) / width;
        this.rows = targetChannels / groups == 1 ? 1 : targetChannels / groups > 4 && manyRegisters ? 8 : 4;
        int targetHeight = forward ? s.outHeight() : s.height();
        targetPlane = targetWidth * targetHeight;
        ConvAxis rows = ConvAxis.rows(s, forward);
        ConvAxis columns = ConvAxis.columns(s, forward);
        int[][][] sources = new int[rows.patterns.length][columns.patterns.length][];
        int[][][] weights = new int[rows.patterns.length][columns.patterns.length][];
        for (int r = 0; r < sources.length; r++) {
            for (int c = 0; c < columns.patterns.length; c++) {
                sources[r][c] = terms(rows.patterns[r].distance, sourceWidth, columns.patterns[c].distance, sourcePlane);
                weights[r][c] = terms(rows.patterns[r].kernel, s.window().kernelWidth(), columns.patterns[c].kernel, kernelSize);
            }
        }
        int n = Math.min(strips, targetHeight);
        this.strips = new Strip[n];
        for (int i = 0; i < n; i++) {
            int from = i * targetHeight / n;
            int to = (i + 1) * targetHeight / n;
            List<Run> channels = new ArrayList<>();
            List<Run> pixels = new ArrayList<>();
            for (int r = 0; r < sources.length; r++) {
                for (int c = 0; c < columns.patterns.length; c++) {
                    add(rows.patterns[r], columns.patterns[c], from, to, sources[r][c], weights[r][c], channels, pixels);
                }
            }
            this.strips[i] = new Strip(from, to, channels.toArray(new Run[0]), pixels.toArray(new Run[0]));
        }
        stripPixels = (targetHeight + n - 1) / n * targetWidth;
    }

    /** For each channel of a group, and in it for each row and column, their place. */
    private int[] terms(int[] rows, int rowStep, int[] columns, int channelStep) {
        int[] places = new int[sourceChannels / groups * rows.length * columns.length];
        int t = 0;
        for (int c = 0; c < sourceChannels / groups; c++) {
            for (int row : rows) {
                for (int column : columns) {
                    places[t++] = c * channelStep + row * rowStep + column;
                }
            }
        }
        return places;
    }

    /** The runs of the pixels of two patterns, in rows from ≤ h &lt; to. */
    private void add(ConvAxis.Pattern rows, ConvAxis.Pattern columns, int from, int to, int[] source, int[] weight, List<Run> channels, List<Run> pixels) {
        int first = 0;
        while (first < rows.outputs.length && rows.outputs[first] < from) {
            first++;
        }
        int last = first;
        while (last < rows.outputs.length && rows.outputs[last] < to) {
            last++;
        }
        if (first == last) {
            return;
        }
        int n = columns.outputs.length;
        if (acrossPixels(columns)) {
            int[] weightAt = Arrays.stream(weight).map(w -> w * width).toArray();
            pixels.add(run(rows, first, last, columns, starts(0, n, lanes, true), from, source, weight, lanes, weightAt));
            return;
        }
        int done = 0;
        if (weight.length == terms() && dense(columns)) {
            for (int side : sides) {
                int[] starts = starts(done, n, side, side == sides[sides.length - 1] && (n - done) % side * 3 > side);
                if (starts.length > 0) {
                    channels.add(run(rows, first, last, columns, starts, from, source, weight, side, null));
                    done = starts[starts.length - 1] + side;
                }
            }
        }
        if (done < n) {
            channels.add(run(rows, first, last, columns, starts(done, n, 1, false), from, source, weight, 1, null));
        }
    }

    /** Where tiles of so many columns begin between first and n; the last one ends with the columns, if what is left over is to be covered and there are enough. */
    private static int[] starts(int first, int n, int side, boolean cover) {
        int whole = (n - first) / side;
        int count = cover && n >= side && whole * side < n - first ? whole + 1 : whole;
        int[] starts = new int[count];
        Arrays.setAll(starts, i -> Math.min(first + i * side, n - side));
        return starts;
    }

    private Run run(ConvAxis.Pattern rows, int first, int last, ConvAxis.Pattern columns, int[] starts, int from, int[] source, int[] weight, int side, int[] weightAt) {
        int[] in = new int[(last - first) * starts.length];
        int[] out = new int[in.length];
        for (int q = 0; q < in.length; q++) {
            int row = first + q / starts.length;
            int column = starts[q % starts.length];
            in[q] = rows.bases[row] * sourceWidth + columns.bases[column];
            out[q] = (rows.outputs[row] - from) * targetWidth + columns.outputs[column];
        }
        return new Run(in, out, source, weight, side, weightAt, ConvKernels.dense(in, lanes));
    }

    /** Whether lanes across pixels leave fewer of them without work than lanes across channels: where channels are few and pixels lie side by side. */
    private boolean acrossPixels(ConvAxis.Pattern columns) {
        int n = columns.outputs.length;
        if (n < lanes || targetChannels / groups > rows || rows > width) {
            return false;
        }
        return dense(columns) && (n + lanes - 1) / lanes * (targetChannels / groups) < n * vectors;
    }

    /** Whether neighbouring columns lie side by side, in the source and in the target. */
    private static boolean dense(ConvAxis.Pattern columns) {
        int last = columns.outputs.length - 1;
        return columns.outputs[last] - columns.outputs[0] == last && columns.bases[last] - columns.bases[0] == last;
    }

    /** Terms of a pixel where no tap falls into padding. */
    int terms() {
        return sourceChannels / groups * kernelSize;
    }
}
