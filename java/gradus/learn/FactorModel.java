package gradus.learn;

import gradus.linalg.Matrix;
import gradus.numerics.Sums;

/** Factors that {@link Factorization} found, and how it came there. */
public final class FactorModel {
    private final double[] mean;
    private final Matrix q;
    private final Matrix p;
    private final double[] trainingLoss;
    private final double[] validationLoss;
    private final int bestStep;

    FactorModel(double[] mean, Matrix q, Matrix p) {
        this(mean, q, p, new double[0], new double[0], 0);
    }

    private FactorModel(double[] mean, Matrix q, Matrix p, double[] trainingLoss, double[] validationLoss, int bestStep) {
        this.mean = mean;
        this.q = q;
        this.p = p;
        this.trainingLoss = trainingLoss;
        this.validationLoss = validationLoss;
        this.bestStep = bestStep;
    }

    FactorModel with(double[] training, double[] validation, int best) {
        return new FactorModel(mean, q, p, training, validation, best);
    }

    /** Row u holds q(u). */
    public Matrix userFactors() {
        return q;
    }

    /** Row v holds p(v). */
    public Matrix itemFactors() {
        return p;
    }

    /** The mean of each user's training ratings; of users without any, the mean of all. A copy. */
    public double[] userMeans() {
        return mean.clone();
    }

    /** m(u) + q(u)·p(v). */
    public double predict(int user, int item) {
        int k = q.columns();
        return mean[user] + Sums.dot(q.data(), user * k, 1, p.data(), item * k, 1, k);
    }

    /** Σ (r − prediction)² over ratings of the same users and items. */
    public double squaredError(Ratings ratings) {
        double[] squares = new double[ratings.size()];
        for (int i = 0; i < squares.length; i++) {
            double error = ratings.value(i) - predict(ratings.user(i), ratings.item(i));
            squares[i] = error * error;
        }
        return Sums.sum(squares, 0, 1, squares.length);
    }

    /** The root of the mean squared error over ratings of the same users and items. */
    public double rmse(Ratings ratings) {
        return Math.sqrt(squaredError(ratings) / ratings.size());
    }

    /** Σ (r − prediction)² of the training ratings after each step. A copy. */
    public double[] trainingLoss() {
        return trainingLoss.clone();
    }

    /** Σ (r − prediction)² of the validation ratings after each step. A copy. */
    public double[] validationLoss() {
        return validationLoss.clone();
    }

    /** The step, from 1, whose factors these are: the one with the smallest validation loss. */
    public int bestStep() {
        return bestStep;
    }
}
