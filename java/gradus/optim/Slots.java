package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;

/** What the rules' {@code init} and {@code restore} share. */
final class Slots {
    private Slots() {
    }

    static Tensor zeros(Tensor w) {
        return full(w, 0);
    }

    static Tensor full(Tensor w, double value) {
        return Tensor.full(w.dtype(), w.shape(), value);
    }

    static <T> T named(String name, Map<String, T> parts) {
        T part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("restore: the state has " + parts.keySet() + " but wants '" + name + "'");
        }
        return part;
    }
}
