package gradus.check;

import gradus.numerics.RandomStream;

/**
 * Gradients in float32 against the float64 ones at the same, rounded inputs. What float32 may lose is measured, not guessed: the change of the
 * float64 gradient when every input moves by one unit in the last place, and a unit of the largest gradient; a gradient further off than 64 times
 * that is wrong.
 */
final class SinglePrecision {
    private static final double ALLOWED = 64;
    private static final int MOVES = 3;

    private SinglePrecision() {
    }

    static void check(Oracle oracle, Evaluator wide, Evaluator narrow, Findings findings, UlpHistogram histogram) {
        double[] x = rounded(oracle.x);
        RandomStream random = oracle.random("float32");
        double[] c = Oracle.signed(random, oracle.y.length);
        double[] reference = wide.vjp(x, c);
        double[] single = narrow.vjp(x, c);
        double[] moves = sensitivity(wide, x, c, reference, random);
        double unit = 0x1p-24 * NumericDerivative.largest(reference);
        for (int i = 0; i < x.length; i++) {
            histogram.add(single[i], reference[i]);
            double error = moves[i] + unit;
            boolean agree = Math.abs(single[i] - reference[i]) <= ALLOWED * error || Double.compare(single[i], (float) reference[i]) == 0;
            findings.add(new Finding(Aspect.FLOAT32, agree ? Verdict.PASS : Double.isFinite(reference[i]) ? Verdict.FAIL : Verdict.INCONCLUSIVE,
                    "gradient of " + oracle.packing.place(i), single[i], reference[i], error, ""));
        }
        if (x.length == 0) {
            findings.pass(Aspect.FLOAT32);
        }
    }

    private static double[] rounded(double[] x) {
        double[] r = new double[x.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = (float) x[i];
        }
        return r;
    }

    private static double[] sensitivity(Evaluator wide, double[] x, double[] c, double[] reference, RandomStream random) {
        double[] most = new double[x.length];
        for (int m = 0; m < MOVES; m++) {
            double[] near = x.clone();
            for (int i = 0; i < near.length; i++) {
                near[i] += (random.bernoulli(0.5) ? 1 : -1) * Math.ulp((float) near[i]);
            }
            double[] g = wide.vjp(near, c);
            for (int i = 0; i < g.length; i++) {
                most[i] = Math.max(most[i], Math.abs(g[i] - reference[i]));
            }
        }
        return most;
    }
}
