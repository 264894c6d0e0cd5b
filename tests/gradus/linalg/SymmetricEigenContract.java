package gradus.linalg;

import static gradus.linalg.Matrices.EPS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way of diagonalising a symmetric matrix owes its caller. */
abstract class SymmetricEigenContract {
    /** Eigenvalues, descending, with eigenvectors in columns. */
    record Result(double[] values, Matrix vectors) {
    }

    /** The implementation under test. */
    abstract Result decompose(Matrix a);

    record Case(String name, Matrix a) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        IntToDoubleFunction random = k -> Matrices.gaussian(1, 1, 900 + k).get(0, 0);
        Matrix dense = Matrices.symmetric(60, random, 1);
        return List.of(
                new Case("empty", Matrix.zeros(0, 0)),
                new Case("1 × 1", Matrix.of(1, 1, -3.5)),
                new Case("2 × 2", Matrix.of(2, 2, 1, 2, 2, -7)),
                new Case("random", dense),
                new Case("random, 33", Matrices.symmetric(33, random, 2)),
                new Case("random, 130", Matrices.symmetric(130, random, 3)),
                new Case("zero", Matrix.zeros(40, 40)),
                new Case("identity", Matrix.identity(50)),
                new Case("diagonal", Matrix.diagonal(3, -1, 4, 1, -5, 9, 2, 6)),
                new Case("all ones", ones(70)),
                new Case("graded 1 … 1e-16", Matrices.symmetric(64, k -> Math.pow(10, -k / 4.0), 4)),
                new Case("graded rows", gradedRows(45)),
                new Case("clustered", Matrices.symmetric(90, k -> k < 45 ? 1 + k * 1e-15 : -2 + k * 1e-13, 5)),
                new Case("many equal", Matrices.symmetric(100, k -> k % 3, 6)),
                new Case("rank 5 of 80", Matrices.symmetric(80, k -> k < 5 ? k + 1 : 0, 7)),
                new Case("plus and minus", Matrices.symmetric(64, k -> (k % 2 == 0 ? 1 : -1) * (1.0 + k / 2), 8)),
                new Case("scaled by 1e150", dense.scaled(1e150)),
                new Case("scaled by 1e-150", dense.scaled(1e-150)),
                new Case("scaled by 1e-307", dense.scaled(1e-307)),
                new Case("Wilkinson W21+", wilkinson(21)),
                new Case("glued Wilkinson", gluedWilkinson(6, 1e-14)),
                new Case("Hilbert", hilbert(40)),
                new Case("second difference", secondDifference(120)),
                new Case("arrow", arrow(75)));
    }

    private static Matrix fill(int n, Entry entry) {
        double[] x = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                x[i * n + j] = entry.at(i, j);
            }
        }
        return Matrix.of(n, n, x);
    }

    private interface Entry {
        double at(int i, int j);
    }

    private static Matrix ones(int n) {
        return fill(n, (i, j) -> 1);
    }

    private static Matrix gradedRows(int n) {
        Matrix g = Matrices.gaussian(n, n, 12);
        return fill(n, (i, j) -> (g.get(i, j) + g.get(j, i)) * Math.pow(10, -(i + j) / 5.0));
    }

    private static Matrix wilkinson(int n) {
        return fill(n, (i, j) -> i == j ? Math.abs(i - n / 2) : Math.abs(i - j) == 1 ? 1 : 0);
    }

    private static Matrix gluedWilkinson(int copies, double glue) {
        return fill(21 * copies, (i, j) -> i == j ? Math.abs(i % 21 - 10) : Math.abs(i - j) != 1 ? 0 : Math.max(i, j) % 21 == 0 ? glue : 1);
    }

    private static Matrix hilbert(int n) {
        return fill(n, (i, j) -> 1.0 / (i + j + 1));
    }

    private static Matrix secondDifference(int n) {
        return fill(n, (i, j) -> i == j ? 2 : Math.abs(i - j) == 1 ? -1 : 0);
    }

    private static Matrix arrow(int n) {
        return fill(n, (i, j) -> i == j ? i : i == 0 || j == 0 ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void residualsAreSmall(Case c) {
        Result r = decompose(c.a);
        int n = c.a.rows();
        double norm = Matrices.norm(c.a);
        // Equal entries round equally: in a chain of equal terms the errors of one product add up instead of cancelling.
        int bound = (c.name.equals("all ones") ? 10 : 4) * n + 8;
        assertEquals("[" + n + ", " + n + "]", r.vectors.shape());
        Matrices.assertDescending("eigenvalues", r.values);
        Matrices.assertOrthonormalColumns(c.name, r.vectors, bound);
        Matrices.assertClose("AV = VΛ", r.vectors.scaledColumns(r.values), Matrices.multiply(c.a, r.vectors), bound, norm);
        Matrices.assertClose("VΛVᵀ = A", c.a, Matrices.multiply(r.vectors.scaledColumns(r.values), r.vectors.transpose()), 2 * bound, norm);
        Matrices.assertCanonicalSigns("eigenvectors", r.vectors);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void traceAndNormAreKept(Case c) {
        double norm = Matrices.norm(c.a);
        double trace = Arrays.stream(c.a.diagonalValues()).sum();
        double[] values = decompose(c.a).values;
        double allowed = (4 * c.a.rows() + 8) * EPS * norm * Math.sqrt(Math.max(1, c.a.rows()));
        assertEquals(trace, Arrays.stream(values).sum(), allowed);
        assertEquals(norm, Matrices.norm(Matrix.column(values)), allowed);
    }

    @Test
    void secondDifferenceHasItsKnownEigenvalues() {
        int n = 120;
        double[] expected = new double[n];
        Arrays.setAll(expected, k -> 2 - 2 * Math.cos((n - k) * Math.PI / (n + 1)));
        assertArrayEquals(expected, decompose(secondDifference(n)).values, 4 * n * EPS);
    }

    @Test
    void plantedSpectrumIsFound() {
        double[] expected = new double[64];
        Arrays.setAll(expected, k -> Math.pow(10, -k / 4.0));
        assertArrayEquals(expected, decompose(Matrices.symmetric(64, k -> Math.pow(10, -k / 4.0), 4)).values, 64 * 4 * EPS);
    }

    @Provide
    Arbitrary<Matrix> squares() {
        return Cases.drawnSquare(30);
    }

    @Property(tries = 100)
    void agreesWithCommonsMath(@ForAll("squares") Matrix g) {
        Matrix a = g.plus(g.transpose());
        double[] expected = new EigenDecomposition(new Array2DRowRealMatrix(rows(a))).getRealEigenvalues();
        Arrays.sort(expected);
        double[] ascending = decompose(a).values.clone();
        Arrays.sort(ascending);
        assertArrayEquals(expected, ascending, 20 * a.rows() * EPS * Matrices.norm(a));
    }

    @Test
    void gradedMatrixKeepsItsSmallEigenvaluesToTheNorm() {
        Matrix a = Matrix.of(3, 3, 1e20, 1e9, 1e9, 1e9, 1e19, 1e9, 1e9, 1e9, 1e9);
        double[] values = decompose(a).values;
        assertEquals(1e20, values[0], 10 * EPS * 1e20);
        assertEquals(1e19, values[1], 10 * EPS * 1e20);
        assertEquals(1e9, values[2], 10 * EPS * 1e20);
    }

    static double[][] rows(Matrix a) {
        double[][] out = new double[a.rows()][];
        Arrays.setAll(out, a::row);
        return out;
    }
}
