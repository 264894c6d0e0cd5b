package gradus.backend.cuda;

import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.function.Supplier;

/** Convolution, pooling, resampling and the passes of batch normalization by the kernels of a device. All tensors are row-major there. */
final class DeviceConvolutions implements Convolutions {
    /** Elements that the chains of a sum over a batch may take; a sum that has more runs in portions. */
    private static final long ROOM = 1L << 24;

    private final CudaBackend backend;
    private final FastConvolutions fast;

    /** @param fast what serves the three passes of a convolution in a mode other than the contract's, or null */
    DeviceConvolutions(CudaBackend backend, FastConvolutions fast) {
        this.backend = backend;
        this.fast = fast;
    }

    /** One launch on dense operands that gives a fresh tensor. */
    private interface Launch {
        int into(Guests guests, long library, long stream, long result);
    }

    private Tensor result(DType dtype, Shape shape, Supplier<String> operation, Launch launch) {
        try (Guests guests = new Guests(backend)) {
            Tensor result = backend.allocate(dtype, shape);
            backend.check(launch.into(guests, backend.library(), backend.stream(), CudaBackend.address(result)), operation);
            return result;
        }
    }

    /** A shape as the kernels take it. */
    static int[] numbers(ConvShape s) {
        Window w = s.window();
        return new int[] {s.samples(), s.channels(), s.height(), s.width(), s.filters(), s.outHeight(), s.outWidth(), s.groups(), w.kernelHeight(),
            w.kernelWidth(), w.strideHeight(), w.strideWidth(), w.dilationHeight(), w.dilationWidth(), w.top(), w.left()};
    }

    private static int[] numbers(PoolShape s) {
        Window w = s.window();
        return new int[] {s.samples(), s.channels(), s.height(), s.width(), s.outHeight(), s.outWidth(), w.kernelHeight(), w.kernelWidth(), w.strideHeight(),
            w.strideWidth(), w.dilationHeight(), w.dilationWidth(), w.top(), w.bottom(), w.left(), w.right(), s.countsPadding() ? 1 : 0};
    }

    private static int[] numbers(ResizeShape s) {
        return new int[] {s.samples() * s.channels(), s.height(), s.width(), s.outHeight(), s.outWidth(), s.mode().ordinal()};
    }

    /** Memory for the chains of a sum over a batch with this many sums: all chunks and the running sums, or as many as there is room for. */
    private Tensor chains(DType dtype, int samples, long sums, Supplier<String> operation) {
        long chunk = LANES * sums;
        long chunks = (samples + CHUNK - 1) / CHUNK + 1L;
        long length = Math.min(chunks * chunk, Math.max(ROOM, 2 * chunk));
        if (length > Integer.MAX_VALUE) {
            throw new ShapeException(operation.get() + ": its " + sums + " sums over the batch need " + length + " elements of device memory for their chains, "
                    + "2^31 or more; split the weight, or use --backend cpu");
        }
        return backend.allocate(dtype, Shape.of((int) length));
    }

    /** A launch that also needs memory for the chains of sums over the batch. */
    private interface Summing {
        int into(Guests guests, Tensor chains, long result);
    }

    private Tensor sums(DType dtype, int samples, Shape shape, Supplier<String> operation, Summing launch) {
        Tensor chains = chains(dtype, samples, shape.size(), operation);
        try {
            return result(dtype, shape, operation, (guests, library, stream, y) -> launch.into(guests, chains, y));
        } finally {
            backend.release(chains);
        }
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        Tensor product = fast == null ? null : fast.forward(shape, x, weight, bias, phi);
        if (product != null) {
            return product;
        }
        return result(x.dtype(), shape.output(), () -> "conv2d of " + x + " by " + weight,
                (guests, library, stream, y) -> Bridge.convForward(library, stream, CudaBackend.type(x), numbers(shape), guests.denseAddress(x),
                        guests.denseAddress(weight), guests.denseAddress(bias), phi.kind().ordinal(), phi.slope(), y));
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi) {
        Tensor product = fast == null ? null : fast.inputGradient(shape, y, weight, bias, phi);
        if (product != null) {
            return product;
        }
        return result(y.dtype(), shape.input(), () -> "conv2d by its input of " + y + " by " + weight,
                (guests, library, stream, x) -> Bridge.convInput(library, stream, CudaBackend.type(y), numbers(shape), guests.denseAddress(y),
                        guests.denseAddress(weight), guests.denseAddress(bias), phi.kind().ordinal(), phi.slope(), x));
    }

