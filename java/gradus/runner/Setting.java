package gradus.runner;

/**
 * Something about an experiment that {@code --set name=value} changes.
 *
 * @param name    as typed
 * @param full    value of the full run
 * @param quick   value under {@code --quick}
 * @param meaning what it is, for {@code gradus list}
 */
public record Setting(String name, String full, String quick, String meaning) {
    /** A whole number. */
    public static Setting of(String name, long full, long quick, String meaning) {
        return new Setting(name, Long.toString(full), Long.toString(quick), meaning);
    }

    /** A number. */
    public static Setting of(String name, double value, String meaning) {
        return new Setting(name, Double.toString(value), Double.toString(value), meaning);
    }
}
