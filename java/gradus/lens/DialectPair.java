package gradus.lens;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.optim.Change;
import gradus.optim.Rule;
import gradus.optim.State;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Two update rules that are given the same gradients, each with weights and state of its own from the same start. What differs between them is the rules'
 * doing alone, since neither sees where its own weights would have led.
 */
public final class DialectPair {
    /** One parameter under both rules. */
    private static final class Both {
        private final Side<?> a;
        private final Side<?> b;
        private final Tensor start;
        private final List<Double> updates = new ArrayList<>();
        private final List<Double> weights = new ArrayList<>();
        private int first = -1;

        Both(Side<?> a, Side<?> b, Tensor start) {
            this.a = a;
            this.b = b;
            this.start = start;
        }
    }

    /** One rule over one parameter. */
    private static final class Side<S extends State> {
        private final Backend backend;
        private final Rule<S> rule;
        private final Tensor weights;
        private S state;

        Side(Backend backend, Rule<S> rule, Tensor start) {
            this.backend = backend;
            this.rule = rule;
            this.weights = start.copy();
            this.state = rule.init(start);
        }

        Tensor step(Tensor gradient) {
            Change<S> change = rule.apply(backend, state, gradient, weights);
            state = change.state();
            Tensor moved = backend.zip(Zip.ADD, weights, change.update());
            backend.copy(moved, weights);
            backend.release(moved);
            return change.update();
        }
    }

    private final Backend backend;
    private final List<String> names;
    private final List<Both> parameters = new ArrayList<>();

    /**
     * Two rules over parameters.
     *
     * @param start the first values, on the heap; they are copied
     */
    public DialectPair(Backend backend, Rule<?> a, Rule<?> b, List<String> names, List<Tensor> start) {
        this.backend = backend;
        this.names = List.copyOf(names);
        start.forEach(w -> parameters.add(new Both(side(a, w), side(b, w), w.copy())));
    }

    private <S extends State> Side<S> side(Rule<S> rule, Tensor start) {
        return new Side<>(backend, rule, start);
    }

    /** Gives both rules these gradients. */
    public void step(List<Tensor> gradients) {
        for (int i = 0; i < parameters.size(); i++) {
            Both p = parameters.get(i);
            Tensor a = p.a.step(gradients.get(i));
            Tensor b = p.b.step(gradients.get(i));
            double difference = distance(a, b);
            if (p.first < 0 && difference > 0) {
                p.first = p.updates.size();
            }
            p.updates.add(difference / Readings.norm(backend, a));
            p.weights.add(distance(p.a.weights, p.b.weights) / distance(p.a.weights, p.start));
        }
    }

    private double distance(Tensor x, Tensor y) {
        Tensor difference = backend.zip(Zip.SUBTRACT, x, y);
        double norm = Readings.norm(backend, difference);
        backend.release(difference);
        return norm;
    }

    /** Names of the parameters. */
    public List<String> names() {
        return names;
    }

    /** Steps taken. */
    public int steps() {
        return parameters.getFirst().updates.size();
    }

    /** The first step, from 0, whose updates of a parameter differ in a bit; −1 when none does. */
    public int firstDifference(int parameter) {
        return parameters.get(parameter).first;
    }

    /** ‖Δa − Δb‖ / ‖Δa‖ of a parameter at every step. */
    public double[] updateDifference(int parameter) {
        return parameters.get(parameter).updates.stream().mapToDouble(v -> v).toArray();
    }

    /** ‖a − b‖ / ‖a − start‖ of a parameter's weights after every step. */
    public double[] weightDifference(int parameter) {
        return parameters.get(parameter).weights.stream().mapToDouble(v -> v).toArray();
    }

    /** The present weights of a parameter under the first rule. */
    Tensor weights(int parameter) {
        return parameters.get(parameter).a.weights;
    }
}
