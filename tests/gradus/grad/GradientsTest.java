package gradus.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.Function;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientsTest {
    private final Tape tape = new Tape(new ScalarBackend());

    private Value variable(double... values) {
        return tape.variable(Tensor.of(values, values.length));
    }

    @Test
    void sharedSubexpressionsAddTheirGradients() {
        Value x = variable(2, 3);
        Value y = x.square();
        Value loss = y.times(y).plus(y).sum();
        assertArrayEquals(new double[] {4 * 8 + 4, 4 * 27 + 6}, Gradients.of(loss, List.of(x)).getFirst().tensor().toDoubles());
    }

    @Test
    void broadcastOperandsGetFoldedGradients() {
        Value row = variable(1, 2, 3);
        Value column = tape.variable(Tensor.of(new double[] {10, 20}, 2, 1));
        List<Value> g = Gradients.of(row.times(column).sum(), List.of(row, column));
        assertArrayEquals(new double[] {30, 30, 30}, g.get(0).tensor().toDoubles());
        assertArrayEquals(new double[] {6, 6}, g.get(1).tensor().toDoubles());
        assertEquals(List.of(2, 1), List.of(g.get(1).shape().dim(0), g.get(1).shape().dim(1)));
    }

    @Test
    void thirdOrderOfAPolynomialIsExact() {
        Value x = variable(2);
        Value g = Gradients.differentiable(x.power(4).sum(), List.of(x)).getFirst();
        Value h = Gradients.differentiable(g.sum(), List.of(x)).getFirst();
        Value third = Gradients.differentiable(h.sum(), List.of(x)).getFirst();
        assertEquals(32, g.tensor().get(0));
        assertEquals(48, h.tensor().get(0));
        assertEquals(48, third.tensor().get(0));
    }

    @Test
    void hessianVectorProductOfAQuadraticIsItsMatrixTimesTheVector() {
        Value x = tape.variable(Tensor.of(new double[] {1, -1}, 2, 1));
        Value a = tape.constant(Tensor.of(new double[] {3, 1, 1, 2}, 2, 2));
        Value loss = x.transpose().matmul(a).matmul(x).times(0.5);
        Value v = tape.constant(Tensor.of(new double[] {1, 10}, 2, 1));
        assertArrayEquals(new double[] {13, 21}, Gradients.hessianVector(loss, List.of(x), List.of(v)).getFirst().tensor().toDoubles());
    }

    @Test
    void jacobianVectorProductIsTheDirectionalDerivative() {
        Value x = variable(0.5, 2);
        Value v = tape.constant(Tensor.of(new double[] {1, 3}, 2));
        assertArrayEquals(new double[] {1, 12}, Gradients.jvp(x.square(), List.of(x), List.of(v)).tensor().toDoubles());
    }

    @Test
    void aVariableThatTheLossIgnoresGetsZeros() {
        Value x = variable(1);
        Value unused = variable(5, 6);
        assertArrayEquals(new double[] {0, 0}, Gradients.of(x.sum(), List.of(unused)).getFirst().tensor().toDoubles());
    }

    @Test
    void intermediatesAreReleasedAndSaySo() {
        Value x = variable(1, 2);
        Value hidden = x.exp();
        Gradients.of(hidden.sum(), List.of(x));
        assertTrue(assertThrows(IllegalStateException.class, () -> hidden.tensor().toDoubles()).getMessage().contains("released"));
    }

    @Test
    void keptIntermediatesSurviveTheBackwardPass() {
        Value x = variable(0, 0);
        Value hidden = x.exp().keep();
        Gradients.of(hidden.sum(), List.of(x));
        assertArrayEquals(new double[] {1, 1}, hidden.tensor().toDoubles());
    }

    @Test
    void everyGradientIsLiveAfterTheBackwardPass() {
        Value x = tape.variable(Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
        Value w = tape.variable(Tensor.of(new double[] {1, 0, 1, 0, 1, 0}, 2, 3));
        Value b = variable(0.5, -0.5);
        Value out = x.affine(w, b, Function.SIGMOID);
        Value loss = Losses.meanSquaredError(out.plus(out), x.slice(1, 0, 2));
        for (Value g : Gradients.of(loss, List.of(x, w, b))) {
            assertTrue(Double.isFinite(g.tensor().toDoubles()[0]));
        }
    }

    @Test
    void aLossOfManyElementsIsRefused() {
        Value x = variable(1, 2);
        String message = assertThrows(ShapeException.class, () -> Gradients.of(x.exp(), List.of(x))).getMessage();
        assertEquals("gradient: the loss has shape [2], it must be one number; take its mean or sum first", message);
    }
}
