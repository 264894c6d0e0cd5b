package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.tensor.DType;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Principal components against scikit-learn, against published facts about Fashion-MNIST, and on data that is not fit for them. */
class PcaTest {
    private static final Workers ONE = new Workers(1);

    private static Matrix data(int n, int d) {
        double[] x = new double[n * d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] = (37 * i + 101 * j + 13 * i * j) % 97 / 8.0 + j * (i % 3);
            }
        }
        return Matrix.of(n, d, x);
    }

    private static void assertClose(String what, double[] expected, double[] actual) {
        assertArrayEquals(expected, actual, 1e-11 * Matrix.column(expected).maxAbs(), what);
    }

    @Test
    void agreesWithScikitLearn() {
        for (Golden golden : Golden.read("pca_golden.txt")) {
            Matrix x = data(golden.arguments()[0], golden.arguments()[1]);
            Pca pca = Pca.fit(x, golden.arguments()[2], ONE);
            assertClose("mean", golden.get("mean"), pca.mean());
            assertClose("variance", golden.get("variance"), pca.explainedVariance());
            assertClose("ratio", golden.get("ratio"), pca.explainedVarianceRatio());
            assertClose("singular", golden.get("singular"), pca.singularValues());
            assertClose("components", golden.get("components"), pca.components().data());
            Matrix y = pca.transform(x);
            assertClose("transform", golden.get("transform"), y.firstRows(3).data());
            assertClose("inverse", golden.get("inverse"), pca.inverse(y).firstRows(2).data());
        }
    }

    @Test
    void fashionMnistHolds95PercentIn183Components() {
        Pca pca = Pca.fit(Fashion.images(10_000), 183);
        assertEquals(183, pca.componentsFor(0.95));
        // scikit-learn 1.9.1, svd_solver='full': 0-based entries 19, 152 and 153 of the cumulative ratio.
        assertEquals(0.78485898, pca.cumulativeRatio()[19], 1e-8);
        assertEquals(0.93987969, pca.cumulativeRatio()[152], 1e-8);
        assertEquals(0.94026024, pca.cumulativeRatio()[153], 1e-8);
        Matrix first = Matrix.of(Fashion.images(1));
        Matrix rebuilt = pca.first(153).inverse(pca.first(153).transform(first));
        // The first ankle boot of the test set is its image 0.
        assertEquals(12.825, first.minus(rebuilt).frobeniusNorm() / 28, 5e-4);
    }

    @Test
    void tensorsKeepTheirType() {
        Tensor x = data(12, 5).toTensor(DType.FLOAT32);
        Pca pca = Pca.fit(x, 5);
        assertEquals(DType.FLOAT32, pca.transform(x).dtype());
        assertArrayEquals(x.toFloats(), pca.inverse(pca.transform(x)).toFloats(), 1e-5f);
    }

    @Test
    void threadsDoNotChangeABit() {
        for (int[] shape : new int[][] {{40, 30}, {20, 33}}) {
            Matrix x = data(shape[0], shape[1]);
            Pca one = Pca.fit(x, 15, ONE);
            for (int threads = 2; threads <= 3; threads++) {
                try (Workers workers = new Workers(threads)) {
                    Pca more = Pca.fit(x, 15, workers);
                    assertArrayEquals(one.components().data(), more.components().data(), 0);
                    assertArrayEquals(one.explainedVariance(), more.explainedVariance(), 0);
                }
            }
        }
    }

    @Test
    void deficientDataStillGivesOrthonormalComponents() {
        SplittableRandom random = new SplittableRandom(3);
        double[] direction = random.doubles(20).toArray();
        for (int n : new int[] {6, 50}) {
            double[] x = new double[n * 20];
            for (int i = 0; i < x.length; i++) {
                x[i] = (i / 20 % 5) * direction[i % 20];
            }
            Pca pca = Pca.fit(Matrix.of(n, 20, x), Math.min(n, 20), ONE);
            Matrix v = pca.components();
            Matrix unit = v.times(v.transpose()).minus(Matrix.identity(v.rows()));
            assertTrue(unit.maxAbs() < 1e-14, () -> "VVᵀ − I reaches " + unit.maxAbs());
            assertEquals(1, pca.explainedVarianceRatio()[0], 1e-14);
            assertEquals(0, pca.explainedVariance()[1], 1e-14 * pca.explainedVariance()[0]);
        }
    }

    @Test
    void constantDataHasNoVarianceAndNoNaN() {
        for (int n : new int[] {3, 9}) {
            Pca pca = Pca.fit(Tensor.full(DType.FLOAT64, gradus.tensor.Shape.of(n, 5), 7.3), 3);
            assertArrayEquals(new double[3], pca.explainedVariance(), 1e-25);
            for (double r : pca.explainedVarianceRatio()) {
                assertTrue(Double.isFinite(r));
            }
            Matrix back = pca.inverse(Matrix.zeros(1, 3));
            assertArrayEquals(new double[] {7.3, 7.3, 7.3, 7.3, 7.3}, back.data(), 1e-14);
        }
    }

    @Test
    void refusesWhatItCannotUse() {
        Matrix x = data(6, 4);
        assertEquals("pca: 5 components asked for; data [6, 4] has 1 to 4",
                assertThrows(IllegalArgumentException.class, () -> Pca.fit(x, 5, ONE)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Pca.fit(x, 0, ONE));
        assertThrows(ShapeException.class, () -> Pca.fit(x.firstRows(1), 1, ONE));
        assertThrows(ShapeException.class, () -> Pca.fit(Matrix.zeros(5, 0), 0, ONE));
        assertThrows(ShapeException.class, () -> Pca.fit(Tensor.zeros(DType.FLOAT32, gradus.tensor.Shape.of(3, 4, 5)), 1));
        for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            double[] values = x.data().clone();
            values[9] = bad;
            assertEquals("pca: entry (2, 1) of the data [6, 4] is " + bad + "; every entry must be finite",
                    assertThrows(IllegalArgumentException.class, () -> Pca.fit(Matrix.of(6, 4, values), 2, ONE)).getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> Pca.fit(x.scaled(0x1p500), 2, ONE));
        assertThrows(ShapeException.class, () -> Pca.fit(x, 2, ONE).transform(data(6, 5)));
        assertThrows(ShapeException.class, () -> Pca.fit(x, 2, ONE).inverse(data(6, 5)));
        assertThrows(IllegalArgumentException.class, () -> Pca.fit(x, 2, ONE).componentsFor(1.5));
        assertThrows(IllegalArgumentException.class, () -> Pca.fit(x, 1, ONE).componentsFor(0.999));
    }
}
