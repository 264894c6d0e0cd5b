package gradus.check;

import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Several tensors as one vector, and back. */
record Packing(List<Shape> shapes) {
    static Packing of(List<Tensor> tensors) {
        return new Packing(tensors.stream().map(Tensor::shape).toList());
    }

    int size() {
        return shapes.stream().mapToInt(Shape::size).sum();
    }

    double[] pack(List<Tensor> tensors) {
        double[] flat = new double[size()];
        int at = 0;
        for (Tensor t : tensors) {
            System.arraycopy(t.toDoubles(), 0, flat, at, t.size());
            at += t.size();
        }
        return flat;
    }

    double[] packValues(List<Value> values) {
        return pack(values.stream().map(v -> v.tape().backend().download(v.tensor())).toList());
    }

    List<Tensor> unpack(double[] flat, DType dtype) {
        List<Tensor> out = new ArrayList<>();
        int at = 0;
        for (Shape s : shapes) {
            out.add(Tensor.of(Arrays.copyOfRange(flat, at, at + s.size()), s.dims()).as(dtype));
            at += s.size();
        }
        return out;
    }

    /** The place of a flat index, for people: {@code input 1 [0, 2]}. */
    String place(int flat) {
        int rest = flat;
        for (int k = 0; k < shapes.size(); k++) {
            if (rest < shapes.get(k).size()) {
                return "input " + k + " " + index(shapes.get(k), rest);
            }
            rest -= shapes.get(k).size();
        }
        throw new IndexOutOfBoundsException("element " + flat + " of " + size());
    }

    /** The index of a row-major place: {@code [0, 2]}. */
    static String index(Shape shape, int flat) {
        int[] index = new int[shape.rank()];
        int rest = flat;
        for (int a = shape.rank() - 1; a >= 0; a--) {
            index[a] = rest % shape.dim(a);
            rest /= shape.dim(a);
        }
        return Arrays.stream(index).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
