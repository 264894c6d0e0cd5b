package gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.numerics.RandomStream;
import gradus.tensor.DType;
import gradus.tensor.Npy;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Data sets, batches and scaling. */
class DatasetTest {
    private static final Path GOLDEN = Path.of("tests/gradus/data/golden");

    private static Dataset small() {
        return new Dataset("small", Images.of(new byte[] {10, 20, 30, 40, 50, 60}, 6, 1, 1), new int[] {2, 0, 1, 2, 1, 0}, List.of("zero", "one", "two"));
    }

    @Test
    void classesAreSelectedAndNumberedAnew() {
        Dataset two = small().select(2, 0);
        assertEquals(List.of("two", "zero"), two.classes());
        assertArrayEquals(new int[] {0, 1, 0, 1}, two.labels());
        assertArrayEquals(new float[] {10, 20, 40, 60}, two.images().flattened().floats());
        assertThrows(IllegalArgumentException.class, () -> small().select(1, 1));
        assertThrows(IllegalArgumentException.class, () -> small().select(3));
    }

    @Test
    void partsFollowOneAnother() {
        List<Dataset> parts = small().split(1, 3, 2);
        assertArrayEquals(new int[] {2}, parts.get(0).labels());
        assertArrayEquals(new int[] {0, 1, 2}, parts.get(1).labels());
        assertArrayEquals(new float[] {50, 60}, parts.get(2).images().flattened().floats());
        assertThrows(IllegalArgumentException.class, () -> small().split(4, 3));
        assertArrayEquals(new int[] {1, 2, 0}, small().firstOfEachClass());
        assertArrayEquals(new int[] {2, 2, 2}, small().countsOfClasses());
        assertEquals(6, small().first(99).size());
        assertThrows(IllegalStateException.class, () -> small().first(2).firstOfEachClass());
    }

    @Test
    void labelsMustFitImagesAndClasses() {
        Images three = Images.of(new byte[3], 3, 1, 1);
        assertThrows(ShapeException.class, () -> new Dataset("bad", three, new int[] {0, 1}, List.of("a", "b")));
        assertThrows(ShapeException.class, () -> new Dataset("bad", three, new int[] {0, 1, 2}, List.of("a", "b")));
    }

    @Test
    void batchesInFileOrderAreViews() {
        Tensor data = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6}, 7, 1);
        Batches batches = Batches.inOrder(7, 3);
        assertEquals(3, batches.count());
        List<Integer> sizes = new ArrayList<>();
        for (Batch b : batches) {
            Tensor rows = b.of(data);
            assertEquals(data.storage(), rows.storage());
            assertEquals(b.number() * 3.0, rows.get(0, 0));
            sizes.add(b.size());
        }
        assertEquals(List.of(3, 3, 1), sizes);
        assertEquals(2, batches.withoutShortLast().count());
        assertEquals(2, Batches.inOrder(6, 3).withoutShortLast().count());
        assertEquals(0, Batches.inOrder(0, 3).count());
        assertEquals(79, Batches.inOrder(10_000, 128).count());
    }

    @Test
    void shuffledBatchesHoldEveryRowOnce() {
        Tensor data = Tensor.of(IntStream.range(0, 200).mapToDouble(i -> i).toArray(), 100, 2);
        int[] labels = IntStream.range(0, 100).toArray();
        boolean[] seen = new boolean[100];
        var reused = DType.FLOAT64.zeros(14);
        boolean moved = false;
        for (Batch b : Batches.shuffled(100, 7, new RandomStream(5, "batches"))) {
            Tensor rows = b.of(data);
            Tensor again = b.into(reused, data.transpose().copy().transpose());
            int[] some = b.of(labels);
            for (int i = 0; i < b.size(); i++) {
                assertEquals(2.0 * some[i], rows.get(i, 0));
                assertEquals(2.0 * some[i] + 1, again.get(i, 1));
                moved |= some[i] != b.number() * 7 + i;
                assertEquals(false, seen[some[i]]);
                seen[some[i]] = true;
            }
        }
        assertEquals(100, IntStream.range(0, 100).filter(i -> seen[i]).count());
        assertEquals(true, moved);
    }

    @Test
    void scalingAgreesWithScikitLearn() throws IOException {
        Tensor table = Npy.read(GOLDEN.resolve("table.npy")).tensor();
        Tensor standard = Scaling.standard(table).apply(table);
        assertClose(Npy.read(GOLDEN.resolve("standard.npy")).doubles(), standard.toDoubles());
        Scaling unit = Scaling.columnsToUnit(standard);
        assertClose(Npy.read(GOLDEN.resolve("unit.npy")).doubles(), unit.apply(standard).toDoubles());
        assertClose(standard.toDoubles(), unit.undo(unit.apply(standard)).toDoubles());
        Scaling whole = Scaling.wholeToUnit(table);
        double[] scaled = whole.apply(table).toDoubles();
        assertEquals(0, Arrays.stream(scaled).min().orElseThrow());
        assertEquals(1, Arrays.stream(scaled).max().orElseThrow());
        assertEquals(1, Arrays.stream(whole.divisor()).distinct().count());
        assertThrows(ShapeException.class, () -> whole.apply(table.slice(1, 0, 2)));
        assertEquals(DType.FLOAT32, whole.apply(table.as(DType.FLOAT32)).dtype());
    }

    private static void assertClose(double[] expected, double[] actual) {
        assertArrayEquals(expected, actual, 4e-15);
    }

    @Test
    void columnSumsFollowTheContract() {
        int rows = 10_000;
        SplittableRandom random = new SplittableRandom(3);
        double[] x = random.doubles(rows).map(v -> (v - 0.3) * 1e3).toArray();
        double total = 0;
        for (int chunk = 0; chunk < rows; chunk += 4096) {
            double[] s = new double[16];
            for (int i = chunk; i < Math.min(rows, chunk + 4096); i++) {
                s[(i - chunk) % 16] += x[i];
            }
            for (int half = 8; half > 0; half /= 2) {
                for (int l = 0; l < half; l++) {
                    s[l] += s[l + half];
                }
            }
            total += s[0];
        }
        assertEquals(total / rows, Scaling.standard(Tensor.of(x, rows, 1)).shift()[0]);
    }
}
