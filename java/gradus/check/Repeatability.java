package gradus.check;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.op.Tape;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** One function, one result, to the bit: again, from strided inputs, on every backend and number of threads. */
final class Repeatability {
    private final Differentiable function;
    private final Oracle oracle;
    private final Tape.Rules rules;
    private final Findings findings;

    Repeatability(Differentiable function, Oracle oracle, Tape.Rules rules, Findings findings) {
        this.function = function;
        this.oracle = oracle;
        this.rules = rules;
        this.findings = findings;
    }

    private List<double[]> run(Backend backend, DType dtype, List<Tensor> inputs) {
        return new Evaluator(function, backend, rules, oracle.packing, dtype).valueAndVjp(inputs, cotangent());
    }

    private double[] cotangent() {
        return Oracle.signed(oracle.random("repeat"), oracle.y.length);
    }

    private List<Tensor> inputs(DType dtype) {
        return oracle.inputs.stream().map(t -> t.as(dtype)).toList();
    }

    /** Repetition and strided inputs. */
    void forward(Backend backend) {
        List<Tensor> in = inputs(DType.FLOAT64);
        List<double[]> once = run(backend, DType.FLOAT64, in);
        both(Aspect.FORWARD, "the same again", once, run(backend, DType.FLOAT64, in));
        both(Aspect.FORWARD, "inputs that are views with strides", once, run(backend, DType.FLOAT64, in.stream().map(Repeatability::strided).toList()));
        if (!oracle.isEmpty() && !Arrays.stream(once.getFirst()).allMatch(Double::isFinite)) {
            findings.fail(Aspect.FORWARD, "result", "not finite: " + Arrays.toString(once.getFirst()));
        }
    }

    /** The same elements in transposed memory, or at an offset where there is nothing to transpose. */
    static Tensor strided(Tensor t) {
        if (t.size() == 0) {
            return t;
        }
        if (t.rank() >= 2) {
            return t.transpose().copy().transpose();
        }
        double[] longer = new double[t.size() + 3];
        System.arraycopy(t.toDoubles(), 0, longer, 2, t.size());
        Tensor view = Tensor.of(longer, longer.length).slice(0, 2, 2 + t.size()).reshape(t.shape().dims());
        return view.as(t.dtype());
    }

    /** Every backend named, the processor's on one thread and on three. */
    void backends(List<String> names) {
        for (DType dtype : DType.values()) {
            List<double[]> reference = on("scalar", 1, dtype);
            for (String name : names) {
                both(Aspect.BACKENDS, name + " on 1 thread, " + dtype, reference, on(name, 1, dtype));
                both(Aspect.BACKENDS, name + " on 3 threads, " + dtype, reference, on(name, 3, dtype));
            }
        }
    }

    private List<double[]> on(String name, int threads, DType dtype) {
        try (Backend backend = Backends.open(name, threads, sentence -> { })) {
            return run(backend, dtype, inputs(dtype));
        }
    }

    private void both(Aspect aspect, String where, List<double[]> a, List<double[]> b) {
        Bits.compare(findings, aspect, where + ": result", a.get(0), b.get(0));
        Bits.compare(findings, aspect, where + ": gradient", a.get(1), b.get(1));
    }
}
