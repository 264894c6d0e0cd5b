package gradus.check;

import gradus.numerics.RandomStream;

/** Hessian-vector products of φ = Σ c·(y + y²/2) against numeric derivatives of its gradient, and their symmetry. */
final class SecondOrder {
    private static final double SYMMETRY = 0x1p-34;

    private SecondOrder() {
    }

    static void check(Oracle oracle, Evaluator evaluator, Findings findings) {
        RandomStream random = oracle.random("second order");
        double[] c = Oracle.signed(random, oracle.y.length);
        double[] x = oracle.x;
        if (oracle.isEmpty()) {
            evaluator.hessianVector(x, c, x);
            findings.pass(Aspect.SECOND_ORDER);
            return;
        }
        double[] u = Oracle.signed(random, x.length);
        double[] v = Oracle.signed(random, x.length);
        double[] hu = evaluator.hessianVector(x, c, u);
        double[] hv = evaluator.hessianVector(x, c, v);
        double scale = FirstOrder.size(u, hv) + FirstOrder.size(v, hu);
        findings.require(Aspect.SECOND_ORDER, "symmetry ⟨u, H·v⟩ against ⟨v, H·u⟩", FirstOrder.dot(u, hv), FirstOrder.dot(v, hu), SYMMETRY * scale, scale);
        NumericDerivative d = NumericDerivative.along(p -> evaluator.gradient(p, c), x, v);
        double around = Math.max(NumericDerivative.largest(evaluator.gradient(x, c)) / Math.max(1, NumericDerivative.largest(x)),
                NumericDerivative.largest(hv));
        for (int i = 0; i < x.length; i++) {
            findings.compare(Aspect.SECOND_ORDER, "(H·v) at " + oracle.packing.place(i), hv[i], d.value()[i], d.error()[i], around, "");
        }
    }
}
