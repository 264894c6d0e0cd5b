package gradus.check;

import static gradus.check.Sample.real;
import static gradus.check.Sample.row;

import gradus.nn.ActivationLayer;
import gradus.nn.LeakyRelu;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.op.Value;
import gradus.optim.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * Sample points of every layer. A new layer needs a row here, or the build fails; its parameters are inputs like any other:
 * {@code row(NewLayer.class, "what it does", v -> new NewLayer(parameter(v, 1)).forward(v.get(0)), real(3, 4), real(4))}.
 */
public final class LayerSamples {
    private LayerSamples() {
    }

    /** All rows of layers. */
    public static List<Sample> layers() {
        List<Sample> rows = new ArrayList<>();
        for (ActivationLayer f : ActivationLayer.values()) {
            rows.add(row(ActivationLayer.class, f.name(), v -> f.forward(v.getFirst()), real(2, 3)));
        }
        rows.add(row(LeakyRelu.class, "slope 0.3", v -> new LeakyRelu(0.3).forward(v.getFirst()), real(2, 3)));
        rows.add(row(Linear.class, "with bias", v -> new Linear(parameter(v, 1), parameter(v, 2)).forward(v.get(0)), real(3, 4), real(2, 4), real(2)));
        rows.add(row(Linear.class, "without bias", v -> new Linear(parameter(v, 1), null).forward(v.get(0)), real(3, 4), real(2, 4)));
        rows.add(row(Sequential.class, "linear, tanh, linear, log-softmax", v -> Sequential.of(new Linear(parameter(v, 1), parameter(v, 2)),
                ActivationLayer.TANH, new Linear(parameter(v, 3), null), ActivationLayer.LOG_SOFTMAX).forward(v.get(0)),
                real(2, 3), real(4, 3), real(4), real(3, 4)));
        return rows;
    }

    /** A value as the parameter of a layer: the layer's own {@code tape.variable(…)} finds it again. */
    static Parameter parameter(List<Value> values, int index) {
        return new Parameter("input " + index, values.get(index).tensor());
    }
}
