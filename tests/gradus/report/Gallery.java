package gradus.report;

import gradus.data.DataProgress;
import gradus.data.DataStore;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.data.Images;
import gradus.lab.Machine;
import gradus.lab.Measurement;
import gradus.lab.Results;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A report with every kind of figure, as large as the experiments make them. {@code main} writes it, to be looked at. */
final class Gallery {
    private static final String NASTY = "a <b>&amp; \"quoted\" 'text' </script><!-- ]]> é";

    private Gallery() {
    }

    public static void main(String[] args) throws IOException {
        report().write(Path.of(args[0]));
    }

    static HtmlReport report() throws IOException {
        Dataset data = DataStore.ofMachine(null).load(FashionMnist.TEST, DataProgress.NONE);
        List<Figure> figures = new ArrayList<>();
        figures.add(costs());
        figures.add(reconstructions(data));
        figures.add(Panels.of("Maps of the images and of two reconstructions", cluster("Original", data, 10_000, 1), cluster("PCA, 153 components", data, 10_000, 2),
                cluster("Linear autoencoder", data, 10_000, 3)).caption("Each point is an image, coloured by its class."));
        figures.add(thumbnails(data, 1000));
        figures.add(spectrum());
        figures.add(axes());
        figures.add(confusion(data.classes()));
        figures.add(BarChart.of("Accuracy by rule", List.of("SGD", "full batch", "Nesterov", "RMSProp", "Adam"), Axis.of("accuracy").between(.9, 1))
                .bars("training", new double[] {.9998, .9654, .9908, .9937, .9993}).bars("validation", new double[] {.9834, .9607, .9744, .9789, .9823}));
        figures.add(new TableFigure("Hidden nodes", "", List.of("network", "nodes", "MSE train", "MSE valid", "test accuracy"),
                List.of(List.of("one layer", 32, .01759, .01756, 95.8), List.of("one layer", 64, .01036, .01037, 96.68), List.of("three layers", 1024, 1.07e-5, .00107, 96.71))));
        figures.add(ImageGrid.of("What excites each hidden node").wrapped(noise(1024, 28 * 28, 5), 28, 28, 32, Shades.divergingByPicture()));
        figures.add(wide());
        figures.add(new LineChart(NASTY, NASTY, Axis.of(NASTY), Axis.of(NASTY), List.of(), List.of()).line(NASTY, new double[] {1, Double.NaN, 3}));
        return new HtmlReport("Two small autoencoders of Fashion-MNIST, beside PCA", "a coursework report of 2021 (PyTorch, scikit-learn): PCA, k-means, t-SNE and two autoencoders with "
                + "eight hidden units on the 10,000 test images of Fashion-MNIST.", "./gradus run fashion-autoencoders --seed 120", results(),
                List.of("The source does not state the initialisation; PyTorch's default of that time was taken, drawn in the order weight 1, bias 1, weight 2, bias 2."), figures);
    }

