package gradus.linalg;

import static gradus.linalg.Matrices.EPS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Lanczos.Limits;
import gradus.numerics.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Asked for all values, the method by Lanczos is a whole decomposition and owes what every one does. */
class TruncatedSvdTest extends SvdContract {
    private static final Workers ONE = new Workers(1);

    @Override
    Result decompose(Matrix a) {
        int k = Math.min(a.rows(), a.columns());
        if (k == 0) {
            return new Result(Matrix.zeros(a.rows(), 0), new double[0], Matrix.zeros(a.columns(), 0));
        }
        TruncatedSvd s = TruncatedSvd.of(a, k, random(), ONE);
        return new Result(s.u(), s.values(), s.v());
    }

    private static RandomStream random() {
        return new RandomStream(7, "test");
    }

    private static void assertTriplets(String what, Matrix a, TruncatedSvd s, double[] exact, double bound) {
        double norm = exact[0];
        assertArrayEquals(Arrays.copyOf(exact, s.values().length), s.values(), bound * norm, what);
        Matrices.assertOrthonormalColumns(what, s.u(), 400);
        Matrices.assertOrthonormalColumns(what, s.v(), 400);
        Matrices.assertCanonicalSigns(what, s.v());
        Matrices.assertClose(what + ": AV = UΣ", s.u().scaledColumns(s.values()), Matrices.multiply(a, s.v()), bound / EPS, norm);
        Matrices.assertClose(what + ": AᵀU = VΣ", s.v().scaledColumns(s.values()), Matrices.multiply(a.transpose(), s.u()), bound / EPS, norm);
    }

    @Test
    void fewValuesOfManyAreFound() {
        for (Matrix a : new Matrix[] {
            Matrices.withSingularValues(150, 90, i -> Math.pow(0.8, i), 3),
            Matrices.withSingularValues(90, 160, i -> 10.0 / (1 + i), 4),
            Matrices.gaussian(120, 110, 5),
            Matrices.withSingularValues(100, 100, i -> i < 6 ? 6 - i : 0, 6),
            Matrices.gaussian(120, 80, 5).scaled(1e150),
            Matrices.gaussian(120, 80, 5).scaled(1e-150)}) {
            TruncatedSvd s = TruncatedSvd.of(a, 6, random(), ONE);
            assertTriplets(a.toString(), a, s, Svd.values(a), 6e-13);
            assertTrue(s.products() > 0);
        }
    }

    @Test
    void sparseAndDenseAgree() {
        Csr sparse = Csr.of(Matrices.gaussian(130, 70, 8)).masked((i, j, x) -> (i * 31 + j * 17) % 11 == 0);
        Matrix dense = sparse.toMatrix();
        TruncatedSvd s = TruncatedSvd.of(sparse, 5, random(), ONE);
        assertTriplets("sparse", dense, s, Svd.values(dense), 6e-13);
    }

    @Test
    void copiesOfAValueAreAllFoundWhenTheSpaceRunsOut() {
        Matrix a = Matrices.withSingularValues(60, 40, i -> i < 20 ? 2 : 1, 9);
        TruncatedSvd s = TruncatedSvd.of(a, 12, random(), ONE);
        assertTriplets("twenty equal", a, s, Svd.values(a), 6e-13);
    }

    @Test
    void randomizedIsAccurateWhereValuesFallOff() {
        Matrix a = Matrices.withSingularValues(150, 90, i -> Math.pow(0.5, i), 3);
        LinearOperator operator = LinearOperator.of(a, ONE);
        assertTriplets("sketch", a, TruncatedSvd.randomized(operator, 6, 12, 2, random()), Svd.values(a), 1e-10);
        assertTriplets("wide", a.transpose(), TruncatedSvd.randomized(operator.transpose(), 6, 12, 2, random()), Svd.values(a), 1e-10);
        // Without power iterations the expected error of the sketch is (1 + k/(p − 1))^½ times the first value left out (theorem 10.5), in Frobenius norm of the rest.
        double[] rough = TruncatedSvd.randomized(operator, 6, 12, 0, random()).values();
        assertArrayEquals(Arrays.copyOf(Svd.values(a), 6), rough, 2 * Math.pow(0.5, 18));
        assertEquals(2 * 18, TruncatedSvd.randomized(operator, 6, 12, 0, random()).products());
    }

