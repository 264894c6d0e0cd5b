package gradus.backend.cuda;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The operands of one call, on the device: those that came from the heap or had to be copied are released when the call ends. */
final class Guests implements AutoCloseable {
    private final CudaBackend backend;
    private final List<Tensor> copies = new ArrayList<>(0);

    Guests(CudaBackend backend) {
        this.backend = backend;
    }

    /** The tensor on the device, in whatever layout. */
    Tensor here(Tensor tensor) {
        return ours(tensor, backend.upload(tensor));
    }

    /** The tensor on the device, row-major. */
    Tensor dense(Tensor tensor) {
        Tensor here = here(tensor);
        return ours(here, backend.contiguous(here));
    }

    /** The address of the tensor's first element, row-major, or 0 for null. */
    long denseAddress(Tensor tensor) {
        return tensor == null ? 0 : CudaBackend.address(dense(tensor));
    }

    /** Memory for what the call works out on the way. */
    Tensor scratch(DType dtype, Shape shape) {
        copies.add(backend.allocate(dtype, shape));
        return copies.getLast();
    }

    private Tensor ours(Tensor given, Tensor got) {
        if (got.storage() != given.storage()) {
            copies.add(got);
        }
        return got;
    }

    @Override
    public void close() {
        copies.forEach(backend::release);
    }
}
