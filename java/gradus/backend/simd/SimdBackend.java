package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.Formula;
import gradus.backend.Fusion;
import gradus.backend.MatmulShape;
import gradus.backend.Pool;
import gradus.backend.Reduction;
import gradus.backend.Workers;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Optional;

/**
 * The CPU backend: vector kernels, and threads where the work is worth them. Every result has the bits of the scalar backend.
 *
 * <p>Elementwise functions of batch-blocked operands of one layout keep that layout. Needs the module {@code jdk.incubator.vector}.
 */
public final class SimdBackend implements Backend {
    private final Pool pool = new Pool(true);
    private final Workers workers;
    private final Convolutions convolutions;
    private final Part<float[]> floats;
    private final Part<double[]> doubles;
    private final FormulaRunner formulas;

    /** What there is for one element type. */
    private record Part<T>(Kernels<T> kernels, Elementwise<T> elementwise, Copies<T> copies, Reducer<T> reducer, Fusions<T> fusions, Product<T> product) {
    }

    /** A backend with a pool of its own that works on so many threads, the calling one counted in. */
    public SimdBackend(int threads) {
        workers = new Workers(threads);
        formulas = new FormulaRunner(workers);
        floats = part(new FloatKernels(), FloatGemm.PRODUCT);
        doubles = part(new DoubleKernels(), DoubleGemm.PRODUCT);
        convolutions = new SimdConvolutions(this, pool, floats.kernels, doubles.kernels, new Crew(workers));
    }

    private <T> Part<T> part(Kernels<T> kernels, Product<T> product) {
        Crew crew = new Crew(workers);
        Results results = new Results(pool);
        return new Part<>(kernels, new Elementwise<>(this, results, kernels, crew), new Copies<>(this, kernels, crew),
                new Reducer<>(this, kernels, crew), new Fusions<>(this, results, kernels, crew), product);
    }

    private Part<?> part(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
        };
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu, " + Lanes.description() + ", " + workers.threads() + (workers.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Tensor allocate(DType dtype, Shape shape) {
        return pool.allocate(dtype, shape);
    }

    @Override
    public void release(Tensor tensor) {
        pool.release(tensor.storage());
    }

    @Override
    public Tensor upload(Tensor host) {
        return host;
    }

    @Override
    public Tensor download(Tensor tensor) {
        return tensor.isContiguous() ? tensor : tensor.copy();
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        if (!source.shape().equals(target.shape()) || source.dtype() != target.dtype()) {
            throw new ShapeException("copy: source " + source + " does not fit target " + target);
        }
        part(source.dtype()).copies().copy(source, target);
    }

    @Override
    public void fill(Tensor target, double value) {
        part(target.dtype()).copies().fill(target, value);
    }

    @Override
    public Tensor map(Function f, Tensor x) {
        return part(x.dtype()).elementwise().map(f, x);
    }

    @Override
    public Tensor zip(Zip f, Tensor a, Tensor b) {
        return part(a.dtype()).elementwise().zip(f, a, b);
    }

    @Override
    public Tensor zip(Zip f, Tensor a, double b) {
        return part(a.dtype()).elementwise().zip(f, a, b);
    }

    @Override
    public Tensor select(Tensor mask, Tensor a, Tensor b) {
        return part(a.dtype()).elementwise().select(mask, a, b);
    }

    @Override
    public Tensor reduce(Reduction r, Tensor x, int... axes) {
        return part(x.dtype()).reducer().reduce(r, x, axes);
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation) {
        Shape shape = MatmulShape.of(a, b, bias);
        Tensor c = allocate(a.dtype(), shape);
        if (shape.size() > 0) {
            switch (a.dtype()) {
                case FLOAT32 -> multiply(floats, a, b, bias, activation, c);
                case FLOAT64 -> multiply(doubles, a, b, bias, activation, c);
            }
        }
        return c;
    }

    private <T> void multiply(Part<T> part, Tensor a, Tensor b, Tensor bias, Function activation, Tensor c) {
        if (a.batchBlock() > 0 || b.batchBlock() > 0 || bias != null && !bias.isContiguous()) {
            Tensor x = contiguous(a);
            Tensor y = contiguous(b);
            Tensor z = bias == null ? null : contiguous(bias);
            multiply(part, x, y, z, activation, c);
            releaseCopies(a, x, b, y, bias, z);
            return;
        }
        Kernels<T> kernels = part.kernels();
        T x = kernels.array(a);
        T y = kernels.array(b);
        T z = bias == null ? null : kernels.array(bias);
        T to = kernels.array(c);
        int m = c.dim(-2);
        int n = c.dim(-1);
        int batches = c.rank() == 2 ? 1 : c.size() / (m * n);
        for (int batch = 0; batch < batches; batch++) {
            part.product().multiply(m, n, a.dim(-1), x, MatmulShape.batchPlace(a, batch), a.stride(-2), a.stride(-1),
                    y, MatmulShape.batchPlace(b, batch), b.stride(-2), b.stride(-1), z, bias == null ? 0 : bias.offset(),
                    to, c.offset() + batch * m * n, n, workers);
        }
        if (activation != null) {
            part.elementwise().mapRun(activation, c, c);
        }
    }

    private void releaseCopies(Tensor... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != pairs[i]) {
                release(pairs[i + 1]);
            }
        }
    }

    @Override
    public Convolutions convolutions() {
        return convolutions;
    }

    /** The threads that this backend's kernels share. */
    public Workers workers() {
        return workers;
    }

    @Override
    public void evaluate(Formula formula, double[] scalars, Tensor... operands) {
        for (Tensor t : operands) {
            if (!t.isContiguous()) {
                Backend.super.evaluate(formula, scalars, operands);
                return;
            }
        }
        formulas.run(formula, scalars, operands);
    }

    @Override
    public Optional<Tensor> fused(Fusion fusion, Tensor... operands) {
        return part(operands[0].dtype()).fusions().of(fusion, operands);
    }

    @Override
    public Optional<Tensor> squaresGradient(Tensor x, Tensor target, Tensor c, boolean throughSigmoid) {
        return part(x.dtype()).fusions().squaresGradient(x, target, c, throughSigmoid);
    }

    @Override
    public Optional<Tensor> logLikelihoodGradient(Tensor l, Tensor t, Tensor c) {
        return part(l.dtype()).fusions().logLikelihoodGradient(l, t, c);
    }

    @Override
    public void close() {
        workers.close();
    }
}
