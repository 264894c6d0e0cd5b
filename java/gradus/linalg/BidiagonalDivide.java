package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.MergedRows.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Singular values and vectors of an upper bidiagonal matrix by divide and conquer (Gu and Eisenstat, "A divide-and-conquer algorithm for the bidiagonal SVD",
 * 1995; LAPACK's dbdsdc).
 *
 * <p>Taking out one row leaves two bidiagonal blocks, of which all but the last have one more column than rows. Blocks of at most {@value #LEAF} rows go to
 * {@link BidiagonalQr}. Two solved blocks and the row between them make, in the basis of their singular vectors, a diagonal matrix with one full row z,
 * whose singular values are the roots of a {@link SecularEquation} in squared form.
 *
 * <p>A block of rows [s, s + N) has columns [s, s + M), M = N or N + 1. Its left vectors are the rows [s, s + N) of the left array, its right ones the same rows
 * of the right array, followed by the vector of its null space when M = N + 1.
 */
final class BidiagonalDivide {
    private static final double EPS = 0x1p-53;
    private static final int LEAF = 32;
    private static final int ROWS_A_PIECE = 8;

    private final String operation;
    private final int n;
    private final double[] d;
    private final double[] e;
    private final double[] left;
    private final double[] right;
    private final Workers workers;
    /** Place within its block of the row with the block's i-th smallest value. */
    private final int[] order;

    /** Rows [begin, begin + size) with size + extra columns, cut after {@code begin + size/2} when it is too large for a leaf. */
    private record Block(int begin, int size, int extra) {
        boolean isLeaf() {
            return size <= LEAF;
        }

        int middle() {
            return size / 2;
        }

        Block first() {
            return new Block(begin, middle(), 1);
        }

        Block second() {
            return new Block(begin + middle() + 1, size - middle() - 1, extra);
        }
    }

    private BidiagonalDivide(String operation, double[] d, double[] e, double[] left, double[] right, Workers workers) {
        this.operation = operation;
        this.n = d.length;
        this.d = d;
        this.e = e;
        this.left = left;
        this.right = right;
        this.workers = workers;
        this.order = new int[n];
    }

    /**
     * Diagonalises the matrix with diagonal d and superdiagonal e. On return d holds the singular values, not negative and unsorted, and row i of left and
     * right, n × n arrays of zeros before, the vectors of d[i]. e is used up.
     */
    static void solve(String operation, double[] d, double[] e, double[] left, double[] right, Workers workers) {
        double negligible = EPS * Math.max(Vectors.maxAbs(d, 0, d.length), Vectors.maxAbs(e, 0, e.length));
        List<Block> blocks = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < d.length; i++) {
            if (i == e.length || Math.abs(e[i]) <= negligible) {
                blocks.add(new Block(begin, i + 1 - begin, 0));
                begin = i + 1;
            }
        }
        new BidiagonalDivide(operation, d, e, left, right, workers).solve(blocks);
    }

    /** Solves the blocks of one level, those of the next first. While there are as many as threads each is one thread's. */
    private void solve(List<Block> level) {
        List<Block> next = new ArrayList<>();
        for (Block b : level) {
            if (!b.isLeaf()) {
                next.add(b.first());
                next.add(b.second());
            }
        }
        if (!next.isEmpty()) {
            solve(next);
        }
        if (level.size() >= workers.threads()) {
            workers.forEach(level.size(), i -> solve(level.get(i)));
        } else {
            level.forEach(this::solve);
        }
    }

    private void solve(Block b) {
        if (b.isLeaf()) {
            leaf(b);
        } else {
            new Merge(b).run();
        }
    }

    private void leaf(Block b) {
        int size = b.size;
        for (int i = b.begin; i < b.begin + size; i++) {
            left[i * n + i] = 1;
        }
        for (int i = b.begin; i < b.begin + size + b.extra; i++) {
            right[i * n + i] = 1;
        }
        double[] diagonal = Arrays.copyOfRange(d, b.begin, b.begin + size);
        double[] above = Arrays.copyOfRange(e, b.begin, b.begin + size);
        if (b.extra == 1) {
            makeSquare(b, diagonal, above);
        }
        int corner = b.begin * n + b.begin;
        BidiagonalQr.solve(operation, diagonal, above, new BidiagonalQr.Rows(left, corner, n, size), new BidiagonalQr.Rows(right, corner, n, size + b.extra));
        System.arraycopy(diagonal, 0, d, b.begin, size);
        int[] descending = Vectors.descending(diagonal);
        for (int i = 0; i < size; i++) {
            order[b.begin + i] = descending[size - 1 - i];
        }
    }

    /** Turns the last column to zero by rotations from the right, which leaves a lower bidiagonal matrix, and that to an upper one from the left. */
    private void makeSquare(Block b, double[] diagonal, double[] above) {
        int width = b.size + 1;
        for (int i = 0; i < b.size; i++) {
            int row = (b.begin + i) * n + b.begin;
            rotate(i, diagonal, above, right, row, width);
        }
        for (int i = 0; i < b.size - 1; i++) {
            int row = (b.begin + i) * n + b.begin;
            rotate(i, diagonal, above, left, row, b.size);
        }
    }

    private void rotate(int i, double[] diagonal, double[] off, double[] rows, int row, int width) {
        Rotation r = Rotation.of(diagonal[i], off[i]);
        diagonal[i] = r.r();
        off[i] = 0;
        if (i + 1 < diagonal.length) {
            off[i] = r.s() * diagonal[i + 1];
            diagonal[i + 1] *= r.c();
        }
        Vectors.rotate(rows, row, rows, row + n, width, r.c(), r.s());
    }

    /** Joins two solved blocks and the row between them. */
    private final class Merge {
        private final int begin;
        private final int middle;
        private final int size;
        private final int width;
        private final double alpha;
        private final double beta;
        /** The full row in the basis of the two blocks' right vectors; entry {@code middle} belongs to the value 0. */
        private final double[] weight;
        private final Part[] part;
        private final List<Integer> kept = new ArrayList<>();
        private final List<Integer> deflated = new ArrayList<>();
        private double tolerance;

        Merge(Block b) {
            this.begin = b.begin;
            this.middle = b.middle();
            this.size = b.size;
            this.width = b.size + b.extra;
            this.alpha = d[begin + middle];
            this.beta = e[begin + middle];
            this.weight = new double[size];
            this.part = new Part[size];
        }

        void run() {
            d[begin + middle] = 0;
            left[(begin + middle) * n + begin + middle] = 1;
            tolerance = 8 * EPS * Math.max(Vectors.maxAbs(d, begin, size), Math.max(Math.abs(alpha), Math.abs(beta)));
            findWeights();
            deflate();
            deflated.sort((i, j) -> Double.compare(d[begin + i], d[begin + j]));
            double[] values = new double[size];
            for (int i = 0; i < deflated.size(); i++) {
                values[kept.size() + i] = d[begin + deflated.get(i)];
            }
            solveKept(values);
            System.arraycopy(values, 0, d, begin, size);
            sort();
        }

        private double rightEntry(int row, int column) {
            return right[(begin + row) * n + begin + column];
        }

        private void findWeights() {
            for (int i = 0; i < size; i++) {
                weight[i] = i <= middle ? alpha * rightEntry(i, middle) : beta * rightEntry(i, middle + 1);
                part[i] = i <= middle ? Part.FIRST : Part.SECOND;
            }
            if (width > size) {
                joinNullVectors();
            }
            if (Math.abs(weight[middle]) <= tolerance) {
                weight[middle] = tolerance;
            }
        }

        /** Both blocks have a null vector: one combination of the two meets the full row, the other becomes the null vector of the whole. */
        private void joinNullVectors() {
            double first = weight[middle];
            double second = beta * rightEntry(size, middle + 1);
            double length = Rotation.hypot(first, second);
            part[middle] = Part.BOTH;
            weight[middle] = length;
            if (length > tolerance) {
                Vectors.rotate(right, (begin + middle) * n + begin, right, (begin + size) * n + begin, width, first / length, second / length);
            }
        }

        /** The indices of both blocks, without the row between them, by ascending value. */
        private int[] merged() {
            int[] out = new int[size - 1];
            int i = 0;
            int j = middle + 1;
            for (int at = 0; at < out.length; at++) {
                boolean fromFirst = j >= size
                        || i < middle && d[begin + order[begin + i]] <= d[begin + middle + 1 + order[begin + j]];
                out[at] = fromFirst ? order[begin + i++] : middle + 1 + order[begin + j++];
            }
            return out;
        }

        private void deflate() {
            kept.add(middle);
            int pending = -1;
            for (int next : merged()) {
                if (Math.abs(weight[next]) <= tolerance) {
                    deflated.add(next);
                } else {
                    if (pending >= 0 && d[begin + next] - d[begin + pending] <= tolerance) {
                        rotateAway(pending, next);
                        deflated.add(pending);
                    } else if (pending >= 0) {
                        kept.add(pending);
                    }
                    pending = next;
                }
            }
            if (pending >= 0) {
                kept.add(pending);
            }
        }

        /** The two values are equal to working accuracy: a rotation of both sides turns the whole weight to the second of them. */
        private void rotateAway(int i, int j) {
            double length = Rotation.hypot(weight[i], weight[j]);
            double c = weight[j] / length;
            double s = -weight[i] / length;
            weight[j] = length;
            weight[i] = 0;
            if (part[i] != part[j]) {
                part[j] = Part.BOTH;
            }
            int at = (begin + i) * n + begin;
            int with = (begin + j) * n + begin;
            Vectors.rotate(left, at, left, with, size, c, s);
            Vectors.rotate(right, at, right, with, width, c, s);
        }

        private void solveKept(double[] values) {
            int k = kept.size();
            double[] poles = new double[k];
            double[] weights = new double[k];
            for (int i = 0; i < k; i++) {
                poles[i] = d[begin + kept.get(i)];
                weights[i] = weight[kept.get(i)];
            }
            if (k > 1 && poles[1] <= tolerance / 2) {
                poles[1] = tolerance / 2; // the value 0 of the full row must stay apart from the next
            }
            double norm = Vectors.norm(weights, 0, k);
            Vectors.scale(1 / norm, weights, 0, k);
            SecularEquation equation = new SecularEquation(operation, k, poles, weights, norm * norm, true);
            equation.solve(workers);
            double[] exact = equation.weights(workers);
            for (int i = 0; i < k; i++) {
                values[i] = equation.root(i);
            }
            MergedRows rows = new MergedRows(kept, deflated, part);
            double[] leftMix = new double[k * k];
            double[] rightMix = new double[k * k];
            mixes(rows, equation, poles, exact, leftMix, rightMix);
            int corner = begin * n + begin;
            rows.replace(leftMix, left, corner, n, middle + 1, size, workers);
            rows.replace(rightMix, right, corner, n, middle + 1, width, workers);
        }

        /** Vectors of the root σ: right ∝ zⱼ/(dⱼ² − σ²), left ∝ dⱼ·zⱼ/(dⱼ² − σ²) with −1 in place of pole 0. */
        private void mixes(MergedRows rows, SecularEquation equation, double[] poles, double[] exact, double[] leftMix, double[] rightMix) {
            int k = poles.length;
            double[] groupedPoles = rows.grouped(poles);
            double[] groupedWeights = rows.grouped(exact);
            int zero = rows.columnOf(0);
            workers.forEach((k + ROWS_A_PIECE - 1) / ROWS_A_PIECE, piece -> {
                for (int i = piece * ROWS_A_PIECE; i < Math.min(k, (piece + 1) * ROWS_A_PIECE); i++) {
                    int at = i * k;
                    Vectors.KERNELS.poleQuotients(groupedWeights, groupedPoles, k, equation.gap(i), rightMix, at);
                    for (int g = 0; g < k; g++) {
                        leftMix[at + g] = groupedPoles[g] * rightMix[at + g];
                    }
                    leftMix[at + zero] = -1;
                    Vectors.scale(1 / Vectors.norm(rightMix, at, k), rightMix, at, k);
                    Vectors.scale(1 / Vectors.norm(leftMix, at, k), leftMix, at, k);
                }
            });
        }

        /** Merges the kept and the deflated values, both of which ascend. */
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
