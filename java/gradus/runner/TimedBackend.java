package gradus.runner;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.Formula;
import gradus.backend.Fusion;
import gradus.backend.PairedConvolutions;
import gradus.backend.PairedImages;
import gradus.backend.PoolShape;
import gradus.backend.Reduction;
import gradus.backend.ResizeShape;
import gradus.backend.ThroughActivations;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A backend that notes how long each kind of call takes, for the profile that {@code gradus bench conv} prints. Results are those of the backend it calls. */
final class TimedBackend implements Backend, Convolutions, ThroughActivations, PairedConvolutions {
    private final Backend backend;
    private final Convolutions images;
    private final Map<String, Long> nanos = new LinkedHashMap<>();

    TimedBackend(Backend backend) {
        this.backend = backend;
        this.images = backend.convolutions();
    }

    /** Nanoseconds by kind of call since the last {@link #reset}. */
    Map<String, Long> nanos() {
        return nanos;
    }

    void reset() {
        nanos.clear();
    }

    private <R> R timed(String call, Supplier<R> work) {
        long start = System.nanoTime();
        R result = work.get();
        nanos.merge(call, System.nanoTime() - start, Long::sum);
        return result;
    }

    private void timed(String call, Runnable work) {
        timed(call, () -> {
            work.run();
            return null;
        });
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String description() {
        return backend.description();
    }

    @Override
    public Tensor allocate(DType dtype, Shape shape) {
        return timed("memory", () -> backend.allocate(dtype, shape));
    }

    @Override
    public void release(Tensor tensor) {
        timed("memory", () -> backend.release(tensor));
    }

    @Override
    public Tensor upload(Tensor host) {
        return backend.upload(host);
    }

    @Override
    public Tensor download(Tensor tensor) {
        return backend.download(tensor);
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        timed("copy", () -> backend.copy(source, target));
    }

    @Override
    public void fill(Tensor target, double value) {
        timed("fill", () -> backend.fill(target, value));
    }

    @Override
    public Tensor map(Function f, Tensor x) {
        return timed("map", () -> backend.map(f, x));
    }

    @Override
    public Tensor zip(Zip f, Tensor a, Tensor b) {
        return timed("zip", () -> backend.zip(f, a, b));
    }

    @Override
    public Tensor zip(Zip f, Tensor a, double b) {
        return timed("zip", () -> backend.zip(f, a, b));
    }

    @Override
    public Tensor select(Tensor mask, Tensor a, Tensor b) {
        return timed("select", () -> backend.select(mask, a, b));
    }

    @Override
    public Tensor reduce(Reduction r, Tensor x, int... axes) {
        return timed("reduce", () -> backend.reduce(r, x, axes));
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation) {
        return timed("matmul", () -> backend.matmul(a, b, bias, activation));
    }

    @Override
    public Convolutions convolutions() {
        return this;
    }

    @Override
    public void evaluate(Formula formula, double[] scalars, Tensor... operands) {
        timed("update", () -> backend.evaluate(formula, scalars, operands));
    }

    @Override
    public void close() {
        backend.close();
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        return timed("convolution, forward", () -> images.forward(shape, x, weight, bias, phi));
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi) {
        return timed("convolution, input gradient or transposed", () -> images.inputGradient(shape, y, weight, bias, phi));
    }

    @Override
    public Optional<Tensor> fused(Fusion fusion, Tensor... operands) {
        return timed("loss", () -> backend.fused(fusion, operands));
    }

    @Override
    public Optional<Tensor> squaresGradient(Tensor x, Tensor target, Tensor c, boolean throughSigmoid) {
        return timed("loss gradient", () -> backend.squaresGradient(x, target, c, throughSigmoid));
    }

    @Override
    public Optional<Tensor> logLikelihoodGradient(Tensor l, Tensor t, Tensor c) {
        return timed("loss gradient", () -> backend.logLikelihoodGradient(l, t, c));
    }

    @Override
    public PairedConvolutions paired() {
        return images.paired() == null ? null : this;
    }

    @Override
    public boolean serves(int samples, int height, int width) {
        return images.paired().serves(samples, height, width);
    }

    @Override
    public Pooled forwardPooled(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        return timed("convolution, forward", () -> images.paired().forwardPooled(shape, x, weight, bias, phi));
    }

    @Override
    public Tensor forward(ConvShape shape, PairedImages x, Tensor weight, Tensor bias, Epilogue phi) {
        return timed("convolution, forward", () -> images.paired().forward(shape, x, weight, bias, phi));
    }

    @Override
    public Tensor inputGradient(ConvShape shape, PairedImages y, Tensor weight, Activated below) {
        return timed("convolution, input gradient or transposed", () -> images.paired().inputGradient(shape, y, weight, below));
    }

    @Override
    public Tensor inputGradientHalved(ConvShape shape, Tensor y, Tensor weight, Activated below) {
        return timed("convolution, input gradient or transposed", () -> images.paired().inputGradientHalved(shape, y, weight, below));
    }

    @Override
    public Parameters parameterGradients(ConvShape shape, PairedImages y, PairedImages x) {
        return timed("convolution, weight and bias gradient", () -> images.paired().parameterGradients(shape, y, x));
    }

    @Override
    public ThroughActivations throughActivations() {
        return images.throughActivations() == null ? null : this;
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Activated target) {
        return timed("convolution, forward", () -> images.throughActivations().forward(shape, x, weight, target));
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Activated target) {
        return timed("convolution, input gradient or transposed", () -> images.throughActivations().inputGradient(shape, y, weight, target));
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Activated target) {
        return timed("pool gradient", () -> images.throughActivations().maxPoolGradient(shape, g, target));
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g, Activated target) {
        return timed("resize gradient", () -> images.throughActivations().resizeGradient(shape, g, target));
    }

    @Override
    public Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
        return timed("convolution, weight gradient", () -> images.weightGradient(shape, y, x));
    }

