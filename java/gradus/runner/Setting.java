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
 * @param kind    what may be typed
 */
public record Setting(String name, String full, String quick, String repro, String meaning, Kind kind) {
    /** What may be typed for a setting. */
    public enum Kind {
        /** Anything that the experiment makes sense of. */
        TEXT,
        /** A finite number of at least 0. */
        NUMBER,
        /** A whole number, 0 or more. */
        COUNT_OR_ZERO,
        /** A whole number, 1 or more. */
        COUNT
    }

    /** A text. */
    public static Setting of(String name, String full, String quick, String meaning) {
        return new Setting(name, full, quick, quick, meaning, Kind.TEXT);
    }

    /** A whole number of at least 1, or of at least 0 where that is a value of its own. */
    public static Setting of(String name, long full, long quick, String meaning) {
        Kind kind = Math.min(full, quick) > 0 ? Kind.COUNT : Kind.COUNT_OR_ZERO;
        return new Setting(name, Long.toString(full), Long.toString(quick), Long.toString(quick), meaning, kind);
    }

    /** A number of at least 0. */
    public static Setting of(String name, double value, String meaning) {
        return new Setting(name, Double.toString(value), Double.toString(value), Double.toString(value), meaning, Kind.NUMBER);
    }

    /** The same setting, where 0 means something too. */
    public Setting orZero() {
        return new Setting(name, full, quick, repro, meaning, Kind.COUNT_OR_ZERO);
    }

    /** The same with another value in {@code gradus repro --quick}: little enough work for an interpreter, enough to go through all of the code. */
    public Setting inRepro(Object value) {
        return new Setting(name, full, quick, value.toString(), meaning, kind);
    }

    /** The same settings with other values in {@code gradus repro --quick}, by their names. */
    public static List<Setting> inRepro(List<Setting> settings, Map<String, Object> values) {
        return settings.stream().map(s -> values.containsKey(s.name()) ? s.inRepro(values.get(s.name())) : s).toList();
    }

    /**
     * Looks at a value that was typed, before anything is computed with it.
     *
     * @throws UsageException when it is none of this setting's kind
     */
    void require(String value) {
        boolean fits = switch (kind) {
            case TEXT -> true;
            case NUMBER -> number(value) >= 0 && number(value) < Double.POSITIVE_INFINITY;
            case COUNT_OR_ZERO -> whole(value) >= 0;
            case COUNT -> whole(value) >= 1;
        };
        if (!fits) {
            throw new UsageException("--set " + name + "=" + value + ": wanted " + (kind == Kind.NUMBER ? "a number of at least 0"
                    : "a whole number from " + (kind == Kind.COUNT ? 1 : 0) + " to " + Integer.MAX_VALUE));
        }
    }

    /** The number, or NaN. */
    private static double number(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    /** The number, or −1. */
    private static int whole(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException none) {
            return -1;
        }
    }
}
