package gradus.experiments;

import gradus.data.Batches;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.data.Scaling;
import gradus.learn.Measures;
import gradus.nn.Layer;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Value;
import gradus.optim.Rule;
import gradus.report.Axis;
import gradus.report.ImageGrid;
import gradus.report.LineChart;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.report.TableFigure;
import gradus.runner.Costs;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A deep fully connected autoencoder of Fashion-MNIST, 784 → 392 → 196 → d → 196 → 392 → 784: the images as it takes them, the network, its training
 * and its error, as the experiments share them.
 */
final class DeepAutoencoder {
    /** Rows and columns of an image. */
    static final int SIDE = 28;
    /** Where the source publishes it. */
    static final String SOURCE = "A course report with PyTorch: a deep autoencoder of Fashion-MNIST, 784 → 392 → 196 → d → 196 → 392 → 784";

    private static final int PIXELS = SIDE * SIDE;
    /** Linear layers and nonlinearities up to the code. */
    private static final int ENCODER_LAYERS = 6;

    private DeepAutoencoder() {
    }

    /** The settings that all these experiments have; {@code quickEpochs} and {@code fullEpochs} are their own. */
    static List<Setting> settings(int fullEpochs, int quickEpochs) {
        return List.of(
                Setting.of("trainRows", 60_000, 6_000, "images to train on; the quick run takes them from the test images, which are in the jar").inRepro(16),
                Setting.of("testRows", 10_000, 1_000, "images to test on").inRepro(8),
                Setting.of("epochs", fullEpochs, quickEpochs, "passes over the images; the source takes 1000").inRepro(1),
                Setting.of("batch", 128, 128, "images a step").inRepro(8),
                Setting.of("learningRate", 0.001, "step size"),
                Setting.of("code", 8, 8, "length of the code"));
    }

    /**
     * The images as the network takes them, each row [784]: every pixel standardised, then mapped so that over the training images it runs from 0 to 1.
     * Both maps are fitted on the training images.
     */
    record Data(Tensor train, Tensor test, Scaling standard, Scaling unit) {
        /** The images of a run: 60,000 and 10,000, or with {@code --quick} parts of the test images. */
        static Data of(Run run) {
            int rows = run.integer("trainRows");
            int testRows = run.integer("testRows");
            Dataset test = run.data(FashionMnist.TEST);
            return run.quick() ? of(test.range(0, rows), test.range(rows, rows + testRows)) : of(run.data(FashionMnist.TRAIN).first(rows), test.first(testRows));
        }

        private static Data of(Dataset train, Dataset test) {
            Tensor raw = train.images().flattened();
            Scaling standard = Scaling.standard(raw);
            Tensor standardised = standard.apply(raw);
            Scaling unit = Scaling.columnsToUnit(standardised);
            return new Data(unit.apply(standardised), unit.apply(standard.apply(test.images().flattened())), standard, unit);
        }

        /** Rows as images again, 0 to 255. */
        List<Picture> pictures(Tensor rows) {
            return Picture.all(standard.undo(unit.undo(rows)), SIDE, SIDE);
        }
    }

