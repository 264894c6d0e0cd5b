package gradus.experiments;

import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Autoencoders of five digits with three hidden layers, 784-256-d-256-784. */
public final class DigitsAutoencoders3 implements Experiment {
    private static final int OUTER = 256;

    /** The experiment. */
    public DigitsAutoencoders3() {
    }

    @Override
    public String name() {
        return "digits-autoencoders-3";
    }

    @Override
    public String title() {
        return "Autoencoders of five digits with three hidden layers, 784-256-d-256-784";
    }

    @Override
    public String source() {
        return "A course report with Keras on the digits 0, 2, 4, 6 and 7 of MNIST: codes of 32 to 512 numbers, and a classifier on them";
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(DigitsAutoencoder.settings());
        all.add(Setting.of("nodes", "32 64 128 256 512", "32 128 512", "length of the code of each autoencoder").inRepro("32"));
        return all;
    }

    @Override
    public void run(Run run) {
        FiveDigits.Split split = FiveDigits.split(run);
        List<DigitsAutoencoder> all = new ArrayList<>();
        for (int nodes : Arrays.stream(run.text("nodes").split(" ")).mapToInt(Integer::parseInt).toArray()) {
            all.add(DigitsAutoencoder.train(run, "code-" + nodes, split, FiveDigits.PIXELS, OUTER, nodes, OUTER, FiveDigits.PIXELS));
        }
        DigitsComparison.published(run, 3, split, all);
        run.figure(DigitsAutoencoder.curves(all));
        run.figure(DigitsComparison.reconstructions(run, split, all));
        run.figure(DigitsAutoencoder.confusions(all));
        run.note(FiveDigits.SPLIT_NOTE);
        run.note(DigitsAutoencoder.NOTE);
    }
}
