package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Cases.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SvdTest extends SvdContract {
    @Override
    Result decompose(Matrix a) {
        Svd s = Svd.of(a);
        return new Result(s.u(), s.values(), s.v());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fullFactorsAreOrthogonalAndBeginWithTheThinOnes(Case c) {
        Svd thin = Svd.of(c.a());
        Svd full = Svd.full(c.a(), new Workers(1));
        int m = c.a().rows();
        int n = c.a().columns();
        int k = Math.min(m, n);
        int bound = 4 * (m + n) + 8;
        assertEquals("[" + m + ", " + m + "]", full.u().shape());
        assertEquals("[" + n + ", " + n + "]", full.v().shape());
        Matrices.assertOrthonormalColumns("U", full.u(), bound);
        Matrices.assertOrthonormalColumns("V", full.v(), bound);
        Matrices.assertBits("values", thin.values(), full.values());
        Matrices.assertBits("U", thin.u(), full.u().firstColumns(k));
        Matrices.assertBits("V", thin.v(), full.v().firstColumns(k));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valuesAloneAgree(Case c) {
        double allowed = 2 * (c.a().rows() + c.a().columns() + 8) * Matrices.EPS * Matrices.norm(c.a());
        assertArrayEquals(Svd.of(c.a()).values(), Svd.values(c.a()), allowed);
    }

    @Test
    void threadsNeverChangeABit() {
        for (Matrix a : new Matrix[] {Matrices.gaussian(190, 180, 3), Matrices.gaussian(40, 300, 3)}) {
            Svd one = Svd.of(a);
            for (int threads = 2; threads <= 3; threads++) {
                try (Workers workers = new Workers(threads)) {
                    Svd many = Svd.of(a, workers);
                    Matrices.assertBits("values", one.values(), many.values());
                    Matrices.assertBits("U", one.u(), many.u());
                    Matrices.assertBits("V", one.v(), many.v());
                    Matrices.assertBits("values alone", Svd.values(a), Svd.values(a, workers));
                }
            }
        }
    }

    @Test
    void transposeExchangesTheSides() {
        Matrix a = Matrices.gaussian(30, 20, 4);
        Svd s = Svd.of(a);
        Svd t = Svd.of(a.transpose());
        Matrices.assertBits("values", s.values(), t.values());
        Matrix product = Matrices.multiply(s.v().transpose(), t.u());
        Matrices.assertClose("up to signs", Matrix.identity(20), Matrix.of(20, 20, absolute(product.data())), 200, 1);
    }

    private static double[] absolute(double[] x) {
        return java.util.Arrays.stream(x).map(Math::abs).toArray();
    }

    @Test
    void pointsOfThePcaByHand() {
        int[][] points = {{-3, -2}, {-2, -1}, {-1, 0}, {0, 1}, {1, 2}, {2, 3}, {-2, -2}, {-1, -1}, {0, 0}, {1, 1}, {2, 2}, {-2, -3}, {-1, -2},
            {0, -1}, {1, 0}, {2, 1}, {3, 2}};
        double[] x = new double[34];
        java.util.Arrays.setAll(x, i -> points[i / 2][i % 2]);
        assertArrayEquals(new double[] {9.48683298, 2.44948974}, Svd.of(Matrix.of(17, 2, x)).values(), 5e-9);
    }

    @Test
    void rankAndConditionFollowTheValues() {
        assertEquals(7, Svd.of(Matrices.withSingularValues(60, 50, k -> k < 7 ? k + 1 : 0, 11)).rank());
        assertEquals(3, Svd.of(Matrix.diagonal(1, 0.1, 0.01, 1e-3)).rank(5e-3));
        assertEquals(0, Svd.of(Matrix.zeros(4, 3)).rank());
        assertEquals(8, Svd.of(Matrix.diagonal(4, -2, 0.5)).condition());
        assertEquals(Double.POSITIVE_INFINITY, Svd.of(Matrix.zeros(4, 3)).condition());
        assertEquals(0, Svd.of(Matrix.zeros(0, 3)).condition());
    }

    @Test
    void badInputIsNamed() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Matrix a = Matrix.of(2, 2, 1, 2, 3, bad);
            for (Runnable r : new Runnable[] {() -> Svd.of(a), () -> Svd.values(a), () -> Svd.full(a, new Workers(1))}) {
                String message = assertThrows(IllegalArgumentException.class, r::run).getMessage();
                assertEquals("svd: entry (1, 1) of [2, 2] is " + bad + "; every entry must be finite", message);
            }
        }
    }

    @Test
    void inputIsNotChanged() {
        Matrix a = Matrices.gaussian(20, 9, 9);
        Matrix before = a.copy();
        Svd.full(a, new Workers(1));
        Svd.values(a);
        Matrices.assertBits("input", before, a);
        assertTrue(Svd.of(a).values() != Svd.of(a).values());
    }
}
