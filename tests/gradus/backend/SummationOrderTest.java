package gradus.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.scalar.ScalarBackend;
import gradus.backend.simd.SimdBackend;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reveals the order of every sum and product from outside. Terms i and j are +M and −M, all others 1, with M so large that it swallows every 1 that is
 * added to it: the result counts the terms that are not below the node where i and j meet. Compared with the tree that docs/numerics.md documents.
 */
class SummationOrderTest {
    private static final List<Backend> BACKENDS = List.of(new ScalarBackend(), new SimdBackend(1), new SimdBackend(3));
    private static final double SWALLOWS = 0x1p90;
    private static final int CHUNK = 4096;
    private static final int LANES = 16;

    static Stream<Backend> backends() {
        return BACKENDS.stream();
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(Backend::close);
    }

    /** How many of n terms lie below the node of the documented tree where i and j meet. */
    private static int termsWhereTheyMeet(int n, int i, int j) {
        int later = Math.max(i, j);
        if (i / CHUNK != j / CHUNK) {
            return Math.min(n, (later / CHUNK + 1) * CHUNK);
        }
        int start = later / CHUNK * CHUNK;
        int count = Math.min(CHUNK, n - start);
        int a = (i - start) % LANES;
        int b = (j - start) % LANES;
        if (a == b) {
            return (later - start) / LANES + 1;
        }
        int half = LANES / 2;
        while (a % half != b % half) {
            half /= 2;
        }
        int below = 0;
        for (int t = 0; t < count; t++) {
            below += t % LANES % half == a % half ? 1 : 0;
        }
        return below;
    }

    private static Tensor masked(DType dtype, int n, int i, int j) {
        Tensor t = Tensor.full(dtype, Shape.of(n), 1);
        if (dtype == DType.FLOAT32) {
            t.floats()[i] = (float) SWALLOWS;
            t.floats()[j] = (float) -SWALLOWS;
        } else {
            t.doubles()[i] = SWALLOWS;
            t.doubles()[j] = -SWALLOWS;
        }
        return t;
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void everySumFollowsTheDocumentedTree(Backend backend) {
        Random random = new Random(1);
        for (DType dtype : DType.values()) {
            for (int n : new int[] {2, 15, 16, 17, 33, 100, 4095, 4096, 4097, 4113, 12_300}) {
                for (int probe = 0; probe < 60; probe++) {
                    int i = random.nextInt(n);
                    int j = random.nextInt(n);
                    if (i != j) {
                        check(backend, masked(dtype, n, i, j), n, i, j);
                    }
                }
            }
        }
    }

    private static void check(Backend backend, Tensor x, int n, int i, int j) {
        double expected = n - termsWhereTheyMeet(n, i, j);
        String what = backend.description() + ", " + n + " terms, " + i + " against " + j;
        assertEquals(expected, backend.reduce(Reduction.SUM, x).item(), what + ", whole");
        assertEquals(expected, backend.reduce(Reduction.SUM, x.reshape(1, n), 1).item(), what + ", last axis");
        Tensor wide = backend.contiguous(x.reshape(n, 1).broadcastTo(Shape.of(n, 5)));
        assertEquals(expected, backend.reduce(Reduction.SUM, wide, 0).get(0, 3), what + ", first axis");
        assertEquals(expected, backend.reduce(Reduction.SUM, x.reshape(n, 1).broadcastTo(Shape.of(n, 3)).transpose(), 1).get(2, 0), what + ", view");
    }

    /** In one chain the terms after the later of the two are counted, whatever came before is swallowed. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void everyProductIsOneChainOverK(Backend backend) {
        Random random = new Random(2);
        for (DType dtype : DType.values()) {
            for (int[] shape : new int[][] {{1, 1, 50}, {1, 30, 784}, {3, 8, 400}, {17, 50, 385}, {9, 1, 100}, {64, 64, 800}, {128, 8, 1000}}) {
                for (int probe = 0; probe < 12; probe++) {
                    int k = shape[2];
                    int i = random.nextInt(k);
                    int j = (i + 1 + random.nextInt(k - 1)) % k;
                    Tensor a = backend.contiguous(masked(dtype, k, i, j).reshape(1, k).broadcastTo(Shape.of(shape[0], k)));
                    Tensor b = Tensor.full(dtype, Shape.of(k, shape[1]), 1);
                    Tensor c = backend.matmul(a, b, null, null);
                    assertEquals(k - 1 - Math.max(i, j), c.get(shape[0] - 1, shape[1] - 1), backend.description() + " " + List.of(shape[0], shape[1], k, i, j));
                    assertEquals(k - 1 - Math.max(i, j), backend.matmul(b.transpose(), a.transpose(), null, null).get(shape[1] - 1, shape[0] - 1));
                }
            }
        }
    }

    /** The chain starts at the bias: a bias of M is cancelled by a term −M, and what came between is swallowed. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void theChainStartsAtTheBias(Backend backend) {
        int k = 40;
        Tensor a = Tensor.full(DType.FLOAT32, Shape.of(2, k), 1);
        a.floats()[k + 9] = (float) -SWALLOWS;
        Tensor b = Tensor.full(DType.FLOAT32, Shape.of(k, 7), 1);
        Tensor c = backend.matmul(a, b, Tensor.full(DType.FLOAT32, Shape.of(7), SWALLOWS), null);
        assertEquals(k - 10, c.get(1, 6));
    }

    /** Terms whose exact sum needs no rounding: no order may change it. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void exactSumsAreExact(Backend backend) {
        Random random = new Random(3);
        for (int n : new int[] {1, 16, 1000, 5000, 70_000}) {
            Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(n));
            long sum = 0;
            long squares = 0;
            for (int i = 0; i < n; i++) {
                int term = random.nextInt(31) - 15;
                x.floats()[i] = term;
                sum += term;
                squares += term * term;
            }
            assertEquals(sum, backend.reduce(Reduction.SUM, x).item());
            assertEquals(squares, backend.reduce(Reduction.SUM_OF_SQUARES, x).item());
            assertEquals(squares, backend.matmul(x.reshape(1, n), x.reshape(n, 1), null, null).item());
        }
    }
}
