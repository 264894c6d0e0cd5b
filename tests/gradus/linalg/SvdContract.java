package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.linalg.Cases.Case;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every singular value decomposition owes its caller. */
abstract class SvdContract {
    /** Thin factors: u of m × k, values descending, v of n × k. */
    record Result(Matrix u, double[] values, Matrix v) {
    }

    /** The implementation under test. */
    abstract Result decompose(Matrix a);

    static List<Case> cases() {
        return Cases.rectangular();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void factorsGiveTheMatrixBack(Case c) {
        Result r = decompose(c.a());
        int k = Math.min(c.a().rows(), c.a().columns());
        int bound = 4 * (c.a().rows() + c.a().columns()) + 8;
        assertEquals(k, r.values.length);
        assertEquals("[" + c.a().rows() + ", " + k + "]", r.u.shape());
        assertEquals("[" + c.a().columns() + ", " + k + "]", r.v.shape());
        Matrices.assertOrthonormalColumns("U", r.u, bound);
        Matrices.assertOrthonormalColumns("V", r.v, bound);
        Matrices.assertClose("UΣVᵀ = A", c.a(), Matrices.multiply(r.u.scaledColumns(r.values), r.v.transpose()), bound, Matrices.norm(c.a()));
        Matrices.assertDescending("σ", r.values);
        assertTrue(k == 0 || r.values[k - 1] >= 0, "σ must not be negative");
        Matrices.assertCanonicalSigns("V", r.v);
    }

    @Test
    void plantedValuesAreFound() {
        double[] expected = new double[48];
        java.util.Arrays.setAll(expected, k -> Math.pow(10, -k / 3.0));
        Matrix a = Matrices.withSingularValues(60, 48, k -> Math.pow(10, -k / 3.0), 8);
        assertArrayEquals(expected, decompose(a).values, 300 * Matrices.EPS);
    }

    @Provide
    Arbitrary<Matrix> matrices() {
        return Cases.drawn(Arbitraries.integers().between(1, 25), Arbitraries.integers().between(1, 25));
    }

    @Property(tries = 100)
    void agreesWithCommonsMath(@ForAll("matrices") Matrix a) {
        double[] expected = new SingularValueDecomposition(new Array2DRowRealMatrix(SymmetricEigenContract.rows(a))).getSingularValues();
        assertArrayEquals(expected, decompose(a).values, 20 * (a.rows() + a.columns()) * Matrices.EPS * Matrices.norm(a));
    }
}
