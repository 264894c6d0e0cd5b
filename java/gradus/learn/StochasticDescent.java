package gradus.learn;

import gradus.linalg.Matrix;
import gradus.numerics.RandomStream;

/** Stochastic gradient descent over single ratings; sequential, for each sees what the one before it left. */
final class StochasticDescent implements FactorSteps {
    private final CenteredRatings data;
    private final Matrix q;
    private final Matrix p;
    private final double lambda;
    private final double rate;
    private final long seed;
    private final int[] user;
    private final double[] before;

    StochasticDescent(CenteredRatings data, Matrix q, Matrix p, double lambda, double rate, long seed) {
        this.data = data;
        this.q = q;
        this.p = p;
        this.lambda = lambda;
        this.rate = rate;
        this.seed = seed;
        this.before = new double[q.columns()];
        this.user = new int[data.item().length];
        for (int u = 0; u < data.users(); u++) {
            java.util.Arrays.fill(user, data.userStart()[u], data.userStart()[u + 1], u);
        }
    }

    @Override
    public void step(int number) {
        int k = q.columns();
        double keep = 1 - rate * lambda;
        for (int i : new RandomStream(seed, "ratings/order " + number).permutation(user.length)) {
            int u = user[i] * k;
            int v = data.item()[i] * k;
            double move = rate * (data.value()[i] - Factors.KERNELS.dot(q.data(), u, p.data(), v, k));
            System.arraycopy(q.data(), u, before, 0, k);
            Factors.KERNELS.scale(keep, q.data(), u, k);
            Factors.KERNELS.axpy(move, p.data(), v, q.data(), u, k);
            Factors.KERNELS.scale(keep, p.data(), v, k);
            Factors.KERNELS.axpy(move, before, 0, p.data(), v, k);
        }
    }
}
