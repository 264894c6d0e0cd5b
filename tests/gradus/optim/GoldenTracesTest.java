package gradus.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.NpyArray;
import gradus.tensor.Npz;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Fifty steps in float64 of every rule in every reading, against PyTorch 2.13, Keras 3.15 and transcriptions of Keras 2.3.1: golden/traces.py. */
class GoldenTracesTest {
    private static final double TOLERANCE = 1e-12;
    private static final int STEPS = 50;
    private static final int SIZE = 5;
    private static final Set<String> DATA = Set.of("gradients", "weights", "rates");

    private final Map<String, NpyArray> golden = Npz.read(Path.of("tests/gradus/optim/golden/traces.npz"));
    private final Backend backend = new ScalarBackend();

    GoldenTracesTest() throws IOException {
    }

    private double[] values(String name) {
        return golden.get(name).doubles();
    }

    private Tensor row(String name, int t) {
        return Tensor.of(Arrays.copyOfRange(values(name), t * SIZE, (t + 1) * SIZE), SIZE);
    }

    @TestFactory
    Stream<DynamicTest> fiftyStepsAgreeToTwelveDigits() {
        return Rules.all().entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> follow(e.getKey(), e.getValue())));
    }

    private void follow(String name, Rules.Case c) {
        Parameter w = new Parameter("w", Tensor.of(values("weights"), SIZE));
        double[] rates = values("rates");
        Schedule schedule = c.scheduled() ? t -> c.rule().learningRate() * rates[(int) t] : null;
        Optimizer optimizer = new Optimizer(backend, c.clip(), List.of(new Group(List.of(w), c.rule(), schedule)));
        for (int t = 0; t < STEPS; t++) {
            optimizer.step(List.of(row("gradients", t)));
            assertClose(name + " after step " + (t + 1), row(name, t).toDoubles(), w.tensor().toDoubles());
        }
    }

    private static void assertClose(String what, double[] wanted, double[] got) {
        for (int i = 0; i < wanted.length; i++) {
            double distance = Math.abs(wanted[i] - got[i]);
            assertTrue(distance <= TOLERANCE * Math.abs(wanted[i]), what + ", element " + i + ": wanted " + wanted[i] + ", got " + got[i]);
        }
    }

    @Test
    void keras2sDecayIsTheInverseTimeSchedule() {
        Parameter w = new Parameter("w", Tensor.of(values("weights"), SIZE));
        Group group = new Group(List.of(w), Momentum.keras(0.05, 0.9), new Schedule.InverseTime(0.05, 0.1));
        Optimizer optimizer = new Optimizer(backend, List.of(group));
        for (int t = 0; t < STEPS; t++) {
            optimizer.step(List.of(row("gradients", t)));
            assertClose("step " + (t + 1), row("keras2/momentum/inverse-time", t).toDoubles(), w.tensor().toDoubles());
        }
    }

    /** Keras' Nesterov walks through the same points ahead. */
    @TestFactory
    Stream<DynamicTest> sutskeversPositionsAndPointsAhead() {
        return Stream.of(Nesterov.sutskever(0.02, 0.9), Nesterov.keras(0.02, 0.9)).map(rule -> DynamicTest.dynamicTest(rule.reading().name(), () -> {
            double[] a = values("sutskever/curvature");
            Parameter w = new Parameter("w", Tensor.of(values("sutskever/start"), SIZE));
            Optimizer optimizer = new Optimizer(backend, rule, List.of(w));
            for (int t = 0; t < STEPS; t++) {
                double[] x = w.tensor().toDoubles();
                IntFunction<Double> slope = i -> a[i] * x[i] + x[i] * x[i] * x[i];
                optimizer.step(List.of(Tensor.of(Stream.iterate(0, i -> i + 1).limit(SIZE).mapToDouble(slope::apply).toArray(), SIZE)));
                assertClose("ahead after " + (t + 1), row("sutskever/ahead", t).toDoubles(), w.tensor().toDoubles());
                if (rule.reading() == Nesterov.Reading.SUTSKEVER) {
                    Tensor theta = rule.position(backend, w.tensor(), optimizer.state(w).tensors().get("velocity"));
                    assertClose("position after " + (t + 1), row("sutskever/positions", t).toDoubles(), theta.toDoubles());
                }
            }
        }));
    }

    @Test
    void everyTraceIsFollowed() {
        Set<String> traces = new TreeSet<>(golden.keySet());
        traces.removeAll(DATA);
        traces.removeIf(name -> name.startsWith("sutskever/") || name.equals("keras2/momentum/inverse-time"));
        assertEquals(traces, new TreeSet<>(Rules.all().keySet()));
    }

    @Test
    void everyRuleHasATrace() {
        Set<Class<?>> followed = Rules.all().values().stream().map(c -> c.rule().getClass()).collect(Collectors.toCollection(HashSet::new));
        followed.add(UserRule.class);
        assertEquals(Set.of(Rule.class.getPermittedSubclasses()), followed);
    }
}
