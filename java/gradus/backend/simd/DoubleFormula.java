package gradus.backend.simd;

import gradus.numerics.Function;
import gradus.tensor.Tensor;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A {@link FormulaPlan} on float64. {@link FloatFormula} is its twin; both are checked against the backend's plain operations. */
final class DoubleFormula {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int WIDTH = SPECIES.length();

    private final FormulaPlan plan;
    private final double[] scalars;
    /** Every scalar as often as a vector has lanes. */
    private final double[] splats;
    private final double[][] arrays;
    private final int[] offsets;

    DoubleFormula(FormulaPlan plan, double[] scalars, Tensor[] operands) {
        this.plan = plan;
        this.scalars = scalars;
        splats = new double[plan.takesScalars() ? WIDTH * scalars.length : 0];
        for (int i = 0; i < splats.length; i++) {
            splats[i] = this.scalars[i / WIDTH];
        }
        arrays = new double[operands.length][];
        offsets = new int[operands.length];
        for (int i = 0; i < operands.length; i++) {
            arrays[i] = operands[i].doubles();
            offsets[i] = operands[i].offset();
        }
    }

    /** All passes over elements from … to − 1, block by block. */
    void run(int from, int to, double[] scratch) {
        if (plan.asMoments() != null) {
            moments(plan.asMoments(), from, to - from);
            return;
        }
        List<FormulaPlan.Pass> passes = plan.passes();
        for (int start = from; start < to; start += FormulaRunner.BLOCK) {
            int n = Math.min(FormulaRunner.BLOCK, to - start);
            for (int i = 0; i < passes.size(); i++) {
                pass(passes.get(i), start, n, scratch);
            }
            for (int i = 0; i < plan.copies().size(); i++) {
                int place = plan.copies().get(i).place();
                int operand = plan.copies().get(i).operand();
                System.arraycopy(array(place, scratch), offset(place, start), arrays[operand], offsets[operand] + start, n);
            }
        }
    }

    private void moments(FormulaPlan.Moments m, int from, int n) {
        moments(arrays[m.w()], offsets[m.w()] + from, arrays[m.g()], offsets[m.g()] + from, arrays[m.mu()], offsets[m.mu()] + from, arrays[m.nu()], offsets[m.nu()] + from,
                scalars[m.keepMu()], scalars[m.addMu()], scalars[m.keepNu()], scalars[m.addNu()], m.scale() < 0 ? 1 : scalars[m.scale()], scalars[m.epsilon()],
                scalars[m.rate()], n);
    }

    private double[] array(int place, double[] scratch) {
        int home = plan.home(place);
        return home < 0 ? scratch : arrays[home];
    }

    private int offset(int place, int start) {
        int home = plan.home(place);
        return home < 0 ? (-1 - home) * FormulaRunner.BLOCK : offsets[home] + start;
    }

