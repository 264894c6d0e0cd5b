package gradus.experiments;

import gradus.nn.ActivationLayer;
import gradus.nn.Layer;
import gradus.nn.LeakyRelu;
import gradus.op.Losses;
import gradus.optim.Adam;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Four nonlinearities in one deep autoencoder of Fashion-MNIST. */
public final class FashionNonlinearities implements Experiment {
    /** The experiment. */
    public FashionNonlinearities() {
    }

    @Override
    public String name() {
        return "fashion-nonlinearities";
    }

    @Override
    public String title() {
        return "Leaky ReLU, sigmoid and ReLU in a deep autoencoder of Fashion-MNIST";
    }

    @Override
    public String source() {
        return DeepAutoencoder.SOURCE + "; published: leaky ReLU has the lowest error";
    }

    @Override
    public List<Setting> settings() {
        return DeepAutoencoder.settings(60, 10);
    }

    @Override
    public void run(Run run) {
        SequencedMap<String, Layer> nonlinearities = new LinkedHashMap<>();
        nonlinearities.put("leaky-0.5", new LeakyRelu(0.5));
        nonlinearities.put("leaky-0.1", new LeakyRelu(0.1));
        nonlinearities.put("sigmoid", ActivationLayer.SIGMOID);
        nonlinearities.put("ReLU", ActivationLayer.RELU);
        DeepAutoencoder.Data data = DeepAutoencoder.Data.of(run);
        List<DeepAutoencoder.Outcome> outcomes = new ArrayList<>();
        nonlinearities.forEach((name, layer) -> outcomes.add(DeepAutoencoder.outcome(run, name,
                DeepAutoencoder.network(run.integer("code"), layer, run.seed()), Adam.torch(run.number("learningRate")), data, Losses::meanSquaredError)));
        String best = outcomes.stream().min(Comparator.comparingDouble(DeepAutoencoder.Outcome::testError)).orElseThrow().name();
        run.say("lowest test error: " + best);
        run.value("a leaky ReLU has the lowest test error", best.startsWith("leaky") ? 1 : 0, 1, 0);
        DeepAutoencoder.figures(run, data, outcomes, "mean squared error");
        DeepAutoencoder.notes(run);
        run.note("Each network starts from the same weights and is trained by Adam.");
    }
}
