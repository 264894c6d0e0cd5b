package gradus.runner;

import java.io.IOException;

/**
 * Looks on while a model is trained. It may compute what it likes and changes nothing: a training that was watched ends with the bits of one that
 * was not.
 */
public interface Watcher {
    /** Makes the watcher of one training. */
    @FunctionalInterface
    interface Maker {
        /** A watcher for this training, or null where there is nothing to see. */
        Watcher watch(Run run, Training training);
    }

    /** The training goes on after so many steps of an earlier process; nothing was shown yet. */
    default void resumed(long steps) {
    }

    /** A checkpoint is about to be written of the training as it is; what a run that resumes from it wants to find is to be written first. */
    default void saving() throws IOException {
    }

    /** Whether the step after so many steps is to be shown. */
    boolean wants(long stepsTaken);

    /** The gradients are there; the weights and the optimizer's state are still those of before. */
    void before(Step step);

    /** The optimizer has taken the same step. */
    void after(Step step);

    /** The training is over. */
    void finish();
}