    private void pass(FormulaPlan.Pass p, int start, int n, double[] scratch) {
        double[] x = array(p.x(), scratch);
        double[] y = array(p.y(), scratch);
        double[] z = array(p.z(), scratch);
        double[] out = array(p.result(), scratch);
        int xo = offset(p.x(), start);
        int yo = offset(p.y(), start);
        int zo = offset(p.z(), start);
        int oo = offset(p.result(), start);
        double s = scalars[p.s()];
        double t = scalars[p.t()];
        switch (p.kind()) {
            case MAP -> map(p.function(), x, xo, out, oo, n);
            case PAIR -> DoubleZips.apply(p.zip(), x, xo, 1, y, yo, 1, out, oo, n);
            case SCALAR -> DoubleZips.apply(p.zip(), x, xo, 1, splats, p.s() * WIDTH, 0, out, oo, n);
            case ADD -> add(x, xo, y, yo, out, oo, n);
            case MIX -> mix(x, xo, s, y, yo, t, out, oo, n);
            case MIX_SQUARE -> mixSquare(x, xo, s, y, yo, t, out, oo, n);
            case ADD_SCALED -> addScaled(x, xo, y, yo, s, out, oo, n);
            case ADD_RATIO -> addRatio(x, xo, y, yo, z, zo, s, out, oo, n);
            case RATIO -> ratio(x, xo, y, yo, s, out, oo, n);
            case SCALED_ROOT -> scaledRoot(x, xo, s, t, out, oo, n);
            case ROOT_PLUS -> rootPlus(x, xo, s, out, oo, n);
            case ROOT_OF_SUM -> rootOfSum(x, xo, s, out, oo, n);
        }
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    /** Roots and squares answer with the one NaN of {@link Function}. */
    private static DoubleVector quiet(DoubleVector y) {
        VectorMask<Double> nan = y.compare(VectorOperators.NE, y);
        return y.blend(Double.NaN, nan);
    }

    private static void map(Function f, double[] x, int xo, double[] out, int oo, int n) {
        for (int i = 0; i < n; i++) {
            out[oo + i] = f.apply(x[xo + i]);
        }
    }

    private static void add(double[] x, int xo, double[] y, int yo, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).add(load(y, yo + i)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] + y[yo + i];
        }
    }

    private static void mix(double[] x, int xo, double s, double[] y, int yo, double t, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).mul(s).add(load(y, yo + i).mul(t)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] * s + y[yo + i] * t;
        }
    }

    private static void mixSquare(double[] x, int xo, double s, double[] y, int yo, double t, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            DoubleVector v = load(y, yo + i);
            load(x, xo + i).mul(s).add(quiet(v.mul(v)).mul(t)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] * s + Function.SQUARE.apply(y[yo + i]) * t;
        }
    }

    private static void addScaled(double[] x, int xo, double[] y, int yo, double s, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).add(load(y, yo + i).mul(s)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] + y[yo + i] * s;
        }
    }

    private static void addRatio(double[] x, int xo, double[] y, int yo, double[] z, int zo, double s, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).add(load(y, yo + i).div(load(z, zo + i)).mul(s)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] + y[yo + i] / z[zo + i] * s;
        }
    }

    private static void ratio(double[] x, int xo, double[] y, int yo, double s, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).div(load(y, yo + i)).mul(s).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] / y[yo + i] * s;
        }
    }

    private static void scaledRoot(double[] x, int xo, double s, double t, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            quiet(load(x, xo + i).lanewise(VectorOperators.SQRT)).mul(s).add(t).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = Function.SQRT.apply(x[xo + i]) * s + t;
        }
    }

    private static void rootPlus(double[] x, int xo, double s, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            quiet(load(x, xo + i).lanewise(VectorOperators.SQRT)).add(s).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = Function.SQRT.apply(x[xo + i]) + s;
        }
    }

    private static void rootOfSum(double[] x, int xo, double s, double[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            quiet(load(x, xo + i).add(s).lanewise(VectorOperators.SQRT)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = Function.SQRT.apply(x[xo + i] + s);
        }
    }

    /** MIX, MIX_SQUARE, SCALED_ROOT (or ROOT_PLUS, whose root times 1 is itself) and ADD_RATIO of one element after the other; see {@link FormulaPlan#asMoments}. */
    private static void moments(double[] w, int wo, double[] g, int go, double[] mu, int muo, double[] nu, int nuo,
            double keepMu, double addMu, double keepNu, double addNu, double scale, double epsilon, double rate, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            DoubleVector u = load(g, go + i);
            DoubleVector m = load(mu, muo + i).mul(keepMu).add(u.mul(addMu));
            DoubleVector v = load(nu, nuo + i).mul(keepNu).add(quiet(u.mul(u)).mul(addNu));
            m.intoArray(mu, muo + i);
            v.intoArray(nu, nuo + i);
            DoubleVector root = quiet(v.lanewise(VectorOperators.SQRT)).mul(scale).add(epsilon);
            load(w, wo + i).add(m.div(root).mul(rate)).intoArray(w, wo + i);
        }
        for (; i < n; i++) {
            double m = mu[muo + i] * keepMu + g[go + i] * addMu;
            double v = nu[nuo + i] * keepNu + Function.SQUARE.apply(g[go + i]) * addNu;
            mu[muo + i] = m;
            nu[nuo + i] = v;
            w[wo + i] = w[wo + i] + m / (Function.SQRT.apply(v) * scale + epsilon) * rate;
        }
    }
}
