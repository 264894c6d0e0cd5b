package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import gradus.grad.Gradients;
import gradus.lens.TestFunctions.Surface;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Momentum;
import gradus.optim.Nesterov;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TestFunctionsTest {
    private final ScalarBackend backend = new ScalarBackend();

    private double value(Surface f, double... x) {
        try (Tape tape = new Tape(backend)) {
            return f.at(tape.constant(Tensor.of(x, x.length))).item();
        }
    }

    private double[] gradient(Surface f, double... x) {
        try (Tape tape = new Tape(backend)) {
            Value v = tape.variable(Tensor.of(x, x.length));
            return Gradients.of(f.at(v), List.of(v)).getFirst().tensor().toDoubles();
        }
    }

    @TestFactory
    Stream<DynamicTest> minimaHaveNoSlopeAndTheValueZero() {
        List<Surface> all = new ArrayList<>(TestFunctions.all());
        all.add(TestFunctions.turnedQuadratic(50, 0.7));
        return all.stream().flatMap(f -> f.minima().stream().map(m -> DynamicTest.dynamicTest(f.name() + " at " + m, () -> {
            double[] x = m.stream().mapToDouble(v -> v).toArray();
            assertEquals(0, value(f, x), 1e-12);
            for (double slope : gradient(f, x)) {
                assertEquals(0, slope, 1e-9);
            }
        })));
    }

    /** Values at a point off the minima, worked out from the formulas by hand. */
    @Test
    void valuesAwayFromTheMinima() {
        assertEquals(1 + 100 * 9, value(TestFunctions.ROSENBROCK, 2, 7), 1e-10);
        assertEquals(3.5 * 3.5 + 8.25 * 8.25 + 16.625 * 16.625, value(TestFunctions.BEALE, 2, 2), 1e-10);
        assertEquals(64 + 4, value(TestFunctions.HIMMELBLAU, 1, 2), 1e-10);
        assertEquals(16 + 4, value(TestFunctions.BOOTH, 1, 1), 1e-10);
        assertEquals(2 * 0.25 + 2 * 20, value(TestFunctions.RASTRIGIN, 0.5, 0.5), 1e-10);
        assertEquals(9 - 4, value(TestFunctions.SADDLE, 3, 2), 1e-10);
        assertEquals(0.5 * (3 + 4 * 4), value(TestFunctions.quadratic(3, 4), 1, 2), 1e-10);
        assertEquals(0.5 * 7 * 4, value(TestFunctions.turnedQuadratic(7, StrictMath.PI / 2), 2, 0), 1e-10);
    }

    @Test
    void theStartLiesInTheWindow() {
        for (Surface f : TestFunctions.all()) {
            for (int i = 0; i < f.start().size(); i++) {
                assertTrue(f.lower().get(i) < f.start().get(i) && f.start().get(i) < f.upper().get(i), f.name());
            }
        }
    }

    /** Checks −log of the factor by which the error shrinks in a step, over so many steps that it falls from 1 to about e⁻³⁰⁰, swings and all. */
    private void assertRate(double closed, Rule<?> rule, double lambda) {
        int steps = (int) (-300 / Math.log(closed));
        Parameter w = new Parameter("w", Tensor.of(new double[] {1}, 1));
        Optimizer optimizer = new Optimizer(backend, rule, List.of(w));
        double slowest = Double.POSITIVE_INFINITY;
        for (int t = 1; t <= steps; t++) {
            optimizer.step(List.of(Tensor.of(new double[] {lambda * w.tensor().item()}, 1)));
            slowest = t > steps - 20 ? Math.min(slowest, -Math.log(Math.abs(w.tensor().item())) / t) : slowest;
        }
        assertEquals(-Math.log(closed), slowest, 5e-3 * -Math.log(closed));
    }

    private record Setting(double eta, double mu, double lambda) {
    }

    private static final List<Setting> SETTINGS = List.of(new Setting(0.01, 0.9, 1), new Setting(0.05, 0.8, 2), new Setting(0.02, 0.5, 1.5),
            new Setting(0.3, 0.7, 4), new Setting(0.001, 0.3, 60));

    @TestFactory
    Stream<DynamicTest> theMeasuredRateIsTheClosedForm() {
        return SETTINGS.stream().flatMap(s -> Stream.<Runnable>of(
                () -> assertRate(QuadraticRate.descent(s.eta, s.lambda), new Sgd(s.eta), s.lambda),
                () -> assertRate(QuadraticRate.momentum(s.eta, s.mu, s.lambda), Momentum.torch(s.eta, s.mu), s.lambda),
                () -> assertRate(QuadraticRate.momentum(s.eta, s.mu, s.lambda), Momentum.keras(s.eta, s.mu), s.lambda),
                () -> assertRate(QuadraticRate.nesterov(s.eta, s.mu, s.lambda), Nesterov.torch(s.eta, s.mu), s.lambda),
                () -> assertRate(QuadraticRate.nesterov(s.eta, s.mu, s.lambda), Nesterov.keras(s.eta, s.mu), s.lambda),
                () -> assertRate(QuadraticRate.nesterov(s.eta, s.mu, s.lambda), Nesterov.sutskever(s.eta, s.mu), s.lambda)
        ).map(r -> DynamicTest.dynamicTest(s.toString(), r::run)));
    }

    /** At the best settings both ends of the spectrum have the best rate. */
    @Test
    void theBestRatesAreReachedAtTheirSettings() {
        double a = 0.5;
        double b = 40;
        assertEquals(QuadraticRate.bestDescent(a, b), QuadraticRate.descent(2 / (a + b), a), 1e-12);
        assertEquals(QuadraticRate.bestDescent(a, b), QuadraticRate.descent(2 / (a + b), b), 1e-12);
        double m = QuadraticRate.bestMomentum(a, b);
        double eta = 4 / Math.pow(Math.sqrt(a) + Math.sqrt(b), 2);
        assertEquals(m, QuadraticRate.momentum(eta, m * m, a), 1e-6);
        assertEquals(m, QuadraticRate.momentum(eta, m * m, b), 1e-6);
        double root = Math.sqrt(3 * b / a + 1);
        double mu = (root - 2) / (root + 2);
        assertEquals(QuadraticRate.bestNesterov(a, b), QuadraticRate.nesterov(4 / (3 * b + a), mu, a), 1e-6);
        assertEquals(QuadraticRate.bestNesterov(a, b), QuadraticRate.nesterov(4 / (3 * b + a), mu, b), 1e-6);
        assertTrue(m < QuadraticRate.bestNesterov(a, b) && QuadraticRate.bestNesterov(a, b) < QuadraticRate.bestDescent(a, b));
    }

    /** The slowest of several curvatures sets the pace, and momentum's gain over plain descent is the one the theory promises. */
    @Test
    void onAnIllConditionedQuadraticMomentumIsAsMuchFasterAsItShouldBe() {
        double kappa = 100;
        double rate = QuadraticRate.bestMomentum(1, kappa);
        int steps = 300;
        double plain = distance(new Sgd(2 / (1 + kappa)), kappa, steps);
        double heavy = distance(Momentum.torch(4 / Math.pow(1 + Math.sqrt(kappa), 2), rate * rate), kappa, steps);
        assertEquals(steps * Math.log(QuadraticRate.bestDescent(1, kappa)), Math.log(plain), 0.5);
        // A double root: the error is of the order t·rᵗ.
        assertEquals(steps * Math.log(rate) + Math.log(steps), Math.log(heavy), 1.5);
    }

    private double distance(Rule<?> rule, double kappa, int steps) {
        Surface f = TestFunctions.quadratic(1, kappa);
        Parameter w = new Parameter("w", f.start(DType.FLOAT64));
        Optimizer optimizer = new Optimizer(backend, rule, List.of(w));
        for (int t = 0; t < steps; t++) {
            optimizer.step(List.of(Tensor.of(gradient(f, w.tensor().toDoubles()), 2)));
        }
        double[] x = w.tensor().toDoubles();
        return Math.hypot(x[0], x[1]);
    }
}
