package gradus.backend.cuda;

import gradus.backend.Fusion;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Locale;
import java.util.Optional;

/** {@code kernels/fusions.cu}: softmax and losses in one launch or two. */
final class DeviceFusions {
    /** Terms of one chunk of a sum; a row of softmax is no wider. */
    private static final int CHUNK = 4096;

    private DeviceFusions() {
    }

    /** The result, or nothing where the kernels do not reach: empty tensors, and rows wider than a chunk. */
    static Optional<Tensor> of(CudaBackend backend, Fusion fusion, Tensor[] operands) {
        Tensor x = operands[0];
        boolean isLoss = operands.length == 2;
        if (x.size() == 0 || !isLoss && x.dim(-1) > CHUNK) {
            return Optional.empty();
        }
        int width = isLoss ? 1 : x.dim(-1);
        DType dtype = x.dtype();
        try (Guests guests = new Guests(backend)) {
            Tensor partial = isLoss ? guests.scratch(dtype, Shape.of((x.size() - 1) / CHUNK + 1)) : null;
            Tensor y = backend.allocate(dtype, isLoss ? Shape.SCALAR : x.shape());
            backend.check(Bridge.fused(backend.library(), backend.stream(), dtype.ordinal(), fusion.ordinal(), x.size() / width, width, guests.denseAddress(x),
                    guests.denseAddress(isLoss ? operands[1] : null), CudaBackend.address(partial), CudaBackend.address(y)),
                    () -> fusion.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " of " + x);
            return Optional.of(y);
        }
    }
}
