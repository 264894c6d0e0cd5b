package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;

/**
 * A product of elementary reflectors in compact WY form, H₀·H₁·…·H₍ₖ₋₁₎ = I − Vᵀ·T·V with one reflector in each row of V and T upper triangular
 * (Schreiber and Van Loan 1989). Applying it is three matrix products.
 */
final class BlockReflector {
    private final int count;
    private final int length;
    private final double[] v;
    private final double[] negativeV;
    private final double[] t;

    /** From {@code count} reflectors of {@code length} entries each, in rows, zeros and ones written out; v is kept. */
    BlockReflector(int count, int length, double[] v, double[] tau, int tauOffset, Workers workers) {
        this.count = count;
        this.length = length;
        this.v = v;
        this.negativeV = v.clone();
        Signs.negate(negativeV, 0, v.length);
        this.t = triangle(tau, tauOffset, workers);
    }

    /** T column by column: T[0..i, i] = −τᵢ·T[0..i, 0..i]·(V[0..i]·vᵢ). */
    private double[] triangle(double[] tau, int tauOffset, Workers workers) {
        double[] gram = new double[count * count];
        Products.add(count, count, length, rowsOf(v), rowsOf(v).transpose(), gram, 0, count, workers);
        double[] out = new double[count * count];
        for (int i = 0; i < count; i++) {
            double factor = -tau[tauOffset + i];
            for (int r = 0; r < i; r++) {
                double s = 0;
                for (int k = r; k < i; k++) {
                    s = Math.fma(out[r * count + k], gram[k * count + i], s);
                }
                out[r * count + i] = factor * s;
            }
            out[i * count + i] = tau[tauOffset + i];
        }
        return out;
    }

    private View rowsOf(double[] rows) {
        return View.rows(rows, 0, length);
    }

    private View triangleView(boolean transposed) {
        View view = View.rows(t, 0, count);
        return transposed ? view.transpose() : view;
    }

    /** C ← (I − VᵀTV)·C, or with T transposed; C of length × columns. */
    void applyLeft(boolean transposed, double[] c, int offset, int stride, int columns, Workers workers) {
        double[] w = new double[count * columns];
        Products.add(count, columns, length, rowsOf(v), View.rows(c, offset, stride), w, 0, columns, workers);
        double[] tw = new double[count * columns];
        Products.add(count, columns, count, triangleView(transposed), View.rows(w, 0, columns), tw, 0, columns, workers);
        Products.add(length, columns, count, rowsOf(negativeV).transpose(), View.rows(tw, 0, columns), c, offset, stride, workers);
    }

    /** C ← C·(I − VᵀTV), or with T transposed; C of rows × length. */
    void applyRight(boolean transposed, double[] c, int offset, int stride, int rows, Workers workers) {
        double[] w = new double[rows * count];
        Products.add(rows, count, length, View.rows(c, offset, stride), rowsOf(v).transpose(), w, 0, count, workers);
        double[] wt = new double[rows * count];
        Products.add(rows, count, count, View.rows(w, 0, count), triangleView(transposed), wt, 0, count, workers);
        Products.add(rows, length, count, View.rows(wt, 0, count), rowsOf(negativeV), c, offset, stride, workers);
    }
}
