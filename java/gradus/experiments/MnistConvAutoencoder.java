package gradus.experiments;

import gradus.backend.Window;
import gradus.data.Mnist;
import gradus.experiments.KerasAutoencoders.Pairs;
import gradus.nn.ActivationLayer;
import gradus.nn.Conv2d;
import gradus.nn.MaxPool2d;
import gradus.nn.Padding;
import gradus.nn.Sequential;
import gradus.nn.Upsample;
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

/** A convolutional autoencoder of MNIST, whose code is eight maps of 4 × 4. */
public final class MnistConvAutoencoder implements Experiment {
    private static final Window THREE = Window.of(3);
    /** The encoder: three times convolution, ReLU, pooling. */
    private static final int CODE_AT = 9;

    /** The experiment. */
    public MnistConvAutoencoder() {
    }

    @Override
    public String name() {
        return "mnist-conv-autoencoder";
    }

    @Override
    public String title() {
        return "A convolutional autoencoder of MNIST with a code of 4 × 4 × 8";
    }

    @Override
    public String source() {
        return KerasAutoencoders.SOURCE;
    }

    @Override
    public List<Setting> settings() {
        return KerasAutoencoders.settings(50, 5, 128, 4_000, 1_000);
    }

    @Override
    public void run(Run run) {
        TrainAndTest data = TrainAndTest.of(run, Mnist.TRAIN, Mnist.TEST);
        Tensor images = data.train().images().scaledTo(0, 1).planes();
        Tensor test = data.test().images().scaledTo(0, 1).planes();

        Sequential model = model(new RandomStream(run.seed(), "conv"));
        Training training = KerasAutoencoders.fit(run, "conv", model, Pairs.same(images), Pairs.same(test));

        KerasAutoencoders.compareCosts(run, training, "", Double.NaN, 0.094, 0.004);
        run.figure(KerasAutoencoders.curves(training).horizontal(0.094, "published"));
        run.figure(KerasAutoencoders.reconstructions(run, model, test).caption("Each digit passes through 128 numbers, four times as many as in the dense autoencoders."));
        run.figure(codes(run, model, test));
        KerasAutoencoders.notes(run);
    }

    /** The network, its weights by Glorot and Bengio's rule. */
    static Sequential model(RandomStream random) {
        return Sequential.of(
                Conv2d.keras(1, 16, THREE, Padding.SAME, random), ActivationLayer.RELU, MaxPool2d.same(2),
                Conv2d.keras(16, 8, THREE, Padding.SAME, random), ActivationLayer.RELU, MaxPool2d.same(2),
                Conv2d.keras(8, 8, THREE, Padding.SAME, random), ActivationLayer.RELU, MaxPool2d.same(2),
                Conv2d.keras(8, 8, THREE, Padding.SAME, random), ActivationLayer.RELU, Upsample.nearest(2),
                Conv2d.keras(8, 8, THREE, Padding.SAME, random), ActivationLayer.RELU, Upsample.nearest(2),
                // Without padding: 16 × 16 becomes 14 × 14, so that the last upsampling gives 28 × 28.
                Conv2d.keras(8, 16, THREE, Padding.AS_GIVEN, random), ActivationLayer.RELU, Upsample.nearest(2),
                Conv2d.keras(16, 1, THREE, Padding.SAME, random), ActivationLayer.SIGMOID);
    }

    /** The code's eight maps of 4 × 4 side by side, as one picture of 4 × 32. */
    private static ImageGrid codes(Run run, Sequential model, Tensor test) {
        Tensor first = KerasAutoencoders.first(test);
        Tensor maps = run.predict(model.part(0, CODE_AT), first);
        int n = maps.dim(0);
        List<Picture> pictures = Picture.all(maps.permute(0, 2, 1, 3).copy().reshape(n, 4, 32), 4, 32);
        ImageGrid grid = ImageGrid.of("Codes").columns(List.of("digit", "code"))
                .caption("The eight maps of 4 × 4 of each code, side by side; black is 0, white each code's highest value.");
        List<Picture> digits = KerasAutoencoders.pictures(first);
        for (int i = 0; i < n; i++) {
            grid = grid.row("", List.of(digits.get(i), pictures.get(i)), Shades.greyByPicture());
        }
        return grid;
    }
}
