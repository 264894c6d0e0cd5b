package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * The k nearest other rows of every row by Euclidean distance, exact: nearest first, of equally near ones the lower index first. Float32.
 *
 * <p>Products of blocks of rows give ‖y‖² − 2x·y, which is the squared distance less ‖x‖² up to a rounding error that is bounded. Whoever comes
 * within twice that bound of the k nearest is measured again as Σ(x − y)², and those measures decide. So duplicate rows have distance 0 exactly.
 *
 * <p>x·y is y·x to the last bit, so a product of two blocks serves the rows of both: 10,000 × 784, k = 91, took 2.2 s on one thread and 1.9 s on two (of a shared machine) with every product
 * taken twice, 1.7 s and 0.9 s so. Candidates of all rows wait for it, 2 KB a row.
 */
public final class Neighbours {
    private static final String NAME = "neighbours";
    private static final int BLOCK = 1024;
    private static final int TILE = 32;
    private static final float ROUNDING = 0x1p-23f;

    private final int n;
    private final int k;
    private final int[] index;
    private final float[] squared;
    private final int exponent;

    private Neighbours(int n, int k, int exponent) {
        this.n = n;
        this.k = k;
        this.index = new int[n * k];
        this.squared = new float[n * k];
        this.exponent = exponent;
    }

    /**
     * The k nearest of the rows of x [n, d]; the result does not depend on the number of threads.
     *
     * @throws gradus.tensor.ShapeException when x is not of two axes
     * @throws IllegalArgumentException when k is not in 1 … n − 1, an entry is not finite, or n·k or n·d exceeds 2³¹ − 1
     */
    public static Neighbours of(Tensor x, int k, Workers workers) {
        return of(x, k, workers, LearnKernels.best());
    }

