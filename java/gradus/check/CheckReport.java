package gradus.check;

import java.util.List;
import java.util.Map;

/** What a {@link GradCheck} found. */
public final class CheckReport {
    private final GradCheck check;
    private final String name;
    private final Findings findings;
    private final UlpHistogram histogram;

    CheckReport(GradCheck check, String name, Findings findings, UlpHistogram histogram) {
        this.check = check;
        this.name = name;
        this.findings = findings;
        this.histogram = histogram;
    }

    GradCheck check() {
        return check;
    }

    /** Name of the function. */
    public String name() {
        return name;
    }

    /** Comparisons with a verdict. */
    public int count(Aspect aspect, Verdict verdict) {
        int[] counts = findings.counts().get(aspect);
        return counts == null ? 0 : counts[verdict.ordinal()];
    }

    /** Whether any derivative is wrong. */
    public boolean failed() {
        return findings.failed();
    }

    /** Whether nothing is wrong, and every aspect that was asked for has something that was verified. */
    public boolean passed() {
        return !failed() && unverified().isEmpty();
    }

    /** Aspects in which every comparison was inconclusive. */
    public List<Aspect> unverified() {
        return findings.counts().keySet().stream().filter(a -> count(a, Verdict.PASS) == 0).toList();
    }

    /** Whether the aspect was asked for, is not wrong anywhere and verified somewhere. */
    public boolean passed(Aspect aspect) {
        return count(aspect, Verdict.FAIL) == 0 && count(aspect, Verdict.PASS) > 0;
    }

    /** What did not pass, failures and inconclusive comparisons; at most 200. */
    public List<Finding> findings() {
        return List.copyOf(findings.kept());
    }

    /** The failures among {@link #findings}. */
    public List<Finding> failures() {
        return findings.kept().stream().filter(f -> f.verdict() == Verdict.FAIL).toList();
    }

    /** Units in the last place between the float32 and the float64 gradients. */
    public UlpHistogram float32() {
        return histogram;
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(failed() ? "Wrong gradient: " : passed() ? "Verified: " : "Nothing verified: ").append(name);
        for (Map.Entry<Aspect, int[]> e : findings.counts().entrySet()) {
            int[] n = e.getValue();
            s.append("\n  ").append(e.getKey().title()).append(": ").append(n[0]).append(" pass, ").append(n[1]).append(" fail, ").append(n[2])
                    .append(" inconclusive");
        }
        findings.kept().stream().limit(8).forEach(f -> s.append("\n  ").append(f));
        return s.toString();
    }
}
