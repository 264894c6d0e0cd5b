package gradus.experiments;

import gradus.backend.Window;
import gradus.backend.Workers;
import gradus.data.Batches;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.learn.Measures;
import gradus.learn.Pca;
import gradus.nn.ActivationLayer;
import gradus.nn.BatchNorm2d;
import gradus.nn.Conv2d;
import gradus.nn.ConvTranspose2d;
import gradus.nn.Layer;
import gradus.nn.LeakyRelu;
import gradus.nn.MaxPool2d;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adam;
import gradus.report.Axis;
import gradus.report.ImageGrid;
import gradus.report.LineChart;
import gradus.report.Picture;
import gradus.report.ScatterPlot;
import gradus.report.Shades;
import gradus.report.ThumbnailMap;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A convolutional autoencoder of Fashion-MNIST with a code of 32 × 3 × 3, beside PCA; maps of its codes, and the way from one image to another. */
public final class FashionConvAutoencoder implements Experiment {
    private static final int SIDE = 28;
    private static final Window THREE = Window.of(3);
    private static final LeakyRelu LEAKY = new LeakyRelu(0.01);
    /** Layers of the encoder. */
    private static final int CODE_AT = 12;
    private static final int[] COMPONENTS = {32, 64, 128};
    private static final int POINTS = 12;

    /** What the source prints: mean squared errors of an epoch, which it counts from 0. */
    private record Published(int epoch, double train, double test) {
    }

    private static final List<Published> PUBLISHED = List.of(
            new Published(0, 0.07904, 0.04223), new Published(9, 0.01390, 0.01375), new Published(19, 0.01149, 0.01141),
            new Published(29, 0.01052, 0.01054), new Published(39, 0.00988, 0.01086), new Published(49, 0.00956, 0.00987));

    /** The experiment. */
    public FashionConvAutoencoder() {
    }

    @Override
    public String name() {
        return "fashion-conv-autoencoder";
    }

    @Override
    public String title() {
        return "A convolutional autoencoder of Fashion-MNIST, maps of its codes, and the way from one image to another";
    }

    @Override
    public String source() {
        return "A course report with PyTorch on PCA, SVD, matrix factorization and autoencoders; its network is not seeded";
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(List.of(
                Setting.of("epochs", 50, 4, "passes over the images").inRepro(1),
                Setting.of("batch", 1024, 64, "images a step").inRepro(4),
                Setting.of("learningRate", 1e-3, "Adam's step size"),
                Setting.of("l2", 1e-4, "weight of the squared weights in the gradient"),
                Setting.of("sampled", 1000, 400, "test images whose codes are mapped").inRepro(16),
                Setting.of("tsneSteps", 1000, 350, "steps of t-SNE").inRepro(20),
                Setting.of("perplexity", 50.0, "perplexity of t-SNE").inRepro(4.0),
                Setting.of("from", 0, 0, "test image at which the way begins"),
                Setting.of("to", 1, 1, "test image at which it ends").orZero()));
        all.addAll(Setting.inRepro(TrainAndTest.settings(2_000, 1_000), Map.of("rows", 8, "testRows", 24)));
        return all;
    }

    @Override
    public void run(Run run) {
        TrainAndTest data = TrainAndTest.of(run, FashionMnist.TRAIN, FashionMnist.TEST);
        Tensor images = data.train().images().scaledTo(0, 1).planes();
        Tensor test = data.test().images().scaledTo(0, 1).planes();

        Sequential model = model(new TorchGenerator(run.seed()));
        Training training = run.training("conv", model, Adam.torch(run.number("learningRate")).withL2(run.number("l2")))
                .measuring("test", 1, m -> run.evaluate(m, test, test, Losses::meanSquaredError));
        training.run(run.integer("epochs"),
                epoch -> Batches.shuffled(images.dim(0), run.integer("batch"), new RandomStream(run.seed(), "conv/order " + epoch)),
                (tape, batch, pass) -> {
                    Value x = tape.constant(batch.of(images));
                    return Losses.meanSquaredError(model.forward(x, pass), x);
                });

        Layer encoder = model.part(0, CODE_AT);
        Layer decoder = model.part(CODE_AT, model.layers().size());
        errors(run, training);
        try (Workers workers = new Workers(run.options().threads())) {
            Tensor flat = data.test().images().scaledTo(0, 1).flattened();
            Pca pca = Pca.fit(flat, Math.min(COMPONENTS[COMPONENTS.length - 1], flat.dim(0)), workers);
            run.figure(curves(run, training, pca, flat, workers));
            run.figure(reconstructions(run, data.test(), model, pca));
            maps(run, data.test(), encoder, workers);
        }
        run.figure(way(run, test, encoder, decoder));
        notes(run);
    }

