package gradus.check.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.check.Domain;
import gradus.op.CustomOp;
import gradus.op.Losses;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GradientTestTest {
    private static final Set<Long> SEEDS = new HashSet<>();

    @GradientTest({"3, 4", "2, 4"})
    void dense(GradientPoint at) {
        SEEDS.add(at.seed());
        at.verify((x, weight) -> x.matmul(weight.transpose()));
    }

    @GradientTest(value = {"2, 3", "2, 3"}, domains = Domain.UNIT, seeds = 4)
    void lossOfProbabilities(GradientPoint at) {
        at.verify(Losses::binaryCrossEntropyKeras);
    }

    @GradientTest(value = {"", "3", "3"}, domains = {Domain.REAL, Domain.POSITIVE, Domain.DISTINCT})
    void threeInputs(GradientPoint at) {
        assertEquals(0, at.inputs().getFirst().rank());
        at.verifyAll(v -> v.get(0).times(v.get(1).log()).plus(v.get(2).softmax()));
    }

    @GradientTest(value = "5", seeds = 9)
    void aWrongRuleFails(GradientPoint at) {
        AssertionError error = assertThrows(AssertionError.class, () -> at.verify(x -> CustomOp.apply("wrong", (backend, in) -> in.getFirst(),
                (in, y, g) -> List.of(() -> g.times(2)), x)));
        assertTrue(error.getMessage().contains("GradientTestTest.aWrongRuleFails (seed 9)"), error::getMessage);
        assertTrue(error.getMessage().contains("times two"), error::getMessage);
    }

    @Test
    void theNumberOfShapesIsChecked() {
        GradientPoint point = new GradientPoint("test", List.of(), 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> point.verify(x -> x)).getMessage().contains("names 0 shapes, the function takes 1"));
    }

    @AfterAll
    static void everySeedRan() {
        assertEquals(Set.of(1L, 2L, 3L), SEEDS);
    }
}
