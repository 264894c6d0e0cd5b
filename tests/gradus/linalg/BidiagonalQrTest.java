package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BidiagonalQrTest {
    private static double[] solve(double[] d, double[] e) {
        double[] values = d.clone();
        BidiagonalQr.solve("test", values, e.clone(), BidiagonalQr.Rows.NONE, BidiagonalQr.Rows.NONE);
        Arrays.sort(values);
        return values;
    }

    /**
     * The product of the singular values is the product of the diagonal. With steps of 10^±20 between entries it holds to a few ε only when every value has
     * high relative accuracy.
     */
    @Property(tries = 200)
    void smallValuesAreAsAccurateAsLargeOnes(@ForAll long seed, @ForAll @IntRange(min = 2, max = 14) int n,
            @ForAll @DoubleRange(min = -20, max = 20) double step) {
        double[] d = Matrices.gaussian(1, n, seed).data();
        double[] e = Matrices.gaussian(1, n - 1, seed + 1).data();
        double expected = 0;
        for (int i = 0; i < n; i++) {
            d[i] *= Math.pow(10, step * i);
            expected += Math.log(Math.abs(d[i]));
            if (i < n - 1) {
                e[i] *= Math.pow(10, step * i);
            }
        }
        double actual = Arrays.stream(solve(d, e)).map(Math::log).sum();
        assertEquals(expected, actual, 2e-13 * n * n + 4e-16 * Math.abs(expected) * n);
    }

    @Test
    void gradedMatrixWithKnownValues() {
        // d = 1, ε, ε², … with e = 0 but for one pair, whose values follow from its 2 × 2.
        double[] d = {1, 1e-50, 1e-100, 1e-150, 3e-200, 4e-200};
        double[] e = {0, 0, 0, 0, 5e-200};
        double[] values = solve(d, e);
        double sum = 9 + 16 + 25;
        double large = Math.sqrt((sum + Math.sqrt(sum * sum - 4 * 144)) / 2);
        assertEquals(12 / large * 1e-200, values[0], 1e-214);
        assertEquals(large * 1e-200, values[1], 1e-214);
        assertEquals(1e-150, values[2], 1e-164);
        assertEquals(1, values[5]);
    }

    @Property(tries = 500)
    void pairsAreDiagonalised(@ForAll long seed, @ForAll @IntRange(min = -60, max = 60) int f, @ForAll @IntRange(min = -60, max = 60) int g,
            @ForAll @IntRange(min = -60, max = 60) int h) {
        double[] x = Matrices.gaussian(1, 3, seed).data();
        Matrix a = Matrix.of(2, 2, Math.scalb(x[0], f), Math.scalb(x[1], g), 0, Math.scalb(x[2], h));
        TwoByTwo t = TwoByTwo.of(a.get(0, 0), a.get(0, 1), a.get(1, 1));
        Matrix left = Matrix.of(2, 2, t.cosLeft(), t.sinLeft(), -t.sinLeft(), t.cosLeft());
        Matrix right = Matrix.of(2, 2, t.cosRight(), -t.sinRight(), t.sinRight(), t.cosRight());
        Matrices.assertClose("LAR", Matrix.diagonal(t.large(), t.small()), Matrices.multiply(Matrices.multiply(left, a), right), 16, Matrices.norm(a));
        // s² + c² is within 4 ε of 1, and the norm of the 2 × 2 difference √2 of that; two more for the test's own products.
        Matrices.assertOrthonormalColumns("left", left, 8);
        Matrices.assertOrthonormalColumns("right", right, 8);
        double product = a.get(0, 0) * a.get(1, 1);
        assertEquals(product, t.large() * t.small(), 20 * Matrices.EPS * Math.abs(product));
        double smallest = TwoByTwo.smallest(a.get(0, 0), a.get(0, 1), a.get(1, 1));
        assertEquals(Math.abs(t.small()), smallest, 20 * Matrices.EPS * smallest);
    }

    @Test
    void nanEndsWithAnError() {
        double[] d = {1, Double.NaN, 2, 3};
        Exception e = assertThrows(NoConvergenceException.class, () -> solve(d, new double[] {1, 1, 1}));
        assertTrue(e.getMessage().startsWith("test: QR iteration on the bidiagonal did not settle rows"), e.getMessage());
    }
}
