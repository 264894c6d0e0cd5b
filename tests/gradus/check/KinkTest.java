package gradus.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import gradus.grad.Gradients;
import gradus.op.Tape;
import gradus.op.Value;
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

    @Test
    void differencesAccuseNoConvention() {
        for (Kink kink : Kink.all()) {
            CheckReport report = GradCheck.of(kink.function(), kink.point()).only(Aspect.VJP, Aspect.JVP).report();
            assertFalse(report.failed(), () -> kink.operation() + "\n" + report);
            assertTrue(report.count(Aspect.VJP, Verdict.INCONCLUSIVE) > 0, () -> kink.operation() + "\n" + report);
        }
    }
}
