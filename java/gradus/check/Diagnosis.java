package gradus.check;

import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Guesses what is wrong with a gradient by trying the usual mistakes on the right one. */
final class Diagnosis {
    private static final double ALIKE = 1e-6;

    private Diagnosis() {
    }

    /** A sentence for each input whose gradient is wrong in a way that has a name. */
    static List<String> of(GradCheck check) {
        Oracle oracle = check.oracle();
        if (!oracle.isSmall() || oracle.isEmpty()) {
            return List.of();
        }
        double[] c = Oracle.signed(oracle.random("diagnosis"), oracle.y.length);
        double[] analytic;
        try {
            analytic = check.evaluator(oracle, new ScalarBackend(), DType.FLOAT64).vjp(oracle.x, c);
        } catch (RuntimeException e) {
            return List.of();
        }
        double[] numeric = numeric(oracle, c);
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int k = 0; k < oracle.inputs.size(); k++) {
            Shape shape = oracle.inputs.get(k).shape();
            String mistake = mistake(slice(analytic, start, shape.size()), slice(numeric, start, shape.size()), shape);
            if (mistake != null) {
                lines.add("The gradient of input " + k + " " + shape + " looks like the right one " + mistake + ".");
            }
            start += shape.size();
        }
        return lines;
    }

    private static double[] numeric(Oracle oracle, double[] c) {
        double[] g = new double[oracle.x.length];
        for (Oracle.Probe p : oracle.columns()) {
            g[p.element()] = FirstOrder.dot(c, p.derivative().value());
        }
        return g;
    }

    private static double[] slice(double[] v, int from, int length) {
        return Arrays.copyOfRange(v, from, from + length);
    }

    private static String mistake(double[] analytic, double[] numeric, Shape shape) {
        if (alike(analytic, numeric)) {
            return null;
        }
        Map<String, UnaryOperator<double[]>> mistakes = new LinkedHashMap<>();
        mistakes.put("with the wrong sign", g -> scaled(g, -1));
        mistakes.put("times two (a factor is missing or counted twice)", g -> scaled(g, 2));
        mistakes.put("halved (a factor is missing or counted twice)", g -> scaled(g, 0.5));
        mistakes.put("forgotten: it is zero", g -> scaled(g, 0));
        if (shape.rank() >= 2) {
            mistakes.put("transposed: its rows and columns are exchanged", g -> transposed(g, shape));
        }
        for (Map.Entry<String, UnaryOperator<double[]>> m : mistakes.entrySet()) {
            if (alike(analytic, m.getValue().apply(numeric))) {
                return m.getKey();
            }
        }
        return null;
    }

    private static double[] scaled(double[] g, double by) {
        double[] out = new double[g.length];
        for (int i = 0; i < g.length; i++) {
            out[i] = by * g[i];
        }
        return out;
    }

    /** The numbers of the transposed gradient, read row by row into the shape. */
    private static double[] transposed(double[] g, Shape shape) {
        return Tensor.of(g, shape.dims()).transpose().toDoubles();
    }

    private static boolean alike(double[] a, double[] b) {
        double scale = NumericDerivative.largest(b);
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= ALIKE * scale)) {
                return false;
            }
        }
        return true;
    }
}
