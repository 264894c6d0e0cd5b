/**
 * The backend that computes on a CUDA device with the kernels in {@code kernels/}, or, bit for bit the same, on the CPU through the emulator in
 * {@code native/emulator}.
 *
 * <p>{@link gradus.backend.cuda.CudaBackend} turns each call into launches by way of {@code Bridge}, the JNI functions in {@code native/bridge}. A {@code
 * Device} gives memory and copies: the emulator, or a GPU by way of JCuda.
 */
package gradus.backend.cuda;