    @Override
    public Parameters parameterGradients(ConvShape shape, Tensor y, Tensor x, boolean transposed) {
        return timed("convolution, weight and bias gradient", () -> images.parameterGradients(shape, y, x, transposed));
    }

    @Override
    public Tensor epilogueGradient(Epilogue phi, Tensor g, Tensor y) {
        return timed("activation gradient", () -> images.epilogueGradient(phi, g, y));
    }

    @Override
    public Tensor maxPool(PoolShape shape, Tensor x) {
        return timed("pool", () -> images.maxPool(shape, x));
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Tensor x) {
        return timed("pool gradient", () -> images.maxPoolGradient(shape, g, x));
    }

    @Override
    public Tensor maxPoolPick(PoolShape shape, Tensor u, Tensor x) {
        return timed("pool gradient", () -> images.maxPoolPick(shape, u, x));
    }

    @Override
    public Tensor averagePool(PoolShape shape, Tensor x) {
        return timed("pool", () -> images.averagePool(shape, x));
    }

    @Override
    public Tensor averagePoolGradient(PoolShape shape, Tensor g) {
        return timed("pool gradient", () -> images.averagePoolGradient(shape, g));
    }

    @Override
    public Tensor resize(ResizeShape shape, Tensor x) {
        return timed("resize", () -> images.resize(shape, x));
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g) {
        return timed("resize gradient", () -> images.resizeGradient(shape, g));
    }

    @Override
    public Tensor channelSums(Tensor x) {
        return timed("channel sums", () -> images.channelSums(x));
    }

    @Override
    public Tensor channelSquares(Tensor x, Tensor mean) {
        return timed("batch norm", () -> images.channelSquares(x, mean));
    }

    @Override
    public Tensor channelProducts(Tensor g, Tensor x, Tensor mean) {
        return timed("batch norm gradient", () -> images.channelProducts(g, x, mean));
    }

    @Override
    public Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi) {
        return timed("batch norm", () -> images.normalize(x, mean, scale, shift, phi));
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale) {
        return timed("batch norm gradient", () -> images.normalizeGradient(g, x, mean, offset, slope, scale));
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale, Epilogue phi) {
        return timed("batch norm gradient", () -> images.throughActivations().normalizeGradient(g, x, mean, offset, slope, scale, phi));
    }
}
