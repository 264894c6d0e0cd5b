package gradus.check;

import gradus.backend.Backend;
import gradus.grad.Gradients;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** A function and its derivatives on a backend, as plain vectors; each call on a tape of its own. */
final class Evaluator {
    private final Differentiable function;
    private final Backend backend;
    private final Tape.Rules rules;
    private final Packing packing;
    private final DType dtype;

    Evaluator(Differentiable function, Backend backend, Tape.Rules rules, Packing packing, DType dtype) {
        this.function = function;
        this.backend = backend;
        this.rules = rules;
        this.packing = packing;
        this.dtype = dtype;
    }

    Packing packing() {
        return packing;
    }

    private <T> T with(List<Tensor> inputs, BiFunction<List<Value>, Value, T> use) {
        try (Tape tape = new Tape(backend, rules)) {
            List<Value> variables = inputs.stream().map(tape::variable).toList();
            return use.apply(variables, function.apply(variables));
        }
    }

    private <T> T with(double[] x, BiFunction<List<Value>, Value, T> use) {
        return with(packing.unpack(x, dtype), use);
    }

    private static double[] numbers(Value v) {
        return v.tape().backend().download(v.tensor()).toDoubles();
    }

    private Value constant(Tape tape, double[] values, Shape shape) {
        return tape.constant(Tensor.of(values.clone(), shape.dims()).as(dtype));
    }

    private List<Value> constants(Tape tape, double[] flat) {
        return packing.unpack(flat, dtype).stream().map(tape::constant).toList();
    }

    Shape resultShape(double[] x) {
        return with(x, (in, y) -> y.shape());
    }

    double[] value(double[] x) {
        return with(x, (in, y) -> numbers(y));
    }

    /** Result and vector-Jacobian product for inputs in any layout. */
    List<double[]> valueAndVjp(List<Tensor> inputs, double[] cotangent) {
        return with(inputs, (in, y) -> {
            double[] value = numbers(y);
            return List.of(value, packing.packValues(pulled(in, y, cotangent)));
        });
    }

    double[] vjp(double[] x, double[] cotangent) {
        return with(x, (in, y) -> packing.packValues(pulled(in, y, cotangent)));
    }

    private List<Value> pulled(List<Value> in, Value y, double[] cotangent) {
        List<Value> pulled = Gradients.vjp(y, constant(y.tape(), cotangent, y.shape()), in);
        for (int k = 0; k < in.size(); k++) {
            if (!pulled.get(k).shape().equals(in.get(k).shape())) {
                throw new IllegalStateException("the gradient of input " + k + " has shape " + pulled.get(k).shape() + ", the input "
                        + in.get(k).shape());
            }
        }
        return pulled;
    }

    /** One vector-Jacobian product for each element of the result: the rows of the Jacobian. */
    List<double[]> jacobian(double[] x) {
        return with(x, (in, y) -> {
            List<double[]> rows = new ArrayList<>();
            for (int j = 0; j < y.size(); j++) {
                double[] one = new double[y.size()];
                one[j] = 1;
                rows.add(packing.packValues(pulled(in, y, one)));
            }
            return rows;
        });
    }

    double[] jvp(double[] x, double[] tangent) {
        return with(x, (in, y) -> numbers(Gradients.jvp(y, in, constants(y.tape(), tangent))));
    }

    /** The gradient of φ = Σ c·(y + y²/2): its cotangent depends on y, so that a rule's own derivative in both arguments counts. */
    double[] gradient(double[] x, double[] c) {
        return with(x, (in, y) -> packing.packValues(Gradients.differentiable(phi(y, c), in)));
    }

    /** (∂²φ/∂x²)·direction. */
    double[] hessianVector(double[] x, double[] c, double[] direction) {
        return with(x, (in, y) -> packing.packValues(Gradients.hessianVector(phi(y, c), in, constants(y.tape(), direction))));
    }

    private Value phi(Value y, double[] c) {
        return y.plus(y.times(y).times(0.5)).times(constant(y.tape(), c, y.shape())).sum();
    }

    /** The training step's gradient, which releases as it goes, of Σ c·y. */
    double[] trainingGradient(double[] x, double[] c) {
        return with(x, (in, y) -> packing.packValues(Gradients.of(y.times(constant(y.tape(), c, y.shape())).sum(), in)));
    }
}
