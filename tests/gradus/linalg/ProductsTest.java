package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import gradus.tensor.ShapeException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProductsTest {
    private static double[] chains(int m, int n, int k, View a, View b, double[] c, int cOffset, int cStride) {
        double[] out = c.clone();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double s = c[cOffset + i * cStride + j];
                for (int p = 0; p < k; p++) {
                    s = Math.fma(a.data()[a.offset() + i * a.rowStride() + p * a.columnStride()],
                            b.data()[b.offset() + p * b.rowStride() + j * b.columnStride()], s);
                }
                out[cOffset + i * cStride + j] = s;
            }
        }
        return out;
    }

    @Property(tries = 300)
    void everyEntryIsOneChain(@ForAll long seed, @ForAll @IntRange(max = 40) int m, @ForAll @IntRange(max = 40) int n,
            @ForAll @IntRange(max = 50) int k, @ForAll boolean transposeA, @ForAll boolean transposeB, @ForAll @IntRange(min = 1, max = 3) int threads) {
        double[] x = Matrices.gaussian(1, (m + 3) * (k + 2) + 5, seed).data();
        double[] y = Matrices.gaussian(1, (n + 1) * (k + 4) + 2, seed + 1).data();
        View a = transposeA ? View.rows(x, 5, m + 2).transpose() : View.rows(x, 5, k + 1);
        View b = transposeB ? View.rows(y, 2, k + 3).transpose() : View.rows(y, 2, n + 1);
        double[] c = Matrices.gaussian(1, 3 + m * (n + 2), seed + 2).data();
        double[] expected = chains(m, n, k, a, b, c, 3, n + 2);
        double[] fresh = chains(m, n, k, a, b, new double[c.length], 3, n + 2);
        try (Workers workers = new Workers(threads)) {
            double[] plain = c.clone();
            Products.plain(m, n, k, a, b, plain, 3, n + 2, workers);
            Matrices.assertBits("plain", expected, plain);
            Products.add(m, n, k, a, b, c, 3, n + 2, workers);
            Matrices.assertBits("add", expected, c);
            double[] set = new double[c.length];
            for (int i = 0; i < m; i++) {
                java.util.Arrays.fill(set, 3 + i * (n + 2), 3 + i * (n + 2) + n, Double.NaN);
            }
            Products.set(m, n, k, a, b, set, 3, n + 2, workers);
            Matrices.assertBits("set", fresh, set);
        }
    }

    @Test
    void transposesMeanWhatTheySay() {
        Workers one = new Workers(1);
        Matrix a = Matrices.gaussian(7, 5, 1);
        Matrix b = Matrices.gaussian(7, 6, 2);
        Matrices.assertBits("aᵀb", Products.multiply(a.transpose(), b), Products.multiplyTransposedLeft(a, b, one));
        Matrices.assertBits("abᵀ", Products.multiply(a.transpose(), b), Products.multiplyTransposedRight(a.transpose(), b.transpose(), one));
        Matrices.assertBits("vector", a.times(Matrix.column(1, 2, 3, 4, 5)).data(), a.times(1, 2, 3, 4, 5));
    }

    @Property(tries = 20)
    void gramIsTheProduct(@ForAll long seed, @ForAll @IntRange(max = 30) int m, @ForAll @IntRange(max = 450) int n, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Matrix a = Matrices.gaussian(m, n, seed);
        try (Workers workers = new Workers(threads)) {
            Matrices.assertBits("gram", Products.multiplyTransposedLeft(a, a, workers), Products.gram(a, workers));
        }
    }

    @Test
    void innerExtentsMustAgree() {
        Exception e = assertThrows(ShapeException.class, () -> Matrix.zeros(2, 3).times(Matrix.zeros(4, 5)));
        assertEquals("multiply: [2, 3] and [4, 5] have inner extents 3 and 4", e.getMessage());
    }
}
