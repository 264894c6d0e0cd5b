package gradus.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.numerics.RandomStream;
import gradus.op.Convolution;
import gradus.op.Normalization;
import gradus.op.Pooling;
import gradus.op.Resample;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** A training step's pass, which takes gradients through rectifiers on their way to memory, has the bits of the pass that keeps both apart. */
class ThroughActivationsTest {
    /** A network of two layers: what rectifies the images of the first, and what reads them. */
    record Case(int samples, int channels, int filters, int height, int width, Epilogue phi, Maker maker, Reader reader, DType type, int threads, int seed) {}

    enum Maker { CONV, BATCH_NORM, ALONE }

    enum Reader { CONV, STRIDED, TRANSPOSED, MAX_POOL, OVERLAPPING_POOL, UPSAMPLING, BILINEAR, BATCH_NORM, TWICE, WANTED }

    @Provide
    Arbitrary<Case> cases() {
        return Combinators.combine(Arbitraries.of(1, 3, 16, 17, 33, 64), Arbitraries.integers().between(1, 5), Arbitraries.integers().between(1, 9),
                Arbitraries.integers().between(5, 12), Arbitraries.integers().between(5, 12),
                Arbitraries.of(Epilogue.RELU, Epilogue.leakyRelu(0.01), Epilogue.TANH, Epilogue.IDENTITY),
                Combinators.combine(Arbitraries.of(Maker.class), Arbitraries.of(Reader.class)).as(List::of), Arbitraries.of(DType.class))
                .as((n, c, f, h, w, phi, ends, type) -> new Case(n, c, f, h, w, phi, (Maker) ends.get(0), (Reader) ends.get(1), type, 1 + (n + h) % 2, n * 31 + h * 7 + w));
    }

    @Property(tries = 300)
    void bitsAreThoseOfTwoPasses(@ForAll("cases") Case c) {
        try (Backend backend = Backends.open("cpu", c.threads, line -> { })) {
            assertNotNull(backend.convolutions().throughActivations());
            List<double[]> one = gradients(backend, c, true);
            List<double[]> two = gradients(backend, c, false);
            assertEquals(two.size(), one.size());
            for (int i = 0; i < one.size(); i++) {
                assertArrayEquals(two.get(i), one.get(i), c + ", gradient " + i);
            }
        }
    }

    private static List<double[]> gradients(Backend backend, Case c, boolean step) {
        RandomStream random = new RandomStream(c.seed, "through");
        try (Tape tape = new Tape(backend)) {
            Value x = tape.constant(random(random, c.type, c.samples, c.channels, c.height, c.width));
            Value first = tape.variable(random(random, c.type, c.filters, c.channels, 3, 3));
            Value bias = tape.variable(random(random, c.type, c.filters));
            Value second = tape.variable(random(random, c.type, c.filters, c.filters, 3, 3));
            Window same = Window.of(3).padding(1);
            Value gamma = tape.variable(random(random, c.type, c.filters));
            ConvShape shape = ConvShape.of(x.shape(), first.shape(), same, 1);
            Value y = rectified(c, tape.apply(new Convolution.Conv2d(x, first, bias, shape, c.maker == Maker.CONV ? c.phi : Epilogue.IDENTITY)), gamma, bias);
            Value z = reader(c.reader, second, gamma, bias).apply(y);
            Value loss = z.times(z).sum();
            List<Value> wrt = c.reader == Reader.WANTED ? List.of(first, bias, second, gamma, y) : List.of(first, bias, second, gamma);
            List<Value> found = step ? Gradients.of(loss, wrt) : Gradients.differentiable(loss, wrt);
            return found.stream().map(g -> backend.download(g.tensor()).toDoubles()).toList();
        }
    }

    private static Value rectified(Case c, Value y, Value gamma, Value beta) {
        return switch (c.maker) {
            case CONV -> y;
            case BATCH_NORM -> norm(y, gamma, beta, c.phi);
            case ALONE -> switch (c.phi.kind()) {
                case RELU -> y.relu();
                case LEAKY_RELU -> y.leakyRelu(c.phi.slope());
                case SIGMOID, TANH, IDENTITY -> y.tanh();
            };
        };
    }

    private static Value norm(Value y, Value gamma, Value beta, Epilogue phi) {
        return y.tape().apply(new Normalization.BatchNorm(y, gamma, beta, Normalization.Moments.of(y, 1e-5), phi));
    }

    private static UnaryOperator<Value> reader(Reader reader, Value weight, Value gamma, Value beta) {
        Window three = Window.of(3);
        return switch (reader) {
            case CONV, WANTED -> y -> conv(y, weight, three);
            case STRIDED -> y -> conv(y, weight, three.stride(2).padding(1));
            case TRANSPOSED -> y -> {
                Shape large = Shape.of(y.shape().dim(0), y.shape().dim(1), y.shape().dim(2) + 2, y.shape().dim(3) + 2);
                return y.tape().apply(new Convolution.ConvTranspose2d(y, weight, null, ConvShape.of(large, weight.shape(), three, 1), Epilogue.IDENTITY));
            };
            case MAX_POOL -> y -> pool(y, Window.of(2).stride(2));
            case OVERLAPPING_POOL -> y -> pool(y, three.stride(2));
            case UPSAMPLING -> y -> resized(y, ResizeShape.Mode.NEAREST);
            case BILINEAR -> y -> resized(y, ResizeShape.Mode.BILINEAR);
            case BATCH_NORM -> y -> norm(y, gamma, beta, Epilogue.TANH);
            case TWICE -> y -> conv(y, weight, three.padding(1)).plus(y);
        };
    }

    private static Value conv(Value y, Value weight, Window window) {
        return y.tape().apply(new Convolution.Conv2d(y, weight, null, ConvShape.of(y.shape(), weight.shape(), window, 1), Epilogue.IDENTITY));
    }

    private static Value pool(Value y, Window window) {
        return y.tape().apply(new Pooling.MaxPool(y, PoolShape.of(y.shape(), window, false, true)));
    }

    private static Value resized(Value y, ResizeShape.Mode mode) {
        return y.tape().apply(new Resample.Resize(y, ResizeShape.of(y.shape(), 2 * y.shape().dim(2), 2 * y.shape().dim(3), mode)));
    }

    private static Tensor random(RandomStream random, DType type, int... dims) {
        Tensor t = Tensor.zeros(DType.FLOAT32, Shape.of(dims));
        random.normal(t.floats(), 0, t.size(), 0, 1);
        return t.as(type);
    }
}
