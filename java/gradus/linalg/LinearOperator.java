package gradus.linalg;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A matrix known by its products: dense, sparse, or a procedure such as a Hessian-vector product. {@link Lanczos} and {@link TruncatedSvd} ask for nothing
 * else.
 *
 * <p>An operator whose products have the same bits on any number of threads gives decompositions that have.
 */
public interface LinearOperator {
    /** Number of rows. */
    int rows();

    /** Number of columns. */
    int columns();

    /** A·x, in a fresh array. */
    double[] times(double[] x);

    /** Aᵀ·x, in a fresh array. */
    double[] transposedTimes(double[] x);

    /** A·X, column by column unless an operator knows better. */
    default Matrix times(Matrix x) {
        double[] rows = x.transpose().data();
        double[] out = new double[x.columns() * rows()];
        for (int j = 0; j < x.columns(); j++) {
            System.arraycopy(times(Arrays.copyOfRange(rows, j * x.rows(), (j + 1) * x.rows())), 0, out, j * rows(), rows());
        }
        return Matrix.of(x.columns(), rows(), out).transpose();
    }

    /** Aᵀ·X, column by column unless an operator knows better. */
    default Matrix transposedTimes(Matrix x) {
        return transpose().times(x);
    }

    /** The transposed operator. */
    default LinearOperator transpose() {
        return new TransposedOperator(this);
    }

    /** A dense matrix. Its products with vectors sum each row as a dot product, by contract order. */
    static LinearOperator of(Matrix a, Workers workers) {
        return new DenseOperator(a, workers);
    }

    /** A sparse matrix; its transpose is kept beside it. */
    static LinearOperator of(Csr a, Workers workers) {
        return new SparseOperator(a, a.transpose(), workers);
    }

    /** A symmetric operator of n rows by its product with a vector, which must leave its argument as it is. */
    static LinearOperator symmetric(int n, UnaryOperator<double[]> product) {
        return new SymmetricOperator(n, product);
    }
}

/** See {@link LinearOperator#transpose}. */
record TransposedOperator(LinearOperator a) implements LinearOperator {
    @Override
    public int rows() {
        return a.columns();
    }

    @Override
    public int columns() {
        return a.rows();
    }

    @Override
    public double[] times(double[] x) {
        return a.transposedTimes(x);
    }

    @Override
    public double[] transposedTimes(double[] x) {
        return a.times(x);
    }

    @Override
    public Matrix transposedTimes(Matrix x) {
        return a.times(x);
    }

    @Override
    public LinearOperator transpose() {
        return a;
    }
}

/** See {@link LinearOperator#of(Matrix, Workers)}. */
record DenseOperator(Matrix a, Workers workers) implements LinearOperator {
    @Override
    public int rows() {
        return a.rows();
    }

    @Override
    public int columns() {
        return a.columns();
    }

    @Override
    public double[] times(double[] x) {
        double[] y = new double[a.rows()];
        Vectors.timesRows(a.data(), 0, a.columns(), a.rows(), x, 0, a.columns(), y, 0, workers);
        return y;
    }

    @Override
    public double[] transposedTimes(double[] x) {
        double[] y = new double[a.columns()];
        Vectors.addTransposedTimes(a.data(), 0, a.columns(), a.rows(), x, 0, a.columns(), y, 0, workers);
        return y;
    }

    @Override
    public Matrix times(Matrix x) {
        return Products.multiply(a, x, workers);
    }

    @Override
    public Matrix transposedTimes(Matrix x) {
        return Products.multiplyTransposedLeft(a, x, workers);
    }
}

/** See {@link LinearOperator#of(Csr, Workers)}. */
record SparseOperator(Csr a, Csr transposed, Workers workers) implements LinearOperator {
    @Override
    public int rows() {
        return a.rows();
    }

    @Override
    public int columns() {
        return a.columns();
    }

    @Override
    public double[] times(double[] x) {
        return a.times(x, workers);
    }

    @Override
    public double[] transposedTimes(double[] x) {
        return transposed.times(x, workers);
    }

    @Override
    public Matrix times(Matrix x) {
        return a.times(x, workers);
    }

    @Override
    public Matrix transposedTimes(Matrix x) {
        return transposed.times(x, workers);
    }

    @Override
    public LinearOperator transpose() {
        return new SparseOperator(transposed, a, workers);
    }
}

/** See {@link LinearOperator#symmetric}. */
record SymmetricOperator(int n, UnaryOperator<double[]> product) implements LinearOperator {
    @Override
    public int rows() {
        return n;
    }

    @Override
    public int columns() {
        return n;
    }

    @Override
    public double[] times(double[] x) {
        double[] y = product.apply(x);
        if (y.length != n) {
            throw new ShapeException("operator: a product of " + y.length + " entries came from a vector of " + n);
        }
        return y;
    }

    @Override
    public double[] transposedTimes(double[] x) {
        return times(x);
    }

    @Override
    public LinearOperator transpose() {
        return this;
    }
}
