package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.scalar.ScalarBackend;
import gradus.linalg.LinearOperator;
import gradus.numerics.RandomStream;
import gradus.optim.Adagrad;
import gradus.optim.Adam;
import gradus.optim.AdamW;
import gradus.optim.AmsGrad;
import gradus.optim.Change;
import gradus.optim.Group;
import gradus.optim.Lion;
import gradus.optim.Momentum;
import gradus.optim.Nesterov;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.optim.RmsProp;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.optim.SideStep;
import gradus.optim.State;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The edges of stability: rules are let go on ½λw², a little below and a little above. */
class EdgeTest {
    private static final Backend BACKEND = new ScalarBackend();
    /** So many steps were taken that running means have forgotten their start. */
    private static final long LONG_AGO = 1_000_000_000;

    /** How far a rule that starts at w = 1e-6 is after 3,000 steps, when its running mean of squares was {@code nu} and hardly moves. */
    private static <S extends State> double end(Rule<S> rule, double nu, double lambda) {
        Tensor start = Tensor.of(new double[1], 1);
        Tensor square = Tensor.of(new double[] {nu}, 1);
        S state = rule.restore(LONG_AGO, Map.of(), Map.of("velocity", start, "mu", start, "nu", square, "nuMax", square, "sum", square));
        double w = 1e-6;
        for (int i = 0; i < 3000 && Math.abs(w) < 1e-4; i++) {
            Change<S> change = rule.apply(BACKEND, state, Tensor.of(new double[] {lambda * w}, 1), Tensor.of(new double[] {w}, 1));
            state = change.state();
            w += change.update().item();
        }
        return Math.abs(w);
    }

    @Test
    void rulesDivergeBeyondTheirEdgeAndNotBefore() {
        double beta2 = 1 - 1e-7;
        double nu = 0.25;
        List<Rule<?>> rules = List.of(new Sgd(0.1), Momentum.torch(0.1, 0.9), Momentum.keras(0.1, 0.5), new Momentum(0.1, 0.9, 0.25, gradus.optim.Dialect.TORCH),
                Nesterov.torch(0.1, 0.9), Nesterov.keras(0.1, 0.5), Adam.torch(0.1).with("beta2", beta2), Adam.keras(0.1).with("beta2", beta2),
                AmsGrad.torch(0.1).with("beta2", beta2), new AdamW(Adam.torch(0.1).withSettings(Map.of("learningRate", 0.1, "beta1", 0.5, "beta2", beta2, "epsilon", 1e-8)), 0),
                RmsProp.torch(0.1).with("decay", beta2), RmsProp.keras(0.1).withMomentum(0.9).with("decay", beta2), Adagrad.torch(0.1));
        for (Rule<?> rule : rules) {
            Edge edge = Edge.of(rule, LONG_AGO).orElseThrow();
            double p = edge.divided() == 0 ? 1 : edge.divided() * Math.sqrt(nu);
            assertTrue(end(rule, nu, 0.99 * edge.threshold() * p) < 1e-6, rule + " below its edge " + edge);
            assertTrue(end(rule, nu, 1.01 * edge.threshold() * p) > 5e-5, rule + " above its edge " + edge);
        }
        assertEquals(38 / 0.1, Edge.of(Adam.torch(0.1), 7).orElseThrow().threshold(), 1e-9);
        assertTrue(Edge.of(Lion.keras(0.1), 7).isEmpty());
    }

    /** Two groups on a diagonal Hessian: what Lanczos finds is hᵢ/Pᵢ by hand, brought to the first group's edge. */
    @Test
    void theEigenvaluesAreThoseOfThePreconditionedHessian() {
        Parameter a = new Parameter("a", Tensor.of(new double[] {1, 2, 3}, 3));
        Parameter b = new Parameter("b", Tensor.of(new double[] {4, 5}, 2));
        Tensor ga = Tensor.of(new double[] {0.5, -2, 4}, 3);
        Tensor gb = Tensor.of(new double[] {1, -0.25}, 2);
        Optimizer optimizer = new Optimizer(BACKEND, List.of(new Group(List.of(a), Adam.torch(0.01)), new Group(List.of(b), Adam.keras(0.02))));
        SideStep side = new SideStep(BACKEND);
        List<SideStep.Taken<?>> steps = List.of(side.take(Adam.torch(0.01), optimizer.state(a), ga, a.tensor()), side.take(Adam.keras(0.02), optimizer.state(b), gb, b.tensor()));
        Preconditioner by = Preconditioner.of(BACKEND, optimizer, steps);
        double[] h = {7, 1, 30, 2, 0.5};
        // At the first step ν̂ = g² and P = (1 − β₁)·(|g| + ε). Keras adds ε to √ν, which is √(1 − β₂) times smaller. The second group has half the first's edge.
        double[] wanted = {7 / (0.1 * 0.5), 1 / (0.1 * 2), 30 / (0.1 * 4), 2 * 2 / (0.1 * 1), 2 * 0.5 / (0.1 * 0.25)};
        LinearOperator hessian = LinearOperator.symmetric(5, x -> {
            double[] y = x.clone();
            for (int i = 0; i < 5; i++) {
                y[i] *= h[i];
            }
            return y;
        });
        double[] one = {1, 1, 1, 1, 1};
        Curvature found = Curvature.of(hessian, one, one, by, 3, new RandomStream(1, "edge"));
        assertEquals(38 / 0.01, found.edge(), 1e-9);
        assertArrayEquals(new double[] {wanted[0], wanted[2], wanted[3]}, found.preconditioned(), 0.01);
        assertArrayEquals(new double[] {30, 7, 2}, found.eigenvalues(), 0.01);
    }
}
