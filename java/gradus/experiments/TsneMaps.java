package gradus.experiments;

import gradus.backend.Workers;
import gradus.learn.Embedding;
import gradus.learn.Tsne;
import gradus.learn.TsneStart;
import gradus.report.ScatterPlot;
import gradus.runner.Progress;
import gradus.runner.Run;
import gradus.runner.Setting;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** t-SNE maps as several experiments show them. */
final class TsneMaps {
    private TsneMaps() {
    }

    /** The settings of t-SNE. */
    static List<Setting> settings(int rows, int quickRows, int quickSteps, int perplexity) {
        return List.of(
                Setting.of("tsneRows", rows, quickRows, "rows that t-SNE maps, from the first"),
                Setting.of("tsneSteps", 1000, quickSteps, "steps of t-SNE"),
                Setting.of("perplexity", perplexity, "perplexity of t-SNE"));
    }

    /** The map of the rows, by the run's settings; the seed matters to no step, for it starts from principal components. */
    static ScatterPlot of(Run run, String name, Tensor rows, int[] labels, List<String> classes, Workers workers) {
        Tsne tsne = Tsne.standard().withPerplexity(run.number("perplexity")).withSteps(run.integer("tsneSteps")).withStart(TsneStart.PCA, run.seed());
        Embedding map;
        try (Progress bar = run.progress("t-SNE of " + name, tsne.steps() / tsne.checkEvery())) {
            map = tsne.fit(rows, workers, check -> bar.step(() -> String.format(Locale.ROOT, "step %d, KL %.4f", check.step(), check.kl())));
        }
        run.value("KL divergence, t-SNE of " + name, map.kl());
        run.result("tsne-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"), new TreeMap<>(Map.of("points", map.points())));
        return ScatterPlot.embedding(name, map.points(), labels, classes)
                .caption(String.format(Locale.ROOT, "KL divergence %.3f after %d steps.", map.kl(), map.steps()));
    }
}
