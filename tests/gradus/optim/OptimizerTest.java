package gradus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import gradus.backend.simd.SimdBackend;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private final Parameter weight = new Parameter("weight", Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
    private final Parameter bias = new Parameter("bias", Tensor.of(new double[] {5}, 1));

    private static List<Tensor> ones() {
        return List.of(Tensor.of(new double[] {1, 1, 1, 1}, 2, 2), Tensor.of(new double[] {1}, 1));
    }

    @Test
    void aStepChangesTheParametersInPlace() {
        Optimizer optimizer = new Optimizer(new ScalarBackend(), new Sgd(0.5), List.of(weight, bias));
        Tensor home = weight.tensor();
        optimizer.step(ones());
        assertEquals(home, weight.tensor());
        assertArrayEquals(new double[] {0.5, 1.5, 2.5, 3.5}, weight.tensor().toDoubles());
        assertArrayEquals(new double[] {4.5}, bias.tensor().toDoubles());
    }

    @Test
    void theFirstStepOfAdamIsTheLearningRate() {
        Optimizer optimizer = new Optimizer(new ScalarBackend(), Adam.torch(0.125), List.of(weight, bias));
        optimizer.step(ones());
        assertEquals(5 - 0.125, bias.tensor().item(), 1e-8);
        assertEquals(0.1, optimizer.state(bias).tensors().get("mu").item(), 1e-15);
    }

    @Test
    void aGradientOfAnotherShapeIsRefused() {
        Optimizer optimizer = new Optimizer(new ScalarBackend(), new Sgd(1), List.of(bias));
        String message = assertThrows(ShapeException.class, () -> optimizer.step(List.of(Tensor.of(new double[2], 2)))).getMessage();
        assertEquals("optimizer: gradient f64[2] does not fit parameter bias f64[1]", message);
    }

    @Test
    void whatWasSavedInAnotherTypeOrShapeIsRefusedBeforeAnythingChanges() {
        ScalarBackend backend = new ScalarBackend();
        Optimizer saved = new Optimizer(backend, Adam.torch(1), List.of(bias));
        saved.step(List.of(Tensor.of(new double[] {2}, 1)));
        Optimizer narrow = new Optimizer(backend, Adam.torch(1), List.of(new Parameter("bias", Tensor.of(new float[1], 1))));
        assertEquals("restore: group 0/mu is f64[1] in what was saved, the optimizer wants f32[1]",
                assertThrows(IllegalArgumentException.class, () -> narrow.restore(saved.save())).getMessage());
        assertEquals(0, narrow.steps());
        Optimizer wide = new Optimizer(backend, Adam.torch(1), List.of(new Parameter("bias", Tensor.of(new double[2], 2))));
        assertEquals("restore: group 0/mu is f64[1] in what was saved, the optimizer wants f64[2]",
                assertThrows(IllegalArgumentException.class, () -> wide.restore(saved.save())).getMessage());
    }

    /** As PyTorch refuses them; a rate that is NaN would only be seen in the cost, and a negative limit turns gradients round. */
    @Test
    void numbersWithoutMeaningAreRefused() {
        List<java.util.function.DoubleFunction<Object>> rates = List.of(Sgd::new, r -> Momentum.torch(r, 0.9), r -> Nesterov.keras(r, 0.9), RmsProp::torch, Adagrad::keras,
                r -> Adadelta.torch().with("learningRate", r), Adam::torch, AdamW::keras, AmsGrad::torch, NAdam::torch, RAdam::torch, Lion::keras);
        for (java.util.function.DoubleFunction<Object> rule : rates) {
            for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
                String message = assertThrows(IllegalArgumentException.class, () -> rule.apply(rate)).getMessage();
                assertTrue(message.endsWith(": learningRate is " + rate + ", wanted a finite number of at least 0"), message);
            }
            rule.apply(0);
        }
        assertEquals("Adam: beta2 is 1.0, wanted 0 or more and less than 1", assertThrows(IllegalArgumentException.class, () -> Adam.torch(1).with("beta2", 1)).getMessage());
        assertEquals("RmsProp: momentum is -0.5, wanted a finite number of at least 0",
                assertThrows(IllegalArgumentException.class, () -> RmsProp.torch(1).withMomentum(-0.5)).getMessage());
        assertEquals("clip: limit is -1.0, wanted a finite number of at least 0", assertThrows(IllegalArgumentException.class, () -> new Clip.ByNorm(-1)).getMessage());
    }

    @Test
    void aParameterIsTakenOnceAndGroupsHaveOneType() {
        ScalarBackend backend = new ScalarBackend();
        assertEquals("optimizer: parameter bias [1] is given twice",
                assertThrows(IllegalArgumentException.class, () -> new Optimizer(backend, new Sgd(1), List.of(bias, weight, bias))).getMessage());
        Parameter narrow = new Parameter("narrow", Tensor.of(new float[2], 2));
        assertEquals("optimizer: a group holds bias [1] of FLOAT64 and narrow [2] of FLOAT32; make a group for each type",
                assertThrows(IllegalArgumentException.class, () -> new Optimizer(backend, new Sgd(1), List.of(bias, narrow))).getMessage());
        assertEquals("optimizer: a group has no parameters",
                assertThrows(IllegalArgumentException.class, () -> new Optimizer(backend, new Sgd(1), List.of())).getMessage());
        Optimizer optimizer = new Optimizer(backend, new Sgd(1), List.of(bias));
        assertEquals("optimizer: 2 gradients came for 1 parameters", assertThrows(ShapeException.class, () -> optimizer.step(ones())).getMessage());
    }

    @Test
    void groupsHaveTheirOwnRulesAndSchedules() {
        Group slow = new Group(List.of(bias), new Sgd(1), new Schedule.Stairs(0.5, 0.5, 1));
        Optimizer optimizer = new Optimizer(new ScalarBackend(), List.of(new Group(List.of(weight), Momentum.torch(0.25, 0.5)), slow));
        assertEquals(List.of(weight, bias), optimizer.parameters());
        optimizer.step(ones());
        optimizer.step(ones());
        assertEquals(1 - 0.25 - 0.25 * 1.5, weight.tensor().get(0, 0));
        assertEquals(5 - 0.5 - 0.25, bias.tensor().item());
        assertEquals(0.125, optimizer.learningRate(slow));
        optimizer.setFactor(2);
        assertEquals(0.25, optimizer.learningRate(slow));
    }

    @Test
    void theGlobalNormSpansGroups() {
        Optimizer optimizer = new Optimizer(new ScalarBackend(), new Clip.ByGlobalNorm(1, Dialect.KERAS),
                List.of(new Group(List.of(weight), new Sgd(1)), new Group(List.of(bias), new Sgd(1))));
        Tensor g = Tensor.of(new double[] {2, 2, 2, 2}, 2, 2);
        optimizer.step(List.of(g, Tensor.of(new double[] {3}, 1)));
        assertEquals(1 - 0.4, weight.tensor().get(0, 0), 1e-15);
        assertEquals(5 - 0.6, bias.tensor().item(), 1e-15);
        assertEquals(2, g.get(0, 0), "the gradients that came are left as they were");
    }

    @Test
    void whatWasSavedDoesNotMoveWithTheOptimizer() {
        Optimizer optimizer = new Optimizer(new ScalarBackend(), Momentum.torch(0.5, 0.5), List.of(weight, bias));
        optimizer.step(ones());
        var saved = optimizer.save();
        double before = saved.get("group 0/tensor/velocity").get(0);
        optimizer.step(ones());
        assertEquals(before, saved.get("group 0/tensor/velocity").get(0));
        assertEquals(1, saved.get("group 0/count").item());
        saved.remove("group 0/tensor/velocity");
        assertThrows(IllegalArgumentException.class, () -> optimizer.restore(saved));
    }

    /** Once warm, a step allocates a few small objects, whatever the number of weights. */
    @Test
    void aStepMakesHardlyAnyGarbage() {
        Parameter large = new Parameter("large", Tensor.of(new float[200_000], 400, 500));
        Parameter small = new Parameter("small", Tensor.of(new float[500], 500));
        List<Tensor> gradients = List.of(Tensor.of(new float[200_000], 400, 500), Tensor.of(new float[500], 500));
        Optimizer optimizer = new Optimizer(new SimdBackend(1), Adam.torch(0.1), List.of(large, small));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 50; i++) {
            optimizer.step(gradients);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            optimizer.step(gradients);
        }
        long perStep = (threads.getCurrentThreadAllocatedBytes() - before) / 100;
        assertTrue(perStep < 8192, () -> perStep + " bytes a step");
    }

    @Test
    void aTensorPutInByOthersIsTakenOver() {
        Optimizer optimizer = new Optimizer(new ScalarBackend(), new Sgd(0.5), List.of(weight, bias));
        Tensor home = bias.tensor();
        bias.set(Tensor.of(new double[] {100}, 1));
        optimizer.step(ones());
        assertEquals(99.5, bias.tensor().item());
        assertEquals(home, bias.tensor());
    }
}
