package gradus.optim;

import gradus.backend.Backend;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Follows an {@link EarlyStopping}: keeps a copy of the weights of the best epoch, and can bring it back. */
public final class BestWeights {
    private final EarlyStopping stopping;
    private final Backend backend;
    private final List<Parameter> parameters;
    private final List<Tensor> copies = new ArrayList<>();
    private EarlyStopping.State state;

    /** Nothing observed yet. */
    public BestWeights(EarlyStopping stopping, Backend backend, List<Parameter> parameters) {
        this.stopping = stopping;
        this.backend = backend;
        this.parameters = List.copyOf(parameters);
        this.state = stopping.begin();
    }

    /** Observes the metric of one more epoch; false when training should end. */
    public boolean goOn(double metric) {
        state = stopping.observe(state, metric);
        if (state.isBest()) {
            keep();
        }
        return !stopping.stops(state);
    }

    private void keep() {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            if (copies.size() == i) {
                copies.add(backend.allocate(p.dtype(), p.shape()));
            }
            backend.copy(p.tensor(), copies.get(i));
        }
    }

    /** What was observed. */
    public EarlyStopping.State state() {
        return state;
    }

    /** Puts the weights of the best epoch back in place; without one they stay as they are. */
    public void restore() {
        for (int i = 0; i < copies.size(); i++) {
            backend.copy(copies.get(i), parameters.get(i).tensor());
        }
    }
}
