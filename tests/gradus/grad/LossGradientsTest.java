package gradus.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.Window;
import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.Function;
import gradus.numerics.RandomStream;
import gradus.op.Convolution;
import gradus.op.Loss;
import gradus.op.Losses;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A training step's pass, which takes the gradient of a loss and of the layer before it at once, has the bits of the pass that keeps them apart, and of the scalar backend. */
class LossGradientsTest {
    enum Kind { SQUARES, CROSS_ENTROPY }

    /** Who reads the output of the layer, besides the loss. */
    enum Reader { NONE, TWICE, WANTED, TARGET_OF_A_VARIABLE }

    @Property(tries = 150)
    void bitsAreThoseOfSeparatePasses(@ForAll @IntRange(min = 1, max = 70) int rows, @ForAll @IntRange(min = 1, max = 90) int outputs, @ForAll Kind kind, @ForAll Reader reader,
            @ForAll DType type, @ForAll @IntRange(min = 0, max = 3) int activation, @ForAll int seed) {
        Function f = new Function[] {null, Function.RELU, Function.SIGMOID, Function.TANH}[activation];
        try (Backend cpu = Backends.open("cpu", 1 + rows % 2, line -> { }); Backend scalar = new ScalarBackend()) {
            List<double[]> expected = gradients(scalar, rows, outputs, kind, reader, type, f, seed, false);
            for (Backend backend : List.of(cpu, scalar)) {
                for (boolean step : new boolean[] {true, false}) {
                    List<double[]> found = gradients(backend, rows, outputs, kind, reader, type, f, seed, step);
                    assertEquals(expected.size(), found.size());
                    for (int i = 0; i < found.size(); i++) {
                        assertArrayEquals(expected.get(i), found.get(i), backend.name() + ", gradient " + i);
                    }
                }
            }
        }
    }

    /** Images, which a backend may hold in another order than what they are compared with. */
    @Property(tries = 60)
    void bitsAreThoseOfSeparatePassesForImages(@ForAll @IntRange(min = 1, max = 70) int samples, @ForAll @IntRange(min = 1, max = 3) int channels, @ForAll Reader reader,
            @ForAll DType type, @ForAll @IntRange(min = 0, max = 2) int activation, @ForAll int seed) {
        Epilogue phi = new Epilogue[] {Epilogue.IDENTITY, Epilogue.SIGMOID, Epilogue.leakyRelu(0.01)}[activation];
        try (Backend cpu = Backends.open("cpu", 1 + samples % 2, line -> { }); Backend scalar = new ScalarBackend()) {
            List<double[]> expected = imageGradients(scalar, samples, channels, reader, type, phi, seed, false);
            for (boolean step : new boolean[] {true, false}) {
                List<double[]> found = imageGradients(cpu, samples, channels, reader, type, phi, seed, step);
                for (int i = 0; i < expected.size(); i++) {
                    assertArrayEquals(expected.get(i), found.get(i), "gradient " + i);
                }
            }
        }
    }

    private static List<double[]> imageGradients(Backend backend, int samples, int channels, Reader reader, DType type, Epilogue phi, int seed, boolean step) {
        RandomStream random = new RandomStream(seed, "images");
        try (Tape tape = new Tape(backend)) {
            Value x = tape.constant(random(random, type, samples, 2, 5, 6));
            Value weight = tape.variable(random(random, type, channels, 2, 3, 3));
            Value bias = tape.variable(random(random, type, channels));
            Tensor wanted = random(random, type, samples, channels, 3, 4);
            Value target = reader == Reader.TARGET_OF_A_VARIABLE ? tape.variable(wanted) : tape.constant(wanted);
            Value y = tape.apply(new Convolution.Conv2d(x, weight, bias, ConvShape.of(x.shape(), weight.shape(), Window.of(3), 1), phi));
            Value loss = Losses.meanSquaredError(y, target);
            loss = reader == Reader.TWICE ? loss.plus(y.sum()) : loss;
            List<Value> wrt = new ArrayList<>(List.of(weight, bias));
            switch (reader) {
                case WANTED -> wrt.add(y);
                case TARGET_OF_A_VARIABLE -> wrt.add(target);
                case NONE, TWICE -> { }
            }
            List<Value> all = new ArrayList<>(step ? Gradients.of(loss, wrt) : Gradients.differentiable(loss, wrt));
            all.add(loss);
            return all.stream().map(g -> backend.download(g.tensor()).toDoubles()).toList();
        }
    }

    private static List<double[]> gradients(Backend backend, int rows, int outputs, Kind kind, Reader reader, DType type, Function f, int seed, boolean step) {
        RandomStream random = new RandomStream(seed, "losses");
        try (Tape tape = new Tape(backend)) {
            Value x = tape.constant(random(random, type, rows, 6));
            Value weight = tape.variable(random(random, type, outputs, 6));
            Value bias = tape.variable(random(random, type, outputs));
            Tensor wanted = random(random, type, rows, outputs);
            Value target = reader == Reader.TARGET_OF_A_VARIABLE ? tape.variable(wanted) : tape.constant(wanted);
            Value y = x.affine(weight, bias, f);
            Value l = kind == Kind.SQUARES ? y : y.logSoftmax();
            Value loss = (kind == Kind.SQUARES ? Losses.meanSquaredError(l, target) : l.tape().apply(new Loss.NegativeLogLikelihood(l, target))).times(3);
            loss = reader == Reader.TWICE ? loss.plus(l.sum()) : loss;
            List<Value> wrt = new ArrayList<>(List.of(weight, bias));
            switch (reader) {
                case WANTED -> wrt.addAll(List.of(y, l));
                case TARGET_OF_A_VARIABLE -> wrt.add(target);
                case NONE, TWICE -> { }
            }
            List<Value> found = step ? Gradients.of(loss, wrt) : Gradients.differentiable(loss, wrt);
            return found.stream().map(g -> backend.download(g.tensor()).toDoubles()).toList();
        }
    }

    @Property(tries = 60)
    void crossEntropyIsTheMeanOfItsTerms(@ForAll @IntRange(min = 1, max = 70) int rows, @ForAll @IntRange(min = 1, max = 40) int classes, @ForAll DType type, @ForAll int seed) {
        RandomStream random = new RandomStream(seed, "cross-entropy");
        Tensor z = random(random, type, rows, classes);
        Tensor t = random(random, type, rows, classes);
        try (Backend cpu = Backends.open("cpu", 1, line -> { }); Tape tape = new Tape(cpu)) {
            Value logits = tape.variable(z);
            Value composed = logits.logSoftmax().times(tape.constant(t)).sum().dividedBy(-rows);
            Value loss = Losses.crossEntropy(logits, tape.constant(t));
            assertEquals(composed.item(), loss.item());
            double[] expected = Gradients.differentiable(composed, List.of(logits)).getFirst().tensor().toDoubles();
            assertArrayEquals(expected, Gradients.of(loss, List.of(logits)).getFirst().tensor().toDoubles());
        }
    }

    @Example
    void theProcessorTakesTheseGradientsInOnePass() {
        try (Backend cpu = Backends.open("cpu", 1, line -> { })) {
            Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(3, 5));
            Tensor c = Tensor.of(new float[1], 1);
            assertTrue(cpu.squaresGradient(x, x, c, true).isPresent());
            assertTrue(cpu.logLikelihoodGradient(x, x, c).isPresent());
        }
    }

    private static Tensor random(RandomStream random, DType type, int... dims) {
        Tensor t = Tensor.zeros(DType.FLOAT32, Shape.of(dims));
        random.normal(t.floats(), 0, t.size(), 0, 1);
        return t.as(type);
    }
}
