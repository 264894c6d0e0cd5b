package gradus.experiments;

import gradus.data.Mnist;
import gradus.experiments.KerasAutoencoders.Pairs;
import gradus.nn.ActivationLayer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.report.ImageGrid;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.List;

/** The simplest autoencoder of MNIST: 784 pixels through 32 numbers and back. */
public final class MnistAutoencoder implements Experiment {
    private static final int CODE = 32;

    /** The experiment. */
    public MnistAutoencoder() {
    }

    @Override
    public String name() {
        return "mnist-autoencoder";
    }

    @Override
    public String title() {
        return "An autoencoder of MNIST with one hidden layer of 32 units";
    }

    @Override
    public String source() {
        return KerasAutoencoders.SOURCE;
    }

    @Override
    public List<Setting> settings() {
        return KerasAutoencoders.settings(50, 20, 256, 8_000, 2_000);
    }

    /** 784-32-784, also the plain twin of the sparse autoencoder. */
    static Sequential model(RandomStream random) {
        return Sequential.of(
                Linear.keras(KerasAutoencoders.PIXELS, CODE, random), ActivationLayer.RELU,
                Linear.keras(CODE, KerasAutoencoders.PIXELS, random), ActivationLayer.SIGMOID);
    }

    @Override
    public void run(Run run) {
        TrainAndTest data = TrainAndTest.of(run, Mnist.TRAIN, Mnist.TEST);
        Tensor images = data.train().images().scaledTo(0, 1).flattened();
        Tensor test = data.test().images().scaledTo(0, 1).flattened();

        Sequential model = model(new RandomStream(run.seed(), "autoencoder"));
        Training training = KerasAutoencoders.fit(run, "autoencoder", model, Pairs.same(images), Pairs.same(test));

        KerasAutoencoders.compareCosts(run, training, "", 0.11, 0.11, 0.005);
        run.value("mean of the test codes", KerasAutoencoders.mean(run.predict(model.part(0, 2), test)));
        run.figure(KerasAutoencoders.curves(training).horizontal(0.11, "published"));
        run.figure(KerasAutoencoders.reconstructions(run, model, test).caption("Each digit passes through " + CODE + " numbers."));
        run.figure(whatTheUnitsDraw(model));
        KerasAutoencoders.notes(run);
    }

    private static ImageGrid whatTheUnitsDraw(Sequential model) {
        Tensor weight = model.parameters().get("2.weight").tensor();
        List<Picture> pictures = KerasAutoencoders.pictures(weight.transpose().copy());
        ImageGrid grid = ImageGrid.of("What each code unit draws").caption("The decoder's weights from each of the " + CODE + " units to the pixels.");
        for (int from = 0; from < CODE; from += CODE / 4) {
            grid = grid.row("units " + (from + 1) + "–" + (from + CODE / 4), pictures.subList(from, from + CODE / 4), Shades.divergingByPicture());
        }
        return grid;
    }
}
