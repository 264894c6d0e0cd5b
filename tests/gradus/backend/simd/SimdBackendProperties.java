package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.Formula;
import gradus.backend.Fusion;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** {@link SimdBackend} has the bits of {@link ScalarBackend}, for every operation, whatever shapes, layouts and threads. */
class SimdBackendProperties {
    private static final Backend SCALAR = new ScalarBackend();
    private static final List<SimdBackend> SIMD = List.of(new SimdBackend(1), new SimdBackend(2), new SimdBackend(3));
    private static final double[] AWKWARD = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, -1, 1e-40, -1e-40, 3e38, -3e38,
        1e-310, 0.5, 2, 100, -100};

    @AfterContainer
    static void end() {
        SIMD.forEach(SimdBackend::close);
    }

    @Provide
    Arbitrary<int[]> shapes() {
        Arbitrary<Integer> extent = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17)),
                Tuple.of(2, Arbitraries.of(23, 31, 32, 33, 47, 64, 65)),
                Tuple.of(1, Arbitraries.of(0, 1, 97, 129)));
        return extent.list().ofMinSize(0).ofMaxSize(4).map(SimdBackendProperties::limited);
    }

    private static int[] limited(List<Integer> extents) {
        int[] dims = new int[extents.size()];
        long size = 1;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = size * extents.get(i) > 20_000 ? 1 : extents.get(i);
            size *= Math.max(1, dims[i]);
        }
        return dims;
    }

    @Property(tries = 300)
    void functionsOfOneOperand(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll Function f, @ForAll DType dtype) {
        Tensor x = tensor(random, dtype, dims);
        everywhere(random, backend -> backend.map(f, x));
    }

    @Property(tries = 700)
    void functionsOfTwoOperandsWithBroadcasting(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll Zip f, @ForAll DType dtype) {
        Tensor a = operand(random, dtype, dims);
        Tensor b = f == Zip.INTEGER_POWER ? exponents(random, dtype, broadcast(random, dims)) : operand(random, dtype, dims);
        everywhere(random, backend -> backend.zip(f, a, b));
    }

    @Property(tries = 300)
    void functionsOfAnOperandAndANumber(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll Zip f, @ForAll DType dtype) {
        Tensor a = tensor(random, dtype, dims);
        double b = f == Zip.INTEGER_POWER ? random.nextInt(-5, 6) : random.nextInt(4) == 0 ? AWKWARD[random.nextInt(AWKWARD.length)] : random.nextGaussian();
        everywhere(random, backend -> backend.zip(f, a, b));
    }

    @Property(tries = 300)
    void selection(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll DType dtype) {
        Tensor mask = layout(random, SCALAR.zip(Zip.GREATER, operand(random, dtype, dims), 0.3), false, false);
        Tensor a = operand(random, dtype, dims);
        Tensor b = operand(random, dtype, dims);
        everywhere(random, backend -> backend.select(mask, a, b));
    }

    @Property(tries = 800)
    void folds(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll Reduction r, @ForAll DType dtype) {
        Tensor x = tensor(random, dtype, dims);
        int[] axes = random.ints(0, Math.max(1, dims.length)).limit(random.nextInt(dims.length + 1)).distinct().toArray();
        everywhere(random, backend -> backend.reduce(r, x, axes));
    }

    @Property(tries = 30)
    void foldsOfSeveralChunks(@ForAll Random random, @ForAll Reduction r, @ForAll DType dtype) {
        int length = List.of(4095, 4096, 4097, 8192, 70_001, 131_072).get(random.nextInt(6));
        everywhere(random, backend -> backend.reduce(r, dense(new Random(7), dtype, length)));
        everywhere(random, backend -> backend.reduce(r, dense(new Random(7), dtype, length, 3), 0));
        everywhere(random, backend -> backend.reduce(r, dense(new Random(7), dtype, 3, length), 1));
        everywhere(random, backend -> backend.reduce(r, dense(new Random(7), dtype, 3, 2, length / 8, 4), 0, 2));
    }

    @Example
    void foldsOverManyColumns() {
        for (DType dtype : DType.values()) {
            for (Reduction r : Reduction.values()) {
                everywhere(new Random(1), backend -> backend.reduce(r, dense(new Random(7), dtype, 70, 1300), 0));
                everywhere(new Random(1), backend -> backend.reduce(r, dense(new Random(7), dtype, 5, 33, 700), 1));
            }
        }
    }

    @Property(tries = 300)
    void copiesBetweenLayouts(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll DType dtype) {
        Tensor x = tensor(random, dtype, dims);
        long where = random.nextLong();
        everywhere(random, backend -> {
            Tensor target = layout(new Random(where), Tensor.full(dtype, Shape.of(dims), 7), false, true);
            backend.copy(x, target);
            return target;
        });
        everywhere(random, backend -> {
            Tensor target = layout(new Random(where), Tensor.full(dtype, Shape.of(dims), 7), false, true);
            backend.fill(target, -0.25);
            return target;
        });
        everywhere(random, backend -> backend.contiguous(x));
    }

    @Property(tries = 400)
    void products(@ForAll("shapes") int[] dims, @ForAll Random random, @ForAll DType dtype) {
        int[] sizes = {1, 2, 3, 5, 8, 10, 16, 17, 30, 33, 49, 64};
        int rank = Math.max(2, Math.min(4, dims.length));
        int[] left = new int[rank];
        int[] right = new int[rank];
        for (int i = 0; i < rank - 2; i++) {
            left[i] = right[i] = Math.min(3, dims[i]);
        }
        left[rank - 2] = sizes[random.nextInt(sizes.length)];
        left[rank - 1] = right[rank - 2] = random.nextInt(12) == 0 ? 0 : sizes[random.nextInt(sizes.length)];
        right[rank - 1] = sizes[random.nextInt(sizes.length)];
        Tensor a = layout(random, dense(random, dtype, left), true, false);
        Tensor b = layout(random, dense(random, dtype, right), true, false);
        Tensor bias = random.nextBoolean() ? null : tensor(random, dtype, right[rank - 1]);
        Function activation = random.nextBoolean() ? null : List.of(Function.RELU, Function.SIGMOID, Function.TANH).get(random.nextInt(3));
        everywhere(random, backend -> backend.matmul(a, b, bias, activation));
    }

    @Property(tries = 200)
    void formulas(@ForAll Random random, @ForAll DType dtype) {
        int size = List.of(0, 1, 5, 16, 100, 1023, 1024, 1025, 3000, 40_000, 50_003).get(random.nextInt(11));
        Formula formula = formula(random);
        double[] scalars = random.doubles(formula.steps().size(), -2, 2).toArray();
        long seed = random.nextLong();
        Tensor[][] operands = new Tensor[2][formula.operands()];
        for (Tensor[] some : operands) {
            Random same = new Random(seed);
            Arrays.setAll(some, i -> layout(same, dense(same, dtype, size), false, false));
        }
        SCALAR.evaluate(formula, scalars, operands[0]);
        SIMD.get(random.nextInt(3)).evaluate(formula, scalars, operands[1]);
        for (int i = 0; i < formula.operands(); i++) {
            assertArrayEquals(bits(operands[0][i].toDoubles()), bits(operands[1][i].toDoubles()), formula + " operand " + i + " of size " + size);
        }
    }

    private static Formula formula(Random random) {
        Zip[] zips = {Zip.ADD, Zip.SUBTRACT, Zip.MULTIPLY, Zip.DIVIDE, Zip.MAXIMUM, Zip.SUBTRACT_FROM};
        Function[] functions = {Function.SQRT, Function.ABS, Function.SQUARE, Function.NEG, Function.SIGN};
        int operands = random.nextInt(1, 5);
        int count = random.nextInt(1, 14);
        List<Formula.Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int a = random.nextInt(operands + i);
            steps.add(switch (random.nextInt(3)) {
                case 0 -> new Formula.Map(functions[random.nextInt(functions.length)], a);
                case 1 -> new Formula.Pair(zips[random.nextInt(zips.length)], a, random.nextInt(operands + i));
                default -> new Formula.Scalar(zips[random.nextInt(zips.length)], a);
            });
        }
        List<Formula.Result> results = new ArrayList<>();
        for (int i = 0; i < operands; i++) {
            if (random.nextInt(3) > 0) {
                results.add(new Formula.Result(operands + random.nextInt(count), i));
            }
        }
        return new Formula(operands, steps, results);
    }

    @Property(tries = 200)
    void compositionsByBlocks(@ForAll Random random, @ForAll DType dtype) {
        int rows = List.of(1, 2, 16, 63, 85, 500, 2_100).get(random.nextInt(7));
        int n = random.nextInt(1, 18);
        Tensor x = tensor(random, dtype, rows, n);
        Tensor t = tensor(random, dtype, rows, n);
        everywhere(random, backend -> backend.fused(Fusion.LOG_SOFTMAX, x).orElseGet(() -> logSoftmax(backend, x)));
        everywhere(random, backend -> backend.fused(Fusion.MEAN_SQUARED_ERROR, x, t).orElseGet(() -> meanSquaredError(backend, x, t)));
        Tensor c = dense(random, dtype).reshape();
        for (boolean through : new boolean[] {false, true}) {
            everywhere(random, backend -> backend.squaresGradient(x, t, c, through).orElseGet(() -> squaresGradient(backend, x, t, c, through)));
        }
        everywhere(random, backend -> backend.logLikelihoodGradient(x, t, c).orElseGet(() -> logLikelihoodGradient(backend, x, t, c)));
        assertTrue(SIMD.get(0).fused(Fusion.LOG_SOFTMAX, dense(random, dtype, rows, 5)).isPresent());
        assertTrue(SIMD.get(0).logLikelihoodGradient(dense(random, dtype, rows, 5), dense(random, dtype, rows, 5), c).isPresent());
        assertTrue(SIMD.get(0).squaresGradient(dense(random, dtype, rows, n), dense(random, dtype, rows, n), c, true).isPresent());
    }

    private static Tensor squaresGradient(Backend backend, Tensor x, Tensor t, Tensor c, boolean through) {
        Tensor g = backend.zip(Zip.MULTIPLY, backend.zip(Zip.SUBTRACT, x, t), c);
        return through ? backend.zip(Zip.SIGMOID_GRADIENT, g, x) : g;
    }

    private static Tensor logLikelihoodGradient(Backend backend, Tensor l, Tensor t, Tensor c) {
        Tensor g = backend.zip(Zip.MULTIPLY, t, c);
        return backend.zip(Zip.SUBTRACT, g, backend.zip(Zip.MULTIPLY, backend.map(Function.EXP, l), backend.reduce(Reduction.SUM, g, -1)));
    }

    /** The gradient of a bias: many rows, whose lanes stay in registers. */
    @Property(tries = 100)
    void sumsOfManyRows(@ForAll Random random, @ForAll DType dtype) {
        int rows = List.of(31, 32, 33, 47, 48, 128, 500, 4_096, 4_200).get(random.nextInt(9));
        Tensor x = tensor(random, dtype, rows, random.nextInt(1, rows > 600 ? 40 : 300));
        everywhere(random, backend -> backend.reduce(Reduction.SUM, x, 0));
    }

    private static Tensor logSoftmax(Backend backend, Tensor x) {
        Tensor z = backend.zip(Zip.SUBTRACT, x, backend.reduce(Reduction.MAX, x, -1));
        return backend.zip(Zip.SUBTRACT, z, backend.map(Function.LOG, backend.reduce(Reduction.SUM, backend.map(Function.EXP, z), -1)));
    }

    private static Tensor meanSquaredError(Backend backend, Tensor x, Tensor t) {
        return backend.zip(Zip.DIVIDE, backend.reduce(Reduction.SUM_OF_SQUARES, backend.zip(Zip.SUBTRACT, x, t)).reshape(), x.size());
    }

    @Example
    void largeWorkIsSharedOut() {
        Random random = new Random(3);
        for (DType dtype : DType.values()) {
            Tensor a = dense(random, dtype, 300, 401);
            Tensor b = dense(random, dtype, 300, 401);
            Tensor row = dense(random, dtype, 401);
            Tensor column = dense(random, dtype, 300, 1);
            for (Tensor other : List.of(b, row, column, b.transpose().copy().transpose())) {
                everywhere(random, backend -> backend.zip(Zip.MULTIPLY, a, other));
                everywhere(random, backend -> backend.select(other, a, other));
            }
            everywhere(random, backend -> backend.map(Function.TANH, a));
            everywhere(random, backend -> backend.map(Function.EXP, a.transpose()));
            everywhere(random, backend -> backend.zip(Zip.INTEGER_POWER, a, 3));
            everywhere(random, backend -> backend.contiguous(a.transpose()));
            everywhere(random, backend -> backend.reduce(Reduction.SUM, a.transpose(), 0));
            everywhere(random, backend -> backend.matmul(a, b.transpose(), null, Function.SIGMOID));
        }
    }

    @Example
    void batchBlockedOperandsOfOneLayoutKeepIt() {
        Random random = new Random(4);
        Tensor x = blocked(dense(random, DType.FLOAT32, 11, 3, 5), 4);
        SimdBackend backend = SIMD.get(0);
        assertEquals(4, backend.map(Function.RELU, x).batchBlock());
        assertEquals(4, backend.zip(Zip.ADD, x, x).batchBlock());
        assertEquals(4, backend.zip(Zip.ADD, x, 2).batchBlock());
        assertEquals(4, backend.select(x, x, x).batchBlock());
    }

    @Example
    void shapesThatDoNotFitAreErrors() {
        SimdBackend backend = SIMD.get(0);
        Tensor a = Tensor.zeros(DType.FLOAT32, Shape.of(2, 3));
        assertTrue(assertThrows(ShapeException.class, () -> backend.zip(Zip.ADD, a, a.transpose())).getMessage().startsWith("add: shapes [2, 3] and [3, 2]"));
        assertTrue(assertThrows(ShapeException.class, () -> backend.matmul(a, a, null, null)).getMessage().startsWith("matmul: left operand has 3 columns"));
        assertThrows(ShapeException.class, () -> backend.copy(a, a.transpose()));
        assertThrows(ShapeException.class, () -> backend.reduce(Reduction.SUM, a, 1, 1));
        assertThrows(ShapeException.class, () -> backend.select(a, a, Tensor.zeros(DType.FLOAT32, Shape.of(4))));
    }

    @Example
    void resultsComeFromThePoolAndGoBack() {
        SimdBackend backend = SIMD.get(0);
        Tensor x = Tensor.full(DType.FLOAT32, Shape.of(5, 7), 1);
        Tensor y = backend.map(Function.EXP, x);
        float[] array = y.floats();
        backend.release(y);
        assertThrows(IllegalStateException.class, y::floats);
        assertTrue(array == backend.map(Function.EXP, x).floats());
    }

    private interface Operation {
        Tensor on(Backend backend);
    }

    private static void everywhere(Random random, Operation operation) {
        Tensor expected = operation.on(SCALAR);
        SimdBackend backend = SIMD.get(random.nextInt(SIMD.size()));
        Tensor actual = operation.on(backend);
        assertEquals(expected.shape(), actual.shape());
        assertEquals(expected.dtype(), actual.dtype());
        if (expected.dtype() == DType.FLOAT32) {
            assertArrayEquals(bits(expected.toFloats()), bits(actual.toFloats()), () -> "with " + backend.description());
        } else {
            assertArrayEquals(bits(expected.toDoubles()), bits(actual.toDoubles()), () -> "with " + backend.description());
        }
    }

    /** One value for all NaNs: which NaN an operation of IEEE-754 gives is the processor's choice. */
    private static int[] bits(float[] x) {
        int[] bits = new int[x.length];
        Arrays.setAll(bits, i -> Float.floatToIntBits(x[i]));
        return bits;
    }

    private static long[] bits(double[] x) {
        return Arrays.stream(x).mapToLong(Double::doubleToLongBits).toArray();
    }

    /** The shape itself, or one that broadcasts to it: some extents 1, leading axes gone. */
    private static int[] broadcast(Random random, int[] dims) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> dims;
            case 2 -> Arrays.copyOfRange(dims, random.nextInt(dims.length + 1), dims.length);
            default -> Arrays.stream(dims).map(d -> random.nextBoolean() ? 1 : d).toArray();
        };
    }

    private static Tensor exponents(Random random, DType dtype, int[] dims) {
        Tensor t = dense(random, dtype, dims);
        return SCALAR.map(Function.FLOOR, SCALAR.zip(Zip.MAXIMUM, SCALAR.zip(Zip.MINIMUM, t, 5), -5));
    }

    private static Tensor tensor(Random random, DType dtype, int... dims) {
        return layout(random, dense(random, dtype, dims), true, true);
    }

    /** An operand that broadcasts to a shape. Only one that has the shape already may be batch-blocked. */
    private static Tensor operand(Random random, DType dtype, int[] shape) {
        int[] dims = broadcast(random, shape);
        return layout(random, dense(random, dtype, dims), true, Arrays.equals(dims, shape));
    }

    private static Tensor dense(Random random, DType dtype, int... dims) {
        Shape shape = Shape.of(dims);
        double[] values = new double[shape.size()];
        int awkward = random.nextInt(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = awkward == 0 && random.nextInt(10) == 0 ? AWKWARD[random.nextInt(AWKWARD.length)] : random.nextGaussian();
        }
        Tensor t = Tensor.of(values, dims);
        return dtype == DType.FLOAT64 ? t : t.as(DType.FLOAT32);
    }

    /** The same elements in another layout: permuted, a part of a larger tensor, and where allowed repeated or batch-blocked. */
    private static Tensor layout(Random random, Tensor t, boolean repeats, boolean blocks) {
        int rank = t.rank();
        if (rank == 0) {
            return t;
        }
        return switch (random.nextInt(repeats ? 6 : 5)) {
            case 0, 1 -> t;
            case 2 -> {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < rank; i++) {
                    order.add(random.nextInt(order.size() + 1), i);
                }
                int[] axes = order.stream().mapToInt(i -> i).toArray();
                int[] inverse = new int[rank];
                for (int i = 0; i < rank; i++) {
                    inverse[axes[i]] = i;
                }
                yield t.permute(axes).copy().permute(inverse);
            }
            case 3 -> {
                int axis = random.nextInt(rank);
                Tensor larger = Tensor.full(t.dtype(), t.shape().with(axis, t.dim(axis) + 3), 9);
                Tensor part = larger.slice(axis, 2, 2 + t.dim(axis));
                SCALAR.copy(t, part);
                yield part;
            }
            case 4 -> !blocks || rank < 2 || t.size() == 0 ? t : blocked(t, List.of(1, 3, 8, 16, 48).get(random.nextInt(5)));
            default -> {
                int axis = random.nextInt(rank);
                yield t.dim(axis) == 0 ? t : t.slice(axis, 0, 1).broadcastTo(t.shape());
            }
        };
    }

    private static Tensor blocked(Tensor t, int block) {
        Tensor b = Tensor.batchBlocked(t.dtype().zeros((int) Tensor.blockedLength(t.shape(), block)), t.shape(), block, 0);
        SCALAR.copy(t, b);
        return b;
    }
}
