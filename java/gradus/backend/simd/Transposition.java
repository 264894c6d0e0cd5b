package gradus.backend.simd;

import gradus.tensor.DType;
import gradus.tensor.Tensor;

/** Copies of matrices whose rows or columns lie apart, in square blocks that stay in the first-level cache. */
final class Transposition {
    private static final int BLOCK = 32;

    private Transposition() {
    }

    /** Copies a matrix into a matrix; false for other ranks and for batch-blocked tensors, which it leaves alone. */
    static boolean copy(Tensor source, Tensor target) {
        if (source.rank() != 2 || source.batchBlock() > 0 || target.batchBlock() > 0) {
            return false;
        }
        int m = source.dim(0);
        int n = source.dim(1);
        for (int i = 0; i < m; i += BLOCK) {
            for (int j = 0; j < n; j += BLOCK) {
                block(source, target, i, Math.min(m, i + BLOCK), j, Math.min(n, j + BLOCK));
            }
        }
        return true;
    }

    private static void block(Tensor source, Tensor target, int fromRow, int toRow, int fromColumn, int toColumn) {
        int step = source.stride(1);
        int toStep = target.stride(1);
        for (int i = fromRow; i < toRow; i++) {
            int from = source.offset() + i * source.stride(0);
            int to = target.offset() + i * target.stride(0);
            if (source.dtype() == DType.FLOAT32) {
                float[] x = source.floats();
                float[] y = target.floats();
                for (int j = fromColumn; j < toColumn; j++) {
                    y[to + j * toStep] = x[from + j * step];
                }
            } else {
                double[] x = source.doubles();
                double[] y = target.doubles();
                for (int j = fromColumn; j < toColumn; j++) {
                    y[to + j * toStep] = x[from + j * step];
                }
            }
        }
    }
}
