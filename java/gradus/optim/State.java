package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a rule remembers between steps: the number of steps taken, tensors of the parameter's shape, and for a few rules further numbers. Rules
 * have their own records; this is the view of them that probes, checkpoints and forks share. {@link Rule#restore} is the way back.
 */
public interface State {
    /** Steps taken so far. */
    long count();

    /** The tensors by the names of the record's components, for example {@code mu} and {@code nu}. */
    SortedMap<String, Tensor> tensors();

    /** Numbers beside {@link #count} by the names of the record's components. */
    default SortedMap<String, Double> numbers() {
        return Collections.emptySortedMap();
    }

    /** The memory of rules that only count. */
    record Count(long count) implements State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return Collections.emptySortedMap();
        }
    }

    /** The velocity of momentum methods, in the sign and scale of the rule. */
    record Velocity(long count, Tensor velocity) implements State {
        /** The state with these parts; see {@link Rule#restore}. */
        public static Velocity of(long count, Map<String, Tensor> tensors) {
            return new Velocity(count, named("velocity", tensors));
        }

        @Override
        public SortedMap<String, Tensor> tensors() {
            return sorted("velocity", velocity);
        }
    }

    /** Running means of the gradient and of its square, as they are kept: not corrected for their start at 0. */
    record Moments(long count, Tensor mu, Tensor nu) implements State {
        /** Zeros of the shape and type of w. */
        public static Moments zero(Tensor w) {
            return new Moments(0, zeros(w), zeros(w));
        }

        /** The state with these parts; see {@link Rule#restore}. */
        public static Moments of(long count, Map<String, Tensor> tensors) {
            return new Moments(count, named("mu", tensors), named("nu", tensors));
        }

        @Override
        public SortedMap<String, Tensor> tensors() {
            return sorted("mu", mu, "nu", nu);
        }
    }

    /** A tensor of zeros of the shape and type of w. */
    static Tensor zeros(Tensor w) {
        return Tensor.zeros(w.dtype(), w.shape());
    }

    /** The part of that name; a missing one is an {@link IllegalArgumentException}. */
    static <T> T named(String name, Map<String, T> parts) {
        T part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("restore: the state has " + parts.keySet() + " but wants '" + name + "'");
        }
        return part;
    }

    /** A map from names to tensors, given in turn; a null tensor is left out. */
    static SortedMap<String, Tensor> sorted(Object... namesAndTensors) {
        SortedMap<String, Tensor> map = new TreeMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            if (namesAndTensors[i + 1] != null) {
                map.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
            }
        }
        return map;
    }
}
