package gradus.linalg;

import gradus.backend.Workers;
import gradus.linalg.Products.View;

/**
 * Eigenvalues and right eigenvectors of a real square matrix, A·vₖ = λₖ·vₖ, real or in conjugate pairs.
 *
 * <p><b>Order:</b> |λ| descends; of equal magnitudes the larger real part comes first, and of a conjugate pair the one with positive imaginary part, its partner
 * right after it. <b>Scale:</b> every vector has Euclidean norm 1, and the component of the largest magnitude is real and positive. A defective matrix has fewer
 * independent vectors than rows; then some of the vectors are parallel to working accuracy.
 *
 * <p>Balancing, Householder reduction to Hessenberg form, implicit double-shift QR, back substitution. Backward stable: the eigenvalues belong exactly to a matrix
 * within a small multiple of n·ε·‖A‖ of A (after balancing). For symmetric matrices {@link SymmetricEigen} is quicker and its vectors are orthogonal.
 */
public final class Eigen {
    private static final String NAME = "eigen";

    private final double[] real;
    private final double[] imaginary;
    private final Matrix vectorsReal;
    private final Matrix vectorsImaginary;

    private Eigen(double[] real, double[] imaginary, Matrix vectorsReal, Matrix vectorsImaginary) {
        this.real = real;
        this.imaginary = imaginary;
        this.vectorsReal = vectorsReal;
        this.vectorsImaginary = vectorsImaginary;
    }

    /**
     * Eigenvalues and eigenvectors, on one thread.
     *
     * @throws gradus.tensor.ShapeException when a is not square
     * @throws IllegalArgumentException when an entry is not finite
     * @throws NoConvergenceException when the QR iteration fails
     */
    public static Eigen of(Matrix a) {
        return of(a, new Workers(1));
    }

    /** Eigenvalues and eigenvectors; the result does not depend on the number of threads. Errors as for {@link #of(Matrix)}. */
    public static Eigen of(Matrix a, Workers workers) {
        Scaled scaled = Scaled.of(a.requireSquare(NAME).requireFinite(NAME));
        int n = a.rows();
        double[] h = scaled.matrix().data().clone();
        Balance balance = Balance.of(n, h);
        Hessenberg reduction = Hessenberg.reduce(n, balance.low, balance.high, h, workers);
        double[] z = reduction.transposedQ();
        RealSchur schur = RealSchur.of(NAME, n, balance.low, balance.high, h, z, workers);
        double[] ofTriangle = SchurVectors.of(n, h, schur.real, schur.imaginary, workers);
        double[] rows = new double[n * n];
        Products.set(n, n, n, View.rows(ofTriangle, 0, n), View.rows(z, 0, n), rows, 0, n, workers);
        balance.backTransform(rows, n);
        int[] order = ordered(schur.real, schur.imaginary);
        return new Vectorised(n, schur, rows).pick(order, scaled);
    }

    /** The eigenvalues alone, in the order of this class: real parts in the first row, imaginary parts in the second. Errors as for {@link #of(Matrix)}. */
    public static Matrix values(Matrix a, Workers workers) {
        Scaled scaled = Scaled.of(a.requireSquare(NAME).requireFinite(NAME));
        int n = a.rows();
        double[] h = scaled.matrix().data().clone();
        Balance balance = Balance.of(n, h);
        Hessenberg.reduce(n, balance.low, balance.high, h, workers);
        RealSchur schur = RealSchur.of(NAME, n, balance.low, balance.high, h, null, workers);
        int[] order = ordered(schur.real, schur.imaginary);
        double[] out = new double[2 * n];
        for (int i = 0; i < n; i++) {
            out[i] = schur.real[order[i]];
            out[n + i] = schur.imaginary[order[i]];
        }
        return Matrix.of(2, n, scaled.undo(out));
    }

    /** Pairs stay together: a pair is ordered by its first member. */
    private static int[] ordered(double[] real, double[] imaginary) {
        int n = real.length;
        Integer[] heads = java.util.stream.IntStream.range(0, n).filter(i -> imaginary[i] >= 0).boxed().toArray(Integer[]::new);
        double[] magnitude = new double[n];
        java.util.Arrays.setAll(magnitude, i -> Rotation.hypot(real[i], imaginary[i]));
        java.util.Arrays.sort(heads, (i, j) -> magnitude[i] != magnitude[j] ? Double.compare(magnitude[j], magnitude[i]) : Double.compare(real[j], real[i]));
        int[] order = new int[n];
        int at = 0;
        for (int head : heads) {
            order[at++] = head;
            if (imaginary[head] > 0) {
                order[at++] = head + 1;
            }
        }
        return order;
    }

    /** The vectors as they come, in rows, on the way to their final scale and order. */
    private record Vectorised(int n, RealSchur schur, double[] rows) {
        Eigen pick(int[] order, Scaled scaled) {
            double[] real = new double[n];
            double[] imaginary = new double[n];
            double[] re = new double[n * n];
            double[] im = new double[n * n];
            for (int at = 0; at < n; at++) {
                int k = order[at];
                real[at] = schur.real[k];
                imaginary[at] = schur.imaginary[k];
                if (imaginary[at] == 0) {
                    System.arraycopy(rows, k * n, re, at * n, n);
                    Vectors.scale(1 / Vectors.norm(re, at * n, n), re, at * n, n);
                    Signs.makeCanonical(re, at * n, n);
                } else if (imaginary[at] > 0) {
                    turned(k, re, im, at);
                    System.arraycopy(re, at * n, re, (at + 1) * n, n);
                    System.arraycopy(im, at * n, im, (at + 1) * n, n);
                    Signs.negate(im, (at + 1) * n, n);
                }
            }
            return new Eigen(scaled.undo(real), scaled.undo(imaginary), Matrix.of(n, n, re).transpose(), Matrix.of(n, n, im).transpose());
        }

        /** Norm 1, and turned in the complex plane until the largest component is real and positive. */
        private void turned(int k, double[] re, double[] im, int at) {
            double norm = Rotation.hypot(Vectors.norm(rows, k * n, n), Vectors.norm(rows, (k + 1) * n, n));
            int largest = 0;
            double most = -1;
            for (int j = 0; j < n; j++) {
                double magnitude = Rotation.hypot(rows[k * n + j] / norm, rows[(k + 1) * n + j] / norm);
                if (magnitude > most) {
                    most = magnitude;
                    largest = j;
                }
            }
            double c = rows[k * n + largest] / norm / most;
            double s = rows[(k + 1) * n + largest] / norm / most;
            for (int j = 0; j < n; j++) {
                double x = rows[k * n + j] / norm;
                double y = rows[(k + 1) * n + j] / norm;
                re[at * n + j] = Math.fma(c, x, s * y);
                im[at * n + j] = j == largest ? 0 : Math.fma(c, y, -(s * x));
            }
        }
    }

    /** Real parts of the eigenvalues; a copy. */
    public double[] real() {
        return real.clone();
    }

    /** Imaginary parts of the eigenvalues; a copy. */
    public double[] imaginary() {
        return imaginary.clone();
    }

    /** Real parts of the eigenvectors, in columns. */
    public Matrix vectorsReal() {
        return vectorsReal;
    }

    /** Imaginary parts of the eigenvectors, in columns. */
    public Matrix vectorsImaginary() {
        return vectorsImaginary;
    }
}
