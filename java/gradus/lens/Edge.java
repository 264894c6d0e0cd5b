package gradus.lens;

import gradus.optim.Adadelta;
import gradus.optim.Adagrad;
import gradus.optim.Adam;
import gradus.optim.AdamW;
import gradus.optim.AmsGrad;
import gradus.optim.Chain;
import gradus.optim.Dialect;
import gradus.optim.Lion;
import gradus.optim.Momentum;
import gradus.optim.NAdam;
import gradus.optim.Nesterov;
import gradus.optim.RAdam;
import gradus.optim.RmsProp;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.optim.UserRule;
import java.util.Optional;

/**
 * Where a rule begins to diverge on a quadratic: with the preconditioner P held fixed, when the largest eigenvalue of P⁻¹H passes a threshold
 * (Cohen et al. 2021 for plain descent, momentum and Nesterov; Cohen et al. 2022, "Adaptive gradient methods at the edge of stability", for the others).
 *
 * <pre>
 *   Δw = −η·P⁻¹g                                    2/η
 *   v ← β·v + P⁻¹g,           Δw = −η·v             (2 + 2β)/η
 *   v ← β·v + (1 − β)·g,      Δw = −η·P⁻¹v          (2 + 2β)/((1 − β)·η), 38/η for β = 0.9
 *   Nesterov                                        (2 + 2β)/((1 + 2β)·η)
 * </pre>
 *
 * @param threshold what the eigenvalue is held against
 * @param divided   what the rule's denominator is multiplied by to give P; 0 where P is 1
 */
record Edge(double threshold, double divided) {
    /** Of a rule at its step number {@code t}, from 1; empty for rules without a known edge. Weight decay is left out. */
    static Optional<Edge> of(Rule<?> rule, long t) {
        double eta = rule.learningRate();
        return switch (rule) {
            case Sgd r -> Optional.of(new Edge(2 / eta, 0));
            case Momentum r -> Optional.of(new Edge(heavyBall(r.momentum()) / ((1 - r.dampening()) * eta), 0));
            case Nesterov r -> Optional.of(new Edge(heavyBall(r.momentum()) / ((1 + 2 * r.momentum()) * eta), 0));
            case RmsProp r -> Optional.of(new Edge(heavyBall(r.momentum()) / eta, 1));
            case Adagrad r -> Optional.of(new Edge(2 / eta, 1 + (t - 1) * r.rateDecay()));
            case Adam r -> Optional.of(adam(r, t));
            case AdamW r -> Optional.of(adam(r.adam(), t));
            case AmsGrad r -> Optional.of(adam(r.adam(), t));
            case Chain<?> r -> of(r.rule(), t);
            case Adadelta r -> Optional.empty();
            case NAdam r -> Optional.empty();
            case RAdam r -> Optional.empty();
            case Lion r -> Optional.empty();
            case UserRule<?> r -> Optional.empty();
        };
    }

    private static double heavyBall(double beta) {
        return 2 + 2 * beta;
    }

    /** P = (1 − β₁ᵗ)·(√ν̂ + ε); Keras' denominator lacks ν's correction. */
    private static Edge adam(Adam r, long t) {
        double first = 1 - StrictMath.pow(r.beta1(), t);
        double second = r.dialect() == Dialect.KERAS ? Math.sqrt(1 - StrictMath.pow(r.beta2(), t)) : 1;
        return new Edge(heavyBall(r.beta1()) / ((1 - r.beta1()) * r.learningRate()), first / second);
    }
}
