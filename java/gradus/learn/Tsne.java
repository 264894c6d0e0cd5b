package gradus.learn;

import gradus.backend.Backend;
import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.function.Consumer;

/**
 * t-distributed stochastic neighbour embedding in the plane (van der Maaten and Hinton 2008; by Barnes and Hut: van der Maaten 2014), in float32.
 *
 * <p>{@link #standard()} has scikit-learn's defaults since 1.2. The stages can be held and used by themselves: {@link TsneStart}, {@link Neighbours},
 * {@link Affinity}, and the descent, {@link #embed}. The embedding has the same bits on any number of threads and any width of vectors.
 *
 * @param perplexity        how many neighbours each point is to have, in the sense of entropy; ⌊3·perplexity⌋ + 1 nearest rows are looked at
 * @param exaggeration      factor on the affinities in the first steps
 * @param exaggerationSteps how many first steps; then gains and momentum start anew
 * @param steps             all steps, the first included
 * @param learningRate      step size, or {@link #AUTOMATIC}: max(n / exaggeration / 4, 50)
 * @param firstMomentum     momentum while exaggerated
 * @param momentum          momentum afterwards
 * @param method            how repulsion is summed
 * @param angle             θ of Barnes and Hut: a cell stands for its points when its width is below θ times its distance
 * @param start             where to begin
 * @param seed              what random starts are drawn from
 * @param checkEvery        steps between checks, at which the divergence is taken, watchers are told and the descent may stop
 * @param patience          after the first steps, stop at a check when the divergence has not fallen for more than so many steps
 * @param smallestGradient  stop at a check when the gradient's norm is no larger
 */
