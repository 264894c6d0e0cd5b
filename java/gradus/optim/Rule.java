package gradus.optim;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An update rule: how a gradient becomes a change of the weights. A rule is a value and changes nothing; {@link Optimizer} drives it.
 *
 * <p>In the formulas η is the learning rate, g the gradient, w the weights, t the number of the step (the first is 1), and Δw what is added to
 * the weights. Factors that hold no tensor are computed in float64 and rounded once to the tensors' type.
 *
 * @param <S> what the rule remembers between steps
 */
public sealed interface Rule<S extends State>
        permits Sgd, Momentum, Nesterov, RmsProp, Adagrad, Adadelta, Adam, AdamW, AmsGrad, NAdam, RAdam, Lion, Chain, UserRule {
    /** The state before the first step, for weights of this shape and type. */
    S init(Tensor weights);

    /** One step, element by element: the formula of the rule, in the order in which it is computed. Temporaries belong to {@code math}. */
    Change<S> apply(Arithmetic math, S state, Tensor gradient, Tensor weights);

    /**
     * The state with these parts.
     *
     * @throws IllegalArgumentException when a part is missing
     */
    S restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors);

    /** The numbers that the rule is set by, by the names of the record's components; {@code learningRate} is one of them. */
    SequencedMap<String, Double> settings();

    /** The same rule with these numbers; states remain valid. */
    Rule<S> withSettings(Map<String, Double> settings);

    /** What the rule is called in settings, without regard to case: {@code adam}, {@code rmsProp}. */
    default String name() {
        String type = getClass().getSimpleName();
        return type.isEmpty() ? type : Character.toLowerCase(type.charAt(0)) + type.substring(1);
    }

    /** η, the factor of every update. */
    default double learningRate() {
        return settings().get("learningRate");
    }

    /** The same rule with another learning rate; states remain valid. */
    default Rule<S> withLearningRate(double learningRate) {
        return with("learningRate", learningRate);
    }

    /**
     * The same rule with one number changed; states remain valid.
     *
     * @throws IllegalArgumentException when the rule has no number of that name
     */
    default Rule<S> with(String setting, double value) {
        SequencedMap<String, Double> all = settings();
        if (all.replace(setting, value) == null) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " has no setting '" + setting + "'; there are " + String.join(", ", all.keySet()));
        }
        return withSettings(all);
    }

    /** This rule on g + λ·w: the weight decay of PyTorch's SGD and Adam, the gradient of the penalty ½·λ·‖w‖². */
    default Chain<S> withL2(double lambda) {
        return new Chain<>(List.of(new Transform.L2(lambda)), this, List.of());
    }

    /** This rule with −η·λ·w added to its update: the weight decay of AdamW, and of every optimizer in Keras. */
    default Chain<S> withDecay(double lambda) {
        return new Chain<>(List.of(), this, List.of(new Transform.Decay(lambda)));
    }

    /** One step on whole tensors, computed at once; the results are fresh tensors of the backend and temporaries go back to it. */
    default Change<S> apply(Backend backend, S state, Tensor gradient, Tensor weights) {
        try (ImmediateArithmetic math = new ImmediateArithmetic(backend)) {
            Change<S> change = apply(math, state, gradient, weights);
            math.keep(change.update());
            change.state().tensors().values().forEach(math::keep);
            return change;
        }
    }
}
