package gradus.learn;

import gradus.backend.NearestCenters;
import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.numerics.Sums;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One run of Lloyd's two alternating steps: every row takes the label of its nearest centre, every centre moves to the mean of its rows.
 *
 * <p>Three things save work and change no label:
 * <ul>
 * <li><b>Bounds</b> (Hamerly 2010). For every row an upper bound of the distance to its own centre and a lower bound of that to any other are kept. They move with the
 * centres, and a row is looked at only when they cross.
 * <li><b>Float32.</b> Rows that are looked at meet all centres in products of eight rows and sixteen centres. Where the two smallest distances are nearer to each other
 * than rounding can tell, float64 decides.
 * <li><b>Differences.</b> The sums under the means change by the rows that changed their label only.
 * </ul>
 * A device, where there is one, looks at all rows in float64: the same labels, without bounds. J needs no distances: with S the sum and n the number of rows of a cluster, J = Σ‖x‖² − Σ (2c·S − n‖c‖²).
 */
final class Lloyd {
    private static final int PIECE = 512;
    private static final int LANES = LearnKernels.GROUP;
    private static final int HEIGHT = LearnKernels.ROWS;
    /** Room for the few float64 roundings in a bound. */
    private static final double UP = 1 + 0x1p-40;
    private static final double DOWN = 1 - 0x1p-40;

    private final ClusterData data;
    private final KMeans options;
    private final Workers workers;
    private final LearnKernels kernels;
    private final NearestCenters device;
    private final int n;
    private final int d;
    private final int k;
    private final double[] centers;
    private final double[] sums;
    private final int[] sizes;
    private final int[] labels;
    private final int[] previous;
    private final double[] upper;
    private final double[] lower;
    private final float[] columns;
    private final float[] centerNorms;
    private final double[] halfGap;
    private final double[] error;
    private final double[] history;
    private int halves;

    /** @param device decides labels in place of this machine; may be null */
    Lloyd(ClusterData data, Matrix begin, KMeans options, Workers workers, LearnKernels kernels, NearestCenters device) {
        this.data = data;
        this.options = options;
        this.workers = workers;
        this.kernels = kernels;
        this.device = device;
        this.n = data.n();
        this.d = data.d();
        this.k = begin.rows();
        this.centers = begin.data().clone();
        this.sums = new double[k * d];
        this.sizes = new int[k];
        this.labels = new int[n];
        this.previous = new int[n];
        this.upper = new double[n];
        this.lower = new double[n];
        this.columns = new float[(k + LANES - 1) / LANES * LANES * d];
        this.centerNorms = new float[(k + LANES - 1) / LANES * LANES];
        this.halfGap = new double[k];
        this.error = new double[1];
        this.history = new double[2 * options.iterations() + 1];
        Arrays.fill(labels, -1);
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
    }

    Clustering run() {
        boolean settled = false;
        int round = 0;
        while (!settled && round < options.iterations()) {
            round++;
            boolean changed = assign();
            history[halves++] = objective();
            double moved = moveCenters();
            history[halves++] = objective();
            if (!changed) {
                return result(round, true);
            }
            settled = moved <= options.tolerance() * data.variance();
        }
        // The labels belong to the centres before their last move.
        assign();
        history[halves++] = objective();
        return result(round, settled);
    }

    private Clustering result(int rounds, boolean settled) {
        Matrix found = Matrix.of(k, d, centers.clone());
        Columns.add(found, data.mean());
        double[] squares = new double[n];
        workers.forEach(pieces(), piece -> {
            for (int i = piece * PIECE; i < end(piece); i++) {
                squares[i] = data.squaredDistance(i, centers, labels[i]);
            }
        });
        return new Clustering(found, labels, sizes, Sums.sum(squares, 0, 1, n), Arrays.copyOf(history, halves), rounds, settled);
    }

    private int pieces() {
        return (n + PIECE - 1) / PIECE;
    }

