package gradus.experiments;

import gradus.report.ImageGrid;
import gradus.report.Shades;
import gradus.report.TableFigure;
import gradus.runner.Run;
import gradus.runner.Table;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the report shows of autoencoders of several sizes, beside what was published. */
final class DigitsComparison {
    private DigitsComparison() {
    }

    /**
     * The published table beside the measured one. The source's runs have no seed and other parts: a fifth of the error, half of the epochs, and one
     * percentage point of accuracy count as the same.
     *
     * @param layers hidden layers, which chooses the rows of the published table
     */
    static void published(Run run, int layers, FiveDigits.Split split, List<DigitsAutoencoder> all) {
        Table csv = new Table("nodes", "training mse", "validation mse", "test accuracy", "epochs");
        List<List<Object>> rows = new ArrayList<>();
        List<List<String>> source = run.resource(DigitsComparison.class, "digits-autoencoders-published.csv").rows().stream()
                .filter(r -> r.get(0).equals(Integer.toString(layers))).toList();
        for (DigitsAutoencoder a : all) {
            int nodes = a.codes().training().images().dim(1);
            double training = DigitsAutoencoder.mse(run, a.network(), split.training().images());
            double validation = DigitsAutoencoder.mse(run, a.network(), split.validation().images());
            double accuracy = 100 * a.accuracy(2);
            csv.row(nodes, training, validation, accuracy, a.epochs());
            List<String> p = source.stream().filter(r -> r.get(1).equals(Integer.toString(nodes))).findFirst().orElse(null);
            String of = ", " + nodes + " nodes";
            value(run, "training MSE" + of, training, p, 2, 5, 0);
            value(run, "validation MSE" + of, validation, p, 3, 5, 0);
            value(run, "test accuracy in per cent" + of, accuracy, p, 4, 0, 1);
            value(run, "epochs" + of, a.epochs(), p, 5, 2, 0);
            rows.add(List.of(Integer.toString(nodes), text(p, 2), decimals(training, 5), text(p, 3), decimals(validation, 5), text(p, 4), decimals(accuracy, 2), text(p, 5), a.epochs()));
        }
        run.table("sizes", csv);
        run.figure(new TableFigure("Published beside measured", "Mean squared error of the autoencoder on pixels from 0 to 1, accuracy of the classifier on the codes of test images, epochs of the autoencoder.",
                List.of("nodes", "training, published", "measured", "validation, published", "measured", "accuracy in %, published", "measured", "epochs, published", "measured"), rows));
    }

    private static void value(Run run, String name, double measured, List<String> published, int column, int part, double absolute) {
        if (run.quick() || published == null) {
            run.value(name, measured);
        } else {
            double p = Double.parseDouble(published.get(column));
            run.value(name, measured, p, part == 0 ? absolute : p / part);
        }
    }

    private static String text(List<String> published, int column) {
        return published == null ? "–" : published.get(column);
    }

    private static String decimals(double value, int places) {
        return String.format(Locale.ROOT, "%." + places + "f", value);
    }

    /** The first test image of each digit and what each autoencoder makes of it. */
    static ImageGrid reconstructions(Run run, FiveDigits.Split split, List<DigitsAutoencoder> all) {
        Tensor originals = split.test().firstOfEachClass();
        ImageGrid grid = ImageGrid.of("The first test image of each digit, and what comes out").columns(FiveDigits.CLASSES)
                .row("original", FiveDigits.pictures(originals), Shades.grey(0, 1));
        for (DigitsAutoencoder a : all) {
            grid = grid.row(a.name(), FiveDigits.pictures(run.predict(a.network(), originals)), Shades.grey(0, 1));
        }
        return grid;
    }
}
