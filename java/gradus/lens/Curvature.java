package gradus.lens;

import gradus.grad.Gradients;
import gradus.linalg.Lanczos;
import gradus.linalg.LinearOperator;
import gradus.linalg.Matrix;
import gradus.linalg.NoConvergenceException;
import gradus.linalg.Qr;
import gradus.numerics.RandomStream;
import gradus.numerics.Sums;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.runner.Step;
import java.util.Arrays;
import java.util.List;

/**
 * Second derivatives of a batch's loss, from Hessian-vector products alone: each is the gradient of gradient · vector, in the parameters' type.
 *
 * @param eigenvalues   the largest of the Hessian, descending (Lanczos, to {@value #TOLERANCE} of the largest); NaN where it did not converge
 * @param preconditioned the largest of P^(−½)·H·P^(−½), which are those of P⁻¹H; the Hessian's where the rule has no P or none that is known
 * @param edge          what the largest of them is held against ({@link Edge}); NaN where it is not known
 * @param trace         its trace by Hutch++ (Meyer et al. 2021)
 * @param alongGradient gᵀHg / ‖g‖²
 * @param alongUpdate   ΔwᵀHΔw / ‖Δw‖²
 * @param secondOrder   gᵀΔw + ½·ΔwᵀHΔw: the change of the loss to second order
 * @param products      Hessian-vector products that it took
 */
public record Curvature(double[] eigenvalues, double[] preconditioned, double edge, double trace, double alongGradient, double alongUpdate, double secondOrder, int products) {
    private static final double TOLERANCE = 1e-4;
    private static final Lanczos.Limits LIMITS = new Lanczos.Limits(TOLERANCE, 0, 8);
    /** Products for the trace: a third each for the sketch, its projection and the rest. */
    private static final int TRACE_PRODUCTS = 30;

    /** The Hessian of a step's loss at the present weights. */
    static LinearOperator hessian(Step step) {
        List<Parameter> parameters = step.optimizer().parameters();
        int n = parameters.stream().mapToInt(Parameter::size).sum();
        return LinearOperator.symmetric(n, x -> step.evaluate(step.batch(), loss -> {
            List<Value> leaves = parameters.stream().map(p -> loss.tape().variable(p.tensor())).toList();
            return FlatVector.of(step.backend(), Gradients.hessianVector(loss, leaves, FlatVector.constants(loss.tape(), x, parameters)));
        }));
    }

    /** At the weights before a step, with the update that it is about to make. */
    static Curvature of(LinearOperator hessian, double[] gradient, double[] update, Preconditioner by, int count, RandomStream random) {
        int k = Math.min(count, hessian.rows());
        int[] products = {0};
        LinearOperator counted = LinearOperator.symmetric(hessian.rows(), x -> {
            products[0]++;
            return hessian.times(x);
        });
        double[] eigenvalues = largest(counted, k, random.child("lanczos"));
        double[] preconditioned = by.scale() == null ? eigenvalues : largest(by.applied(counted), k, random.child("preconditioned"));
        double alongGradient = quadratic(counted, gradient);
        double alongUpdate = quadratic(counted, update);
        double second = dot(gradient, update) + 0.5 * alongUpdate;
        return new Curvature(eigenvalues, preconditioned, by.edge(), trace(counted, TRACE_PRODUCTS, random.child("trace")), alongGradient / dot(gradient, gradient),
                alongUpdate / dot(update, update), second, products[0]);
    }

    private static double[] largest(LinearOperator a, int k, RandomStream random) {
        try {
            return Lanczos.of(a, k, Lanczos.End.LARGEST, LIMITS, random).values();
        } catch (NoConvergenceException e) {
            double[] none = new double[k];
            Arrays.fill(none, Double.NaN);
            return none;
        }
    }

    /**
     * tr A by Hutch++: exactly on the range that A·S spans for a random S, and by random signs on the rest.
     *
     * @param products how many products with A to spend
     */
    public static double trace(LinearOperator a, int products, RandomStream random) {
        int n = a.rows();
        int third = Math.max(1, Math.min(n, products / 3));
        Matrix q = Qr.of(a.times(signs(n, third, random))).q();
        Matrix aq = a.times(q);
        double total = dot(q.data(), aq.data());
        if (third == n) {
            return total;
        }
        double rest = 0;
        for (int j = 0; j < third; j++) {
            double[] g = without(q, signs(n, 1, random).data());
            rest += dot(g, a.times(g));
        }
        return total + rest / third;
    }

    /** (I − QQᵀ)·x. */
    private static double[] without(Matrix q, double[] x) {
        double[] out = x.clone();
        for (int j = 0; j < q.columns(); j++) {
            double[] column = q.columnAt(j);
            double part = dot(column, x);
            for (int i = 0; i < out.length; i++) {
                out[i] = Math.fma(-part, column[i], out[i]);
            }
        }
        return out;
    }

    private static Matrix signs(int rows, int columns, RandomStream random) {
        double[] data = new double[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.bernoulli(0.5) ? 1 : -1;
        }
        return Matrix.of(rows, columns, data);
    }

    private static double quadratic(LinearOperator a, double[] x) {
        return dot(x, a.times(x));
    }

    private static double dot(double[] x, double[] y) {
        return Sums.dot(x, 0, 1, y, 0, 1, x.length);
    }
}
