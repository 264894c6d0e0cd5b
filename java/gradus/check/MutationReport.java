package gradus.check;

import gradus.backend.scalar.ScalarBackend;
import gradus.op.Tape;
import gradus.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who notices a wrong backward rule? Every {@link Mutation} is made for every operand of every operation, by answering for the rule, and the
 * samples of the operation are checked: by {@link GradCheck}, and by the plain test that many projects use, one numeric directional derivative of
 * the sum of all results. A mutant that changes no derivative of any sample, such as swapping the two gradients of a sum, is no mistake and does
 * not count.
 */
public final class MutationReport {
    /**
     * A mistake that was made.
     *
     * @param caught by {@link GradCheck}
     * @param caughtPlainly by the plain test
     */
    public record Mutant(String operation, int operand, Mutation mutation, boolean caught, boolean caughtPlainly) {
        @Override
        public String toString() {
            return mutation.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " in operand " + operand + " of " + operation;
        }
    }

    private record Point(Sample sample, Oracle oracle) {
    }

    private final List<Mutant> mutants = new ArrayList<>();
    private int equivalent;

    private MutationReport() {
    }

    /** Mutates the rules of these operations, of all when none is named. */
    public static MutationReport of(List<String> names) {
        Map<Class<?>, List<Point>> points = new LinkedHashMap<>();
        for (Sample s : Samples.operations()) {
            if (names.isEmpty() || names.stream().anyMatch(s.subjectName()::equalsIgnoreCase)) {
                Point p = new Point(s, s.check().oracle());
                if (p.oracle.isSmall() && !p.oracle.isEmpty()) {
                    points.computeIfAbsent(s.subject(), c -> new ArrayList<>()).add(p);
                }
            }
        }
        MutationReport report = new MutationReport();
        points.forEach(report::mutate);
        return report;
    }

    private void mutate(Class<?> op, List<Point> points) {
        int operands = points.stream().mapToInt(p -> operands(op, p)).max().orElse(0);
        for (int k = 0; k < operands; k++) {
            for (Mutation m : Mutation.values()) {
                Tape.Rules wrong = m.in(op, k);
                if (points.stream().noneMatch(p -> changes(p, wrong))) {
                    equivalent++;
                } else {
                    mutants.add(new Mutant(op.getSimpleName(), k, m, points.stream().anyMatch(p -> caught(p, wrong)),
                            points.stream().anyMatch(p -> caughtPlainly(p, wrong))));
                }
            }
        }
    }

    /** Operands of the operation where the sample applies it. */
    private static int operands(Class<?> op, Point p) {
        int[] most = {0};
        Tape.Rules counting = (o, y, g) -> {
            if (o.getClass() == op) {
                most[0] = Math.max(most[0], o.inputs().size());
            }
            return o.vjp(y, g);
        };
        evaluator(p, counting).vjp(p.oracle.x, new double[p.oracle.y.length]);
        return most[0];
    }

    private static Evaluator evaluator(Point p, Tape.Rules rules) {
        return new Evaluator(p.sample.function(), new ScalarBackend(), rules, p.oracle.packing, DType.FLOAT64);
    }

    /** Whether any derivative of the sample comes out otherwise than by the right rules. */
    private static boolean changes(Point p, Tape.Rules wrong) {
        try {
            return !Arrays.equals(derivatives(p, Tape.Rules.OWN), derivatives(p, wrong));
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static double[] derivatives(Point p, Tape.Rules rules) {
        Evaluator e = evaluator(p, rules);
        var random = p.oracle.random("equivalence");
        double[] c = Oracle.signed(random, p.oracle.y.length);
        double[] v = Oracle.signed(random, p.oracle.x.length);
        double[] x = p.oracle.x;
        List<Double> all = new ArrayList<>();
        for (double[] d : List.of(e.vjp(x, c), e.jvp(x, v), e.hessianVector(x, c, v))) {
            for (double element : d) {
                all.add(element + 0.0);
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static boolean caught(Point p, Tape.Rules wrong) {
        return p.sample.check().rules(wrong).only(Aspect.VJP, Aspect.JVP, Aspect.SECOND_ORDER).report(p.oracle, true).failed();
    }

    /** d/dh Σ f(x + h·1) by one central difference against 1ᵀ·∇Σ f, within one part in ten thousand. */
    private static boolean caughtPlainly(Point p, Tape.Rules wrong) {
        double[] ones = new double[p.oracle.x.length];
        double[] cotangent = new double[p.oracle.y.length];
        Arrays.fill(ones, 1);
        Arrays.fill(cotangent, 1);
        Evaluator e = evaluator(p, wrong);
        double h = 1e-6;
        double above = FirstOrder.dot(e.value(NumericDerivative.moved(p.oracle.x, ones, h)), cotangent);
        double below = FirstOrder.dot(e.value(NumericDerivative.moved(p.oracle.x, ones, -h)), cotangent);
        double numeric = (above - below) / (2 * h);
        try {
            double analytic = FirstOrder.dot(e.vjp(p.oracle.x, cotangent), ones);
            return !(Math.abs(analytic - numeric) <= 1e-4 * Math.max(1, Math.abs(numeric)));
        } catch (RuntimeException thrown) {
            return true;
        }
    }

    /** All mutants that change a derivative. */
    public List<Mutant> mutants() {
        return List.copyOf(mutants);
    }

    /** The share of mutants caught by {@link GradCheck}. */
    public double share() {
        return mutants.isEmpty() ? 1 : (double) mutants.stream().filter(Mutant::caught).count() / mutants.size();
    }

    /** The share of mutants caught by the plain test. */
    public double plainShare() {
        return mutants.isEmpty() ? 1 : (double) mutants.stream().filter(Mutant::caughtPlainly).count() / mutants.size();
    }

    /** Mutants that nobody but the author would know of. */
    public List<Mutant> survivors() {
        return mutants.stream().filter(m -> !m.caught).toList();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(String.format(Locale.ROOT,
                "%d wrong rules (and %d that change nothing): GradCheck catches %d (%.1f %%), one direction with a cotangent of ones %d (%.1f %%)",
                mutants.size(), equivalent, mutants.stream().filter(Mutant::caught).count(), 100 * share(),
                mutants.stream().filter(Mutant::caughtPlainly).count(), 100 * plainShare()));
        survivors().forEach(m -> s.append("\n  survives: ").append(m));
        return s.toString();
    }
}
