package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest extends SymmetricEigenContract {
    @Override
    Result decompose(Matrix a) {
        SymmetricEigen e = SymmetricEigen.of(a);
        return new Result(e.values(), e.vectors());
    }

    @Test
    void threadsNeverChangeABit() {
        Matrix g = Matrices.gaussian(230, 230, 5);
        Matrix a = g.plus(g.transpose());
        SymmetricEigen one = SymmetricEigen.of(a);
        for (int threads = 2; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads)) {
                SymmetricEigen many = SymmetricEigen.of(a, workers);
                Matrices.assertBits("values", one.values(), many.values());
                Matrices.assertBits("vectors", one.vectors(), many.vectors());
            }
        }
    }

    @Test
    void leadingVectorsAreThoseOfTheWhole() {
        Matrix a = Matrices.symmetric(90, Math::sin, 5);
        SymmetricEigen all = SymmetricEigen.of(a);
        for (int k : new int[] {0, 1, 17, 90}) {
            SymmetricEigen some = SymmetricEigen.leading(a, k, new Workers(1));
            Matrices.assertBits("values", all.values(), some.values());
            Matrices.assertBits("components", all.components().firstRows(k), some.components());
        }
        Exception e = assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.leading(a, 91, new Workers(1)));
        assertEquals("symmetricEigen: 91 eigenvectors asked for; matrix [90, 90] has 0 to 90", e.getMessage());
    }

    @Test
    void valuesAloneAgree() {
        for (Case c : cases()) {
            double allowed = (4 * c.a().rows() + 8) * Matrices.EPS * Matrices.norm(c.a());
            assertArrayEquals(SymmetricEigen.of(c.a()).values(), SymmetricEigen.values(c.a()), allowed, c.name());
        }
    }

    @Test
    void badInputIsNamed() {
        assertMessage("symmetricEigen: matrix [2, 3] is not square", ShapeException.class, Matrix.zeros(2, 3));
        assertMessage("symmetricEigen: entry (1, 0) of [2, 2] is NaN", IllegalArgumentException.class, Matrix.of(2, 2, 1, 0, Double.NaN, 1));
        assertMessage("symmetricEigen: entry (0, 1) of [2, 2] is Infinity", IllegalArgumentException.class,
                Matrix.of(2, 2, 1, Double.POSITIVE_INFINITY, 0, 1));
        assertMessage("symmetricEigen: matrix [2, 2] is not symmetric: entries (1, 0) and (0, 1)", IllegalArgumentException.class,
                Matrix.of(2, 2, 1, 2, 3, 1));
    }

    private static void assertMessage(String begin, Class<? extends Exception> type, Matrix a) {
        Exception e = assertThrows(type, () -> SymmetricEigen.of(a));
        assertTrue(e.getMessage().startsWith(begin), e.getMessage());
        assertEquals(e.getMessage(), assertThrows(type, () -> SymmetricEigen.values(a)).getMessage());
    }

    @Test
    void slightAsymmetryIsAveraged() {
        double a = 1 + 0x1p-40;
        assertArrayEquals(SymmetricEigen.of(Matrix.of(2, 2, 3, 1 + 0x1p-41, 1 + 0x1p-41, 5)).values(),
                SymmetricEigen.of(Matrix.of(2, 2, 3, a, 1, 5)).values());
    }

    @Test
    void inputIsNotChanged() {
        Matrix a = Matrices.symmetric(20, k -> k, 9);
        Matrix before = a.copy();
        SymmetricEigen.of(a);
        Matrices.assertBits("input", before, a);
    }
}
