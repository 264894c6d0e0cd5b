package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/**
 * Vectors over the batch, blocks of samples, tiles and threads never change a bit of convolution, pooling, resampling or batch norm: batches of every
 * kind of remainder, odd extents, strides, dilations, groups, both types, all layouts of the operands, −0, infinities and NaN.
 */
class ConvolutionProperties {
    private static final Backend SCALAR = new ScalarBackend();
    private static final Backend ONE = new SimdBackend(1);
    private static final Backend THREE = new SimdBackend(3);

    /** A random operation: its extents and the seed of its numbers. */
    record Setting(int samples, int channels, int filters, int groups, int height, int width, Window window, DType type, Epilogue phi, long seed) {}

    @Provide
    Arbitrary<Setting> settings() {
        Arbitrary<Window> windows = Combinators.combine(
                Arbitraries.integers().between(1, 4).tuple2(), Arbitraries.integers().between(1, 3).tuple2(), Arbitraries.integers().between(1, 2).tuple2(),
                Arbitraries.integers().between(0, 2).tuple4())
                .as((k, s, d, p) -> new Window(k.get1(), k.get2(), s.get1(), s.get2(), d.get1(), d.get2(), p.get1(), p.get2(), p.get3(), p.get4()));
        return Combinators.combine(Arbitraries.of(0, 1, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 50), Arbitraries.integers().between(1, 9).tuple2(), Arbitraries.of(1, 1, 1, 2),
                Arbitraries.integers().between(1, 7).tuple2().flatMap(e -> Arbitraries.of(0, 0, 0, 17, 34).map(more -> Tuple.of(e.get1(), e.get2() + more))), windows, Arbitraries.of(DType.class),
                Arbitraries.of(Epilogue.IDENTITY, Epilogue.RELU, Epilogue.leakyRelu(0.01), Epilogue.SIGMOID, Epilogue.TANH), Arbitraries.longs())
                .as((n, c, g, e, w, t, phi, seed) -> new Setting(n, c.get1() * g, c.get2() * g, g, e.get1(), e.get2(), w, t, phi, seed))
                .filter(s -> s.window.outHeight(s.height) > 0 && s.window.outWidth(s.width) > 0);
    }

