package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Affinities: against scikit-learn, and what their definition demands. */
class AffinityTest {
    private static final Workers ONE = new Workers(1);

    private static void assertAffinities(double[] expected, Affinity actual) {
        int n = actual.size();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double e = expected[i * n + j];
                // scikit-learn stops within 1e-5 of the entropy, which moves a p by up to β(d − mean) ≈ 10 times as much, and floors values at 2e-16.
                assertEquals(e, actual.get(i, j), 1e-4 * e + 1e-14, "p(" + i + ", " + j + ")");
            }
        }
    }

    @Test
    void agreesWithScikitLearn() {
        Golden golden = Golden.read("tsne_golden.txt").getFirst();
        Tensor x = TsneData.formula(golden.arguments()[0], golden.arguments()[1]);
        Tsne tsne = Tsne.standard().withPerplexity(golden.arguments()[2]);
        assertAffinities(golden.get("sparse"), tsne.affinity(x, ONE));
        assertAffinities(golden.get("dense"), tsne.withMethod(Tsne.Method.EXACT).affinity(x, ONE));
    }

    @Test
    void rowsHaveTheWantedPerplexity() {
        Tensor x = TsneData.clusters(400, 8, 3);
        int k = 50;
        Neighbours neighbours = Neighbours.of(x, k, ONE);
        for (double perplexity : new double[] {1.01, 5, 16.5, 49.9}) {
            double[] p = new double[k];
            for (int i = 0; i < 400; i += 37) {
                float[] d = java.util.Arrays.copyOfRange(neighbours.squaredDistances(), i * k, (i + 1) * k);
                Perplexity.fit(d, 0, k, Math.log(perplexity), p);
                double entropy = 0;
                for (double v : p) {
                    entropy -= v > 0 ? v * Math.log(v) : 0;
                }
                assertEquals(perplexity, Math.exp(entropy), 1e-8 * perplexity);
            }
        }
    }

    @Test
    void isSymmetricSumsToOneAndIsPaddedToSixteen() {
        Affinity p = Tsne.standard().withPerplexity(7).affinity(TsneData.clusters(333, 4, 9), ONE);
        double sum = 0;
        for (int i = 0; i < p.size(); i++) {
            assertEquals(0, p.start()[i] % 16);
            int last = -1;
            for (int e = p.start()[i]; e < p.start()[i + 1]; e++) {
                int j = p.column()[e];
                if (p.p()[e] > 0) {
                    assertTrue(j > last && j != i, "columns ascend and leave the diagonal out");
                    last = j;
                    assertEquals(p.p()[e], p.get(j, i));
                    sum += p.p()[e];
                } else {
                    assertTrue(j == i || p.get(j, i) == 0);
                }
            }
        }
        assertEquals(1, sum, 1e-6);
    }

    @Test
    void duplicatesBeyondThePerplexityShareEvenly() {
        // Rows 0 to 9 are one place, the others are far away and apart.
        float[] x = new float[30];
        for (int i = 10; i < 30; i++) {
            x[i] = 1000 * i;
        }
        Affinity p = Tsne.standard().withPerplexity(3).affinity(Tensor.of(x, 30, 1), ONE);
        for (int j = 1; j < 10; j++) {
            assertEquals(2 * (1.0 / 9) / 60, p.get(0, j), 1e-9);
        }
        Affinity same = Tsne.standard().withPerplexity(3).affinity(Tensor.of(new float[30], 30, 1), ONE);
        assertEquals(1.0 / 10 * 2 / 60, same.get(0, 1), 1e-9);
    }

    @Test
    void refusesPerplexitiesThatCannotBe() {
        Neighbours neighbours = Neighbours.of(TsneData.clusters(20, 3, 2), 6, ONE);
        assertEquals("affinity: perplexity 6.0 with 6 neighbours; wanted from 1 to below 6",
                assertThrows(IllegalArgumentException.class, () -> Affinity.of(neighbours, 6, ONE)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Affinity.of(neighbours, 0.5, ONE));
        assertThrows(IllegalArgumentException.class, () -> Affinity.of(neighbours, Double.NaN, ONE));
    }
}
