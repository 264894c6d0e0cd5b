package gradus.nn;

import gradus.backend.Backend;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** A function of values with parameters of its own. */
public interface Layer {
    /** The result for an input whose first axis runs over samples. */
    Value forward(Value x, Pass pass);

    /** The result in evaluation. */
    default Value forward(Value x) {
        return forward(x, Pass.EVALUATION);
    }

    /** What training changes, in the order of the layers, by path: {@code weight} in a layer, {@code 2.weight} in a chain. */
    default SequencedMap<String, Parameter> parameters() {
        return new LinkedHashMap<>();
    }

    /** What is saved with the parameters but not trained, such as running statistics, by path. */
    default SequencedMap<String, Tensor> buffers() {
        return new LinkedHashMap<>();
    }

    /** Parameters and buffers in name order: what a model file holds and a hash covers. */
    default SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = new TreeMap<>(buffers());
        parameters().forEach((name, p) -> state.put(name, p.tensor()));
        return state;
    }

    /** Copies saved tensors into the parameters, which may lie in the backend's memory, and buffers; names and shapes must be the same. */
    default void restore(Backend backend, SortedMap<String, Tensor> saved) {
        SortedMap<String, Tensor> mine = state();
        if (!mine.keySet().equals(saved.keySet())) {
            throw new IllegalArgumentException("restore: the file holds " + saved.keySet() + ", the model wants " + mine.keySet());
        }
        mine.forEach((name, tensor) -> {
            Tensor from = saved.get(name);
            if (!from.shape().equals(tensor.shape()) || from.dtype() != tensor.dtype()) {
                throw new IllegalArgumentException("restore: " + name + " is " + from + " in the file, the model wants " + tensor);
            }
            if (tensor.storage().isOnHeap()) {
                Tensors.overwrite(tensor, from);
            } else {
                backend.copy(from, tensor);
            }
        });
    }
}
