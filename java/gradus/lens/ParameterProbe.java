package gradus.lens;

import gradus.backend.Backend;
import gradus.optim.Change;
import gradus.optim.Rule;
import gradus.optim.SideStep;
import gradus.optim.State;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Looks at one parameter before a step. It takes the step of the rule beside the training, on whole tensors, so that whatever the rule remembers and its
 * formula names can be seen; it knows no rule by itself.
 */
final class ParameterProbe {
    /** Below this share of itself the denominator would fall without ε where ε rules. */
    private static final double RULED = 0.5;

    private final Backend backend;
    private final SideStep steps;
    private final int most;
    private final Distribution.Counter counter = new Distribution.Counter();

    /** What was seen, gᵀΔw, and the update, which the caller releases. */
    record Seen(ProbeRecord.OfParameter record, double predicted, Tensor update) {
    }

    ParameterProbe(Backend backend, int most) {
        this.backend = backend;
        this.steps = new SideStep(backend);
        this.most = most;
    }

    /**
     * @param rule     with this step's learning rate
     * @param gradient of the loss
     * @param clipped  what the rule is given
     * @param last     the update before, or null
     */
    <S extends State> Seen look(Rule<S> rule, State before, Tensor weights, Tensor gradient, Tensor clipped, Tensor last) {
        SideStep.Taken<S> taken = steps.take(rule, before, clipped, weights);
        Change<S> change = taken.change();
        Tensor update = change.update();
        SequencedMap<String, ProbeRecord.Quantity> all = new LinkedHashMap<>();
        double[] w = add("weight", weights, all);
        double[] g = add("gradient", gradient, all);
        double[] dw = add("update", update, all);
        Map<String, double[]> samples = new LinkedHashMap<>();
        change.state().tensors().forEach((name, tensor) -> samples.put(name, add(name, tensor, all)));
        taken.noted().forEach((name, tensor) -> samples.put(name, add(name, tensor, all)));
        corrected(rule, change.state().count(), samples, all);
        double[] direction = samples.getOrDefault("muCorrected", gradient == clipped ? g : Readings.sample(backend, clipped, most));
        all.put("rate", new ProbeRecord.Quantity(Double.NaN, counter.count(ratio(dw, direction))));
        all.put("relative", new ProbeRecord.Quantity(Double.NaN, counter.count(ratio(dw, w))));

        double predicted = Readings.dot(backend, gradient, update);
        double updateNorm = all.get("update").norm();
        double cosine = predicted / (all.get("gradient").norm() * updateNorm);
        double successive = last == null ? Double.NaN : Readings.dot(backend, last, update) / (Readings.norm(backend, last) * updateNorm);
        double ruled = epsilonRules(samples.get("denominator"), taken.withoutEpsilon().get("denominator"));
        taken.releaseAllButUpdate(backend);
        return new Seen(new ProbeRecord.OfParameter(rule.learningRate(), cosine, successive, ruled, all), predicted, update);
    }

    private double[] add(String name, Tensor tensor, Map<String, ProbeRecord.Quantity> all) {
        double[] sample = Readings.sample(backend, tensor, most);
        all.put(name, new ProbeRecord.Quantity(Readings.norm(backend, tensor), counter.count(sample)));
        return sample;
    }

    /** μ/(1 − β₁ᵗ) and ν/(1 − β₂ᵗ), for rules that have such a state and such a setting. */
    private void corrected(Rule<?> rule, long t, Map<String, double[]> samples, Map<String, ProbeRecord.Quantity> all) {
        Map<String, String> rates = Map.of("mu", "beta1", "nu", "beta2");
        for (String name : new String[] {"mu", "nu"}) {
            Double beta = rule.settings().get(rates.get(name));
            if (samples.containsKey(name) && beta != null) {
                double factor = 1 / (1 - StrictMath.pow(beta, t));
                double[] scaled = samples.get(name).clone();
                for (int i = 0; i < scaled.length; i++) {
                    scaled[i] *= factor;
                }
                samples.put(name + "Corrected", scaled);
                all.put(name + "Corrected", new ProbeRecord.Quantity(all.get(name).norm() * factor, counter.count(scaled)));
            }
        }
    }

    /** |a|/|b|, element by element; NaN, which no distribution counts, where both are 0. */
    private static double[] ratio(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.abs(a[i] / b[i]);
        }
        return out;
    }

    /** The share of sampled denominators that would be less than half without ε. */
    private double epsilonRules(double[] denominator, Tensor withoutEpsilon) {
        if (denominator == null || withoutEpsilon == null) {
            return Double.NaN;
        }
        double[] without = Readings.sample(backend, withoutEpsilon, most);
        int ruled = 0;
        for (int i = 0; i < denominator.length; i++) {
            ruled += without[i] < RULED * denominator[i] ? 1 : 0;
        }
        return (double) ruled / denominator.length;
    }
}
