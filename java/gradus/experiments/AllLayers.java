package gradus.experiments;

import gradus.backend.Window;
import gradus.data.Batches;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.nn.ActivationLayer;
import gradus.nn.AvgPool2d;
import gradus.nn.BatchNorm2d;
import gradus.nn.Conv2d;
import gradus.nn.ConvTranspose2d;
import gradus.nn.Dropout;
import gradus.nn.Flatten;
import gradus.nn.Layer;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Padding;
import gradus.nn.Sequential;
import gradus.nn.Upsample;
import gradus.nn.ZeroPad2d;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adadelta;
import gradus.optim.Adagrad;
import gradus.optim.Adam;
import gradus.optim.AdamW;
import gradus.optim.AmsGrad;
import gradus.optim.Lion;
import gradus.optim.Momentum;
import gradus.optim.NAdam;
import gradus.optim.Nesterov;
import gradus.optim.RAdam;
import gradus.optim.RmsProp;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.report.Axis;
import gradus.report.LineChart;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A few steps of small networks that hold every kind of layer, every operation, every loss and every update rule. It learns nothing of interest: {@code gradus repro all-layers}
 * runs it to see that no thread, vector width, compiler or backend changes a bit of any of them.
 */
public final class AllLayers implements Experiment {
    private static final int CLASSES = 10;

    /** The experiment. */
    public AllLayers() {
    }

    @Override
    public String name() {
        return "all-layers";
    }

    @Override
    public String title() {
        return "Every kind of layer, operation, loss and update rule in small networks, for comparing bits";
    }

