package gradus.check;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.linalg.Cholesky;
import gradus.linalg.Lu;
import gradus.linalg.Matrix;
import gradus.linalg.SingularMatrixException;
import gradus.linalg.Svd;
import gradus.linalg.SymmetricEigen;
import gradus.numerics.RandomStream;
import gradus.op.CustomOp;
import gradus.op.Value;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Decompositions as differentiable functions: what their textbook derivatives say against differences, and where there is none. */
class LinalgDerivativesTest {
    private final RandomStream random = new RandomStream(11, "matrices");

    /** X = A⁻¹B: ∂B = A⁻ᵀG, ∂A = −∂B·Xᵀ (Giles 2008); differentiable to any order. */
    private static Value solve(Value a, Value b) {
        return CustomOp.apply("solve", (backend, in) -> Lu.of(Matrix.of(in.get(0))).solve(Matrix.of(in.get(1))).toTensor(in.get(0).dtype()),
                (in, x, g) -> List.of(() -> solve(in.get(0).transpose(), g).matmul(x.transpose()).negate(), () -> solve(in.get(0).transpose(), g)), a, b);
    }

    /** log det A of a positive definite A, by Cholesky: ∂A = g·A⁻ᵀ. */
    private static Value logDeterminant(Value a) {
        return CustomOp.apply("log det", (backend, in) -> Tensor.scalar(in.getFirst().dtype(), Cholesky.of(Matrix.of(in.getFirst())).logDeterminant()),
                (in, y, g) -> List.of(() -> {
                    int n = a.shape().dim(0);
                    Value identity = a.tape().constant(Matrix.identity(n).toTensor(a.dtype()));
                    return solve(in.getFirst().transpose(), identity).times(g);
                }), a.plus(a.transpose()).times(0.5));
    }

    /** Eigenvalues of (A + Aᵀ)/2: ∂A = V·diag(g)·Vᵀ where they are distinct. */
    private static Value eigenvalues(Value a) {
        return CustomOp.apply("eigenvalues", (backend, in) -> row(SymmetricEigen.values(Matrix.of(in.getFirst())), in.getFirst()), (in, y, g) -> List.of(() -> {
            Value v = constant(in.getFirst(), SymmetricEigen.of(Matrix.of(in.getFirst().tensor())).vectors());
            return v.times(g).matmul(v.transpose());
        }), a.plus(a.transpose()).times(0.5));
    }

    /** Singular values: ∂A = U·diag(g)·Vᵀ where they are distinct and positive. */
    private static Value singularValues(Value a) {
        return CustomOp.apply("singular values", (backend, in) -> row(Svd.values(Matrix.of(in.getFirst())), in.getFirst()), (in, y, g) -> List.of(() -> {
            Svd svd = Svd.of(Matrix.of(in.getFirst().tensor()));
            return constant(in.getFirst(), svd.u()).times(g).matmul(constant(in.getFirst(), svd.v()).transpose());
        }), a);
    }

    private static Value constant(Value like, Matrix m) {
        return like.tape().constant(m.toTensor(like.dtype()));
    }

    private static Tensor row(double[] values, Tensor like) {
        return Tensor.of(values, values.length).as(like.dtype());
    }

    private static void firstOrder(UnaryOperator<Value> f, Tensor x) {
        CheckReport report = GradCheck.of(f, x).without(Aspect.SECOND_ORDER).report();
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void solveVerifiesInEveryAspect() {
        Tensor a = Domain.POSITIVE_DEFINITE.draw(random, 4, 4);
        CheckReport report = GradCheck.of(LinalgDerivativesTest::solve, a, Domain.REAL.draw(random, 4, 2)).report();
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void theLogarithmOfTheDeterminantVerifiesInEveryAspect() {
        CheckReport report = GradCheck.of(LinalgDerivativesTest::logDeterminant, Domain.POSITIVE_DEFINITE.draw(random, 4, 4)).report();
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void eigenvaluesVerifyWhereTheyAreDistinct() {
        firstOrder(LinalgDerivativesTest::eigenvalues, Tensor.of(new double[] {3, 0.5, 0.25, 0.5, 1, -0.5, 0.25, -0.5, -2}, 3, 3));
    }

    @Test
    void singularValuesVerifyWhereTheyAreDistinctAndPositive() {
        firstOrder(LinalgDerivativesTest::singularValues, Tensor.of(new double[] {3, 0.5, 0.25, 1, 0.5, -0.5, 0.25, -0.5}, 4, 2));
    }

    @Test
    void equalEigenvaluesHaveNoDerivativeButTheirSumHas() {
        Tensor identity = Matrix.identity(3).toTensor();
        CheckReport each = GradCheck.of(LinalgDerivativesTest::eigenvalues, identity).only(Aspect.VJP).report();
        assertTrue(each.count(Aspect.VJP, Verdict.INCONCLUSIVE) > 0, each::toString);
        CheckReport trace = GradCheck.of((Value a) -> eigenvalues(a).sum(), identity).only(Aspect.VJP, Aspect.JVP).report();
        assertTrue(trace.passed(), trace::toString);
    }

    @Test
    void aSingularValueOfZeroIsAKink() {
        CheckReport report = GradCheck.of(LinalgDerivativesTest::singularValues, Tensor.of(new double[] {1, 0, 0, 0}, 2, 2)).only(Aspect.VJP).report();
        assertFalse(report.failed(), report::toString);
        assertTrue(report.count(Aspect.VJP, Verdict.INCONCLUSIVE) > 0, report::toString);
    }

    @Test
    void aSingularMatrixIsRefused() {
        assertThrows(SingularMatrixException.class,
                () -> GradCheck.of(LinalgDerivativesTest::solve, Tensor.of(new double[] {1, 2, 2, 4}, 2, 2), Tensor.of(new double[] {1, 1}, 2, 1)).report());
    }

    @Test
    void aForgottenMinusInSolveIsFound() {
        CheckReport report = GradCheck.of((Value a, Value b) -> CustomOp.apply("wrong solve",
                (backend, in) -> Lu.of(Matrix.of(in.get(0))).solve(Matrix.of(in.get(1))).toTensor(in.get(0).dtype()),
                (in, x, g) -> List.of(() -> solve(in.get(0).transpose(), g).matmul(x.transpose()), () -> solve(in.get(0).transpose(), g)), a, b),
                Domain.POSITIVE_DEFINITE.draw(random, 3, 3), Domain.REAL.draw(random, 3, 1)).only(Aspect.VJP).report();
        assertTrue(report.failed(), report::toString);
    }
}
