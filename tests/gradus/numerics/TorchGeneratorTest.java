package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draw for draw what PyTorch draws (torch_generator.py wrote the file). */
class TorchGeneratorTest {
    private final Golden golden = new Golden("torch_generator.txt");

    @Test
    void uniformsAreTorchs() {
        float[] x = new float[42];
        new TorchGenerator(120).uniform(x, 1, 40, -3.3, 7.7);
        assertArrayEquals(golden.floats("uniform32"), Arrays.copyOfRange(x, 1, 41));
        double[] y = new double[42];
        new TorchGenerator(120).uniform(y, 1, 40, -0.31, 0.77);
        assertArrayEquals(golden.doubles("uniform64"), Arrays.copyOfRange(y, 1, 41));
        assertEquals(0, x[0] + x[41] + y[0] + y[41]);
    }

    @ParameterizedTest
    @CsvSource({"120, 7", "121, 15", "122, 16", "123, 33", "124, 200"})
    void float32NormalsAreTorchsToTheLastBit(int seed, int n) {
        float[] x = new float[n];
        new TorchGenerator(seed).normal(x, 0, n, 0.3, 1.7);
        assertArrayEquals(golden.floats("normal32 " + seed + " " + n), x);
    }

    @ParameterizedTest
    @CsvSource({"120, 7", "122, 16", "123, 33"})
    void float64NormalsAreTorchsToItsLibrarysLastBits(int seed, int n) {
        double[] x = new double[n];
        new TorchGenerator(seed).normal(x, 0, n, 0.3, 1.7);
        double[] expected = golden.doubles("normal64 " + seed + " " + n);
        for (int i = 0; i < n; i++) {
            assertEquals(expected[i], x[i], 2 * Math.ulp(3.0), "value " + i);
        }
    }

    @Test
    void theSecondOfAPairIsKeptAcrossTensorsAndUniforms() {
        TorchGenerator random = new TorchGenerator(5);
        float[] x = new float[8];
        random.normal(x, 0, 3, 0, 1);
        random.normal(x, 3, 2, 0, 1);
        random.uniform(x, 5, 2, 0, 1);
        random.normal(x, 7, 1, 0, 1);
        assertArrayEquals(golden.floats("spare"), x);
        random.manualSeed(5);
        float[] again = new float[3];
        random.normal(again, 0, 3, 0, 1);
        assertArrayEquals(Arrays.copyOf(x, 3), again, "seeding forgets the kept value");
    }

    @ParameterizedTest
    @CsvSource({"1", "10", "137"})
    void permutationsAreTorchs(int n) {
        assertArrayEquals(golden.longs("randperm " + n), Arrays.stream(new TorchGenerator(120 + n).permutation(n)).asLongStream().toArray());
    }

    @Test
    void integersAreTorchs() {
        TorchGenerator random = new TorchGenerator((1L << 40) + 17);
        for (long expected : golden.longs("random")) {
            assertEquals(expected, random.random());
        }
        random.manualSeed(9);
        for (long expected : golden.longs("randint")) {
            assertEquals(expected, random.below(1000));
        }
    }

    @Test
    void linearLayersBeginAsTorchs() {
        TorchGenerator random = new TorchGenerator(120);
        int[] sizes = {12, 8, 5};
        for (int layer = 0; layer < 2; layer++) {
            int in = sizes[layer];
            int out = sizes[layer + 1];
            assertArrayEquals(golden.floats("linear " + 2 * layer), drawn(random, in * out, TorchGenerator.weightBound(in)));
            assertArrayEquals(golden.floats("linear " + (2 * layer + 1)), drawn(random, out, TorchGenerator.biasBound(in)));
        }
    }

    @Test
    void convolutionsBeginAsTorchs() {
        TorchGenerator random = new TorchGenerator(3);
        int fanIn = 3 * 2 * 3;
        assertArrayEquals(golden.floats("conv 0"), drawn(random, 2 * fanIn, TorchGenerator.weightBound(fanIn)));
        assertArrayEquals(golden.floats("conv 1"), drawn(random, 2, TorchGenerator.biasBound(fanIn)));
    }

    private static float[] drawn(TorchGenerator random, int n, double bound) {
        float[] x = new float[n];
        random.uniform(x, 0, n, -bound, bound);
        return x;
    }

    @Test
    void whatTorchWouldDrawAnotherWayIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TorchGenerator(0).permutation(214_748_364));
        assertThrows(IllegalArgumentException.class, () -> new TorchGenerator(0).permutation(-1));
        assertThrows(IllegalArgumentException.class, () -> new TorchGenerator(0).below(0));
    }
}
