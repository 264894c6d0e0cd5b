package gradus.experiments;

import gradus.learn.Measures;
import gradus.numerics.RandomStream;
import gradus.report.ImageGrid;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.report.TableFigure;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An autoencoder of five digits that sees disturbed images and is asked for the clean ones. */
public final class DigitsDenoising implements Experiment {
    /** Share of disturbed pixels in per cent; the source has the last two, the first is to compare with. */
    private static final int[] SHARES = {0, 20, 40};
    /** Accuracy on training and validation codes that the source publishes for each share. */
    private static final double[][] PUBLISHED = {{}, {0.980, 0.969}, {0.980, 0.971}};
    private static final int A_ROW = 12;

    /** The experiment. */
    public DigitsDenoising() {
    }

    @Override
    public String name() {
        return "digits-denoising";
    }

    @Override
    public String title() {
        return "A denoising autoencoder of five digits";
    }

    @Override
    public String source() {
        return "A course report with Keras on the digits 0, 2, 4, 6 and 7 of MNIST: 784-64-784 with a fifth and two fifths of the pixels disturbed anew each epoch";
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(DigitsAutoencoder.settings());
        all.add(Setting.of("nodes", 64, 64, "hidden nodes"));
        return all;
    }

    @Override
    public void run(Run run) {
        FiveDigits.Split split = FiveDigits.split(run);
        List<DigitsAutoencoder> all = new ArrayList<>();
        for (int share : SHARES) {
            Tensor images = split.training().images();
            Tensor place = Tensor.zeros(DType.FLOAT32, images.shape());
            all.add(DigitsAutoencoder.train(run, "disturbed-" + share, split, epoch -> disturb(run, images, share, "epoch " + epoch, place),
                    FiveDigits.PIXELS, run.integer("nodes"), FiveDigits.PIXELS));
        }
        compare(run, split, all);
        run.figure(DigitsAutoencoder.curves(all));
        for (int i = 1; i < SHARES.length; i++) {
            run.figure(restored(run, split, SHARES[i], all));
        }
        for (int i = 0; i < SHARES.length; i++) {
            run.figure(weights(SHARES[i], all.get(i)));
        }
        run.figure(DigitsAutoencoder.confusions(all));
        run.note(FiveDigits.SPLIT_NOTE);
        run.note(DigitsAutoencoder.NOTE);
        run.note("Each pixel is disturbed with the probability given, by itself; one that is becomes a number drawn evenly from 0 to 1. The source does not say what it becomes. The classifier takes the codes of clean images.");
    }

    /** Writes the images with a share of their pixels, in per cent, replaced by uniform numbers into {@code place}; a name always gives the same disturbance. */
    static Tensor disturb(Run run, Tensor images, int share, String name, Tensor place) {
        RandomStream random = new RandomStream(run.seed(), "disturbance/" + share + "/" + name);
        float[] hit = new float[images.dim(1)];
        float[] drawn = new float[images.dim(1)];
        float[] clean = images.floats();
        float[] out = place.floats();
        for (int from = 0; from < images.size(); from += hit.length) {
            random.bernoulli(hit, 0, hit.length, share / 100.0, 1, 0);
            random.uniform(drawn, 0, drawn.length, 0, 1);
            for (int j = 0; j < hit.length; j++) {
                out[place.offset() + from + j] = hit[j] > 0 ? drawn[j] : clean[images.offset() + from + j];
            }
        }
        return place;
    }

    /** The source's classifiers are of a run without a seed: one percentage point either way counts as the same. */
    private static void compare(Run run, FiveDigits.Split split, List<DigitsAutoencoder> all) {
        List<List<Object>> rows = new ArrayList<>();
        Tensor images = split.validation().images();
        for (int i = 0; i < SHARES.length; i++) {
            DigitsAutoencoder a = all.get(i);
            double clean = DigitsAutoencoder.mse(run, a.network(), images);
            Tensor disturbed = disturb(run, images, SHARES[i], "validation", Tensor.zeros(DType.FLOAT32, images.shape()));
            double restored = squaredError(run.predict(a.network(), disturbed), images);
            double before = squaredError(disturbed, images);
            String of = ", " + SHARES[i] + " % disturbed";
            for (int part = 0; part < 2; part++) {
                String name = split.parts().get(part).name() + " accuracy" + of;
                if (run.quick() || PUBLISHED[i].length == 0) {
                    run.value(name, a.accuracy(part));
                } else {
                    run.value(name, a.accuracy(part), PUBLISHED[i][part], 0.01);
                }
            }
            run.value("test accuracy" + of, a.accuracy(2));
            run.value("validation MSE of clean images" + of, clean);
            run.value("validation MSE of disturbed images" + of, restored);
            rows.add(List.of(SHARES[i] + " %", published(i, 0), digits(a.accuracy(0), 4), published(i, 1), digits(a.accuracy(1), 4), digits(a.accuracy(2), 4), digits(before, 5), digits(restored, 5),
                    digits(clean, 5), a.epochs()));
        }
        run.figure(new TableFigure("Published beside measured",
                "Accuracy of the classifier on the codes of clean images; mean squared errors on validation images: of the disturbed images themselves, of what the autoencoder makes of them, and of what it makes of clean ones.",
                List.of("disturbed", "training, published", "measured", "validation, published", "measured", "test, measured", "error before", "error after", "error, clean", "epochs"), rows));
    }

    private static double squaredError(Tensor a, Tensor b) {
        double rmse = Measures.rmse(a, b);
        return rmse * rmse;
    }

    private static String published(int share, int part) {
        return PUBLISHED[share].length == 0 ? "–" : digits(PUBLISHED[share][part], 3);
    }

    private static String digits(double value, int places) {
        return String.format(Locale.ROOT, "%." + places + "f", value);
    }

    private static ImageGrid restored(Run run, FiveDigits.Split split, int share, List<DigitsAutoencoder> all) {
        Tensor clean = split.test().firstOfEachClass();
        Tensor disturbed = disturb(run, clean, share, "test", Tensor.zeros(DType.FLOAT32, clean.shape()));
        ImageGrid grid = ImageGrid.of("Test images with " + share + " % of their pixels disturbed, and what each autoencoder makes of them").columns(FiveDigits.CLASSES)
                .row("clean", FiveDigits.pictures(clean), Shades.grey(0, 1))
                .row("disturbed", FiveDigits.pictures(disturbed), Shades.grey(0, 1));
        for (DigitsAutoencoder a : all) {
            grid = grid.row(a.name(), FiveDigits.pictures(run.predict(a.network(), disturbed)), Shades.grey(0, 1));
        }
        return grid;
    }

    private static ImageGrid weights(int share, DigitsAutoencoder a) {
        ImageGrid grid = ImageGrid.of("What excites the nodes most, trained with " + share + " % disturbed")
                .caption("Each node's weights over their norm. Blue is negative, red positive. What is disturbed at random cannot be told from single pixels, so the weights grow smoother.");
        List<Picture> pictures = a.mostExciting(Integer.MAX_VALUE);
        for (int i = 0; i < pictures.size(); i += A_ROW) {
            grid = grid.row("", pictures.subList(i, Math.min(pictures.size(), i + A_ROW)), Shades.divergingByPicture());
        }
        return grid;
    }
}
