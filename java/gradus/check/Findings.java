package gradus.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects the comparisons of one run. */
final class Findings {
    private static final int KEPT = 200;
    private final Map<Aspect, int[]> counts = new EnumMap<>(Aspect.class);
    private final List<Finding> kept = new ArrayList<>();

    void compare(Aspect aspect, String where, double analytic, double numeric, double error, double scale, String note) {
        add(new Finding(aspect, Verdict.of(analytic, numeric, error, scale), where, analytic, numeric, error, note));
    }

    /** Compares two results of the rules themselves: a difference is a finding, agreement proves nothing about the derivative. */
    void require(Aspect aspect, String where, double one, double other, double error, double scale) {
        Verdict verdict = Verdict.of(one, other, error, scale);
        if (verdict == Verdict.FAIL) {
            add(new Finding(aspect, verdict, where, one, other, error, ""));
        }
    }

    void pass(Aspect aspect) {
        count(aspect, Verdict.PASS);
    }

    void fail(Aspect aspect, String where, String note) {
        add(new Finding(aspect, Verdict.FAIL, where, Double.NaN, Double.NaN, Double.NaN, note));
    }

    void add(Finding finding) {
        count(finding.aspect(), finding.verdict());
        if (finding.verdict() != Verdict.PASS && kept.size() < KEPT) {
            kept.add(finding);
        }
    }

    private void count(Aspect aspect, Verdict verdict) {
        counts.computeIfAbsent(aspect, a -> new int[Verdict.values().length])[verdict.ordinal()]++;
    }

    boolean failed() {
        return counts.values().stream().anyMatch(c -> c[Verdict.FAIL.ordinal()] > 0);
    }

    Map<Aspect, int[]> counts() {
        return counts;
    }

    List<Finding> kept() {
        return kept;
    }
}
