package gradus.lens;

import gradus.backend.Backend;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All parameters, or one number for each of their elements, as one float64 vector in the optimizer's order. */
final class FlatVector {
    private FlatVector() {
    }

    static double[] of(Backend backend, List<Value> values) {
        return ofTensors(backend, values.stream().map(Value::tensor).toList());
    }

    static double[] ofTensors(Backend backend, List<Tensor> tensors) {
        double[] out = new double[tensors.stream().mapToInt(Tensor::size).sum()];
        int at = 0;
        for (Tensor t : tensors) {
            double[] part = backend.download(t).toDoubles();
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }

    /** The vector as constants of the parameters' shapes and types. */
    static List<Value> constants(Tape tape, double[] vector, List<Parameter> parameters) {
        List<Value> out = new ArrayList<>();
        int at = 0;
        for (Parameter p : parameters) {
            double[] part = Arrays.copyOfRange(vector, at, at + p.size());
            out.add(tape.constant(Tensor.of(part, p.shape().dims()).as(p.dtype())));
            at += p.size();
        }
        return out;
    }
}
