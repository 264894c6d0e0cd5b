package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.MergedRows.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981; Gu and Eisenstat 1995; LAPACK's dstedc).
 *
 * <p>The matrix is cut into blocks of at most {@value #LEAF} rows, which {@link TridiagonalQl} solves. Two neighbours are then merged: the cut was a rank-one
 * change, so the eigenvalues of both together are the roots of a {@link SecularEquation}, and their eigenvectors a product of matrices.
 * Eigenvalues that coincide, or that the change does not reach, are known already; such deflation often halves the work.
 */
final class TridiagonalDivide {
    private static final double EPS = 0x1p-53;
    private static final int LEAF = 32;
    private static final int ROWS_A_PIECE = 8;

    private final String operation;
    private final int n;
    private final double[] d;
    private final double[] e;
    private final double[] z;
    private final Workers workers;
    /** Place within its block of the row with the block's i-th smallest eigenvalue. */
    private final int[] order;

    private TridiagonalDivide(String operation, double[] d, double[] e, double[] z, Workers workers) {
        this.operation = operation;
        this.n = d.length;
        this.d = d;
        this.e = e;
        this.z = z;
        this.workers = workers;
        this.order = new int[n];
    }

    /**
     * Diagonalises the matrix with diagonal d and off-diagonal e. On return d holds the eigenvalues and row i of z, an n × n array of zeros before, the
     * eigenvector of d[i]. The result says in which order they ascend. e is used up.
     */
    static int[] solve(String operation, double[] d, double[] e, double[] z, Workers workers) {
        TridiagonalDivide t = new TridiagonalDivide(operation, d, e, z, workers);
        t.solve();
        return t.order;
    }

    private void solve() {
        int[] bounds = {0, n};
        while (largest(bounds) > LEAF) {
            bounds = halved(bounds);
        }
        for (int i = 1; i < bounds.length - 1; i++) {
            int cut = bounds[i];
            d[cut - 1] -= Math.abs(e[cut - 1]);
            d[cut] -= Math.abs(e[cut - 1]);
        }
        int[] leaves = bounds;
        workers.forEach(leaves.length - 1, i -> leaf(leaves[i], leaves[i + 1]));
        while (bounds.length > 2) {
            bounds = mergePairs(bounds);
        }
    }

    private static int largest(int[] bounds) {
        int most = 0;
        for (int i = 1; i < bounds.length; i++) {
            most = Math.max(most, bounds[i] - bounds[i - 1]);
        }
        return most;
    }

    private static int[] halved(int[] bounds) {
        int[] out = new int[2 * bounds.length - 1];
        for (int i = 0; i < bounds.length - 1; i++) {
            out[2 * i] = bounds[i];
            out[2 * i + 1] = (bounds[i] + bounds[i + 1]) / 2;
        }
        out[out.length - 1] = bounds[bounds.length - 1];
        return out;
    }

    private void leaf(int from, int to) {
        for (int i = from; i < to; i++) {
            z[i * n + i] = 1;
        }
        TridiagonalQl.solve(operation, d, e, from, to - from, z, from * n + from, n, to - from);
        int[] descending = Vectors.descending(Arrays.copyOfRange(d, from, to));
        for (int i = 0; i < to - from; i++) {
            order[from + i] = descending[to - from - 1 - i];
        }
    }

    /** One level up. While there are as many merges as threads each is one thread's; after that all threads share each merge. */
    private int[] mergePairs(int[] bounds) {
        int merges = (bounds.length - 1) / 2;
        int[] out = new int[merges + 1];
        for (int i = 0; i <= merges; i++) {
            out[i] = bounds[2 * i];
        }
        if (merges >= workers.threads()) {
            workers.forEach(merges, i -> new Merge(bounds[2 * i], bounds[2 * i + 1], bounds[2 * i + 2]).run());
        } else {
            for (int i = 0; i < merges; i++) {
                new Merge(bounds[2 * i], bounds[2 * i + 1], bounds[2 * i + 2]).run();
            }
        }
        return out;
    }

    /** Joins the blocks [begin, cut) and [cut, end). */
    private final class Merge {
        private final int begin;
        private final int first;
        private final int size;
        /** Weights of the rank-one change in the basis of the two blocks' eigenvectors. */
        private final double[] weight;
        private final Part[] part;
        private final List<Integer> kept = new ArrayList<>();
        private final List<Integer> deflated = new ArrayList<>();
        private double rho;

        Merge(int begin, int cut, int end) {
            this.begin = begin;
            this.first = cut - begin;
            this.size = end - begin;
            this.weight = new double[size];
            this.part = new Part[size];
            this.rho = e[cut - 1];
        }

        void run() {
            if (size == 0) {
                return;
            }
            findWeights();
            deflate();
            deflated.sort((i, j) -> Double.compare(d[begin + i], d[begin + j]));
            double[] values = new double[size];
            for (int i = 0; i < deflated.size(); i++) {
                values[kept.size() + i] = d[begin + deflated.get(i)];
            }
            if (kept.isEmpty()) {
                new MergedRows(kept, deflated, part).replace(new double[0], z, begin * n + begin, n, first, size, workers);
            } else {
                solveKept(values);
            }
            System.arraycopy(values, 0, d, begin, size);
            sort();
        }

        private void findWeights() {
            for (int i = 0; i < size; i++) {
                boolean upper = i < first;
                int column = upper ? first - 1 : first;
                double x = z[(begin + i) * n + begin + column] * Math.sqrt(0.5);
                weight[i] = rho < 0 && !upper ? -x : x;
                part[i] = upper ? Part.FIRST : Part.SECOND;
            }
            rho = Math.abs(2 * rho);
        }

        /** Both halves' indices by ascending eigenvalue. */
        private int[] merged() {
            int[] out = new int[size];
            int i = 0;
            int j = first;
            for (int at = 0; at < size; at++) {
                boolean upper = j >= size || i < first && d[begin + order[begin + i]] <= d[begin + first + order[begin + j]];
                out[at] = upper ? order[begin + i++] : first + order[begin + j++];
            }
            return out;
        }

        /** Splits the eigenvalues into those that the change moves and those that it leaves; nearly equal ones are rotated into one of each. */
        private void deflate() {
            double tolerance = 8 * EPS * Math.max(Vectors.maxAbs(d, begin, size), Vectors.maxAbs(weight, 0, size));
            int pending = -1;
            for (int next : merged()) {
                if (rho * Math.abs(weight[next]) <= tolerance) {
                    deflated.add(next);
                } else if (pending >= 0 && rotatedAway(pending, next, tolerance)) {
                    deflated.add(pending);
                    pending = next;
                } else {
                    if (pending >= 0) {
                        kept.add(pending);
                    }
                    pending = next;
                }
            }
            if (pending >= 0) {
                kept.add(pending);
            }
        }

        /** When the two eigenvalues are so close that a rotation may turn the whole weight to the second of them, does so. */
        private boolean rotatedAway(int i, int j, double tolerance) {
            double length = Rotation.hypot(weight[i], weight[j]);
            double c = weight[j] / length;
            double s = -weight[i] / length;
            double gap = d[begin + j] - d[begin + i];
            if (Math.abs(gap * c * s) > tolerance) {
                return false;
            }
            weight[j] = length;
            weight[i] = 0;
            if (part[i] != part[j]) {
                part[j] = Part.BOTH;
            }
            Vectors.rotate(z, (begin + i) * n + begin, z, (begin + j) * n + begin, size, c, s);
            double low = d[begin + i];
            double high = d[begin + j];
            d[begin + i] = low * c * c + high * s * s;
            d[begin + j] = low * s * s + high * c * c;
            return true;
        }

        /** Roots and vectors of the part that is left, and its eigenvectors, which go to the first rows of the block, the deflated ones after them. */
        private void solveKept(double[] values) {
            int k = kept.size();
            double[] poles = new double[k];
            double[] weights = new double[k];
            for (int i = 0; i < k; i++) {
                poles[i] = d[begin + kept.get(i)];
                weights[i] = weight[kept.get(i)];
            }
            SecularEquation equation = new SecularEquation(operation, k, poles, weights, rho, false);
            equation.solve(workers);
            double[] exact = equation.weights(workers);
            for (int i = 0; i < k; i++) {
                values[i] = equation.root(i);
            }
            MergedRows merged = new MergedRows(kept, deflated, part);
            double[] groupedPoles = merged.grouped(poles);
            double[] groupedWeights = merged.grouped(exact);
            double[] mix = new double[k * k];
            workers.forEach((k + ROWS_A_PIECE - 1) / ROWS_A_PIECE, piece -> {
                for (int i = piece * ROWS_A_PIECE; i < Math.min(k, (piece + 1) * ROWS_A_PIECE); i++) {
                    Vectors.KERNELS.poleQuotients(groupedWeights, groupedPoles, k, equation.gap(i), mix, i * k);
                    Vectors.scale(1 / Vectors.norm(mix, i * k, k), mix, i * k, k);
                }
            });
            merged.replace(mix, z, begin * n + begin, n, first, size, workers);
        }

        /** Merges the kept and the deflated eigenvalues, both of which ascend. */
        private void sort() {
            int i = 0;
            int j = kept.size();
            for (int at = 0; at < size; at++) {
                boolean moved = j >= size || i < kept.size() && d[begin + i] <= d[begin + j];
                order[begin + at] = moved ? i++ : j++;
            }
        }
    }
}
