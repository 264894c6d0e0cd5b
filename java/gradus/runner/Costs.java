package gradus.runner;

import gradus.tensor.Tensor;
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

    /** All of them as rows of epoch, batch and cost: [costs, 3], float64. */
    Tensor table() {
        double[] rows = new double[3 * all.size()];
        for (int i = 0; i < all.size(); i++) {
            rows[3 * i] = all.get(i).epoch();
            rows[3 * i + 1] = all.get(i).batch();
            rows[3 * i + 2] = all.get(i).cost();
        }
        return Tensor.of(rows, all.size(), 3);
    }

    /** Adds the rows of such a table. */
    void restore(Tensor table) {
        double[] rows = table.toDoubles();
        for (int i = 0; i < rows.length; i += 3) {
            add((int) rows[i], (int) rows[i + 1], rows[i + 2]);
        }
    }

    /** All of them. */
    public List<Cost> all() {
        return List.copyOf(all);
    }

    /** The costs alone, in order. */
    public double[] values() {
        return all.stream().mapToDouble(Cost::cost).toArray();
    }

    /** The epoch of each, in order. */
    public double[] epochOfEach() {
        return all.stream().mapToDouble(Cost::epoch).toArray();
    }

    /** The mean cost of each epoch's batches, from epoch 1. */
    public double[] means() {
        double[] total = new double[epochs()];
        int[] count = new int[total.length];
        for (Cost c : all) {
            total[c.epoch() - 1] += c.cost();
            count[c.epoch() - 1]++;
        }
        for (int i = 0; i < total.length; i++) {
            total[i] /= count[i];
        }
        return total;
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

    /** The newest cost. */
    public double last() {
        return all.getLast().cost();
    }

    /** Number of the last epoch, 0 before the first. */
    public int epochs() {
        return all.isEmpty() ? 0 : all.getLast().epoch();
    }
}
