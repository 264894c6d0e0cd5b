package gradus.experiments;

import gradus.nn.Layer;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adam;
import gradus.report.TableFigure;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Three losses on one deep autoencoder of Fashion-MNIST, by the error of what comes out. */
public final class FashionLosses implements Experiment {
    /**
     * A loss, and what the network's output means under it.
     *
     * @param image     from the output to an image
     * @param published NRMSE that the source publishes of training and test images
     */
    private record Kind(String name, DeepAutoencoder.Loss loss, Image image, double... published) {}

    private interface Image {
        Value of(Value output);
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("squared-error", Losses::meanSquaredError, output -> output, 0.11268, 0.11385),
            new Kind("cross-entropy", FashionLosses::crossEntropy, Value::sigmoid, 12.899, 12.803),
            new Kind("divergence", FashionLosses::divergence, Value::exp, 0.24288, 0.24333));

    /** The experiment. */
    public FashionLosses() {
    }

    @Override
    public String name() {
        return "fashion-losses";
    }

    @Override
    public String title() {
        return "Squared error, binary cross-entropy and Kullback-Leibler divergence as loss of a deep autoencoder";
    }

    @Override
    public String source() {
        return DeepAutoencoder.SOURCE + "; published NRMSE on training and test images: 0.11268 and 0.11385, 12.899 and 12.803, 0.24288 and 0.24333";
    }

    @Override
    public List<Setting> settings() {
        return DeepAutoencoder.settings(60, 10);
    }

    /** The output as logits: nothing keeps it between 0 and 1. Test images may pass 1 slightly, training images do not. */
    private static Value crossEntropy(Value output, Value input) {
        return Losses.binaryCrossEntropyWithLogits(output, input);
    }

    /**
     * The output as logarithms l: mean of exp(l) − t·l, which up to a constant is the divergence of unnormalised measures, t·log(t/p) − t + p with p = exp(l), lowest
     * where exp(l) = t. PyTorch's {@code KLDivLoss} leaves out exp(l); of images, which do not sum to 1, it falls without end as l grows.
     */
    private static Value divergence(Value output, Value input) {
        return output.exp().minus(input.times(output)).mean();
    }

    @Override
    public void run(Run run) {
        DeepAutoencoder.Data data = DeepAutoencoder.Data.of(run);
        List<DeepAutoencoder.Outcome> outcomes = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        for (Kind kind : KINDS) {
            DeepAutoencoder.Outcome o = DeepAutoencoder.outcome(run, kind.name(), DeepAutoencoder.network(run.integer("code"), run.seed()),
                    Adam.torch(run.number("learningRate")), data, kind.loss());
            outcomes.add(o);
            rows.add(compare(run, kind, o, data));
        }
        run.figure(new TableFigure("Published beside measured",
                "NRMSE of the network's output as it is, and of the image that it means under its loss: the sigmoid of logits, the exponential of logarithms.",
                List.of("loss", "training, published", "output", "image", "test, published", "output", "image"), rows));
        DeepAutoencoder.curves(run, outcomes, "cost");
        run.figure(DeepAutoencoder.reconstructions(run, data, outcomes, o -> imaging(KINDS.get(outcomes.indexOf(o)), o)).caption("The images that the outputs mean under their losses."));
        DeepAutoencoder.notes(run);
        run.note("The source does not say how it gives an output without a nonlinearity to losses that want probabilities. Here cross-entropy takes it as logits, the divergence as logarithms. "
                + "Published NRMSE above 1 can only be of an output that is no image; so both are given, the output as it is and the image that it means.");
    }

    /** Without a seed, and trained for another time: a fifth either way counts as the same. */
    private static List<Object> compare(Run run, Kind kind, DeepAutoencoder.Outcome o, DeepAutoencoder.Data data) {
        Layer imaging = imaging(kind, o);
        double train = error(run, imaging, data.train());
        double test = error(run, imaging, data.test());
        run.value("NRMSE of training images as the loss means them, " + kind.name(), train);
        run.value("NRMSE of test images as the loss means them, " + kind.name(), test);
        if (!run.quick()) {
            run.value("output beside published, training images, " + kind.name(), o.trainError(), kind.published()[0], 0.2 * kind.published()[0]);
            run.value("output beside published, test images, " + kind.name(), o.testError(), kind.published()[1], 0.2 * kind.published()[1]);
        }
        return List.of(kind.name(), kind.published()[0], o.trainError(), train, kind.published()[1], o.testError(), test);
    }

    /** The network with the image that its output means. */
    private static Layer imaging(Kind kind, DeepAutoencoder.Outcome o) {
        return (x, pass) -> kind.image().of(o.network().forward(x, pass));
    }

    private static double error(Run run, Layer model, Tensor images) {
        return DeepAutoencoder.nrmse(run.predict(model, images), images);
    }
}
