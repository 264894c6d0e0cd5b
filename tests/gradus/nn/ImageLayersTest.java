package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.scalar.ScalarBackend;
import gradus.backend.simd.SimdBackend;
import gradus.grad.Gradients;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;

import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.optim.Sgd;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers of images against PyTorch and Keras: a whole network trained a few steps, and 'same' padding on whole numbers. */
class ImageLayersTest {
    private static Tensor counted(int factor, int modulus, double shift, double divisor, int... dims) {
        float[] values = new float[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i * factor % modulus + shift) / divisor);
        }
        return Tensor.of(values, dims);
    }

    private static Sequential autoencoder() {
        TorchGenerator random = new TorchGenerator(7);
        Window three = Window.of(3);
        return Sequential.of(
                Conv2d.torch(1, 4, three, random), new LeakyRelu(0.01), Conv2d.torch(4, 6, three, 2, random), MaxPool2d.of(2), new LeakyRelu(0.01),
                BatchNorm2d.torch(6), new LeakyRelu(0.01), Conv2d.torch(6, 8, three.stride(2).padding(1), random), ActivationLayer.RELU,
                ConvTranspose2d.torch(8, 5, three.stride(2), 1, random), ActivationLayer.TANH, BatchNorm2d.torch(5), Upsample.nearest(2),
                new AvgPool2d(three.padding(1), Padding.AS_GIVEN, false, true), ConvTranspose2d.torch(5, 1, three.padding(1), 0, random), ActivationLayer.SIGMOID);
    }

    /** Losses of five steps, then the evaluation's, then the running moments. */
    private static List<double[]> train(Backend backend) {
        Sequential model = autoencoder();
        Optimizer optimizer = new Optimizer(backend, new Sgd(0.3), List.copyOf(model.parameters().values()));
        Tensor x = counted(7919, 1009, 0, 1009, 5, 1, 12, 12);
        List<double[]> trace = new ArrayList<>();
        try (Tape tape = new Tape(backend)) {
            for (int step = 0; step < 5; step++) {
                Value input = tape.constant(x);
                Value loss = Losses.meanSquaredError(model.forward(input, Pass.training(new RandomStream(1, "unused"))), input);
                List<Value> leaves = optimizer.parameters().stream().map(Parameter::tensor).map(tape::variable).toList();
                List<Value> gradients = Gradients.of(loss, leaves);
                trace.add(new double[] {loss.item()});
                optimizer.step(gradients.stream().map(Value::tensor).toList());
                tape.clear();
            }
            Value input = tape.constant(x);
            trace.add(new double[] {Losses.meanSquaredError(model.forward(input), input).item()});
        }
        model.buffers().values().forEach(t -> trace.add(t.toDoubles()));
        return trace;
    }

    @Test
    void aNetworkTrainsAsInPyTorch() throws IOException {
        List<double[]> trace = train(new SimdBackend(2));
        List<String> golden = Files.readAllLines(Path.of("tests/gradus/nn/conv_autoencoder.txt"));
        assertEquals(golden.size(), trace.size());
        for (int i = 0; i < golden.size(); i++) {
            double[] expected = Arrays.stream(golden.get(i).split(" ")).skip(1).mapToDouble(Double::parseDouble).toArray();
            assertArrayEquals(expected, trace.get(i), 2e-6, golden.get(i));
        }
    }

    @Test
    void theScalarBackendGivesTheSameBits() {
        List<double[]> fast = train(new SimdBackend(3));
        List<double[]> plain = train(new ScalarBackend());
        for (int i = 0; i < plain.size(); i++) {
            assertArrayEquals(plain.get(i), fast.get(i), 0);
        }
    }

    @Test
    void samePaddingIsThatOfKeras() throws IOException {
        for (String line : Files.readAllLines(Path.of("tests/gradus/nn/keras_images.txt"))) {
            String[] words = line.split(" ");
            int[] n = Arrays.stream(words).skip(1).limit(8).mapToInt(Integer::parseInt).toArray();
            Window window = Window.of(n[2]).stride(n[3]);
            Tensor weight = counted(23, 7, -3, 1, 3, 2, n[2], n[2]);
            Layer layer = switch (words[0]) {
                case "conv" -> new Conv2d(new Parameter("weight", weight), new Parameter("bias", Tensor.of(new float[] {1, -2, 3}, 3)), window, Padding.of("same"), 1);
                case "max" -> new MaxPool2d(window, Padding.SAME, false);
                case "average" -> new AvgPool2d(window, Padding.SAME, false, false);
                default -> new Upsample(n[2], n[3], ResizeShape.Mode.NEAREST);
            };
            try (Tape tape = new Tape(new ScalarBackend())) {
                Tensor y = layer.forward(tape.constant(counted(37, 19, -9, 1, 2, 2, n[0], n[1]))).tensor();
                assertEquals(Shape.of(n[4], n[5], n[6], n[7]), y.shape(), line);
                assertArrayEquals(Arrays.stream(words).skip(9).mapToDouble(Double::parseDouble).toArray(), y.toDoubles(), 1e-6, line);
            }
        }
    }

    @Test
    void dropoutScalesWhatItKeepsAndDoesNothingInEvaluation() {
        try (Tape tape = new Tape(new ScalarBackend())) {
            Value x = tape.constant(counted(0, 1, 1, 1, 50, 40));
            double[] y = new Dropout(0.25).forward(x, Pass.training(new RandomStream(3, "dropout"))).tensor().toDoubles();
            long kept = Arrays.stream(y).filter(v -> v != 0).count();
            assertTrue(Arrays.stream(y).allMatch(v -> v == 0 || v == (float) (1 / 0.75)));
            assertTrue(Math.abs(kept - 1500) < 100, "kept " + kept);
            assertArrayEquals(x.tensor().toDoubles(), new Dropout(0.25).forward(x).tensor().toDoubles());
        }
    }

    @Test
    void batchNormNeedsTwoValuesForAnUnbiasedVariance() {
        try (Tape tape = new Tape(new ScalarBackend())) {
            Value x = tape.constant(Tensor.of(new float[] {1, 2}, 1, 2));
            String message = assertThrows(ShapeException.class, () -> BatchNorm2d.torch(2).forward(x, Pass.training(new RandomStream(1, "unused")))).getMessage();
            assertEquals("batch norm: input [1, 2] has one value a channel; a running variance needs two", message);
        }
    }
}
