package gradus.experiments;

import gradus.data.Mnist;
import gradus.experiments.KerasAutoencoders.Pairs;
import gradus.nn.ActivationLayer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.List;

/** A deep autoencoder of MNIST: 784-128-64-32-64-128-784. */
public final class MnistDeepAutoencoder implements Experiment {
    /** The experiment. */
    public MnistDeepAutoencoder() {
    }

    @Override
    public String name() {
        return "mnist-deep-autoencoder";
    }

    @Override
    public String title() {
        return "A deep autoencoder of MNIST: 784-128-64-32-64-128-784";
    }

    @Override
    public String source() {
        return KerasAutoencoders.SOURCE;
    }

    @Override
    public List<Setting> settings() {
        return KerasAutoencoders.settings(100, 20, 256, 8_000, 2_000);
    }

    @Override
    public void run(Run run) {
        TrainAndTest data = TrainAndTest.of(run, Mnist.TRAIN, Mnist.TEST);
        Tensor images = data.train().images().scaledTo(0, 1).flattened();
        Tensor test = data.test().images().scaledTo(0, 1).flattened();

        RandomStream random = new RandomStream(run.seed(), "deep");
        Sequential model = Sequential.of(
                Linear.keras(KerasAutoencoders.PIXELS, 128, random), ActivationLayer.RELU,
                Linear.keras(128, 64, random), ActivationLayer.RELU,
                Linear.keras(64, 32, random), ActivationLayer.RELU,
                Linear.keras(32, 64, random), ActivationLayer.RELU,
                Linear.keras(64, 128, random), ActivationLayer.RELU,
                Linear.keras(128, KerasAutoencoders.PIXELS, random), ActivationLayer.SIGMOID);
        Training training = KerasAutoencoders.fit(run, "deep", model, Pairs.same(images), Pairs.same(test));

        KerasAutoencoders.compareCosts(run, training, "", Double.NaN, 0.097, 0.004);
        run.figure(KerasAutoencoders.curves(training).horizontal(0.097, "published"));
        run.figure(KerasAutoencoders.reconstructions(run, model, test).caption("Each digit passes through 32 numbers, as in the simple autoencoder."));
        KerasAutoencoders.notes(run);
    }
}
