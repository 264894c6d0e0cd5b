package gradus.runner;

import java.util.ArrayList;
import java.util.List;

/** The cost of every batch of a training, in the order in which they came. */
public final class Costs {
    /**
     * One cost.
     *
     * @param epoch from 1
     * @param batch from 0
     */
    public record Cost(int epoch, int batch, double cost) {}

    private final List<Cost> all = new ArrayList<>();

    /** No costs yet. */
    public Costs() {
    }

    void add(int epoch, int batch, double cost) {
        all.add(new Cost(epoch, batch, cost));
    }

    /** All of them. */
    public List<Cost> all() {
        return List.copyOf(all);
    }

    /** The costs alone, in order. */
    public double[] values() {
        return all.stream().mapToDouble(Cost::cost).toArray();
    }

    /** Whether the cost of a batch was recorded. */
    public boolean has(int epoch, int batch) {
        return all.stream().anyMatch(c -> c.epoch() == epoch && c.batch() == batch);
    }

    /** The cost of one batch. */
    public double at(int epoch, int batch) {
        return all.stream().filter(c -> c.epoch() == epoch && c.batch() == batch).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no cost of epoch " + epoch + ", batch " + batch + " was recorded")).cost();
    }

    /** The mean cost of an epoch's batches. */
    public double meanOf(int epoch) {
        return all.stream().filter(c -> c.epoch() == epoch).mapToDouble(Cost::cost).reduce(0, Double::sum)
                / Math.max(1, all.stream().filter(c -> c.epoch() == epoch).count());
    }

    /** Number of the last epoch, 0 before the first. */
    public int epochs() {
        return all.isEmpty() ? 0 : all.getLast().epoch();
    }
}
