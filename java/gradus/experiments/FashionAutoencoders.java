package gradus.experiments;

import gradus.backend.Workers;
import gradus.data.Batches;
import gradus.data.Csv;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.learn.Pca;
import gradus.linalg.Matrix;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.ActivationLayer;
import gradus.nn.Sequential;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adam;
import gradus.report.Axis;
import gradus.report.ImageGrid;
import gradus.report.LineChart;
import gradus.report.Panels;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Two autoencoders with eight hidden units on Fashion-MNIST's test images, from the seed that the report used, beside PCA. */
public final class FashionAutoencoders implements Experiment {
    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CODE = 8;

    /** The experiment. */
    public FashionAutoencoders() {
    }

    @Override
    public String name() {
        return "fashion-autoencoders";
    }

    @Override
    public String title() {
        return "Two autoencoders with eight hidden units, and PCA, on Fashion-MNIST";
    }

    @Override
    public String source() {
        return "A course report with PyTorch and scikit-learn; the 160 costs it prints come from manual_seed(120)";
    }

    @Override
    public long seed() {
        return 120;
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(List.of(
                Setting.of("rows", 10_000, 768, "images to train on, from the first"),
                Setting.of("epochs", 5, 2, "passes over the images"),
                Setting.of("batch", 128, 128, "images a step"),
                Setting.of("learningRate", 0.005, "Adam's step size"),
                Setting.of("pcaRows", 10_000, 256, "images that PCA is fitted on, from the first"),
                Setting.of("components", 153, 64, "principal components that are kept")));
        all.addAll(TsneMaps.settings(10_000, 256, 350, 30));
        return all;
    }

    @Override
    public void run(Run run) {
        Dataset data = run.data(FashionMnist.TEST).first(run.integer("rows"));
        Tensor images = data.images().scaledTo(-1, 1).flattened();

        Training linear = train(run, "linear", images, random -> Sequential.of(
                Linear.torch(PIXELS, CODE, random), Linear.torch(CODE, PIXELS, random)));
        Training nonlinear = train(run, "nonlinear", images, random -> Sequential.of(
                Linear.torch(PIXELS, CODE, random), ActivationLayer.RELU, Linear.torch(CODE, PIXELS, random), ActivationLayer.SIGMOID));
        comparePrintedCosts(run, linear, nonlinear);

        Dataset raw = data.first(run.integer("pcaRows"));
        Pca pca;
        try (Workers workers = new Workers(run.options().threads())) {
            pca = Pca.fit(raw.images().flattened(), workers).first(run.integer("components"));
        }
        run.value("variance held by " + run.integer("components") + " components", pca.cumulativeRatio()[run.integer("components") - 1]);

        run.figure(costCurves(linear, nonlinear));
        run.figure(reconstructions(run, data, pca, linear.model(), nonlinear.model()));
        run.figure(whatTheyLookAt(pca, linear.model(), nonlinear.model()));
        run.figure(maps(run, data.first(run.integer("tsneRows")), pca, linear.model(), nonlinear.model()));
    }

    private interface Architecture {
        Layer build(TorchGenerator random);
    }

    private static Training train(Run run, String name, Tensor images, Architecture architecture) {
        Layer model = architecture.build(new TorchGenerator(run.seed()));
        return run.training(name, model, Adam.torch(run.number("learningRate"))).run(
                run.integer("epochs"),
                epoch -> Batches.inOrder(images.dim(0), run.integer("batch")),
                (tape, batch, pass) -> {
                    Value x = tape.constant(batch.of(images));
                    return Losses.meanSquaredError(model.forward(x, pass), x);
                });
    }

    /** The source prints the cost of every batch b with {@code (b & 50) = 0}, to four decimals: 32 a model and epoch. */
    private static void comparePrintedCosts(Run run, Training linear, Training nonlinear) {
        Csv.Table printed = run.resource(FashionAutoencoders.class, "fashion-autoencoders-costs.csv");
        Table table = new Table("model", "epoch", "batch", "published", "measured", "match");
        for (List<String> row : printed.rows()) {
            Training training = row.get(0).equals("linear") ? linear : nonlinear;
            int epoch = Integer.parseInt(row.get(1));
            int batch = Integer.parseInt(row.get(2));
            if (training.costs().has(epoch, batch) && comparable(run, epoch)) {
                double published = Double.parseDouble(row.get(3));
                double measured = training.costs().at(epoch, batch);
                boolean match = Math.rint(measured * 1e4) / 1e4 == published;
                run.value("cost, " + row.get(0) + ", epoch " + epoch + ", batch " + batch, measured, published, 0.5e-4);
                table.row(row.get(0), epoch, batch, row.get(3), measured, match ? "yes" : "no");
            }
        }
        run.table("costs-published", table);
    }

