package gradus.nn;

import gradus.optim.Parameter;
import gradus.tensor.DType;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What layers share: naming their parameters, writing into the contiguous heap tensors that they own. */
final class Tensors {
    private Tensors() {
    }

    /** The parameters of a layer with a weight and perhaps a bias. */
    static SequencedMap<String, Parameter> parameters(Parameter weight, Parameter bias) {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put("weight", weight);
        if (bias != null) {
            all.put("bias", bias);
        }
        return all;
    }

    static void requireGroups(String operation, int groups, int in, int out) {
        if (groups < 1 || in % groups != 0 || out % groups != 0) {
            throw new ShapeException(operation + ": " + groups + " groups do not divide " + in + " channels in and " + out + " out");
        }
    }

    /** Copies all elements of a tensor of the same shape and type into a contiguous one. */
    static void overwrite(Tensor target, Tensor source) {
        Tensor dense = source.isContiguous() ? source : source.copy();
        if (target.dtype() == DType.FLOAT32) {
            System.arraycopy(dense.floats(), dense.offset(), target.floats(), target.offset(), target.size());
        } else {
            System.arraycopy(dense.doubles(), dense.offset(), target.doubles(), target.offset(), target.size());
        }
    }
}
