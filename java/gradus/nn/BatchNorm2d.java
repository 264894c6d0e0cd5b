package gradus.nn;

import gradus.backend.Backend;
import gradus.backend.Epilogue;
import gradus.op.Normalization;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Batch normalization (Ioffe and Szegedy 2015) of [N, C] or [N, C, H, W]: with the batch's moments while training, with running ones in evaluation.
 *
 * <p>Running moments r ← (1 − m)·r + m·batch, in binary64 and rounded once, take the batch's variance divided by n − 1 (PyTorch) or n (Keras);
 * normalizing itself always divides by n.
 *
 * @param weight   γ, [C]
 * @param bias     β, [C]
 * @param mean     running mean, [C]
 * @param variance running variance, [C]
 * @param momentum m, the share of the newest batch
 * @param unbiased whether the running variance takes n − 1
 */
public record BatchNorm2d(Parameter weight, Parameter bias, Tensor mean, Tensor variance, double momentum, double epsilon, boolean unbiased)
        implements FusesEpilogue {
    /** PyTorch's layer: momentum 0.1, ε 1e-5, running variance unbiased. */
    public static BatchNorm2d torch(int channels) {
        return of(channels, 0.1, 1e-5, true);
    }

    /** Keras' layer: momentum 0.99 in its count of the old share, ε 1e-3, running variance biased. */
    public static BatchNorm2d keras(int channels) {
        return of(channels, 0.01, 1e-3, false);
    }

    private static BatchNorm2d of(int channels, double momentum, double epsilon, boolean unbiased) {
        Shape shape = Shape.of(channels);
        return new BatchNorm2d(new Parameter("weight", Tensor.full(DType.FLOAT32, shape, 1)), new Parameter("bias", Tensor.zeros(DType.FLOAT32, shape)),
                Tensor.zeros(DType.FLOAT32, shape), Tensor.full(DType.FLOAT32, shape, 1), momentum, epsilon, unbiased);
    }

    @Override
    public Value forward(Value x, Pass pass, Epilogue phi) {
        if (x.shape().rank() < 2 || x.shape().dim(1) != mean.size()) {
            throw new ShapeException("batch norm: input has " + (x.shape().rank() < 2 ? "no" : x.shape().dim(1)) + " channels " + x.shape()
                    + " but the layer wants " + mean.size());
        }
        Value gamma = x.tape().variable(weight.tensor());
        Value beta = x.tape().variable(bias.tensor());
        if (pass.isTraining()) {
            Normalization.Moments moments = Normalization.Moments.of(x, epsilon);
            if (unbiased && moments.terms() < 2) {
                throw new ShapeException("batch norm: input " + x.shape() + " has one value a channel; a running variance needs two");
            }
            update(x.tape().backend(), moments);
            return x.tape().apply(new Normalization.BatchNorm(x, gamma, beta, moments, phi));
        }
        Normalization.Moments running = new Normalization.Moments(x.tape().constant(mean), x.tape().constant(variance), epsilon, 1);
        return x.tape().apply(new Normalization.Normalize(x, gamma, beta, running, phi));
    }

    private void update(Backend backend, Normalization.Moments moments) {
        blend(mean, backend.download(moments.mean().tensor()), 1);
        blend(variance, backend.download(moments.variance().tensor()), unbiased ? moments.terms() / (moments.terms() - 1.0) : 1);
    }

    private void blend(Tensor running, Tensor batch, double factor) {
        double[] now = running.toDoubles();
        double[] newest = batch.toDoubles();
        for (int i = 0; i < now.length; i++) {
            now[i] = momentum * (newest[i] * factor) + (1 - momentum) * now[i];
        }
        Tensors.overwrite(running, Tensor.of(now, now.length).as(running.dtype()));
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return Tensors.parameters(weight, bias);
    }

    @Override
    public SequencedMap<String, Tensor> buffers() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        all.put("running_mean", mean);
        all.put("running_var", variance);
        return all;
    }
}
