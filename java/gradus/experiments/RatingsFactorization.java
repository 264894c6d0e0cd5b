package gradus.experiments;

import gradus.backend.Workers;
import gradus.learn.FactorModel;
import gradus.learn.FactorStart;
import gradus.learn.Factorization;
import gradus.learn.Ratings;
import gradus.learn.RatingsGenerator;
import gradus.linalg.Matrix;
import gradus.linalg.Products;
import gradus.linalg.Qr;
import gradus.linalg.Svd;
import gradus.numerics.RandomStream;
import gradus.report.Axis;
import gradus.report.LineChart;
import gradus.report.ScatterPlot;
import gradus.report.TableFigure;
import gradus.runner.Experiment;
import gradus.runner.Progress;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Restaurant ratings as products of factors, by alternating ridge regression and by stochastic gradient descent. */
public final class RatingsFactorization implements Experiment {
    private static final int[] FILTERS = {10, 20};

    /** The experiment. */
    public RatingsFactorization() {
    }

    @Override
    public String name() {
        return "ratings-factorization";
    }

    @Override
    public String title() {
        return "Ratings as products of factors: alternating ridge regression beside stochastic gradient descent";
    }

    @Override
    public String source() {
        return "A course report with NumPy and SciPy on 337,867 users' ratings of 5,899 restaurants, which cannot be redistributed; --set file=… takes them, or others";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.of("file", "", "", "ratings as .npy rows or CSV; without one they are generated"),
                Setting.of("filter", 20, 20, "users and items with at most so many ratings go").orZero(),
                Setting.of("heldOut", 200, 200, "ratings for validation, and as many for the test"),
                Setting.of("factors", 100, 100, "length of the factors").inRepro(10),
                Setting.of("lambda", 1e-4, "weight of the penalty"),
                Setting.of("steps", 100, 12, "most steps").inRepro(3),
                Setting.of("patience", 10, 10, "steps without a better validation loss"),
                Setting.of("rate", 0.01, "learning rate of stochastic gradient descent"),
                Setting.of("start", "SVD", "SVD", "SVD or RANDOM"),
                Setting.of("plantedLambda", 1, "penalty when planted factors are to be recovered"));
    }

    @Override
    public void run(Run run) {
        RatingsGenerator generator = run.quick() ? RatingsGenerator.small() : RatingsGenerator.restaurants();
        RatingsGenerator.Planted planted = run.text("file").isEmpty() ? generator.generate(run.seed()) : null;
        Ratings all = planted != null ? planted.ratings() : read(run);
        run.note(planted != null ? "The ratings are generated, in the shape of the source's; its losses belong to other ratings." : "Ratings from " + run.text("file") + ".");
        Ratings ratings = filtered(run, all);
        Ratings.Split split = ratings.split(run.integer("heldOut"), run.integer("heldOut"), new RandomStream(run.seed(), "ratings/split"));
        try (Workers workers = new Workers(run.options().threads())) {
            List<FactorModel> models = new ArrayList<>();
            models.add(fit(run, "als", new Factorization.Alternating(), split, workers));
            models.add(fit(run, "sgd", new Factorization.Stochastic(run.number("rate")), split, workers));
            run.figure(curves(models));
            compare(run, planted == null && ratings.users() == 3_529 && ratings.items() == 2_072, models);
            if (planted != null) {
                recover(run, generator, planted, ratings, split, workers);
            }
        }
    }

    private static Ratings read(Run run) {
        try {
            return Ratings.read(Path.of(run.text("file")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ratings filtered(Run run, Ratings all) {
        boolean sourceShape = all.users() == 337_867 && all.items() == 5_899;
        List<List<Object>> rows = new ArrayList<>();
        rows.add(List.of("all", all.users(), all.items(), all.size(), density(all)));
        // A file of another shape may have nothing left at the source's two levels.
        for (int most : sourceShape || run.text("file").isEmpty() ? FILTERS : new int[] {run.integer("filter")}) {
            Ratings left = all.withMoreThan(most);
            rows.add(List.of("more than " + most, left.users(), left.items(), left.size(), density(left)));
            if (sourceShape) {
                run.value("users with more than " + most + " ratings", left.users(), most == 10 ? 11_275 : 3_529, 0);
                run.value("items with more than " + most + " ratings", left.items(), most == 10 ? 3_531 : 2_072, 0);
            }
            if (sourceShape && most == 10) {
                run.value("ratings among them", left.size(), 285_343, 0);
            }
        }
        Ratings ratings = all.withMoreThan(run.integer("filter"));
        run.say("kept " + ratings);
        run.figure(new TableFigure("What the recursive filter leaves", "Dropping a user takes ratings from items, so the filter runs until nothing changes.",
                List.of("ratings each", "users", "items", "ratings", "share of all pairs"), rows));
        return ratings;
    }

    private static String density(Ratings r) {
        return String.format(Locale.ROOT, "%.3f %%", 100.0 * r.size() / r.users() / r.items());
    }

    private static FactorModel fit(Run run, String name, Factorization.Method method, Ratings.Split split, Workers workers) {
        Factorization options = new Factorization(run.integer("factors"), run.number("lambda"), run.integer("steps"), run.integer("patience"), method,
                start(run), run.seed());
        FactorModel model = fit(run, name, options, split, workers);
        run.value("best step, " + name, model.bestStep());
        run.value("training loss at the best step, " + name, model.trainingLoss()[model.bestStep() - 1]);
        run.value("validation loss at the best step, " + name, model.validationLoss()[model.bestStep() - 1]);
        run.value("test RMSE, " + name, model.rmse(split.test()));
        return model;
    }

    private static FactorStart start(Run run) {
        return Arrays.stream(FactorStart.values()).filter(s -> s.name().equalsIgnoreCase(run.text("start"))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--set start=" + run.text("start") + ": wanted one of " + Arrays.toString(FactorStart.values())));
    }

    private static FactorModel fit(Run run, String name, Factorization options, Ratings.Split split, Workers workers) {
        long begin = System.nanoTime();
        FactorModel model;
        try (Progress bar = run.progress(name, options.steps())) {
            model = options.fit(split.training(), split.validation(), workers, step -> {
                bar.step(() -> String.format(Locale.ROOT, "training %.5g, validation %.5g", step.training(), step.validation()));
                run.cost(name, step.step(), 0, step.training());
                run.cost(name + "-validation", step.step(), 0, step.validation());
            });
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        run.say(String.format(Locale.ROOT, "%s: %d steps in %.2f s with its start", name, model.trainingLoss().length, seconds));
        run.result(name, new TreeMap<>(Map.of("users", model.userFactors().toTensor(), "items", model.itemFactors().toTensor())));
        return model;
    }

    /** The source's own figures, which belong to its ratings; unseeded, so a tenth either way counts as the same. */
    private static void compare(Run run, boolean source, List<FactorModel> models) {
        FactorModel als = models.get(0);
        FactorModel sgd = models.get(1);
        int last = als.trainingLoss().length;
        if (source) {
            run.value("steps of ALS", last, 100, 0);
            run.value("training loss of ALS at its end", als.trainingLoss()[last - 1], 6.475, 0.65);
            run.value("validation loss of ALS at its end", als.validationLoss()[last - 1], 665.572, 66.6);
            run.value("best step of SGD", sgd.bestStep(), 5, 1);
            run.value("best validation loss of SGD", sgd.validationLoss()[sgd.bestStep() - 1], 394.56, 39.5);
        }
        Table table = new Table("method", "step", "training", "validation");
        for (int m = 0; m < models.size(); m++) {
            for (int i = 0; i < models.get(m).trainingLoss().length; i++) {
                table.row(m == 0 ? "als" : "sgd", i + 1, models.get(m).trainingLoss()[i], models.get(m).validationLoss()[i]);
            }
        }
        run.table("steps", table);
    }

    private static LineChart curves(List<FactorModel> models) {
        return LineChart.of("Loss by step", Axis.of("step"), Axis.log("sum of squared errors"))
                .line("ALS, training", models.get(0).trainingLoss()).line("ALS, validation", models.get(0).validationLoss())
                .line("SGD, training", models.get(1).trainingLoss()).line("SGD, validation", models.get(1).validationLoss())
                .caption("Alternating regression with many factors and next to no penalty fits the training ratings exactly and learns little from it; "
                        + "stochastic descent stops when the validation ratings no longer gain.");
    }

    /** With as many factors as were planted and a fitting penalty, what is left of the error is the noise. */
    private static void recover(Run run, RatingsGenerator generator, RatingsGenerator.Planted planted, Ratings ratings, Ratings.Split split, Workers workers) {
        Factorization options = new Factorization(generator.rank(), run.number("plantedLambda"), run.integer("steps"), run.integer("patience"),
                new Factorization.Alternating(), start(run), run.seed());
        FactorModel model = fit(run, "planted", options, split, workers);
        run.value("noise in the generated ratings", generator.noise());
        run.value("test RMSE, planted rank", model.rmse(split.test()));
        run.value("test RMSE of the users' means alone", meansAlone(model, split.test()));
        run.value("smallest cosine between planted and found item factors", smallestCosine(planted, ratings, model.itemFactors(), workers));
        Ratings test = split.test();
        double[] truth = test.values();
        int[] users = test.userOfEach();
        int[] items = test.itemOfEach();
        double[] predicted = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            predicted[i] = model.predict(users[i], items[i]);
        }
        run.figure(new ScatterPlot("Held-out ratings", "Each point is a rating that no method saw, by " + generator.rank() + " factors and alternating regression.",
                Axis.of("rating"), Axis.of("prediction"), new ScatterPlot.Points(truth, predicted, new int[truth.length]), List.of("rating"), List.of(), true));
    }

    private static double meansAlone(FactorModel model, Ratings test) {
        double[] mean = model.userMeans();
        double[] values = test.values();
        int[] users = test.userOfEach();
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double error = values[i] - mean[users[i]];
            sum = Math.fma(error, error, sum);
        }
        return Math.sqrt(sum / values.length);
    }

    /** The cosine of the largest principal angle between the spaces that the two sets of item factors span; 1 when they are the same. */
    private static double smallestCosine(RatingsGenerator.Planted planted, Ratings ratings, Matrix found, Workers workers) {
        int k = found.columns();
        Matrix truth = Matrix.zeros(ratings.items(), k);
        for (int v = 0; v < ratings.items(); v++) {
            System.arraycopy(planted.p().row((int) ratings.itemId(v)), 0, truth.data(), v * k, k);
        }
        double[] cosines = Svd.values(Products.multiplyTransposedLeft(Qr.of(truth).q(), Qr.of(found).q(), workers));
        return cosines[k - 1];
    }
}
