package gradus.experiments;

import gradus.backend.Workers;
import gradus.linalg.LeastSquares;
import gradus.linalg.Matrix;
import gradus.linalg.Products;
import gradus.linalg.Svd;
import gradus.nn.Layer;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A decoder of dense layers and leaky ReLUs walked backwards by least squares, in float64. A dense layer y = x·Wᵀ + b is undone by x = (y − b)·(W⁺)ᵀ, of all x the
 * shortest one that comes nearest to y; a leaky ReLU is undone exactly. Each layer is solved by itself, so for an output that the decoder cannot make the
 * result need not be the best code of the whole decoder.
 */
final class DecoderInverse {
    private static final int ROWS = 5_000;

    private final Sequential decoder;
    private final Map<Layer, Matrix> inverses = new LinkedHashMap<>();
    private final List<Double> conditions = new ArrayList<>();

    DecoderInverse(Sequential decoder, Workers workers) {
        this.decoder = decoder;
        for (Layer layer : decoder.layers()) {
            if (layer instanceof Linear linear) {
                Matrix w = Matrix.of(linear.weight().tensor());
                inverses.put(layer, LeastSquares.pseudoInverse(w, Math.max(w.rows(), w.columns()) * 0x1p-52, workers));
                conditions.add(Svd.of(w, workers).condition());
            }
        }
    }

    /** The condition numbers of the decoder's weights, from the code on. */
    List<Double> conditions() {
        return List.copyOf(conditions);
    }

    /** The codes [n, d] of outputs [n, out], float32. */
    Tensor codes(Tensor outputs, Workers workers) {
        int n = outputs.dim(0);
        float[] all = null;
        int width = 0;
        for (int from = 0; from < n; from += ROWS) {
            Matrix x = undo(Matrix.of(outputs.slice(0, from, Math.min(n, from + ROWS))), workers);
            width = x.columns();
            all = all == null ? new float[n * width] : all;
            System.arraycopy(x.toTensor(DType.FLOAT32).toFloats(), 0, all, from * width, x.rows() * width);
        }
        return Tensor.of(all, n, width);
    }

    private Matrix undo(Matrix y, Workers workers) {
        Matrix x = y;
        for (Layer layer : decoder.layers().reversed()) {
            x = switch (layer) {
                case Linear linear -> Products.multiplyTransposedRight(less(x, linear.bias().tensor().toDoubles()), inverses.get(layer), workers);
                case LeakyRelu(double slope) -> stretched(x, slope);
                default -> throw new IllegalArgumentException("a decoder of dense layers and leaky ReLUs was expected, not " + layer);
            };
        }
        return x;
    }

    private static Matrix less(Matrix y, double[] bias) {
        Matrix out = y.copy();
        for (int i = 0; i < out.data().length; i++) {
            out.data()[i] -= bias[i % bias.length];
        }
        return out;
    }

    private static Matrix stretched(Matrix y, double slope) {
        return Matrix.of(y.rows(), y.columns(), Arrays.stream(y.data()).map(v -> v > 0 ? v : v / slope).toArray());
    }
}
