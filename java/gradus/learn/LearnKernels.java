package gradus.learn;

import gradus.backend.Workers;
import gradus.learn.simd.SimdLearnKernels;
import gradus.numerics.VectorApi;

/**
 * Inner loops of {@link Tsne}, {@link Neighbours} and {@link KMeans} in float32. {@link ScalarLearnKernels} defines the bits, {@link SimdLearnKernels} gives the same with vectors.
 *
 * <p>Repulsion has a lane for each of {@value #GROUP} neighbouring points, attraction has {@value #GROUP} virtual lanes over the entries of a row:
 * so neither depends on the width of the machine's vectors.
 */
public interface LearnKernels {
    /** Points that share one traversal, and virtual lanes of a sum. */
    int GROUP = 16;
    /** Rows that {@link #products} takes at once. */
    int ROWS = 8;

    /** The vector kernels where the Vector API is present, else the scalar ones. */
    static LearnKernels best() {
        boolean vectors = VectorApi.serves();
        return vectors ? new SimdLearnKernels() : new ScalarLearnKernels();
    }

    /**
     * Walks through a tree from its root, cell 0, level by level, and sorts the cells that it meets into far ones, {@code reach < r²}, and near leaves; other cells are opened.
     * With a⁺ for the larger of a and 0, r² = fma(δx, δx, δy²), δx = (left − x)⁺ + (x − right)⁺, and likewise δy: from a cell's centre to the box.
     * Both lists are in the order of the walk.
     */
    void walk(float left, float right, float bottom, float top, Sources sources);

    /**
     * What pushes one group of points away. With δ = (target − source) and q = 1 / (1 + ‖δ‖²), to each lane's target are added, source after source:
     * z ← z + mq, f ← fma(mq², δ, f), where m is the source's mass. First come the far cells, then the runs of points (m = 1), then the group's own
     * points, with m = 0 where the lane is the point itself. Sums start at +0.
     *
     * @param x   coordinates of all points, in the order of the groups; 16 are read at {@code first}
     * @param own number of points in the group, 0 … 16: lanes beyond it compute, and are ignored
     * @param fx  receives 16 sums, as do {@code fy} and {@code z}
     */
    void repel(float[] x, float[] y, int first, int own, Sources sources, float[] fx, float[] fy, float[] z);

    /**
     * What pulls points {@code from … to − 1}: Σⱼ pᵢⱼ·qᵢⱼ·(yⱼ − yᵢ) with q = 1 / (1 + ‖yⱼ − yᵢ‖²). The entries of a row are padded to a multiple of 16 by
     * p = 0; lane l adds the entries l, l + 16, … by fma from +0, lanes are folded pairwise (+8, +4, +2, +1).
     */
    void attract(float[] x, float[] y, int from, int to, Affinity affinity, float[] fx, float[] fy);

    /** c[i, j] = Σ a[i, p]·b[j, p] for m rows of a from {@code ao} and n rows of b from {@code bo}, all of length d: one fma chain over p from +0. */
    void dots(int m, int n, int d, float[] a, int ao, float[] b, int bo, float[] c, Workers workers);

    /**
     * Products of {@value #ROWS} rows of x with 16 columns: out[16r + j] = Σ x[row[from + r]·d + p]·b[bo + 16p + j], one fma chain over p from +0.
     */
    void products(float[] x, int d, int[] row, int from, float[] b, int bo, float[] out);

    /**
     * Squared distances of one row to others: out[j] = Σ (a[ao + i] − b[row[j]·n + i])², 16 virtual lanes over i, each an fma chain from +0, in chunks of 4096,
     * lanes folded pairwise, chunks added in order to +0.
     */
    void squaredDistances(float[] a, int ao, float[] b, int[] row, int from, int to, int n, float[] out);

    /** Positions j in {@code from … to − 1} with norms[j] − 2·dots[at + j − from] below the bound, in ascending order; their number is returned. */
    int below(float bound, float[] norms, float[] dots, int at, int from, int to, int[] found);
}
