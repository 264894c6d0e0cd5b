package gradus.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.scalar.ScalarBackend;
import gradus.backend.simd.SimdBackend;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Every kernel of the vector backend gives the bits of the scalar one, on any layout, size and number of threads. */
class SimdBackendProperties {
    private static final Backend SCALAR = new ScalarBackend();
    private static final List<Backend> SIMD = List.of(new SimdBackend(1), new SimdBackend(2), new SimdBackend(3));
    private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE, 3f};

    /** How the elements of an operand lie. */
    enum Layout { DENSE, TRANSPOSED, SLICED, BLOCKED }

    record Operands(int[] dims, DType dtype, Layout left, Layout right, long seed, int threads) {
        Tensor a() {
            return tensor(dims, dtype, left, seed);
        }

        Tensor b() {
            return tensor(dims, dtype, right, seed + 1);
        }

        Backend simd() {
            return SIMD.get(threads - 1);
        }
    }

    @Provide
    Arbitrary<Operands> operands() {
        Arbitrary<Integer> extent = Arbitraries.of(0, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 33, 64, 97);
        Arbitrary<int[]> dims = extent.array(int[].class).ofMinSize(1).ofMaxSize(3).filter(d -> Arrays.stream(d).asLongStream().reduce(1, (x, y) -> x * y) < 60_000);
        return Combinators.combine(dims, Arbitraries.of(DType.values()), Arbitraries.of(Layout.values()), Arbitraries.of(Layout.values()),
                Arbitraries.longs(), Arbitraries.integers().between(1, 3)).as(Operands::new);
    }

    private static Tensor tensor(int[] dims, DType dtype, Layout layout, long seed) {
        Shape shape = Shape.of(dims);
        return switch (layout) {
            case DENSE -> random(shape, dtype, seed);
            case TRANSPOSED -> dims.length < 2 ? random(shape, dtype, seed) : random(swapped(dims), dtype, seed).transpose();
            case SLICED -> random(shape.with(0, dims[0] + 3), dtype, seed).slice(0, 2, dims[0] + 2);
            case BLOCKED -> dims.length < 2 || shape.size() == 0 ? random(shape, dtype, seed) : blocked(shape, dtype, seed);
        };
    }

    private static Shape swapped(int[] dims) {
        int[] copy = dims.clone();
        int last = copy.length - 1;
        copy[last] = dims[last - 1];
        copy[last - 1] = dims[last];
        return Shape.of(copy);
    }

    private static Tensor blocked(Shape shape, DType dtype, long seed) {
        int block = 16;
        Tensor t = Tensor.batchBlocked(random(Shape.of((int) Tensor.blockedLength(shape, block)), dtype, seed).storage(), shape, block);
        return t;
    }

    private static Tensor random(Shape shape, DType dtype, long seed) {
        Random random = new Random(seed);
        Tensor t = Tensor.zeros(dtype, shape);
        for (int i = 0; i < t.size(); i++) {
            double value = random.nextInt(8) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextGaussian() * StrictMath.pow(2, random.nextInt(20) - 10);
            if (dtype == DType.FLOAT32) {
                t.floats()[i] = (float) value;
            } else {
                t.doubles()[i] = value;
            }
        }
        return t;
    }

    private static void assertSameBits(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), what);
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), what);
    }

    @Property(tries = 300)
    void mapsHaveTheBitsOfTheScalarBackend(@ForAll("operands") Operands o, @ForAll Function f) {
        assertSameBits(f + " " + Arrays.toString(o.dims()), SCALAR.map(f, o.a()), o.simd().map(f, o.a()));
    }

    @Property(tries = 600)
    void pairsHaveTheBitsOfTheScalarBackend(@ForAll("operands") Operands o, @ForAll Zip f) {
        assertSameBits(f + " " + o, SCALAR.zip(f, o.a(), o.b()), o.simd().zip(f, o.a(), o.b()));
        assertSameBits(f + " with 3 " + o, SCALAR.zip(f, o.a(), 3), o.simd().zip(f, o.a(), 3));
    }

    @Property(tries = 400)
    void broadcastPairsHaveTheBitsOfTheScalarBackend(@ForAll("operands") Operands o, @ForAll Zip f, @ForAll int mask) {
        int[] dims = o.dims().clone();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (mask >> i & 1) == 0 ? dims[i] : 1;
        }
        Tensor b = tensor(dims, o.dtype(), o.right(), o.seed() + 1);
        assertSameBits(f + " " + o, SCALAR.zip(f, o.a(), b), o.simd().zip(f, o.a(), b));
        assertSameBits(f + " turned " + o, SCALAR.zip(f, b, o.a()), o.simd().zip(f, b, o.a()));
    }

    @Property(tries = 400)
    void reductionsHaveTheBitsOfTheScalarBackend(@ForAll("operands") Operands o, @ForAll Reduction r, @ForAll int mask) {
        int rank = o.dims().length;
        int[] axes = java.util.stream.IntStream.range(0, rank).filter(i -> (mask >> i & 1) == 1).toArray();
        assertSameBits(r + " " + Arrays.toString(axes) + " " + o, SCALAR.reduce(r, o.a(), axes), o.simd().reduce(r, o.a(), axes));
    }

    @Property(tries = 20)
    void longReductionsCrossChunks(@ForAll Reduction r, @ForAll long seed, @ForAll DType dtype) {
        for (int[] dims : new int[][] {{4095, 3}, {4096, 3}, {4097, 3}, {3, 12_289}, {9000, 17}}) {
            Tensor x = tensor(dims, dtype, Layout.DENSE, seed);
            for (Backend simd : SIMD) {
                assertSameBits(r + " all", SCALAR.reduce(r, x), simd.reduce(r, x));
                assertSameBits(r + " rows", SCALAR.reduce(r, x, 1), simd.reduce(r, x, 1));
                assertSameBits(r + " columns", SCALAR.reduce(r, x, 0), simd.reduce(r, x, 0));
            }
        }
    }

    @Property(tries = 200)
    void copiesAndSelectionsHaveTheBitsOfTheScalarBackend(@ForAll("operands") Operands o) {
        Tensor a = o.a();
        Tensor target = Tensor.zeros(o.dtype(), a.shape());
        o.simd().copy(a, target);
        assertSameBits("copy " + o, a.copy(), target);
        Tensor mask = SCALAR.zip(Zip.GREATER, a, 0);
        assertSameBits("select " + o, SCALAR.select(mask, a, o.b()), o.simd().select(mask, a, o.b()));
    }

    @Property(tries = 200)
    void productsHaveTheBitsOfTheScalarBackend(@ForAll("sizes") int[] mnk, @ForAll DType dtype, @ForAll long seed, @ForAll boolean transposeA,
            @ForAll boolean transposeB, @ForAll boolean biased, @ForAll boolean squashed) {
        int m = mnk[0];
        int n = mnk[1];
        int k = mnk[2];
        Tensor a = transposeA ? random(Shape.of(k, m), dtype, seed).transpose() : random(Shape.of(m, k), dtype, seed);
        Tensor b = transposeB ? random(Shape.of(n, k), dtype, seed + 1).transpose() : random(Shape.of(k, n), dtype, seed + 1);
        Tensor bias = biased ? random(Shape.of(n), dtype, seed + 2) : null;
        Function f = squashed ? Function.SIGMOID : null;
        for (Backend simd : SIMD) {
            assertSameBits(Arrays.toString(mnk), SCALAR.matmul(a, b, bias, f), simd.matmul(a, b, bias, f));
        }
    }

    @Provide
    Arbitrary<int[]> sizes() {
        return Arbitraries.of(0, 1, 2, 3, 5, 8, 13, 16, 17, 30, 31, 47, 64, 97).array(int[].class).ofSize(3);
    }

    @Property(tries = 10)
    void largeTensorsAreSplitOverThreadsWithoutATrace(@ForAll long seed, @ForAll DType dtype) {
        Tensor a = random(Shape.of(331, 401), dtype, seed);
        Tensor b = random(Shape.of(331, 401), dtype, seed + 1);
        Tensor row = random(Shape.of(401), dtype, seed + 2);
        for (Backend simd : SIMD) {
            assertSameBits("multiply", SCALAR.zip(Zip.MULTIPLY, a, b), simd.zip(Zip.MULTIPLY, a, b));
            assertSameBits("add a row", SCALAR.zip(Zip.ADD, a, row), simd.zip(Zip.ADD, a, row));
            assertSameBits("tanh", SCALAR.map(Function.TANH, a), simd.map(Function.TANH, a));
            assertSameBits("sum", SCALAR.reduce(Reduction.SUM, a, 0), simd.reduce(Reduction.SUM, a, 0));
        }
    }

    @AfterContainer
    static void close() {
        SIMD.forEach(Backend::close);
    }
}
