package gradus.learn;

import gradus.backend.Workers;
import java.util.Arrays;

/**
 * The symmetric, sparse affinities of t-SNE (van der Maaten and Hinton 2008, section 2): with squared distances d,
 *
 * <pre>  p(j|i) = exp(−βᵢ·dᵢⱼ) / Σₖ exp(−βᵢ·dᵢₖ)      pᵢⱼ = (p(j|i) + p(i|j)) / 2n,</pre>
 *
 * where each βᵢ is such that p(·|i) over the neighbours of i has the wanted perplexity, e to the power of its entropy.
 *
 * <p>Rows are compressed: row i has the columns {@code column[start[i] … start[i+1] − 1]}, ascending, then padded by entries with p = 0 that
 * point at i itself, to a multiple of 16.
 */
public final class Affinity {
    private static final String NAME = "affinity";
    private static final int LANES = LearnKernels.GROUP;

    private final int n;
    private final int[] start;
    private final int[] column;
    private final float[] p;
    private final double[] beta;

    private Affinity(int n, int[] start, int[] column, float[] p, double[] beta) {
        this.n = n;
        this.start = start;
        this.column = column;
        this.p = p;
        this.beta = beta;
    }

    /**
     * The affinities of neighbours at a perplexity. A row with more duplicates than the perplexity cannot have it; its p(·|i) is uniform over them.
     *
     * @throws IllegalArgumentException when the perplexity is below 1 or not below the number of neighbours, or there are too many entries for an array
     */
    public static Affinity of(Neighbours neighbours, double perplexity, Workers workers) {
        int n = neighbours.size();
        int k = neighbours.k();
        // Uniform weights have perplexity k, the most there can be: the search would run to β = 0.
        if (!(perplexity >= 1 && perplexity < k)) {
            throw new IllegalArgumentException(NAME + ": perplexity " + perplexity + " with " + k + " neighbours; wanted from 1 to below " + k);
        }
        double[] conditional = new double[n * k];
        double[] beta = new double[n];
        workers.forEach((n + 63) / 64, piece -> {
            for (int i = piece * 64; i < Math.min(n, piece * 64 + 64); i++) {
                beta[i] = Perplexity.fit(neighbours.squaredDistances(), i * k, k, StrictMath.log(perplexity), conditional);
            }
        });
        return symmetrised(n, k, neighbours.indices(), conditional, beta);
    }

    private static Affinity symmetrised(int n, int k, int[] index, double[] conditional, double[] beta) {
        int[] incoming = new int[n + 1];
        for (int j : index) {
            incoming[j + 1]++;
        }
        for (int i = 0; i < n; i++) {
            incoming[i + 1] += incoming[i];
        }
        int[] source = new int[n * k];
        int[] next = Arrays.copyOf(incoming, n);
        for (int place = 0; place < n * k; place++) {
            source[next[index[place]]++] = place;
        }
        return new Merge(n, k, index, conditional, incoming, source).run(beta);
    }

    /** Joins each row with its column of the conditional matrix; both come with ascending partners. */
    private static final class Merge {
        private final int n;
        private final int k;
        private final int[] index;
        private final double[] conditional;
        private final int[] incoming;
        private final int[] source;

        Merge(int n, int k, int[] index, double[] conditional, int[] incoming, int[] source) {
            this.n = n;
            this.k = k;
            this.index = index;
            this.conditional = conditional;
            this.incoming = incoming;
            this.source = source;
        }

        Affinity run(double[] beta) {
            int[] start = new int[n + 1];
            long total = 0;
            for (int i = 0; i < n; i++) {
                total += padded(row(i, null, null, 0));
                if (total > Integer.MAX_VALUE - 64) {
                    throw new IllegalArgumentException(NAME + ": more than 2^31 entries for " + n + " points with " + k + " neighbours each");
                }
                start[i + 1] = (int) total;
            }
            int[] column = new int[start[n]];
            float[] p = new float[start[n]];
            for (int i = 0; i < n; i++) {
                int end = start[i] + row(i, column, p, start[i]);
                Arrays.fill(column, end, start[i + 1], i);
            }
            return new Affinity(n, start, column, p, beta);
        }

        private static int padded(int length) {
            return (length + LANES - 1) / LANES * LANES;
        }

        /** Writes row i from {@code at} on, where there is something to write to, and says how many entries it has. */
        private int row(int i, int[] column, float[] p, int at) {
            long[] own = new long[k];
            for (int j = 0; j < k; j++) {
                own[j] = (long) index[i * k + j] << 32 | j;
            }
            Arrays.sort(own);
            int count = 0;
            int a = 0;
            int b = incoming[i];
            while (a < k || b < incoming[i + 1]) {
                int left = a < k ? (int) (own[a] >>> 32) : n;
                int right = b < incoming[i + 1] ? source[b] / k : n;
                double forth = left <= right ? conditional[i * k + (int) own[a++]] : 0;
                double back = right <= left ? conditional[source[b++]] : 0;
                if (column != null) {
                    column[at + count] = Math.min(left, right);
                    p[at + count] = (float) ((forth + back) / (2.0 * n));
                }
                count++;
            }
            return count;
        }
    }

    /** Number of points. */
    public int size() {
        return n;
    }

    /** Where each row begins, and at last where all end: the array itself, n + 1 entries. */
    public int[] start() {
        return start;
    }

    /** The partner of each entry: the array itself. */
    public int[] column() {
        return column;
    }

    /** The affinity of each entry; 0 in the padding: the array itself. All together sum to 1. */
    public float[] p() {
        return p;
    }

    /** pᵢⱼ, 0 where there is no entry. */
    public double get(int i, int j) {
        for (int e = start[i]; e < start[i + 1]; e++) {
            if (column[e] == j && p[e] != 0) {
                return p[e];
            }
        }
        return 0;
    }

    /** The precision βᵢ found for a point, in units of the {@link Neighbours} it came from. */
    double beta(int i) {
        return beta[i];
    }
}