    /** With other settings the costs mean something else; with fewer images only the first epoch begins alike. */
    private static boolean comparable(Run run, int epoch) {
        return run.seed() == 120 && run.integer("batch") == 128 && run.number("learningRate") == 0.005
                && (epoch == 1 || run.integer("rows") == 10_000);
    }

    private static LineChart costCurves(Training linear, Training nonlinear) {
        LineChart chart = LineChart.of("Cost of every batch", Axis.of("step"), Axis.log("mean squared error"))
                .caption("Mean squared error of each batch of 128 images, on pixels scaled to −1 … 1. The sigmoid cannot reach the darkest half of that range, so the nonlinear model's cost stays high.");
        return chart.line("linear", linear.costs().values()).line("nonlinear", nonlinear.costs().values());
    }

    private static ImageGrid reconstructions(Run run, Dataset data, Pca pca, Layer linear, Layer nonlinear) {
        Dataset shown = data.rows(data.firstOfEachClass());
        Tensor raw = shown.images().flattened();
        Tensor scaled = shown.images().scaledTo(-1, 1).flattened();
        Tensor byPca = pca.inverse(pca.transform(raw));
        Tensor byLinear = run.predict(linear, scaled);
        Tensor byNonlinear = run.predict(nonlinear, scaled);
        return ImageGrid.of("The first image of each class, and what each model makes of it").columns(shown.classes())
                .caption("PCA keeps " + run.integer("components") + " numbers an image, the autoencoders keep eight.")
                .row("original", pictures(raw), Shades.grey(0, 255))
                .row("PCA, " + run.integer("components"), pictures(byPca), Shades.grey(0, 255))
                .row("linear, 8", pictures(byLinear), Shades.grey(-1, 1))
                .row("nonlinear, 8", pictures(byNonlinear), Shades.grey(0, 1));
    }

    private static ImageGrid whatTheyLookAt(Pca pca, Layer linear, Layer nonlinear) {
        List<String> numbers = new ArrayList<>();
        for (int i = 1; i <= CODE; i++) {
            numbers.add(Integer.toString(i));
        }
        return ImageGrid.of("Eigenimages and encoder weights").columns(numbers)
                .caption("Above, the first eight principal components; below, the weights of each code unit. Blue is negative, red positive.")
                .row("PCA", pictures(first(pca.components(), CODE)), Shades.divergingByPicture())
                .row("linear", pictures(linear.parameters().get("0.weight").tensor()), Shades.divergingByPicture())
                .row("nonlinear", pictures(nonlinear.parameters().get("0.weight").tensor()), Shades.divergingByPicture());
    }

    private static Panels maps(Run run, Dataset data, Pca pca, Layer linear, Layer nonlinear) {
        Tensor raw = data.images().flattened();
        Tensor scaled = data.images().scaledTo(-1, 1).flattened();
        try (Workers workers = new Workers(run.options().threads())) {
            Tensor byPca = pca.inverse(pca.transform(raw, workers), workers);
            return Panels.of("t-SNE of what each model makes of the images",
                    TsneMaps.of(run, "PCA, " + pca.components().rows() + " components", byPca, data.labels(), data.classes(), workers),
                    TsneMaps.of(run, "linear autoencoder", run.predict(linear, scaled), data.labels(), data.classes(), workers),
                    TsneMaps.of(run, "nonlinear autoencoder", run.predict(nonlinear, scaled), data.labels(), data.classes(), workers))
                    .caption("Each point is a reconstruction after the last epoch, coloured by the class of its image."
                            + (run.quick() ? "" : " Eight code units keep the classes apart nearly as well as " + pca.components().rows() + " components."));
        }
    }

    private static Tensor first(Matrix rows, int count) {
        return rows.toTensor().slice(0, 0, count).copy();
    }

    private static List<Picture> pictures(Tensor images) {
        return Picture.all(images, SIDE, SIDE);
    }
}
