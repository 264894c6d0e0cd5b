package gradus.learn.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Workers;
import gradus.learn.Affinity;
import gradus.learn.LearnKernels;
import gradus.learn.Neighbours;
import gradus.learn.ScalarLearnKernels;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Vector kernels have the bits of the scalar ones, at both widths that they are written for. */
class SimdLearnKernelsTest {
    private final ScalarLearnKernels scalar = new ScalarLearnKernels();
    private final LearnKernels simd = new SimdLearnKernels();
    private final SplittableRandom random = new SplittableRandom(8);

    private float[] floats(int n, double scale) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (random.nextGaussian() * scale);
        }
        return x;
    }

    @Test
    void attractionAtEveryWidth() {
        Tensor data = Tensor.of(floats(700, 1), 100, 7);
        Affinity p = Affinity.of(Neighbours.of(data, 25, new Workers(1)), 8, new Workers(1));
        for (double scale : new double[] {1e-4, 1, 50}) {
            float[] x = floats(100, scale);
            float[] y = floats(100, scale);
            float[][] expected = new float[2][100];
            scalar.attract(x, y, 0, 100, p, expected[0], expected[1]);
            float[][] chosen = new float[2][100];
            simd.attract(x, y, 0, 37, p, chosen[0], chosen[1]);
            simd.attract(x, y, 37, 100, p, chosen[0], chosen[1]);
            float[][] by8 = new float[2][100];
            SimdLearnKernels.attractBy8(x, y, 0, 100, p.start(), p.column(), p.p(), by8[0], by8[1]);
            float[][] by16 = new float[2][100];
            SimdLearnKernels.attractBy16(x, y, 0, 100, p.start(), p.column(), p.p(), by16[0], by16[1]);
            for (float[][] actual : new float[][][] {chosen, by8, by16}) {
                assertArrayEquals(expected[0], actual[0], 0);
                assertArrayEquals(expected[1], actual[1], 0);
            }
        }
    }

    @Test
    void distances() {
        for (int n : new int[] {1, 5, 15, 16, 17, 31, 100, 784, 4096, 4100, 9000}) {
            float[] a = floats(3 * n, 2);
            float[] b = floats(6 * n, 2);
            int[] row = {5, 0, 3, 3, 1};
            float[] expected = new float[5];
            float[] actual = new float[5];
            scalar.squaredDistances(a, n, b, row, 0, 5, n, expected);
            simd.squaredDistances(a, n, b, row, 0, 5, n, actual);
            assertArrayEquals(expected, actual, 0, "length " + n);
        }
    }

    @Test
    void thoseBelowABound() {
        float[] norms = floats(200, 1);
        float[] dots = floats(300, 1);
        for (int to : new int[] {40, 41, 55, 56, 57, 199}) {
            int[] expected = new int[200];
            int[] actual = new int[200];
            int count = scalar.below(0.3f, norms, dots, 13, 40, to, expected);
            assertEquals(count, simd.below(0.3f, norms, dots, 13, 40, to, actual));
            assertArrayEquals(Arrays.copyOf(expected, count), Arrays.copyOf(actual, count));
        }
    }

    @Test
    void products() {
        try (Workers two = new Workers(2)) {
            float[] a = floats(30 * 21, 1);
            float[] b = floats(50 * 21, 1);
            float[] expected = new float[12 * 33];
            float[] actual = new float[12 * 33];
            scalar.dots(12, 33, 21, a, 2 * 21, b, 7 * 21, expected, two);
            simd.dots(12, 33, 21, a, 2 * 21, b, 7 * 21, actual, two);
            assertArrayEquals(expected, actual, 0);
            assertEquals(-1, IntStream.range(0, actual.length).filter(i -> actual[i] == 0).findFirst().orElse(-1), "every product is written");
        }
    }

    @Test
    void productsOfScatteredRows() {
        for (int d : new int[] {1, 2, 30, 785}) {
            float[] x = floats(20 * d, 1);
            float[] b = floats(16 * d + 5, 1);
            int[] row = {9, 0, 19, 3, 3, 7, 1, 18, 2, 6};
            float[] expected = new float[128];
            float[] actual = new float[128];
            scalar.products(x, d, row, 2, b, 5, expected);
            simd.products(x, d, row, 2, b, 5, actual);
            assertArrayEquals(expected, actual, 0);
        }
    }
}
