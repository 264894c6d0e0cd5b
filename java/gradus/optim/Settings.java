package gradus.optim;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Maps of rules' numbers. */
final class Settings {
    private Settings() {
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
