package gradus.backend.cuda;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.Formula;
import gradus.backend.Fusion;
import gradus.backend.NearestCenters;
import gradus.backend.PoolShape;
import gradus.backend.Reduction;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.Function;
import gradus.numerics.RandomStream;
import gradus.numerics.Sums;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Every kernel of a device against the scalar backend, bit for bit, for {@code gradus bench gpu}: sizes that fill a device, and sizes that fit no tile. */
final class DeviceCheck {
    private static final ScalarBackend SCALAR = new ScalarBackend();

    /** A kernel on some backend; tensors of the heap are taken as they are. */
    private interface Operation {
        Tensor on(Backend backend);
    }

    /** What a family of kernels came to: cases tried, and the first that differs, or null. */
    record Result(int cases, String different) {
    }

    private final Backend device;
    /** Whether sizes may fill a device: on the emulator they would take minutes. */
    private final boolean large;
    private final ExecutorService workers;
    private final List<Comparison> cases = new ArrayList<>();
    private final SequencedMap<String, Result> results = new LinkedHashMap<>();

    private DeviceCheck(Backend device, ExecutorService workers) {
        this.device = device;
        this.workers = workers;
        this.large = device.name().equals("cuda");
    }

    /** One try: scalar code, on a thread of its own, beside the device. */
    private record Comparison(String family, String what, Operation operation, Future<Tensor> expected) {
    }

