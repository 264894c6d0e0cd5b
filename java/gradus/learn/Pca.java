package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.linalg.Products;
import gradus.linalg.SymmetricEigen;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * Principal component analysis (Pearson 1901; Hotelling 1933) in float64, exact: the eigenvectors of the covariance
 * C = (X − μ)ᵀ(X − μ) / (n − 1), by descending eigenvalue.
 *
 * <p>Where there are fewer rows than columns, the eigenvectors u of the smaller n × n matrix (X − μ)(X − μ)ᵀ are taken, and the components
 * are (X − μ)ᵀu, made orthonormal. Directions without variance are filled up with orthonormal ones.
 *
 * <p>Agrees with scikit-learn's {@code PCA}: variances with n − 1, and in each component the entry of the largest magnitude is positive.
 * Eigenvalues of the covariance carry an absolute error of about ε·λ₀, so variances below 10⁻¹⁵ of the largest are noise.
 */
public final class Pca {
    private static final String NAME = "pca";
    /** Below this share of the first variance a direction of the n × n side is not told from rounding. */
    private static final double NO_VARIANCE = 0x1p-44;

    /** Squares of larger magnitudes, summed over 2³¹ rows, may overflow. */
    private static final double LARGEST = 0x1p490;

    private final double[] mean;
    private final Matrix components;
    private final double[] variance;
    private final double totalVariance;
    private final int samples;

    private Pca(double[] mean, Matrix components, double[] variance, double totalVariance, int samples) {
        this.mean = mean;
        this.components = components;
        this.variance = variance;
        this.totalVariance = totalVariance;
        this.samples = samples;
    }

    /** All min(n, d) components. Errors as for {@link #fit(Matrix, int, Workers)}. */
    public static Pca fit(Tensor x, Workers workers) {
        Matrix own = Inputs.matrix(NAME, x);
        return fitOwn(own, Math.min(own.rows(), own.columns()), workers);
    }

    /** The first components of rows [n, d], on one thread. Errors as for {@link #fit(Matrix, int, Workers)}. */
    public static Pca fit(Tensor x, int components) {
        return fit(x, components, new Workers(1));
    }

    /** The first components of rows [n, d]. Errors as for {@link #fit(Matrix, int, Workers)}. */
    public static Pca fit(Tensor x, int components, Workers workers) {
        return fitOwn(Inputs.matrix(NAME, x), components, workers);
    }

    /**
     * The first components of the rows of x; the result does not depend on the number of threads.
     *
     * @throws ShapeException when there are fewer than two rows, or no columns
     * @throws IllegalArgumentException when {@code components} is not in 1 … min(n, d), or an entry is not finite or exceeds 2⁴⁹⁰
     */
    public static Pca fit(Matrix x, int components, Workers workers) {
        return fitOwn(Inputs.requireFinite(NAME, x).copy(), components, workers);
    }

    /** Centres the matrix in place. */
    private static Pca fitOwn(Matrix x, int components, Workers workers) {
        int n = x.rows();
        int d = x.columns();
        if (n < 2 || d < 1) {
            throw new ShapeException(NAME + ": data " + x.shape() + " has no variance to speak of; at least 2 rows and 1 column are wanted");
        }
        if (components < 1 || components > Math.min(n, d)) {
            throw new IllegalArgumentException(NAME + ": " + components + " components asked for; data " + x.shape() + " has 1 to " + Math.min(n, d));
        }
        double max = x.maxAbs();
        if (max > LARGEST) {
            throw new IllegalArgumentException(NAME + ": the data reaches " + max + "; squares of more than 2^490 overflow, scale it down");
        }
        double[] mean = Columns.means(x);
        Columns.subtract(x, mean);
        return n < d ? bySamples(mean, x, components, workers) : byFeatures(mean, x, components, workers);
    }

    private static Pca byFeatures(double[] mean, Matrix centered, int k, Workers workers) {
        SymmetricEigen eigen = SymmetricEigen.leading(Products.gram(centered, workers), k, workers);
        return of(mean, eigen.components(), eigen.values(), k, centered.rows());
    }

    private static Pca bySamples(double[] mean, Matrix centered, int k, Workers workers) {
        SymmetricEigen eigen = SymmetricEigen.of(Products.multiplyTransposedRight(centered, centered, workers), workers);
        double[] values = eigen.values();
        Matrix rows = Products.multiply(eigen.components().firstRows(k), centered, workers);
        int meant = 0;
        while (meant < k && values[meant] > NO_VARIANCE * values[0]) {
            meant++;
        }
        Orthonormal.makeRows(rows, meant);
        return of(mean, rows, values, k, centered.rows());
    }

