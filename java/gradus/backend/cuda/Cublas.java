package gradus.backend.cuda;

import gradus.backend.Mode;
import gradus.backend.UnavailableException;
import gradus.tensor.DType;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/** cuBLAS by way of JCublas2: products whose order of summation is the library's own, and so no part of the contract. */
final class Cublas implements Products, AutoCloseable {
    private static final int TF32 = 3;

    private static final class Address extends Pointer {
        Address(long address) {
            super(address);
        }
    }

    private final cublasHandle handle = new cublasHandle();
    private final String description;

    /** @throws UnavailableException where cuBLAS or JCublas2 cannot be loaded, with what to install */
    Cublas(CUstream stream, Mode mode) {
        String library = CublasLibrary.load();
        try {
            JCublas2.setExceptionsEnabled(false);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new UnavailableException("JCuda's libJCublas2 was not found in " + System.getProperty("java.library.path")
                    + "; build Gradus once with Maven, which puts it to target/native/jcuda/lib, and start it with ./gradus");
        }
        require(JCublas2.cublasCreate(handle), "cublasCreate");
        require(JCublas2.cublasSetStream(handle, new cudaStream_t(stream)), "cublasSetStream");
        require(JCublas2.cublasSetMathMode(handle, mode == Mode.TF32 ? TF32 : 0), "cublasSetMathMode");
        int[] version = new int[1];
        require(JCublas2.cublasGetVersion(handle, version), "cublasGetVersion");
        description = "cuBLAS " + version[0] + " (" + library + ")";
    }

    /** Version and place. */
    String description() {
        return description;
    }

    /** cuBLAS counts by columns, in which a row-major c is its transpose, bᵀ·aᵀ. */
    @Override
    public void product(DType dtype, int m, int n, int k, Operand a, Operand b, double start, Operand c, int batches) {
        int status = switch (dtype) {
            case FLOAT32 -> JCublas2.cublasSgemmStridedBatched(handle, operation(b), operation(a), n, m, k, Pointer.to(new float[] {1}), new Address(b.address()),
                    b.pitch(), b.step(), new Address(a.address()), a.pitch(), a.step(), Pointer.to(new float[] {(float) start}), new Address(c.address()), c.pitch(), c.step(), batches);
            case FLOAT64 -> JCublas2.cublasDgemmStridedBatched(handle, operation(b), operation(a), n, m, k, Pointer.to(new double[] {1}), new Address(b.address()),
                    b.pitch(), b.step(), new Address(a.address()), a.pitch(), a.step(), Pointer.to(new double[] {start}), new Address(c.address()), c.pitch(), c.step(), batches);
        };
        require(status, "cuBLAS product of [" + m + ", " + k + "] and [" + k + ", " + n + "]");
    }

    private static int operation(Operand o) {
        return o.transposed() ? 1 : 0;
    }

    private static void require(int status, String call) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new DeviceException(call + ": " + cublasStatus.stringFor(status));
        }
    }

    @Override
    public void close() {
        JCublas2.cublasDestroy(handle);
    }
}