    @Override
    public Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
        Tensor product = fast == null ? null : fast.weightGradient(shape, y, x);
        if (product != null) {
            return product;
        }
        return sums(y.dtype(), shape.samples(), shape.weight(), () -> "conv2d by its weight of " + y + " by " + x,
                (guests, chains, w) -> Bridge.convWeight(backend.library(), backend.stream(), CudaBackend.type(y), numbers(shape), guests.denseAddress(y),
                        guests.denseAddress(x), CudaBackend.address(chains), chains.size(), w));
    }

    @Override
    public Tensor epilogueGradient(Epilogue phi, Tensor g, Tensor y) {
        return result(g.dtype(), g.shape(), () -> "epilogue gradient of " + g,
                (guests, library, stream, dx) -> Bridge.phiGradient(library, stream, CudaBackend.type(g), g.size(), phi.kind().ordinal(), phi.slope(),
                        guests.denseAddress(g), guests.denseAddress(y), dx));
    }

    @Override
    public Tensor maxPool(PoolShape shape, Tensor x) {
        return maxPool(shape, x, null);
    }

    @Override
    public Tensor maxPoolPick(PoolShape shape, Tensor u, Tensor x) {
        return maxPool(shape, x, u);
    }

    private Tensor maxPool(PoolShape shape, Tensor x, Tensor u) {
        return result(x.dtype(), shape.output(), () -> "max pool of " + x,
                (guests, library, stream, y) -> Bridge.maxPool(library, stream, CudaBackend.type(x), numbers(shape), guests.denseAddress(x),
                        guests.denseAddress(u), y));
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Tensor x) {
        return result(g.dtype(), shape.input(), () -> "max pool gradient of " + g,
                (guests, library, stream, dx) -> Bridge.maxPoolGradient(library, stream, CudaBackend.type(g), numbers(shape), guests.denseAddress(g),
                        guests.denseAddress(x), dx));
    }

    @Override
    public Tensor averagePool(PoolShape shape, Tensor x) {
        return result(x.dtype(), shape.output(), () -> "average pool of " + x,
                (guests, library, stream, y) -> Bridge.averagePool(library, stream, CudaBackend.type(x), numbers(shape), guests.denseAddress(x), y));
    }

    @Override
    public Tensor averagePoolGradient(PoolShape shape, Tensor g) {
        return result(g.dtype(), shape.input(), () -> "average pool gradient of " + g,
                (guests, library, stream, dx) -> Bridge.averagePoolGradient(library, stream, CudaBackend.type(g), numbers(shape), guests.denseAddress(g), dx));
    }

    @Override
    public Tensor resize(ResizeShape shape, Tensor x) {
        return result(x.dtype(), shape.output(), () -> "resize of " + x,
                (guests, library, stream, y) -> Bridge.resize(library, stream, CudaBackend.type(x), numbers(shape), guests.denseAddress(x), y));
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g) {
        return result(g.dtype(), shape.input(), () -> "resize gradient of " + g,
                (guests, library, stream, dx) -> Bridge.resizeGradient(library, stream, CudaBackend.type(g), numbers(shape), guests.denseAddress(g), dx));
    }

    @Override
    public Tensor channelSums(Tensor x) {
        return channelSums(0, null, x, null);
    }

    @Override
    public Tensor channelSquares(Tensor x, Tensor mean) {
        return channelSums(1, null, x, mean);
    }

    @Override
    public Tensor channelProducts(Tensor g, Tensor x, Tensor mean) {
        return channelSums(2, g, x, mean);
    }

    private Tensor channelSums(int kind, Tensor g, Tensor x, Tensor mean) {
        return sums(x.dtype(), x.dim(0), Shape.of(x.dim(1)), () -> "sums of the channels of " + x,
                (guests, chains, y) -> Bridge.channelSums(backend.library(), backend.stream(), CudaBackend.type(x), kind, x.dim(0), x.dim(1), places(x),
                        guests.denseAddress(g), guests.denseAddress(x), guests.denseAddress(mean), CudaBackend.address(chains), chains.size(), y));
    }

    private static int places(Tensor x) {
        return x.size() == 0 ? 0 : x.size() / x.dim(0) / x.dim(1);
    }

    @Override
    public Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi) {
        return result(x.dtype(), x.shape(), () -> "normalize of " + x,
                (guests, library, stream, y) -> Bridge.normalize(library, stream, CudaBackend.type(x), x.size(), x.dim(1), places(x), guests.denseAddress(x),
                        guests.denseAddress(mean), guests.denseAddress(scale), guests.denseAddress(shift), phi.kind().ordinal(), phi.slope(), y));
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale) {
        return result(x.dtype(), x.shape(), () -> "normalize gradient of " + x,
                (guests, library, stream, dx) -> Bridge.normalizeGradient(library, stream, CudaBackend.type(x), x.size(), x.dim(1), places(x),
                        guests.denseAddress(g), guests.denseAddress(x), guests.denseAddress(mean), guests.denseAddress(offset), guests.denseAddress(slope),
                        guests.denseAddress(scale), dx));
    }
}
