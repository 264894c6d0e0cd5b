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
     * @param weightAt null where channels are across the lanes. Where neighbouring pixels are, {@code in} and {@code out} have the first pixel of each vector, and this
     *                 is where the weights of each term begin
     */
    record Run(int[] in, int[] out, int[] source, int[] weight, int[] weightAt) {}

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
                    Run run = run(rows.patterns[r], columns.patterns[c], from, to, sources[r][c], weights[r][c]);
                    if (run.in.length > 0) {
                        (run.weightAt == null ? channels : pixels).add(run);
                    }
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

    private Run run(ConvAxis.Pattern rows, ConvAxis.Pattern columns, int from, int to, int[] source, int[] weight) {
        int first = 0;
        while (first < rows.outputs.length && rows.outputs[first] < from) {
            first++;
        }
        int last = first;
        while (last < rows.outputs.length && rows.outputs[last] < to) {
            last++;
        }
        boolean pixels = acrossPixels(columns);
        int places = pixels ? (columns.outputs.length + lanes - 1) / lanes : columns.outputs.length;
        int[] in = new int[(last - first) * places];
        int[] out = new int[in.length];
        for (int q = 0; q < in.length; q++) {
            int row = first + q / places;
            // The last vector of a row begins where it ends with the row.
            int column = pixels ? Math.min(q % places * lanes, columns.outputs.length - lanes) : q % places;
            in[q] = rows.bases[row] * sourceWidth + columns.bases[column];
            out[q] = (rows.outputs[row] - from) * targetWidth + columns.outputs[column];
        }
        return new Run(in, out, source, weight, pixels ? Arrays.stream(weight).map(w -> w * width).toArray() : null);
    }

    /** Whether lanes across pixels leave fewer of them without work than lanes across channels: where channels are few and pixels lie side by side. */
    private boolean acrossPixels(ConvAxis.Pattern columns) {
        int n = columns.outputs.length;
        if (n < lanes || targetChannels / groups > rows || rows > width) {
            return false;
        }
        boolean dense = columns.outputs[n - 1] - columns.outputs[0] == n - 1 && columns.bases[n - 1] - columns.bases[0] == n - 1;
        return dense && (n + lanes - 1) / lanes * (targetChannels / groups) < n * vectors;
    }

    /** Terms of a pixel where no tap falls into padding. */
    int terms() {
        return sourceChannels / groups * kernelSize;
    }
}
