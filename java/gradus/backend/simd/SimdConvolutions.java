package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.PairedConvolutions;
import gradus.backend.PairedImages;
import gradus.backend.Pool;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.ThroughActivations;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarConvolutions;
import gradus.tensor.DType;
import gradus.tensor.Tensor;

/** {@link Convolutions} with samples across the lanes, or channels where samples are few: see {@link Blocked} for the layout of results. The bits are those of {@link ScalarConvolutions}. */
final class SimdConvolutions implements Convolutions, ThroughActivations, PairedConvolutions {
    private final Backend backend;
    private final Part<float[]> floats;
    private final Part<double[]> doubles;

    /** What there is for one element type. */
    private record Part<T>(ConvChains<T> chains, PlainChains<T> plainChains, ConvOuters<T> outers, PlainOuters<T> plainOuters, PoolPasses<T> pools,
            NormPasses<T> norms) {
        Tensor chains(ConvShape shape, boolean forward, Tensor source, Tensor weight, Tensor bias, Epilogue phi, Activated below) {
            return Blocked.few(shape.samples()) ? plainChains.run(shape, forward, source, weight, bias, phi, below)
                    : chains.run(shape, forward, new PairedImages.Plain(source), weight, bias, phi, below);
        }

        Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
            return Blocked.few(shape.samples()) ? plainOuters.weightGradient(shape, y, x) : outers.weightGradient(shape, y, x);
        }

