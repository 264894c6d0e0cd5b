package gradus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
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
        assertEquals("optimizer: gradient FLOAT64 [2] does not fit parameter bias [1] of FLOAT64", message);
    }
}
