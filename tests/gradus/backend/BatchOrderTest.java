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

/** Sums over a batch and the chains of convolutions, in the words of docs/numerics.md, section 4, and nothing of the backends: the same bits for rounding-prone terms. */
class BatchOrderTest {
    private static final List<Backend> BACKENDS = List.of(new ScalarBackend(), new SimdBackend(1), new SimdBackend(3));
    private static final int[] SAMPLES = {1, 15, 16, 17, 32, 33, 49, 100};
    private static final int CHANNELS = 3;
    private static final int HEIGHT = 4;
    private static final int WIDTH = 5;
    private static final int FILTERS = 2;
    private static final int KERNEL = 2;

    static Stream<Backend> backends() {
        return BACKENDS.stream();
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(Backend::close);
    }

    /** What one place of one sample adds to a chain. */
    private interface Term {
        float add(float chain, int sample, int row, int column);
    }

    /** Chunks of 32 samples; in a chunk sixteen chains, places ascending and at each place the samples n with n mod 16 = l; chunks in order lane by lane; lanes folded pairwise. */
    private static float documented(int samples, int rows, int columns, Term term) {
        float[] lanes = new float[16];
        for (int chunk = 0; chunk < samples; chunk += 32) {
            for (int l = 0; l < 16; l++) {
                float chain = 0;
                for (int r = 0; r < rows; r++) {
                    for (int c = 0; c < columns; c++) {
                        for (int n = chunk + l; n < Math.min(chunk + 32, samples); n += 16) {
                            chain = term.add(chain, n, r, c);
                        }
                    }
                }
                lanes[l] += chain;
            }
        }
        for (int step : new int[] {8, 4, 2, 1}) {
            for (int l = 0; l < step; l++) {
                lanes[l] += lanes[l + step];
            }
        }
        return lanes[0];
    }

    /** Of magnitudes from 2⁻⁸ to 2⁸, so that any other order is soon another result. */
    private static Tensor random(Random random, int... dims) {
        Tensor t = Tensor.zeros(DType.FLOAT32, Shape.of(dims));
        for (int i = 0; i < t.size(); i++) {
            t.floats()[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(17) - 8);
        }
        return t;
    }

    private static float at(Tensor t, int... index) {
        return (float) t.get(index);
    }

    private static void assertBits(float expected, double actual, String what) {
        assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits((float) actual), () -> what + ": " + actual + ", by the documented order " + expected);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void sumsOverABatch(Backend backend) {
        Random random = new Random(1);
        for (int samples : SAMPLES) {
            Tensor x = random(random, samples, CHANNELS, HEIGHT, WIDTH);
            Tensor mean = random(random, CHANNELS);
            Tensor sums = backend.convolutions().channelSums(x);
            Tensor squares = backend.convolutions().channelSquares(x, mean);
            for (int k = 0; k < CHANNELS; k++) {
                int channel = k;
                String what = backend.description() + ", " + samples + " samples, channel " + k;
                assertBits(documented(samples, HEIGHT, WIDTH, (chain, n, r, c) -> chain + at(x, n, channel, r, c)), sums.get(k), what);
                assertBits(documented(samples, HEIGHT, WIDTH, (chain, n, r, c) -> {
                    float d = at(x, n, channel, r, c) - at(mean, channel);
                    return Math.fma(d, d, chain);
                }), squares.get(k), what + ", squares");
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void gradientsOfWeights(Backend backend) {
        Random random = new Random(2);
        for (int samples : SAMPLES) {
            Tensor x = random(random, samples, CHANNELS, HEIGHT, WIDTH);
            ConvShape shape = ConvShape.of(x.shape(), Shape.of(FILTERS, CHANNELS, KERNEL, KERNEL), Window.of(KERNEL), 1);
            Tensor y = random(random, samples, FILTERS, HEIGHT - KERNEL + 1, WIDTH - KERNEL + 1);
            Tensor gradient = backend.convolutions().weightGradient(shape, y, x);
            for (int f = 0; f < FILTERS; f++) {
                for (int k = 0; k < CHANNELS; k++) {
                    for (int tap = 0; tap < KERNEL * KERNEL; tap++) {
                        int filter = f;
                        int channel = k;
                        int i = tap / KERNEL;
                        int j = tap % KERNEL;
                        float expected = documented(samples, HEIGHT - KERNEL + 1, WIDTH - KERNEL + 1,
                                (chain, n, r, c) -> Math.fma(at(y, n, filter, r, c), at(x, n, channel, r + i, c + j), chain));
                        assertBits(expected, gradient.get(f, k, i, j), backend.description() + ", " + samples + " samples, weight " + List.of(f, k, i, j));
                    }
                }
            }
        }
    }

    /** One chain over (channel, kernel row, kernel column) from the bias. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void convolutions(Backend backend) {
        Random random = new Random(3);
        Tensor x = random(random, 19, CHANNELS, HEIGHT, WIDTH);
        Tensor weight = random(random, FILTERS, CHANNELS, KERNEL, KERNEL);
        Tensor bias = random(random, FILTERS);
        ConvShape shape = ConvShape.of(x.shape(), weight.shape(), Window.of(KERNEL), 1);
        Tensor y = backend.convolutions().forward(shape, x, weight, bias, Epilogue.IDENTITY);
        for (int n = 0; n < 19; n++) {
            for (int f = 0; f < FILTERS; f++) {
                float chain = at(bias, f);
                for (int k = 0; k < CHANNELS; k++) {
                    for (int i = 0; i < KERNEL; i++) {
                        for (int j = 0; j < KERNEL; j++) {
                            chain = Math.fma(at(x, n, k, 1 + i, 2 + j), at(weight, f, k, i, j), chain);
                        }
                    }
                }
                assertBits(chain, y.get(n, f, 1, 2), backend.description() + ", sample " + n + ", filter " + f);
            }
        }
    }
}
