package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.Pool;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarConvolutions;
import gradus.tensor.DType;
import gradus.tensor.Tensor;

/** {@link Convolutions} with samples across the lanes: results are batch-blocked, see {@link Blocked}. The bits are those of {@link ScalarConvolutions}. */
final class SimdConvolutions implements Convolutions {
    private final Backend backend;
    private final ScalarConvolutions scalar;
    private final Part<float[]> floats;
    private final Part<double[]> doubles;

    /** What there is for one element type. */
    private record Part<T>(ConvChains<T> chains, ConvOuters<T> outers) {}

    SimdConvolutions(Backend backend, Pool pool, Kernels<float[]> floatKernels, Kernels<double[]> doubleKernels, Crew crew) {
        this.backend = backend;
        scalar = new ScalarConvolutions(backend);
        Blocked blocked = new Blocked(backend, pool);
        floats = part(blocked, floatKernels, new FloatConvKernels(floatKernels), crew);
        doubles = part(blocked, doubleKernels, new DoubleConvKernels(doubleKernels), crew);
    }

    private <T> Part<T> part(Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, Crew crew) {
        return new Part<>(new ConvChains<>(backend, blocked, kernels, loops, crew), new ConvOuters<>(backend, blocked, kernels, loops, crew));
    }

    private Part<?> part(DType type) {
        return switch (type) {
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
        };
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        return part(x.dtype()).chains().run(shape, true, x, weight, bias, phi);
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi) {
        return part(y.dtype()).chains().run(shape, false, y, weight, bias, phi);
    }

    @Override
    public Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
        return part(y.dtype()).outers().weightGradient(shape, y, x);
    }

    @Override
    public Tensor epilogueGradient(Epilogue phi, Tensor g, Tensor y) {
        return switch (phi.kind()) {
            case RELU -> backend.zip(Zip.RELU_GRADIENT, g, y);
            case SIGMOID -> backend.zip(Zip.SIGMOID_GRADIENT, g, y);
            case TANH -> backend.zip(Zip.TANH_GRADIENT, g, y);
            case IDENTITY, LEAKY_RELU -> scalar.epilogueGradient(phi, g, y);
        };
    }

    @Override
    public Tensor maxPool(PoolShape shape, Tensor x) {
        return scalar.maxPool(shape, x);
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Tensor x) {
        return scalar.maxPoolGradient(shape, g, x);
    }

    @Override
    public Tensor maxPoolPick(PoolShape shape, Tensor u, Tensor x) {
        return scalar.maxPoolPick(shape, u, x);
    }

    @Override
    public Tensor averagePool(PoolShape shape, Tensor x) {
        return scalar.averagePool(shape, x);
    }

    @Override
    public Tensor averagePoolGradient(PoolShape shape, Tensor g) {
        return scalar.averagePoolGradient(shape, g);
    }

    @Override
    public Tensor resize(ResizeShape shape, Tensor x) {
        return scalar.resize(shape, x);
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g) {
        return scalar.resizeGradient(shape, g);
    }

    @Override
    public Tensor channelSums(Tensor x) {
        return scalar.channelSums(x);
    }

    @Override
    public Tensor channelSquares(Tensor x, Tensor mean) {
        return scalar.channelSquares(x, mean);
    }

    @Override
    public Tensor channelProducts(Tensor g, Tensor x, Tensor mean) {
        return scalar.channelProducts(g, x, mean);
    }

    @Override
    public Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi) {
        return scalar.normalize(x, mean, scale, shift, phi);
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale) {
        return scalar.normalizeGradient(g, x, mean, offset, slope, scale);
    }
}
