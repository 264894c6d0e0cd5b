package gradus.backend.cuda;

import static gradus.backend.cuda.Devices.dense;
import static gradus.backend.cuda.Devices.layout;
import static gradus.backend.cuda.Devices.same;
import static gradus.backend.cuda.Devices.whole;

import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The convolution, pooling, resampling and normalization kernels have the bits of the scalar backend, and the checked emulator finds no fault. */
@AddLifecycleHook(SkippedWithoutEmulator.class)
class ConvolutionKernelProperties {
    private static CudaBackend checked;
    private static CudaBackend fast;

    @BeforeContainer
    static void open() {
        checked = Devices.checked();
        fast = Devices.fast();
    }

    @AfterContainer
    static void close() {
        for (CudaBackend backend : new CudaBackend[] {checked, fast}) {
            if (backend != null) {
                backend.close();
            }
        }
    }

    private static CudaBackend either(Random random) {
        return random.nextInt(3) > 0 ? fast : checked;
    }

    private static Window window(Random random) {
        return Window.of(random.nextInt(1, 4), random.nextInt(1, 4)).stride(random.nextInt(1, 4), random.nextInt(1, 3))
                .dilation(random.nextInt(1, 3), random.nextInt(1, 3)).padding(random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3));
    }

    private static Epilogue epilogue(Random random) {
        return List.of(Epilogue.IDENTITY, Epilogue.RELU, Epilogue.leakyRelu(0.01), Epilogue.SIGMOID, Epilogue.TANH).get(random.nextInt(5));
    }

    /** A random convolution that fits, its filters and channels on both sides of what a thread owns. */
    private static ConvShape shape(Random random) {
        while (true) {
            int groups = random.nextInt(3) == 0 ? 2 : 1;
            Window window = window(random);
            int[] some = {1, 2, 3, 4, 5, 8, 9, 17};
            Shape x = Shape.of(List.of(1, 2, 3, 17, 33, 50).get(random.nextInt(6)), groups * some[random.nextInt(5)], random.nextInt(1, 9), random.nextInt(1, 9));
            Shape weight = Shape.of(groups * some[random.nextInt(some.length)], x.dim(1) / groups, window.kernelHeight(), window.kernelWidth());
            try {
                return ConvShape.of(x, weight, window, groups);
            } catch (ShapeException e) {
                continue;
            }
        }
    }

    private static Tensor operand(Random random, DType dtype, Shape shape, UnaryOperator<Tensor> place) {
        return layout(random, dense(random, dtype, shape.dims()), true, place);
    }

    @Property(tries = 120)
    void forward(@ForAll long seed, @ForAll DType dtype) {
        ConvShape shape = shape(new Random(seed));
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor bias = random.nextBoolean() ? null : operand(random, dtype, Shape.of(shape.filters()), place);
            return backend.convolutions().forward(shape, operand(random, dtype, shape.input(), place), operand(random, dtype, shape.weight(), place), bias,
                    epilogue(random));
        });
    }

    @Property(tries = 120)
    void byTheInput(@ForAll long seed, @ForAll DType dtype) {
        ConvShape shape = shape(new Random(seed));
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor bias = random.nextBoolean() ? null : operand(random, dtype, Shape.of(shape.channels()), place);
            return backend.convolutions().inputGradient(shape, operand(random, dtype, shape.output(), place), operand(random, dtype, shape.weight(), place),
                    bias, epilogue(random));
        });
    }

    @Property(tries = 120)
    void byTheWeight(@ForAll long seed, @ForAll DType dtype) {
        ConvShape shape = shape(new Random(seed));
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            return backend.convolutions().weightGradient(shape, operand(random, dtype, shape.output(), place), operand(random, dtype, shape.input(), place));
        });
    }

    /** The fast mode's three passes, by a library that multiplies as the contract does: whole numbers leave the order of summation no say. */
    @Property(tries = 80)
    void asProducts(@ForAll long seed, @ForAll DType dtype) {
        ConvShape shape = shape(new Random(seed));
        CudaBackend device = either(new Random(seed));
        int room = new Random(seed).nextInt(3) == 0 ? 1 << 20 : 300;
        gradus.backend.Convolutions products = new DeviceConvolutions(device, new FastConvolutions(device, new ContractProducts(device), room));
        Tensor x = whole(dtype, shape.input().dims());
        Tensor weight = whole(dtype, shape.weight().dims());
        Tensor y = whole(dtype, shape.output().dims());
        same(device, (backend, place) -> of(backend, products).forward(shape, layout(new Random(seed), x, false, place), place.apply(weight),
                place.apply(whole(dtype, shape.filters())), Epilogue.RELU));
        same(device, (backend, place) -> of(backend, products).forward(shape, place.apply(x), layout(new Random(seed), weight, false, place), null,
                Epilogue.leakyRelu(0.5)));
        same(device, (backend, place) -> of(backend, products).inputGradient(shape, layout(new Random(seed), y, false, place), place.apply(weight),
                place.apply(whole(dtype, shape.channels())), Epilogue.IDENTITY));
        same(device, (backend, place) -> of(backend, products).weightGradient(shape, layout(new Random(seed), y, false, place), place.apply(x)));
    }

    private static gradus.backend.Convolutions of(gradus.backend.Backend backend, gradus.backend.Convolutions products) {
        return backend == Devices.SCALAR ? backend.convolutions() : products;
    }

    /** What cuBLAS is asked for, by the kernels of a device, one of the batch after the other. */
    private record ContractProducts(CudaBackend device) implements Products {
        @Override
        public void product(DType dtype, int m, int n, int k, Operand a, Operand b, double start, Operand c, int batches) {
            Tensor sum = device.allocate(dtype, Shape.of(m, n));
            int[] strides = {a.transposed() ? 1 : a.pitch(), a.transposed() ? a.pitch() : 1, b.transposed() ? 1 : b.pitch(), b.transposed() ? b.pitch() : 1, 0};
            for (int i = 0; i < batches; i++) {
                long to = c.address() + i * c.step() * dtype.bytes();
                device.check(Bridge.matmul(device.library(), device.stream(), dtype.ordinal(), m, n, k, strides, new int[] {1, 1, 0, 0},
                        a.address() + i * a.step() * dtype.bytes(), b.address() + i * b.step() * dtype.bytes(), 0, -1, CudaBackend.address(sum)), () -> "product");
                if (start == 1) {
                    Tensor both = device.allocate(dtype, Shape.of(m, n));
                    device.check(Bridge.zip(device.library(), device.stream(), dtype.ordinal(), Zip.ADD.ordinal(), new int[] {2, m, n, c.pitch(), 1, n, 1}, to,
                            CudaBackend.address(sum), CudaBackend.address(both)), () -> "sum");
                    device.copy(both, sum);
                    device.release(both);
                }
                device.check(Bridge.copy(device.library(), device.stream(), dtype.ordinal(), new int[] {2, m, n, n, 1, c.pitch(), 1}, CudaBackend.address(sum), to),
                        () -> "copy");
            }
            device.release(sum);
        }
    }

    /** More taps than a block stages at a time, and more places than one tile. */
    @Example
    void largeConvolutions() {
        for (DType dtype : DType.values()) {
            Window window = Window.of(3).padding(1);
            for (int[] size : new int[][] {{2, 70, 20, 9, 11}, {35, 2, 5, 17, 13}}) {
                Shape x = Shape.of(size[0], size[1], size[3], size[4]);
                ConvShape shape = ConvShape.of(x, Shape.of(size[2], size[1], 3, 3), window, 1);
                same(fast, (backend, place) -> backend.convolutions().forward(shape, place.apply(dense(new Random(1), dtype, x.dims())),
                        place.apply(dense(new Random(2), dtype, shape.weight().dims())), null, Epilogue.RELU));
                same(fast, (backend, place) -> backend.convolutions().inputGradient(shape, place.apply(dense(new Random(1), dtype, shape.output().dims())),
                        place.apply(dense(new Random(2), dtype, shape.weight().dims())), null, Epilogue.IDENTITY));
                same(fast, (backend, place) -> backend.convolutions().weightGradient(shape, place.apply(dense(new Random(1), dtype, shape.output().dims())),
                        place.apply(dense(new Random(2), dtype, x.dims()))));
            }
        }
    }

    /** What the kernels of 3 × 3 see: samples, channels, filters, height, width, stride, top, left, bottom, right; a line or two for each of their tiles. */
    private static final int[][] THREES = {
        {6, 1, 1, 16, 9, 1, 0, 0, 0, 0}, {6, 1, 1, 14, 9, 1, 1, 1, 1, 1}, {14, 4, 4, 16, 9, 1, 0, 0, 0, 0}, {11, 4, 3, 14, 9, 1, 1, 1, 1, 1}, {7, 9, 10, 16, 12, 1, 0, 0, 0, 0},
        {8, 9, 10, 14, 9, 1, 1, 1, 1, 1}, {6, 9, 10, 14, 9, 1, 1, 1, 1, 1}, {6, 9, 10, 10, 9, 1, 1, 1, 1, 1}, {6, 9, 10, 12, 12, 1, 0, 0, 0, 0},
        {1, 9, 10, 4, 4, 1, 0, 0, 0, 0}, {1, 9, 10, 4, 3, 1, 1, 1, 1, 1}, {6, 9, 10, 13, 11, 2, 1, 1, 1, 1}, {1, 9, 10, 5, 5, 2, 0, 0, 0, 0},
        {35, 3, 5, 5, 4, 1, 1, 1, 1, 1}, {35, 12, 11, 5, 4, 1, 1, 1, 1, 1}, {35, 12, 11, 6, 7, 2, 0, 0, 0, 0}, {35, 12, 11, 4, 6, 2, 1, 1, 1, 1},
        {35, 12, 11, 3, 2, 1, 2, 2, 2, 2}, {6, 9, 10, 9, 14, 1, 1, 0, 0, 1}, {6, 9, 10, 9, 14, 2, 0, 1, 1, 0}, {2, 5, 6, 1, 1, 1, 1, 1, 1, 1},
        {3, 60, 9, 4, 5, 1, 1, 0, 1, 0}, {2, 2, 5, 4, 300, 1, 1, 1, 1, 1}, {2, 2, 5, 4, 1200, 1, 0, 1, 0, 1}, {3, 2, 9, 6, 5, 1, 2, 2, 2, 2},
        {3, 2, 9, 6, 5, 2, 2, 2, 1, 2}};

    @Property(tries = 3)
    void threesByThrees(@ForAll long seed) {
        for (int[] c : THREES) {
            Window window = Window.of(3).stride(c[5]).padding(c[6], c[8], c[7], c[9]);
            ConvShape shape = ConvShape.of(Shape.of(c[0], c[1], c[3], c[4]), Shape.of(c[2], c[1], 3, 3), window, 1);
            for (CudaBackend device : new CudaBackend[] {fast, checked}) {
                same(device, (backend, place) -> {
                    Random random = new Random(seed);
                    return backend.convolutions().forward(shape, operand(random, DType.FLOAT32, shape.input(), place),
                            operand(random, DType.FLOAT32, shape.weight(), place), operand(random, DType.FLOAT32, Shape.of(shape.filters()), place), epilogue(random));
                });
                same(device, (backend, place) -> {
                    Random random = new Random(seed);
                    return backend.convolutions().inputGradient(shape, operand(random, DType.FLOAT32, shape.output(), place),
                            operand(random, DType.FLOAT32, shape.weight(), place), null, epilogue(random));
                });
                same(device, (backend, place) -> {
                    Random random = new Random(seed);
                    return backend.convolutions().weightGradient(shape, operand(random, DType.FLOAT32, shape.output(), place),
                            operand(random, DType.FLOAT32, shape.input(), place));
                });
            }
        }
    }

    /** So many weights that the chains of the batch do not fit the memory for them at once. */
    @Example
    void weightGradientInPortions() {
        Shape x = Shape.of(70, 300, 1, 1);
        ConvShape shape = ConvShape.of(x, Shape.of(1800, 300, 1, 1), Window.of(1), 1);
        same(fast, (backend, place) -> backend.convolutions().weightGradient(shape, place.apply(dense(new Random(1), DType.FLOAT32, shape.output().dims())),
                place.apply(dense(new Random(2), DType.FLOAT32, x.dims()))));
    }

    @Property(tries = 120)
    void pooling(@ForAll long seed, @ForAll DType dtype) {
        Random shapes = new Random(seed);
        Window window = window(shapes);
        Shape x = Shape.of(shapes.nextInt(1, 4), shapes.nextInt(1, 4), shapes.nextInt(1, 10), shapes.nextInt(1, 10));
        PoolShape shape;
        try {
            shape = PoolShape.of(x, window, shapes.nextBoolean(), shapes.nextBoolean());
        } catch (ShapeException e) {
            return;
        }
        int which = shapes.nextInt(5);
        same(either(shapes), (backend, place) -> {
            Random random = new Random(seed);
            Tensor image = operand(random, dtype, x, place);
            return switch (which) {
                case 0 -> backend.convolutions().maxPool(shape, image);
                case 1 -> backend.convolutions().maxPoolGradient(shape, operand(random, dtype, shape.output(), place), image);
                case 2 -> backend.convolutions().maxPoolPick(shape, operand(random, dtype, x, place), image);
                case 3 -> backend.convolutions().averagePool(shape, image);
                default -> backend.convolutions().averagePoolGradient(shape, operand(random, dtype, shape.output(), place));
            };
        });
    }

    /** Windows side by side that cover the image: the gradient has a kernel for them, and both passes one for 2 × 2. */
    @Property(tries = 60)
    void poolingByTiles(@ForAll long seed, @ForAll DType dtype) {
        Random shapes = new Random(seed);
        Window window = shapes.nextBoolean() ? Window.of(2) : Window.of(shapes.nextInt(1, 4), shapes.nextInt(1, 4));
        int which = shapes.nextInt(3);
        Shape x = Shape.of(shapes.nextInt(1, 4), shapes.nextInt(1, 4), window.kernelHeight() * shapes.nextInt(1, 5), window.kernelWidth() * shapes.nextInt(1, 5));
        PoolShape shape = PoolShape.of(x, window.stride(window.kernelHeight(), window.kernelWidth()), false, false);
        same(either(shapes), (backend, place) -> {
            Random random = new Random(seed);
            Tensor image = operand(random, dtype, x, place);
            return switch (which) {
                case 0 -> backend.convolutions().maxPool(shape, image);
                case 1 -> backend.convolutions().maxPoolPick(shape, operand(random, dtype, x, place), image);
                default -> backend.convolutions().maxPoolGradient(shape, operand(random, dtype, shape.output(), place), image);
            };
        });
    }

    @Property(tries = 100)
    void resampling(@ForAll long seed, @ForAll DType dtype, @ForAll ResizeShape.Mode mode, @ForAll boolean gradient) {
        Random shapes = new Random(seed);
        ResizeShape shape = new ResizeShape(shapes.nextInt(1, 3), shapes.nextInt(1, 3), shapes.nextInt(1, 12), shapes.nextInt(1, 12), shapes.nextInt(1, 12),
                shapes.nextInt(1, 12), mode);
        same(either(shapes), (backend, place) -> {
            Random random = new Random(seed);
            return gradient ? backend.convolutions().resizeGradient(shape, operand(random, dtype, shape.output(), place))
                    : backend.convolutions().resize(shape, operand(random, dtype, shape.input(), place));
        });
    }

    @Property(tries = 100)
    void normalization(@ForAll long seed, @ForAll DType dtype) {
        Random shapes = new Random(seed);
        int channels = shapes.nextInt(1, 6);
        int samples = List.of(1, 5, 16, 17, 32, 33, 70).get(shapes.nextInt(7));
        Shape x = shapes.nextBoolean() ? Shape.of(samples, channels) : Shape.of(samples, channels, shapes.nextInt(1, 5), shapes.nextInt(1, 5));
        int which = shapes.nextInt(6);
        same(either(shapes), (backend, place) -> {
            Random random = new Random(seed);
            Tensor image = operand(random, dtype, x, place);
            Tensor g = operand(random, dtype, x, place);
            Tensor[] perChannel = new Tensor[4];
            for (int i = 0; i < perChannel.length; i++) {
                perChannel[i] = operand(random, dtype, Shape.of(channels), place);
            }
            return switch (which) {
                case 0 -> backend.convolutions().channelSums(image);
                case 1 -> backend.convolutions().channelSquares(image, perChannel[0]);
                case 2 -> backend.convolutions().channelProducts(g, image, perChannel[0]);
                case 3 -> backend.convolutions().normalize(image, perChannel[0], perChannel[1], perChannel[2], epilogue(random));
                case 4 -> backend.convolutions().normalizeGradient(g, image, perChannel[0], perChannel[1], perChannel[2], perChannel[3]);
                default -> backend.convolutions().epilogueGradient(epilogue(random), g, image);
            };
        });
    }
}