        Parameters parameterGradients(ConvShape shape, Tensor y, Tensor x, boolean transposed) {
            return Blocked.few(shape.samples()) ? new Parameters(plainOuters.weightGradient(shape, y, x), norms.channelSums(transposed ? x : y))
                    : outers.parameterGradients(shape, new PairedImages.Plain(y), new PairedImages.Plain(x), transposed);
        }
    }

    SimdConvolutions(Backend backend, Pool pool, Kernels<float[]> floatKernels, Kernels<double[]> doubleKernels, Crew crew) {
        this.backend = backend;
        Blocked blocked = new Blocked(backend, pool);
        floats = part(blocked, floatKernels, new FloatConvKernels(floatKernels), new FloatPlainKernels(), crew);
        doubles = part(blocked, doubleKernels, new DoubleConvKernels(doubleKernels), new DoublePlainKernels(), crew);
    }

    private <T> Part<T> part(Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, PlainKernels<T> plain, Crew crew) {
        return new Part<>(new ConvChains<>(backend, blocked, kernels, loops, crew), new PlainChains<>(backend, blocked, kernels, loops, plain, crew),
                new ConvOuters<>(backend, blocked, kernels, loops, crew), new PlainOuters<>(backend, blocked, kernels, loops, plain, crew),
                new PoolPasses<>(backend, blocked, kernels, loops, plain, crew), new NormPasses<>(backend, blocked, kernels, loops, plain, crew));
    }

    private Part<?> part(DType type) {
        return switch (type) {
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
        };
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        return part(x.dtype()).chains(shape, true, x, weight, bias, phi, null);
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi) {
        return part(y.dtype()).chains(shape, false, y, weight, bias, phi, null);
    }

    @Override
    public ThroughActivations throughActivations() {
        return this;
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Activated target) {
        return part(x.dtype()).chains(shape, true, x, weight, null, Epilogue.IDENTITY, target);
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Activated target) {
        return part(y.dtype()).chains(shape, false, y, weight, null, Epilogue.IDENTITY, target);
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Activated target) {
        return part(g.dtype()).pools().maxPoolGradient(shape, g, target.y(), target.phi());
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g, Activated target) {
        return part(g.dtype()).pools().resizeGradient(shape, g, target);
    }

    @Override
    public Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
        return part(y.dtype()).weightGradient(shape, y, x);
    }

    @Override
    public Parameters parameterGradients(ConvShape shape, Tensor y, Tensor x, boolean transposed) {
        return part(y.dtype()).parameterGradients(shape, y, x, transposed);
    }

    @Override
    public Tensor epilogueGradient(Epilogue phi, Tensor g, Tensor y) {
        return switch (phi.kind()) {
            case RELU -> backend.zip(Zip.RELU_GRADIENT, g, y);
            case SIGMOID -> backend.zip(Zip.SIGMOID_GRADIENT, g, y);
            case TANH -> backend.zip(Zip.TANH_GRADIENT, g, y);
            case LEAKY_RELU -> part(g.dtype()).norms().leakyGradient(phi.slope(), g, y);
            case IDENTITY -> backend.zip(Zip.MULTIPLY, g, 1);
        };
    }

    @Override
    public Tensor maxPool(PoolShape shape, Tensor x) {
        return part(x.dtype()).pools().maxPool(shape, x);
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Tensor x) {
        return part(g.dtype()).pools().maxPoolGradient(shape, g, x, Epilogue.IDENTITY);
    }

    @Override
    public Tensor maxPoolPick(PoolShape shape, Tensor u, Tensor x) {
        return part(u.dtype()).pools().maxPoolPick(shape, u, x);
    }

    @Override
    public Tensor averagePool(PoolShape shape, Tensor x) {
        return part(x.dtype()).pools().averagePool(shape, x);
    }

    @Override
    public Tensor averagePoolGradient(PoolShape shape, Tensor g) {
        return part(g.dtype()).pools().averagePoolGradient(shape, g);
    }

    @Override
    public Tensor resize(ResizeShape shape, Tensor x) {
        return part(x.dtype()).pools().resize(shape, x);
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g) {
        return part(g.dtype()).pools().resizeGradient(shape, g, null);
    }

    @Override
    public Tensor channelSums(Tensor x) {
        return part(x.dtype()).norms().channelSums(x);
    }

    @Override
    public Tensor channelSquares(Tensor x, Tensor mean) {
        return part(x.dtype()).norms().channelSquares(x, mean);
    }

    @Override
    public Tensor channelProducts(Tensor g, Tensor x, Tensor mean) {
        return part(g.dtype()).norms().channelProducts(g, x, mean);
    }

    @Override
    public Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi) {
        return part(x.dtype()).norms().normalize(x, mean, scale, shift, phi);
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale) {
        return part(g.dtype()).norms().normalizeGradient(g, x, mean, offset, slope, scale, Epilogue.IDENTITY);
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale, Epilogue phi) {
        return part(g.dtype()).norms().normalizeGradient(g, x, mean, offset, slope, scale, phi);
    }

    @Override
    public PairedConvolutions paired() {
        return this;
    }

    @Override
    public boolean serves(int samples, int height, int width) {
        return samples > 0 && !Blocked.few(samples) && height % 2 == 0 && width % 2 == 0;
    }

    @Override
    public Pooled forwardPooled(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        return part(x.dtype()).chains().run(shape, true, new PairedImages.Plain(x), weight, bias, phi, null, ConvChains.Meeting.LARGEST);
    }

    @Override
    public Tensor forward(ConvShape shape, PairedImages x, Tensor weight, Tensor bias, Epilogue phi) {
        return part(x.tensor().dtype()).chains().run(shape, true, x, weight, bias, phi, null);
    }

    @Override
    public Tensor inputGradient(ConvShape shape, PairedImages y, Tensor weight, Activated below) {
        return part(y.tensor().dtype()).chains().run(shape, false, y, weight, null, Epilogue.IDENTITY, below);
    }

    @Override
    public Tensor inputGradientHalved(ConvShape shape, Tensor y, Tensor weight, Activated below) {
        return part(y.dtype()).chains().run(shape, false, new PairedImages.Plain(y), weight, null, Epilogue.IDENTITY, below, ConvChains.Meeting.SUM).y();
    }

    @Override
    public Parameters parameterGradients(ConvShape shape, PairedImages y, PairedImages x) {
        return part(y.tensor().dtype()).outers().parameterGradients(shape, y, x, false);
    }
}