    private static Sequential model(TorchGenerator random) {
        return Sequential.of(
                Conv2d.torch(1, 4, THREE, random), LEAKY,
                Conv2d.torch(4, 16, THREE, random), MaxPool2d.of(2), LEAKY, BatchNorm2d.torch(16), LEAKY,
                Conv2d.torch(16, 32, THREE, random), MaxPool2d.of(2), LEAKY,
                Conv2d.torch(32, 32, THREE, random), LEAKY,

                ConvTranspose2d.torch(32, 32, THREE, 0, random), LEAKY,
                ConvTranspose2d.torch(32, 16, THREE.stride(2), 1, random), LEAKY, BatchNorm2d.torch(16),
                ConvTranspose2d.torch(16, 16, THREE.stride(2), 1, random), LEAKY,
                ConvTranspose2d.torch(16, 16, THREE.padding(1), 0, random),
                ConvTranspose2d.torch(16, 4, THREE.padding(1), 0, random),
                ConvTranspose2d.torch(4, 1, THREE, 0, random), ActivationLayer.SIGMOID);
    }

    /** Every epoch's errors as a table, and beside the source's where it prints them. */
    private static void errors(Run run, Training training) {
        double[] train = training.costs().means();
        double[] test = training.measured("test").values();
        Table table = new Table("epoch", "train", "test");
        for (int e = 0; e < train.length; e++) {
            table.row(e, train[e], test[e]);
        }
        run.table("errors", table);
        boolean comparable = !run.quick() && run.options().set().isEmpty();
        for (Published p : PUBLISHED) {
            if (comparable) {
                run.value("train MSE, epoch " + p.epoch(), train[p.epoch()], p.train(), tolerance(p.epoch(), p.train()));
                run.value("test MSE, epoch " + p.epoch(), test[p.epoch()], p.test(), tolerance(p.epoch(), p.test()));
            }
        }
        if (!comparable) {
            run.value("train MSE, epoch " + (train.length - 1), train[train.length - 1]);
            run.value("test MSE, epoch " + (test.length - 1), test[test.length - 1]);
        }
    }

    /** The source is not seeded, so its values are one draw: 10 % either way, and half after the first epoch, when the error falls steeply. */
    private static double tolerance(int epoch, double published) {
        return published * (epoch == 0 ? 0.5 : 0.1);
    }

    private static LineChart curves(Run run, Training training, Pca pca, Tensor flat, Workers workers) {
        double[] train = training.costs().means();
        double[] test = training.measured("test").values();
        double[] epochs = IntStream.range(0, train.length).asDoubleStream().toArray();
        LineChart chart = LineChart.of("Mean squared error by epoch", Axis.of("epoch, from 0"), Axis.log("mean squared error"))
                .line("train", epochs, train).line("test", epochs, test)
                .caption("The test error of PCA, fitted on the test images, beside the autoencoder's, whose code has 288 numbers.");
        if (!run.quick()) {
            double[] at = PUBLISHED.stream().mapToDouble(Published::epoch).toArray();
            chart = chart.points("train, published", at, PUBLISHED.stream().mapToDouble(Published::train).toArray())
                    .points("test, published", at, PUBLISHED.stream().mapToDouble(Published::test).toArray());
        }
        for (int k : components(pca)) {
            Pca first = pca.first(k);
            double rmse = Measures.rmse(flat, first.inverse(first.transform(flat, workers), workers));
            run.value("test MSE of PCA, " + k + " components", rmse * rmse);
            chart = chart.horizontal(rmse * rmse, "PCA, " + k);
        }
        return chart;
    }

    /** Those that few images have, too. */
    private static int[] components(Pca pca) {
        return Arrays.stream(COMPONENTS).filter(k -> k <= pca.components().rows()).toArray();
    }

    private static ImageGrid reconstructions(Run run, Dataset test, Layer model, Pca pca) {
        Dataset shown = test.rows(test.firstOfEachClass());
        Tensor originals = shown.images().scaledTo(0, 1).flattened();
        ImageGrid grid = ImageGrid.of("The first test image of each class and what is left of it").columns(shown.classes())
                .row("original", pictures(originals), Shades.grey(0, 1))
                .caption("Mean squared errors on pixels from 0 to 1.");
        for (int k : components(pca)) {
            Pca first = pca.first(k);
            grid = row(grid, "PCA, " + k, originals, first.inverse(first.transform(originals)));
        }
        Tensor rebuilt = run.predict(model, shown.images().scaledTo(0, 1).planes());
        return row(grid, "autoencoder", originals, rebuilt.reshape(originals.dim(0), SIDE * SIDE));
    }

