package gradus.lens;

import gradus.backend.Backend;
import gradus.data.Batch;
import gradus.grad.Gradients;
import gradus.numerics.Sums;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.runner.Step;
import java.util.Arrays;
import java.util.List;

/**
 * How much of a gradient is noise, from the gradients gᵢ of single rows of a batch (McCandlish et al. 2018, appendix A):
 *
 * <pre>
 *   ḡ = mean of gᵢ      tr Σ = Σ ‖gᵢ − ḡ‖² / (B − 1)      |G|² = ‖ḡ‖² − tr Σ / B
 *   noise scale = tr Σ / |G|²      signal to noise of an element = |ḡ| / √(variance of its gᵢ)
 * </pre>
 *
 * The noise scale is the batch size at which noise and signal of the mean gradient are equal. Its denominator is an unbiased estimate and can be negative
 * where the batch is too small to tell; the scale is NaN then.
 *
 * @param rows         B
 * @param variance     tr Σ
 * @param signal       |G|²
 * @param medianSignal the median over elements of |ḡ|/σ; elements without variance are left out
 */
public record GradientNoise(int rows, double variance, double signal, double medianSignal) {
    /** tr Σ / |G|². */
    public double scale() {
        return signal > 0 ? variance / signal : Double.NaN;
    }

    /** From the first rows of the step's batch, one backward pass each. The loss must be a mean over rows. */
    static GradientNoise of(Step step, int most) {
        int rows = Math.min(most, step.batch().size());
        if (rows < 2) {
            return new GradientNoise(rows, Double.NaN, Double.NaN, Double.NaN);
        }
        double[] sum = null;
        double[] squares = null;
        for (int i = 0; i < rows; i++) {
            double[] g = gradient(step, step.batch().part(i, i + 1));
            sum = sum == null ? new double[g.length] : sum;
            squares = squares == null ? new double[g.length] : squares;
            for (int k = 0; k < g.length; k++) {
                sum[k] += g[k];
                squares[k] = Math.fma(g[k], g[k], squares[k]);
            }
        }
        return of(rows, sum, squares);
    }

    private static GradientNoise of(int rows, double[] sum, double[] squares) {
        double[] ratios = new double[sum.length];
        int found = 0;
        double[] variances = new double[sum.length];
        for (int k = 0; k < sum.length; k++) {
            double mean = sum[k] / rows;
            variances[k] = Math.max(0, (squares[k] - sum[k] * mean) / (rows - 1));
            if (variances[k] > 0) {
                ratios[found++] = Math.abs(mean) / Math.sqrt(variances[k]);
            }
            sum[k] = mean;
        }
        Arrays.sort(ratios, 0, found);
        double variance = Sums.sum(variances, 0, 1, variances.length);
        double signal = Sums.sumOfSquares(sum, 0, 1, sum.length) - variance / rows;
        return new GradientNoise(rows, variance, signal, found == 0 ? Double.NaN : ratios[found / 2]);
    }

    private static double[] gradient(Step step, Batch row) {
        List<Parameter> parameters = step.optimizer().parameters();
        return step.evaluate(row, loss -> {
            List<Value> leaves = parameters.stream().map(p -> loss.tape().variable(p.tensor())).toList();
            return FlatVector.of(step.backend(), Gradients.of(loss, leaves));
        });
    }
}
