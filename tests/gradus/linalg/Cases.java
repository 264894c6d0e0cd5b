package gradus.linalg;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Matrices of every awkward kind, shared by the contracts. */
final class Cases {
    private Cases() {
    }

    record Case(String name, Matrix a) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Rectangular ones, for factorizations of any shape. */
    static List<Case> rectangular() {
        Matrix dense = Matrices.gaussian(50, 40, 1);
        return List.of(
                new Case("0 × 0", Matrix.zeros(0, 0)),
                new Case("0 × 5", Matrix.zeros(0, 5)),
                new Case("5 × 0", Matrix.zeros(5, 0)),
                new Case("1 × 1", Matrix.of(1, 1, -2.5)),
                new Case("1 × 1 zero", Matrix.of(1, 1, 0)),
                new Case("1 × 7", Matrices.gaussian(1, 7, 2)),
                new Case("7 × 1", Matrices.gaussian(7, 1, 3)),
                new Case("random 50 × 40", dense),
                new Case("random 40 × 50", dense.transpose()),
                new Case("random 70 × 70", Matrices.gaussian(70, 70, 4)),
                new Case("tall 300 × 12", Matrices.gaussian(300, 12, 5)),
                new Case("wide 12 × 300", Matrices.gaussian(12, 300, 6)),
                new Case("random 130 × 97", Matrices.gaussian(130, 97, 7)),
                new Case("zero 20 × 15", Matrix.zeros(20, 15)),
                new Case("identity", Matrix.identity(45)),
                new Case("ones 30 × 40", Matrix.of(30, 40, ones(1200))),
                new Case("graded σ", Matrices.withSingularValues(60, 48, k -> Math.pow(10, -k / 3.0), 8)),
                new Case("graded columns", dense.scaledColumns(powers(40, -0.5))),
                new Case("graded rows", dense.transpose().scaledColumns(powers(50, -0.4)).transpose()),
                new Case("clustered σ", Matrices.withSingularValues(64, 64, k -> k < 32 ? 1 + k * 1e-15 : 1e-8, 9)),
                new Case("equal σ", Matrices.withSingularValues(55, 40, k -> 3, 10)),
                new Case("rank 7 of 60 × 50", Matrices.withSingularValues(60, 50, k -> k < 7 ? k + 1 : 0, 11)),
                new Case("zero columns", dense.scaledColumns(everyThird(40))),
                new Case("equal rows", Matrices.multiply(Matrix.of(30, 1, ones(30)), Matrices.gaussian(1, 20, 12))),
                new Case("Jordan block", jordan(40, 1)),
                new Case("nilpotent", jordan(40, 0)),
                new Case("bidiagonal, graded", gradedBidiagonal(40)),
                new Case("Kahan", kahan(60, 1.2)),
                new Case("Hilbert", hilbert(30)),
                new Case("scaled by 1e150", dense.scaled(1e150)),
                new Case("scaled by 1e-150", dense.scaled(1e-150)),
                new Case("scaled by 1e-307", dense.scaled(1e-307)),
                new Case("scaled by 1e307", dense.scaled(1e307)),
                new Case("square, scaled by 1e150", Matrices.gaussian(45, 45, 13).scaled(1e150)),
                new Case("square, scaled by 1e-150", Matrices.gaussian(45, 45, 13).scaled(1e-150)),
                new Case("tall, scaled by 1e150", Matrices.gaussian(160, 9, 14).scaled(1e150)),
                new Case("wide, scaled by 1e-150", Matrices.gaussian(9, 160, 14).scaled(1e-150)));
    }

    /** Matrices that jqwik draws, with zeros, equal entries and steps of five magnitudes among them; it shrinks one that fails. */
    static Arbitrary<Matrix> drawn(Arbitrary<Integer> rows, Arbitrary<Integer> columns) {
        return Combinators.combine(rows, columns).flatAs((m, n) -> Arbitraries.doubles().between(-1000, 1000)
                .array(double[].class).ofSize(m * n).map(x -> Matrix.of(m, n, x)));
    }

    /** As {@link #drawn}, square. */
    static Arbitrary<Matrix> drawnSquare(int most) {
        return Arbitraries.integers().between(1, most).flatMap(n -> drawn(Arbitraries.just(n), Arbitraries.just(n)));
    }

    static double[] ones(int n) {
        double[] x = new double[n];
        java.util.Arrays.fill(x, 1);
        return x;
    }

    private static double[] powers(int n, double step) {
        double[] x = new double[n];
        java.util.Arrays.setAll(x, i -> Math.pow(10, step * i));
        return x;
    }

    private static double[] everyThird(int n) {
        double[] x = new double[n];
        java.util.Arrays.setAll(x, i -> i % 3 == 0 ? 0 : 1);
        return x;
    }

    static Matrix jordan(int n, double lambda) {
        Matrix a = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            a.data()[i * n + i] = lambda;
            if (i + 1 < n) {
                a.data()[i * n + i + 1] = 1;
            }
        }
        return a;
    }

    private static Matrix gradedBidiagonal(int n) {
        Matrix a = jordan(n, 0);
        for (int i = 0; i < n; i++) {
            a.data()[i * n + i] = Math.pow(10, -i / 2.0);
            if (i + 1 < n) {
                a.data()[i * n + i + 1] = Math.pow(10, -i / 2.0);
            }
        }
        return a;
    }

    /** Kahan's matrix: nearly rank-deficient, which its triangle does not show. */
    private static Matrix kahan(int n, double theta) {
        Matrix a = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            double scale = Math.pow(Math.sin(theta), i);
            a.data()[i * n + i] = scale;
            for (int j = i + 1; j < n; j++) {
                a.data()[i * n + j] = -Math.cos(theta) * scale;
            }
        }
        return a;
    }

    static Matrix hilbert(int n) {
        Matrix a = Matrix.zeros(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a.data()[i * n + j] = 1.0 / (i + j + 1);
            }
        }
        return a;
    }
}
