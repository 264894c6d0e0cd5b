package gradus.check;

import gradus.linalg.Matrix;
import gradus.linalg.Qr;
import gradus.numerics.RandomStream;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/** Sets from which random float64 tensors are drawn. */
public enum Domain {
    /** 0.2 ≤ |x| &lt; 2, of both signs: not near the kinks at 0. */
    REAL,
    /** 0.3 ≤ x &lt; 2. */
    POSITIVE,
    /** 0.1 ≤ x &lt; 0.9. */
    UNIT,
    /** A shuffled grid: no two elements are closer than ¼, none is closer to 0 than ⅛. */
    DISTINCT,
    /** Square matrices with orthonormal columns. */
    ORTHOGONAL,
    /** Symmetric positive definite matrices, A·Aᵀ/n + I. */
    POSITIVE_DEFINITE;

    /** A tensor of this domain; the matrix domains want square shapes. */
    public Tensor draw(RandomStream random, int... dims) {
        Shape shape = Shape.of(dims);
        double[] v = new double[shape.size()];
        switch (this) {
            case REAL -> {
                for (int i = 0; i < v.length; i++) {
                    v[i] = (random.bernoulli(0.5) ? 1 : -1) * (0.2 + 1.8 * random.uniform64());
                }
            }
            case POSITIVE -> random.uniform(v, 0, v.length, 0.3, 2);
            case UNIT -> random.uniform(v, 0, v.length, 0.1, 0.9);
            case DISTINCT -> {
                int[] order = random.permutation(v.length);
                for (int i = 0; i < v.length; i++) {
                    v[i] = (order[i] - v.length / 2) * 0.25 + 0.125;
                }
            }
            case ORTHOGONAL -> {
                return Qr.of(square(random, dims)).q().toTensor();
            }
            case POSITIVE_DEFINITE -> {
                Matrix a = square(random, dims);
                return a.times(a.transpose()).scaled(1.0 / a.rows()).plus(Matrix.identity(a.rows())).toTensor();
            }
        }
        return Tensor.of(v, dims);
    }

    private Matrix square(RandomStream random, int... dims) {
        if (dims.length != 2 || dims[0] != dims[1]) {
            throw new ShapeException(this + ": shape " + Shape.of(dims) + " is not that of a square matrix");
        }
        double[] v = new double[dims[0] * dims[1]];
        random.normal(v, 0, v.length, 0, 1);
        return Matrix.of(dims[0], dims[1], v);
    }
}
