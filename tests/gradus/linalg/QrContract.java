package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.linalg.Cases.Case;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every QR factorization owes its caller. */
abstract class QrContract {
    /** The implementation under test. */
    abstract Qr factor(Matrix a);

    static List<Case> cases() {
        return Cases.rectangular();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thinFactorsGiveTheMatrixBack(Case c) {
        Qr qr = factor(c.a());
        int bound = 4 * (c.a().rows() + c.a().columns()) + 8;
        Matrix q = qr.q();
        assertEquals("[" + c.a().rows() + ", " + Math.min(c.a().rows(), c.a().columns()) + "]", q.shape());
        Matrices.assertOrthonormalColumns("Q", q, bound);
        Matrices.assertClose("QR = A", c.a(), Matrices.multiply(q, qr.r()), bound, Matrices.norm(c.a()));
        requireTriangle(qr.r());
    }

    private static void requireTriangle(Matrix r) {
        for (int i = 0; i < r.rows(); i++) {
            assertTrue(r.get(i, i) >= 0, "diagonal of R");
            for (int j = 0; j < i; j++) {
                assertEquals(0.0, r.get(i, j));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void wholeQBeginsWithTheThinOneAndIsOrthogonal(Case c) {
        Qr qr = factor(c.a());
        Matrix q = qr.fullQ();
        int bound = 4 * (c.a().rows() + c.a().columns()) + 8;
        Matrices.assertOrthonormalColumns("full Q", q, bound);
        Matrices.assertClose("first columns", qr.q(), q.firstColumns(qr.q().columns()), bound, 1);
        Matrix b = Matrices.gaussian(c.a().rows(), 3, 99);
        Matrices.assertClose("Qᵀ·B", Matrices.multiply(q.transpose(), b), qr.transposedTimes(b), bound, Matrices.norm(b));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void wellConditionedSystemsAreSolved(Case c) {
        if (c.a().rows() < c.a().columns() || !c.name().matches("random.*|tall.*|scaled.*|equal σ|identity")) {
            return;
        }
        Matrix b = Matrices.gaussian(c.a().rows(), 2, 98);
        Matrix x = factor(c.a()).solve(b);
        // The residual of a least-squares solution is orthogonal to the columns.
        Matrix residual = b.minus(Matrices.multiply(c.a(), x));
        Matrices.assertClose("Aᵀ(b − Ax) = 0", Matrix.zeros(c.a().columns(), 2), Matrices.multiply(c.a().transpose(), residual),
                40 * (c.a().rows() + 8), Matrices.norm(c.a()) * Matrices.norm(b));
    }
}
