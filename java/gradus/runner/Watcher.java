package gradus.runner;

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

    /**
     * A checkpoint is about to be written of the training as it is. Returns what is to be written before it, for a run that resumes from it to find, or null where there is
     * nothing; both are written {@linkplain Run#beside beside} the training.
     */
    default Run.Work saving() {
        return null;
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
