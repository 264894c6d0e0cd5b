package gradus.check;

import static gradus.check.Sample.distinct;
import static gradus.check.Sample.real;
import static gradus.check.Sample.row;

import gradus.backend.Window;
import gradus.nn.ActivationLayer;
import gradus.nn.AvgPool2d;
import gradus.nn.BatchNorm2d;
import gradus.nn.Conv2d;
import gradus.nn.ConvTranspose2d;
import gradus.nn.Dropout;
import gradus.nn.Flatten;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Padding;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.Upsample;
import gradus.nn.ZeroPad2d;
import gradus.numerics.RandomStream;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Sample points of every layer. A new layer needs a row here, or the build fails; its parameters are inputs like any other:
 * {@code row(NewLayer.class, "what it does", v -> new NewLayer(parameter(v, 1)).forward(v.get(0)), real(3, 4), real(4))}.
 */
public final class LayerSamples {
    private LayerSamples() {
    }

    /** All rows of layers. */
    public static List<Sample> layers() {
        List<Sample> rows = new ArrayList<>();
        for (ActivationLayer f : ActivationLayer.values()) {
            rows.add(row(ActivationLayer.class, f.name(), v -> f.forward(v.getFirst()), real(2, 3)));
        }
        rows.add(row(LeakyRelu.class, "slope 0.3", v -> new LeakyRelu(0.3).forward(v.getFirst()), real(2, 3)));
        rows.add(row(Linear.class, "with bias", v -> new Linear(parameter(v, 1), parameter(v, 2)).forward(v.get(0)), real(3, 4), real(2, 4), real(2)));
        rows.add(row(Linear.class, "without bias", v -> new Linear(parameter(v, 1), null).forward(v.get(0)), real(3, 4), real(2, 4)));
        rows.add(row(Sequential.class, "linear, tanh, linear, log-softmax", v -> Sequential.of(new Linear(parameter(v, 1), parameter(v, 2)),
                ActivationLayer.TANH, new Linear(parameter(v, 3), null), ActivationLayer.LOG_SOFTMAX).forward(v.get(0)),
                real(2, 3), real(4, 3), real(4), real(3, 4)));
        rows.addAll(ofImages());
        return rows;
    }

    private static List<Sample> ofImages() {
        Window window = Window.of(3).padding(1);
        Window apart = Window.of(2).stride(2);
        return List.of(
                row(Conv2d.class, "padded by 1", v -> new Conv2d(parameter(v, 1), parameter(v, 2), window, Padding.AS_GIVEN, 1).forward(v.get(0)),
                        real(2, 2, 3, 3), real(3, 2, 3, 3), real(3)),
                row(Conv2d.class, "same, two groups, no bias", v -> new Conv2d(parameter(v, 1), null, apart, Padding.SAME, 2).forward(v.get(0)),
                        real(1, 4, 3, 5), real(2, 2, 2, 2)),
                row(ConvTranspose2d.class, "stride 2, output padding 1", v -> new ConvTranspose2d(parameter(v, 1), parameter(v, 2), apart, 1, 1).forward(v.get(0)),
                        real(1, 2, 2, 3), real(2, 3, 2, 2), real(3)),
                row(MaxPool2d.class, "same, 2", v -> MaxPool2d.same(2).forward(v.getFirst()), distinct(1, 2, 3, 3)),
                row(AvgPool2d.class, "2", v -> AvgPool2d.of(2).forward(v.getFirst()), real(1, 2, 5, 4)),
                row(Upsample.class, "nearest, 2", v -> Upsample.nearest(2).forward(v.getFirst()), real(1, 2, 2, 3)),
                row(Upsample.class, "bilinear, 2", v -> Upsample.bilinear(2).forward(v.getFirst()), real(1, 2, 2, 3)),
                row(Flatten.class, "[2, 3, 2, 2]", v -> new Flatten().forward(v.getFirst()), real(2, 3, 2, 2)),
                row(ZeroPad2d.class, "1, 0, 2, 1", v -> new ZeroPad2d(1, 0, 2, 1).forward(v.getFirst()), real(2, 1, 2, 2)),
                row(Dropout.class, "p 0.25, training", v -> new Dropout(0.25).forward(v.getFirst(), Pass.training(new RandomStream(1, "dropout"))), real(3, 4)),
                row(BatchNorm2d.class, "training", v -> batchNorm(v, Pass.training(new RandomStream(1, "unused"))), real(3, 2, 2, 2), real(2), real(2)),
                row(BatchNorm2d.class, "evaluation", v -> batchNorm(v, Pass.EVALUATION), real(3, 2, 2, 2), real(2), real(2)),
                row(Sequential.class, "convolution, leaky ReLU, batch norm, tanh", v -> Sequential.of(
                        new Conv2d(parameter(v, 1), parameter(v, 2), window, Padding.AS_GIVEN, 1), new LeakyRelu(0.1),
                        fresh(v, 3), ActivationLayer.TANH).forward(v.get(0), Pass.training(new RandomStream(1, "unused"))),
                        real(2, 2, 3, 3), real(2, 2, 3, 3), real(2), real(2), real(2)));
    }

    private static Value batchNorm(List<Value> v, Pass pass) {
        return fresh(v, 1).forward(v.getFirst(), pass);
    }

    private static BatchNorm2d fresh(List<Value> v, int first) {
        Shape channels = v.get(first).shape();
        Tensor mean = Tensor.full(v.get(first).dtype(), channels, 0.25);
        Tensor variance = Tensor.full(v.get(first).dtype(), channels, 1.5);
        return new BatchNorm2d(parameter(v, first), parameter(v, first + 1), mean, variance, 0.1, 1e-5, true);
    }

    /** A value as the parameter of a layer: the layer's own {@code tape.variable(…)} finds it again. */
    static Parameter parameter(List<Value> values, int index) {
        return new Parameter("input " + index, values.get(index).tensor());
    }
}
