package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Measures against scikit-learn and by hand. */
class MeasuresTest {
    private static final Workers ONE = new Workers(1);

    @Test
    void agreeWithScikitLearn() {
        Golden golden = Golden.read("measures_golden.txt").getFirst();
        int n = golden.arguments()[0];
        int d = golden.arguments()[1];
        Tensor x = TsneData.distinct(n, d);
        Tensor y = x.slice(1, 0, 2).copy();
        for (int k : new int[] {1, 5, 20}) {
            assertEquals(golden.get("trustworthiness" + k)[0], Measures.trustworthiness(x, y, k, ONE), 1e-14);
            assertEquals(golden.get("recall" + k)[0], Measures.neighbourRecall(x, y, k, ONE), 1e-14);
        }
        assertEquals(1, Measures.trustworthiness(x, x, 7, ONE));
        assertEquals(1, Measures.neighbourRecall(x, x, 7, ONE));
    }

    @Test
    void errorsByHand() {
        Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
        Tensor b = Tensor.of(new double[] {1, 2, 3, 10}, 2, 2);
        assertEquals(3, Measures.rmse(a, b));
        assertEquals(3.0 / 9, Measures.nrmse(a, b));
        assertEquals(1, Measures.nrmse(b, a));
    }

    @Test
    void refuseWhatTheyCannotUse() {
        Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 4, 1);
        assertThrows(ShapeException.class, () -> Measures.rmse(a, a.reshape(2, 2)));
        assertThrows(ShapeException.class, () -> Measures.rmse(Tensor.of(new float[0], 0, 2), Tensor.of(new float[0], 0, 2)));
        assertThrows(IllegalArgumentException.class, () -> Measures.nrmse(a, Tensor.of(new float[] {2, 2, 2, 2}, 4, 1)));
        assertThrows(IllegalArgumentException.class, () -> Measures.trustworthiness(a, a, 2, ONE));
        assertThrows(IllegalArgumentException.class, () -> Measures.neighbourRecall(a, a, 4, ONE));
        assertThrows(ShapeException.class, () -> Measures.neighbourRecall(a, a.reshape(2, 2), 1, ONE));
    }
}