    /** Tries all kernels, scalar code on as many threads. */
    static SequencedMap<String, Result> run(Backend device, int threads) {
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            DeviceCheck check = new DeviceCheck(device, workers);
            check.sendAll();
            check.cases.forEach(check::compare);
            return check.results;
        }
    }

    private void sendAll() {
        for (DType dtype : DType.values()) {
            elementwise(dtype);
            folds(dtype);
            products(dtype);
            convolutions(dtype);
            pooling(dtype);
            normalization(dtype);
            formulas(dtype);
            fusions(dtype);
            draws(dtype);
        }
        nearestCenters();
    }

    private void same(String family, String what, Operation operation) {
        cases.add(new Comparison(family, what, operation, workers.submit(() -> operation.on(SCALAR))));
    }

    private void compare(Comparison c) {
        Tensor there = c.operation.on(device);
        Tensor actual = device.download(there);
        if (there.storage() != actual.storage()) {
            device.release(there);
        }
        Result before = results.getOrDefault(c.family, new Result(0, null));
        String difference = before.different != null ? before.different : difference(c.what, expected(c), actual);
        results.put(c.family, new Result(before.cases + 1, difference));
    }

    private static Tensor expected(Comparison c) {
        try {
            return c.expected.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(c.family + ", " + c.what + ": scalar code failed", e);
        }
    }

    /** The first element that differs; all NaNs count as one. */
    private static String difference(String what, Tensor expected, Tensor actual) {
        double[] a = expected.toDoubles();
        double[] b = actual.toDoubles();
        for (int i = 0; i < a.length; i++) {
            if (Double.doubleToLongBits(a[i]) != Double.doubleToLongBits(b[i])) {
                return what + " " + expected.dtype() + " " + expected.shape() + ": element " + i + " is " + b[i] + ", scalar " + a[i];
            }
        }
        return null;
    }

    /** Normal numbers, always the same for one shape and salt. */
    private static Tensor normal(DType dtype, int salt, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        new RandomStream(salt, "device check").normal(values, 0, values.length, 0, 1);
        return Tensor.of(values, dims).as(dtype);
    }

    /** Numbers of all binades, subnormal ones, infinities and NaNs among them: bit patterns at equal distances over all that there are. */
    private static Tensor patterns(DType dtype, int count) {
        double[] values = new double[count];
        long apart = dtype == DType.FLOAT32 ? (1L << 32) / count | 1 : Long.divideUnsigned(-1L, count) | 1;
        Arrays.setAll(values, i -> dtype == DType.FLOAT32 ? Float.intBitsToFloat((int) (i * apart)) : Double.longBitsToDouble(i * apart));
        return Tensor.of(values, count).as(dtype);
    }

    private void elementwise(DType dtype) {
        Tensor x = normal(dtype, 1, 37, 101);
        Tensor wide = SCALAR.zip(Zip.MULTIPLY, x, 40);
        Tensor row = normal(dtype, 2, 101);
        Tensor patterns = patterns(dtype, large ? 1 << 20 : 1 << 14);
        for (Function f : Function.values()) {
            same("functions", f.name(), b -> b.map(f, wide));
            same("functions", f.name() + " transposed", b -> b.map(f, x.transpose()));
            same("functions", f.name() + " of patterns", b -> b.map(f, patterns));
        }
        for (Zip f : Zip.values()) {
            Tensor second = f == Zip.INTEGER_POWER ? SCALAR.map(Function.FLOOR, row) : row;
            same("pairs", f.name(), b -> b.zip(f, x, second));
            same("pairs", f.name() + " with 3", b -> b.zip(f, x, 3));
        }
        same("select, copy, fill", "select", b -> b.select(row, x, wide));
        same("select, copy, fill", "copy", b -> {
            Tensor target = b.allocate(dtype, Shape.of(101, 37));
            b.copy(x.transpose(), target);
            return target;
        });
        same("select, copy, fill", "fill", b -> {
            Tensor target = b.allocate(dtype, Shape.of(12, 9));
            b.fill(target, 1);
            b.fill(target.slice(1, 2, 5), 0.1);
            return target;
        });
    }

    private void folds(DType dtype) {
        for (Reduction r : Reduction.values()) {
            for (int[] dims : new int[][] {{1_000_001}, {70, 1300}, {5, 4097}, {12_289, 3}}) {
                Tensor x = normal(dtype, 3, dims);
                for (int axis = 0; axis < dims.length; axis++) {
                    int folded = axis;
                    same("folds", r + " over axis " + axis, b -> b.reduce(r, x, folded));
                }
                same("folds", r + " over all", b -> b.reduce(r, x));
            }
        }
    }

    private void products(DType dtype) {
        List<int[]> sizes = new ArrayList<>(List.of(new int[][] {{1, 784, 30}, {128, 784, 8}, {33, 9, 100}, {130, 129, 131}, {257, 70, 300}, {3, 0, 5}}));
        if (large) {
            // Every tile is chosen for some of these on a device of 132 processors.
            sizes.addAll(List.of(new int[][] {{771, 67, 902}, {1601, 83, 1531}, {2048, 48, 1920}, {2047, 45, 1919}, {784, 5000, 30}, {30, 5000, 784}, {5000, 784, 30}}));
        }
        for (int[] size : sizes) {
            Tensor a = normal(dtype, 4, size[0], size[1]);
            Tensor b = normal(dtype, 5, size[1], size[2]);
            Tensor at = a.transpose().copy();
            Tensor bt = b.transpose().copy();
            Tensor bias = normal(dtype, 6, size[2]);
            same("products", "a·b", be -> be.matmul(a, b, null, null));
            same("products", "a·b + bias, sigmoid", be -> be.matmul(a, bt.transpose(), bias, Function.SIGMOID));
            same("products", "transposed", be -> be.matmul(at.transpose(), b, bias, null));
            same("products", "both transposed", be -> be.matmul(at.transpose(), bt.transpose(), null, Function.RELU));
        }
        Tensor a = normal(dtype, 7, 6, 20, 31);
        Tensor b = normal(dtype, 8, 6, 31, 17);
        same("products", "batch", be -> be.matmul(a, b, null, null));
    }

    private void convolutions(DType dtype) {
        record Case(int[] x, int[] weight, Window window, int groups) {
        }
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(new int[] {67, 1, 28, 28}, new int[] {16, 1, 3, 3}, Window.of(3, 3).padding(1, 1, 1, 1), 1));
        cases.add(new Case(new int[] {33, 16, 14, 14}, new int[] {4, 16, 3, 3}, Window.of(3, 3).padding(1, 1, 1, 1), 1));
        cases.add(new Case(new int[] {5, 6, 11, 9}, new int[] {8, 3, 2, 4}, Window.of(2, 4).stride(2, 3).dilation(2, 1).padding(1, 0, 2, 1), 2));
        if (large) {
            Window three = Window.of(3);
            cases.add(new Case(new int[] {200, 4, 26, 26}, new int[] {16, 4, 3, 3}, three, 1));
            cases.add(new Case(new int[] {200, 16, 12, 12}, new int[] {32, 16, 3, 3}, three, 1));
            cases.add(new Case(new int[] {200, 16, 26, 26}, new int[] {16, 16, 3, 3}, three.stride(2), 1));
            cases.add(new Case(new int[] {1100, 32, 7, 7}, new int[] {32, 32, 3, 3}, three.padding(1), 1));
            cases.add(new Case(new int[] {8, 32, 28, 28}, new int[] {1, 32, 3, 3}, three.padding(1), 1));
            // With the above, every strip and every tile of taps on a device of 40 to 180 processors.
            cases.add(new Case(new int[] {340, 1, 28, 28}, new int[] {4, 1, 3, 3}, three, 1));
            cases.add(new Case(new int[] {250, 4, 28, 28}, new int[] {1, 4, 3, 3}, three, 1));
            cases.add(new Case(new int[] {320, 4, 28, 28}, new int[] {4, 4, 3, 3}, three.padding(1), 1));
            cases.add(new Case(new int[] {250, 16, 28, 28}, new int[] {1, 16, 3, 3}, three.padding(1), 1));
            cases.add(new Case(new int[] {420, 2, 16, 16}, new int[] {32, 2, 3, 3}, three, 1));
            cases.add(new Case(new int[] {110, 2, 28, 28}, new int[] {32, 2, 3, 3}, three.padding(1), 1));
            cases.add(new Case(new int[] {500, 16, 10, 10}, new int[] {16, 16, 3, 3}, three.padding(1), 1));
            cases.add(new Case(new int[] {700, 16, 12, 12}, new int[] {32, 16, 3, 3}, three.stride(2), 1));
            cases.add(new Case(new int[] {3, 32, 12, 12}, new int[] {32, 32, 3, 3}, three, 1));
            cases.add(new Case(new int[] {3, 16, 12, 12}, new int[] {32, 16, 3, 3}, three.stride(2), 1));
        }
        for (Case c : cases) {
            ConvShape shape = ConvShape.of(Shape.of(c.x), Shape.of(c.weight), c.window, c.groups);
            Tensor x = normal(dtype, 9, c.x);
            Tensor weight = normal(dtype, 10, c.weight);
            Tensor bias = normal(dtype, 11, c.weight[0]);
            Tensor y = normal(dtype, 12, shape.output().dims());
            same("convolutions", "forward", b -> b.convolutions().forward(shape, x, weight, bias, Epilogue.RELU));
            same("convolutions", "input gradient", b -> b.convolutions().inputGradient(shape, y, weight, null, Epilogue.IDENTITY));
            same("convolutions", "weight gradient", b -> b.convolutions().weightGradient(shape, y, x));
            same("convolutions", "epilogue gradient", b -> b.convolutions().epilogueGradient(Epilogue.SIGMOID, y, y));
        }
    }

    private void pooling(DType dtype) {
        Tensor x = normal(dtype, 13, 17, 5, 14, 12);
        for (Window window : List.of(Window.of(2, 5).stride(2, 5), Window.of(2, 3).stride(2, 3), Window.of(2, 2).stride(2, 2),
                Window.of(3, 2).stride(2, 1).padding(1, 1, 1, 0))) {
            PoolShape shape = PoolShape.of(x.shape(), window, false, true);
            Tensor g = normal(dtype, 14, shape.output().dims());
            same("pooling, resampling", "max", b -> b.convolutions().maxPool(shape, x));
            same("pooling, resampling", "max gradient", b -> b.convolutions().maxPoolGradient(shape, g, x));
            same("pooling, resampling", "max pick", b -> b.convolutions().maxPoolPick(shape, x, x));
            same("pooling, resampling", "average", b -> b.convolutions().averagePool(shape, x));
            same("pooling, resampling", "average gradient", b -> b.convolutions().averagePoolGradient(shape, g));
        }
        for (ResizeShape.Mode mode : ResizeShape.Mode.values()) {
            ResizeShape shape = new ResizeShape(17, 5, 14, 12, 28, 20, mode);
            Tensor g = normal(dtype, 15, 17, 5, 28, 20);
            same("pooling, resampling", mode.name(), b -> b.convolutions().resize(shape, x));
            same("pooling, resampling", mode + " gradient", b -> b.convolutions().resizeGradient(shape, g));
        }
    }

    private void normalization(DType dtype) {
        Tensor x = normal(dtype, 16, 67, 6, 9, 7);
        Tensor g = normal(dtype, 17, 67, 6, 9, 7);
        Tensor[] c = new Tensor[4];
        Arrays.setAll(c, i -> normal(dtype, 18 + i, 6));
        for (int samples : new int[] {67, 20}) {
            Tensor gs = g.slice(0, 0, samples);
            Tensor xs = x.slice(0, 0, samples);
            same("normalization", "sums", b -> b.convolutions().channelSums(xs));
            same("normalization", "squares", b -> b.convolutions().channelSquares(xs, c[0]));
            same("normalization", "products", b -> b.convolutions().channelProducts(gs, xs, c[0]));
        }
        same("normalization", "forward", b -> b.convolutions().normalize(x, c[0], c[1], c[2], Epilogue.RELU));
        same("normalization", "gradient", b -> b.convolutions().normalizeGradient(g, x, c[0], c[1], c[2], c[3]));
    }

    private void formulas(DType dtype) {
        // A step of RMSprop without bias: v ← 0.9v + 0.1g², w ← w − 0.01·g/(√v + ε).
        Formula formula = new Formula(3, List.of(new Formula.Scalar(Zip.MULTIPLY, 2), new Formula.Map(Function.SQUARE, 1), new Formula.Scalar(Zip.MULTIPLY, 4),
                new Formula.Pair(Zip.ADD, 3, 5), new Formula.Map(Function.SQRT, 6), new Formula.Scalar(Zip.ADD, 7), new Formula.Pair(Zip.DIVIDE, 1, 8),
                new Formula.Scalar(Zip.MULTIPLY, 9), new Formula.Pair(Zip.ADD, 0, 10)), List.of(new Formula.Result(11, 0), new Formula.Result(6, 2)));
        double[] scalars = {0.9, 0, 0.1, 0, 0, 1e-8, 0, -0.01, 0};
        for (int replaced : new int[] {0, 2}) {
            same("formulas", "RMSprop", b -> {
                List<Tensor[]> segments = new ArrayList<>();
                for (int length : new int[] {1, 6272, 8, 100_001}) {
                    Tensor[] operands = new Tensor[3];
                    for (int o = 0; o < 3; o++) {
                        Tensor values = SCALAR.map(Function.ABS, normal(dtype, 30 + o, length));
                        operands[o] = b == SCALAR ? values : b.upload(values);
                    }
                    segments.add(operands);
                }
                b.evaluate(formula, scalars, segments);
                Tensor result = segments.getLast()[replaced];
                segments.forEach(s -> Arrays.stream(s).filter(t -> b != SCALAR && t != result).forEach(b::release));
                return result;
            });
        }
    }

    /** Softmax and losses in few launches against their compositions: rows of one class, of many and as wide as a chunk; losses of several chunks. */
    private void fusions(DType dtype) {
        for (int[] dims : new int[][] {{1003, 10}, {19, 4096}, {1, 1}}) {
            Tensor x = SCALAR.map(Function.SIGMOID, normal(dtype, 50, dims));
            Tensor target = SCALAR.map(Function.SIGMOID, normal(dtype, 51, dims));
            for (Fusion fusion : Fusion.values()) {
                Tensor[] operands = fusion == Fusion.SOFTMAX || fusion == Fusion.LOG_SOFTMAX ? new Tensor[] {x} : new Tensor[] {x, target};
                same("softmax, losses", fusion.name(), b -> {
                    if (b == SCALAR) {
                        return composed(fusion, x, target);
                    }
                    Tensor[] there = Arrays.stream(operands).map(b::upload).toArray(Tensor[]::new);
                    Tensor result = b.fused(fusion, there).orElseThrow();
                    Arrays.stream(there).forEach(b::release);
                    return result;
                });
            }
        }
    }

    private static Tensor composed(Fusion fusion, Tensor x, Tensor target) {
        return switch (fusion) {
            case SOFTMAX -> {
                Tensor e = SCALAR.map(Function.EXP, SCALAR.zip(Zip.SUBTRACT, x, SCALAR.reduce(Reduction.MAX, x, -1)));
                yield SCALAR.zip(Zip.DIVIDE, e, SCALAR.reduce(Reduction.SUM, e, -1));
            }
            case LOG_SOFTMAX -> {
                Tensor z = SCALAR.zip(Zip.SUBTRACT, x, SCALAR.reduce(Reduction.MAX, x, -1));
                yield SCALAR.zip(Zip.SUBTRACT, z, SCALAR.map(Function.LOG, SCALAR.reduce(Reduction.SUM, SCALAR.map(Function.EXP, z), -1)));
            }
            case MEAN_SQUARED_ERROR -> SCALAR.zip(Zip.DIVIDE, SCALAR.reduce(Reduction.SUM_OF_SQUARES, SCALAR.zip(Zip.SUBTRACT, x, target)), x.size());
            case BINARY_CROSS_ENTROPY -> {
                Tensor yes = SCALAR.zip(Zip.MULTIPLY, target, SCALAR.map(Function.LOG, x));
                Tensor no = SCALAR.zip(Zip.MULTIPLY, SCALAR.zip(Zip.SUBTRACT, target, 1), SCALAR.map(Function.LOG1P, SCALAR.map(Function.NEG, x)));
                yield SCALAR.zip(Zip.DIVIDE, SCALAR.reduce(Reduction.SUM, SCALAR.zip(Zip.SUBTRACT, no, yes)), x.size());
            }
        };
    }

    private void draws(DType dtype) {
        for (int skipped = 0; skipped < 4; skipped++) {
            int words = skipped;
            same("random draws", "bernoulli", b -> {
                RandomStream random = new RandomStream(42, "mask");
                random.seek(words);
                return b.bernoulli(random, dtype, Shape.of(1001, 7), 0.3, 0, 1 / 0.7);
            });
            same("random draws", "uniform", b -> b.uniform(at(words), dtype, Shape.of(1001, 7), -1, 2));
            same("random draws", "normal", b -> b.normal(at(words), dtype, Shape.of(1001, 7), 0.5, 2));
        }
    }

    private static RandomStream at(int words) {
        RandomStream random = new RandomStream(42, "fill");
        random.seek(words);
        return random;
    }

    /** Labels of k-means, in the place of their rows' tensor; scalar code is the loop below. */
    private void nearestCenters() {
        int n = 1003;
        int d = 784;
        for (int k : new int[] {10, 37}) {
            float[] rows = normal(DType.FLOAT32, 40, n, d).toFloats();
            double[] centers = normal(DType.FLOAT64, 41, k, d).toDoubles();
            same("nearest centres", "k = " + k, b -> {
                int[] labels = new int[n];
                NearestCenters device = b.nearestCenters(rows, d).orElse(null);
                if (device == null) {
                    Arrays.setAll(labels, i -> nearest(rows, i * d, centers, k, d));
                } else {
                    device.assign(centers, labels);
                    device.close();
                }
                return Tensor.of(Arrays.stream(labels).asDoubleStream().toArray(), n);
            });
        }
    }

    private static int nearest(float[] rows, int from, double[] centers, int k, int d) {
        int label = 0;
        double least = Double.POSITIVE_INFINITY;
        double[] lanes = new double[Sums.LANES];
        for (int c = 0; c < k; c++) {
            Arrays.fill(lanes, 0);
            for (int p = 0; p < d; p++) {
                double v = rows[from + p] - centers[c * d + p];
                lanes[p % Sums.LANES] = Math.fma(v, v, lanes[p % Sums.LANES]);
            }
            double square = Sums.fold(lanes);
            if (square < least) {
                least = square;
                label = c;
            }
        }
        return label;
    }
}
