package gradus.learn;

import gradus.backend.Backend;
import gradus.backend.PlaneDescent;
import gradus.backend.Workers;
import gradus.numerics.Functions;
import gradus.numerics.Sums;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Gradient descent of t-SNE with momentum and gains (Jacobs 1988), step for step as scikit-learn does it:
 *
 * <pre>  g = 4(ε·Σⱼ pᵢⱼqᵢⱼ(yᵢ − yⱼ) − Σⱼ q²ᵢⱼ(yᵢ − yⱼ)/Z)      gain ← max(gain + 0.2 or gain·0.8, 0.01)      Δ ← μΔ − η·gain·g      y ← y + Δ</pre>
 *
 * A gain grows where Δ and g have opposite signs. ε is the exaggeration, 1 after the first steps.
 */
final class TsneDescent implements AutoCloseable {
    private static final int ROWS = 128;
    private static final int POINTS = 2048;

    private final Tsne options;
    private final Affinity affinity;
    private final Workers workers;
    private final LearnKernels kernels;
    private final Repulsion repulsion;
    /** The steps on a device, which then has the points; those here are copies of them. Null: the steps run here. */
    private final PlaneDescent device;
    private final int n;
    private final float rate;
    private final Axis x;
    private final Axis y;
    private final double entropy;
    private final double mass;
    private double z;

    /** One coordinate of all points, with its forces, gains, last moves and last gradient. */
    private static final class Axis {
        final float[] at;
        final float[] pull;
        final float[] push;
        final float[] gain;
        final float[] move;
        final float[] gradient;

        Axis(float[] at) {
            this.at = at;
            this.pull = new float[at.length];
            this.push = new float[at.length];
            this.gain = new float[at.length];
            this.move = new float[at.length];
            this.gradient = new float[at.length];
        }

        void restart() {
            Arrays.fill(gain, 1);
            Arrays.fill(move, 0);
        }

        void update(int from, int to, float exaggeration, float perZ, float momentum, float rate) {
            for (int i = from; i < to; i++) {
                float g = -4 * Math.fma(exaggeration, pull[i], push[i] * perZ);
                boolean opposed = move[i] * g < 0;
                gain[i] = Math.max(opposed ? gain[i] + 0.2f : gain[i] * 0.8f, 0.01f);
                gradient[i] = gain[i] * g;
                move[i] = Math.fma(momentum, move[i], -(rate * gradient[i]));
                at[i] += move[i];
            }
        }
    }

    TsneDescent(Tsne options, Affinity affinity, Tensor from, Workers workers, LearnKernels kernels, Backend backend) {
        this.options = options;
        this.affinity = affinity;
        this.workers = workers;
        this.kernels = kernels;
        this.n = affinity.size();
        this.rate = (float) options.learningRateFor(n);
        float[] start = from.toFloats();
        this.x = new Axis(new float[n]);
        this.y = new Axis(new float[n]);
        for (int i = 0; i < n; i++) {
            x.at[i] = start[2 * i];
            y.at[i] = start[2 * i + 1];
        }
        this.repulsion = switch (options.method()) {
            case BARNES_HUT -> new BarnesHut(n, options.angle(), kernels);
            case EXACT -> new ExactRepulsion(n, kernels);
        };
        this.device = backend == null ? null : backend.planeDescent(x.at, y.at, affinity.start(), affinity.column(), affinity.p()).orElse(null);
        double[] sums = new double[n];
        double[] terms = new double[n];
        pieces(n, ROWS, (a, b) -> {
            for (int i = a; i < b; i++) {
                sums[i] = WideSums.sum(affinity.p(), affinity.start()[i], affinity.start()[i + 1] - affinity.start()[i]);
                terms[i] = row(i, (e, p) -> p * StrictMath.log(p));
            }
        });
        this.mass = Sums.sum(sums, 0, 1, n);
        this.entropy = Sums.sum(terms, 0, 1, n);
    }

