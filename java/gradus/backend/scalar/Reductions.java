package gradus.backend.scalar;

import gradus.backend.Backend;
import gradus.backend.ReduceShape;
import gradus.backend.Reduction;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.Arrays;

/** The definition of the fixed-order reductions; see {@link Reduction} for the order in words. */
final class Reductions {
    private static final int CHUNK = 4096;
    private static final int LANES = 16;

    private Reductions() {
    }

    static Tensor reduce(Backend backend, Reduction r, Tensor x, int... axes) {
        boolean[] folded = ReduceShape.folded(x.shape(), axes);
        Tensor result = backend.allocate(x.dtype(), ReduceShape.kept(x.shape(), folded));
        Tensor ordered = ReduceShape.keptFirst(x, folded);
        int outputs = result.size();
        int terms = outputs == 0 ? 0 : x.size() / outputs;
        Cursor from = new Cursor(ordered);
        double[] sequence = new double[terms];
        for (int i = 0; i < outputs; i++) {
            for (int t = 0; t < terms; t++) {
                int place = from.next();
                sequence[t] = x.dtype() == DType.FLOAT32 ? ordered.floats()[place] : ordered.doubles()[place];
            }
            double value = fold(r, sequence, x.dtype());
            switch (x.dtype()) {
                case FLOAT32 -> result.floats()[i] = (float) value;
                case FLOAT64 -> result.doubles()[i] = value;
            }
        }
        return result;
    }

    private static double fold(Reduction r, double[] terms, DType dtype) {
        return switch (r) {
            case SUM, SUM_OF_SQUARES -> sum(r, terms, dtype);
            case MAX -> Arrays.stream(terms).reduce(Double.NEGATIVE_INFINITY, Math::max);
            case MIN -> Arrays.stream(terms).reduce(Double.POSITIVE_INFINITY, Math::min);
        };
    }

    private static double sum(Reduction r, double[] terms, DType dtype) {
        double total = 0;
        for (int start = 0; start < terms.length; start += CHUNK) {
            double[] lanes = new double[LANES];
            for (int i = start; i < Math.min(start + CHUNK, terms.length); i++) {
                int lane = (i - start) % LANES;
                lanes[lane] = r == Reduction.SUM ? add(lanes[lane], terms[i], dtype) : addSquare(lanes[lane], terms[i], dtype);
            }
            for (int half = LANES / 2; half > 0; half /= 2) {
                for (int lane = 0; lane < half; lane++) {
                    lanes[lane] = add(lanes[lane], lanes[lane + half], dtype);
                }
            }
            total = add(total, lanes[0], dtype);
        }
        return total;
    }

    /** Rounding a binary64 sum of two binary32 numbers to binary32 gives the binary32 sum. */
    private static double add(double a, double b, DType dtype) {
        return dtype.round(a + b);
    }

    private static double addSquare(double sum, double term, DType dtype) {
        return dtype == DType.FLOAT32 ? Math.fma((float) term, (float) term, (float) sum) : Math.fma(term, term, sum);
    }
}
