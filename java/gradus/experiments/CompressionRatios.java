package gradus.experiments;

import gradus.backend.Workers;
import gradus.nn.Sequential;
import gradus.op.Losses;
import gradus.optim.Adam;
import gradus.report.Axis;
import gradus.report.LineChart;
import gradus.report.Panels;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import gradus.runner.UsageException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How the error of a deep autoencoder falls as its code grows, with the encoder's codes and with those that least squares finds from the images. */
public final class CompressionRatios implements Experiment {
    private static final int PIXELS = DeepAutoencoder.SIDE * DeepAutoencoder.SIDE;

    /** The experiment. */
    public CompressionRatios() {
    }

    @Override
    public String name() {
        return "compression-ratios";
    }

    @Override
    public String title() {
        return "Error of a deep autoencoder against the length of its code and the compression ratio, with the encoder's codes and with least-squares codes";
    }

    @Override
    public String source() {
        return DeepAutoencoder.SOURCE + "; published: the error falls as the code grows, least-squares codes do worse";
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(DeepAutoencoder.settings(16, 8));
        all.removeIf(s -> s.name().equals("code"));
        all.add(Setting.of("codes", "2,4,8,16,32,64", "2,8,32", "lengths of the code, one network each").inRepro("2"));
        return all;
    }

    /** Errors of one network. */
    private record Errors(int code, double train, double test, double trainByLeastSquares, double testByLeastSquares) {
        double ratio() {
            return (double) PIXELS / code;
        }
    }

    @Override
    public void run(Run run) {
        DeepAutoencoder.Data data = DeepAutoencoder.Data.of(run);
        List<Errors> all = new ArrayList<>();
        try (Workers workers = new Workers(run.options().threads())) {
            for (int code : codes(run)) {
                Sequential network = DeepAutoencoder.network(code, run.seed());
                DeepAutoencoder.train(run, "code-" + code, network, Adam.torch(run.number("learningRate")), data, Losses::meanSquaredError);
                DecoderInverse inverse = new DecoderInverse(DeepAutoencoder.decoder(network), workers);
                Errors errors = new Errors(code, DeepAutoencoder.nrmse(run, network, data.train()), DeepAutoencoder.nrmse(run, network, data.test()),
                        leastSquares(run, network, inverse, data.train(), workers), leastSquares(run, network, inverse, data.test(), workers));
                all.add(errors);
                run.value("NRMSE, train, code of " + code, errors.train);
                run.value("NRMSE, test, code of " + code, errors.test);
                run.value("NRMSE by least squares, train, code of " + code, errors.trainByLeastSquares);
                run.value("NRMSE by least squares, test, code of " + code, errors.testByLeastSquares);
            }
        }
        compare(run, all);
        run.figure(Panels.of("Error with the encoder's codes",
                chart("the encoder's codes", "length of the code", all, Errors::code, Errors::train, Errors::test),
                chart("the encoder's codes", "784 / length of the code", all, Errors::ratio, Errors::train, Errors::test))
                .caption("Root mean squared error over the range of the pixels: what the network makes of an image."));
        run.figure(Panels.of("Error with least-squares codes",
                chart("least-squares codes", "length of the code", all, Errors::code, Errors::trainByLeastSquares, Errors::testByLeastSquares),
                chart("least-squares codes", "784 / length of the code", all, Errors::ratio, Errors::trainByLeastSquares, Errors::testByLeastSquares))
                .caption("What the decoder makes of the code that is found by walking it backwards from the image."));
        run.note("The source states neither the lengths of the code nor batch and step size, and takes 1000 epochs for each; here " + run.text("codes") + ", batches of " + run.integer("batch")
                + ", Adam at " + run.number("learningRate") + " and " + run.integer("epochs") + " epochs each, chosen so that a full run ends within ten minutes on two cores.");
    }

    private static int[] codes(Run run) {
        try {
            int[] codes = Arrays.stream(run.text("codes").split(",")).mapToInt(s -> Integer.parseInt(s.strip())).toArray();
            if (Arrays.stream(codes).allMatch(c -> c >= 1 && c <= 196)) {
                return codes;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new UsageException("--set codes=" + run.text("codes") + ": wanted whole numbers from 1 to 196 with commas between");
    }

    private static double leastSquares(Run run, Sequential network, DecoderInverse inverse, Tensor images, Workers workers) {
        return DeepAutoencoder.nrmse(run.predict(DeepAutoencoder.decoder(network), inverse.codes(images, workers)), images);
    }

    /** The source prints curves, no figures: what they say is held. */
    private static void compare(Run run, List<Errors> all) {
        Table table = new Table("code", "ratio", "train", "test", "leastSquaresTrain", "leastSquaresTest");
        boolean falls = true;
        boolean worse = true;
        for (int i = 0; i < all.size(); i++) {
            Errors e = all.get(i);
            table.row(e.code, e.ratio(), e.train, e.test, e.trainByLeastSquares, e.testByLeastSquares);
            falls &= i == 0 || e.test < all.get(i - 1).test && e.train < all.get(i - 1).train;
            worse &= e.testByLeastSquares > e.test && e.trainByLeastSquares > e.train;
        }
        run.table("errors", table);
        run.value("the error falls as the code grows, train and test (1: yes)", falls ? 1 : 0, 1, 0);
        run.value("least-squares codes do worse at every length (1: yes)", worse ? 1 : 0, 1, 0);
    }

    private static LineChart chart(String whose, String axis, List<Errors> all, ToDoubleFunction<Errors> x, ToDoubleFunction<Errors> train, ToDoubleFunction<Errors> test) {
        double[] at = all.stream().mapToDouble(x).toArray();
        return LineChart.of("NRMSE of " + whose, Axis.log(axis), Axis.of("NRMSE"))
                .line("train", at, all.stream().mapToDouble(train).toArray())
                .line("test", at, all.stream().mapToDouble(test).toArray());
    }
}
