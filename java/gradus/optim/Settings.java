package gradus.optim;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Maps of rules' numbers. */
final class Settings {
    private Settings() {
    }

    /** Refuses numbers, given after their names, that are below 0 or not finite. */
    static void requireNotNegative(String rule, Object... namesAndNumbers) {
        requireBelow(Double.POSITIVE_INFINITY, "a finite number of at least 0", rule, namesAndNumbers);
    }

    /** Refuses shares that are to be kept of a mean, given after their names, that are not in 0 ≤ x &lt; 1. */
    static void requireShares(String rule, Object... namesAndNumbers) {
        requireBelow(1, "0 or more and less than 1", rule, namesAndNumbers);
    }

    private static void requireBelow(double limit, String wanted, String rule, Object... namesAndNumbers) {
        for (int i = 0; i < namesAndNumbers.length; i += 2) {
            double number = ((Number) namesAndNumbers[i + 1]).doubleValue();
            if (!(number >= 0 && number < limit)) {
                throw new IllegalArgumentException(rule + ": " + namesAndNumbers[i] + " is " + number + ", wanted " + wanted);
            }
        }
    }

    static SequencedMap<String, Double> of(String a, double x) {
        SequencedMap<String, Double> map = new LinkedHashMap<>();
        map.put(a, x);
        return map;
    }

    static SequencedMap<String, Double> of(String a, double x, String b, double y) {
        SequencedMap<String, Double> map = of(a, x);
        map.put(b, y);
        return map;
    }

    static SequencedMap<String, Double> of(String a, double x, String b, double y, String c, double z) {
        SequencedMap<String, Double> map = of(a, x, b, y);
        map.put(c, z);
        return map;
    }

    static SequencedMap<String, Double> of(String a, double x, String b, double y, String c, double z, String d, double u) {
        SequencedMap<String, Double> map = of(a, x, b, y, c, z);
        map.put(d, u);
        return map;
    }
}