    /** The network with PyTorch's default initialisation from the seed and a nonlinearity between the layers; none after the last. */
    static Sequential network(int code, Layer between, long seed) {
        int[] sizes = {PIXELS, 392, 196, code, 196, 392, PIXELS};
        TorchGenerator random = new TorchGenerator(seed);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            layers.add(Linear.torch(sizes[i], sizes[i + 1], random));
            if (i + 2 < sizes.length) {
                layers.add(between);
            }
        }
        return new Sequential(layers);
    }

    /** The source's network: leaky ReLU of slope 0.5. */
    static Sequential network(int code, long seed) {
        return network(code, new LeakyRelu(0.5), seed);
    }

    /** From images to codes, the nonlinearity after the code included. */
    static Sequential encoder(Sequential network) {
        return network.part(0, ENCODER_LAYERS);
    }

    /** From codes to images. */
    static Sequential decoder(Sequential network) {
        return network.part(ENCODER_LAYERS, network.layers().size());
    }

    /** What the output is compared with the input by. */
    interface Loss {
        /** A value of one element. */
        Value of(Value output, Value input);
    }

    /**
     * Trains a network on shuffled batches; every training of a run takes the same order. {@code "test"} is measured on the test images after a twentieth
     * of the epochs each.
     */
    static Training train(Run run, String name, Sequential network, Rule<?> rule, Data data, Loss loss) {
        int rows = data.train().dim(0);
        int epochs = run.integer("epochs");
        return run.training(name, network, rule)
                .measuring("test", Math.max(1, epochs / 20), model -> nrmse(run, model, data.test()))
                .run(epochs,
                        epoch -> Batches.shuffled(rows, run.integer("batch"), new RandomStream(run.seed(), "order/" + epoch)),
                        (tape, batch, pass) -> {
                            Value x = tape.constant(batch.of(data.train()));
                            return loss.of(network.forward(x, pass), x);
                        });
    }

    /** Root mean squared error of a network's reconstructions, as {@link #nrmse(Tensor, Tensor)} takes it. */
    static double nrmse(Run run, Layer network, Tensor images) {
        return nrmse(run.predict(network, images), images);
    }

    /**
     * Root mean squared error over the range of the training images, which is 1 by their scaling. Test images, scaled alike, reach up to about 1.8 in single pixels; over a
     * range of their own their error would look half as large.
     */
    static double nrmse(Tensor approximation, Tensor images) {
        return Measures.rmse(approximation, images);
    }

    /**
     * A training that is over.
     *
     * @param trainError NRMSE of the training images
     * @param testError  NRMSE of the test images
     */
    record Outcome(String name, Sequential network, Training training, double trainError, double testError) {}

    /** Trains a network and takes its errors. */
    static Outcome outcome(Run run, String name, Sequential network, Rule<?> rule, Data data, Loss loss) {
        Training training = train(run, name, network, rule, data, loss);
        Outcome outcome = new Outcome(name, network, training, nrmse(run, network, data.train()), nrmse(run, network, data.test()));
        run.say(String.format(Locale.ROOT, "%s: NRMSE %.5f on training images, %.5f on test images, %.1f s", name, outcome.trainError(), outcome.testError(), training.seconds()));
        run.value("NRMSE of training images, " + name, outcome.trainError());
        run.value("NRMSE of test images, " + name, outcome.testError());
        run.value("seconds, " + name, training.seconds());
        return outcome;
    }

    /** The table of errors, the curves, and one reconstruction of each class by each network. */
    static void figures(Run run, Data data, List<Outcome> outcomes, String costName) {
        curves(run, outcomes, costName);
        run.figure(reconstructions(run, data, outcomes, Outcome::network));
    }

    /** The table of errors and the curves. */
    static void curves(Run run, List<Outcome> outcomes, String costName) {
        Table csv = new Table("model", "training nrmse", "test nrmse", "seconds");
        List<List<Object>> rows = new ArrayList<>();
        LineChart costs = LineChart.of("Cost by epoch", Axis.of("epoch"), Axis.log(costName)).caption("Means over an epoch's batches, on training images.");
        LineChart errors = LineChart.of("Error on test images", Axis.of("epoch"), Axis.log("NRMSE"));
        for (Outcome o : outcomes) {
            csv.row(o.name(), o.trainError(), o.testError(), o.training().seconds());
            rows.add(List.of(o.name(), o.trainError(), o.testError(), String.format(Locale.ROOT, "%.1f s", o.training().seconds())));
            costs = costs.line(o.name(), o.training().costs().means());
            Costs test = o.training().measured("test");
            errors = errors.line(o.name(), test.epochOfEach(), test.values());
        }
        run.table("errors", csv);
        run.figure(new TableFigure("Errors after training", "NRMSE: the root of the mean squared error over all pixels of all images, divided by the images' range.",
                List.of("model", "training NRMSE", "test NRMSE", "time"), rows));
        run.figure(costs);
        run.figure(errors);
    }

    /** The first test images, and what each outcome makes of them by a network of its own. */
    static ImageGrid reconstructions(Run run, Data data, List<Outcome> outcomes, Function<Outcome, Layer> network) {
        Tensor shown = data.test().slice(0, 0, Math.min(8, data.test().dim(0))).copy();
        ImageGrid grid = ImageGrid.of("The first test images, and what comes out").row("original", data.pictures(shown), Shades.grey(0, 255));
        for (Outcome o : outcomes) {
            grid = grid.row(o.name(), data.pictures(run.predict(network.apply(o), shown)), Shades.grey(0, 255));
        }
        return grid;
    }

    /** The choices that all these experiments make. */
    static void notes(Run run) {
        run.note("The source states neither batch nor learning rate and trains for 1000 epochs. Here batches of " + run.integer("batch") + " images, drawn anew each epoch, steps of "
                + run.number("learningRate") + " and " + run.integer("epochs") + " epochs; --set epochs=1000 has the source's length.");
        run.note("Each pixel is standardised over the training images and then mapped so that it runs from 0 to 1 on them; test images take the same maps. The nonlinearity stands between "
                + "the layers, also after the code, and not after the last; PyTorch's default initialisation from the seed.");
    }
}
