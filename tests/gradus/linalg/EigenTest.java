package gradus.linalg;

import static gradus.linalg.Matrices.EPS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Cases.Case;
import gradus.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EigenTest {
    private static final Workers ONE = new Workers(1);

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>(Cases.rectangular().stream().filter(c -> c.a().rows() == c.a().columns()).toList());
        SymmetricEigenContract.cases().forEach(c -> cases.add(new Case("symmetric " + c.name(), c.a())));
        Matrix dense = Matrices.gaussian(48, 48, 21);
        cases.add(new Case("random 48", dense));
        cases.add(new Case("random 131", Matrices.gaussian(131, 131, 22)));
        cases.add(new Case("1e150", dense.scaled(1e150)));
        cases.add(new Case("1e-150", dense.scaled(1e-150)));
        cases.add(new Case("upper triangle", triangle(dense)));
        cases.add(new Case("lower triangle", triangle(dense).transpose()));
        cases.add(new Case("cyclic permutation", cyclic(60)));
        cases.add(new Case("companion of x^20 − 1", companion(20)));
        cases.add(new Case("badly scaled", badlyScaled(40)));
        cases.add(new Case("Jordan blocks", jordanBlocks()));
        cases.add(new Case("similar to Jordan blocks", similar(jordanBlocks())));
        cases.add(new Case("Grcar", grcar(70)));
        cases.add(new Case("Frank", frank(16)));
        cases.add(new Case("skew", dense.minus(dense.transpose())));
        cases.add(new Case("orthogonal", Matrices.orthonormal(50, 50, 23)));
        cases.add(new Case("block of isolated values", isolated()));
        return cases;
    }

    private static Matrix triangle(Matrix a) {
        Matrix t = a.copy();
        for (int i = 0; i < a.rows(); i++) {
            Arrays.fill(t.data(), i * a.columns(), i * a.columns() + i, 0);
        }
        return t;
    }

    private static Matrix cyclic(int n) {
        Matrix a = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            a.data()[i * n + (i + 1) % n] = 1;
        }
        return a;
    }

    private static Matrix companion(int n) {
        return cyclic(n).transpose();
    }

    private static Matrix badlyScaled(int n) {
        Matrix a = Matrices.gaussian(n, n, 24);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a.data()[i * n + j] *= Math.scalb(1.0, 3 * (i % 10) - 3 * (j % 10));
            }
        }
        return a;
    }

    private static Matrix jordanBlocks() {
        Matrix a = Cases.jordan(24, 2);
        for (int i = 5; i < 24; i += 6) {
            a.data()[i * 24 + i + (i < 23 ? 1 : 0)] = i < 23 ? 0 : 2;
        }
        return a;
    }

    private static Matrix similar(Matrix a) {
        Matrix q = Matrices.orthonormal(a.rows(), a.rows(), 25);
        return Matrices.multiply(Matrices.multiply(q, a), q.transpose());
    }

    private static Matrix grcar(int n) {
        Matrix a = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = Math.max(0, i - 1); j <= Math.min(n - 1, i + 3); j++) {
                a.data()[i * n + j] = j == i - 1 ? -1 : 1;
            }
        }
        return a;
    }

    private static Matrix frank(int n) {
        Matrix a = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = Math.max(0, i - 1); j < n; j++) {
                a.data()[i * n + j] = n - Math.max(i, j);
            }
        }
        return a;
    }

    /** Permuted so that several rows and columns show their eigenvalue at once. */
    private static Matrix isolated() {
        int n = 30;
        Matrix t = triangle(Matrices.gaussian(n, n, 26));
        Matrix core = Matrices.gaussian(8, 8, 27);
        for (int i = 0; i < 8; i++) {
            System.arraycopy(core.data(), i * 8, t.data(), (11 + i) * n + 11, 8);
        }
        int[] p = IntStream.range(0, n).map(i -> i * 7 % n).toArray();
        Matrix out = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                out.data()[p[i] * n + p[j]] = t.get(i, j);
            }
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPairHasASmallResidual(Case c) {
        Eigen e = Eigen.of(c.a());
        int n = c.a().rows();
        Matrix re = e.vectorsReal();
        Matrix im = e.vectorsImaginary();
        Matrix realSide = re.scaledColumns(e.real()).minus(im.scaledColumns(e.imaginary()));
        Matrix imaginarySide = im.scaledColumns(e.real()).plus(re.scaledColumns(e.imaginary()));
        double scale = Matrices.norm(c.a());
        Matrices.assertClose("Re(AV − VΛ)", realSide, Matrices.multiply(c.a(), re), 10 * n + 10, scale);
        Matrices.assertClose("Im(AV − VΛ)", imaginarySide, Matrices.multiply(c.a(), im), 10 * n + 10, scale);
        for (int k = 0; k < n; k++) {
            double norm = Math.hypot(Matrices.norm(Matrix.column(re.columnAt(k))), Matrices.norm(Matrix.column(im.columnAt(k))));
            assertEquals(1, norm, 20 * n * EPS, "norm of vector " + k);
        }
        requireOrderAndScale(e, n);
    }

    private static void requireOrderAndScale(Eigen e, int n) {
        double previous = Double.POSITIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            double magnitude = Math.hypot(e.real()[k], e.imaginary()[k]);
            assertTrue(magnitude <= previous * (1 + 4 * EPS), "magnitude of value " + k);
            previous = magnitude;
            requirePositiveLargest(k, e.imaginary()[k] == 0 ? 0 : 100 * EPS, e.vectorsReal().columnAt(k), e.vectorsImaginary().columnAt(k));
            if (e.imaginary()[k] > 0) {
                assertEquals(-e.imaginary()[k], e.imaginary()[k + 1]);
                assertEquals(e.real()[k], e.real()[k + 1]);
            }
        }
    }

    /** Of the components that are largest, to the slack, one is real and positive. */
    private static void requirePositiveLargest(int k, double slack, double[] re, double[] im) {
        double most = IntStream.range(0, re.length).mapToDouble(j -> Math.hypot(re[j], im[j])).max().orElseThrow();
        assertTrue(IntStream.range(0, re.length).anyMatch(j -> re[j] >= most * (1 - slack) && Math.abs(im[j]) <= slack), "largest component of vector " + k);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void traceIsKept(Case c) {
        Eigen e = Eigen.of(c.a());
        int n = c.a().rows();
        double scale = Matrices.norm(c.a());
        assertEquals(Arrays.stream(c.a().diagonalValues()).sum(), Arrays.stream(e.real()).sum(), (10 * n + 10) * EPS * scale * Math.sqrt(Math.max(1, n)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void schurFormIsOrthogonallySimilar(Case c) {
        int n = c.a().rows();
        double[] h = Scaled.of(c.a()).matrix().data().clone();
        Matrix before = Matrix.of(n, n, h.clone());
        Hessenberg reduction = Hessenberg.reduce(n, 0, n - 1, h, ONE);
        double[] q = reduction.transposedQ();
        Matrix hessenberg = Matrix.of(n, n, h.clone());
        Matrix z = Matrix.of(n, n, q.clone()).transpose();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i - 1; j++) {
                assertEquals(0, hessenberg.get(i, j), "H is Hessenberg");
            }
        }
        requireSimilar("QHQᵀ = A", before, z, hessenberg);
        RealSchur schur = RealSchur.of("test", n, 0, n - 1, h, q, ONE);
        Matrix t = Matrix.of(n, n, h);
        requireSimilar("ZTZᵀ = A", before, Matrix.of(n, n, q).transpose(), t);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                boolean pair = j == i - 1 && schur.imaginary[j] > 0;
                assertTrue(pair || t.get(i, j) == 0, "T is quasi-triangular");
                if (pair) {
                    assertEquals(t.get(j, j), t.get(i, i), "standard form");
                    assertTrue(t.get(i, j) * t.get(j, i) < 0, "standard form");
                }
            }
        }
    }

    private static void requireSimilar(String what, Matrix a, Matrix z, Matrix t) {
        int n = a.rows();
        Matrices.assertOrthonormalColumns(what, z, 20 * n + 10);
        Matrices.assertClose(what, a, Matrices.multiply(Matrices.multiply(z, t), z.transpose()), 30 * n + 10, Matrices.norm(a));
    }

    @Property(tries = 60)
    void valuesAgreeWithCommonsMath(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int n) {
        Matrix a = Matrices.gaussian(n, n, seed);
        EigenDecomposition theirs = new EigenDecomposition(new Array2DRowRealMatrix(SymmetricEigenContract.rows(a)));
        Eigen e = Eigen.of(a);
        // Each value of theirs has one of ours within its own condition number, which the angle of left and right vectors bounds; 1e-9 covers n = 25.
        List<Integer> free = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        for (int i = 0; i < n; i++) {
            int at = i;
            int best = free.stream().min((p, q) -> Double.compare(distance(e, p, theirs, at), distance(e, q, theirs, at))).orElseThrow();
            assertEquals(0, distance(e, best, theirs, at), 1e-8 * Matrices.norm(a));
            free.remove((Integer) best);
        }
    }

    private static double distance(Eigen e, int k, EigenDecomposition theirs, int i) {
        return Math.hypot(e.real()[k] - theirs.getRealEigenvalue(i), e.imaginary()[k] - theirs.getImagEigenvalue(i));
    }

    @Property(tries = 40)
    void plantedPairsAreFound(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int pairs) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = 2 * pairs;
        Matrix t = Matrix.zeros(n, n);
        double[] magnitude = new double[pairs];
        for (int p = 0; p < pairs; p++) {
            double angle = 0.1 + 2.9 * random.nextDouble();
            magnitude[p] = pairs - p;
            double re = magnitude[p] * Math.cos(angle);
            double im = magnitude[p] * Math.sin(angle);
            int i = 2 * p;
            t.data()[i * n + i] = re;
            t.data()[i * n + i + 1] = im;
            t.data()[(i + 1) * n + i] = -im;
            t.data()[(i + 1) * n + i + 1] = re;
        }
        Matrix q = Matrices.orthonormal(n, n, seed);
        Eigen e = Eigen.of(Matrices.multiply(Matrices.multiply(q, t), q.transpose()));
        for (int p = 0; p < pairs; p++) {
            assertEquals(t.get(2 * p, 2 * p), e.real()[2 * p], 1e-12 * n);
            assertEquals(t.get(2 * p, 2 * p + 1), e.imaginary()[2 * p], 1e-12 * n);
        }
    }

    @Test
    void symmetricMatricesAgreeWithTheirOwnSolver() {
        for (SymmetricEigenContract.Case c : SymmetricEigenContract.cases()) {
            double[] expected = SymmetricEigen.of(c.a()).values();
            double[] actual = Eigen.of(c.a()).real();
            Arrays.sort(expected);
            Arrays.sort(actual);
            assertArrayEquals(expected, actual, (10 * c.a().rows() + 10) * EPS * Matrices.norm(c.a()), c.name());
        }
    }

    @Test
    void valuesAloneAgree() {
        for (Case c : cases()) {
            if (!c.name().matches("random.*|1e.*|symmetric.*|orthogonal|skew")) {
                continue; // values of the others move by more than rounding when the path of the iteration does
            }
            Eigen e = Eigen.of(c.a());
            Matrix values = Eigen.values(c.a(), ONE);
            double allowed = 1e-11 * Matrices.norm(c.a());
            double[] sorted = e.real();
            double[] alone = values.row(0);
            Arrays.sort(sorted);
            Arrays.sort(alone);
            assertArrayEquals(sorted, alone, allowed, c.name());
        }
    }

    @Test
    void knownValues() {
        Eigen rotation = Eigen.of(Matrix.of(2, 2, 0, -1, 1, 0));
        assertArrayEquals(new double[] {0, 0}, rotation.real());
        assertArrayEquals(new double[] {1, -1}, rotation.imaginary());
        Eigen three = Eigen.of(Matrix.of(3, 3, 1, 2, 0, 0, 3, 4, 0, 0, -5));
        assertArrayEquals(new double[] {-5, 3, 1}, three.real());
        Eigen permutation = Eigen.of(cyclic(60));
        for (int k = 0; k < 60; k++) {
            assertEquals(1, Math.hypot(permutation.real()[k], permutation.imaginary()[k]), 1e-13);
        }
    }

    @Test
    void threadsNeverChangeABit() {
        Matrix a = Matrices.gaussian(310, 310, 3);
        Eigen one = Eigen.of(a);
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                Eigen many = Eigen.of(a, workers);
                Matrices.assertBits("real", one.real(), many.real());
                Matrices.assertBits("imaginary", one.imaginary(), many.imaginary());
                Matrices.assertBits("vectors", one.vectorsReal(), many.vectorsReal());
                Matrices.assertBits("vectors", one.vectorsImaginary(), many.vectorsImaginary());
            }
        }
    }

    @Test
    void badInputIsNamed() {
        assertTrue(assertThrows(ShapeException.class, () -> Eigen.of(Matrix.zeros(2, 3))).getMessage().startsWith("eigen: matrix [2, 3] is not square"));
        Matrix nan = Matrix.of(1, 1, Double.NaN);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Eigen.of(nan)).getMessage().startsWith("eigen: entry (0, 0)"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Eigen.values(nan, ONE)).getMessage().startsWith("eigen: entry (0, 0)"));
        double[] endless = {Double.NaN, 1, 1, 1, 1, 1, 1, 1, 1};
        assertTrue(assertThrows(NoConvergenceException.class, () -> RealSchur.of("eigen", 3, 0, 2, endless, null, ONE)).getMessage()
                .startsWith("eigen: QR iteration did not settle rows 0 to 2"));
    }
}
