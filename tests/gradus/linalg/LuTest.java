package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Cases.Case;
import gradus.tensor.ShapeException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LuTest {
    static List<Case> cases() {
        return Cases.rectangular().stream().filter(c -> c.a().rows() == c.a().columns()).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void factorsGiveThePermutedMatrixBack(Case c) {
        Lu lu = Lu.of(c.a());
        int n = c.a().rows();
        double[][] permuted = new double[n][];
        for (int i = 0; i < n; i++) {
            permuted[i] = c.a().row(lu.permutation()[i]);
        }
        Matrix l = lu.lower();
        assertTrue(l.maxAbs() <= 1);
        Matrix expected = n == 0 ? c.a() : Matrix.ofRows(permuted);
        Matrices.assertClose("LU = PA", expected, Matrices.multiply(l, lu.upper()), 4 * n + 8, Matrices.norm(c.a()));
    }

    @Property(tries = 100)
    void solutionsHaveSmallResiduals(@ForAll long seed, @ForAll @IntRange(min = 1, max = 130) int n, @ForAll @IntRange(min = 1, max = 5) int columns) {
        Matrix a = Matrices.gaussian(n, n, seed);
        Matrix b = Matrices.gaussian(n, columns, seed + 1);
        Matrix x = Lu.of(a).solve(b);
        Matrices.assertClose("AX = B", b, Matrices.multiply(a, x), 20 * n + 20, Matrices.norm(a) * Matrices.norm(x));
        Matrices.assertBits("a column alone has the same bits", Lu.of(a).solve(b.columnAt(columns - 1)), x.columnAt(columns - 1));
    }

    @Property(tries = 60)
    void determinantAgreesWithCommonsMath(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
        Matrix a = Matrices.gaussian(n, n, seed);
        double expected = new LUDecomposition(new Array2DRowRealMatrix(SymmetricEigenContract.rows(a))).getDeterminant();
        Lu lu = Lu.of(a);
        double allowed = 1e-12 * Math.abs(expected) * Matrices.norm(a) * Matrices.norm(lu.inverse());
        assertEquals(expected, lu.determinant(), allowed);
        assertEquals(Math.log(Math.abs(expected)), lu.logAbsDeterminant(), 1e-10 * Matrices.norm(a) * Matrices.norm(lu.inverse()));
    }

    @Test
    void hugeAndTinySystemsAreSolved() {
        Matrix a = Matrices.gaussian(40, 40, 5);
        Matrix b = Matrices.gaussian(40, 2, 6);
        Matrix x = Lu.of(a).solve(b);
        for (int power : new int[] {500, -500, 1000, -990}) {
            Matrix scaled = Lu.of(a.scaled(Math.scalb(1.0, power))).solve(b.scaled(Math.scalb(1.0, power)));
            Matrices.assertBits("scaled by 2^" + power, x, scaled);
        }
        assertEquals(0, Lu.of(a.scaled(1e-150)).determinant());
        assertEquals(Double.POSITIVE_INFINITY, Math.abs(Lu.of(a.scaled(1e150)).determinant()));
    }

    @Test
    void determinantOfKnownMatrices() {
        assertEquals(1, Lu.of(Matrix.zeros(0, 0)).determinant());
        assertEquals(-2, Lu.of(Matrix.of(2, 2, 1, 2, 3, 4)).determinant(), 1e-15);
        assertEquals(-1, Lu.of(Matrix.of(2, 2, 0, 1, 1, 0)).determinant());
        assertEquals(0, Lu.of(Matrix.of(2, 2, 1, 2, 2, 4)).determinant());
        assertEquals(Double.NEGATIVE_INFINITY, Lu.of(Matrix.of(2, 2, 1, 2, 2, 4)).logAbsDeterminant());
    }

    @Test
    void inverseTimesMatrixIsIdentity() {
        Matrix a = Matrices.gaussian(100, 100, 8);
        Matrix inverse = Lu.of(a).inverse();
        Matrices.assertClose("A⁻¹A = I", Matrix.identity(100), Matrices.multiply(inverse, a), 400, Matrices.norm(a) * Matrices.norm(inverse));
    }

    @Test
    void threadsNeverChangeABit() {
        Matrix a = Matrices.gaussian(170, 170, 3);
        Matrix x = Lu.of(a).inverse();
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                Matrices.assertBits("inverse", x, Lu.of(a, workers).inverse());
            }
        }
    }

    @Test
    void badInputIsNamed() {
        assertTrue(assertThrows(ShapeException.class, () -> Lu.of(Matrix.zeros(2, 3))).getMessage().startsWith("lu: matrix [2, 3] is not square"));
        Matrix nan = Matrix.of(1, 1, Double.NaN);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Lu.of(nan)).getMessage().startsWith("lu: entry (0, 0)"));
        Lu singular = Lu.of(Matrix.of(3, 3, 1, 2, 3, 2, 4, 6, 1, 1, 1));
        assertTrue(singular.isSingular());
        assertTrue(assertThrows(SingularMatrixException.class, () -> singular.solve(1, 2, 3)).getMessage().contains("is singular: pivot 2 is 0"));
        assertFalse(Lu.of(Matrix.identity(2)).isSingular());
        assertTrue(assertThrows(ShapeException.class, () -> singular.solve(1, 2)).getMessage().startsWith("lu: a system of 3 equations"));
    }
}