    @Override
    public String source() {
        return "Ours";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.of("rows", 300, 45, "images to train on, from the first"),
                Setting.of("epochs", 3, 1, "passes over the images"),
                Setting.of("batch", 40, 40, "images a step; the last batch is smaller"));
    }

    @Override
    public void run(Run run) {
        Dataset data = run.data(FashionMnist.TEST).first(run.integer("rows"));
        Tensor planes = data.images().scaledTo(0, 1).planes();
        Tensor targets = oneHot(data.labels());
        LineChart chart = LineChart.of("Cost of every batch", Axis.of("step"), Axis.log("cost"));

        Training images = train(run, "images", imageNetwork(run.seed()), Adam.torch(0.002), planes, targets, AllLayers::imageLoss);
        chart = chart.line("images", images.costs().values());
        for (Map.Entry<String, Rule<?>> rule : rules().entrySet()) {
            Training dense = train(run, rule.getKey(), denseNetwork(run.seed()), rule.getValue(), planes, targets, AllLayers::denseLoss);
            chart = chart.line(rule.getKey(), dense.costs().values());
        }
        run.figure(chart);
    }

    private interface Loss {
        Value of(Value output, Value target);
    }

    private static Training train(Run run, String name, Layer model, Rule<?> rule, Tensor inputs, Tensor targets, Loss loss) {
        return run.training(name, model, rule).run(
                run.integer("epochs"),
                epoch -> Batches.shuffled(inputs.dim(0), run.integer("batch"), new RandomStream(run.seed(), name + "/order/" + epoch)),
                (tape, batch, pass) -> loss.of(model.forward(tape.constant(batch.of(inputs)), pass), tape.constant(batch.of(targets))));
    }

    /** Images [N, 1, 28, 28] to logits [N, 10] through strides, dilations, groups, output padding and unequal padding. */
    private static Sequential imageNetwork(long seed) {
        TorchGenerator random = new TorchGenerator(seed);
        RandomStream keras = new RandomStream(seed, "keras");
        return Sequential.of(
                new ZeroPad2d(1, 0, 2, 1),
                new AvgPool2d(Window.of(3).stride(2).padding(1), Padding.AS_GIVEN, true, false),
                Conv2d.torch(1, 4, Window.of(3).padding(1), random),
                BatchNorm2d.torch(4),
                new LeakyRelu(0.1),
                MaxPool2d.of(2),
                Conv2d.torch(4, 6, Window.of(3).dilation(2).padding(2), 2, random),
                ActivationLayer.SOFTPLUS,
                Conv2d.keras(6, 8, Window.of(2, 3).stride(2, 1), Padding.SAME, keras),
                ActivationLayer.TANH,
                ConvTranspose2d.torch(8, 4, Window.of(3).stride(2).padding(1), 1, 2, random),
                BatchNorm2d.keras(4),
                ActivationLayer.SIGMOID,
                Upsample.bilinear(2),
                AvgPool2d.of(2),
                Upsample.nearest(2),
                MaxPool2d.same(3),
                new Flatten(),
                new Dropout(0.2),
                Linear.torch(4 * 6 * 11, CLASSES, random));
    }

    /** Images to logits through dense layers only. */
    private static Sequential denseNetwork(long seed) {
        TorchGenerator random = new TorchGenerator(seed);
        return Sequential.of(new Flatten(), Linear.torch(784, 20, random), ActivationLayer.RELU, Linear.torch(20, CLASSES, random));
    }

    /** Cross-entropy, and what {@link #everyOperation} makes of the logits. */
    private static Value imageLoss(Value logits, Value target) {
        return Losses.crossEntropy(logits, target).plus(everyOperation(logits).times(0.01));
    }

    /** The mean of all losses. */
    private static Value denseLoss(Value logits, Value target) {
        Value p = logits.softmax();
        Value sum = Losses.crossEntropy(logits, target)
                .plus(Losses.meanSquaredError(p, target))
                .plus(Losses.meanAbsoluteError(p, target))
                .plus(Losses.binaryCrossEntropy(logits.sigmoid(), target))
                .plus(Losses.binaryCrossEntropyKeras(logits.sigmoid(), target))
                .plus(Losses.binaryCrossEntropyWithLogits(logits, target))
                .plus(Losses.klDivergence(logits.logSoftmax(), target))
                .plus(Losses.klDivergenceKeras(p, target));
        return sum.dividedBy(8);
    }

    /** One number from every function, arithmetic operation, view, reduction and product that a value has. */
    private static Value everyOperation(Value x) {
        Value a = x.abs().plus(0.5);
        Value functions = x.exp().plus(x.expm1()).plus(a.log()).plus(a.log1p()).plus(x.sin().times(x.cos())).plus(x.erf()).plus(a.rsqrt()).minus(a.sqrt())
                .plus(x.square()).plus(x.power(3)).plus(a.power(-2)).plus(x.sigmoid()).plus(x.relu()).plus(x.negate().leakyRelu(0.3)).plus(x.softplus()).plus(x.tanh());
        Value arithmetic = x.dividedBy(a).plus(x.subtractedFrom(1)).plus(x.clamp(-0.2, 0.3)).plus(x.maximum(a.minus(1))).plus(x.minimum(x.square()));
        Value views = x.transpose().reshape(-1, CLASSES).slice(1, 2, 7).pad(1, 1, 4).concat(0, arithmetic).slice(0, 0, x.shape().dim(0));
        Value product = x.transpose().matmul(views).mean();
        Value reductions = x.sum(0).sumOfSquares().plus(x.max(1).mean()).plus(x.min(0).mean()).plus(x.variance(0).mean()).plus(a.sumOfSquares(1).sqrt().sum());
        return functions.plus(arithmetic).plus(views).mean().plus(product).plus(reductions.dividedBy(x.size()));
    }

    private static SequencedMap<String, Rule<?>> rules() {
        SequencedMap<String, Rule<?>> all = new LinkedHashMap<>();
        all.put("sgd", new Sgd(0.05));
        all.put("momentum", Momentum.torch(0.02, 0.9));
        all.put("nesterov", Nesterov.torch(0.02, 0.9));
        all.put("adagrad", Adagrad.torch(0.01));
        all.put("adadelta", Adadelta.torch());
        all.put("rmsprop", new RmsProp(0.001, 0.9, 1e-7, 0.5, true, RmsProp.keras(0.001).dialect()));
        all.put("adam", Adam.keras(0.002));
        all.put("adamw", AdamW.torch(0.002));
        all.put("amsgrad", AmsGrad.torch(0.002));
        all.put("nadam", NAdam.torch(0.002));
        all.put("radam", RAdam.torch(0.002));
        all.put("lion", Lion.keras(0.0005));
        return all;
    }

    private static Tensor oneHot(int[] labels) {
        Tensor t = Tensor.zeros(DType.FLOAT32, Shape.of(labels.length, CLASSES));
        for (int i = 0; i < labels.length; i++) {
            t.floats()[i * CLASSES + labels[i]] = 1;
        }
        return t;
    }
}