    /** Numbers with every special value now and then, few of them so that most results stay finite. */
    private static Tensor random(SplittableRandom random, DType type, Shape shape) {
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (random.nextInt(400)) {
                case 0 -> -0.0;
                case 1 -> 0;
                case 2 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                case 3 -> Double.NaN;
                case 4 -> 1e-42;
                case 5, 6, 7, 8, 9, 10, 11 -> random.nextInt(-2, 3);
                default -> random.nextGaussian();
            };
        }
        return Tensor.of(values, shape.dims()).as(type);
    }

    private static void same(Function<Convolutions, Tensor> call) {
        Tensor expected = call.apply(SCALAR.convolutions());
        for (Backend backend : new Backend[] {ONE, THREE}) {
            Tensor actual = call.apply(backend.convolutions());
            assertEquals(expected.shape(), actual.shape());
            if (expected.dtype() == DType.FLOAT32) {
                assertArrayEquals(bits(expected.toFloats()), bits(actual.toFloats()));
            } else {
                assertArrayEquals(bits(expected.toDoubles()), bits(actual.toDoubles()));
            }
            backend.release(actual);
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static long[] bits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToLongBits(values[i]);
        }
        return bits;
    }

    /** The tensor as it is, or in blocks with garbage for padding, as a kernel before may have left it. */
    private static Tensor layout(SplittableRandom random, Tensor t) {
        if (random.nextBoolean() || t.size() == 0) {
            return t;
        }
        int block = t.dim(0) > Convolutions.LANES ? Convolutions.CHUNK : Convolutions.LANES;
        int length = (int) Tensor.blockedLength(t.shape(), block);
        Tensor blocked = Tensor.batchBlocked(t.dtype().zeros(length), t.shape(), block, 0);
        ONE.fill(blocked, Double.NaN);
        SCALAR.copy(t, blocked);
        return blocked;
    }

    @Property(tries = 400)
    void convolutionAndItsGradients(@ForAll("settings") Setting s) {
        SplittableRandom random = new SplittableRandom(s.seed);
        Shape weights = Shape.of(s.filters, s.channels / s.groups, s.window.kernelHeight(), s.window.kernelWidth());
        ConvShape shape = ConvShape.of(Shape.of(s.samples, s.channels, s.height, s.width), weights, s.window, s.groups);
        Tensor x = layout(random, random(random, s.type, shape.input()));
        Tensor y = layout(random, random(random, s.type, shape.output()));
        Tensor w = random(random, s.type, weights);
        Tensor b = random.nextBoolean() ? null : random(random, s.type, Shape.of(s.filters));
        Tensor c = random.nextBoolean() ? null : random(random, s.type, Shape.of(s.channels));
        same(k -> k.forward(shape, x, w, b, s.phi));
        same(k -> k.inputGradient(shape, y, w, c, s.phi));
        same(k -> k.weightGradient(shape, y, x));
        for (boolean transposed : new boolean[] {false, true}) {
            same(k -> k.parameterGradients(shape, y, x, transposed).weight());
            same(k -> k.parameterGradients(shape, y, x, transposed).bias());
        }
    }

    /** Images so large that their rows go through the tiles in strips, and tiles so many that they go in groups. */
    @Example
    void stripsAndGroups() {
        SplittableRandom random = new SplittableRandom(1);
        for (Window window : new Window[] {Window.of(3).padding(1), Window.of(3).stride(2), Window.of(5, 2).padding(3, 0, 0, 1)}) {
            ConvShape shape = ConvShape.of(Shape.of(40, 13, 30, 31), Shape.of(17, 13, window.kernelHeight(), window.kernelWidth()), window, 1);
            Tensor x = random(random, DType.FLOAT32, shape.input());
            Tensor y = random(random, DType.FLOAT32, shape.output());
            same(k -> k.parameterGradients(shape, y, x, false).weight());
            same(k -> k.parameterGradients(shape, y, x, false).bias());
            same(k -> k.parameterGradients(shape, y, x, true).bias());
        }
    }

    /** Source rows that are copied before they are read: of many planes a cache way apart, and of so many channels that the cache loses them. */
    @Example
    void copiedRows() {
        SplittableRandom random = new SplittableRandom(4);
        for (DType type : DType.values()) {
            for (ConvShape shape : new ConvShape[] {ConvShape.of(Shape.of(20, 12, 32, 32), Shape.of(11, 12, 3, 3), Window.of(3).padding(1), 1),
                ConvShape.of(Shape.of(33, 64, 4, 28), Shape.of(5, 64, 3, 3), Window.of(3).padding(1, 0, 0, 1), 1),
                ConvShape.of(Shape.of(33, 5, 4, 28), Shape.of(66, 5, 3, 3), Window.of(3).padding(1, 0, 1, 1), 1)}) {
                Tensor x = random(random, type, shape.input());
                Tensor y = random(random, type, shape.output());
                Tensor w = random(random, type, shape.weight());
                same(k -> k.forward(shape, x, w, null, Epilogue.IDENTITY));
                same(k -> k.inputGradient(shape, y, w, null, Epilogue.IDENTITY));
            }
        }
    }

    /** Up to four blocks of samples: small images whose tiles go through several blocks at a time, and large ones of which threads own blocks. */
    @Example
    void blocksOfSamples() {
        SplittableRandom random = new SplittableRandom(2);
        for (DType type : DType.values()) {
            for (ConvShape shape : new ConvShape[] {ConvShape.of(Shape.of(100, 13, 5, 5), Shape.of(20, 13, 3, 3), Window.of(3), 1),
                ConvShape.of(Shape.of(112, 13, 4, 5), Shape.of(20, 13, 3, 3), Window.of(3).padding(1), 1),
                ConvShape.of(Shape.of(100, 5, 30, 31), Shape.of(7, 5, 3, 3), Window.of(3), 1),
                // One column behind a stride: rows lie side by side, but not as far apart as columns do.
                ConvShape.of(Shape.of(9, 2, 2, 1), Shape.of(2, 2, 1, 1), Window.of(1).stride(1, 2), 1)}) {
                Tensor x = random(random, type, shape.input());
                Tensor y = random(random, type, shape.output());
                same(k -> k.parameterGradients(shape, y, x, false).weight());
                same(k -> k.parameterGradients(shape, y, x, false).bias());
                same(k -> k.parameterGradients(shape, y, x, true).bias());
            }
        }
    }

    /** Few samples and few target channels: neighbouring pixels are a vector, and a row's last vector overlaps the one before. */
    @Property(tries = 300)
    void pixelsSideBySide(@ForAll @IntRange(min = 1, max = 3) int samples, @ForAll @IntRange(min = 1, max = 4) int filters, @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 4, max = 70) int columns, @ForAll @IntRange(min = 1, max = 9) int kernelWidth, @ForAll DType type, @ForAll long seed) {
        sideBySide(samples, filters, rows, columns, kernelWidth, type, seed);
    }

    /** Rows whose overlap and whose distance make up for each other: six vectors end where six vectors side by side would end. */
    @Example
    void overlapsThatLookSideBySide() {
        for (int[] extents : new int[][] {{3, 28, 34}, {3, 30, 33}, {6, 27, 33}, {5, 42, 50}, {3, 12, 18}, {3, 14, 17}, {6, 11, 17}, {4, 18, 26}, {3, 6, 9}, {2, 9, 15}, {3, 10, 14}, {2, 5, 7}, {2, 7, 8}}) {
            for (DType type : DType.values()) {
                sideBySide(1, 3, extents[0], extents[1], extents[2] - extents[1] + 1, type, 3);
            }
        }
    }

    /** Forward to the given rows and columns, and the input gradient from a wider image to them. */
    private static void sideBySide(int samples, int filters, int rows, int columns, int kernelWidth, DType type, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ConvShape wide = ConvShape.of(Shape.of(samples, 2, rows, columns + kernelWidth - 1), Shape.of(filters, 2, 1, kernelWidth), Window.of(1, kernelWidth), 1);
        Tensor x = random(random, type, wide.input());
        Tensor w = random(random, type, wide.weight());
        same(k -> k.forward(wide, x, w, null, Epilogue.IDENTITY));
        ConvShape cropped = ConvShape.of(Shape.of(samples, filters, rows, columns), Shape.of(2, filters, 1, 1), Window.of(1).padding(0, 0, 0, kernelWidth - 1), 1);
        Tensor y = random(random, type, cropped.output());
        Tensor v = random(random, type, cropped.weight());
        same(k -> k.inputGradient(cropped, y, v, null, Epilogue.IDENTITY));
    }

    @Property(tries = 300)
    void pooling(@ForAll("settings") Setting s, @ForAll boolean ceil, @ForAll boolean countsPadding) {
        SplittableRandom random = new SplittableRandom(s.seed);
        PoolShape shape = PoolShape.of(Shape.of(s.samples, s.channels, s.height, s.width), s.window, ceil, countsPadding);
        Tensor x = layout(random, random(random, s.type, shape.input()));
        Tensor u = layout(random, random(random, s.type, shape.input()));
        Tensor g = layout(random, random(random, s.type, shape.output()));
        same(k -> k.maxPool(shape, x));
        same(k -> k.maxPoolGradient(shape, g, x));
        same(k -> k.maxPoolPick(shape, u, x));
        same(k -> k.averagePool(shape, x));
        same(k -> k.averagePoolGradient(shape, g));
    }

    @Property(tries = 200)
    void resampling(@ForAll("settings") Setting s, @ForAll @IntRange(min = 1, max = 9) int height, @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll ResizeShape.Mode mode) {
        SplittableRandom random = new SplittableRandom(s.seed);
        ResizeShape shape = ResizeShape.of(Shape.of(s.samples, s.channels, s.height, s.width), height, width, mode);
        Tensor x = layout(random, random(random, s.type, shape.input()));
        Tensor g = layout(random, random(random, s.type, shape.output()));
        same(k -> k.resize(shape, x));
        same(k -> k.resizeGradient(shape, g));
    }

    /** Windows of two by two side by side, and planes that are doubled, have loops of their own. */
    @Property(tries = 150)
    void pairs(@ForAll @IntRange(min = 1, max = 9) int samples, @ForAll @IntRange(min = 1, max = 7) int height, @ForAll @IntRange(min = 1, max = 38) int width, @ForAll DType type,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ResizeShape doubled = ResizeShape.of(Shape.of(samples, 3, height, width), 2 * height, 2 * width, ResizeShape.Mode.NEAREST);
        Tensor small = layout(random, random(random, type, doubled.input()));
        Tensor large = layout(random, random(random, type, doubled.output()));
        same(k -> k.resize(doubled, small));
        same(k -> k.resizeGradient(doubled, large));
        PoolShape halved = PoolShape.of(doubled.output(), Window.of(2).stride(2), false, false);
        same(k -> k.maxPool(halved, large));
        same(k -> k.maxPoolGradient(halved, small, large));
    }

    @Property(tries = 300)
    void batchNorm(@ForAll("settings") Setting s, @ForAll boolean rows) {
        SplittableRandom random = new SplittableRandom(s.seed);
        Shape shape = rows ? Shape.of(s.samples, s.channels) : Shape.of(s.samples, s.channels, s.height, s.width);
        Shape channels = Shape.of(s.channels);
        Tensor x = layout(random, random(random, s.type, shape));
        Tensor g = layout(random, random(random, s.type, shape));
        Tensor a = random(random, s.type, channels);
        Tensor b = random(random, s.type, channels);
        Tensor c = random(random, s.type, channels);
        Tensor d = random(random, s.type, channels);
        same(k -> k.channelSums(x));
        same(k -> k.channelSquares(x, a));
        same(k -> k.channelProducts(g, x, a));
        same(k -> k.normalize(x, a, b, c, s.phi));
        same(k -> k.normalizeGradient(g, x, a, b, c, d));
        same(k -> k.epilogueGradient(s.phi, g, x));
    }
}
