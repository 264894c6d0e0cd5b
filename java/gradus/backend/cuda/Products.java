package gradus.backend.cuda;

import gradus.tensor.DType;

/** Matrix products over device memory in whatever order of summation a library likes: what the fast mode is made of. */
interface Products {
    /** A matrix of device memory whose rows, or columns if transposed, are runs of elements that begin {@code pitch} apart; in a batch every {@code step}. */
    record Operand(long address, boolean transposed, int pitch, long step) {
    }

    /**
     * c = a·b + start·c for each of a batch.
     *
     * @param start 0 or 1
     * @param c     not transposed
     */
    void product(DType dtype, int m, int n, int k, Operand a, Operand b, double start, Operand c, int batches);
}