    static Neighbours of(Tensor x, int k, Workers workers, LearnKernels kernels) {
        Matrix data = Inputs.matrix(NAME, x);
        int n = data.rows();
        if (k < 1 || k >= n) {
            throw new IllegalArgumentException(NAME + ": " + k + " nearest asked for; data " + data.shape() + " allows 1 to " + (n - 1));
        }
        if ((long) n * k > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(NAME + ": " + k + " nearest of " + n + " rows do not fit one array; n·k may be at most 2^31 - 1");
        }
        Columns.subtract(data, Columns.means(data));
        double max = data.maxAbs();
        // Brought to a magnitude of 1, no square overflows or vanishes that matters.
        int exponent = max < Double.MIN_NORMAL ? 0 : Math.getExponent(max);
        float[] rows = new float[data.data().length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) Math.scalb(data.data()[i], -exponent);
        }
        Neighbours found = new Neighbours(n, k, exponent);
        found.search(rows, data.columns(), workers, kernels);
        return found;
    }

    private void search(float[] rows, int d, Workers workers, LearnKernels kernels) {
        float[] norms = new float[n];
        for (int i = 0; i < n; i++) {
            norms[i] = (float) WideSums.squares(rows, i * d, d);
        }
        float largest = 0;
        for (float norm : norms) {
            largest = Math.max(largest, norm);
        }
        // A chain of d products errs by at most d·2⁻²⁴·‖x‖‖y‖, twice that for 2x·y; norms and last fma by less than 4·2⁻²⁴·‖y‖²; and the measure that
        // decides, 16 shorter chains for a square of at most 4·‖y‖², by (d/16 + 8)·2⁻²⁴·4·‖y‖².
        float error = ROUNDING * (1.125f * d + 20) * largest;
        Candidates[] candidates = new Candidates[n];
        Arrays.setAll(candidates, i -> new Candidates(k, 2 * error));
        int block = Math.min(n, BLOCK);
        float[] dots = new float[block * block];
        float[] turned = new float[block * block];
        for (int from = 0; from < n; from += BLOCK) {
            int first = from;
            int height = Math.min(BLOCK, n - from);
            // A product serves its rows and its columns: x·y is y·x to the last bit, and the blocks before this one have had their products with it.
            for (int column = from; column < n; column += BLOCK) {
                int left = column;
                int width = Math.min(BLOCK, n - column);
                kernels.dots(height, width, d, rows, first * d, rows, left * d, dots, workers);
                workers.forEach(height, i -> candidates[first + i].offer(first + i, norms, dots, i * width, left, left + width, kernels));
                if (left > first) {
                    turn(dots, height, width, turned, workers);
                    workers.forEach(width, j -> candidates[left + j].offer(left + j, norms, turned, j * height, first, first + height, kernels));
                }
            }
            workers.forEach(height, i -> {
                settle(first + i, candidates[first + i], rows, d, kernels);
                candidates[first + i] = null;
            });
        }
    }

    /** x [rows, columns] with its axes exchanged, in squares of {@value #TILE} that fit the first-level cache. */
    private static void turn(float[] x, int rows, int columns, float[] out, Workers workers) {
        workers.forEach((columns + TILE - 1) / TILE, task -> {
            int left = task * TILE;
            int right = Math.min(columns, left + TILE);
            for (int top = 0; top < rows; top += TILE) {
                int bottom = Math.min(rows, top + TILE);
                for (int j = left; j < right; j++) {
                    for (int i = top; i < bottom; i++) {
                        out[j * rows + i] = x[i * columns + j];
                    }
                }
            }
        });
    }

    private void settle(int i, Candidates candidates, float[] rows, int d, LearnKernels kernels) {
        int count = candidates.narrow();
        float[] distance = new float[count];
        kernels.squaredDistances(rows, i * d, rows, candidates.index, 0, count, d, distance);
        long[] order = new long[count];
        for (int j = 0; j < count; j++) {
            // Bits of floats that are not negative ascend with their values.
            order[j] = (long) Float.floatToRawIntBits(distance[j]) << 32 | candidates.index[j];
        }
        Arrays.sort(order);
        for (int j = 0; j < k; j++) {
            index[i * k + j] = (int) order[j];
            squared[i * k + j] = Float.intBitsToFloat((int) (order[j] >>> 32));
        }
    }

    /** Those who may yet be among the k nearest of one row. */
    private static final class Candidates {
        private final int k;
        private final float slack;
        private int[] index;
        private float[] score;
        private int count;
        private float bound = Float.POSITIVE_INFINITY;

        Candidates(int k, float slack) {
            this.k = k;
            this.slack = slack;
            this.index = new int[2 * k + 64];
            this.score = new float[2 * k + 64];
        }

        void offer(int self, float[] norms, float[] dots, int at, int from, int to, LearnKernels kernels) {
            int step = 512;
            int[] found = new int[step];
            for (int j = from; j < to; j += step) {
                int hits = kernels.below(bound, norms, dots, at + j - from, j, Math.min(to, j + step), found);
                for (int h = 0; h < hits; h++) {
                    if (found[h] != self) {
                        add(found[h], Math.fma(-2, dots[at + found[h] - from], norms[found[h]]));
                    }
                }
            }
        }

        private void add(int j, float value) {
            if (count == index.length) {
                narrow();
                if (count > index.length / 2) {
                    index = Arrays.copyOf(index, 2 * index.length);
                    score = Arrays.copyOf(score, 2 * score.length);
                }
            }
            index[count] = j;
            score[count++] = value;
        }

        /** Drops everyone beyond the k-th score and the slack; says how many are left. */
        int narrow() {
            if (count > k) {
                float kth = Selection.nth(Arrays.copyOf(score, count), k - 1);
                // The next representable value above, so that "below the bound" takes the bound itself in.
                bound = Math.nextUp(kth + slack);
                int kept = 0;
                for (int j = 0; j < count; j++) {
                    if (score[j] < bound) {
                        index[kept] = index[j];
                        score[kept++] = score[j];
                    }
                }
                count = kept;
            }
            return count;
        }
    }

    /** Number of rows. */
    public int size() {
        return n;
    }

    /** Neighbours of each row. */
    public int k() {
        return k;
    }

    /** The row that is the j-th nearest of row i, j from 0. */
    public int neighbour(int i, int j) {
        return index[place(i, j)];
    }

    /** The distance of row i to its j-th nearest. */
    public double distance(int i, int j) {
        return Math.scalb(Math.sqrt(squared[place(i, j)]), exponent);
    }

    private int place(int i, int j) {
        if (i < 0 || i >= n || j < 0 || j >= k) {
            throw new IndexOutOfBoundsException(NAME + ": neighbour " + j + " of row " + i + "; there are " + k + " of each of " + n + " rows");
        }
        return i * k + j;
    }

    /** Neighbours of row i at {@code i·k … i·k + k − 1}; the array itself. */
    int[] indices() {
        return index;
    }

    /** Squared distances in the order of {@link #indices}, in units of 4^exponent: the array itself. */
    float[] squaredDistances() {
        return squared;
    }
}
