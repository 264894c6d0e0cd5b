package gradus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What must hold of every rule: it descends, every setting acts, states come back from their parts. */
class RulesTest {
    private final Backend backend = new ScalarBackend();

    /** A function of a few variables with its gradient, a start, and how far each rule must bring it down. */
    private record Valley(String name, double[] start, ToDoubleFunction<double[]> f, UnaryOperator<double[]> gradient, int steps, double part) {
    }

    private static final Valley PARABOLA = new Valley("parabola", new double[] {3, -2, 0.5},
            x -> x[0] * x[0] + 0.5 * x[1] * x[1] + 2 * x[2] * x[2], x -> new double[] {2 * x[0], x[1], 4 * x[2]}, 1000, 1e-3);
    private static final Valley ROSENBROCK = new Valley("Rosenbrock", new double[] {-1.2, 1},
            x -> (1 - x[0]) * (1 - x[0]) + 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]),
            x -> new double[] {-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] * x[0]), 200 * (x[1] - x[0] * x[0])}, 4000, 0.02);

    /** A learning rate that suits the rule: those that divide by the gradient's size take steps of about it, the others must mind the curvature. */
    private static double rate(Rule<?> rule, Valley valley) {
        boolean steep = valley == ROSENBROCK;
        return switch (rule) {
            case Sgd r -> steep ? 1e-3 : 0.05;
            case Momentum r -> steep ? 2e-4 : 0.02;
            case Nesterov r -> steep ? 2e-4 : 0.02;
            case RmsProp r -> r.momentum() > 0 ? 5e-4 : 5e-3;
            case Adagrad r -> steep && r.rateDecay() > 0 ? 2 : 0.5;
            case Adadelta r -> steep ? 0.5 : 3;
            case Adam r -> 0.02;
            case AdamW r -> 0.02;
            case AmsGrad r -> 0.02;
            case NAdam r -> 0.02;
            case RAdam r -> steep ? 5e-3 : 0.02;
            case Lion r -> steep ? 1e-3 : 5e-3;
            case Chain<?> r -> rate(r.rule(), valley);
            case UserRule<?> r -> throw new AssertionError("no rule of ours");
        };
    }

    @TestFactory
    Stream<DynamicTest> everyRuleDescends() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Valley valley : List.of(PARABOLA, ROSENBROCK)) {
            for (Rule<?> tuned : Rules.rules().stream().<Rule<?>>map(rule -> tuned(rule, valley)).distinct().toList()) {
                for (DType dtype : DType.values()) {
                    tests.add(DynamicTest.dynamicTest(valley.name + " " + dtype + " " + tuned, () -> descend(tuned, valley, dtype)));
                }
            }
        }
        return tests.stream();
    }

    /** Weight decay moves the minimum and limits shorten the way, so chains keep their rule only. */
    private static Rule<?> tuned(Rule<?> rule, Valley valley) {
        Rule<?> bare = rule instanceof Chain<?> c ? c.rule() : rule instanceof AdamW a ? a.with("decay", 1e-4) : rule;
        return bare.withLearningRate(rate(bare, valley));
    }

    private void descend(Rule<?> rule, Valley valley, DType dtype) {
        Parameter w = new Parameter("w", Tensor.of(valley.start.clone(), valley.start.length).as(dtype));
        Optimizer optimizer = new Optimizer(backend, rule, List.of(w));
        for (int t = 0; t < valley.steps; t++) {
            optimizer.step(List.of(Tensor.of(valley.gradient.apply(w.tensor().toDoubles()), valley.start.length).as(dtype)));
        }
        double before = valley.f.applyAsDouble(valley.start);
        double after = valley.f.applyAsDouble(w.tensor().toDoubles());
        assertTrue(after < valley.part * before, () -> "from " + before + " to " + after);
    }

    private double[] trace(Rule<?> rule) {
        Parameter w = new Parameter("w", Tensor.of(new double[] {1.5, -0.25, 3}, 3));
        Optimizer optimizer = new Optimizer(backend, rule, List.of(w));
        for (int t = 0; t < 60; t++) {
            optimizer.step(List.of(Tensor.of(new double[] {0.3 + t, -1e-4 * t, StrictMath.sin(t * t)}, 3)));
        }
        return w.tensor().toDoubles();
    }

    @TestFactory
    Stream<DynamicTest> everySettingActs() {
        return Rules.rules().stream().map(rule -> DynamicTest.dynamicTest(rule.toString(), () -> {
            double[] before = trace(rule);
            for (Map.Entry<String, Double> s : rule.settings().entrySet()) {
                if (s.getValue() != 0) {
                    Rule<?> other = rule.with(s.getKey(), s.getValue() * 0.7);
                    assertFalse(Arrays.equals(before, trace(other)), s.getKey() + " changes nothing");
                    assertEquals(s.getValue() * 0.7, other.settings().get(s.getKey()));
                    assertEquals(rule, other.with(s.getKey(), s.getValue()));
                }
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> statesComeBackFromTheirParts() {
        return Rules.rules().stream().map(rule -> DynamicTest.dynamicTest(rule.toString(), () -> comesBack(rule)));
    }

    private <S extends State> void comesBack(Rule<S> rule) {
        Tensor w = Tensor.of(new double[] {1, -2}, 2);
        S s = rule.apply(backend, rule.init(w), Tensor.of(new double[] {0.5, 3}, 2), w).state();
        assertEquals(1, s.count());
        assertEquals(s, rule.restore(s.count(), s.numbers(), s.tensors()));
        for (String part : s.tensors().keySet()) {
            Map<String, Tensor> rest = new TreeMap<>(s.tensors());
            rest.remove(part);
            String message = assertThrows(IllegalArgumentException.class, () -> rule.restore(1, s.numbers(), rest)).getMessage();
            assertTrue(message.contains("wants '" + part + "'"), message);
        }
    }

    @Test
    void anUnknownSettingIsNamedTogetherWithThoseThereAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> Adam.torch(1).with("beta3", 0)).getMessage();
        assertEquals("Adam has no setting 'beta3'; there are learningRate, beta1, beta2, epsilon", message);
    }

    @Test
    void whatAFrameworkLacksIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Momentum(0.1, 0.9, 0.5, Dialect.KERAS));
        assertThrows(IllegalArgumentException.class, () -> new Adagrad(0.1, 0, 1e-7, 0.5, Dialect.KERAS));
    }

    @Test
    void intermediatesAreShownByName() {
        Tensor w = Tensor.of(new double[] {1, 2}, 2);
        Adam adam = Adam.keras(0.1);
        SideStep.Taken<State.Moments> taken = new SideStep(backend).take(adam, adam.init(w), Tensor.of(new double[] {4, 0}, 2), w);
        double[] denominator = taken.noted().get("denominator").toDoubles();
        assertEquals(4 * Math.sqrt(1 - 0.999) + 1e-7, denominator[0], 1e-15);
        assertEquals(1e-7, denominator[1]);
        assertEquals(0, taken.withoutEpsilon().get("denominator").toDoubles()[1]);
    }

    @Test
    void radamBeginsWithoutItsDenominator() {
        Tensor w = Tensor.of(new double[] {0}, 1);
        RAdam rule = RAdam.torch(0.25);
        State.Moments s = rule.init(w);
        for (int t = 1; t <= 5; t++) {
            Change<State.Moments> change = rule.apply(backend, s, Tensor.of(new double[] {8}, 1), w);
            assertEquals(-0.25 * 8, change.update().item(), 1e-12, "step " + t);
            s = change.state();
        }
        assertTrue(Math.abs(rule.apply(backend, s, Tensor.of(new double[] {8}, 1), w).update().item()) < 0.25);
    }

    /** The sign of the gradient alone (Bernstein et al. 2018), written as a user would. */
    private record SignDescent(double learningRate) implements UserRule<State.Count> {
        @Override
        public State.Count init(Tensor w) {
            return new State.Count(0);
        }

        @Override
        public Change<State.Count> apply(Arithmetic math, State.Count s, Tensor g, Tensor w) {
            return new Change<>(new State.Count(s.count() + 1), math.times(math.sign(g), -learningRate));
        }

        @Override
        public State.Count restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
            return new State.Count(count);
        }

        @Override
        public SequencedMap<String, Double> settings() {
            return new LinkedHashMap<>(Map.of("learningRate", learningRate));
        }

        @Override
        public SignDescent withSettings(Map<String, Double> s) {
            return new SignDescent(s.get("learningRate"));
        }
    }

    @Test
    void aUsersRuleIsDrivenLikeOurs() {
        Parameter w = new Parameter("w", Tensor.of(new double[] {1, 2, 3}, 3));
        Optimizer optimizer = new Optimizer(backend, new SignDescent(0.5), List.of(w));
        optimizer.step(List.of(Tensor.of(new double[] {7, -1e-9, 0}, 3)));
        assertArrayEquals(new double[] {0.5, 2.5, 3}, w.tensor().toDoubles());
    }

    /** A tensor that belongs to nobody would be read as some other one. */
    private record Careless(double learningRate) implements UserRule<State.Count> {
        @Override
        public State.Count init(Tensor w) {
            return new State.Count(0);
        }

        @Override
        public Change<State.Count> apply(Arithmetic math, State.Count s, Tensor g, Tensor w) {
            return new Change<>(s, math.times(g, Tensor.of(new double[] {2}, 1)));
        }

        @Override
        public State.Count restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
            return new State.Count(count);
        }

        @Override
        public SequencedMap<String, Double> settings() {
            return new LinkedHashMap<>(Map.of("learningRate", learningRate));
        }

        @Override
        public Careless withSettings(Map<String, Double> s) {
            return new Careless(s.get("learningRate"));
        }
    }

    @Test
    void aFormulaReadsOnlyWhatItIsGiven() {
        Optimizer optimizer = new Optimizer(backend, new Careless(1), List.of(new Parameter("w", Tensor.of(new double[1], 1))));
        String message = assertThrows(IllegalArgumentException.class, () -> optimizer.step(List.of(Tensor.of(new double[1], 1)))).getMessage();
        assertTrue(message.contains("neither the gradient, the weights, part of the state nor computed from them"), message);
    }
}
