package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.simd.SimdBackend;
import gradus.grad.Gradients;
import gradus.nn.ActivationLayer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Adadelta;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twelve steps of a sparse autoencoder against a transcription of Keras 2.3.1 in float64: keras2_autoencoder.py. */
class Keras2TrainingTest {
    private static Tensor counted(int factor, int modulus, double shift, double divisor, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * factor % modulus + shift) / divisor;
        }
        return Tensor.of(values, dims);
    }

    private static Linear linear(Tensor weight) {
        return new Linear(new Parameter("weight", weight), new Parameter("bias", Tensor.of(new double[weight.dim(0)], weight.dim(0))));
    }

    @Test
    void lossesAndParametersAreThoseOfKeras2() throws Exception {
        List<String> golden = Files.readAllLines(Path.of("tests/gradus/experiments/keras2_autoencoder.txt"));
        Sequential model = Sequential.of(linear(counted(37, 19, -8, 9, 5, 12)), ActivationLayer.RELU, linear(counted(23, 17, -8, 1, 12, 5)), ActivationLayer.SIGMOID);
        Tensor images = counted(7919, 101, 0, 100, 8, 12);
        int line = 0;
        try (Backend backend = new SimdBackend(2); Tape tape = new Tape(backend)) {
            Optimizer optimizer = new Optimizer(backend, Adadelta.keras2(), List.copyOf(model.parameters().values()));
            for (; golden.get(line).startsWith("loss"); line++) {
                Value x = tape.constant(images);
                Value code = model.part(0, 2).forward(x);
                Value penalty = code.abs().sum().times(1e-2 / images.dim(0));
                Value loss = Losses.binaryCrossEntropyKeras2(model.part(2, 4).forward(code), x).plus(penalty);
                assertEquals(numbers(golden.get(line))[0], loss.item(), 1e-11, "step " + line);
                List<Value> leaves = optimizer.parameters().stream().map(p -> tape.variable(p.tensor())).toList();
                optimizer.step(Gradients.of(loss, leaves).stream().map(Value::tensor).toList());
                tape.clear();
            }
            for (; line < golden.size(); line++) {
                String name = golden.get(line).split(" ")[0];
                assertArrayEquals(numbers(golden.get(line)), model.parameters().get(name).tensor().toDoubles(), 1e-11, name);
            }
        }
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ")).skip(1).mapToDouble(Double::parseDouble).toArray();
    }
}
