package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;

/**
 * Triangular systems with any number of right-hand sides, which are overwritten by the solutions.
 *
 * <p>Unknown i is one fma chain that starts at bᵢ and subtracts the known terms, then one division. Blocks of 64 unknowns are solved
 * directly and taken out of the rest by one matrix product, which continues the chains. A column's solution has the same bits alone or among
 * others.
 */
final class Triangular {
    private static final int BLOCK = 64;

    private Triangular() {
    }

    /** Solves L·X = B, L lower triangular, X and B of n × columns. A unit diagonal is not read. */
    static void solveLower(int n, View l, boolean unit, double[] b, int bOffset, int bStride, int columns, Workers workers) {
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(n, from + BLOCK);
            for (int i = from; i < to; i++) {
                for (int k = from; k < i; k++) {
                    eliminate(l, i, k, b, bOffset, bStride, columns);
                }
                divide(l, i, unit, b, bOffset, bStride, columns);
            }
            View known = View.rows(b, bOffset + from * bStride, bStride);
            Products.add(n - to, columns, to - from, negated(l.from(to, from), n - to, to - from), known, b, bOffset + to * bStride, bStride, workers);
        }
    }

    /** Solves U·X = B, U upper triangular, X and B of n × columns. A unit diagonal is not read. */
    static void solveUpper(int n, View u, boolean unit, double[] b, int bOffset, int bStride, int columns, Workers workers) {
        for (int to = n; to > 0; to -= Math.min(to, BLOCK)) {
            int from = Math.max(0, to - BLOCK);
            for (int i = to - 1; i >= from; i--) {
                for (int k = to - 1; k > i; k--) {
                    eliminate(u, i, k, b, bOffset, bStride, columns);
                }
                divide(u, i, unit, b, bOffset, bStride, columns);
            }
            View known = View.rows(b, bOffset + from * bStride, bStride);
            Products.add(from, columns, to - from, negated(u.from(0, from), from, to - from), known, b, bOffset, bStride, workers);
        }
    }

    private static void eliminate(View t, int i, int k, double[] b, int bOffset, int bStride, int columns) {
        double factor = -t.data()[t.offset() + i * t.rowStride() + k * t.columnStride()];
        if (columns == 1) {
            b[bOffset + i * bStride] = Math.fma(factor, b[bOffset + k * bStride], b[bOffset + i * bStride]);
        } else {
            Vectors.axpy(factor, b, bOffset + k * bStride, b, bOffset + i * bStride, columns);
        }
    }

    private static void divide(View t, int i, boolean unit, double[] b, int bOffset, int bStride, int columns) {
        if (unit) {
            return;
        }
        double pivot = t.data()[t.offset() + i * (t.rowStride() + t.columnStride())];
        for (int j = bOffset + i * bStride; j < bOffset + i * bStride + columns; j++) {
            b[j] /= pivot;
        }
    }

    private static View negated(View a, int rows, int columns) {
        double[] out = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[i * columns + j] = -a.data()[a.offset() + i * a.rowStride() + j * a.columnStride()];
            }
        }
        return new View(out, 0, columns, 1);
    }
}
