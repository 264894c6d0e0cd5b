package gradus.experiments;

import gradus.backend.Workers;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.learn.Measures;
import gradus.nn.Sequential;
import gradus.op.Losses;
import gradus.optim.Adam;
import gradus.report.Axis;
import gradus.report.ImageGrid;
import gradus.report.LineChart;
import gradus.report.Shades;
import gradus.report.TableFigure;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The codes of a trained autoencoder found again from its outputs, and from the images themselves, by walking the decoder backwards with pseudo-inverses. */
public final class DecoderLeastSquares implements Experiment {
    /** The source did not seed its run and does not state batch or step size; a fourth either way counts as the same. */
    private static final double BAND = 0.25;

    /** The experiment. */
    public DecoderLeastSquares() {
    }

    @Override
    public String name() {
        return "decoder-least-squares";
    }

    @Override
    public String title() {
        return "Codes of a deep autoencoder by least squares: the decoder walked backwards from its outputs and from the images";
    }

    @Override
    public String source() {
        return DeepAutoencoder.SOURCE;
    }

    @Override
    public List<Setting> settings() {
        return Setting.inRepro(DeepAutoencoder.settings(60, 12), Map.of("testRows", 40));   // images of all classes
    }

    /** What was found on the training or on the test images; norms are Frobenius norms. */
    private record Found(double fromOutputs, double fromImages, double atTheTop, double awayFromOutputs, double nrmse, double leastSquaresNrmse) {
    }

    @Override
    public void run(Run run) {
        DeepAutoencoder.Data data = DeepAutoencoder.Data.of(run);
        Sequential network = DeepAutoencoder.network(run.integer("code"), run.seed());
        Training training = DeepAutoencoder.train(run, "autoencoder", network, Adam.torch(run.number("learningRate")), data, Losses::meanSquaredError);
        run.figure(LineChart.of("Cost of every batch", Axis.of("step"), Axis.log("mean squared error")).line("autoencoder", training.costs().values()));
        try (Workers workers = new Workers(run.options().threads())) {
            DecoderInverse inverse = new DecoderInverse(DeepAutoencoder.decoder(network), workers);
            for (int i = 0; i < inverse.conditions().size(); i++) {
                run.value("condition number of the decoder's weights " + (i + 1), inverse.conditions().get(i));
            }
            Found train = find(run, "train", network, inverse, data.train(), workers);
            Found test = find(run, "test", network, inverse, data.test(), workers);
            // What is near 0 in the source is float32's rounding; it is held to the power of ten.
            compare(run, "code from the output, train", train.fromOutputs, 0.0153, 0.0153);
            compare(run, "code from the output, test", test.fromOutputs, 0.0062, 0.0062);
            compare(run, "code from the image, train", train.fromImages, 1724.54, BAND * 1724.54);
            compare(run, "code from the image, test", test.fromImages, 709.86, BAND * 709.86);
            compare(run, "image decoded from that code, train", train.atTheTop, 1083.32, BAND * 1083.32);
            compare(run, "image decoded from that code, test", test.atTheTop, 447.24, BAND * 447.24);
            run.figure(table(train, test));
            run.figure(pictures(run, network, inverse, data, workers));
        }
        run.note("The source states neither batch nor step size and takes 1000 epochs; here batches of " + run.integer("batch") + ", Adam at " + run.number("learningRate") + " and "
                + run.integer("epochs") + " epochs, chosen so that a full run ends within ten minutes on two cores (--set epochs=1000 for the source's).");
        run.note("At the top layer the source compares with what it does not name; here the decoded images are compared with the true ones.");
    }

    private static Found find(Run run, String part, Sequential network, DecoderInverse inverse, Tensor images, Workers workers) {
        Sequential decoder = DeepAutoencoder.decoder(network);
        Tensor codes = run.predict(DeepAutoencoder.encoder(network), images);
        Tensor outputs = run.predict(decoder, codes);
        Tensor fromOutputs = inverse.codes(outputs, workers);
        Tensor fromImages = inverse.codes(images, workers);
        Tensor decoded = run.predict(decoder, fromImages);
        run.result("codes-" + part, new TreeMap<>(Map.of("encoder", codes, "from-outputs", fromOutputs, "from-images", fromImages)));
        return new Found(distance(fromOutputs, codes), distance(fromImages, codes), distance(decoded, images), distance(decoded, outputs),
                DeepAutoencoder.nrmse(outputs, images), DeepAutoencoder.nrmse(decoded, images));
    }

    /** ‖a − b‖ over all elements. */
    private static double distance(Tensor a, Tensor b) {
        return Measures.rmse(a, b) * Math.sqrt(a.size());
    }

    private static void compare(Run run, String what, double measured, double published, double tolerance) {
        String name = "Frobenius norm, " + what;
        if (run.quick()) {
            run.value(name, measured);
        } else {
            run.value(name, measured, published, tolerance);
        }
    }

    private static TableFigure table(Found train, Found test) {
        List<List<Object>> rows = List.of(
                List.of("codes from the outputs, against the encoder's", train.fromOutputs, test.fromOutputs),
                List.of("codes from the images, against the encoder's", train.fromImages, test.fromImages),
                List.of("images decoded from those, against the images", train.atTheTop, test.atTheTop),
                List.of("images decoded from those, against the outputs", train.awayFromOutputs, test.awayFromOutputs),
                List.of("NRMSE of the autoencoder", train.nrmse, test.nrmse),
                List.of("NRMSE by the codes from the images", train.leastSquaresNrmse, test.leastSquaresNrmse));
        return new TableFigure("What least squares finds", "Frobenius norms over all images, then errors over the range of the pixels. An output lies in the range of every layer, so its code comes back up to "
                + "rounding; an image does not, and what no layer can make is lost at the layer where it shows.", List.of("", "train", "test"), rows);
    }

    private static ImageGrid pictures(Run run, Sequential network, DecoderInverse inverse, DeepAutoencoder.Data data, Workers workers) {
        Dataset test = run.data(FashionMnist.TEST);
        int first = run.quick() ? run.integer("trainRows") : 0;
        Dataset shown = test.range(first, first + run.integer("testRows"));
        List<Tensor> rows = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int[] numbers = shown.firstOfEachClass();
        for (int number : numbers) {
            rows.add(data.test().slice(0, number, number + 1));
            names.add(shown.classes().get(shown.labels()[number]));
        }
        Tensor images = stacked(rows);
        Tensor outputs = run.predict(network, images);
        Sequential decoder = DeepAutoencoder.decoder(network);
        return ImageGrid.of("The first image of each class").columns(names)
                .row("original", data.pictures(images), Shades.grey(0, 255))
                .row("network", data.pictures(outputs), Shades.grey(0, 255))
                .row("code from the output", data.pictures(run.predict(decoder, inverse.codes(outputs, workers))), Shades.grey(0, 255))
                .row("code from the image", data.pictures(run.predict(decoder, inverse.codes(images, workers))), Shades.grey(0, 255))
                .caption("All below the originals come from " + run.integer("code") + " numbers an image: the encoder's, those that least squares finds from the output, and those it finds from the image.");
    }

    private static Tensor stacked(List<Tensor> rows) {
        int width = rows.getFirst().dim(1);
        float[] all = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i).toFloats(), 0, all, i * width, width);
        }
        return Tensor.of(all, rows.size(), width);
    }
}
