package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.junit.jupiter.api.Test;

class QrTest extends QrContract {
    @Override
    Qr factor(Matrix a) {
        return Qr.of(a);
    }

    @Property(tries = 60)
    void agreesWithCommonsMath(@ForAll long seed, @ForAll @IntRange(min = 1, max = 45) int n, @ForAll @IntRange(max = 20) int extra) {
        Matrix a = Matrices.gaussian(n + extra, n, seed);
        Matrix b = Matrices.gaussian(n + extra, 1, seed + 1);
        QRDecomposition theirs = new QRDecomposition(new Array2DRowRealMatrix(SymmetricEigenContract.rows(a)));
        Matrix r = Qr.of(a).r();
        for (int i = 0; i < n; i++) {
            double[] row = theirs.getR().getRow(i);
            double sign = Math.signum(row[i]);
            double[] expected = new double[n];
            java.util.Arrays.setAll(expected, j -> sign * row[j]);
            assertArrayEquals(expected, r.row(i), 40 * (n + extra) * Matrices.EPS * Matrices.norm(a) * condition(r));
        }
    }

    /** A bound good enough for a tolerance: the perturbation of R grows with the condition number. */
    private static double condition(Matrix r) {
        return Matrices.norm(r) * Matrices.norm(Lu.of(r).inverse());
    }

    @Test
    void threadsNeverChangeABit() {
        Matrix a = Matrices.gaussian(150, 110, 3);
        Qr one = Qr.of(a);
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                Qr many = Qr.of(a, workers);
                Matrices.assertBits("R", one.r(), many.r());
                Matrices.assertBits("Q", one.fullQ(), many.fullQ());
            }
        }
    }

    @Test
    void badInputIsNamed() {
        Matrix nan = Matrix.of(1, 2, 1, Double.NaN);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Qr.of(nan)).getMessage().startsWith("qr: entry (0, 1)"));
        Qr wide = Qr.of(Matrices.gaussian(2, 3, 1));
        assertTrue(assertThrows(ShapeException.class, () -> wide.solve(1, 2)).getMessage().startsWith("qr: a wide matrix [2, 3]"));
        Qr deficient = Qr.of(Matrix.of(3, 2, 1, 2, 2, 4, 3, 6));
        assertTrue(assertThrows(SingularMatrixException.class, () -> deficient.solve(1, 2, 3)).getMessage().startsWith("qr: column 1 of [3, 2]"));
        assertTrue(assertThrows(ShapeException.class, () -> deficient.transposedTimes(Matrix.zeros(2, 1))).getMessage().startsWith("qr: Qᵀ"));
    }
}
