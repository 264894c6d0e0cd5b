package gradus.backend;

import gradus.backend.scalar.ScalarLinear;
import gradus.backend.simd.SimdLinear;
import gradus.numerics.Sums;
import gradus.numerics.VectorApi;

/**
 * Inner loops of float64 linear algebra over runs of arrays. {@link ScalarLinear} defines the bits; {@link SimdLinear} gives the same with
 * vectors of any width.
 *
 * <p>A dot product is summed as {@link Sums} does. Everything else is elementwise, or a chain whose order is stated.
 */
public interface LinearKernels {
    /** Terms of a sum that are folded together. */
    int CHUNK = Sums.CHUNK;
    /** Virtual lanes of a sum. */
    int LANES = Sums.LANES;

    /** The vector kernels where {@link VectorApi} serves, else the scalar ones. */
    static LinearKernels best() {
        return VectorApi.serves() ? new SimdLinear() : new ScalarLinear();
    }

    /** Σ xᵢyᵢ. */
    double dot(double[] x, int xOffset, double[] y, int yOffset, int n);

    /** For each of {@code rows} rows of a, that begin {@code aStride} apart: y[i] = Σⱼ a[i, j]·x[j], each as {@link #dot}. */
    void dots(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int n, double[] y, int yOffset);

    /** y ← fma(α, x, y), element by element. */
    void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n);

    /**
     * y[j] ← y[j] + Σᵢ x[i]·a[i, j]: for each j one fma chain over the rows, ascending, that starts at y[j]. x is read with a stride.
     */
    void combine(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int xStride, double[] y, int yOffset, int n);

    /** a[i, j] ← fma(x[i], y[j], a[i, j]). x is read with a stride. */
    void rankOne(double[] a, int aOffset, int aStride, int rows, double[] x, int xOffset, int xStride, double[] y, int yOffset, int n);

    /** x ← αx. */
    void scale(double alpha, double[] x, int offset, int n);

    /** The largest magnitude, 0 when the run is empty, NaN when it holds one. */
    double maxAbs(double[] x, int offset, int n);

    /** (x, y) ← (fma(c, x, s·y), fma(c, y, −(s·x))), element by element. */
    void rotate(double[] x, int xOffset, double[] y, int yOffset, int n, double c, double s);

    /**
     * Rotations of neighbouring rows one after the other: for k = 0 … count − 1, {@link #rotate} of rows k and k + 1 with c[from + k] and
     * s[from + k]. Row k begins at {@code offset + k·stride}; a negative stride runs upwards.
     */
    void sweep(double[] z, int offset, int stride, int count, double[] c, double[] s, int from, int width);

    /**
     * The reflector I − τ·(1, v₁, v₂)(1, v₁, v₂)ᵀ over three rows that begin {@code stride} apart: with s = fma(v₂, x₂, fma(v₁, x₁, x₀)), x₀ ← fma(−τ, s, x₀),
     * x₁ ← fma(−τv₁, s, x₁), x₂ ← fma(−τv₂, s, x₂), element by element.
     */
    void reflectThree(double[] a, int offset, int stride, int n, double v1, double v2, double tau);

    /** {@link #reflectThree} over the rows k, k+1, k+2 one after the other for k = 0 … count − 1, with v₁, v₂, τ at {@code from + k} of their arrays. */
    void reflectRows(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from, int n);

    /** The same from the right: over the columns k, k+1, k+2 of {@code rows} rows that begin {@code stride} apart. */
    void reflectColumns(double[] a, int offset, int stride, int count, double[] v1, double[] v2, double[] tau, int from, int rows);

    /**
     * The distance of poles from a point, for secular equations: {@code gap(d) = ((d − origin) − tau)·fma(d, slope, height)}.
     *
     * <p>For eigenvalues slope = 0 and height = 1, which makes it d − λ with λ = origin + tau. For singular values slope = 1 and height =
     * origin + tau, which makes it d² − σ².
     */
    record Gap(double origin, double tau, double slope, double height) {
        /** The gap of one pole. */
        public double to(double d) {
            return (d - origin - tau) * Math.fma(d, slope, height);
        }
    }

    /**
     * Sums of a secular equation: {@code out[at]} = Σ z[j]·(z[j]/gap(d[j])) and {@code out[at + 1]} = Σ (z[j]/gap(d[j]))² over
     * {@code from ≤ j < to}, both summed as {@link #dot} is, j counted from {@code from}.
     */
    void secular(double[] d, double[] z, int from, int to, Gap gap, double[] out, int at);

    /** w[j] ← w[j]·(gap(d[j]) / between(d[j])) for {@code from ≤ j < to}. */
    void poleRatios(double[] d, int from, int to, Gap gap, Gap between, double[] w);

    /** out[at + j] = z[j] / gap(d[j]) for 0 ≤ j &lt; n. */
    void poleQuotients(double[] z, double[] d, int n, Gap gap, double[] out, int at);
}