    private int end(int piece) {
        return Math.min(n, piece * PIECE + PIECE);
    }

    /** Gives every row the label of its nearest centre; says whether any label changed. Sums and sizes follow. */
    private boolean assign() {
        System.arraycopy(labels, 0, previous, 0, n);
        if (device != null) {
            device.assign(centers, labels);
        } else {
            prepareCenters();
            workers.forEach(pieces(), this::assignPiece);
        }
        boolean changed = !Arrays.equals(labels, previous);
        if (changed) {
            follow();
            fillEmpty();
        }
        return changed;
    }

    private void prepareCenters() {
        float largest = 0;
        for (int j = 0; j < k; j++) {
            for (int p = 0; p < d; p++) {
                columns[j / LANES * LANES * d + p * LANES + j % LANES] = (float) centers[j * d + p];
            }
            centerNorms[j] = (float) Sums.dot(centers, j * d, 1, centers, j * d, 1, d);
            largest = Math.max(largest, centerNorms[j]);
        }
        // |2x·c| errs by d·2⁻²³·‖x‖‖c‖ in the chain and 2⁻²³·‖x‖‖c‖ from rounding c; the norms and their sum by 2⁻²²·(‖x‖ + ‖c‖)². Here without ‖x‖.
        error[0] = Math.sqrt(largest);
        for (int j = 0; j < k; j++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int other = 0; other < k; other++) {
                nearest = other == j ? nearest : Math.min(nearest, WideSums.squaredDistance(centers, j * d, centers, other * d, d));
            }
            halfGap[j] = Math.sqrt(nearest) * 0.5 * DOWN;
        }
    }

    private void assignPiece(int piece) {
        int[] active = new int[PIECE + HEIGHT];
        int count = 0;
        for (int i = piece * PIECE; i < end(piece); i++) {
            if (labels[i] < 0 || upper[i] >= Math.max(lower[i], halfGap[labels[i]])) {
                active[count++] = i;
            }
        }
        // The last rows of eight repeat, and are ignored.
        Arrays.fill(active, count, count + HEIGHT, count > 0 ? active[count - 1] : 0);
        int blocks = columns.length / d / LANES;
        float[] out = new float[blocks * HEIGHT * LANES];
        float[] block = new float[HEIGHT * LANES];
        for (int from = 0; from < count; from += HEIGHT) {
            for (int b = 0; b < blocks; b++) {
                kernels.products(data.rows(), d, active, from, columns, b * LANES * d, block);
                System.arraycopy(block, 0, out, b * block.length, block.length);
            }
            for (int r = 0; r < Math.min(HEIGHT, count - from); r++) {
                settle(active[from + r], out, r);
            }
        }
    }

    /** Finds the nearest and second nearest centre of row i from its products. */
    private void settle(int i, float[] products, int r) {
        double best = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        int label = 0;
        for (int j = 0; j < k; j++) {
            double square = squared(i, j, products, r);
            if (square < best) {
                second = best;
                best = square;
                label = j;
            } else if (square < second) {
                second = square;
            }
        }
        double norm = Math.sqrt(data.norms()[i]);
        double reach = norm + error[0];
        double slack = (d + 1) * 0x1p-23 * norm * error[0] + 0x1p-22 * reach * reach;
        if (second - best <= 2 * slack) {
            label = decide(i, products, r, best + 2 * slack);
            second = best; // what came out second may be the one that seemed nearest
        }
        labels[i] = label;
        upper[i] = Math.sqrt(Math.max(0, best) + 2 * slack) * UP;
        lower[i] = Math.sqrt(Math.max(0, second - slack)) * DOWN;
    }

    private double squared(int i, int j, float[] products, int r) {
        float dot = products[j / LANES * HEIGHT * LANES + r * LANES + j % LANES];
        return (double) data.norms()[i] + centerNorms[j] - 2.0 * dot;
    }

    /** The nearest of all centres that may be it, in float64. */
    private int decide(int i, float[] products, int r, double bound) {
        double best = Double.POSITIVE_INFINITY;
        int label = 0;
        for (int j = 0; j < k; j++) {
            if (squared(i, j, products, r) <= bound) {
                double square = data.squaredDistance(i, centers, j);
                if (square < best) {
                    best = square;
                    label = j;
                }
            }
        }
        return label;
    }

    /** Takes the rows that changed their label out of one sum and into the other, in ascending order; each cluster has one thread. */
    private void follow() {
        int[] movers = IntStream.range(0, n).filter(i -> labels[i] != previous[i]).toArray();
        workers.forEach(k, j -> {
            for (int i : movers) {
                if (labels[i] == j) {
                    sizes[j]++;
                    addRow(i, j, 1);
                } else if (previous[i] == j) {
                    sizes[j]--;
                    addRow(i, j, -1);
                }
            }
        });
    }

    private void addRow(int i, int j, double sign) {
        int at = j * d;
        int from = i * d;
        for (int p = 0; p < d; p++) {
            sums[at + p] += sign * data.rows()[from + p];
        }
    }

    /** A cluster that lost its last row gets the row that lies farthest from its centre, out of a cluster of several; if none lies apart, it stays empty. */
    private void fillEmpty() {
        for (int j = 0; j < k; j++) {
            if (sizes[j] == 0) {
                int row = farthest();
                if (row < 0) {
                    return;
                }
                int old = labels[row];
                labels[row] = j;
                sizes[old]--;
                sizes[j]++;
                addRow(row, old, -1);
                addRow(row, j, 1);
                // The row is its cluster's centre once that has moved; until then nothing is known of it.
                System.arraycopy(sums, j * d, centers, j * d, d);
                upper[row] = Double.POSITIVE_INFINITY;
                Arrays.fill(lower, 0);
            }
        }
    }

    private int farthest() {
        double[] squares = new double[n];
        workers.forEach(pieces(), piece -> {
            for (int i = piece * PIECE; i < end(piece); i++) {
                squares[i] = sizes[labels[i]] > 1 ? data.squaredDistance(i, centers, labels[i]) : 0;
            }
        });
        int best = -1;
        double most = 0;
        for (int i = 0; i < n; i++) {
            if (squares[i] > most) {
                most = squares[i];
                best = i;
            }
        }
        return best;
    }

    /** Centres move to the means, bounds with them; returns the sum of the squared moves. */
    private double moveCenters() {
        double[] move = new double[k];
        double total = 0;
        int farthest = 0;
        double second = 0;
        for (int j = 0; j < k; j++) {
            double square = sizes[j] == 0 ? 0 : moveCenter(j);
            total += square;
            move[j] = Math.sqrt(square) * UP;
            if (j > 0 && move[j] > move[farthest]) {
                second = move[farthest];
                farthest = j;
            } else if (j > 0) {
                second = Math.max(second, move[j]);
            }
        }
        int fastest = farthest;
        double next = second;
        workers.forEach(pieces(), piece -> {
            for (int i = piece * PIECE; i < end(piece); i++) {
                upper[i] = (upper[i] + move[labels[i]]) * UP;
                lower[i] = Math.max(0, lower[i] - (labels[i] == fastest ? next : move[fastest])) * DOWN;
            }
        });
        return total;
    }

    private double moveCenter(int j) {
        double square = 0;
        for (int p = 0; p < d; p++) {
            double mean = sums[j * d + p] / sizes[j];
            double v = mean - centers[j * d + p];
            square = Math.fma(v, v, square);
            centers[j * d + p] = mean;
        }
        return square;
    }

    private double objective() {
        double[] gain = new double[k];
        for (int j = 0; j < k; j++) {
            gain[j] = 2 * Sums.dot(centers, j * d, 1, sums, j * d, 1, d) - sizes[j] * Sums.dot(centers, j * d, 1, centers, j * d, 1, d);
        }
        return Math.max(0, data.total() - Sums.sum(gain, 0, 1, k));
    }
}
