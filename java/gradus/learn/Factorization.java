package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import java.util.function.Consumer;

/**
 * Ratings as a product of factors: r(u, v) ≈ m(u) + q(u)·p(v), with m(u) the mean of the user's training ratings. Minimises
 * Σ (r − m − q·p)² + λ(Σ‖q‖² + Σ‖p‖²) over the training ratings (Koren, Bell and Volinsky 2009).
 *
 * <p>After every step the squared errors of the training and the validation ratings are summed; when the latter have not fallen for {@code patience} steps the method
 * stops, and the factors of the best step are returned. The result does not depend on the number of threads.
 *
 * @param factors  length of q and p
 * @param lambda   weight λ of the penalty
 * @param steps    most steps
 * @param patience steps without a better validation error before the method stops
 * @param method   how the factors are found
 * @param start    where they begin
 * @param seed     what random starts and orders are drawn from
 */
public record Factorization(int factors, double lambda, int steps, int patience, Method method, FactorStart start, long seed) {
    static final String NAME = "ratings";

    /** How the factors are found. */
    public sealed interface Method permits Alternating, Stochastic {
    }

    /** Alternating ridge regression: in a step all q are solved for with p fixed, then all p with q fixed. */
    public record Alternating() implements Method {
    }

    /**
     * Stochastic gradient descent: in a step every training rating in turn, in an order drawn anew, moves its q and p by {@code rate·(error·other − λ·self)}.
     *
     * @param rate the step size
     */
    public record Stochastic(double rate) implements Method {
        /** Refuses a rate that is not positive. */
        public Stochastic {
            if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(NAME + ": learning rate " + rate + "; wanted above 0");
            }
        }
    }

    /** What a watcher is told after each step: sums of squared errors. */
    public record Step(int step, double training, double validation) {
    }

    /** Refuses what makes no sense. */
    public Factorization {
        if (factors < 1 || !(lambda >= 0 && lambda < Double.POSITIVE_INFINITY) || steps < 1 || patience < 1) {
            throw new IllegalArgumentException(NAME + ": " + factors + " factors, lambda " + lambda + ", " + steps + " steps, patience " + patience
                    + "; wanted at least 1, 0, 1 and 1");
        }
    }

    /**
     * Fits the training ratings.
     *
     * @throws IllegalArgumentException when the two parts have different users or items
     * @throws ArithmeticException when λ is 0 and the equations of a user or item are singular, or stochastic descent diverges
     */
    public FactorModel fit(Ratings training, Ratings validation, Workers workers, Consumer<Step> watcher) {
        if (training.users() != validation.users() || training.items() != validation.items()) {
            throw new IllegalArgumentException(NAME + ": training " + training + " and validation " + validation + " differ in users or items");
        }
        CenteredRatings data = CenteredRatings.of(training);
        FactorStart.Pair begin = start.of(data, factors, seed, workers);
        Matrix q = begin.q();
        Matrix p = begin.p();
        FactorSteps run = switch (method) {
            case Alternating a -> new AlternatingLeastSquares(data, q, p, lambda, workers);
            case Stochastic s -> new StochasticDescent(data, q, p, lambda, s.rate(), seed);
        };
        return descend(run, data, validation, q, p, workers, watcher);
    }

    private FactorModel descend(FactorSteps run, CenteredRatings data, Ratings validation, Matrix q, Matrix p, Workers workers, Consumer<Step> watcher) {
        double[] trainingLoss = new double[steps];
        double[] validationLoss = new double[steps];
        FactorModel best = null;
        int done = 0;
        int bestStep = 0;
        while (done < steps && done - bestStep < patience) {
            run.step(done);
            FactorModel now = new FactorModel(data.mean(), q, p);
            trainingLoss[done] = data.loss(q, p, workers);
            validationLoss[done] = now.squaredError(validation);
            if (!Double.isFinite(trainingLoss[done]) || !Double.isFinite(validationLoss[done])) {
                throw new ArithmeticException(NAME + ": in step " + (done + 1) + " the error became " + trainingLoss[done] + "; lower the learning rate");
            }
            done++;
            watcher.accept(new Step(done, trainingLoss[done - 1], validationLoss[done - 1]));
            if (bestStep == 0 || validationLoss[done - 1] < validationLoss[bestStep - 1]) {
                bestStep = done;
                best = new FactorModel(data.mean(), q.copy(), p.copy());
            }
        }
        return best.with(java.util.Arrays.copyOf(trainingLoss, done), java.util.Arrays.copyOf(validationLoss, done), bestStep);
    }
}
