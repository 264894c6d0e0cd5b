package gradus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.scalar.ScalarBackend;
import gradus.grad.Gradients;
import gradus.tensor.DType;
import gradus.tensor.Npy;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Results and gradients of 200 random configurations of each operation (resampling: 400) against PyTorch in float64 (convolution_golden.py): float32 within 4 ulp of the sum of the
 * magnitudes of the terms; float64 within 16, because there PyTorch's values have rounding errors of the same size.
 */
class ConvolutionGoldenTest {
    /** A configuration: the operation's name and its numbers. */
    private record Config(String kind, String[] words) {
        int at(int i) {
            return Integer.parseInt(words[i + 1]);
        }

        Window window(int first) {
            return new Window(at(first), at(first + 1), at(first + 2), at(first + 3), at(first + 4), at(first + 5),
                    at(first + 6), at(first + 7), at(first + 8), at(first + 9));
        }
    }

    /** An operation with its operands, and whether its magnitudes come from running it on absolute values. */
    private record Case(List<Tensor> operands, BiFunction<Tape, List<Value>, Value> run, boolean linear) {}

    @Test
    void scalarBackendAgreesInFloat32() throws IOException {
        agrees(new ScalarBackend(), DType.FLOAT32);
    }

    @Test
    void scalarBackendAgreesInFloat64() throws IOException {
        agrees(new ScalarBackend(), DType.FLOAT64);
    }

    private static void agrees(Backend backend, DType type) throws IOException {
        List<Config> configs = configs();
        double[] golden = golden();
        int at = 0;
        for (Config config : configs) {
            Case c = build(config);
            List<double[]> found = evaluate(backend, c, c.operands.stream().map(t -> t.as(type)).toList(), false);
            List<double[]> magnitudes = c.linear ? evaluate(new ScalarBackend(), c, c.operands, true) : normMagnitudes(c, found.getFirst().length);
            for (int part = 0; part < found.size(); part++) {
                double[] expected = Arrays.copyOfRange(golden, at, at += found.get(part).length);
                double[] scale = c.operands.size() == 1 && config.kind.equals("max") ? expected : magnitudes.get(part);
                for (int i = 0; i < expected.length; i++) {
                    double allowed = type == DType.FLOAT32 ? 4 * Math.ulp((float) scale[i]) : 16 * Math.ulp(scale[i]);
                    double error = Math.abs(found.get(part)[i] - expected[i]);
                    String where = String.join(" ", config.words) + " part " + part + " element " + i;
                    assertTrue(error <= allowed, () -> where + ": error " + error + " beyond " + allowed);
                }
            }
        }
        assertEquals(golden.length, at);
        Map<String, Long> counts = configs.stream().collect(Collectors.groupingBy(Config::kind, Collectors.counting()));
        assertEquals(Map.of("conv2d", 200L, "transposed", 200L, "max", 200L, "average", 200L, "norm", 200L, "pad", 200L, "resize", 400L), counts);
    }

    /** The result and the gradients by all operands for the fixed cotangent; of absolute values where magnitudes are wanted. */
    private static List<double[]> evaluate(Backend backend, Case c, List<Tensor> operands, boolean magnitudes) {
        try (Tape tape = new Tape(backend)) {
            List<Value> values = operands.stream().map(t -> tape.variable(magnitudes ? absolute(t) : t)).toList();
            Value y = c.run.apply(tape, values);
            Tensor g = operand(9, 1 << 24, y.shape().dims()).as(y.dtype());
            List<double[]> all = new ArrayList<>();
            all.add(y.tensor().toDoubles());
            for (Value d : Gradients.vjp(y, tape.constant(magnitudes ? absolute(g) : g), values)) {
                all.add(d.tensor().toDoubles());
            }
            return all;
        }
    }

