package gradus.experiments;

import gradus.backend.Window;
import gradus.data.Mnist;
import gradus.experiments.KerasAutoencoders.Pairs;
import gradus.nn.ActivationLayer;
import gradus.nn.Conv2d;
import gradus.nn.Layer;
import gradus.nn.MaxPool2d;
import gradus.nn.Padding;
import gradus.nn.Sequential;
import gradus.nn.Upsample;
import gradus.numerics.RandomStream;
import gradus.op.Losses;
import gradus.report.ImageGrid;
import gradus.report.Shades;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A convolutional autoencoder that is shown noisy digits and learns to give back the clean ones. */
public final class MnistDenoising implements Experiment {
    private static final Window THREE = Window.of(3);

    /** The experiment. */
    public MnistDenoising() {
    }

    @Override
    public String name() {
        return "mnist-denoising";
    }

    @Override
    public String title() {
        return "Noise taken off the digits of MNIST by a convolutional autoencoder";
    }

    @Override
    public String source() {
        return KerasAutoencoders.SOURCE;
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(Setting.inRepro(KerasAutoencoders.settings(100, 3, 128, 3_000, 500),
                Map.of("epochs", 1, "rows", 8, "batch", 4, "testRows", 10)));
        all.add(Setting.of("noise", 0.5, "standard deviation of the noise on pixels from 0 to 1"));
        return all;
    }

    @Override
    public void run(Run run) {
        TrainAndTest data = TrainAndTest.of(run, Mnist.TRAIN, Mnist.TEST);
        Tensor clean = data.train().images().scaledTo(0, 1).planes();
        Tensor cleanTest = data.test().images().scaledTo(0, 1).planes();
        Pairs train = new Pairs(noisy(clean, run.number("noise"), new RandomStream(run.seed(), "training noise")), clean);
        Pairs test = new Pairs(noisy(cleanTest, run.number("noise"), new RandomStream(run.seed(), "test noise")), cleanTest);

        RandomStream random = new RandomStream(run.seed(), "denoising");
        Sequential model = Sequential.of(
                Conv2d.keras(1, 32, THREE, Padding.SAME, random), ActivationLayer.RELU, MaxPool2d.same(2),
                Conv2d.keras(32, 32, THREE, Padding.SAME, random), ActivationLayer.RELU, MaxPool2d.same(2),
                Conv2d.keras(32, 32, THREE, Padding.SAME, random), ActivationLayer.RELU, Upsample.nearest(2),
                Conv2d.keras(32, 32, THREE, Padding.SAME, random), ActivationLayer.RELU, Upsample.nearest(2),
                Conv2d.keras(32, 1, THREE, Padding.SAME, random), ActivationLayer.SIGMOID);
        Training training = KerasAutoencoders.fit(run, "denoising", model, train, test);

        KerasAutoencoders.compareCosts(run, training, "", Double.NaN, Double.NaN, 0);
        run.value("mean squared error of the noisy test digits", run.evaluate(Sequential.of(), test.inputs(), cleanTest, Losses::meanSquaredError));
        run.value("mean squared error of the restored test digits", run.evaluate(model, test.inputs(), cleanTest, Losses::meanSquaredError));
        run.figure(KerasAutoencoders.curves(training));
        run.figure(restored(run, model, test));
        KerasAutoencoders.notes(run);
        run.note("The noise is drawn once for each image, not anew each epoch, and pixels are clipped to 0 … 1 after it, as in the source. The source publishes pictures and no final cost.");
    }

    /** The images plus deviation · N(0, 1), clipped to 0 … 1. */
    private static Tensor noisy(Tensor images, double deviation, RandomStream random) {
        Tensor noisy = images.copy();
        float[] noise = new float[images.size() / images.dim(0)];
        float[] pixels = noisy.floats();
        for (int from = 0; from < pixels.length; from += noise.length) {
            random.normal(noise, 0, noise.length, 0, (float) deviation);
            for (int p = 0; p < noise.length; p++) {
                pixels[from + p] = Math.clamp(pixels[from + p] + noise[p], 0f, 1f);
            }
        }
        return noisy;
    }

    private static ImageGrid restored(Run run, Layer model, Pairs test) {
        Tensor noisy = KerasAutoencoders.first(test.inputs());
        Tensor clean = KerasAutoencoders.first(test.targets());
        Tensor restored = run.predict(model, noisy);
        return ImageGrid.of("Noisy, restored and clean test digits")
                .caption("The mean squared error under each noisy and each restored digit is its distance from the clean one.")
                .row("noisy", KerasAutoencoders.pictures(noisy), KerasAutoencoders.errors(clean, noisy), Shades.grey(0, 1))
                .row("restored", KerasAutoencoders.pictures(restored), KerasAutoencoders.errors(clean, restored), Shades.grey(0, 1))
                .row("clean", KerasAutoencoders.pictures(clean), Shades.grey(0, 1));
    }
}
