package gradus.lens;

import gradus.backend.Backend;
import gradus.linalg.LinearOperator;
import gradus.optim.Group;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.optim.SideStep;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the rules of an optimizer make of the Hessian at one step.
 *
 * @param scale P^(−½) of every element in the optimizer's order; null where P is 1 or not known
 * @param edge  where the largest eigenvalue of P⁻¹H makes the rule diverge; NaN where a rule's edge is not known
 */
record Preconditioner(double[] scale, double edge) {
    /** None that is known. */
    static final Preconditioner UNKNOWN = new Preconditioner(null, Double.NaN);

    /**
     * From the steps that the rules are about to take. Groups with edges of their own are brought to the first one's by their P.
     *
     * @param steps of the parameters in the optimizer's order
     */
    static Preconditioner of(Backend backend, Optimizer optimizer, List<SideStep.Taken<?>> steps) {
        double[] scale = new double[optimizer.parameters().stream().mapToInt(Parameter::size).sum()];
        double edge = Double.NaN;
        boolean plain = true;
        int at = 0;
        int next = 0;
        for (Group group : optimizer.groups()) {
            for (Parameter p : group.parameters()) {
                SideStep.Taken<?> taken = steps.get(next++);
                Optional<Edge> known = Edge.of(group.rule().withLearningRate(optimizer.learningRate(group)), taken.change().state().count());
                if (known.isEmpty() || known.get().divided() > 0 && !taken.noted().containsKey("denominator")) {
                    return UNKNOWN;
                }
                edge = Double.isNaN(edge) ? known.get().threshold() : edge;
                double share = edge / known.get().threshold();
                double[] denominator = known.get().divided() > 0 ? backend.download(taken.noted().get("denominator")).toDoubles() : null;
                for (int i = 0; i < p.size(); i++) {
                    scale[at++] = Math.sqrt(share / (denominator == null ? 1 : known.get().divided() * denominator[i]));
                }
                plain &= denominator == null && share == 1;
            }
        }
        return new Preconditioner(plain ? null : scale, edge);
    }

    /** P^(−½)·A·P^(−½). */
    LinearOperator applied(LinearOperator a) {
        return LinearOperator.symmetric(a.rows(), x -> scaled(a.times(scaled(x))));
    }

    private double[] scaled(double[] x) {
        double[] out = new double[x.length];
        Arrays.setAll(out, i -> scale[i] * x[i]);
        return out;
    }
}
