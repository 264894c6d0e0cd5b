package gradus.backend.cuda;

import static gradus.backend.cuda.Devices.SCALAR;
import static gradus.backend.cuda.Devices.broadcast;
import static gradus.backend.cuda.Devices.dense;
import static gradus.backend.cuda.Devices.layout;
import static gradus.backend.cuda.Devices.same;

import gradus.backend.Formula;
import gradus.backend.Fusion;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The device kernels have the bits of the scalar backend, whatever shapes and layouts, and the checked emulator finds no race, no place out of bounds and no
 * value that was never set.
 */
@AddLifecycleHook(SkippedWithoutEmulator.class)
class KernelProperties {
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

    @Provide
    Arbitrary<int[]> shapes() {
        Arbitrary<Integer> extent = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(1, 2, 3, 5, 7, 8, 13, 16, 17)), Tuple.of(2, Arbitraries.of(31, 32, 33, 67)), Tuple.of(1, Arbitraries.of(0, 1, 97)));
        return extent.list().ofMinSize(0).ofMaxSize(5).map(KernelProperties::limited);
    }

    private static int[] limited(List<Integer> extents) {
        int[] dims = new int[extents.size()];
        long size = 1;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = size * extents.get(i) > 3000 ? 1 : extents.get(i);
            size *= Math.max(1, dims[i]);
        }
        return dims;
    }

    private static CudaBackend either(Random random) {
        return random.nextInt(3) == 0 ? fast : checked;
    }

    @Property(tries = 150)
    void functionsOfOneOperand(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll Function f, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            return backend.map(f, layout(random, dense(random, dtype, dims), true, place));
        });
    }

    @Property(tries = 300)
    void functionsOfTwoOperandsWithBroadcasting(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll Zip f, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor a = layout(random, dense(random, dtype, broadcast(random, dims)), true, place);
            Tensor b = dense(random, dtype, broadcast(random, dims));
            b = f == Zip.INTEGER_POWER ? SCALAR.map(Function.FLOOR, SCALAR.zip(Zip.MAXIMUM, SCALAR.zip(Zip.MINIMUM, b, 5), -5)) : b;
            return backend.zip(f, a, layout(random, b, true, place));
        });
    }

    @Property(tries = 150)
    void functionsOfAnOperandAndANumber(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll Zip f, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor a = layout(random, dense(random, dtype, dims), true, place);
            return backend.zip(f, a, f == Zip.INTEGER_POWER ? random.nextInt(-5, 6) : random.nextGaussian());
        });
    }

    @Property(tries = 100)
    void selection(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor mask = layout(random, SCALAR.zip(Zip.GREATER, dense(random, dtype, broadcast(random, dims)), 0.3), true, place);
            Tensor a = layout(random, dense(random, dtype, broadcast(random, dims)), true, place);
            return backend.select(mask, a, layout(random, dense(random, dtype, broadcast(random, dims)), true, place));
        });
    }

    @Property(tries = 100)
    void copiesAndFillsOfViews(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor source = layout(random, dense(random, dtype, dims), true, place);
            Tensor target = layout(random, dense(random, dtype, dims), false, place);
            backend.copy(source, target);
            return target;
        });
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor whole = place.apply(dense(random, dtype, 5, 7, 3));
            backend.fill(whole.slice(1, 2, 5).transpose(), random.nextGaussian());
            return whole;
        });
    }

    @Property(tries = 250)
    void folds(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll Reduction r, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            int[] axes = random.ints(0, Math.max(1, dims.length)).limit(random.nextInt(dims.length + 1)).distinct().toArray();
            return backend.reduce(r, layout(random, dense(random, dtype, dims), true, place), axes);
        });
    }

    @Example
    void foldsOfSeveralChunks() {
        for (DType dtype : DType.values()) {
            for (Reduction r : Reduction.values()) {
                for (int length : new int[] {4095, 4096, 4097, 8192, 70_001}) {
                    same(fast, (backend, place) -> backend.reduce(r, place.apply(dense(new Random(7), dtype, length))));
                    same(fast, (backend, place) -> backend.reduce(r, place.apply(dense(new Random(7), dtype, length, 3)), 0));
                    same(fast, (backend, place) -> backend.reduce(r, place.apply(dense(new Random(7), dtype, 3, 2, length / 8, 4)), 0, 2));
                }
                same(checked, (backend, place) -> backend.reduce(r, place.apply(dense(new Random(7), dtype, 4097, 2)), 0));
                same(fast, (backend, place) -> backend.reduce(r, place.apply(dense(new Random(7), dtype, 70, 1300)), 0));
            }
        }
    }

    @Property(tries = 200)
    void products(@ForAll long seed, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            int[] sizes = {1, 2, 3, 5, 8, 16, 17, 30, 33, 49};
            int m = sizes[random.nextInt(sizes.length)];
            int n = random.nextInt(12) == 0 ? 0 : sizes[random.nextInt(sizes.length)];
            int k = random.nextInt(12) == 0 ? 0 : sizes[random.nextInt(sizes.length)];
            int batches = random.nextInt(4);
            Tensor a = dense(random, dtype, batches > 1 ? new int[] {batches, 2, m, k} : new int[] {m, k});
            Tensor b = dense(random, dtype, batches > 1 ? new int[] {batches, 2, k, n} : new int[] {k, n});
            Tensor bias = random.nextBoolean() ? null : layout(random, dense(random, dtype, n), true, place);
            Function activation = random.nextBoolean() ? null : Function.values()[random.nextInt(Function.values().length)];
            return backend.matmul(layout(random, a, true, place), layout(random, b, true, place), bias, activation);
        });
    }

    /** Every tile, every orientation of both operands, rows that are whole fours and rows that are not, with short slices along k, and depths at which −0 and +0 would show. */
    @Example
    void productsOfEveryTile() {
        Random random = new Random(5);
        for (DType dtype : DType.values()) {
            for (int[] size : new int[][] {{250, 249, 33}, {128, 128, 24}, {190, 125, 49}, {192, 128, 32}, {190, 61, 47}, {64, 60, 36}, {30, 29, 100}, {32, 28, 140}, {33, 9, 131}, {128, 8, 784}}) {
                for (int orientation = 0; orientation < 4; orientation++) {
                    int way = orientation;
                    long seed = random.nextLong();
                    same(fast, (backend, place) -> {
                        Random same = new Random(seed);
                        Tensor a = (way & 1) == 0 ? place.apply(dense(same, dtype, size[0], size[2])) : place.apply(dense(same, dtype, size[2], size[0])).transpose();
                        Tensor b = (way & 2) == 0 ? place.apply(dense(same, dtype, size[2], size[1])) : place.apply(dense(same, dtype, size[1], size[2])).transpose();
                        return backend.matmul(a, b, place.apply(dense(same, dtype, size[1])), Function.SIGMOID);
                    });
                }
            }
        }
        for (int[] size : new int[][] {{128, 120, 20}, {127, 121, 17}, {192, 124, 36}, {190, 123, 33}, {64, 60, 36}, {61, 63, 33}, {32, 24, 132}, {31, 23, 67}, {16, 12, 260}, {15, 9, 131}}) {
            same(checked, (backend, place) -> backend.matmul(place.apply(dense(new Random(1), DType.FLOAT32, size[0], size[2])),
                    place.apply(dense(new Random(2), DType.FLOAT32, size[2], size[1])), null, Function.RELU));
            same(checked, (backend, place) -> backend.matmul(place.apply(dense(new Random(1), DType.FLOAT32, size[2], size[0])).transpose(),
                    place.apply(dense(new Random(2), DType.FLOAT32, size[1], size[2])).transpose(), null, null));
        }
        same(checked, (backend, place) -> {
            Tensor tiny = place.apply(Tensor.full(DType.FLOAT32, gradus.tensor.Shape.of(3, 5), 1e-30));
            Tensor minus = place.apply(Tensor.full(DType.FLOAT32, gradus.tensor.Shape.of(5, 3), -1e-30));
            return backend.matmul(tiny, minus, null, null);
        });
    }

    /** Formulas over several segments, more than one launch takes, against one operation after the other; and one that is too long for the kernel. */
    @Example
    void formulasOverSegments() {
        for (CudaBackend device : new CudaBackend[] {checked, fast}) {
            for (DType dtype : DType.values()) {
                for (int length : new int[] {1, 7, 60}) {
                    formula(device, dtype, length);
                }
            }
        }
    }

    private static void formula(CudaBackend device, DType dtype, int steps) {
        Random random = new Random(steps);
        Function[] maps = {Function.SQRT, Function.SQUARE, Function.SIGN, Function.EXP};
        Zip[] pairs = {Zip.ADD, Zip.SUBTRACT, Zip.MULTIPLY, Zip.DIVIDE, Zip.MAXIMUM, Zip.MINIMUM};
        List<Formula.Step> line = new java.util.ArrayList<>();
        double[] scalars = random.doubles(steps, -2, 2).toArray();
        for (int i = 0; i < steps; i++) {
            int a = random.nextInt(3 + i);
            line.add(switch (random.nextInt(3)) {
                case 0 -> new Formula.Map(maps[random.nextInt(maps.length)], a);
                case 1 -> new Formula.Pair(pairs[random.nextInt(pairs.length)], a, random.nextInt(3 + i));
                default -> new Formula.Scalar(pairs[random.nextInt(pairs.length)], a);
            });
        }
        Formula formula = new Formula(3, line, List.of(new Formula.Result(2 + steps, 0), new Formula.Result(3, 2)));
        int[] lengths = java.util.stream.IntStream.range(0, 51).map(i -> i == 4 ? 3000 : 1 + 13 * (i % 19)).toArray();
        for (int replaced : new int[] {0, 2}) {
            same(device, (backend, place) -> {
                Random values = new Random(1);
                List<Tensor[]> segments = new java.util.ArrayList<>();
                for (int length : lengths) {
                    segments.add(new Tensor[] {place.apply(dense(values, dtype, length)), place.apply(dense(values, dtype, length)), place.apply(dense(values, dtype, length))});
                }
                backend.evaluate(formula, scalars, segments);
                return segments.get(replaced == 0 ? 4 : 49)[replaced];
            });
        }
    }

    @Property(tries = 60)
    void draws(@ForAll long seed, @ForAll DType dtype) {
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            gradus.numerics.RandomStream stream = new gradus.numerics.RandomStream(seed, "mask " + random.nextInt(9));
            stream.seek(random.nextInt(4) == 0 ? (1L << 34) - 3 : random.nextInt(20));
            Tensor mask = backend.bernoulli(stream, dtype, gradus.tensor.Shape.of(random.nextInt(5), random.nextInt(1, 700)), random.nextDouble(), 0, 1 / 0.7);
            org.junit.jupiter.api.Assertions.assertEquals(stream.position() + 1, after(stream));
            return mask;
        });
    }

    private static long after(gradus.numerics.RandomStream stream) {
        stream.nextWord();
        return stream.position();
    }

    @Property(tries = 120)
    void fusions(@ForAll("shapes") int[] dims, @ForAll long seed, @ForAll Fusion fusion, @ForAll DType dtype) {
        int[] axes = dims.length == 0 ? new int[] {1} : dims;
        same(either(new Random(seed)), (backend, place) -> {
            Random random = new Random(seed);
            Tensor x = dense(random, dtype, axes);
            x = layout(random, fusion == Fusion.BINARY_CROSS_ENTROPY ? SCALAR.map(Function.SIGMOID, x) : x, true, place);
            return fused(backend, fusion, x, layout(random, dense(random, dtype, axes), true, place));
        });
    }

    /** Several chunks of a loss; rows as wide as a chunk, and one wider, which is composed. */
    @Example
    void fusionsOfManyElements() {
        for (DType dtype : DType.values()) {
            for (Fusion fusion : Fusion.values()) {
                same(fast, (backend, place) -> fused(backend, fusion, place.apply(SCALAR.map(Function.SIGMOID, dense(new Random(1), dtype, 19, 4096))),
                        place.apply(dense(new Random(2), dtype, 19, 4096))));
            }
            org.junit.jupiter.api.Assertions.assertTrue(fast.fused(Fusion.SOFTMAX, Tensor.zeros(dtype, gradus.tensor.Shape.of(2, 4097))).isEmpty());
        }
    }

    /** The device's kernels, or the composition of scalar code. */
    private static Tensor fused(gradus.backend.Backend backend, Fusion fusion, Tensor x, Tensor target) {
        boolean isLoss = fusion == Fusion.MEAN_SQUARED_ERROR || fusion == Fusion.BINARY_CROSS_ENTROPY;
        java.util.Optional<Tensor> there = isLoss ? backend.fused(fusion, x, target) : backend.fused(fusion, x);
        return there.orElseGet(() -> {
            Value a = new Tape(SCALAR).constant(SCALAR.contiguous(backend.download(x)));
            Value b = a.tape().constant(SCALAR.contiguous(backend.download(target)));
            Tensor composed = switch (fusion) {
                case SOFTMAX -> a.softmax().tensor();
                case LOG_SOFTMAX -> a.logSoftmax().tensor();
                case MEAN_SQUARED_ERROR -> new gradus.op.Loss.MeanSquaredError(a, b).forward(SCALAR);
                case BINARY_CROSS_ENTROPY -> new gradus.op.Loss.BinaryCrossEntropy(a, b).forward(SCALAR);
            };
            return backend.upload(composed);
        });
    }

    @Property(tries = 60)
    void uniformAndNormalFills(@ForAll long seed, @ForAll DType dtype) {
        for (boolean normal : new boolean[] {false, true}) {
            same(either(new Random(seed)), (backend, place) -> {
                Random random = new Random(seed);
                gradus.numerics.RandomStream stream = new gradus.numerics.RandomStream(seed, "fill " + random.nextInt(9));
                stream.seek(random.nextInt(4) == 0 ? (1L << 34) - 3 : random.nextInt(20));
                gradus.tensor.Shape shape = gradus.tensor.Shape.of(random.nextInt(5), random.nextInt(1, 700));
                double low = random.nextGaussian();
                Tensor filled = normal ? backend.normal(stream, dtype, shape, low, 0.7) : backend.uniform(stream, dtype, shape, low, low + 0.3);
                org.junit.jupiter.api.Assertions.assertEquals(stream.position() + 1, after(stream));
                Tensor next = backend.bernoulli(stream, dtype, gradus.tensor.Shape.of(9), 0.5, 1, 0);
                Tensor both = backend.allocate(dtype, gradus.tensor.Shape.of(filled.size() + 9));
                backend.copy(filled.reshape(filled.size()), both.slice(0, 0, filled.size()));
                backend.copy(next, both.slice(0, filled.size(), filled.size() + 9));
                backend.release(filled);
                backend.release(next);
                return both;
            });
        }
    }

    @Property(tries = 40)
    void nearestCenters(@ForAll long seed) {
        Random random = new Random(seed);
        int d = random.nextInt(8) == 0 ? 4096 + random.nextInt(40) : random.nextInt(1, 70);
        int n = random.nextInt(1, d > 100 ? 5 : 60);
        int k = random.nextInt(1, 40);
        float[] rows = new float[n * d];
        double[] centers = new double[k * d];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        java.util.Arrays.setAll(centers, i -> random.nextGaussian());
        for (int c = k / 2; c < k; c++) {
            System.arraycopy(centers, (k - 1 - c) * d, centers, c * d, d); // the second half repeats the first
        }
        int[] labels = new int[n];
        try (gradus.backend.NearestCenters device = either(random).nearestCenters(rows, d).orElseThrow()) {
            device.assign(centers, labels);
        }
        for (int i = 0; i < n; i++) {
            int row = i;
            double[] squares = java.util.stream.IntStream.range(0, k).mapToDouble(c -> squaredDistance(rows, row * d, centers, c * d, d)).toArray();
            int nearest = 0;
            for (int c = 1; c < k; c++) {
                nearest = squares[c] < squares[nearest] ? c : nearest;
            }
            org.junit.jupiter.api.Assertions.assertEquals(nearest, labels[i], "row " + i + " of " + n + ", k = " + k + ", d = " + d);
        }
    }

    private static double squaredDistance(float[] x, int xo, double[] y, int yo, int d) {
        double total = 0;
        for (int chunk = 0; chunk < d; chunk += 4096) {
            double[] lanes = new double[16];
            for (int i = chunk; i < Math.min(d, chunk + 4096); i++) {
                double v = x[xo + i] - y[yo + i];
                lanes[i % 16] = Math.fma(v, v, lanes[i % 16]);
            }
            total += gradus.numerics.Sums.fold(lanes);
        }
        return total;
    }

    /** The list that {@code bench gpu} runs on a GPU. */
    @Example
    void everyKernelOfTheBench() {
        DeviceCheck.run(fast, 2).forEach((family, result) -> org.junit.jupiter.api.Assertions.assertNull(result.different(), family));
    }

    /** More axes than a kernel takes, none of which merge. */
    @Example
    void tensorsOfManyAxes() {
        int[] dims = {2, 3, 2, 2, 3, 2, 2, 2, 3, 2};
        int[] back = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
        same(checked, (backend, place) -> backend.map(Function.NEG, place.apply(dense(new Random(1), DType.FLOAT32, dims)).permute(back)));
        same(checked, (backend, place) -> backend.zip(Zip.ADD, place.apply(dense(new Random(1), DType.FLOAT32, dims)).permute(back).permute(back),
                place.apply(dense(new Random(1), DType.FLOAT32, 2, 1, 2, 1, 3, 1, 2, 1, 3, 1))));
        same(fast, (backend, place) -> backend.reduce(Reduction.SUM, place.apply(dense(new Random(1), DType.FLOAT32, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
                2, 2, 2, 2)), 0, 2, 4, 6, 8, 10, 12, 14, 16));
    }
}