    private static ImageGrid row(ImageGrid grid, String name, Tensor originals, Tensor rebuilt) {
        List<String> errors = IntStream.range(0, originals.dim(0)).mapToObj(i -> {
            double rmse = Measures.rmse(originals.slice(0, i, i + 1), rebuilt.slice(0, i, i + 1));
            return String.format(Locale.ROOT, "%.4f", rmse * rmse);
        }).toList();
        return grid.row(name, pictures(rebuilt), errors, Shades.grey(0, 1));
    }

    /** Sampled test images at the places of their codes, by PCA and by t-SNE. */
    private static void maps(Run run, Dataset test, Layer encoder, Workers workers) {
        int count = Math.min(run.integer("sampled"), test.size());
        int[] drawn = Arrays.copyOf(new RandomStream(run.seed(), "sample").permutation(test.size()), count);
        Dataset sample = test.rows(drawn);
        Tensor codes = run.predict(encoder, sample.images().scaledTo(0, 1).planes());
        Tensor rows = codes.reshape(count, codes.size() / count);
        Tensor plane = Pca.fit(rows, 2, workers).transform(rows, workers);
        run.figure(thumbnails("Codes of " + count + " test images by PCA", sample, ScatterPlot.Points.of(plane, sample.labels()))
                .caption("The first two principal components of the codes; each point is drawn as its image."));
        ScatterPlot tsne = TsneMaps.of(run, "codes", rows, sample.labels(), sample.classes(), workers);
        run.figure(thumbnails("Codes of " + count + " test images by t-SNE", sample, tsne.points())
                .caption("Perplexity " + run.text("perplexity") + ". " + tsne.caption()));
    }

    private static ThumbnailMap thumbnails(String title, Dataset sample, ScatterPlot.Points points) {
        return new ThumbnailMap(title, "", pictures(sample.images().scaledTo(0, 1).flattened()), points, sample.classes(), Shades.grey(0, 1));
    }

    /** Twelve evenly spaced points on the line between two codes, decoded. */
    private static ImageGrid way(Run run, Tensor test, Layer encoder, Layer decoder) {
        Tensor ends = Batches.of(new int[] {run.integer("from"), run.integer("to")}, 2).get(0).of(test);
        Tensor codes = run.predict(encoder, ends);
        float[] both = codes.floats();
        int size = codes.size() / 2;
        float[] line = new float[POINTS * size];
        List<String> percent = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            float t = (float) i / (POINTS - 1);
            percent.add(Math.round(100 * t) + " %");
            for (int j = 0; j < size; j++) {
                line[i * size + j] = Math.fma(t, both[size + j] - both[j], both[j]);
            }
        }
        Tensor decoded = run.predict(decoder, Tensor.of(line, codes.shape().with(0, POINTS).dims()));
        List<Picture> originals = pictures(ends);
        List<Picture> strip = new ArrayList<>(pictures(decoded));
        strip.addFirst(originals.getFirst());
        strip.addLast(originals.getLast());
        percent.addFirst("from");
        percent.addLast("to");
        return ImageGrid.of("The way from one image to another").columns(percent).row("", strip, Shades.grey(0, 1))
                .caption("Test images " + run.integer("from") + " and " + run.integer("to") + ", and between them " + POINTS
                        + " evenly spaced points on the line between their codes, decoded.");
    }

    private static void notes(Run run) {
        run.note("Initial weights are those of PyTorch's layers under manual_seed(" + run.seed() + "), drawn in the order of the layers; the source is not seeded. "
                + "Shuffling draws from a named stream. The last batch of an epoch is shorter.");
        run.note("The training error of an epoch is the mean over its batches while the weights move; the test error is taken after the epoch, with batch norm in evaluation. Epochs count from 0 as in the source.");
        run.note("L2 of 1e-4 goes into the gradient of every parameter, as PyTorch's Adam does. The source creates a decay of 0.999 and never steps it; here there is none.");
        run.note("PCA is fitted on the test images, which favours it: the autoencoder has not seen them.");
    }

    private static List<Picture> pictures(Tensor images) {
        return Picture.all(images, SIDE, SIDE);
    }
}
