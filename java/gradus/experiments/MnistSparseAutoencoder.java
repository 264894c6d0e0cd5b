package gradus.experiments;

import gradus.data.Mnist;
import gradus.experiments.KerasAutoencoders.Pairs;
import gradus.nn.Layer;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.report.Axis;
import gradus.report.BarChart;
import gradus.report.ImageGrid;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The autoencoder of 32 units with a penalty on the sum of its code, beside the one without: how much smaller its codes are, and what that costs. */
public final class MnistSparseAutoencoder implements Experiment {
    /** Encoder: a dense layer and its ReLU. */
    private static final int CODE_AT = 2;

    /** The experiment. */
    public MnistSparseAutoencoder() {
    }

    @Override
    public String name() {
        return "mnist-sparse-autoencoder";
    }

    @Override
    public String title() {
        return "An autoencoder of MNIST with 32 units and an L1 penalty on the code, beside the same without it";
    }

    @Override
    public String source() {
        return KerasAutoencoders.SOURCE;
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(KerasAutoencoders.settings(100, 15, 256, 8_000, 2_000));
        all.add(Setting.of("plainEpochs", 50, 15, "passes of the autoencoder without penalty").inRepro(2));
        all.add(Setting.of("penalty", 1e-4, "weight of the code's absolute sum"));
        return all;
    }

    @Override
    public void run(Run run) {
        TrainAndTest data = TrainAndTest.of(run, Mnist.TRAIN, Mnist.TEST);
        Tensor images = data.train().images().scaledTo(0, 1).flattened();
        Tensor test = data.test().images().scaledTo(0, 1).flattened();

        Sequential plain = MnistAutoencoder.model(new RandomStream(run.seed(), "autoencoder"));
        Training without = KerasAutoencoders.fit(run, "plain", plain, run.integer("plainEpochs"), images.dim(0),
                KerasAutoencoders.crossEntropy(plain, Pairs.same(images)), Pairs.same(test));
        Sequential sparse = MnistAutoencoder.model(new RandomStream(run.seed(), "autoencoder"));
        Training with = KerasAutoencoders.fit(run, "sparse", sparse, run.integer("epochs"), images.dim(0),
                penalized(sparse, images, run.number("penalty")), Pairs.same(test));

        Tensor plainCodes = run.predict(plain.part(0, CODE_AT), test);
        Tensor sparseCodes = run.predict(sparse.part(0, CODE_AT), test);
        double plainMean = KerasAutoencoders.mean(plainCodes);
        double sparseMean = KerasAutoencoders.mean(sparseCodes);
        KerasAutoencoders.compareCosts(run, without, ", plain", Double.NaN, Double.NaN, 0);
        KerasAutoencoders.compareCosts(run, with, ", sparse", 0.11, 0.10, 0.005);
        KerasAutoencoders.compare(run, "mean of the test codes, sparse", sparseMean, 3.33, 1);
        KerasAutoencoders.compare(run, "mean of the test codes, plain", plainMean, 7.30, 2);
        KerasAutoencoders.compare(run, "mean of the sparse codes, as a share of the plain", sparseMean / plainMean, 3.33 / 7.30, 0.1);
        run.value("share of zeros in the test codes, sparse", zeros(sparseCodes));
        run.value("share of zeros in the test codes, plain", zeros(plainCodes));

        run.figure(KerasAutoencoders.curves(without, with)
                .caption("The sparse model's training cost includes its penalty, the validation cost does not: as in the source, that is most of the distance between them."));
        run.figure(reconstructions(run, plain, sparse, plainCodes, sparseCodes, test));
        run.figure(unitMeans(plainCodes, sparseCodes));
        KerasAutoencoders.notes(run);
        run.note("The penalty is 1e-4 times the sum of the code's 32 absolute values, averaged over the batch: 32 · 3.33 · 1e-4 = 0.0107 is the distance of 0.01 "
                + "between the source's two costs. Later versions of Keras 2 summed it over the batch, which would be 256 times as much.");
        run.note("Both models begin with the same weights.");
    }

    /** Cross-entropy + λ · Σ|code|, the sum over the units of a sample, the mean over the batch. */
    private static Training.Objective penalized(Sequential model, Tensor images, double lambda) {
        Layer encoder = model.part(0, CODE_AT);
        Layer decoder = model.part(CODE_AT, model.layers().size());
        return (tape, batch, pass) -> {
            Value x = tape.constant(batch.of(images));
            Value code = encoder.forward(x, pass);
            Value penalty = code.abs().sum().times(lambda / batch.size());
            return Losses.binaryCrossEntropyKeras2(decoder.forward(code, pass), x).plus(penalty);
        };
    }

    private static ImageGrid reconstructions(Run run, Layer plain, Layer sparse, Tensor plainCodes, Tensor sparseCodes, Tensor test) {
        Tensor first = KerasAutoencoders.first(test);
        Tensor byPlain = run.predict(plain, first);
        Tensor bySparse = run.predict(sparse, first);
        return ImageGrid.of("Test digits, their codes and what comes out")
                .caption("The 32 numbers of a code are drawn in four rows of eight, all on one scale.")
                .row("original", KerasAutoencoders.pictures(first), Shades.grey(0, 1))
                .row("plain code", codes(plainCodes), Shades.grey(0, 30))
                .row("sparse code", codes(sparseCodes), Shades.grey(0, 30))
                .row("plain", KerasAutoencoders.pictures(byPlain), KerasAutoencoders.errors(first, byPlain), Shades.grey(0, 1))
                .row("sparse", KerasAutoencoders.pictures(bySparse), KerasAutoencoders.errors(first, bySparse), Shades.grey(0, 1));
    }

    private static List<Picture> codes(Tensor codes) {
        return Picture.all(KerasAutoencoders.first(codes), 4, 8);
    }

    private static BarChart unitMeans(Tensor plain, Tensor sparse) {
        int units = plain.dim(1);
        return BarChart.of("Mean of each code unit over the test images", IntStream.rangeClosed(1, units).mapToObj(Integer::toString).toList(), Axis.of("mean"))
                .bars("plain", means(plain)).bars("sparse", means(sparse))
                .caption("A unit without a bar is never active: its ReLU gives 0 for every image.");
    }

    private static double[] means(Tensor codes) {
        double[] means = new double[codes.dim(1)];
        double[] all = codes.toDoubles();
        for (int i = 0; i < all.length; i++) {
            means[i % means.length] += all[i] / codes.dim(0);
        }
        return means;
    }

    private static double zeros(Tensor codes) {
        int count = 0;
        for (double v : codes.toDoubles()) {
            count += v == 0 ? 1 : 0;
        }
        return (double) count / codes.size();
    }
}
