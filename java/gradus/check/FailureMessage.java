package gradus.check;

import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a failure prints: what is wrong, the smallest case, what it looks like, and a test to paste. */
final class FailureMessage {
    private static final int SHOWN = 4;

    private FailureMessage() {
    }

    static String of(CheckReport report, GradCheck smallest) {
        CheckReport small = smallest.report();
        StringBuilder s = new StringBuilder("Wrong gradient: ").append(report.name()).append(" (seed ").append(smallest.seed()).append(")\n");
        for (Aspect a : Aspect.values()) {
            int fail = report.count(a, Verdict.FAIL);
            if (fail > 0) {
                s.append("  ").append(a.title()).append(": ").append(fail).append(" of ")
                        .append(fail + report.count(a, Verdict.PASS) + report.count(a, Verdict.INCONCLUSIVE)).append(" comparisons fail\n");
            }
        }
        append(s, report.failures());
        s.append("\nThe smallest failing input found:\n");
        for (int k = 0; k < smallest.inputs().size(); k++) {
            Tensor t = smallest.inputs().get(k);
            s.append("  input ").append(k).append(" ").append(t.shape()).append(" = ").append(Arrays.toString(t.toDoubles())).append('\n');
        }
        append(s, small.failures());
        Diagnosis.of(smallest).forEach(line -> s.append("\n").append(line).append('\n'));
        return s.append("\nA test to paste:\n\n").append(test(report.name(), smallest)).toString();
    }

    private static void append(StringBuilder s, List<Finding> failures) {
        failures.stream().limit(SHOWN).forEach(f -> s.append("  ").append(f).append('\n'));
        if (failures.size() > SHOWN) {
            s.append("  and ").append(failures.size() - SHOWN).append(" more\n");
        }
    }

    private static String test(String name, GradCheck check) {
        String method = name.replaceAll("[^A-Za-z0-9]+", " ").trim().replace(' ', '_');
        String function = check.expression() != null ? check.expression() : "/* the function that was checked */";
        String inputs = check.inputs().stream().map(FailureMessage::java).collect(Collectors.joining(",\n                "));
        if (check.takesList()) {
            inputs = "List.of(" + inputs + ")";
        }
        return "    @Test\n    void gradientOf_" + method + "() {\n        GradCheck.of(" + function + ",\n                " + inputs + ").seed("
                + check.seed() + ").verify();\n    }\n";
    }

    private static String java(Tensor t) {
        String numbers = Arrays.stream(t.toDoubles()).mapToObj(FailureMessage::literal).collect(Collectors.joining(", ", "{", "}"));
        String dims = Arrays.stream(t.shape().dims()).mapToObj(d -> ", " + d).collect(Collectors.joining());
        return "Tensor.of(new double[] " + numbers + dims + ")";
    }

    private static String literal(double v) {
        return Double.isNaN(v) ? "Double.NaN" : Double.isInfinite(v) ? (v > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY") : Double.toString(v);
    }
}
