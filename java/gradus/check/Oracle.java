package gradus.check;

import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.RandomStream;
import gradus.op.Tape;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What is known of a function without its gradient rules: its results in float64 and the derivatives that differences give. */
final class Oracle {
    /** Up to so many inputs and results the whole Jacobian is compared; beyond, projections of it. */
    private static final int FULL_INPUTS = 48;
    private static final int FULL_RESULTS = 96;

    /** A direction in the space of the inputs and the derivative along it; element −1 is a direction of many elements. */
    record Probe(String name, int element, double[] direction, NumericDerivative derivative) {
    }

    final List<Tensor> inputs;
    final Packing packing;
    final double[] x;
    final double[] y;
    final Shape resultShape;
    private final Evaluator plain;
    private final long seed;
    private List<Probe> columns;
    private List<Probe> dense;

    Oracle(Differentiable function, List<Tensor> inputs, long seed) {
        this.inputs = inputs.stream().map(t -> t.as(DType.FLOAT64)).toList();
        this.packing = Packing.of(inputs);
        this.x = packing.pack(this.inputs);
        this.seed = seed;
        this.plain = new Evaluator(function, new ScalarBackend(), Tape.Rules.OWN, packing, DType.FLOAT64);
        this.y = plain.value(x);
        this.resultShape = plain.resultShape(x);
    }

    boolean isSmall() {
        return x.length <= FULL_INPUTS && y.length <= FULL_RESULTS;
    }

    boolean isEmpty() {
        return x.length == 0 || y.length == 0;
    }

    /** All columns of the Jacobian of a small function, some of a large one. */
    List<Probe> columns() {
        if (columns == null) {
            columns = new ArrayList<>();
            RandomStream random = random("columns");
            for (int k = 0; k < Math.min(x.length, isSmall() ? x.length : 6); k++) {
                int element = isSmall() ? k : random.below(x.length);
                double[] one = new double[x.length];
                one[element] = 1;
                columns.add(probe(packing.place(element), element, one));
            }
        }
        return columns;
    }

    /** Directions with random signs and sizes. */
    List<Probe> dense() {
        if (dense == null) {
            dense = new ArrayList<>();
            RandomStream random = random("directions");
            for (int k = 0; k < (isSmall() ? 2 : 4); k++) {
                dense.add(probe("random direction " + k, -1, signed(random, x.length)));
            }
        }
        return dense;
    }

    Probe probe(String name, int element, double[] direction) {
        return new Probe(name, element, direction, NumericDerivative.along(plain::value, x, direction));
    }

    /** Where derivatives live: the largest of a direction, and the result per unit of input. */
    double scale(NumericDerivative d) {
        double most = NumericDerivative.largest(y) / Math.max(1, NumericDerivative.largest(x));
        for (int j = 0; j < d.value().length; j++) {
            if (d.error()[j] < Double.POSITIVE_INFINITY) {
                most = Math.max(most, Math.abs(d.value()[j]));
            }
        }
        return most;
    }

    RandomStream random(String what) {
        return new RandomStream(seed, "check " + what);
    }

    /** Random signs times a half, three quarters or one: exact in float32, of no structure that a wrong rule could share. */
    static double[] signed(RandomStream random, int n) {
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = (random.bernoulli(0.5) ? 1 : -1) * (0.5 + 0.25 * random.below(3));
        }
        return v;
    }
}