public record Tsne(double perplexity, double exaggeration, int exaggerationSteps, int steps, double learningRate, double firstMomentum,
        double momentum, Method method, double angle, TsneStart start, long seed, int checkEvery, int patience, double smallestGradient) {
    /** The learning rate that follows from the number of points. */
    public static final double AUTOMATIC = 0;
    private static final String NAME = "tsne";
    private static final double SMALLEST_ANGLE = 0.01;

    /** How repulsion is summed. */
    public enum Method {
        /** Over cells of a quadtree, with affinities to the nearest rows: about n log n. */
        BARNES_HUT,
        /** Over all pairs, with affinities to all other rows: n², for checking and for few points. */
        EXACT
    }

    /**
     * What the descent tells its watcher at a check.
     *
     * @param step         steps done
     * @param steps        steps in all
     * @param kl           Kullback-Leibler divergence before this step, without exaggeration
     * @param gradientNorm norm of this step's gradient, gains included
     * @param points       the points now, a copy, [n, 2]
     */
    public record Check(int step, int steps, double kl, double gradientNorm, Tensor points) {
    }

    /** Refuses what no descent can use. */
    public Tsne {
        require(perplexity >= 1 && perplexity < Integer.MAX_VALUE / 4, "perplexity", perplexity, "at least 1");
        require(exaggeration >= 1 && exaggeration < 1e6, "exaggeration", exaggeration, "from 1 to 10^6");
        require(exaggerationSteps >= 0, "exaggerationSteps", exaggerationSteps, "0 or more");
        require(steps >= 1, "steps", steps, "at least 1");
        require(learningRate == AUTOMATIC || learningRate > 0 && learningRate < 1e35, "learningRate", learningRate, "AUTOMATIC, or above 0");
        require(firstMomentum >= 0 && firstMomentum < 1, "firstMomentum", firstMomentum, "from 0 to below 1");
        require(momentum >= 0 && momentum < 1, "momentum", momentum, "from 0 to below 1");
        require(angle >= SMALLEST_ANGLE && angle <= 1, "angle", angle, "from 0.01 to 1 (smaller: method EXACT)");
        require(checkEvery >= 1, "checkEvery", checkEvery, "at least 1");
        require(patience >= 0, "patience", patience, "0 or more");
        require(smallestGradient >= 0, "smallestGradient", smallestGradient, "0 or more");
    }

    private static void require(boolean holds, String name, double value, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(NAME + ": " + name + " is " + value + "; wanted " + wanted);
        }
    }

    /** Perplexity 30, exaggeration 12 for 250 of 1000 steps, momentum 0.5 then 0.8, angle 0.5, start from principal components: scikit-learn's. */
    public static Tsne standard() {
        return new Tsne(30, 12, 250, 1000, AUTOMATIC, 0.5, 0.8, Method.BARNES_HUT, 0.5, TsneStart.PCA, 0, 50, 300, 1e-7);
    }

    /** With another perplexity. */
    public Tsne withPerplexity(double value) {
        return new Tsne(value, exaggeration, exaggerationSteps, steps, learningRate, firstMomentum, momentum, method, angle, start, seed, checkEvery,
                patience, smallestGradient);
    }

    /** With another exaggeration, for so many first steps. */
    public Tsne withExaggeration(double value, int firstSteps) {
        return new Tsne(perplexity, value, firstSteps, steps, learningRate, firstMomentum, momentum, method, angle, start, seed, checkEvery, patience,
                smallestGradient);
    }

    /** With another number of steps. */
    public Tsne withSteps(int value) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, value, learningRate, firstMomentum, momentum, method, angle, start, seed,
                checkEvery, patience, smallestGradient);
    }

    /** With another learning rate. */
    public Tsne withLearningRate(double value) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, steps, value, firstMomentum, momentum, method, angle, start, seed, checkEvery,
                patience, smallestGradient);
    }

    /** With other momenta, while exaggerated and afterwards. */
    public Tsne withMomentum(double first, double afterwards) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, steps, learningRate, first, afterwards, method, angle, start, seed, checkEvery,
                patience, smallestGradient);
    }

    /** With another method. */
    public Tsne withMethod(Method value) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, steps, learningRate, firstMomentum, momentum, value, angle, start, seed, checkEvery,
                patience, smallestGradient);
    }

    /** With another angle. */
    public Tsne withAngle(double value) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, steps, learningRate, firstMomentum, momentum, method, value, start, seed, checkEvery,
                patience, smallestGradient);
    }

    /** With another start and the seed that it may draw from. */
    public Tsne withStart(TsneStart value, long newSeed) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, steps, learningRate, firstMomentum, momentum, method, angle, value, newSeed,
                checkEvery, patience, smallestGradient);
    }

    /** With other checks: how often, and when to stop. */
    public Tsne withChecks(int every, int newPatience, double newSmallestGradient) {
        return new Tsne(perplexity, exaggeration, exaggerationSteps, steps, learningRate, firstMomentum, momentum, method, angle, start, seed, every,
                newPatience, newSmallestGradient);
    }

    /** The embedding of the rows of x [n, d]. Errors as for {@link #fit(Tensor, Workers, Consumer)}. */
    public Embedding fit(Tensor x, Workers workers) {
        return fit(x, workers, check -> { });
    }

    /**
     * The embedding of the rows of x [n, d].
     *
     * @param watcher is told at every check, on this thread
     * @throws ShapeException when x has not two axes
     * @throws IllegalArgumentException when an entry is not finite, or the perplexity is not below n − 1
     * @throws ArithmeticException when the descent diverges: the learning rate is too large
     */
    public Embedding fit(Tensor x, Workers workers, Consumer<Check> watcher) {
        Affinity affinity = affinity(x, workers);
        return embed(affinity, start.of(x, seed, workers), workers, watcher);
    }

    /** The affinities that {@link #fit} would use. Errors as there. */
    public Affinity affinity(Tensor x, Workers workers) {
        if (x.rank() != 2) {
            throw new ShapeException(NAME + ": data " + x.shape() + " has " + x.rank() + " axes; rows of features [n, d] are wanted");
        }
        int n = x.dim(0);
        if (!(perplexity < n - 1)) {
            throw new IllegalArgumentException(NAME + ": perplexity " + perplexity + " is too large for " + n + " points; wanted below " + (n - 1));
        }
        int k = method == Method.EXACT ? n - 1 : (int) Math.min(n - 1, 3 * perplexity + 1);
        return Affinity.of(Neighbours.of(x, k, workers), perplexity, workers);
    }

    /**
     * The descent alone, from given points.
     *
     * @param from coordinates [n, 2] to begin with
     * @throws ShapeException when {@code from} does not fit the affinities
     * @throws ArithmeticException when the descent diverges
     */
    public Embedding embed(Affinity affinity, Tensor from, Workers workers, Consumer<Check> watcher) {
        return embed(affinity, from, workers, watcher, LearnKernels.best());
    }

    /**
     * The descent alone; by method EXACT its steps run on the backend, where that has kernels for them, and read nothing back between checks.
     *
     * @param from coordinates [n, 2] to begin with
     */
    public Embedding embed(Affinity affinity, Tensor from, Workers workers, Backend backend, Consumer<Check> watcher) {
        return embed(affinity, from, workers, watcher, LearnKernels.best(), backend);
    }

    Embedding embed(Affinity affinity, Tensor from, Workers workers, Consumer<Check> watcher, LearnKernels kernels) {
        return embed(affinity, from, workers, watcher, kernels, null);
    }

    private Embedding embed(Affinity affinity, Tensor from, Workers workers, Consumer<Check> watcher, LearnKernels kernels, Backend backend) {
        if (from.rank() != 2 || from.dim(0) != affinity.size() || from.dim(1) != 2) {
            throw new ShapeException(NAME + ": start " + from.shape() + " for the affinities of " + affinity.size() + " points; wanted ["
                    + affinity.size() + ", 2]");
        }
        Inputs.floats(NAME + " start", from);
        try (TsneDescent descent = new TsneDescent(this, affinity, from, workers, kernels, method == Method.EXACT ? backend : null)) {
            return descent.run(watcher);
        }
    }

    double learningRateFor(int n) {
        return learningRate != AUTOMATIC ? learningRate : Math.max(n / exaggeration / 4, 50);
    }
}
