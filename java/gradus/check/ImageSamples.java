package gradus.check;

import static gradus.check.Sample.distinct;
import static gradus.check.Sample.positive;
import static gradus.check.Sample.real;
import static gradus.check.Sample.row;
import static gradus.check.Samples.gradient;

import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.grad.Gradients;
import gradus.op.Convolution;
import gradus.op.Normalization;
import gradus.op.Pooling;
import gradus.op.Resample;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sample points of the operations on images. */
final class ImageSamples {
    private static final Window SMALL = Window.of(2);
    private static final Window WIDE = new Window(3, 2, 2, 1, 1, 2, 1, 1, 1, 0);

    private ImageSamples() {
    }

    static List<Sample> rows() {
        List<Sample> rows = new ArrayList<>(convolutions());
        rows.addAll(poolings());
        rows.addAll(resamplings());
        rows.addAll(normalizations());
        return rows;
    }

    private static List<Sample> convolutions() {
        Differentiable direct = v -> v.get(0).conv2d(v.get(1), null, SMALL, 1, Epilogue.IDENTITY);
        Differentiable grouped = v -> v.get(0).conv2d(v.get(1), null, WIDE, 2, Epilogue.IDENTITY);
        return List.of(
                row(Convolution.Conv2d.class, "2×2", direct, real(2, 2, 3, 3), real(2, 2, 2, 2)),
                row(Convolution.Conv2d.class, "strided, dilated, padded, two groups", grouped, real(1, 4, 4, 3), real(2, 2, 3, 2)),
                row(Convolution.Conv2d.class, "bias and tanh", v -> v.get(0).conv2d(v.get(1), v.get(2), SMALL, 1, Epilogue.TANH),
                        real(1, 2, 3, 3), real(3, 2, 2, 2), real(3)),
                row(Convolution.ConvTranspose2d.class, "2×2", v -> v.get(0).convTranspose2d(v.get(1), null, SMALL, 1, 0, Epilogue.IDENTITY),
                        real(2, 2, 2, 2), real(2, 2, 2, 2)),
                row(Convolution.ConvTranspose2d.class, "strided, output padding, bias and sigmoid",
                        v -> v.get(0).convTranspose2d(v.get(1), v.get(2), SMALL.stride(2), 1, 1, Epilogue.SIGMOID),
                        real(1, 2, 2, 2), real(2, 3, 2, 2), real(3)),
                row(Convolution.WeightGradient.class, "2×2", gradient(direct, 1), real(1, 2, 2, 2), real(1, 2, 3, 3), real(2, 2, 2, 2)),
                row(Convolution.WeightGradient.class, "two groups", gradient(grouped, 1), real(1, 2, 2, 2), real(1, 2, 4, 3), real(2, 1, 3, 2)));
    }

    private static Differentiable average(boolean countsPadding) {
        return v -> {
            Value x = v.getFirst();
            return x.tape().apply(new Pooling.AveragePool(x, PoolShape.of(x.shape(), WIDE, false, countsPadding)));
        };
    }

    private static List<Sample> poolings() {
        Differentiable max = v -> v.getFirst().maxPool(SMALL);
        Differentiable overlapping = v -> v.getFirst().maxPool(WIDE);
        // The gradient of the gradient by the cotangent picks the winners again.
        Differentiable pick = v -> Gradients.vjp(gradient(max, 0).apply(List.of(v.get(1), v.get(2))), v.get(0), List.of(v.get(1))).getFirst();
        return List.of(
                row(Pooling.MaxPool.class, "2×2", max, distinct(1, 2, 4, 4)),
                row(Pooling.MaxPool.class, "overlapping", overlapping, distinct(2, 1, 4, 4)),
                row(Pooling.MaxPoolGradient.class, "2×2", gradient(max, 0), real(1, 1, 3, 3), distinct(1, 1, 4, 4)),
                row(Pooling.MaxPoolPick.class, "2×2", pick, real(1, 1, 4, 4), real(1, 1, 3, 3), distinct(1, 1, 4, 4)),
                row(Pooling.AveragePool.class, "padding counted", average(true), real(1, 2, 4, 3)),
                row(Pooling.AveragePool.class, "padding not counted", average(false), real(1, 2, 4, 3)),
                row(Pooling.AveragePoolGradient.class, "padding not counted", gradient(average(false), 0), real(1, 2, 2, 2), real(1, 2, 4, 3)));
    }

    private static List<Sample> resamplings() {
        List<Sample> rows = new ArrayList<>();
        for (ResizeShape.Mode mode : ResizeShape.Mode.values()) {
            String name = mode.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            Differentiable larger = v -> v.getFirst().resize(5, 4, mode);
            rows.add(row(Resample.Resize.class, name, larger, real(1, 2, 3, 2)));
            rows.add(row(Resample.Resize.class, name + ", smaller", v -> v.getFirst().resize(2, 3, mode), real(1, 1, 5, 4)));
            rows.add(row(Resample.ResizeGradient.class, name, gradient(larger, 0), real(1, 1, 5, 4), real(1, 1, 3, 2)));
        }
        return rows;
    }

    private static Value batchNorm(Value x, Value gamma, Value beta, Epilogue phi) {
        return x.tape().apply(new Normalization.BatchNorm(x, gamma, beta, Normalization.Moments.of(x, 1e-5), phi));
    }

    private static Value normalized(Value x, Value gamma, Value beta) {
        Value mean = x.tape().constant(Tensor.of(new double[] {0.5, -0.25}, 2).as(x.dtype()));
        Value variance = x.tape().constant(Tensor.full(DType.FLOAT64, Shape.of(2), 1.5).as(x.dtype()));
        return x.tape().apply(new Normalization.Normalize(x, gamma, beta, new Normalization.Moments(mean, variance, 1e-5, 4), Epilogue.TANH));
    }

    private static List<Sample> normalizations() {
        Differentiable plain = v -> batchNorm(v.get(0), v.get(1), v.get(2), Epilogue.IDENTITY);
        Differentiable squashed = v -> batchNorm(v.get(0), v.get(1), v.get(2), Epilogue.TANH);
        return List.of(
                row(Normalization.ChannelSum.class, "[2, 3, 2, 2]", v -> v.getFirst().tape().apply(new Normalization.ChannelSum(v.getFirst())), real(2, 3, 2, 2)),
                row(Normalization.BatchNorm.class, "[5, 2]", plain, real(5, 2), positive(2), real(2)),
                row(Normalization.BatchNorm.class, "[2, 2, 2, 2] and tanh", squashed, real(2, 2, 2, 2), positive(2), real(2)),
                row(Normalization.BatchNormGradient.class, "[5, 2]", gradient(plain, 0), real(5, 2), real(5, 2), positive(2), real(2)),
                row(Normalization.BatchNormScaleGradient.class, "[5, 2]", gradient(plain, 1), real(5, 2), real(5, 2), positive(2), real(2)),
                row(Normalization.Normalize.class, "[2, 2, 2, 2] and tanh", v -> normalized(v.get(0), v.get(1), v.get(2)), real(2, 2, 2, 2), positive(2), real(2)));
    }
}
