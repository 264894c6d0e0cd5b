package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;
import gradus.numerics.RandomStream;
import java.util.Arrays;

/** A growing set of orthonormal vectors, in rows, for the Lanczos processes. */
final class Basis {
    private static final int ATTEMPTS = 5;

    private final String operation;
    private final int capacity;
    private final int length;
    private final RandomStream random;
    private final Workers workers = new Workers(1);
    private final double[] rows;
    private final double[] projections;
    private int count;

    Basis(String operation, int capacity, int length, RandomStream random) {
        this.operation = operation;
        this.capacity = capacity;
        this.length = length;
        this.random = random;
        this.rows = Matrix.zeros(capacity, length).data();
        this.projections = new double[capacity];
    }

    int count() {
        return count;
    }

    double[] vector(int i) {
        return Arrays.copyOfRange(rows, i * length, (i + 1) * length);
    }

    /**
     * Takes out of w what lies in the span of the vectors, twice over (Daniel, Gragg, Kaufman and Stewart 1976: twice is enough), and adds the rest as a new
     * one. What was taken along each vector is added to {@code along}.
     *
     * <p>When nothing but rounding is left, a random direction takes its place; when the vectors span the whole space, none does.
     *
     * @return the length of the rest, 0 when it was only rounding
     */
    double extend(double[] w, double[] along) {
        double before = requireFinite(Vectors.norm(w, 0, length));
        // Near the ends of the exponent range the projections would lose digits or overflow: w is brought to about 1 first.
        int exponent = before == 0 ? 0 : Math.getExponent(before);
        if (Math.abs(exponent) > 300) {
            scale(w, -exponent);
        } else {
            exponent = 0;
        }
        double[] found = new double[count];
        project(w, found);
        project(w, found);
        for (int i = 0; i < Math.min(count, along.length); i++) {
            along[i] += Math.scalb(found[i], exponent);
        }
        double rest = Vectors.norm(w, 0, length);
        if (count == length || rest <= 0x1p-48 * Math.scalb(before, -exponent) || rest == 0) {
            extendAtRandom();
            return 0;
        }
        add(w, rest);
        return Math.scalb(rest, exponent);
    }

    private static void scale(double[] w, int exponent) {
        for (int i = 0; i < w.length; i++) {
            w[i] = Math.scalb(w[i], exponent);
        }
    }

    private double requireFinite(double norm) {
        if (!Double.isFinite(norm)) {
            throw new IllegalArgumentException(operation + ": the operator's product has the norm " + norm + "; every entry must be finite");
        }
        return norm;
    }

    private void project(double[] w, double[] along) {
        Vectors.KERNELS.dots(rows, 0, length, count, w, 0, length, projections, 0);
        for (int i = 0; i < count; i++) {
            along[i] += projections[i];
            projections[i] = -projections[i];
        }
        Vectors.KERNELS.combine(rows, 0, length, count, projections, 0, 1, w, 0, length);
    }

    private void add(double[] w, double norm) {
        for (int j = 0; j < length; j++) {
            rows[count * length + j] = w[j] / norm;
        }
        count++;
    }

    /** Adds a random direction outside the span, if there is one. */
    void extendAtRandom() {
        double[] w = new double[length];
        for (int attempt = 0; attempt < ATTEMPTS && count < Math.min(length, capacity); attempt++) {
            random.normal(w, 0, length, 0, 1);
            double before = Vectors.norm(w, 0, length);
            for (int pass = 0; pass < 3; pass++) {
                project(w, new double[count]);
            }
            double rest = Vectors.norm(w, 0, length);
            if (rest > 0x1p-30 * before) {
                add(w, rest);
                return;
            }
        }
    }

    /** mix · (the first vectors), with mix of k × m in rows, in a matrix. */
    Matrix combined(Matrix mix) {
        Matrix out = Matrix.zeros(mix.rows(), length);
        Products.set(mix.rows(), length, mix.columns(), View.of(mix), View.rows(rows, 0, length), out.data(), 0, length, workers);
        return out;
    }

    /** Replaces all vectors by mix · (the first vectors); then comes, if there is one, the vector after those. */
    void restart(Matrix mix) {
        boolean hasNext = count > mix.columns();
        double[] next = hasNext ? vector(mix.columns()) : null;
        System.arraycopy(combined(mix).data(), 0, rows, 0, mix.rows() * length);
        count = mix.rows();
        if (hasNext) {
            System.arraycopy(next, 0, rows, count * length, length);
            count++;
        }
    }
}
