package gradus.backend.simd;

import gradus.backend.CacheLines;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.numerics.VectorFunctions;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels} of float32. */
final class FloatKernels extends Kernels<float[]> {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    FloatKernels() {
        super(LANES);
    }

    @Override
    DType dtype() {
        return DType.FLOAT32;
    }

    @Override
    float[] array(Tensor t) {
        return t.floats();
    }

    @Override
    int length(float[] array) {
        return array.length;
    }

    @Override
    int firstOfLine(float[] array) {
        return CacheLines.first(array);
    }

    @Override
    float[] allocate(int length) {
        return new float[length];
    }

    @Override
    void fill(float[] y, int yo, int n, double value) {
        Arrays.fill(y, yo, yo + n, (float) value);
    }

    @Override
    void splat(float[] x, int xo, float[] y) {
        Arrays.fill(y, x[xo]);
    }

    @Override
    void copy(float[] x, int xo, int xs, float[] y, int yo, int ys, int n) {
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
    void transpose(int rows, int columns, float[] x, int xo, int xrs, int xcs, float[] y, int yo, int yrs) {
        FloatPacking.transpose(rows, columns, x, xo, xrs, xcs, y, yo, yrs);
    }

    @Override
    void map(Function f, float[] x, int xo, float[] y, int yo, int n) {
        VectorFunctions.apply(f, x, xo, y, yo, n);
    }

    @Override
    void zip(Zip f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        FloatZips.apply(f, a, ao, as, b, bo, bs, y, yo, n);
    }

    @Override
    void select(float[] m, int mo, int ms, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        int whole = n < LANES ? 0 : n & -LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector mask = FloatVector.fromArray(SPECIES, m, mo + i * ms);
            FloatVector u = FloatVector.fromArray(SPECIES, a, ao + i * as);
            FloatVector v = FloatVector.fromArray(SPECIES, b, bo + i * bs);
            v.blend(u, mask.compare(VectorOperators.NE, ZERO)).intoArray(y, yo + i);
        }
        for (int i = whole; i < n; i++) {
            y[yo + i] = m[mo + i * ms] != 0 ? a[ao + i * as] : b[bo + i * bs];
        }
    }

    @Override
    void fold(Reduction r, float[] x, int xo, int n, float[] y, int yo) {
        y[yo] = switch (r) {
            case SUM -> FloatFolds.sum(x, xo, n);
            case SUM_OF_SQUARES -> FloatFolds.sumOfSquares(x, xo, n);
            case MAX -> FloatFolds.max(x, xo, n);
            case MIN -> FloatFolds.min(x, xo, n);
        };
    }

    @Override
    void squaredDistance(float[] x, int xo, float[] t, int to, int n, float[] y, int yo) {
        y[yo] = FloatLosses.squaredDistance(x, xo, t, to, n);
    }

    @Override
    void squaresGradient(float[] x, int xo, float[] t, int to, float[] c, int co, boolean throughSigmoid, float[] y, int yo, int n) {
        if (throughSigmoid) {
            FloatLosses.gradientThroughSigmoid(x, xo, t, to, c[co], y, yo, n);
        } else {
            FloatLosses.gradient(x, xo, t, to, c[co], y, yo, n);
        }
    }

    @Override
    void foldRows(Reduction r, float[] x, int xo, int xs, int rows, int n, float[] y, int yo) {
        for (int i = 0, at = xo; i < rows; i++, at += xs) {
            y[yo + i] = switch (r) {
                case SUM -> 0 + FloatFolds.sumOfFew(x, at, n);
                case SUM_OF_SQUARES -> 0 + FloatFolds.sumOfSquares(x, at, n);
                case MAX -> FloatFolds.max(x, at, n);
                case MIN -> FloatFolds.min(x, at, n);
            };
        }
    }

    @Override
    void spread(float[] x, int xo, int xs, int rows, int n, float[] y, int yo) {
        for (int i = 0, from = xo, to = yo; i < rows; i++, from += xs) {
            float value = x[from];
            for (int j = 0; j < n; j++) {
                y[to++] = value;
            }
        }
    }

    @Override
    void foldParts(Reduction r, float[] x, int xo, int n, float[] y, int yo) {
        float total = start(r);
        for (int i = 0; i < n; i++) {
            total = join(r, total, x[xo + i]);
        }
        y[yo] = total;
    }

    @Override
    void foldPartsOfColumns(Reduction r, float[] x, int xo, int rows, int n, float[] y, int yo) {
        for (int j = 0; j < n; j++) {
            float total = start(r);
            for (int i = 0; i < rows; i++) {
                total = join(r, total, x[xo + i * n + j]);
            }
            y[yo + j] = total;
        }
    }

    private static float start(Reduction r) {
        return switch (r) {
            case SUM, SUM_OF_SQUARES -> 0;
            case MAX -> Float.NEGATIVE_INFINITY;
            case MIN -> Float.POSITIVE_INFINITY;
        };
    }

    private static float join(Reduction r, float total, float part) {
        return switch (r) {
            case SUM, SUM_OF_SQUARES -> total + part;
            case MAX -> Math.max(total, part);
            case MIN -> Math.min(total, part);
        };
    }

    @Override
    void foldColumns(Reduction r, float[] x, int xo, int xs, int rows, int n, float[] lanes, float[] y, int yo) {
        switch (r) {
            case SUM, SUM_OF_SQUARES -> FloatFolds.sumColumns(r == Reduction.SUM_OF_SQUARES, x, xo, xs, rows, n, lanes, y, yo);
            case MAX, MIN -> {
                Arrays.fill(y, yo, yo + n, start(r));
                for (int i = 0; i < rows; i++) {
                    FloatFolds.extremes(r == Reduction.MAX, x, xo + i * xs, n, y, yo);
                }
            }
        }
    }
}