    @Test
    void oneSeedOneResultOnAnyThreads() {
        Matrix a = Matrices.gaussian(500, 450, 10);
        Csr sparse = Csr.of(a).masked((i, j, x) -> (i + 3 * j) % 5 == 0);
        TruncatedSvd dense = TruncatedSvd.of(a, 3, random(), ONE);
        TruncatedSvd ofSparse = TruncatedSvd.of(sparse, 3, random(), ONE);
        TruncatedSvd sketch = TruncatedSvd.randomized(LinearOperator.of(a, ONE), 3, 5, 1, random());
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                assertSame(dense, TruncatedSvd.of(a, 3, random(), workers));
                assertSame(ofSparse, TruncatedSvd.of(sparse, 3, random(), workers));
                assertSame(sketch, TruncatedSvd.randomized(LinearOperator.of(a, workers), 3, 5, 1, random()));
            }
        }
    }

    private static void assertSame(TruncatedSvd a, TruncatedSvd b) {
        Matrices.assertBits("values", a.values(), b.values());
        Matrices.assertBits("U", a.u(), b.u());
        Matrices.assertBits("V", a.v(), b.v());
    }

    @Test
    void badInputIsNamed() {
        Matrix a = Matrices.gaussian(40, 30, 1);
        LinearOperator operator = LinearOperator.of(a, ONE);
        assertMessage("truncatedSvd: 0 singular values asked for; an operator [40, 30] has 1 to 30", IllegalArgumentException.class,
                () -> TruncatedSvd.of(a, 0, random(), ONE));
        assertMessage("truncatedSvd: 31 singular values asked for", IllegalArgumentException.class, () -> TruncatedSvd.randomized(operator, 31, 0, 0, random()));
        assertMessage("truncatedSvd: oversampling -1", IllegalArgumentException.class, () -> TruncatedSvd.randomized(operator, 3, -1, 0, random()));
        Matrix nan = a.copy();
        nan.data()[5] = Double.NaN;
        assertMessage("truncatedSvd: entry (0, 5)", IllegalArgumentException.class, () -> TruncatedSvd.of(nan, 3, random(), ONE));
        assertMessage("truncatedSvd: entry (0, 5)", IllegalArgumentException.class, () -> TruncatedSvd.of(Csr.of(nan), 3, random(), ONE));
        assertMessage("truncatedSvd: the operator's product has the norm NaN", IllegalArgumentException.class,
                () -> TruncatedSvd.lanczos(LinearOperator.of(nan, ONE), 3, Limits.USUAL, random()));
        assertMessage("truncatedSvd: entry (", IllegalArgumentException.class, () -> TruncatedSvd.randomized(LinearOperator.of(nan, ONE), 3, 2, 1, random()));
        Matrix flat = Matrices.withSingularValues(200, 200, i -> 1 + 1e-5 * i, 2);
        assertMessage("truncatedSvd: 4 singular values of an operator [200, 200] did not settle to 0.0 within 1 restarts of 6 vectors",
                NoConvergenceException.class, () -> TruncatedSvd.lanczos(LinearOperator.of(flat, ONE), 4, new Limits(0, 6, 1), random()));
        assertMessage("limits: tolerance NaN", IllegalArgumentException.class, () -> new Limits(Double.NaN, 0, 1));
    }

    private static void assertMessage(String begin, Class<? extends Exception> type, Runnable r) {
        Exception e = assertThrows(type, r::run);
        assertTrue(e.getMessage().startsWith(begin), e.getMessage());
    }
}
