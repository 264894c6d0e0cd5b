package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Cases.Case;
import gradus.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
    private static Matrix positive(int n, long seed) {
        Matrix g = Matrices.gaussian(n + 4, n, seed);
        return Matrices.multiply(g.transpose(), g);
    }

    @Property(tries = 60)
    void agreesWithTheDefiningChains(@ForAll long seed, @ForAll @IntRange(max = 150) int n) {
        Matrix a = positive(n, seed);
        double[] u = a.data().clone();
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                double s = u[i * n + j];
                for (int k = 0; k < i; k++) {
                    s = Math.fma(-u[k * n + i], u[k * n + j], s);
                }
                u[i * n + j] = i == j ? Math.sqrt(s) : s / u[i * n + i];
            }
        }
        double[] fast = a.data().clone();
        assertEquals(-1, Cholesky.factor(fast, 0, n, n));
        for (int i = 0; i < n; i++) {
            Matrices.assertBits("row " + i, Arrays.copyOfRange(u, i * n + i, (i + 1) * n), Arrays.copyOfRange(fast, i * n + i, (i + 1) * n));
        }
    }

    @Property(tries = 60)
    void agreesWithCommonsMath(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n) {
        Matrix a = positive(n, seed);
        double[][] expected = new CholeskyDecomposition(new Array2DRowRealMatrix(SymmetricEigenContract.rows(a))).getL().getData();
        Matrix inverse = Cholesky.of(a).solve(Matrix.identity(n));
        Matrices.assertClose("L", Matrix.ofRows(expected), Cholesky.of(a).lower(), 40 * n,
                Matrices.norm(Matrix.ofRows(expected)) * Matrices.norm(a) * Matrices.norm(inverse));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 63, 64, 65, 200})
    void factorAndSolutionHaveSmallResiduals(int n) {
        Matrix a = positive(n, n);
        Cholesky c = Cholesky.of(a);
        Matrices.assertClose("UᵀU = A", a, Matrices.multiply(c.upper().transpose(), c.upper()), 4 * n + 8, Matrices.norm(a));
        Matrix b = Matrices.gaussian(n, 3, 1);
        Matrix x = c.solve(b);
        Matrices.assertClose("AX = B", b, Matrices.multiply(a, x), 8 * n + 8, Matrices.norm(a) * Matrices.norm(x));
        double[] y = b.columnAt(1);
        double[] u = a.data().clone();
        Cholesky.factor(u, 0, n, n);
        Cholesky.solve(u, 0, n, n, y, 0);
        Matrices.assertClose("in place", Matrix.column(x.columnAt(1)), Matrix.column(y), 0, 0);
    }

    static List<Case> awkward() {
        Matrix dense = positive(45, 9);
        return List.of(new Case("1 × 1", Matrix.of(1, 1, 2.25)), new Case("identity", Matrix.identity(70)), new Case("diagonal", Matrix.diagonal(3, 1, 4, 1, 5, 9)),
                new Case("graded", Matrices.symmetric(40, k -> Math.pow(10, -k / 4.0), 10)), new Case("clustered", Matrices.symmetric(64, k -> k < 32 ? 1 + k * 1e-15 : 1e-8, 11)),
                new Case("Hilbert", Cases.hilbert(10)), new Case("1e150", dense.scaled(1e150)), new Case("1e-150", dense.scaled(1e-150)));
    }

    @ParameterizedTest
    @MethodSource("awkward")
    void awkwardMatricesAreFactored(Case c) {
        int n = c.a().rows();
        Cholesky factors = Cholesky.of(c.a());
        Matrices.assertClose("UᵀU = A", c.a(), Matrices.multiply(factors.upper().transpose(), factors.upper()), 4 * n + 8, Matrices.norm(c.a()));
        Matrix b = Matrices.gaussian(n, 2, 1);
        Matrix x = factors.solve(b);
        Matrices.assertClose("AX = B", b, Matrices.multiply(c.a(), x), 8 * n + 8, Matrices.norm(c.a()) * Matrices.norm(x));
    }

    @Test
    void scaleDoesNotMatter() {
        Matrix a = positive(30, 2);
        Matrix upper = Cholesky.of(a).upper();
        Matrix b = Matrices.gaussian(30, 1, 3);
        Matrix x = Cholesky.of(a).solve(b);
        for (int power : new int[] {700, -700, 1010, -1000}) {
            Matrix scaled = a.scaled(Math.scalb(1.0, power));
            Matrices.assertBits("U", upper.scaled(Math.scalb(1.0, power / 2)), Cholesky.of(scaled).upper());
            Matrices.assertBits("x", x, Cholesky.of(scaled).solve(b.scaled(Math.scalb(1.0, power))));
            assertEquals(Cholesky.of(a).logDeterminant() + 30 * power * Math.log(2), Cholesky.of(scaled).logDeterminant(), 1e-9);
        }
    }

    @Test
    void threadsNeverChangeABit() {
        Matrix a = positive(200, 3);
        Matrix b = Matrices.gaussian(200, 40, 4);
        Matrix x = Cholesky.of(a).solve(b);
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                Matrices.assertBits("U", Cholesky.of(a).upper(), Cholesky.of(a, workers).upper());
                Matrices.assertBits("x", x, Cholesky.of(a, workers).solve(b));
            }
        }
    }

    @Test
    void badInputIsNamed() {
        assertMessage("cholesky: matrix [2, 3] is not square", ShapeException.class, Matrix.zeros(2, 3));
        assertMessage("cholesky: entry (0, 0) of [1, 1] is NaN", IllegalArgumentException.class, Matrix.of(1, 1, Double.NaN));
        assertMessage("cholesky: matrix [2, 2] is not positive definite: pivot 1", SingularMatrixException.class, Matrix.of(2, 2, 1, 2, 2, 1));
        assertMessage("cholesky: matrix [3, 3] is not positive definite: pivot 0", SingularMatrixException.class, Matrix.zeros(3, 3));
        assertTrue(assertThrows(ShapeException.class, () -> Cholesky.of(Matrix.identity(2)).solve(1, 2, 3)).getMessage()
                .startsWith("cholesky: a system of 2 equations"));
    }

    private static void assertMessage(String begin, Class<? extends Exception> type, Matrix a) {
        Exception e = assertThrows(type, () -> Cholesky.of(a));
        assertTrue(e.getMessage().startsWith(begin), e.getMessage());
    }
}
