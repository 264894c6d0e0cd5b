package gradus.experiments;

import gradus.data.Batches;
import gradus.nn.Layer;
import gradus.numerics.RandomStream;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Adadelta;
import gradus.report.Axis;
import gradus.report.ImageGrid;
import gradus.report.LineChart;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What the five autoencoders of MNIST have in common: how Keras 2 trained them, and how their digits are shown. */
final class KerasAutoencoders {
    static final String SOURCE = "A tutorial on autoencoders with Keras (2016), as Keras 2 ran it: Adadelta with learning rate 1";
    static final int SIDE = 28;
    static final int PIXELS = SIDE * SIDE;
    private static final int SHOWN = 10;
    private static final String VALIDATION = "validation";

    private KerasAutoencoders() {
    }

    /** What goes into a model, and what is to come out. */
    record Pairs(Tensor inputs, Tensor targets) {
        /** The images themselves are wanted. */
        static Pairs same(Tensor images) {
            return new Pairs(images, images);
        }
    }

    /** The settings that all five have. */
    static List<Setting> settings(int epochs, int quickEpochs, int batch, int quickRows, int quickTestRows) {
        List<Setting> all = new ArrayList<>(List.of(
                Setting.of("epochs", epochs, quickEpochs, "passes over the images").inRepro(2),
                Setting.of("batch", batch, batch, "images a step").inRepro(16),
                Setting.of("learningRate", 1.0, "Adadelta's factor on every step")));
        all.addAll(TrainAndTest.settings(quickRows, quickTestRows));
        return all;
    }

    /** The loss of a model on a batch of pairs. */
    static Training.Objective crossEntropy(Layer model, Pairs pairs) {
        return (tape, batch, pass) -> {
            Value y = model.forward(tape.constant(batch.of(pairs.inputs())), pass);
            return Losses.binaryCrossEntropyKeras2(y, tape.constant(batch.of(pairs.targets())));
        };
    }

    /** Keras' {@code fit}: batches shuffled anew each epoch, Adadelta with ρ = 0.95 and ε = 1e-7, binary cross-entropy on the test pairs after each epoch. */
    static Training fit(Run run, String name, Layer model, int epochs, int rows, Training.Objective objective, Pairs test) {
        Training training = run.training(name, model, Adadelta.keras2().withLearningRate(run.number("learningRate")))
                .measuring(VALIDATION, 1, m -> run.evaluate(m, test.inputs(), test.targets(), Losses::binaryCrossEntropyKeras2))
                .run(epochs, epoch -> Batches.shuffled(rows, run.integer("batch"), new RandomStream(run.seed(), name + "/order " + epoch)), objective);
        Table table = new Table("epoch", "training", "validation");
        for (int i = 0; i < epochs; i++) {
            table.row(i + 1, training.costs().means()[i], validation(training)[i]);
        }
        run.table("epochs-" + name, table);
        return training;
    }

    /** The validation cost after each epoch. */
    static double[] validation(Training training) {
        return training.measured(VALIDATION).values();
    }

    /** Notes the last epoch's training and validation cost beside the source's; NaN where the source prints none. */
    static void compareCosts(Run run, Training training, String of, double publishedTraining, double publishedValidation, double tolerance) {
        compare(run, "training cost of the last epoch" + of, training.costs().means()[training.costs().epochs() - 1], publishedTraining, tolerance);
        compare(run, "validation cost after the last epoch" + of, training.measured(VALIDATION).last(), publishedValidation, tolerance);
    }

    /** The same for a model whose loss is the cross-entropy alone. */
    static Training fit(Run run, String name, Layer model, Pairs train, Pairs test) {
        return fit(run, name, model, run.integer("epochs"), train.inputs().dim(0), crossEntropy(model, train), test);
    }

    /** Notes a value beside the source's, where it prints one and the run is the source's. */
    static void compare(Run run, String name, double measured, double published, double tolerance) {
        if (Double.isNaN(published) || run.quick() || !run.options().set().isEmpty()) {
            run.value(name, measured);
        } else {
            run.value(name, measured, published, tolerance);
        }
    }

    /** The choices that the source leaves open. */
    static void notes(Run run) {
        run.note("Weights are drawn by Glorot and Bengio's rule from named streams of the seed, as Keras does from unnamed ones; biases begin at 0. The source gives no seed.");
        run.note("Binary cross-entropy is Keras 2's: outputs clipped to 1e-7 … 1 − 1e-7, turned back to logits. The last batch of an epoch is shorter.");
        run.note("The source prints its costs to two or three digits: half a unit of the second counts as the same, 0.004 where it prints three.");
        run.note("The training cost of an epoch is the mean over its batches while the weights move, as Keras prints it; the validation cost is taken after the epoch.");
    }

    /** Training and validation cost by epoch, of one training or of several. */
    static LineChart curves(Training... trainings) {
        LineChart chart = LineChart.of("Cost by epoch", Axis.of("epoch"), Axis.of("binary cross-entropy"));
        for (Training t : trainings) {
            String of = trainings.length == 1 ? "" : t.name() + ", ";
            chart = chart.line(of + "training", t.costs().means()).line(of + "validation", validation(t));
        }
        return chart;
    }

    /** The first test digits over what a model makes of them. */
    static ImageGrid reconstructions(Run run, Layer model, Tensor images) {
        Tensor first = first(images);
        Tensor decoded = run.predict(model, first);
        return ImageGrid.of("Test digits and what comes out")
                .row("original", pictures(first), Shades.grey(0, 1))
                .row("decoded", pictures(decoded), errors(first, decoded), Shades.grey(0, 1));
    }

    /** The first rows that are shown. */
    static Tensor first(Tensor images) {
        return images.slice(0, 0, Math.min(SHOWN, images.dim(0)));
    }

    /** The mean squared error of each image, in words. */
    static List<String> errors(Tensor images, Tensor rebuilt) {
        double[] x = images.toDoubles();
        double[] y = rebuilt.toDoubles();
        return IntStream.range(0, images.dim(0)).mapToObj(i -> {
            double sum = 0;
            for (int p = i * PIXELS; p < (i + 1) * PIXELS; p++) {
                sum += (x[p] - y[p]) * (x[p] - y[p]);
            }
            return String.format(Locale.ROOT, "MSE %.4f", sum / PIXELS);
        }).toList();
    }

    /** Images of 28 × 28. */
    static List<Picture> pictures(Tensor images) {
        return Picture.all(images, SIDE, SIDE);
    }

    /** The mean of all elements. */
    static double mean(Tensor t) {
        return Arrays.stream(t.toDoubles()).reduce(0, Double::sum) / t.size();
    }
}
