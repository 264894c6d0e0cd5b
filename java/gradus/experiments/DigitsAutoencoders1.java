package gradus.experiments;

import gradus.report.ImageGrid;
import gradus.report.Picture;
import gradus.report.Shades;
import gradus.runner.Experiment;
import gradus.runner.Run;
import gradus.runner.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Autoencoders of five digits with one hidden layer, from 32 nodes to more than there are pixels. */
public final class DigitsAutoencoders1 implements Experiment {
    private static final int SHOWN = 32;
    private static final int A_ROW = 12;

    /** The experiment. */
    public DigitsAutoencoders1() {
    }

    @Override
    public String name() {
        return "digits-autoencoders-1";
    }

    @Override
    public String title() {
        return "Autoencoders of five digits with one hidden layer, 784-d-784";
    }

    @Override
    public String source() {
        return "A course report with Keras on the digits 0, 2, 4, 6 and 7 of MNIST: 32 to 1024 hidden nodes, a classifier on the codes, and what excites each node";
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(DigitsAutoencoder.settings());
        all.add(Setting.of("nodes", "32 64 128 256 512 784 1024", "32 128 784", "hidden nodes of each autoencoder").inRepro("32 128"));
        return all;
    }

    @Override
    public void run(Run run) {
        FiveDigits.Split split = FiveDigits.split(run);
        List<DigitsAutoencoder> all = new ArrayList<>();
        for (int nodes : Arrays.stream(run.text("nodes").split(" ")).mapToInt(Integer::parseInt).toArray()) {
            all.add(DigitsAutoencoder.train(run, "nodes-" + nodes, split, FiveDigits.PIXELS, nodes, FiveDigits.PIXELS));
        }
        DigitsComparison.published(run, 1, split, all);
        run.figure(DigitsAutoencoder.curves(all));
        run.figure(DigitsComparison.reconstructions(run, split, all));
        for (DigitsAutoencoder a : all) {
            run.figure(excitation(a));
        }
        run.figure(DigitsAutoencoder.confusions(all));
        run.note(FiveDigits.SPLIT_NOTE);
        run.note(DigitsAutoencoder.NOTE);
    }

    /** The pictures of every node where there are few, else of the first. */
    private static ImageGrid excitation(DigitsAutoencoder a) {
        int nodes = a.mostExciting().dim(0);
        int shown = nodes <= 2 * SHOWN ? nodes : SHOWN;
        ImageGrid grid = ImageGrid.of("What excites the nodes most, " + nodes + " nodes" + (shown < nodes ? ", the first " + shown : ""))
                .caption("Among all inputs of norm 1, a node's own weights over their norm, w/‖w‖, give it the largest sum. Blue is negative, red positive.");
        List<Picture> pictures = a.mostExciting(shown);
        for (int i = 0; i < shown; i += A_ROW) {
            grid = grid.row("", pictures.subList(i, Math.min(shown, i + A_ROW)), Shades.divergingByPicture());
        }
        return grid;
    }
}
