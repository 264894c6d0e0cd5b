package gradus.check;

import gradus.backend.Backend;
import gradus.backend.scalar.ScalarBackend;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Verifies the derivatives of a function at a point: {@code GradCheck.of(x -> x.softplus(), x).verify()}.
 *
 * <p>There is no tolerance to set. Numeric derivatives come with an error estimate (see {@code docs/gradients.md}), and each comparison passes,
 * fails or is inconclusive by it. The point is taken in float64 whatever its type.
 */
public final class GradCheck {
    private final Differentiable function;
    private final List<Tensor> inputs;
    private final String name;
    private final String expression;
    private final long seed;
    private final Set<Aspect> aspects;
    private final List<String> backends;
    private final Tape.Rules rules;

    private GradCheck(Differentiable function, List<Tensor> inputs, String name, String expression, long seed, Set<Aspect> aspects,
            List<String> backends, Tape.Rules rules) {
        this.function = function;
        this.inputs = List.copyOf(inputs);
        this.name = name;
        this.expression = expression;
        this.seed = seed;
        this.aspects = aspects;
        this.backends = backends;
        this.rules = rules;
    }

    private record One(UnaryOperator<Value> function) implements Differentiable {
        @Override
        public Value apply(List<Value> inputs) {
            return function.apply(inputs.getFirst());
        }
    }

    private record Two(BinaryOperator<Value> function) implements Differentiable {
        @Override
        public Value apply(List<Value> inputs) {
            return function.apply(inputs.get(0), inputs.get(1));
        }
    }

    /** A check of a function of one value. */
    public static GradCheck of(UnaryOperator<Value> function, Tensor x) {
        return of(new One(function), List.of(x));
    }

    /** A check of a function of two values. */
    public static GradCheck of(BinaryOperator<Value> function, Tensor a, Tensor b) {
        return of(new Two(function), List.of(a, b));
    }

    /** A check of a function of a list of values. */
    public static GradCheck of(Differentiable function, List<Tensor> inputs) {
        return new GradCheck(function, inputs, "function", null, 1, EnumSet.allOf(Aspect.class), List.of("cpu"), Tape.Rules.OWN);
    }

    /** The same check with a name for its messages. */
    public GradCheck named(String name) {
        return new GradCheck(function, inputs, name, expression, seed, aspects, backends, rules);
    }

    /** The same check, told how the function is written in Java, for the test that a failure offers to paste. */
    public GradCheck written(String expression) {
        return new GradCheck(function, inputs, name, expression, seed, aspects, backends, rules);
    }

    /** The same check with other random directions. */
    public GradCheck seed(long seed) {
        return new GradCheck(function, inputs, name, expression, seed, aspects, backends, rules);
    }

    /** The same check of less. */
    public GradCheck only(Aspect first, Aspect... rest) {
        return new GradCheck(function, inputs, name, expression, seed, EnumSet.of(first, rest), backends, rules);
    }

    /** The same check without an aspect, for example without {@link Aspect#SECOND_ORDER} for a rule that is not written in values. */
    public GradCheck without(Aspect aspect) {
        Set<Aspect> fewer = EnumSet.copyOf(aspects);
        fewer.remove(aspect);
        return new GradCheck(function, inputs, name, expression, seed, fewer, backends, rules);
    }

    /** The same check with the bits compared on these backends; the default is {@code cpu}. {@code scalar} is always the reference. */
    public GradCheck on(List<String> backends) {
        return new GradCheck(function, inputs, name, expression, seed, aspects, List.copyOf(backends), rules);
    }

    /** The same check with other backward rules. */
    GradCheck rules(Tape.Rules rules) {
        return new GradCheck(function, inputs, name, expression, seed, aspects, backends, rules);
    }

    /** The same check at another point. */
    GradCheck at(List<Tensor> inputs) {
        return new GradCheck(function, inputs, name, expression, seed, aspects, backends, rules);
    }

    String expression() {
        return expression;
    }

    /** Whether the function takes a list, and so the factory method does. */
    boolean takesList() {
        return !(function instanceof One || function instanceof Two);
    }

    long seed() {
        return seed;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    Oracle oracle() {
        return new Oracle(function, inputs, seed);
    }

    Evaluator evaluator(Oracle oracle, Backend backend, DType dtype) {
        return new Evaluator(function, backend, rules, oracle.packing, dtype);
    }

    /** Compares everything and reports; throws only what the function itself throws. */
    public CheckReport report() {
        return report(oracle());
    }

    CheckReport report(Oracle oracle) {
        return report(oracle, false);
    }

    /** Stops after the first aspect that fails when asked to, which the mutation harness does. */
    CheckReport report(Oracle oracle, boolean untilFailure) {
        Findings findings = new Findings();
        UlpHistogram histogram = new UlpHistogram();
        for (Aspect aspect : Aspect.values()) {
            if (aspects.contains(aspect) && !(untilFailure && findings.failed())) {
                try {
                    check(aspect, oracle, findings, histogram);
                } catch (RuntimeException e) {
                    findings.fail(aspect, "of " + name, "the gradient rule threw " + e);
                }
            }
        }
        return new CheckReport(this, name, findings, histogram);
    }

    private void check(Aspect aspect, Oracle oracle, Findings findings, UlpHistogram histogram) {
        Backend backend = new ScalarBackend();
        Evaluator wide = evaluator(oracle, backend, DType.FLOAT64);
        switch (aspect) {
            case FORWARD -> new Repeatability(function, oracle, rules, findings).forward(backend);
            case VJP -> new FirstOrder(oracle, wide, findings).vjp();
            case JVP -> new FirstOrder(oracle, wide, findings).jvp();
            case SECOND_ORDER -> SecondOrder.check(oracle, wide, findings);
            case FLOAT32 -> SinglePrecision.check(oracle, wide, evaluator(oracle, backend, DType.FLOAT32), findings,
                    histogram);
            case BACKENDS -> new Repeatability(function, oracle, rules, findings).backends(backends);
        }
    }

    /**
     * Compares everything and complains.
     *
     * @throws AssertionError when a derivative is wrong, or when nothing could be verified; the message holds the smallest failing input found
     *     and a test to paste
     */
    public void verify() {
        CheckReport report = report();
        if (!report.passed()) {
            throw new AssertionError(report.failed() ? FailureMessage.of(report, Shrinker.smallest(this)) : report.toString());
        }
    }

    @Override
    public String toString() {
        return "check of " + name + " at " + Arrays.toString(inputs.toArray());
    }
}
