package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Cases.Case;
import gradus.tensor.ShapeException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeastSquaresTest {
    static List<Case> cases() {
        return Cases.rectangular();
    }

    /** The four conditions of Penrose (1955), each to the accuracy that the conditioning of the kept part allows. */
    @ParameterizedTest
    @MethodSource("cases")
    void pseudoInverseMeetsPenrosesConditions(Case c) {
        double largest = c.a().maxAbs();
        if (largest < 1e-300 && largest > 0 || largest > 1e300) {
            return; // the products of the conditions themselves leave the range
        }
        Matrix a = c.a();
        Matrix p = LeastSquares.pseudoInverse(a, 1e-6, new Workers(1));
        double norm = Matrices.norm(a);
        double inverse = Matrices.norm(p);
        double bound = 40 * (a.rows() + a.columns() + 8) * Math.max(1, norm * inverse);
        Matrix ap = Matrices.multiply(a, p);
        Matrix pa = Matrices.multiply(p, a);
        // Values below the tolerance are cut off, so A·P·A misses A by at most those.
        Matrices.assertClose("APA = A", a, Matrices.multiply(ap, a), bound + 1e-6 / Matrices.EPS * 20, norm);
        Matrices.assertClose("PAP = P", p, Matrices.multiply(pa, p), bound, inverse);
        Matrices.assertClose("AP symmetric", ap.transpose(), ap, bound, 1);
        Matrices.assertClose("PA symmetric", pa.transpose(), pa, bound, 1);
    }

    @Property(tries = 60)
    void solutionIsOptimalAndOfSmallestNorm(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int m, @ForAll @IntRange(min = 1, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 30) int r) {
        int rank = Math.min(r, Math.min(m, n));
        Matrix a = Matrices.withSingularValues(m, n, k -> k < rank ? 1 + k : 0, seed);
        Matrix b = Matrices.gaussian(m, 3, seed + 3);
        LeastSquares s = LeastSquares.solve(a, b);
        assertEquals(rank, s.rank());
        Matrix residual = b.minus(Matrices.multiply(a, s.x()));
        double bound = 100 * (m + n);
        Matrices.assertClose("Aᵀr = 0", Matrix.zeros(n, 3), Matrices.multiply(a.transpose(), residual), bound, Matrices.norm(a) * Matrices.norm(b));
        // Smallest norm: x lies in the row space, so the projection on it changes nothing.
        Matrix p = LeastSquares.pseudoInverse(a);
        Matrices.assertClose("P·A·x = x", s.x(), Matrices.multiply(p, Matrices.multiply(a, s.x())), bound * 30, Matrices.norm(s.x()));
        Matrices.assertClose("x = P·b", Matrices.multiply(p, b), s.x(), bound * 30, Matrices.norm(p) * Matrices.norm(b));
        for (int j = 0; j < 3; j++) {
            assertEquals(Matrices.norm(Matrix.column(residual.columnAt(j))), s.residualNorms()[j], 1e-12 * Matrices.norm(b));
        }
    }

    @Test
    void consistentSystemOfAnyScaleIsSolvedExactlyEnough() {
        Matrix a = Matrices.gaussian(40, 30, 1);
        Matrix x = Matrices.gaussian(30, 2, 2);
        Matrix b = Matrices.multiply(a, x);
        for (double scale : new double[] {1, 1e150, 1e-150}) {
            LeastSquares s = LeastSquares.solve(a.scaled(scale), b.scaled(scale));
            Matrices.assertClose("x at scale " + scale, x, s.x(), 4000, Matrices.norm(x));
        }
    }

    @Test
    void rankAndCondition() {
        assertEquals(1, LeastSquares.rank(Matrix.of(3, 2, 1, 2, 2, 4, 3, 6)));
        assertEquals(0, LeastSquares.rank(Matrix.zeros(3, 0)));
        assertEquals(4, LeastSquares.condition(Matrix.diagonal(2, -8)), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, LeastSquares.condition(Matrix.zeros(2, 2)));
    }

    @Property(tries = 80)
    void ridgeSolvesItsNormalEquations(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int m, @ForAll @IntRange(min = 1, max = 25) int n,
            @ForAll @IntRange(min = -4, max = 3) int power) {
        double lambda = Math.pow(10, power);
        Matrix a = Matrices.gaussian(m, n, seed);
        Matrix b = Matrices.gaussian(m, 2, seed + 1);
        Matrix x = LeastSquares.ridge(a, b, lambda);
        Matrix gradient = Matrices.multiply(a.transpose(), Matrices.multiply(a, x).minus(b)).plus(x.scaled(lambda));
        // It is the solution for [A; √λ·I] and B that a factorization moved by as much as their norms allow, which is more than A's norm where λ is large.
        double norm = Math.hypot(Matrices.norm(a), Math.sqrt(lambda * n));
        double scale = norm * (Matrices.norm(b) + norm * Matrices.norm(x));
        Matrices.assertClose("Aᵀ(Ax − b) + λx = 0", Matrix.zeros(n, 2), gradient, 10 * (m + n), scale);
    }

    @Test
    void vanishingRidgeTendsToLeastSquares() {
        Matrix a = Matrices.withSingularValues(20, 12, k -> k < 5 ? 1 : 0, 3);
        Matrix b = Matrices.gaussian(20, 1, 4);
        // All kept singular values are 1, so the ridge shrinks the solution by exactly 1/(1 + λ); rounding in A enters divided by λ.
        double lambda = 1e-4;
        double[] expected = LeastSquares.solve(a, b).x().scaled(1 / (1 + lambda)).data();
        assertArrayEquals(expected, LeastSquares.ridge(a, b, lambda).data(), 1e-11);
    }

    @Test
    void badInputIsNamed() {
        Matrix a = Matrix.zeros(3, 2);
        assertMessage("leastSquares: matrix [3, 2] and right side [2, 1]", ShapeException.class, () -> LeastSquares.solve(a, Matrix.zeros(2, 1)));
        assertMessage("ridge: matrix [3, 2] and right side [2, 1]", ShapeException.class, () -> LeastSquares.ridge(a, Matrix.zeros(2, 1), 1));
        assertMessage("ridge: lambda is 0.0", IllegalArgumentException.class, () -> LeastSquares.ridge(a, Matrix.zeros(3, 1), 0));
        assertMessage("ridge: lambda is NaN", IllegalArgumentException.class, () -> LeastSquares.ridge(a, Matrix.zeros(3, 1), Double.NaN));
        assertMessage("pseudoInverse: tolerance 1.0", IllegalArgumentException.class, () -> LeastSquares.pseudoInverse(a, 1, new Workers(1)));
        assertMessage("leastSquares: entry (0, 0)", IllegalArgumentException.class,
                () -> LeastSquares.solve(Matrix.of(1, 1, Double.NaN), Matrix.zeros(1, 1)));
        assertMessage("pseudoInverse: entry (0, 0)", IllegalArgumentException.class, () -> LeastSquares.pseudoInverse(Matrix.of(1, 1, Double.NaN)));
    }

    private static void assertMessage(String begin, Class<? extends Exception> type, Runnable r) {
        Exception e = assertThrows(type, r::run);
        assertTrue(e.getMessage().startsWith(begin), e.getMessage());
    }
}