    private static Results results() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("epochs", 5);
        config.put("batch", 128);
        config.put("learningRate", 0.005);
        config.put("backend", "cpu");
        config.put("mode", "exact");
        config.put("threads", 2);
        double[] published = {.8268, 1.4161, .9919, .9470, .7465, .8075, .6834, .6592, .2608, .2745, .2439, .2667, .2582, .2499, .2529, .2494};
        int[] batches = {0, 1, 4, 5, 8, 9, 12, 13, 64, 65, 68, 69, 72, 73, 76, 77};
        List<Measurement> values = new ArrayList<>();
        for (int i = 0; i < published.length; i++) {
            values.add(new Measurement("linear, epoch 1, batch " + batches[i], published[i] + (i % 5 - 2) * 1.3e-5, published[i], 5e-5));
        }
        values.add(new Measurement("linear, epoch 5, batch 77", .1279, .1277, 5e-5));
        values.add(Measurement.measured("RMSE of the first dress by PCA", 10.7541));
        return new Results("fashion-autoencoders", 120, config, Machine.describe(), "sha256:ef30e483c4955fe82facb2b57d016a0ff546ef766112002ea6f0fd62fc6a4f84", values);
    }

    private static LineChart costs() {
        SplittableRandom random = new SplittableRandom(1);
        double[] linear = IntStream.range(0, 395).mapToDouble(i -> .125 + 1.1 * Math.exp(-i / 30.0) + .02 * random.nextGaussian()).toArray();
        double[] squashed = IntStream.range(0, 395).mapToDouble(i -> .62 + .75 * Math.exp(-i / 22.0) + .02 * random.nextGaussian()).toArray();
        return LineChart.of("Cost of every batch", Axis.of("batch"), Axis.log("mean squared error")).line("linear", linear).line("nonlinear", squashed)
                .vertical(79, "epoch 1 ends").caption("Five epochs of 79 batches. The nonlinear network ends in a sigmoid and cannot reach the negative pixel values.");
    }

    private static ImageGrid reconstructions(Dataset data) {
        Tensor images = data.rows(data.firstOfEachClass()).images().flattened();
        Tensor blurred = blurred(images);
        float[] difference = images.toFloats();
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            double square = 0;
            for (int j = 0; j < 784; j++) {
                difference[i * 784 + j] -= (float) blurred.get(i, j);
                square += difference[i * 784 + j] * difference[i * 784 + j];
            }
            errors.add(Show.number(Math.rint(Math.sqrt(square / 784) * 100) / 100));
        }
        Shades grey = Shades.grey(0, 255);
        return ImageGrid.of("Reconstructions of the first image of each class").columns(data.classes()).row("original", Picture.all(images, 28, 28), grey)
                .row("PCA (153)", Picture.all(blurred, 28, 28), errors, grey)
                .row("difference", Picture.all(Tensor.of(difference, 10, 784), 28, 28), Shades.divergingByRow()).caption("Under each reconstruction, its root mean squared error.");
    }

    private static Tensor blurred(Tensor images) {
        float[] out = new float[images.size()];
        for (int i = 0; i < out.length; i++) {
            int x = i % 28;
            int y = i / 28 % 28;
            int n = 0;
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    if (x + dx >= 0 && x + dx < 28 && y + dy >= 0 && y + dy < 28) {
                        out[i] += (float) images.get(i / 784, (y + dy) * 28 + x + dx);
                        n++;
                    }
                }
            }
            out[i] /= n;
        }
        return Tensor.of(out, images.dim(0), images.dim(1));
    }

    private static Tensor places(Dataset data, int count, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] places = new double[2 * count];
        for (int i = 0; i < count; i++) {
            double angle = 2 * Math.PI * data.labels()[i] / 10 + seed;
            places[2 * i] = 60 * Math.cos(angle) + 16 * random.nextGaussian();
            places[2 * i + 1] = 45 * Math.sin(angle) + 16 * random.nextGaussian();
        }
        return Tensor.of(places, count, 2);
    }

    private static ScatterPlot cluster(String title, Dataset data, int count, int seed) {
        return ScatterPlot.embedding(title, places(data, count, seed), java.util.Arrays.copyOf(data.labels(), count), data.classes());
    }

    private static ThumbnailMap thumbnails(Dataset data, int count) {
        Images first = data.first(count).images();
        return new ThumbnailMap("A thousand test images in the latent plane", "Each image in the colour of its class.", Picture.all(first.flattened(), 28, 28),
                ScatterPlot.Points.of(places(data, count, 4), java.util.Arrays.copyOf(data.labels(), count)), data.classes(), Shades.grey(0, 255));
    }

    private static LineChart spectrum() {
        double[] share = IntStream.range(0, 784).mapToDouble(i -> 1 - .71 * Math.exp(-Math.sqrt(i) / 4.7)).toArray();
        return LineChart.of("Explained variance", Axis.of("components"), Axis.of("cumulative share").between(0, 1)).line("PCA", share).horizontal(.95, "95 %").horizontal(.704, "one").horizontal(.696, "two")
                .vertical(183, "183 components");
    }

    private static ScatterPlot axes() {
        double[] points = {-3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, -2, -3, -1, -2, 0, -1, 1, 0, 2, 1, 3, 2};
        return ScatterPlot.of("Seventeen points and their axes", Axis.of("x"), Axis.of("y"), Tensor.of(points, 17, 2)).withEqualUnits()
                .arrow(0, 0, 2.3 / Math.sqrt(2), 2.3 / Math.sqrt(2), "λ₁ = 5.294").arrow(0, 0, -.6 / Math.sqrt(2), .6 / Math.sqrt(2), "λ₂ = 0.353");
    }

    private static Heatmap confusion(List<String> classes) {
        SplittableRandom random = new SplittableRandom(2);
        int[][] counts = new int[10][10];
        for (int i = 0; i < 10_000; i++) {
            int c = i % 10;
            counts[c][random.nextInt(10) < 8 ? c : random.nextInt(10)]++;
        }
        return Heatmap.confusion("Confusion of a classifier on the codes", classes, counts).caption("Rows are the true classes.");
    }

    private static Heatmap wide() {
        double[][] values = new double[12][40];
        List<String> rows = IntStream.range(0, 12).mapToObj(i -> "1e-" + i).toList();
        List<String> columns = IntStream.range(0, 40).mapToObj(Integer::toString).toList();
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < 40; j++) {
                values[i][j] = Math.exp(-.02 * (i - 4) * (i - 4) - j * .05);
            }
        }
        return new Heatmap("A sweep", "", "learning rate", "epoch", rows, columns, values);
    }

    private static Tensor noise(int n, int d, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * (i % 28 > 8 && i % 28 < 20 ? 2 : .5f);
        }
        return Tensor.of(values, n, d);
    }
}
