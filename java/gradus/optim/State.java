package gradus.optim;

import gradus.tensor.Tensor;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a rule remembers between steps: the number of steps taken, tensors of the parameter's shape, and for a few rules further numbers. Every
 * rule has its own record; this is the view of it that probes, checkpoints and forks share. {@link Rule#restore} is the way back.
 */
public interface State {
    /** Steps taken so far. */
    long count();

    /** The tensors by the names of the record's components, for example {@code mu} and {@code nu}. */
    SortedMap<String, Tensor> tensors();

    /** Numbers beside {@link #count} by the names of the record's components. */
    default SortedMap<String, Double> numbers() {
        return new TreeMap<>();
    }

    /** The memory of rules that only count. */
    record Count(long count) implements State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return new TreeMap<>();
        }
    }
}
