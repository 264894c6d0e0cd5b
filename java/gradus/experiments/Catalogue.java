package gradus.experiments;

import gradus.runner.Experiment;
import gradus.runner.UsageException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All experiments by name. */
public final class Catalogue {
    /** In the order in which they are listed. */
    public static final List<Experiment> ALL = List.of(
            new FashionAutoencoders(), new FashionPca(), new FashionKmeans(), new PcaByHand(), new RatingsFactorization(), new AllLayers(), new FashionConvAutoencoder(),
            new MnistAutoencoder(), new MnistSparseAutoencoder(), new MnistDeepAutoencoder(), new MnistConvAutoencoder(), new MnistDenoising(),
            new Optimizers(), new DigitsAutoencoders1(), new DigitsAutoencoders3(), new DigitsDenoising(),
            new FashionLearningRules(), new FashionNonlinearities(), new FashionLosses(),
            new DecoderLeastSquares(), new CompressionRatios());

    private Catalogue() {
    }

    /** The experiment of that name. */
    public static Optional<Experiment> find(String name) {
        return ALL.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /**
     * The experiment of that name.
     *
     * @throws UsageException where there is none; it offers the name that was most likely meant, if one is near
     */
    public static Experiment named(String name) {
        return find(name).orElseThrow(() -> new UsageException("there is no experiment " + name
                + nearest(name).map(known -> "; did you mean " + known + "?").orElse(";") + " `gradus list` shows all"));
    }

    private static Optional<String> nearest(String name) {
        return ALL.stream().map(Experiment::name).min(Comparator.comparingInt(known -> distance(name, known))).filter(known -> distance(name, known) <= known.length() / 3);
    }

    /** Levenshtein's distance: the fewest insertions, deletions and replacements that turn one word into the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
