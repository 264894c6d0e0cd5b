package gradus.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import gradus.grad.Gradients;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KinkTest {
    @Test
    void theRulesKeepTheirConventions() {
        for (Kink kink : Kink.all()) {
            try (Tape tape = new Tape(new ScalarBackend())) {
                List<Value> in = kink.point().stream().map(tape::variable).toList();
                List<Double> gradient = new ArrayList<>();
                for (Value g : Gradients.of(kink.sum(in), in)) {
                    for (double d : g.tensor().toDoubles()) {
                        gradient.add(d + 0.0);
                    }
                }
                assertEquals(kink.gradient(), gradient, kink::operation);
            }
        }
    }

    /** NaN has no derivative either: what docs/gradients.md says of it. */
    @Test
    void aNaNGetsWhatTheDocumentationSays() {
        try (Tape tape = new Tape(new ScalarBackend())) {
            Value nan = tape.variable(Tensor.of(new double[] {Double.NaN}, 1));
            Value one = tape.variable(Tensor.of(new double[] {1}, 1));
            assertEquals(List.of(0.0), gradients(nan.relu(), nan));
            assertEquals(List.of(0.3), gradients(nan.leakyRelu(0.3), nan));
            assertEquals(List.of(0.0), gradients(nan.clamp(-1, 1), nan));
            assertEquals(List.of(Double.NaN), gradients(nan.abs(), nan));
            assertEquals(List.of(0.0, 0.0), gradients(nan.maximum(one), nan, one));
            assertEquals(List.of(0.0, 0.0), gradients(one.minimum(nan), nan, one));
        }
    }

    private static List<Double> gradients(Value y, Value... inputs) {
        return Gradients.of(y.sum(), List.of(inputs)).stream().map(g -> g.tensor().toDoubles()[0]).toList();
    }

    @Test
    void differencesAccuseNoConvention() {
        for (Kink kink : Kink.all()) {
            CheckReport report = GradCheck.of(kink.function(), kink.point()).only(Aspect.VJP, Aspect.JVP).report();
            assertFalse(report.failed(), () -> kink.operation() + "\n" + report);
            assertTrue(report.count(Aspect.VJP, Verdict.INCONCLUSIVE) > 0, () -> kink.operation() + "\n" + report);
        }
    }
}
