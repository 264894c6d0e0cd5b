package gradus.learn;

import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well classes were predicted, from the confusion matrix alone. The definitions are scikit-learn's, with {@code zero_division=0} and with all
 * classes counted, also those that never occur; sums run over the classes in order.
 */
public final class Classification {
    /** How values of the classes become one. */
    public enum Averaging {
        /** The mean over the classes, each the same. */
        MACRO,
        /** From the counts of all classes together; for precision, recall and F1 alike that is the accuracy. */
        MICRO,
        /** The mean over the classes, each as often as it truly occurs. */
        WEIGHTED
    }

    private final long[][] confusion;
    private final long[] support;
    private final long[] predicted;
    private final long total;

    /**
     * From counts: {@code confusion[t][p]} samples of class t were taken for class p.
     *
     * @throws IllegalArgumentException when the matrix is not square or a count is negative
     */
    public Classification(long[][] confusion) {
        int classes = confusion.length;
        this.confusion = new long[classes][];
        support = new long[classes];
        predicted = new long[classes];
        for (int t = 0; t < classes; t++) {
            if (confusion[t].length != classes) {
                throw new IllegalArgumentException("classification: row " + t + " of the confusion matrix has " + confusion[t].length + " counts, wanted " + classes);
            }
            this.confusion[t] = confusion[t].clone();
            for (int p = 0; p < classes; p++) {
                if (confusion[t][p] < 0) {
                    throw new IllegalArgumentException("classification: count [" + t + ", " + p + "] is " + confusion[t][p] + ", at least 0 wanted");
                }
                support[t] += confusion[t][p];
                predicted[p] += confusion[t][p];
            }
        }
        total = Arrays.stream(support).sum();
    }

    /**
     * Compares predicted classes with the true ones, sample by sample.
     *
     * @param classes number of classes; they are 0 … classes − 1
     * @throws IllegalArgumentException when the lengths differ or a class is out of range
     */
    public static Classification of(int[] truth, int[] predicted, int classes) {
        if (truth.length != predicted.length) {
            throw new IllegalArgumentException("classification: " + truth.length + " true classes but " + predicted.length + " predicted ones");
        }
        long[][] confusion = new long[classes][classes];
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] < 0 || truth[i] >= classes || predicted[i] < 0 || predicted[i] >= classes) {
                throw new IllegalArgumentException("classification: sample " + i + " has the classes " + truth[i] + " and " + predicted[i] + ", wanted 0 to "
                        + (classes - 1));
            }
            confusion[truth[i]][predicted[i]]++;
        }
        return new Classification(confusion);
    }

    /**
     * The class with the largest score of each row, the first of equals. A row with a NaN is an error.
     *
     * @param scores [samples, classes], probabilities or logits
     */
    public static int[] decide(Tensor scores) {
        if (scores.rank() != 2 || scores.dim(1) == 0) {
            throw new ShapeException("classification: scores have shape " + scores.shape() + ", wanted [samples, classes]");
        }
        double[] s = scores.toDoubles();
        int classes = scores.dim(1);
        int[] decided = new int[scores.dim(0)];
        for (int i = 0; i < decided.length; i++) {
            for (int c = 0; c < classes; c++) {
                if (Double.isNaN(s[i * classes + c])) {
                    throw new ArithmeticException("classification: the score of sample " + i + " for class " + c + " is NaN");
                }
                decided[i] = s[i * classes + c] > s[i * classes + decided[i]] ? c : decided[i];
            }
        }
        return decided;
    }

    /** A copy of the counts: rows are true classes, columns predicted ones. */
    public long[][] confusion() {
        return Arrays.stream(confusion).map(long[]::clone).toArray(long[][]::new);
    }

    /** Number of classes. */
    public int classes() {
        return confusion.length;
    }

    /** Samples that truly are of the class. */
    public long support(int c) {
        return support[c];
    }

    /** The share of samples that were predicted right; 0 without samples. */
    public double accuracy() {
        return ratio(IntStream.range(0, classes()).mapToLong(c -> confusion[c][c]).sum(), total);
    }

    /** Of those taken for the class, the share that is of it: TP/(TP + FP). */
    public double precision(int c) {
        return ratio(confusion[c][c], predicted[c]);
    }

    /** Of those of the class, the share that was found: TP/(TP + FN). */
    public double recall(int c) {
        return ratio(confusion[c][c], support[c]);
    }

    /** The harmonic mean of precision and recall: 2·TP/(2·TP + FP + FN). */
    public double f1(int c) {
        return ratio(2 * confusion[c][c], predicted[c] + support[c]);
    }

    /** The precision of all classes. */
    public double precision(Averaging averaging) {
        return average(averaging, this::precision);
    }

    /** The recall of all classes; weighted, it is the accuracy. */
    public double recall(Averaging averaging) {
        return average(averaging, this::recall);
    }

    /** The F1 score of all classes: a mean of their scores, not the harmonic mean of {@link #precision(Averaging)} and {@link #recall(Averaging)}. */
    public double f1(Averaging averaging) {
        return average(averaging, this::f1);
    }

    private double average(Averaging averaging, IntToDoubleFunction value) {
        return switch (averaging) {
            case MICRO -> accuracy();
            case MACRO -> weighted(value, c -> 1, classes());
            case WEIGHTED -> weighted(value, c -> support[c], total);
        };
    }

    private double weighted(IntToDoubleFunction value, IntToDoubleFunction weight, long whole) {
        double sum = 0;
        for (int c = 0; c < classes(); c++) {
            sum += value.applyAsDouble(c) * weight.applyAsDouble(c);
        }
        return whole == 0 ? 0 : sum / whole;
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
