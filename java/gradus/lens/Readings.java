package gradus.lens;

import gradus.backend.Backend;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Sums;
import gradus.tensor.DType;
import gradus.tensor.Tensor;

/** Norms and dot products of tensors wherever they lie, and samples of their elements. */
final class Readings {
    /** A float32 sum of squares below this, or beyond all numbers, is taken again in float64. */
    private static final double SMALL = 0x1p-100;

    private Readings() {
    }

    /** ‖x‖: the sum of squares in the tensor's type and fixed order, its root in float64. */
    static double norm(Backend backend, Tensor x) {
        double sum = taken(backend, backend.reduce(Reduction.SUM_OF_SQUARES, x));
        if (x.dtype() == DType.FLOAT32 && (sum < SMALL || sum == Double.POSITIVE_INFINITY)) {
            double[] wide = backend.download(x).toDoubles();
            sum = Sums.sumOfSquares(wide, 0, 1, wide.length);
        }
        return Math.sqrt(sum);
    }

    /** xᵀy. */
    static double dot(Backend backend, Tensor x, Tensor y) {
        Tensor product = backend.zip(Zip.MULTIPLY, x, y);
        double sum = taken(backend, backend.reduce(Reduction.SUM, product));
        backend.release(product);
        return sum;
    }

    private static double taken(Backend backend, Tensor one) {
        double value = backend.download(one).reshape().item();
        backend.release(one);
        return value;
    }

    /** Every so-manieth element in row-major order, from the first, at most {@code most}. */
    static double[] sample(Backend backend, Tensor x, int most) {
        Tensor here = backend.download(x);
        int stride = stride(x.size(), most);
        double[] out = new double[(x.size() + stride - 1) / stride];
        if (here.dtype() == DType.FLOAT32) {
            float[] from = here.floats();
            for (int i = 0, at = here.offset(); i < out.length; i++, at += stride) {
                out[i] = from[at];
            }
        } else {
            double[] from = here.doubles();
            for (int i = 0, at = here.offset(); i < out.length; i++, at += stride) {
                out[i] = from[at];
            }
        }
        return out;
    }

    private static int stride(int size, int most) {
        return Math.max(1, (size + most - 1) / most);
    }
}
