package gradus.experiments;

import gradus.op.Losses;
import gradus.optim.Adadelta;
import gradus.optim.Adagrad;
import gradus.optim.Adam;
import gradus.optim.RmsProp;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Five update rules on one deep autoencoder of Fashion-MNIST. */
public final class FashionLearningRules implements Experiment {
    /** The experiment. */
    public FashionLearningRules() {
    }

    @Override
    public String name() {
        return "fashion-learning-rules";
    }

    @Override
    public String title() {
        return "Adam, SGD, Adagrad, Adadelta and RMSProp on a deep autoencoder of Fashion-MNIST";
    }

    @Override
    public String source() {
        return DeepAutoencoder.SOURCE + "; published: Adam best, RMSProp close behind, SGD hardly moves (0.2050 → 0.19)";
    }

    @Override
    public List<Setting> settings() {
        return DeepAutoencoder.settings(60, 10);
    }

    /** PyTorch's rules at one step size, with its defaults for everything else. */
    private static SequencedMap<String, Rule<?>> rules(double rate) {
        SequencedMap<String, Rule<?>> rules = new LinkedHashMap<>();
        rules.put("Adam", Adam.torch(rate));
        rules.put("SGD", new Sgd(rate));
        rules.put("Adagrad", Adagrad.torch(rate));
        rules.put("Adadelta", new Adadelta(rate, 0.9, 1e-6));
        rules.put("RMSProp", RmsProp.torch(rate));
        return rules;
    }

    @Override
    public void run(Run run) {
        DeepAutoencoder.Data data = DeepAutoencoder.Data.of(run);
        List<DeepAutoencoder.Outcome> outcomes = new ArrayList<>();
        rules(run.number("learningRate")).forEach((name, rule) -> outcomes.add(DeepAutoencoder.outcome(run, name,
                DeepAutoencoder.network(run.integer("code"), run.seed()), rule, data, Losses::meanSquaredError)));
        compare(run, outcomes);
        DeepAutoencoder.figures(run, data, outcomes, "mean squared error");
        DeepAutoencoder.notes(run);
        run.note("All rules take the same step size and PyTorch's defaults for the rest. The source's figures for SGD fit mean squared errors, and steps of 0.001, about as many as the default run takes: "
                + "60 epochs of 469 batches are 28,140 steps, as many as 1000 epochs of batches of 2,100 images.");
    }

    private static void compare(Run run, List<DeepAutoencoder.Outcome> outcomes) {
        DeepAutoencoder.Outcome sgd = outcomes.get(1);
        double[] costs = sgd.training().costs().means();
        double first = sgd.training().costs().at(1, 0);
        if (run.quick()) {
            run.value("SGD, mean squared error of the first batch", first);
            run.value("SGD, mean squared error of the last epoch", costs[costs.length - 1]);
        } else {
            run.value("SGD, mean squared error of the first batch", first, 0.2050, 0.005);
            run.value("SGD, mean squared error of the last epoch", costs[costs.length - 1], 0.19, 0.01);
        }
        List<String> order = outcomes.stream().sorted(Comparator.comparingDouble(DeepAutoencoder.Outcome::testError)).map(DeepAutoencoder.Outcome::name).toList();
        run.say("from the lowest test error: " + String.join(", ", order));
        run.value("Adam's place by test error", 1 + order.indexOf("Adam"), 1, 0);
        run.value("RMSProp's place by test error", 1 + order.indexOf("RMSProp"), 2, 0);
    }
}
