package gradus.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.numerics.RandomStream;
import gradus.op.CustomOp;
import gradus.op.Value;
import gradus.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradCheckTest {
    private static Tensor normal(int... dims) {
        double[] values = new double[gradus.tensor.Shape.of(dims).size()];
        new RandomStream(3, "values").normal(values, 0, values.length, 0, 1);
        return Tensor.of(values, dims);
    }

    /** x·wᵀ with the gradient of w transposed and read into the shape of w. */
    static Value transposedWeight(Value x, Value w) {
        return CustomOp.apply("transposed weight", (backend, in) -> backend.matmul(in.get(0), in.get(1).transpose(), null, null),
                (in, y, g) -> List.of(() -> g.matmul(in.get(1)),
                        () -> in.get(0).transpose().matmul(g).reshape(in.get(1).shape().dims())), x, w);
    }

    @Test
    void rightGradientsPassInEveryAspect() {
        CheckReport report = GradCheck.of((x, w) -> x.matmul(w.transpose()).tanh().times(x.sum(-1)), normal(3, 4), normal(2, 4)).report();
        assertTrue(report.passed(), report::toString);
        for (Aspect a : Aspect.values()) {
            assertTrue(report.passed(a), () -> a + "\n" + report);
            assertEquals(0, report.count(a, Verdict.INCONCLUSIVE), report::toString);
        }
    }

    @Test
    void aTransposedWeightGradientFailsAndIsNamed() {
        AssertionError error = assertThrows(AssertionError.class,
                () -> GradCheck.of(GradCheckTest::transposedWeight, normal(3, 4), normal(5, 4)).named("transposed weight").verify());
        String message = error.getMessage();
        assertTrue(message.contains("input 1") && message.contains("transposed: its rows and columns are exchanged"), message);
        assertTrue(message.contains("@Test") && message.contains("Tensor.of(new double[]"), message);
    }

    @Test
    void aKinkIsInconclusiveAndItsNeighbourhoodIsNot() {
        for (double distance : new double[] {0, 1e-12, 1e-8}) {
            CheckReport report = GradCheck.of(Value::relu, Tensor.of(new double[] {distance, 1}, 2)).report();
            assertFalse(report.failed(), () -> distance + ": " + report);
            assertTrue(report.count(Aspect.VJP, Verdict.INCONCLUSIVE) > 0, () -> distance + ": " + report);
        }
        for (double distance : new double[] {1e-3, 3e-3, 0.01, 0.1, 0.2}) {
            for (double sign : new double[] {-1, 1}) {
                CheckReport report = GradCheck.of(Value::relu, Tensor.of(new double[] {sign * distance}, 1)).report();
                assertTrue(report.passed(Aspect.VJP), () -> sign * distance + ": " + report);
            }
        }
    }

    @Test
    void noDistanceFromAKinkMakesARightRuleFail() {
        for (double d = 1e-16; d < 1; d *= 1.37) {
            double at = d;
            CheckReport report = GradCheck.of(Value::abs, Tensor.of(new double[] {at, -at}, 2)).only(Aspect.VJP, Aspect.JVP).report();
            assertFalse(report.failed(), () -> at + ": " + report);
        }
    }

    @Test
    void bordersOfTheDomainAreInconclusive() {
        CheckReport report = GradCheck.of(Value::sqrt, Tensor.of(new double[] {0, 1}, 2)).only(Aspect.VJP).report();
        assertFalse(report.failed(), report::toString);
    }

    @Test
    void smallAndLargeNumbersAreJudgedAtTheirOwnScale() {
        for (double scale : new double[] {1e-6, 1e-3, 1e3, 1e6}) {
            Tensor x = Tensor.of(new double[] {0.3 * scale, 1.7 * scale}, 2);
            CheckReport report = GradCheck.of(v -> v.times(1 / scale).exp().log1p(), x).report();
            assertTrue(report.passed(), () -> scale + ": " + report);
        }
    }

    @Test
    void largeInputsAreProjected() {
        CheckReport right = GradCheck.of((x, w) -> x.matmul(w), normal(12, 20), normal(20, 9)).report();
        assertTrue(right.passed(), right::toString);
        CheckReport wrong = GradCheck.of(GradCheckTest::transposedWeight, normal(12, 20), normal(9, 20)).report();
        assertTrue(wrong.count(Aspect.VJP, Verdict.FAIL) > 0, wrong::toString);
    }

    @Test
    void emptyAndZeroDimensionalInputsAreVerified() {
        CheckReport empty = GradCheck.of(x -> x.exp().sum(0), Tensor.of(new double[0], 0, 3)).report();
        assertTrue(empty.passed(), empty::toString);
        CheckReport scalar = GradCheck.of(Value::exp, Tensor.of(new double[] {0.7})).report();
        assertTrue(scalar.passed(), scalar::toString);
    }

    @Test
    void nothingVerifiedIsNotAPass() {
        CheckReport report = GradCheck.of(Value::relu, Tensor.of(new double[] {0}, 1)).only(Aspect.VJP).report();
        assertFalse(report.passed(), report::toString);
    }
}