    Embedding run(Consumer<Tsne.Check> watcher) {
        restart();
        double best = Double.POSITIVE_INFINITY;
        int bestStep = 0;
        int step = 0;
        double norm = Double.NaN;
        while (step < options.steps()) {
            boolean exaggerated = step < options.exaggerationSteps();
            if (step == options.exaggerationSteps()) {
                restart();
            }
            forces();
            step++;
            boolean checks = step % options.checkEvery() == 0;
            if (checks) {
                fetch();
            }
            double kl = checks ? divergence() : Double.NaN;
            update(exaggerated ? (float) options.exaggeration() : 1, (float) (exaggerated ? options.firstMomentum() : options.momentum()));
            if (checks) {
                fetch();
                norm = gradientNorm(step);
                watcher.accept(new Tsne.Check(step, options.steps(), kl, norm, points()));
                if (kl < best || exaggerated) {
                    best = exaggerated ? Double.POSITIVE_INFINITY : kl;
                    bestStep = step;
                } else if (step - bestStep > options.patience()) {
                    break;
                }
                if (norm <= options.smallestGradient() && !exaggerated) {
                    break;
                }
            }
        }
        fetch();
        norm = gradientNorm(step);
        forces();
        fetch();
        return new Embedding(points(), divergence(), norm, step);
    }

    private void restart() {
        if (device != null) {
            device.restart();
        }
        x.restart();
        y.restart();
    }

    /** Brings points, gradient and Z here from a device. */
    private void fetch() {
        if (device != null) {
            device.read(x.at, y.at, x.gradient, y.gradient);
            z = device.z();
        }
    }

    @Override
    public void close() {
        if (device != null) {
            device.close();
        }
    }

    /** Pull and push at the present points. The tree grows while other threads add up the pull, which does not need it. */
    private void forces() {
        if (device != null) {
            device.forces();
            return;
        }
        workers.forEach(1 + (n + ROWS - 1) / ROWS, piece -> {
            if (piece == 0) {
                repulsion.prepare(x.at, y.at);
            } else {
                kernels.attract(x.at, y.at, (piece - 1) * ROWS, Math.min(n, piece * ROWS), affinity, x.pull, y.pull);
            }
        });
        z = repulsion.push(x.push, y.push, workers);
    }

    private void update(float exaggeration, float momentum) {
        if (device != null) {
            device.update(exaggeration, momentum, rate);
            return;
        }
        float perZ = (float) (1 / z);
        pieces(n, POINTS, (from, to) -> {
            x.update(from, to, exaggeration, perZ, momentum, rate);
            y.update(from, to, exaggeration, perZ, momentum, rate);
        });
    }

    /** Σ p log(p/q) with q = 1 / ((1 + d²)Z): Σ p log p + Σ p log(1 + d²) + log Z · Σ p. */
    private double divergence() {
        double[] terms = new double[n];
        pieces(n, ROWS, (from, to) -> {
            for (int i = from; i < to; i++) {
                int me = i;
                terms[i] = row(i, (e, p) -> {
                    int j = affinity.column()[e];
                    float dx = x.at[me] - x.at[j];
                    float dy = y.at[me] - y.at[j];
                    return p * Functions.log1p(Math.fma(dx, dx, dy * dy));
                });
            }
        });
        return entropy + Sums.sum(terms, 0, 1, n) + mass * StrictMath.log(z);
    }

    private interface Term {
        double of(int entry, double p);
    }

    /** The sum of a term over the entries of a row that have an affinity: 16 virtual lanes, folded pairwise. */
    private double row(int i, Term term) {
        double[] lanes = new double[Sums.LANES];
        for (int e = affinity.start()[i], l = 0; e < affinity.start()[i + 1]; e++, l = (l + 1) % Sums.LANES) {
            double p = affinity.p()[e];
            if (p > 0) {
                lanes[l] += term.of(e, p);
            }
        }
        return Sums.fold(lanes);
    }

    private double gradientNorm(int step) {
        double norm = Math.sqrt(WideSums.squares(x.gradient, 0, n) + WideSums.squares(y.gradient, 0, n));
        if (!Double.isFinite(norm)) {
            throw new ArithmeticException("tsne: after " + step + " steps the gradient's norm is " + norm + "; lower the learning rate, which is " + rate);
        }
        return norm;
    }

    private Tensor points() {
        float[] both = new float[2 * n];
        for (int i = 0; i < n; i++) {
            both[2 * i] = x.at[i];
            both[2 * i + 1] = y.at[i];
        }
        return Tensor.of(both, n, 2);
    }

    private interface Range {
        void over(int from, int to);
    }

    private void pieces(int count, int size, Range body) {
        workers.forEach((count + size - 1) / size, piece -> body.over(piece * size, Math.min(count, (piece + 1) * size)));
    }
}
