package gradus.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** All samples checked in all aspects, as a table of operations and layers. */
public final class Coverage {
    private final Map<String, List<CheckReport>> reports = new LinkedHashMap<>();
    private final UlpHistogram histogram = new UlpHistogram();
    private final Set<Class<?>> missing;

    private Coverage(Set<Class<?>> missing) {
        this.missing = missing;
    }

    /**
     * Checks every sample of these operations and layers, of all when none is named.
     *
     * @param backends compared to the bit with {@code scalar}
     * @throws IllegalArgumentException for a name without samples
     */
    public static Coverage of(List<String> names, List<String> backends) {
        List<Sample> all = new ArrayList<>(Samples.operations());
        all.addAll(LayerSamples.layers());
        for (String name : names) {
            if (all.stream().noneMatch(s -> s.subjectName().equalsIgnoreCase(name))) {
                throw new IllegalArgumentException("there are no samples of an operation or layer " + name + "; there are "
                        + String.join(", ", all.stream().map(Sample::subjectName).distinct().toList()));
            }
        }
        Coverage coverage = new Coverage(names.isEmpty() ? Samples.missing() : Set.of());
        for (Sample s : all) {
            if (names.isEmpty() || names.stream().anyMatch(s.subjectName()::equalsIgnoreCase)) {
                CheckReport report = s.check().on(backends).report();
                coverage.reports.computeIfAbsent(s.subjectName(), k -> new ArrayList<>()).add(report);
                coverage.histogram.addAll(report.float32());
            }
        }
        return coverage;
    }

    /** Whether every permitted operation has samples, and every sample passes in every aspect. */
    public boolean complete() {
        return missing.isEmpty() && reports.values().stream().flatMap(List::stream)
                .allMatch(r -> java.util.Arrays.stream(Aspect.values()).allMatch(r::passed));
    }

    /** What was found out about each sample. */
    public List<CheckReport> reports() {
        return reports.values().stream().flatMap(List::stream).toList();
    }

    /** Units in the last place between float32 and float64 gradients, over all samples. */
    public UlpHistogram float32() {
        return histogram;
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(String.format(Locale.ROOT, "%-24s %7s", "", "samples"));
        for (Aspect a : Aspect.values()) {
            s.append(String.format(Locale.ROOT, " %14s", a.title()));
        }
        reports.forEach((subject, list) -> s.append('\n').append(line(subject, list)));
        missing.forEach(c -> s.append('\n').append(String.format(Locale.ROOT, "%-24s %7d  MISSING: add a row to gradus.check.Samples", c.getSimpleName(), 0)));
        reports().stream().filter(r -> !r.passed()).forEach(r -> s.append("\n\n").append(r));
        return s.append("\n\n").append(summary()).toString();
    }

    private static String line(String subject, List<CheckReport> list) {
        StringBuilder s = new StringBuilder(String.format(Locale.ROOT, "%-24s %7d", subject, list.size()));
        for (Aspect a : Aspect.values()) {
            int pass = total(list, a, Verdict.PASS);
            int fail = total(list, a, Verdict.FAIL);
            int open = total(list, a, Verdict.INCONCLUSIVE);
            boolean all = list.stream().allMatch(r -> r.passed(a));
            String cell = fail > 0 ? "FAIL " + fail : !all ? "MISS" : pass + (open > 0 ? " (" + open + " ?)" : "");
            s.append(String.format(Locale.ROOT, " %14s", cell));
        }
        return s.toString();
    }

    private static int total(List<CheckReport> list, Aspect a, Verdict v) {
        return list.stream().mapToInt(r -> r.count(a, v)).sum();
    }

    private String summary() {
        Map<Verdict, Integer> sums = new EnumMap<>(Verdict.class);
        for (Verdict v : Verdict.values()) {
            for (Aspect a : Aspect.values()) {
                sums.merge(v, total(reports(), a, v), Integer::sum);
            }
        }
        return reports.size() + " operations and layers, " + reports().size() + " samples: " + sums.get(Verdict.PASS) + " comparisons pass, "
                + sums.get(Verdict.FAIL) + " fail, " + sums.get(Verdict.INCONCLUSIVE) + " inconclusive (?)"
                + "\nfloat32 gradients, units in the last place from float64: " + histogram;
    }
}
