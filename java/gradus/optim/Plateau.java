package gradus.optim;

/**
 * Lowers the learning rate when a metric, observed once an epoch, no longer falls. Feed the negative of one that ought to rise.
 *
 * <pre>
 *   better:   PyTorch m &lt; best − θ·|best|                            Keras m &lt; best − θ
 *   lowers:   PyTorch after more than `patience` epochs without progress   Keras after `patience` of them: one epoch earlier
 * </pre>
 *
 * PyTorch's θ is relative to the best value ({@code threshold_mode='rel'}), Keras' is absolute ({@code min_delta}). A metric that is NaN is no
 * progress.
 *
 * @param factor        what the learning rate is multiplied by
 * @param patience      epochs without progress
 * @param minimumChange θ
 * @param cooldown      epochs after a lowering in which nothing is counted
 * @param smallest      the least {@link State#factor()}
 */
public record Plateau(double factor, int patience, double minimumChange, int cooldown, double smallest, Dialect dialect) {
    /** The factor on the learning rate now, and what the next observation is compared with. */
    public record State(double factor, double best, int waited, int cooling) {
    }

    /** {@code ReduceLROnPlateau} of PyTorch with its defaults: a tenth after more than 10 epochs without progress by 1e-4 of the best. */
    public static Plateau torch() {
        return new Plateau(0.1, 10, 1e-4, 0, 0, Dialect.TORCH);
    }

    /** {@code ReduceLROnPlateau} of Keras with its defaults: a tenth after 10 epochs without progress by 1e-4. */
    public static Plateau keras() {
        return new Plateau(0.1, 10, 1e-4, 0, 0, Dialect.KERAS);
    }

    /** Checks the ranges. */
    public Plateau {
        if (!(factor > 0 && factor < 1) || patience < 0 || cooldown < 0) {
            throw new IllegalArgumentException("plateau: factor " + factor + ", patience " + patience + ", cooldown " + cooldown
                    + "; wanted a factor between 0 and 1 and counts of at least 0");
        }
    }

    /** Before the first observation: factor 1. */
    public State begin() {
        return new State(1, Double.POSITIVE_INFINITY, 0, 0);
    }

    /** The state after a metric was observed. */
    public State observe(State s, double metric) {
        return switch (dialect) {
            case TORCH -> torch(s, metric);
            case KERAS -> keras(s, metric);
        };
    }

    private State torch(State s, double metric) {
        boolean better = metric < (Double.isInfinite(s.best) ? s.best : s.best - minimumChange * Math.abs(s.best));
        int waited = better ? 0 : s.waited + 1;
        double best = better ? metric : s.best;
        int cooling = s.cooling;
        if (cooling > 0) {
            cooling--;
            waited = 0;
        }
        return waited > patience ? new State(lowered(s.factor), best, 0, cooldown) : new State(s.factor, best, waited, cooling);
    }

    private State keras(State s, double metric) {
        int cooling = Math.max(0, s.cooling - 1);
        int waited = s.cooling > 0 ? 0 : s.waited;
        if (metric < s.best - minimumChange) {
            return new State(s.factor, metric, 0, cooling);
        }
        if (cooling > 0) {
            return new State(s.factor, s.best, waited, cooling);
        }
        return waited + 1 >= patience && s.factor > smallest ? new State(lowered(s.factor), s.best, 0, cooldown)
                : new State(s.factor, s.best, waited + 1, cooling);
    }

    private double lowered(double now) {
        return Math.max(now * factor, smallest);
    }
}