    private static Pca of(double[] mean, Matrix components, double[] scatter, int k, int n) {
        double[] variance = new double[scatter.length];
        double total = 0;
        for (int i = 0; i < variance.length; i++) {
            variance[i] = Math.max(0, scatter[i] / (n - 1));
            total += variance[i];
        }
        return new Pca(mean, components, Arrays.copyOf(variance, k), total, n);
    }

    /** Rows are the components, orthonormal, [k, d]. */
    public Matrix components() {
        return components;
    }

    /** The mean of every feature, which {@link #transform} subtracts. */
    public double[] mean() {
        return mean.clone();
    }

    /** The variance (divided by n − 1) along each component, descending. */
    public double[] explainedVariance() {
        return variance.clone();
    }

    /** Each component's share of the variance of the data; zeros when the data is constant. */
    public double[] explainedVarianceRatio() {
        double[] ratio = variance.clone();
        for (int i = 0; i < ratio.length; i++) {
            ratio[i] = totalVariance == 0 ? 0 : ratio[i] / totalVariance;
        }
        return ratio;
    }

    /** Running sums of {@link #explainedVarianceRatio}: entry k is the share that k + 1 components hold. */
    public double[] cumulativeRatio() {
        double[] sums = explainedVarianceRatio();
        for (int i = 1; i < sums.length; i++) {
            sums[i] += sums[i - 1];
        }
        return sums;
    }

    /** The singular values of the centred data: √((n − 1)·variance). */
    public double[] singularValues() {
        double[] s = variance.clone();
        for (int i = 0; i < s.length; i++) {
            s[i] = Math.sqrt(s[i] * (samples - 1));
        }
        return s;
    }

    /**
     * The smallest number of components that hold more than this share of the variance.
     *
     * @throws IllegalArgumentException when {@code share} is not between 0 and 1, or all fitted components hold less
     */
    public int componentsFor(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(NAME + ": a share of " + share + " of the variance; wanted between 0 and 1");
        }
        double[] sums = cumulativeRatio();
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] > share) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(NAME + ": the " + sums.length + " fitted components hold " + sums[sums.length - 1]
                + " of the variance, less than " + share);
    }

    /** The same analysis with the first k components only. */
    public Pca first(int k) {
        if (k < 1 || k > variance.length) {
            throw new IllegalArgumentException(NAME + ": the first " + k + " of " + variance.length + " components asked for");
        }
        return new Pca(mean, components.firstRows(k), Arrays.copyOf(variance, k), totalVariance, samples);
    }

    /** (X − μ)·Vᵀ: coordinates [n, k] of rows [n, d], on one thread. */
    public Matrix transform(Matrix x) {
        return transform(x, new Workers(1));
    }

    /** (X − μ)·Vᵀ: coordinates [n, k] of rows [n, d]. */
    public Matrix transform(Matrix x, Workers workers) {
        requireColumns("transform", x, mean.length);
        return Products.multiplyTransposedRight(Columns.minus(x, mean), components, workers);
    }

    /** (X − μ)·Vᵀ in the type of x, computed in float64 on one thread. */
    public Tensor transform(Tensor x) {
        return transform(x, new Workers(1));
    }

    /** (X − μ)·Vᵀ in the type of x, computed in float64. */
    public Tensor transform(Tensor x, Workers workers) {
        return transform(Inputs.matrix(NAME + " transform", x), workers).toTensor(x.dtype());
    }

    /** Y·V + μ: rows [n, d] from coordinates [n, k], the nearest points in the space that the components span; on one thread. */
    public Matrix inverse(Matrix y) {
        return inverse(y, new Workers(1));
    }

    /** Y·V + μ: rows [n, d] from coordinates [n, k], the nearest points in the space that the components span. */
    public Matrix inverse(Matrix y, Workers workers) {
        requireColumns("inverse", y, variance.length);
        Matrix x = Products.multiply(y, components, workers);
        Columns.add(x, mean);
        return x;
    }

    /** Y·V + μ in the type of y, computed in float64 on one thread. */
    public Tensor inverse(Tensor y) {
        return inverse(y, new Workers(1));
    }

    /** Y·V + μ in the type of y, computed in float64. */
    public Tensor inverse(Tensor y, Workers workers) {
        return inverse(Inputs.matrix(NAME + " inverse", y), workers).toTensor(y.dtype());
    }

    private static void requireColumns(String what, Matrix x, int wanted) {
        if (x.columns() != wanted) {
            throw new ShapeException(NAME + " " + what + ": rows " + x.shape() + " have " + x.columns() + " entries, the analysis wants " + wanted);
        }
    }
}
