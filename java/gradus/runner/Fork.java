package gradus.runner;

import gradus.optim.Optimizer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run that repeats another one bit for bit up to a step, and goes on with some numbers of its update rules changed.
 *
 * @param run   folder of the earlier run
 * @param at    steps that every training takes as the earlier run did
 * @param model the training whose rule changes, or null for every one
 * @param set   {@code RULE.SETTING} or {@code SETTING}, and its value from then on; may be empty
 */
public record Fork(Path run, long at, String model, Map<String, Double> set) {
    /** Copies the settings, checks the step. */
    public Fork {
        set = Map.copyOf(set);
        if (at < 0) {
            throw new UsageException("--at " + at + ": wanted a number of steps of at least 0");
        }
    }

    /** What changes, in words. */
    String changes() {
        return set.isEmpty() ? "nothing" : new TreeMap<>(set) + (model == null ? "" : " of " + model);
    }

    boolean changes(String training) {
        return !set.isEmpty() && (model == null || model.equals(training));
    }

    void apply(Optimizer optimizer) {
        set.forEach((name, value) -> {
            int dot = name.indexOf('.');
            try {
                optimizer.change(dot < 0 ? null : name.substring(0, dot), name.substring(dot + 1), value);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--set " + name + "=" + value + ": " + e.getMessage());
            }
        });
    }
}
