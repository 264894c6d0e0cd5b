package gradus.experiments;

import gradus.backend.Workers;
import gradus.data.Dataset;
import gradus.data.FashionMnist;
import gradus.learn.Clustering;
import gradus.learn.KMeans;
import gradus.report.Axis;
import gradus.report.Heatmap;
import gradus.report.ImageGrid;
import gradus.report.LineChart;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.runner.Experiment;
import gradus.runner.Progress;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.runner.Table;
import gradus.runner.UsageException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** k-means of Fashion-MNIST for several numbers of clusters: where the elbow lies, and that neither of its two steps ever raises the objective. */
public final class FashionKmeans implements Experiment {
    private static final int SIDE = 28;

    /** The experiment. */
    public FashionKmeans() {
    }

    @Override
    public String name() {
        return "fashion-kmeans";
    }

    @Override
    public String title() {
        return "k-means of Fashion-MNIST with 8 to 12 clusters: the elbow, the centres, and the fall of the objective";
    }

    @Override
    public String source() {
        return "A course report with scikit-learn (k-means++, seed 120), which derives both steps; docs/kmeans.md does too";
    }

    @Override
    public long seed() {
        return 120;
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.of("rows", 10_000, 3_000, "images, from the first").inRepro(300),
                Setting.of("fewest", 8, 8, "smallest number of clusters"),
                Setting.of("most", 12, 12, "largest number of clusters").inRepro(10),
                Setting.of("starts", 10, 4, "starts for each number").inRepro(1),
                Setting.of("shown", 10, 10, "number of clusters whose centres are shown"));
    }

    @Override
    public void run(Run run) {
        Dataset data = run.data(FashionMnist.TEST).first(run.integer("rows"));
        Tensor images = data.images().flattened();
        int fewest = run.integer("fewest");
        int most = run.integer("most");
        if (most < fewest) {
            throw new UsageException("--set fewest=" + fewest + " --set most=" + most + ": wanted most at least as large as fewest");
        }
        List<Clustering> best = new ArrayList<>();
        try (Workers workers = new Workers(run.options().threads());
                Progress bar = run.progress("k-means", (long) (most - fewest + 1) * run.integer("starts"))) {
            for (int k = fewest; k <= most; k++) {
                String label = "k = " + k;
                Clustering found = KMeans.of(k, run.seed()).withStarts(run.integer("starts")).fit(images, workers, run.backend(),
                        start -> bar.step(() -> String.format(Locale.ROOT, "%s, J %.6g", label, start.inertia())));
                run.value("inertia, " + label, found.inertia());
                run.result("k" + k, new TreeMap<>(Map.of("centers", found.centers().toTensor())));
                best.add(found);
            }
        }
        elbow(run, fewest, best);
        fall(run, fewest, best);
        Clustering shown = best.get(Math.clamp(run.integer("shown") - fewest, 0, best.size() - 1));
        run.figure(centers(shown));
        run.figure(classesOfClusters(data, shown));
    }

    /** The elbow: the number of clusters whose inertia lies farthest below the straight line between the ends. */
    private static void elbow(Run run, int fewest, List<Clustering> best) {
        int n = best.size();
        double[] k = IntStream.range(0, n).mapToDouble(i -> fewest + i).toArray();
        double[] inertia = best.stream().mapToDouble(Clustering::inertia).toArray();
        Table table = new Table("k", "inertia", "rounds");
        int elbow = 0;
        double deepest = 0;
        for (int i = 0; i < n; i++) {
            double line = inertia[0] + (inertia[n - 1] - inertia[0]) * i / Math.max(1, n - 1);
            if (line - inertia[i] > deepest) {
                deepest = line - inertia[i];
                elbow = i;
            }
            table.row(fewest + i, inertia[i], best.get(i).iterations());
        }
        if (run.integer("rows") == 10_000) {
            run.value("elbow", fewest + elbow, 10, 0);
        } else {
            run.value("elbow", fewest + elbow);
        }
        run.table("inertia", table);
        run.figure(LineChart.of("Inertia by number of clusters", Axis.of("clusters"), Axis.of("inertia"))
                .line("best of all starts", k, inertia).through(k[0], inertia[0], k[n - 1], inertia[n - 1], "straight line")
                .caption(deepest > 0 ? "The curve lies farthest below the straight line at " + (fewest + elbow) + " clusters."
                        : "The curve lies nowhere below the straight line: there is no elbow."));
    }

    private static void fall(Run run, int fewest, List<Clustering> best) {
        LineChart chart = LineChart.of("The objective after every half of a round", Axis.of("half rounds"), Axis.of("J"));
        double worst = 0;
        for (int i = 0; i < best.size(); i++) {
            double[] history = best.get(i).history();
            chart = chart.line("k = " + (fewest + i), history);
            for (int h = 1; h < history.length; h++) {
                worst = Math.max(worst, (history[h] - history[h - 1]) / history[h - 1]);
            }
        }
        // Both steps are proven not to raise J (docs/kmeans.md); what is left is float64 rounding.
        run.value("largest rise of the objective in any half round, relative", worst, 0, 1e-12);
        run.figure(chart.caption("Rows choose their nearest centre, then centres move to the mean of their rows; neither ever raises J."));
    }

    private static ImageGrid centers(Clustering found) {
        int k = found.centers().rows();
        return ImageGrid.of("The " + k + " centres")
                .columns(IntStream.rangeClosed(1, k).mapToObj(Integer::toString).toList())
                .row("", Picture.all(found.centers().toTensor(), SIDE, SIDE),
                        IntStream.of(found.sizes()).mapToObj(size -> size + " images").toList(), Shades.grey(0, 255))
                .caption("Each centre is the mean of its images.");
    }

    private static Heatmap classesOfClusters(Dataset data, Clustering found) {
        double[][] counts = new double[data.classes().size()][found.centers().rows()];
        int[] labels = found.labels();
        for (int i = 0; i < labels.length; i++) {
            counts[data.labels()[i]][labels[i]]++;
        }
        return new Heatmap("Which class went to which cluster", "k-means never saw the classes.", "class", "cluster", data.classes(),
                IntStream.rangeClosed(1, found.centers().rows()).mapToObj(Integer::toString).toList(), counts);
    }
}
