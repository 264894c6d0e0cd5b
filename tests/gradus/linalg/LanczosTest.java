package gradus.linalg;

import static gradus.linalg.Matrices.EPS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.linalg.Lanczos.End;
import gradus.linalg.Lanczos.Limits;
import gradus.numerics.RandomStream;
import gradus.tensor.ShapeException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Asked for all values, Lanczos is a whole decomposition and owes what every one does. */
class LanczosTest extends SymmetricEigenContract {
    private static final Workers ONE = new Workers(1);

    @Override
    Result decompose(Matrix a) {
        if (a.rows() == 0) {
            return new Result(new double[0], a);
        }
        Lanczos l = Lanczos.of(LinearOperator.of(a, ONE), a.rows(), End.LARGEST, random());
        return new Result(l.values(), l.components().transpose());
    }

    private static RandomStream random() {
        return new RandomStream(3, "test");
    }

    @Test
    void eachEndIsFound() {
        Matrix a = Matrices.symmetric(140, i -> Math.sin(1.0 + i) * (1 + i / 20.0), 4);
        double[] all = SymmetricEigen.values(a);
        double[] byMagnitude = Arrays.stream(all).boxed().sorted((x, y) -> Double.compare(Math.abs(y), Math.abs(x))).mapToDouble(x -> x).toArray();
        double[] ascending = all.clone();
        Arrays.sort(ascending);
        double most = Math.max(all[0], -all[139]);
        for (End end : End.values()) {
            double[] expected = switch (end) {
                case LARGEST -> all;
                case SMALLEST -> ascending;
                case MAGNITUDE -> byMagnitude;
            };
            Lanczos l = Lanczos.of(LinearOperator.of(a, ONE), 5, end, random());
            assertArrayEquals(Arrays.copyOf(expected, 5), l.values(), 1e-12 * most, end.name());
            Matrix v = l.components().transpose();
            Matrices.assertOrthonormalColumns(end.name(), v, 100);
            Matrices.assertCanonicalSigns(end.name(), v);
            Matrices.assertClose(end.name(), v.scaledColumns(l.values()), Matrices.multiply(a, v), 1e-12 / EPS, most);
            assertTrue(Arrays.stream(l.residuals()).allMatch(r -> r <= Limits.USUAL.tolerance() * most));
        }
    }

    @Test
    void operatorIsAllThatIsAsked() {
        int n = 3000;
        // The second difference: eigenvalues 2 − 2cos(kπ/(n + 1)).
        LinearOperator operator = LinearOperator.symmetric(n, x -> {
            double[] y = new double[n];
            for (int i = 0; i < n; i++) {
                y[i] = 2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i < n - 1 ? x[i + 1] : 0);
            }
            return y;
        });
        // Gaps are a millionth of the spread here: a loose tolerance settles the values to its square.
        Lanczos l = Lanczos.of(operator, 1, End.LARGEST, new Limits(1e-6, 120, 300), random());
        assertEquals(2 - 2 * Math.cos(n * Math.PI / (n + 1)), l.values()[0], 1e-6);
        assertTrue(l.products() < n);
    }

    @Test
    void quadratureIsExactForPolynomials() {
        Matrix a = Matrices.symmetric(60, i -> Math.cos(i), 5);
        double[] v = Matrices.gaussian(1, 60, 6).row(0);
        Matrix rule = Lanczos.quadrature(LinearOperator.of(a, ONE), v, 6);
        assertEquals("[2, 6]", rule.shape());
        double[] power = v;
        double norm = Matrices.dot(v, v);
        for (int degree = 0; degree < 12; degree++) {
            double expected = Matrices.dot(v, power) / norm;
            double actual = 0;
            for (int i = 0; i < 6; i++) {
                actual += rule.get(1, i) * Math.pow(rule.get(0, i), degree);
            }
            assertEquals(expected, actual, 1e-13, "degree " + degree);
            power = Matrices.multiply(a, Matrix.column(power)).data();
        }
        for (int i = 1; i < 6; i++) {
            assertTrue(rule.get(0, i - 1) < rule.get(0, i));
        }
        // A vector of two eigenvectors sees two eigenvalues and no more.
        Matrix diagonal = Matrix.diagonal(1, 2, 3, 4);
        Matrix two = Lanczos.quadrature(LinearOperator.of(diagonal, ONE), new double[] {1, 0, Math.sqrt(3), 0}, 4);
        assertEquals("[2, 2]", two.shape());
        assertArrayEquals(new double[] {1, 3, 0.25, 0.75}, two.data(), 1e-14);
    }

    @Test
    void oneSeedOneResult() {
        Matrix a = Matrices.symmetric(90, i -> i, 7);
        Lanczos one = Lanczos.of(LinearOperator.of(a, ONE), 3, End.LARGEST, random());
        try (Workers three = new Workers(3)) {
            Lanczos other = Lanczos.of(LinearOperator.of(a, three), 3, End.LARGEST, random());
            Matrices.assertBits("values", one.values(), other.values());
            Matrices.assertBits("components", one.components(), other.components());
            assertEquals(one.products(), other.products());
        }
    }

    @Test
    void badInputIsNamed() {
        LinearOperator operator = LinearOperator.of(Matrix.identity(5), ONE);
        assertMessage("lanczos: operator [2, 3] is not square", ShapeException.class,
                () -> Lanczos.of(LinearOperator.of(Matrix.zeros(2, 3), ONE), 1, End.LARGEST, random()));
        assertMessage("lanczos: 6 eigenvalues asked for; an operator of 5 rows has 1 to 5", IllegalArgumentException.class,
                () -> Lanczos.of(operator, 6, End.LARGEST, random()));
        assertMessage("lanczos: the operator's product has the norm NaN", IllegalArgumentException.class,
                () -> Lanczos.of(LinearOperator.symmetric(5, x -> new double[] {1, 2, Double.NaN, 4, 5}), 1, End.LARGEST, random()));
        assertMessage("operator: a product of 4 entries came from a vector of 5", ShapeException.class,
                () -> Lanczos.of(LinearOperator.symmetric(5, x -> new double[4]), 1, End.LARGEST, random()));
        assertMessage("lanczos: quadrature", IllegalArgumentException.class, () -> Lanczos.quadrature(operator, new double[5], 2));
        Matrix flat = Matrices.symmetric(200, i -> 1 + 1e-5 * i, 2);
        assertMessage("lanczos: 4 eigenvalues of an operator of 200 rows did not settle to 0.0 within 1 restarts", NoConvergenceException.class,
                () -> Lanczos.of(LinearOperator.of(flat, ONE), 4, End.SMALLEST, new Limits(0, 6, 1), random()));
    }

    private static void assertMessage(String begin, Class<? extends Exception> type, Runnable r) {
        Exception e = assertThrows(type, r::run);
        assertTrue(e.getMessage().startsWith(begin), e.getMessage());
    }
}
