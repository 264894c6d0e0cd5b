package gradus.optim;

/**
 * Ends training when a metric, observed once an epoch, has not fallen by more than {@code minimumChange} below its best for {@code patience}
 * epochs in a row (Prechelt 1998; {@code EarlyStopping} of Keras). Feed the negative of a metric that ought to rise. A metric that is NaN is no
 * progress.
 *
 * @param patience      epochs without progress, at least 1
 * @param minimumChange how much counts as progress
 */
public record EarlyStopping(int patience, double minimumChange) {
    /**
     * What was seen.
     *
     * @param epoch     epochs observed
     * @param best      the best metric
     * @param bestEpoch when it was seen, from 1; 0 before
     */
    public record State(int epoch, double best, int bestEpoch) {
        /** Whether the last observation was the best so far. */
        public boolean isBest() {
            return epoch > 0 && bestEpoch == epoch;
        }
    }

    /** Checks the ranges. */
    public EarlyStopping {
        if (patience < 1 || !(minimumChange >= 0)) {
            throw new IllegalArgumentException("early stopping: patience " + patience + ", minimum change " + minimumChange + "; wanted at least 1 and 0");
        }
    }

    /** Before the first epoch. */
    public State begin() {
        return new State(0, Double.POSITIVE_INFINITY, 0);
    }

    /** The state after one more epoch. */
    public State observe(State s, double metric) {
        int epoch = s.epoch + 1;
        return metric + minimumChange < s.best ? new State(epoch, metric, epoch) : new State(epoch, s.best, s.bestEpoch);
    }

    /** Whether training ends here. */
    public boolean stops(State s) {
        return s.epoch - s.bestEpoch >= patience;
    }
}
