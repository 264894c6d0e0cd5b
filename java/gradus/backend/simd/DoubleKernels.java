package gradus.backend.simd;

import gradus.backend.CacheLines;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels} of float64. */
final class DoubleKernels extends Kernels<double[]> {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int LANES = SPECIES.length();
    private static final DoubleVector ZERO = DoubleVector.zero(SPECIES);

    DoubleKernels() {
        super(LANES);
    }

    @Override
    DType dtype() {
        return DType.FLOAT64;
    }

    @Override
    double[] array(Tensor t) {
        return t.doubles();
    }

    @Override
    int length(double[] array) {
        return array.length;
    }

    @Override
    int firstOfLine(double[] array) {
        return CacheLines.first(array);
    }

    @Override
    double[] allocate(int length) {
        return new double[length];
    }

    @Override
    void fill(double[] y, int yo, int n, double value) {
        Arrays.fill(y, yo, yo + n, value);
    }

    @Override
    void splat(double[] x, int xo, double[] y) {
        Arrays.fill(y, x[xo]);
    }

    @Override
    void copy(double[] x, int xo, int xs, double[] y, int yo, int ys, int n) {
        if (xs == 1 && ys == 1) {
            System.arraycopy(x, xo, y, yo, n);
        } else if (xs == 0 && ys == 1) {
            Arrays.fill(y, yo, yo + n, x[xo]);
        } else {
            for (int i = 0, from = xo, to = yo; i < n; i++, from += xs, to += ys) {
                y[to] = x[from];
            }
        }
    }

    @Override
    void transpose(int rows, int columns, double[] x, int xo, int xrs, int xcs, double[] y, int yo, int yrs) {
        DoublePacking.transpose(rows, columns, x, xo, xrs, xcs, y, yo, yrs);
    }

    @Override
    void map(Function f, double[] x, int xo, double[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = f.apply(x[xo + i]);
        }
    }

    @Override
    void zip(Zip f, double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        DoubleZips.apply(f, a, ao, as, b, bo, bs, y, yo, n);
    }

    @Override
    void select(double[] m, int mo, int ms, double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
        int whole = n < LANES ? 0 : n & -LANES;
        for (int i = 0; i < whole; i += LANES) {
            DoubleVector mask = DoubleVector.fromArray(SPECIES, m, mo + i * ms);
            DoubleVector u = DoubleVector.fromArray(SPECIES, a, ao + i * as);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, bo + i * bs);
            v.blend(u, mask.compare(VectorOperators.NE, ZERO)).intoArray(y, yo + i);
        }
        for (int i = whole; i < n; i++) {
            y[yo + i] = m[mo + i * ms] != 0 ? a[ao + i * as] : b[bo + i * bs];
        }
    }

    @Override
    void fold(Reduction r, double[] x, int xo, int n, double[] y, int yo) {
        y[yo] = switch (r) {
            case SUM -> DoubleFolds.sum(x, xo, n);
            case SUM_OF_SQUARES -> DoubleFolds.sumOfSquares(x, xo, n);
            case MAX -> DoubleFolds.max(x, xo, n);
            case MIN -> DoubleFolds.min(x, xo, n);
        };
    }

    @Override
    void squaredDistance(double[] x, int xo, double[] t, int to, int n, double[] y, int yo) {
        y[yo] = DoubleLosses.squaredDistance(x, xo, t, to, n);
    }

    @Override
    void squaresGradient(double[] x, int xo, double[] t, int to, double[] c, int co, boolean throughSigmoid, double[] y, int yo, int n) {
        if (throughSigmoid) {
            DoubleLosses.gradientThroughSigmoid(x, xo, t, to, c[co], y, yo, n);
        } else {
            DoubleLosses.gradient(x, xo, t, to, c[co], y, yo, n);
        }
    }

    @Override
    void foldRows(Reduction r, double[] x, int xo, int xs, int rows, int n, double[] y, int yo) {
        for (int i = 0, at = xo; i < rows; i++, at += xs) {
            y[yo + i] = switch (r) {
                case SUM -> 0 + DoubleFolds.sumOfFew(x, at, n);
                case SUM_OF_SQUARES -> 0 + DoubleFolds.sumOfSquares(x, at, n);
                case MAX -> DoubleFolds.max(x, at, n);
                case MIN -> DoubleFolds.min(x, at, n);
            };
        }
    }

    @Override
    void spread(double[] x, int xo, int xs, int rows, int n, double[] y, int yo) {
        for (int i = 0, from = xo, to = yo; i < rows; i++, from += xs) {
            double value = x[from];
            for (int j = 0; j < n; j++) {
                y[to++] = value;
            }
        }
    }

    @Override
    void foldParts(Reduction r, double[] x, int xo, int n, double[] y, int yo) {
        double total = start(r);
        for (int i = 0; i < n; i++) {
            total = join(r, total, x[xo + i]);
        }
        y[yo] = total;
    }

    @Override
    void foldPartsOfColumns(Reduction r, double[] x, int xo, int rows, int n, double[] y, int yo) {
        for (int j = 0; j < n; j++) {
            double total = start(r);
            for (int i = 0; i < rows; i++) {
                total = join(r, total, x[xo + i * n + j]);
            }
            y[yo + j] = total;
        }
    }

    private static double start(Reduction r) {
        return switch (r) {
            case SUM, SUM_OF_SQUARES -> 0;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static double join(Reduction r, double total, double part) {
        return switch (r) {
            case SUM, SUM_OF_SQUARES -> total + part;
            case MAX -> Math.max(total, part);
            case MIN -> Math.min(total, part);
        };
    }

    @Override
    void foldColumns(Reduction r, double[] x, int xo, int xs, int rows, int n, double[] lanes, double[] y, int yo) {
        switch (r) {
            case SUM, SUM_OF_SQUARES -> DoubleFolds.sumColumns(r == Reduction.SUM_OF_SQUARES, x, xo, xs, rows, n, lanes, y, yo);
            case MAX, MIN -> {
                Arrays.fill(y, yo, yo + n, start(r));
                for (int i = 0; i < rows; i++) {
                    DoubleFolds.extremes(r == Reduction.MAX, x, xo + i * xs, n, y, yo);
                }
            }
        }
    }
}