    private static Case build(Config c) {
        return switch (c.kind) {
            case "conv2d" -> {
                Tensor x = operand(1, 1 << 24, c.at(0), c.at(1), c.at(2), c.at(3));
                Tensor w = operand(2, 1 << 24, c.at(4), c.at(1) / c.at(5), c.at(6), c.at(7));
                yield new Case(List.of(x, w, operand(3, 1 << 24, c.at(4))),
                        (tape, v) -> v.get(0).conv2d(v.get(1), v.get(2), c.window(6), c.at(5), Epilogue.IDENTITY), true);
            }
            case "transposed" -> {
                Tensor x = operand(1, 1 << 24, c.at(0), c.at(1), c.at(2), c.at(3));
                Tensor w = operand(2, 1 << 24, c.at(1), c.at(4) / c.at(5), c.at(6), c.at(7));
                yield new Case(List.of(x, w, operand(3, 1 << 24, c.at(4))),
                        (tape, v) -> v.get(0).convTranspose2d(v.get(1), v.get(2), c.window(6), c.at(5), c.at(16), Epilogue.IDENTITY), true);
            }
            case "max" -> new Case(List.of(operand(1, 16, c.at(0), c.at(1), c.at(2), c.at(3))), (tape, v) -> tape.apply(
                    new Pooling.MaxPool(v.getFirst(), PoolShape.of(v.getFirst().shape(), c.window(4), c.at(14) == 1, false))), true);
            case "average" -> new Case(List.of(operand(1, 1 << 24, c.at(0), c.at(1), c.at(2), c.at(3))), (tape, v) -> tape.apply(
                    new Pooling.AveragePool(v.getFirst(), PoolShape.of(v.getFirst().shape(), c.window(4), c.at(14) == 1, c.at(15) == 1))), true);
            case "resize" -> new Case(List.of(operand(1, 1 << 24, c.at(0), c.at(1), c.at(2), c.at(3))),
                    (tape, v) -> v.getFirst().resize(c.at(4), c.at(5), ResizeShape.Mode.valueOf(c.words[7].toUpperCase(Locale.ROOT))), true);
            case "pad" -> new Case(List.of(operand(1, 1 << 24, c.at(0), c.at(1), c.at(2), c.at(3))),
                    (tape, v) -> v.getFirst().pad(-2, c.at(4), c.at(5)).pad(-1, c.at(6), c.at(7)), true);
            case "norm" -> new Case(List.of(operand(1, 1 << 24, c.at(0), c.at(1), c.at(2), c.at(3)), operand(2, 1 << 24, c.at(1)), operand(3, 1 << 24, c.at(1))),
                    (tape, v) -> tape.apply(new Normalization.BatchNorm(v.get(0), v.get(1), v.get(2), Normalization.Moments.of(v.get(0), 1e-5), Epilogue.IDENTITY)),
                    false);
            default -> throw new IllegalArgumentException(c.kind);
        };
    }

    /** The terms of batch normalization and its gradients, each by its absolute value. */
    private static List<double[]> normMagnitudes(Case c, int size) {
        double[] x = c.operands.get(0).toDoubles();
        double[] gamma = c.operands.get(1).toDoubles();
        double[] beta = c.operands.get(2).toDoubles();
        double[] g = operand(9, 1 << 24, size).toDoubles();
        int channels = gamma.length;
        int plane = c.operands.get(0).dim(2) * c.operands.get(0).dim(3);
        double terms = (double) size / channels;
        double[] y = new double[size];
        double[] dx = new double[size];
        double[] dGamma = new double[channels];
        double[] dBeta = new double[channels];
        for (int ch = 0; ch < channels; ch++) {
            double mean = 0;
            double size1 = 0;
            double squares = 0;
            for (int i = 0; i < size; i++) {
                if (i / plane % channels == ch) {
                    mean += x[i] / terms;
                    size1 += Math.abs(x[i]) / terms;
                    squares += x[i] * x[i] / terms;
                    dBeta[ch] += Math.abs(g[i]);
                }
            }
            double r = 1 / Math.sqrt(squares - mean * mean + 1e-5);
            for (int i = 0; i < size; i++) {
                if (i / plane % channels == ch) {
                    dGamma[ch] += Math.abs(g[i]) * (Math.abs(x[i]) + size1) * r;
                }
            }
            for (int i = 0; i < size; i++) {
                if (i / plane % channels == ch) {
                    double hat = (Math.abs(x[i]) + size1) * r;
                    y[i] = Math.abs(gamma[ch]) * hat + Math.abs(beta[ch]);
                    dx[i] = Math.abs(gamma[ch]) * r * (Math.abs(g[i]) + dBeta[ch] / terms + hat * dGamma[ch] / terms);
                }
            }
        }
        return List.of(y, dx, dGamma, dBeta);
    }

    /** Pseudo-random numbers in −2 … 2 on a grid of so many levels, binary32; the same as {@code operand} in convolution_golden.py. */
    private static Tensor operand(int seed, int levels, int... dims) {
        int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            int h = (int) (i * 2654435761L + seed * 40503L);
            h ^= h >>> 15;
            h *= (int) 2246822519L;
            h ^= h >>> 13;
            values[i] = Integer.remainderUnsigned(h, levels) / (levels / 4.0) - 2;
        }
        return Tensor.of(values, dims);
    }

    private static Tensor absolute(Tensor t) {
        double[] values = Arrays.stream(t.toDoubles()).map(Math::abs).toArray();
        return Tensor.of(values, t.shape().dims()).as(t.dtype());
    }

    private static List<Config> configs() throws IOException {
        try (InputStream in = ConvolutionGoldenTest.class.getResourceAsStream("convolution_golden.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(l -> l.split(" ")).map(w -> new Config(w[0], w)).toList();
        }
    }

    private static double[] golden() throws IOException {
        return Npy.read(Path.of("tests/gradus/op/convolution_golden.npy")).doubles();
    }
}
