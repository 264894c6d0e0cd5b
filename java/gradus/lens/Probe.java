package gradus.lens;

import gradus.runner.Run;
import gradus.runner.Training;
import gradus.runner.UsageException;
import gradus.runner.Watcher;

/**
 * What to record of a training, and how often: {@code run.training(…).watchedBy(Probe.every(10))}. The records are written to the run's folder as
 * {@code lens/MODEL.npz} and {@code lens/MODEL.json}, and shown in {@code lens.html}. docs/lens.md says what each figure means.
 *
 * @param every      steps from one record to the next; the first step has one
 * @param rows       rows whose gradients are taken one by one for the noise scale, 0 for none: a backward pass each
 * @param curvature  steps from one look at the Hessian to the next, a multiple of {@code every}, 0 for none: about a hundred products
 * @param sample     elements of a tensor that its distribution is taken from, at most
 */
public record Probe(int every, int rows, int curvature, int sample) implements Watcher.Maker {
    private static final int SAMPLE = 2048;

    /** Checks the ranges. */
    public Probe {
        if (every < 1 || rows < 0 || curvature < 0 || curvature % every != 0 || sample < 1) {
            throw new UsageException("probe: every " + every + " steps, " + rows + " rows, curvature every " + curvature + " steps, a sample of " + sample
                    + "; wanted positive numbers, and curvature at steps that are recorded");
        }
    }

    /** A record every so many steps, without gradient noise and curvature. */
    public static Probe every(int steps) {
        return new Probe(steps, 0, 0, SAMPLE);
    }

    /** The same with gradient noise from so many rows of each recorded batch. */
    public Probe withNoise(int rows) {
        return new Probe(every, rows, curvature, sample);
    }

    /** The same with the curvature of the loss every so many steps. */
    public Probe withCurvature(int steps) {
        return new Probe(every, rows, steps, sample);
    }

    @Override
    public ProbeWatcher watch(Run run, Training training) {
        return new ProbeWatcher(this, run, training);
    }
}
