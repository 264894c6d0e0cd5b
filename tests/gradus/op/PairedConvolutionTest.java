package gradus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.Epilogue;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.grad.Gradients;
import gradus.numerics.RandomStream;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A convolution and the pixels that meet beside it have, as one operation, the bits of two: values, and gradients of first and second order. */
class PairedConvolutionTest {
    /** Images of 2·height × 2·width meet behind the convolution or come of height × width before it; {@code special} puts NaN, ±0 and equal pixels in. */
    record Case(int samples, int channels, int filters, int height, int width, int kernel, int stride, int dilation, Epilogue phi, boolean pooled, Ends ends, DType type,
            int threads, boolean bias, boolean special, int seed) {}

    /** What made the images, and whether the convolution's groups are its channels. */
    record Ends(Epilogue below, boolean grouped) {}

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Epilogue> phis = Arbitraries.of(Epilogue.IDENTITY, Epilogue.RELU, Epilogue.leakyRelu(0.01));
        Arbitrary<List<Integer>> extents = Arbitraries.integers().between(1, 20).list().ofSize(2);
        return Combinators.combine(Arbitraries.of(5, 9, 16, 17, 33, 70), Arbitraries.of(1, 2, 4, 5, 16).list().ofSize(2), extents,
                Arbitraries.of(1, 2, 3, 5).list().ofSize(3), phis,
                Combinators.combine(phis, Arbitraries.of(true, false)).as(Ends::new), Arbitraries.of(DType.class), Arbitraries.integers().between(0, 1 << 20))
                .as((n, channels, image, window, phi, ends, type, seed) -> new Case(n, channels.get(0), ends.grouped ? channels.get(0) : channels.get(1),
                        image.get(0), image.get(1), window.get(0), seed % 7 == 0 ? 2 : 1, seed % 5 == 0 ? 2 : 1, phi, seed % 2 == 0, ends, type, 1 + seed / 2 % 2,
                        seed / 4 % 3 > 0, seed / 16 % 4 == 0, seed));
    }

    @Property(tries = 400)
    void bitsAreThoseOfTwoOperations(@ForAll("cases") Case c) {
        try (Backend backend = Backends.open("cpu", c.threads, line -> { })) {
            List<double[]> one = results(backend, c, true);
            List<double[]> two = results(backend, c, false);
            assertEquals(two.size(), one.size());
            for (int i = 0; i < one.size(); i++) {
                assertArrayEquals(two.get(i), one.get(i), c + ", " + (i == 0 ? "value" : "gradient " + i));
            }
        }
    }

    @Property(tries = 20)
    void recordedBackwardPassesToo(@ForAll("cases") Case c) {
        Case few = new Case(9, c.channels, c.filters, Math.min(c.height, 3), Math.min(c.width, 3), 3, 1, 1, c.phi, c.pooled, c.ends, DType.FLOAT64, 1, c.bias, false, c.seed);
        try (Backend backend = Backends.open("cpu", 1, line -> { })) {
            assertArrayEquals(curvature(backend, few, false), curvature(backend, few, true), few.toString());
        }
    }

    /** Another result of the same tape, whose own images a training step's pass has released, is none of theirs. */
    @Example
    void onlyWhatAResultIsMadeOfIsTakenApart() {
        Case c = new Case(9, 2, 3, 2, 2, 3, 1, 1, Epilogue.RELU, true, new Ends(Epilogue.RELU, false), DType.FLOAT64, 1, true, false, 5);
        try (Backend backend = Backends.open("cpu", 1, line -> { }); Tape tape = new Tape(backend)) {
            List<Value> given = given(tape, c);
            Value kept = apply(given, c, true).keep();
            Gradients.of(kept.times(kept).sum(), given);
            Value other = given.getFirst().times(given.getFirst()).sum();
            assertEquals(given.getFirst().size(), Gradients.differentiable(other, given.subList(0, 1)).getFirst().size());
        }
    }

    private static List<double[]> results(Backend backend, Case c, boolean one) {
        try (Tape tape = new Tape(backend)) {
            List<Value> given = given(tape, c);
            Value y = apply(given, c, one);
            if (one && c.samples > 8 && (!c.pooled || c.phi.kind() != Epilogue.Kind.LEAKY_RELU && y.shape().dim(2) > 0)) {
                boolean served = !c.pooled || evenBefore(given, c);
                assertEquals(served, y.op() instanceof PairedConvolution, c.toString());
            }
            List<double[]> all = new ArrayList<>(List.of(backend.download(y.tensor()).toDoubles()));
            Value loss = y.times(y).sum();
            List<Value> wrt = given.subList(0, given.size());
            Gradients.of(loss, wrt).forEach(g -> all.add(backend.download(g.tensor()).toDoubles()));
            return all;
        }
    }

    private static double[] curvature(Backend backend, Case c, boolean one) {
        try (Tape tape = new Tape(backend)) {
            List<Value> given = given(tape, c);
            Value y = apply(given, c, one);
            assertEquals(one && (!c.pooled || c.phi.kind() != Epilogue.Kind.LEAKY_RELU), y.op() instanceof PairedConvolution, c.toString());
            Value loss = y.times(y).times(y).sum();
            List<Value> direction = given.stream().map(v -> v.tape().constant(random(new RandomStream(7, "direction"), c, v.shape().dims()))).toList();
            double[] found = {};
            for (Value product : Gradients.hessianVector(loss, given, direction)) {
                double[] more = backend.download(product.tensor()).toDoubles();
                double[] all = java.util.Arrays.copyOf(found, found.length + more.length);
                System.arraycopy(more, 0, all, found.length, more.length);
                found = all;
            }
            return found;
        }
    }

    /** Images, weight and bias. */
    private static List<Value> given(Tape tape, Case c) {
        RandomStream random = new RandomStream(c.seed, "paired");
        int scale = c.pooled ? 2 : 1;
        int groups = c.ends.grouped ? c.channels : 1;
        int border = c.pooled ? (c.kernel - 1) * c.dilation : 0;
        List<Value> all = new ArrayList<>();
        all.add(tape.variable(random(random, c, c.samples, c.channels, scale * c.height + border % 2, scale * c.width + border % 2)));
        all.add(tape.variable(random(random, c, c.filters, c.channels / groups, c.kernel, c.kernel)));
        if (c.bias) {
            all.add(tape.variable(random(random, c, c.filters)));
        }
        return all;
    }

    private static Window window(Case c) {
        return Window.of(c.kernel).stride(c.stride).dilation(c.dilation).padding((c.kernel - 1) * c.dilation / 2);
    }

    private static boolean evenBefore(List<Value> given, Case c) {
        Shape x = given.getFirst().shape();
        return window(c).outHeight(x.dim(2)) % 2 == 0 && window(c).outWidth(x.dim(3)) % 2 == 0;
    }

    private static Value apply(List<Value> given, Case c, boolean one) {
        Value x = switch (c.ends.below.kind()) {
            case RELU -> given.getFirst().relu();
            case LEAKY_RELU -> given.getFirst().leakyRelu(c.ends.below.slope());
            default -> given.getFirst();
        };
        Value bias = c.bias ? given.get(2) : null;
        int groups = c.ends.grouped ? c.channels : 1;
        Window w = window(c);
        if (c.pooled) {
            int height = w.outHeight(x.shape().dim(2));
            int width = w.outWidth(x.shape().dim(3));
            if (Math.min(height, width) < 2) {
                return x.conv2d(given.get(1), bias, w, groups, c.phi);
            }
            return one ? x.conv2dMaxPool(given.get(1), bias, w, groups, c.phi) : x.conv2d(given.get(1), bias, w, groups, c.phi).maxPool(Window.of(2).stride(2));
        }
        return one ? x.doubledConv2d(given.get(1), bias, w, groups, c.phi)
                : x.resize(2 * x.shape().dim(2), 2 * x.shape().dim(3), ResizeShape.Mode.NEAREST).conv2d(given.get(1), bias, w, groups, c.phi);
    }

    private static Tensor random(RandomStream random, Case c, int... dims) {
        Tensor t = Tensor.zeros(DType.FLOAT32, Shape.of(dims));
        random.normal(t.floats(), 0, t.size(), 0, 1);
        for (int i = 0; c.special && dims.length == 4 && i < t.size(); i++) {
            float v = t.floats()[i];
            t.floats()[i] = i % 97 == 96 && dims[0] == c.samples ? Float.NaN : Math.abs(v) < 0.5 ? Math.copySign(0, v) : Math.round(v);
        }
        return t.as(c.type);
    }
}
