package gradus.runner;

import java.util.List;

/** Something to run: it computes, and tells its {@link Run} what it found. */
public interface Experiment {
    /** Name on the command line. */
    String name();

    /** One line on what it does. */
    String title();

    /** What it reproduces: the report or tutorial, with author and year where they are known. */
    String source();

    /** The seed when none is given. */
    default long seed() {
        return 0;
    }

    /** What {@code --set} changes. */
    default List<Setting> settings() {
        return List.of();
    }

    /** Does it. */
    void run(Run run);
}
