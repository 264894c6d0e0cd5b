package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import java.util.List;

/**
 * How the vectors of two neighbouring blocks become those of both together, in divide and conquer: the kept rows are mixed by a matrix, the deflated
 * ones only move.
 *
 * <p>Most rows are zero outside their own block. Kept rows of the first block come first, then those that a rotation spread over both, then those of the
 * second; so the columns of each block come from one contiguous run of rows, and half of the multiplications fall away.
 */
final class MergedRows {
    /** Where the entries of a row lie: in the first block, in both, in the second. */
    enum Part { FIRST, BOTH, SECOND }

    private final List<Integer> kept;
    private final List<Integer> deflated;
    private final int[] group;
    private final int withFirst;
    private final int firstOnly;

    /** For rows numbered within the two blocks; {@code deflated} in the order in which they are to follow the mixed ones. */
    MergedRows(List<Integer> kept, List<Integer> deflated, Part[] part) {
        this.kept = kept;
        this.deflated = deflated;
        this.group = new int[kept.size()];
        int at = 0;
        int[] ends = new int[Part.values().length];
        for (Part p : Part.values()) {
            for (int i = 0; i < group.length; i++) {
                if (part[kept.get(i)] == p) {
                    group[at++] = i;
                }
            }
            ends[p.ordinal()] = at;
        }
        this.firstOnly = ends[Part.FIRST.ordinal()];
        this.withFirst = ends[Part.BOTH.ordinal()];
    }

    /** The values, given for the kept rows in their order, in the order of the mixing matrix's columns. */
    double[] grouped(double[] ofKept) {
        double[] out = new double[group.length];
        for (int g = 0; g < out.length; g++) {
            out[g] = ofKept[group[g]];
        }
        return out;
    }

    /** The column of the mixing matrix that belongs to the i-th kept row. */
    int columnOf(int i) {
        for (int g = 0; g < group.length; g++) {
            if (group[g] == i) {
                return g;
            }
        }
        throw new IllegalArgumentException("row " + i + " of " + group.length);
    }

    /**
     * Replaces the block's rows: first mix · (kept rows), then the deflated rows.
     *
     * @param mix    k × k, its columns grouped
     * @param rows   the array in which row r of the block begins at {@code offset + r·stride}
     * @param split  where the second block's columns begin
     * @param width  of both blocks together
     */
    void replace(double[] mix, double[] rows, int offset, int stride, int split, int width, Workers workers) {
        int k = group.length;
        double[] moved = new double[deflated.size() * width];
        for (int i = 0; i < deflated.size(); i++) {
            System.arraycopy(rows, offset + deflated.get(i) * stride, moved, i * width, width);
        }
        double[] first = gathered(rows, offset, stride, 0, withFirst, split);
        double[] second = gathered(rows, offset + split, stride, firstOnly, k, width - split);
        Products.set(k, split, withFirst, View.rows(mix, 0, k), View.rows(first, 0, split), rows, offset, stride, workers);
        Products.set(k, width - split, k - firstOnly, View.rows(mix, firstOnly, k), View.rows(second, 0, width - split), rows, offset + split, stride,
                workers);
        for (int i = 0; i < deflated.size(); i++) {
            System.arraycopy(moved, i * width, rows, offset + (k + i) * stride, width);
        }
    }

    private double[] gathered(double[] rows, int offset, int stride, int from, int to, int width) {
        double[] out = new double[(to - from) * width];
        for (int g = from; g < to; g++) {
            System.arraycopy(rows, offset + kept.get(group[g]) * stride, out, (g - from) * width, width);
        }
        return out;
    }
}
