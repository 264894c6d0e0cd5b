package gradus.check;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Vector-Jacobian and Jacobian-vector products against the oracle and against each other. */
final class FirstOrder {
    private static final double IDENTITY = 0x1p-36;
    private final Oracle oracle;
    private final Evaluator evaluator;
    private final Findings findings;

    FirstOrder(Oracle oracle, Evaluator evaluator, Findings findings) {
        this.oracle = oracle;
        this.evaluator = evaluator;
        this.findings = findings;
    }

    void vjp() {
        if (oracle.isEmpty()) {
            evaluator.vjp(oracle.x, new double[oracle.y.length]);
            findings.pass(Aspect.VJP);
            return;
        }
        if (oracle.isSmall()) {
            wholeJacobian();
        } else {
            projections();
        }
        training();
        aliased();
    }

    private void wholeJacobian() {
        List<double[]> rows = evaluator.jacobian(oracle.x);
        for (Oracle.Probe probe : oracle.columns()) {
            NumericDerivative d = probe.derivative();
            for (int j = 0; j < oracle.y.length; j++) {
                double analytic = rows.get(j)[probe.element()];
                // 0 · ∞ = NaN: at the border of the domain one infinite slope spoils what a zero of the cotangent should have hidden.
                double error = !Double.isFinite(analytic) && d.undecided() ? Double.POSITIVE_INFINITY : d.error()[j];
                findings.compare(Aspect.VJP, "∂y" + Packing.index(oracle.resultShape, j) + "/∂" + probe.name(), analytic, d.value()[j], error,
                        oracle.scale(d), note(d, j, analytic));
            }
        }
    }

    private static String note(NumericDerivative d, int j, double analytic) {
        if (d.error()[j] < Double.POSITIVE_INFINITY) {
            return "";
        }
        double low = Math.min(d.left()[j], d.right()[j]);
        double high = Math.max(d.left()[j], d.right()[j]);
        String side = analytic >= low - 1e-6 && analytic <= high + 1e-6 ? "the rule lies between them" : "the rule lies outside of them";
        return "kink or border of the domain: slopes " + d.left()[j] + " to the left and " + d.right()[j] + " to the right; " + side;
    }

    /** Random signs, single elements, and the directions in which an error of the rule shows most. */
    private void projections() {
        List<double[]> cotangents = cotangents();
        List<Oracle.Probe> probes = new ArrayList<>(oracle.columns());
        probes.addAll(oracle.dense());
        double[] pulled = evaluator.vjp(oracle.x, cotangents.getFirst());
        probes.add(oracle.probe("direction of the gradient's signs", -1, signs(pulled)));
        for (Oracle.Probe probe : probes) {
            for (double[] c : cotangents) {
                project(probe, c);
            }
        }
    }

    private List<double[]> cotangents() {
        List<double[]> all = new ArrayList<>();
        var random = oracle.random("cotangents");
        all.add(Oracle.signed(random, oracle.y.length));
        all.add(Oracle.signed(random, oracle.y.length));
        double[] one = new double[oracle.y.length];
        one[random.below(one.length)] = 1;
        all.add(one);
        return all;
    }

    private static double[] signs(double[] g) {
        double[] s = new double[g.length];
        for (int i = 0; i < s.length; i++) {
            s[i] = g[i] < 0 ? -1 : 1;
        }
        return s;
    }

    private void project(Oracle.Probe probe, double[] cotangent) {
        NumericDerivative d = probe.derivative();
        double[] c = cotangent.clone();
        double numeric = 0;
        double error = 0;
        double scale = 0;
        for (int j = 0; j < c.length; j++) {
            if (d.error()[j] == Double.POSITIVE_INFINITY) {
                c[j] = 0;
            } else {
                numeric += c[j] * d.value()[j];
                error += Math.abs(c[j]) * d.error()[j];
                scale += Math.abs(c[j] * d.value()[j]);
            }
        }
        double[] pulled = evaluator.vjp(oracle.x, c);
        double analytic = probe.element() >= 0 ? pulled[probe.element()] : dot(pulled, probe.direction());
        findings.compare(Aspect.VJP, "cᵀ·∂y/∂(" + probe.name() + ") of a result of " + c.length + " elements", analytic, numeric, error,
                Math.max(scale, 1e-3 * NumericDerivative.largest(oracle.y)), "");
    }

    /** The pass of a training step, which releases memory as it goes, gives the bits of the other. */
    private void training() {
        double[] c = cotangents().getFirst();
        Bits.require(findings, Aspect.VJP, "Gradients.of against Gradients.vjp", evaluator.vjp(oracle.x, c), evaluator.trainingGradient(oracle.x, c));
    }

    /** Two inputs that are one tensor get the sum of the gradients that they would get apart. */
    private void aliased() {
        List<Tensor> in = oracle.inputs;
        for (int a = 0, start = 0; a < in.size(); start += in.get(a).size(), a++) {
            for (int b = a + 1, other = start + in.get(a).size(); b < in.size(); other += in.get(b).size(), b++) {
                if (in.get(a).shape().equals(in.get(b).shape())) {
                    alias(a, start, b, other);
                    return;
                }
            }
        }
    }

    private void alias(int a, int start, int b, int other) {
        List<Tensor> shared = new ArrayList<>(oracle.inputs);
        shared.set(b, shared.get(a));
        List<Tensor> apart = new ArrayList<>(shared);
        apart.set(b, shared.get(a).copy());
        double[] c = cotangents().getFirst();
        double[] one = evaluator.valueAndVjp(shared, c).get(1);
        double[] two = evaluator.valueAndVjp(apart, c).get(1);
        for (int i = 0; i < oracle.inputs.get(a).size(); i++) {
            double wanted = two[start + i] + two[other + i];
            double scale = Math.abs(two[start + i]) + Math.abs(two[other + i]);
            if (Double.isFinite(wanted)) {
                findings.require(Aspect.VJP, "inputs " + a + " and " + b + " are one tensor: gradient of its element " + i, one[start + i], wanted,
                        IDENTITY * scale, scale);
            }
        }
    }

    void jvp() {
        if (oracle.isEmpty()) {
            evaluator.jvp(oracle.x, new double[oracle.x.length]);
            findings.pass(Aspect.JVP);
            return;
        }
        for (Oracle.Probe probe : oracle.dense()) {
            NumericDerivative d = probe.derivative();
            double[] pushed = evaluator.jvp(oracle.x, probe.direction());
            for (int j = 0; j < pushed.length; j++) {
                findings.compare(Aspect.JVP, "(J·v)" + Packing.index(oracle.resultShape, j) + " along a " + probe.name(), pushed[j], d.value()[j],
                        d.error()[j], oracle.scale(d), note(d, j, pushed[j]));
            }
            for (double[] c : cotangents()) {
                identity(probe.direction(), c, pushed);
            }
        }
    }

    private void identity(double[] v, double[] c, double[] pushed) {
        double[] pulled = evaluator.vjp(oracle.x, c);
        double scale = size(c, pushed) + size(pulled, v);
        findings.require(Aspect.JVP, "⟨c, J·v⟩ against ⟨Jᵀ·c, v⟩", dot(c, pushed), dot(pulled, v), IDENTITY * scale, scale);
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double size(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] * b[i]);
        }
        return sum;
    }
}
