package gradus.backend.simd;

import gradus.numerics.Function;
import gradus.numerics.VectorFunctions;
import gradus.tensor.Tensor;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A {@link FormulaPlan} on float32. {@link DoubleFormula} is its twin; both are checked against the backend's plain operations. */
final class FloatFormula {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int WIDTH = SPECIES.length();

    private final FormulaPlan plan;
    private final float[] scalars;
    /** Every scalar as often as a vector has lanes. */
    private final float[] splats;
    private final float[][] arrays;
    private final int[] offsets;

    FloatFormula(FormulaPlan plan, double[] scalars, Tensor[] operands) {
        this.plan = plan;
        this.scalars = new float[scalars.length];
        for (int i = 0; i < scalars.length; i++) {
            this.scalars[i] = (float) scalars[i];
        }
        splats = new float[plan.takesScalars() ? WIDTH * scalars.length : 0];
        for (int i = 0; i < splats.length; i++) {
            splats[i] = this.scalars[i / WIDTH];
        }
        arrays = new float[operands.length][];
        offsets = new int[operands.length];
        for (int i = 0; i < operands.length; i++) {
            arrays[i] = operands[i].floats();
            offsets[i] = operands[i].offset();
        }
    }

    /** All passes over elements from … to − 1, block by block. */
    void run(int from, int to, float[] scratch) {
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

    private float[] array(int place, float[] scratch) {
        int home = plan.home(place);
        return home < 0 ? scratch : arrays[home];
    }

    private int offset(int place, int start) {
        int home = plan.home(place);
        return home < 0 ? (-1 - home) * FormulaRunner.BLOCK : offsets[home] + start;
    }

    private void pass(FormulaPlan.Pass p, int start, int n, float[] scratch) {
        float[] x = array(p.x(), scratch);
        float[] y = array(p.y(), scratch);
        float[] z = array(p.z(), scratch);
        float[] out = array(p.result(), scratch);
        int xo = offset(p.x(), start);
        int yo = offset(p.y(), start);
        int zo = offset(p.z(), start);
        int oo = offset(p.result(), start);
        float s = scalars[p.s()];
        float t = scalars[p.t()];
        switch (p.kind()) {
            case MAP -> VectorFunctions.apply(p.function(), x, xo, out, oo, n);
            case PAIR -> FloatZips.apply(p.zip(), x, xo, 1, y, yo, 1, out, oo, n);
            case SCALAR -> FloatZips.apply(p.zip(), x, xo, 1, splats, p.s() * WIDTH, 0, out, oo, n);
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

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(SPECIES, x, at);
    }

    /** Roots and squares answer with the one NaN of {@link Function}. */
    private static FloatVector quiet(FloatVector y) {
        VectorMask<Float> nan = y.compare(VectorOperators.NE, y);
        return y.blend(Float.NaN, nan);
    }

    private static void add(float[] x, int xo, float[] y, int yo, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).add(load(y, yo + i)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] + y[yo + i];
        }
    }

    private static void mix(float[] x, int xo, float s, float[] y, int yo, float t, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).mul(s).add(load(y, yo + i).mul(t)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] * s + y[yo + i] * t;
        }
    }

    private static void mixSquare(float[] x, int xo, float s, float[] y, int yo, float t, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector v = load(y, yo + i);
            load(x, xo + i).mul(s).add(quiet(v.mul(v)).mul(t)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] * s + Function.SQUARE.apply(y[yo + i]) * t;
        }
    }

    private static void addScaled(float[] x, int xo, float[] y, int yo, float s, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).add(load(y, yo + i).mul(s)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] + y[yo + i] * s;
        }
    }

    private static void addRatio(float[] x, int xo, float[] y, int yo, float[] z, int zo, float s, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).add(load(y, yo + i).div(load(z, zo + i)).mul(s)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] + y[yo + i] / z[zo + i] * s;
        }
    }

    private static void ratio(float[] x, int xo, float[] y, int yo, float s, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(x, xo + i).div(load(y, yo + i)).mul(s).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = x[xo + i] / y[yo + i] * s;
        }
    }

    private static void scaledRoot(float[] x, int xo, float s, float t, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            quiet(load(x, xo + i).lanewise(VectorOperators.SQRT)).mul(s).add(t).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = Function.SQRT.apply(x[xo + i]) * s + t;
        }
    }

    private static void rootPlus(float[] x, int xo, float s, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            quiet(load(x, xo + i).lanewise(VectorOperators.SQRT)).add(s).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = Function.SQRT.apply(x[xo + i]) + s;
        }
    }

    private static void rootOfSum(float[] x, int xo, float s, float[] out, int oo, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            quiet(load(x, xo + i).add(s).lanewise(VectorOperators.SQRT)).intoArray(out, oo + i);
        }
        for (; i < n; i++) {
            out[oo + i] = Function.SQRT.apply(x[xo + i] + s);
        }
    }

    /** MIX, MIX_SQUARE, SCALED_ROOT (or ROOT_PLUS, whose root times 1 is itself) and ADD_RATIO of one element after the other; see {@link FormulaPlan#asMoments}. */
    private static void moments(float[] w, int wo, float[] g, int go, float[] mu, int muo, float[] nu, int nuo,
            float keepMu, float addMu, float keepNu, float addNu, float scale, float epsilon, float rate, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector u = load(g, go + i);
            FloatVector m = load(mu, muo + i).mul(keepMu).add(u.mul(addMu));
            FloatVector v = load(nu, nuo + i).mul(keepNu).add(quiet(u.mul(u)).mul(addNu));
            m.intoArray(mu, muo + i);
            v.intoArray(nu, nuo + i);
            FloatVector root = quiet(v.lanewise(VectorOperators.SQRT)).mul(scale).add(epsilon);
            load(w, wo + i).add(m.div(root).mul(rate)).intoArray(w, wo + i);
        }
        for (; i < n; i++) {
            float m = mu[muo + i] * keepMu + g[go + i] * addMu;
            float v = nu[nuo + i] * keepNu + Function.SQUARE.apply(g[go + i]) * addNu;
            mu[muo + i] = m;
            nu[nuo + i] = v;
            w[wo + i] = w[wo + i] + m / (Function.SQRT.apply(v) * scale + epsilon) * rate;
        }
    }
}
