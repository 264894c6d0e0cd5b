package gradus.backend.simd;

import gradus.backend.Reduction;
import java.util.Arrays;

/** Folds of double sequences in the order of {@link Reduction}; the loops over sixteen lanes, or over columns, compile to vector code. */
final class DoubleRuns {
    private static final int CHUNK = 4096;
    private static final int LANES = 16;

    private DoubleRuns() {
    }

    /** Folds n neighbouring terms. */
    static double fold(Reduction r, double[] x, int start, int n) {
        return switch (r) {
            case SUM, SUM_OF_SQUARES -> sum(r == Reduction.SUM_OF_SQUARES, x, start, n);
            case MAX -> {
                double best = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < n; i++) {
                    best = Math.max(best, x[start + i]);
                }
                yield best;
            }
            case MIN -> {
                double best = Double.POSITIVE_INFINITY;
                for (int i = 0; i < n; i++) {
                    best = Math.min(best, x[start + i]);
                }
                yield best;
            }
        };
    }

    private static double sum(boolean squares, double[] x, int start, int n) {
        double total = 0;
        double[] lanes = new double[LANES];
        for (int done = 0; done < n; done += CHUNK) {
            int count = Math.min(CHUNK, n - done);
            int whole = count - count % LANES;
            if (squares) {
                DoubleLanes.squares(x, start + done, whole, lanes);
            } else {
                DoubleLanes.sums(x, start + done, whole, lanes);
            }
            for (int i = whole; i < count; i++) {
                double term = x[start + done + i];
                lanes[i - whole] = squares ? Math.fma(term, term, lanes[i - whole]) : lanes[i - whole] + term;
            }
            for (int half = LANES / 2; half > 0; half /= 2) {
                for (int l = 0; l < half; l++) {
                    lanes[l] += lanes[l + half];
                }
            }
            total += lanes[0];
        }
        return total;
    }

    /** Folds each of {@code count} neighbouring columns of a matrix with rows {@code width} apart. */
    static void columns(Reduction r, double[] x, int start, int terms, int width, int count, double[] y, int yo) {
        switch (r) {
            case SUM, SUM_OF_SQUARES -> sums(r == Reduction.SUM_OF_SQUARES, x, start, terms, width, count, y, yo);
            case MAX -> {
                Arrays.fill(y, yo, yo + count, Double.NEGATIVE_INFINITY);
                for (int t = 0; t < terms; t++) {
                    int row = start + t * width;
                    for (int j = 0; j < count; j++) {
                        y[yo + j] = Math.max(y[yo + j], x[row + j]);
                    }
                }
            }
            case MIN -> {
                Arrays.fill(y, yo, yo + count, Double.POSITIVE_INFINITY);
                for (int t = 0; t < terms; t++) {
                    int row = start + t * width;
                    for (int j = 0; j < count; j++) {
                        y[yo + j] = Math.min(y[yo + j], x[row + j]);
                    }
                }
            }
        }
    }

    private static void sums(boolean squares, double[] x, int start, int terms, int width, int count, double[] y, int yo) {
        double[] lanes = new double[LANES * count];
        Arrays.fill(y, yo, yo + count, 0);
        for (int done = 0; done < terms; done += CHUNK) {
            Arrays.fill(lanes, 0);
            for (int t = done; t < Math.min(terms, done + CHUNK); t++) {
                int lane = (t - done) % LANES * count;
                int row = start + t * width;
                if (squares) {
                    for (int j = 0; j < count; j++) {
                        lanes[lane + j] = Math.fma(x[row + j], x[row + j], lanes[lane + j]);
                    }
                } else {
                    for (int j = 0; j < count; j++) {
                        lanes[lane + j] += x[row + j];
                    }
                }
            }
            for (int half = LANES / 2; half > 0; half /= 2) {
                for (int i = 0; i < half * count; i++) {
                    lanes[i] += lanes[half * count + i];
                }
            }
            for (int j = 0; j < count; j++) {
                y[yo + j] += lanes[j];
            }
        }
    }
}
