package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.Workers;
import gradus.nn.ActivationLayer;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.TorchGenerator;
import gradus.optim.Parameter;
import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DecoderInverseTest {
    private static final Workers ONE = new Workers(1);

    private static double[] forward(Sequential decoder, double[] x) {
        double[] y = x;
        for (var layer : decoder.layers()) {
            y = layer instanceof Linear linear ? dense(linear, y) : leaky(y, ((LeakyRelu) layer).slope());
        }
        return y;
    }

    private static double[] dense(Linear linear, double[] x) {
        double[] w = linear.weight().tensor().toDoubles();
        double[] y = linear.bias().tensor().toDoubles();
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += w[i * x.length + j] * x[j];
            }
        }
        return y;
    }

    private static double[] leaky(double[] x, double slope) {
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] *= y[i] > 0 ? 1 : slope;
        }
        return y;
    }

    /** Layers that only widen lose nothing, so every code comes back. */
    @Property(tries = 60)
    void codesOfOutputsComeBack(@ForAll @IntRange(min = 1, max = 5) int code, @ForAll @IntRange(min = 0, max = 4) int wider, @ForAll long seed) {
        TorchGenerator random = new TorchGenerator(seed);
        Sequential decoder = Sequential.of(Linear.torch(code, code + wider + 6, random), new LeakyRelu(0.5), Linear.torch(code + wider + 6, 40, random));
        double[] x = Linear.torch(code, 3, random).weight().tensor().toDoubles();
        double[] y = new double[3 * 40];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(forward(decoder, java.util.Arrays.copyOfRange(x, i * code, (i + 1) * code)), 0, y, i * 40, 40);
        }
        DecoderInverse inverse = new DecoderInverse(decoder, ONE);
        double worst = inverse.conditions().stream().reduce(1.0, (a, b) -> a * b);
        assertArrayEquals(x, inverse.codes(Tensor.of(y, 3, 40), ONE).toDoubles(), 1e-6 + 1e-12 * worst);
    }

    /** Where an output is out of reach, a dense layer gives the nearest: here the mean of the two places that one number must serve. */
    @Test
    void whatIsOutOfReachIsTakenToTheNearest() {
        Linear twice = new Linear(new Parameter("weight", Tensor.of(new float[] {1, 1}, 2, 1)), new Parameter("bias", Tensor.of(new float[] {10, 20}, 2)));
        DecoderInverse inverse = new DecoderInverse(Sequential.of(twice, new LeakyRelu(0.5)), ONE);
        // −3 was −6 before the leaky ReLU of slope ½; less 20 that is −26, and 4 less 10 is −6: the mean is −16.
        assertArrayEquals(new double[] {-16}, inverse.codes(Tensor.of(new float[] {4, -3}, 1, 2), ONE).toDoubles(), 1e-5);
        assertEquals(1, inverse.conditions().getFirst(), 1e-15);
    }

    @Test
    void otherLayersAreRefused() {
        DecoderInverse inverse = new DecoderInverse(Sequential.of(ActivationLayer.TANH), ONE);
        assertThrows(IllegalArgumentException.class, () -> inverse.codes(Tensor.of(new float[] {0.5f}, 1, 1), ONE));
    }
}
