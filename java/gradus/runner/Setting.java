package gradus.runner;

import java.util.List;
import java.util.Map;

/**
 * Something about an experiment that {@code --set name=value} changes.
 *
 * @param name    as typed
 * @param full    value of the full run
 * @param quick   value under {@code --quick}
 * @param repro   value in {@code gradus repro --quick}, which C1 and the interpreter compute too, at a hundredth of the speed
 * @param meaning what it is, for {@code gradus list}
 */
public record Setting(String name, String full, String quick, String repro, String meaning) {
    /** A text. */
    public static Setting of(String name, String full, String quick, String meaning) {
        return new Setting(name, full, quick, quick, meaning);
    }

    /** A whole number. */
    public static Setting of(String name, long full, long quick, String meaning) {
        return of(name, Long.toString(full), Long.toString(quick), meaning);
    }

    /** A number. */
    public static Setting of(String name, double value, String meaning) {
        return of(name, Double.toString(value), Double.toString(value), meaning);
    }

    /** The same with another value in {@code gradus repro --quick}: little enough work for an interpreter, enough to go through all of the code. */
    public Setting inRepro(Object value) {
        return new Setting(name, full, quick, value.toString(), meaning);
    }

    /** The same settings with other values in {@code gradus repro --quick}, by their names. */
    public static List<Setting> inRepro(List<Setting> settings, Map<String, Object> values) {
        return settings.stream().map(s -> values.containsKey(s.name()) ? s.inRepro(values.get(s.name())) : s).toList();
    }
}
