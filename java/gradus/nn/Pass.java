package gradus.nn;

import gradus.numerics.RandomStream;

/**
 * What a forward pass is for: training, where dropout draws and batch norm uses the batch's statistics, or evaluation.
 *
 * @param random where training draws from; null in evaluation
 */
public record Pass(RandomStream random) {
    /** A pass that draws nothing and uses running statistics. */
    public static final Pass EVALUATION = new Pass(null);

    /** A training pass that draws from this stream. */
    public static Pass training(RandomStream random) {
        return new Pass(java.util.Objects.requireNonNull(random, "a training pass needs a random stream"));
    }

    /** Whether this is a training pass. */
    public boolean isTraining() {
        return random != null;
    }
}
