package gradus.runner;

import gradus.optim.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run that repeats another one bit for bit up to a step, and goes on with some numbers of its update rules changed.
 *
 * @param run    folder of the earlier run
 * @param at     steps that every training takes as the earlier run did
 * @param model  the training whose rule changes, or null for every one
 * @param set    {@code RULE.SETTING} or {@code SETTING}, and its value from then on; may be empty
 * @param before what changed in the earlier run, if that is a fork itself; it changes here at the same steps
 */
public record Fork(Path run, long at, String model, Map<String, Double> set, List<Change> before) {
    /** Copies the settings and the list, checks the step. */
    public Fork {
        set = Map.copyOf(set);
        before = List.copyOf(before);
        if (at < 0) {
            throw new UsageException("--at " + at + ": wanted a number of steps of at least 0");
        }
    }

    /** Numbers of update rules that change after so many steps; {@code model} null for every training. */
    public record Change(long at, String model, Map<String, Double> set) {
        /** Copies the settings. */
        public Change {
            set = Map.copyOf(set);
        }

        private boolean of(String training) {
            return model == null || model.equals(training);
        }

        private void apply(Optimizer optimizer) {
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

    /** Everything that changes, the earlier run's changes first. */
    List<Change> all() {
        List<Change> all = new ArrayList<>(before);
        if (!set.isEmpty()) {
            all.add(new Change(at, model, set));
        }
        return all;
    }

    /** What changes beside the earlier run's own changes, in words. */
    String changes() {
        return set.isEmpty() ? "nothing" : new TreeMap<>(set) + (model == null ? "" : " of " + model);
    }

    boolean changes(String training) {
        return !set.isEmpty() && (model == null || model.equals(training));
    }

    /** Makes the changes of a training that are due before its next step. */
    void change(String training, Optimizer optimizer) {
        all().stream().filter(c -> c.at() == optimizer.steps() && c.of(training)).forEach(c -> c.apply(optimizer));
    }

    /** Makes the changes of a training that were due before the steps that a checkpoint has brought back. */
    void catchUp(String training, Optimizer optimizer) {
        all().stream().filter(c -> c.at() < optimizer.steps() && c.of(training)).forEach(c -> c.apply(optimizer));
    }
}
