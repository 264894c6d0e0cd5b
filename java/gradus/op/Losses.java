package gradus.op;

import gradus.tensor.ShapeException;

/**
 * Losses as functions of values. Each is a scalar and a mean over what its line says. Prediction and target have one shape and one type, else it is a
 * {@link ShapeException}: nothing is broadcast.
 */
public final class Losses {
    private Losses() {
    }

    /** Mean of (x − t)² over all elements. */
    public static Value meanSquaredError(Value x, Value target) {
        return x.tape().apply(new Loss.MeanSquaredError(x, target));
    }

    /** Mean of |x − t| over all elements; the gradient at 0 is 0. */
    public static Value meanAbsoluteError(Value x, Value target) {
        requireSameShape("mean absolute error", x, target);
        return x.minus(target).abs().mean();
    }

    /** Mean of −t·log p − (1 − t)·log(1 − p) over all elements, as PyTorch's {@code BCELoss}: logarithms not below −100. */
    public static Value binaryCrossEntropy(Value p, Value target) {
        return p.tape().apply(new Loss.BinaryCrossEntropy(p, target));
    }

    /**
     * The same as Keras 2 computed it: p is clipped to [ε, 1 − ε] with ε = 1e-7, turned back to z = log(p/(1 − p)), and that goes to
     * {@link #binaryCrossEntropyWithLogits}. No gradient flows where p was clipped.
     */
    public static Value binaryCrossEntropyKeras2(Value p, Value target) {
        float epsilon = 1e-7f;
        Value clipped = p.clamp(epsilon, 1 - epsilon);
        return binaryCrossEntropyWithLogits(clipped.dividedBy(clipped.subtractedFrom(1)).log(), target);
    }

    /** The same as Keras within TensorFlow 2 computes it: p is clipped to [ε, 1 − ε] with ε = 1e-7, and both logarithms are of p + ε and 1 − p + ε. */
    public static Value binaryCrossEntropyKeras(Value p, Value target) {
        requireSameShape("binary cross-entropy", p, target);
        double epsilon = 1e-7;
        Value clipped = p.clamp((float) epsilon, 1 - (float) epsilon);
        Value logP = clipped.plus(epsilon).log();
        Value logQ = clipped.subtractedFrom(1).plus(epsilon).log();
        return target.times(logP).plus(target.subtractedFrom(1).times(logQ)).mean().negate();
    }

    /** Mean over all elements of max(z, 0) − z·t + log(1 + e^(−|z|)): binary cross-entropy of the sigmoid of z, without its overflow. */
    public static Value binaryCrossEntropyWithLogits(Value z, Value target) {
        requireSameShape("binary cross-entropy", z, target);
        return z.softplus().minus(z.times(target)).mean();
    }

    /**
     * Mean over the rows of −Σ t·log softmax(z): cross-entropy of logits z [N, classes] against class probabilities t, most often one-hot.
     */
    public static Value crossEntropy(Value logits, Value target) {
        requireSameShape("cross-entropy", logits, target);
        if (logits.shape().rank() < 2) {
            throw new ShapeException("cross-entropy: logits " + logits.shape() + " must have rows, [N, …, classes]");
        }
        return logits.tape().apply(new Loss.NegativeLogLikelihood(logits.logSoftmax(), target));
    }

    /** Σ t·(log t − l) over all elements divided by the rows: PyTorch's {@code KLDivLoss(reduction="batchmean")} of log-probabilities l. */
    public static Value klDivergence(Value logProbabilities, Value target) {
        requireRows("kl divergence", logProbabilities, target);
        Value entropy = logarithmOrZero(target).times(target);
        return entropy.minus(target.times(logProbabilities)).sum().dividedBy(target.shape().dim(0));
    }

    /** Keras' {@code kullback_leibler_divergence}: t and p clipped to [1e-7, 1], Σ t·log(t/p) over the last axis, mean over the rest. */
    public static Value klDivergenceKeras(Value probabilities, Value target) {
        requireRows("kl divergence", probabilities, target);
        Value t = target.clamp((float) 1e-7, 1);
        Value p = probabilities.clamp((float) 1e-7, 1);
        return t.times(t.dividedBy(p).log()).sum(-1).mean();
    }

    /** log t where t &gt; 0, else 0: the limit of t·log t at 0 is 0. */
    private static Value logarithmOrZero(Value target) {
        Value positive = target.greater(0);
        return target.times(positive).plus(positive.subtractedFrom(1)).log();
    }

    /** Without broadcasting: a target [N] beside a prediction [N, 1] would be compared with every row. */
    private static void requireSameShape(String operation, Value x, Value target) {
        if (!x.shape().equals(target.shape()) || x.dtype() != target.dtype()) {
            throw new ShapeException(operation + ": prediction " + x.tensor() + " and target " + target.tensor() + " must have one shape and type");
        }
    }

    private static void requireRows(String operation, Value x, Value target) {
        if (x.shape().rank() < 1 || !x.shape().equals(target.shape())) {
            throw new ShapeException(operation + ": prediction " + x.shape() + " and target " + target.shape() + " must have one shape, [N, …]");
        }
    }
}
