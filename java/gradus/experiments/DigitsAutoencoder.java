package gradus.experiments;

import gradus.data.Batches;
import gradus.learn.Classification;
import gradus.learn.Measures;
import gradus.nn.ActivationLayer;
import gradus.nn.Layer;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.op.Losses;
import gradus.optim.Adam;
import gradus.optim.EarlyStopping;
import gradus.report.Axis;
import gradus.report.Figure;
import gradus.report.LineChart;
import gradus.report.Panels;
import gradus.report.Picture;
import gradus.runner.Costs;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Training;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An autoencoder of five digits, trained, with a classifier trained on its codes: what three experiments do for several sizes or disturbances.
 *
 * @param name       how the report calls it
 * @param network    from images to images; the middle layer's values are the codes
 * @param training   its training
 * @param codes      the parts with their codes in the place of the images
 * @param classifier the classifier's training
 * @param found      how well the classifier tells training, validation and test codes
 */
record DigitsAutoencoder(String name, Sequential network, Training training, FiveDigits.Split codes, Training classifier, List<Classification> found) {
    /** What is the same in the three experiments, for their reports. */
    static final String NOTE = "Tanh between the layers and nothing after the last, mean squared error, Adam as Keras has it in batches of 32 drawn anew each epoch, weights by Glorot and Bengio; "
            + "a training ends when its mean error has not fallen by more than the minimum change below its best for three epochs. The classifier on the codes is code-30-20-10-5 with ReLU, "
            + "trained in the same way on cross-entropy. The source states none of these.";

    /** The settings of these experiments. */
    static List<Setting> settings() {
        List<Setting> all = new ArrayList<>(FiveDigits.settings());
        all.addAll(List.of(
                Setting.of("learningRate", 0.001, "Adam's step size"),
                Setting.of("batch", 32, 32, "images a step"),
                Setting.of("epochs", 200, 8, "most epochs of a training").inRepro(2),
                Setting.of("patience", 3, 3, "epochs without progress after which a training ends"),
                Setting.of("minimumChange", 1e-4, "what counts as progress of the mean squared error"),
                Setting.of("classifierChange", 1e-3, "what counts as progress of the classifier's cross-entropy")));
        return all;
    }

    /** Trains an autoencoder through these sizes on clean images, and the classifier on its codes. */
    static DigitsAutoencoder train(Run run, String name, FiveDigits.Split split, int... sizes) {
        Tensor images = split.training().images();
        return train(run, name, split, epoch -> images, sizes);
    }

    /**
     * Trains an autoencoder through these sizes, and the classifier on its codes of clean images.
     *
     * @param inputs what stands for the training images in an epoch; the clean images are what is to come out
     */
    static DigitsAutoencoder train(Run run, String name, FiveDigits.Split split, IntFunction<Tensor> inputs, int... sizes) {
        Tensor clean = split.training().images();
        Sequential network = FiveDigits.network(new RandomStream(run.seed(), "weights/" + name), ActivationLayer.TANH, sizes);
        Tensor[] input = new Tensor[1];
        Training training = run.training(name, network, Adam.keras(run.number("learningRate")))
                .measuring("validation", 1, model -> mse(run, model, split.validation().images()))
                .run(run.integer("epochs"),
                        epoch -> {
                            input[0] = inputs.apply(epoch);
                            return order(run, clean, epoch);
                        },
                        (tape, batch, pass) -> Losses.meanSquaredError(network.forward(tape.constant(batch.of(input[0])), pass), tape.constant(batch.of(clean))),
                        new EarlyStopping(run.integer("patience"), run.number("minimumChange")));
        Sequential encoder = network.part(0, network.layers().size() / 2 + 1);
        FiveDigits.Split codes = new FiveDigits.Split(coded(run, encoder, split.training()), coded(run, encoder, split.validation()), coded(run, encoder, split.test()));
        Training classifier = classifier(run, name, codes);
        List<Classification> found = codes.parts().stream().map(part -> FiveDigits.classify(run, classifier.model(), part)).toList();
        return new DigitsAutoencoder(name, network, training, codes, classifier, found);
    }

    private static Batches order(Run run, Tensor rows, int epoch) {
        return Batches.shuffled(rows.dim(0), run.integer("batch"), new RandomStream(run.seed(), "order/" + epoch));
    }

    private static FiveDigits.Part coded(Run run, Layer encoder, FiveDigits.Part part) {
        return part.with(run.predict(encoder, part.images()));
    }

    private static Training classifier(Run run, String name, FiveDigits.Split codes) {
        FiveDigits.Part training = codes.training();
        Sequential model = FiveDigits.network(new RandomStream(run.seed(), "weights/" + name + "/classifier"), ActivationLayer.RELU,
                training.images().dim(1), 30, 20, 10, FiveDigits.CLASSES.size());
        return run.training(name + "-classifier", model, Adam.keras(run.number("learningRate"))).run(run.integer("epochs"),
                epoch -> order(run, training.images(), epoch),
                (tape, batch, pass) -> Losses.crossEntropy(model.forward(tape.constant(batch.of(training.images())), pass), tape.constant(batch.of(training.targets()))),
                new EarlyStopping(run.integer("patience"), run.number("classifierChange")));
    }

    /** Mean squared error of a model's reconstructions of images. */
    static double mse(Run run, Layer model, Tensor images) {
        double rmse = Measures.rmse(run.predict(model, images), images);
        return rmse * rmse;
    }

    /** Epochs of the autoencoder's training. */
    int epochs() {
        return training.costs().epochs();
    }

    /** Accuracy of the classifier on part 0 (training), 1 (validation) or 2 (test). */
    double accuracy(int part) {
        return found.get(part).accuracy();
    }

    /** For each node of the first hidden layer the input of norm 1 that excites it most: its weights over their norm. */
    Tensor mostExciting() {
        Tensor rows = network.parameters().get("0.weight").tensor().copy();
        int width = rows.dim(1);
        float[] w = rows.floats();
        for (int node = 0; node < rows.dim(0); node++) {
            double squares = 0;
            for (int j = 0; j < width; j++) {
                squares = Math.fma((double) w[node * width + j], w[node * width + j], squares);
            }
            for (int j = 0; j < width; j++) {
                w[node * width + j] = (float) (w[node * width + j] / Math.sqrt(squares));
            }
        }
        return rows;
    }

    /** The first so many of {@link #mostExciting}. */
    List<Picture> mostExciting(int count) {
        Tensor all = mostExciting();
        return FiveDigits.pictures(all.slice(0, 0, Math.min(count, all.dim(0))).copy());
    }

    /** Error by epoch on training and validation images, a panel for each autoencoder. */
    static Panels curves(List<DigitsAutoencoder> all) {
        List<Figure> panels = new ArrayList<>();
        for (DigitsAutoencoder a : all) {
            Costs validation = a.training().measured("validation");
            panels.add(LineChart.of(a.name(), Axis.of("epoch"), Axis.log("mean squared error"))
                    .line("training", a.training().costs().means()).dashed("validation", validation.epochOfEach(), validation.values()));
        }
        return new Panels("Error by epoch", "The training error is the mean over an epoch's batches, while the weights change; the validation error is of the weights at its end.", panels);
    }

    /** Confusion matrices of the classifiers on the test images' codes. */
    static Panels confusions(List<DigitsAutoencoder> all) {
        return new Panels("What the classifiers on the codes take for what, test images", "Counts of images: rows are the true digits, columns what the classifier says.",
                all.stream().<Figure>map(a -> FiveDigits.confusion(a.name(), a.found().get(2))).toList());
    }
}
