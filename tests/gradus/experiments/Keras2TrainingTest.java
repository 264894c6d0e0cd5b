package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.Window;
import gradus.backend.simd.SimdBackend;
import gradus.data.DataProgress;
import gradus.data.DataStore;
import gradus.data.Mnist;
import gradus.grad.Gradients;
import gradus.nn.ActivationLayer;
import gradus.nn.Conv2d;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Padding;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Adadelta;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twelve steps of a sparse autoencoder and forty of the convolutional one against transcriptions of Keras 2.3.1 in float64: keras2_autoencoder.py, keras2_conv_autoencoder.py. */
class Keras2TrainingTest {
    private static Tensor counted(int factor, int modulus, double shift, double divisor, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((long) i * factor % modulus + shift) / divisor;
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

    /** The experiment's own network; forty steps, for rounding grows by a half a step: float32 parts in the third digit after fifty. */
    @Test
    void lossesOfTheConvolutionalAutoencoderAreThoseOfKeras2() throws Exception {
        List<String> golden = Files.readAllLines(Path.of("tests/gradus/experiments/keras2_conv_autoencoder.txt"));
        Sequential model = counted(MnistConvAutoencoder.model(new RandomStream(1, "conv")));
        Tensor images = DataStore.ofMachine(null).load(Mnist.TEST, DataProgress.NONE).first(64).images().scaledTo(0, 1).planes().as(DType.FLOAT64);
        int line = 0;
        try (Backend backend = new SimdBackend(2); Tape tape = new Tape(backend)) {
            Optimizer optimizer = new Optimizer(backend, Adadelta.keras2(), List.copyOf(model.parameters().values()));
            for (; golden.get(line).startsWith("loss"); line++) {
                Value x = tape.constant(images);
                Value loss = Losses.binaryCrossEntropyKeras2(model.forward(x), x);
                assertEquals(numbers(golden.get(line))[0], loss.item(), 1e-11, "step " + line);
                List<Value> leaves = optimizer.parameters().stream().map(p -> tape.variable(p.tensor())).toList();
                optimizer.step(Gradients.of(loss, leaves).stream().map(Value::tensor).toList());
                tape.clear();
            }
        }
        assertEquals(40, line);
        for (String bias : golden.subList(line, golden.size())) {
            String name = bias.split(" ")[0];
            assertArrayEquals(numbers(bias), model.parameters().get(name).tensor().toDoubles(), 1e-10, name);
        }
    }

    /** The same layers in float64, with weights from a formula over Glorot's interval and biases 0. */
    private static Sequential counted(Sequential model) {
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : model.layers()) {
            if (layer instanceof Conv2d(Parameter weight, Parameter bias, Window window, Padding padding, int groups)) {
                int out = weight.shape().dim(0);
                int in = weight.shape().dim(1);
                Tensor unit = counted(7919 + layers.size(), 1009, -504, 504 / Math.sqrt(6.0 / (9 * (out + in))), out, in, 3, 3);
                layers.add(new Conv2d(new Parameter("weight", unit), new Parameter("bias", Tensor.of(new double[out], out)), window, padding, groups));
            } else {
                layers.add(layer);
            }
        }
        return new Sequential(layers);
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ")).skip(1).mapToDouble(Double::parseDouble).toArray();
    }
}
