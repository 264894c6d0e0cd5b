package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.LinearKernels;
import gradus.backend.scalar.ScalarLinear;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every vector kernel gives the bits of its scalar twin, on runs of every length, at every offset, through −0, subnormals and huge values. */
class SimdLinearProperties {
    private static final LinearKernels SCALAR = new ScalarLinear();
    private static final LinearKernels SIMD = new SimdLinear();

    private static double[] values(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = switch (random.nextInt(12)) {
                case 0 -> -0.0;
                case 1 -> random.nextGaussian() * 0x1p-540;
                case 2 -> random.nextGaussian() * 0x1p300;
                default -> random.nextGaussian();
            };
        }
        return x;
    }

    private static void same(double[] data, BiConsumer<LinearKernels, double[]> kernel) {
        double[] expected = data.clone();
        double[] actual = data.clone();
        kernel.accept(SCALAR, expected);
        kernel.accept(SIMD, actual);
        long[] e = new long[data.length];
        long[] a = new long[data.length];
        for (int i = 0; i < data.length; i++) {
            e[i] = Double.doubleToLongBits(expected[i]);
            a[i] = Double.doubleToLongBits(actual[i]);
        }
        assertArrayEquals(e, a);
    }

    @Property
    void dot(@ForAll long seed, @ForAll @IntRange(max = 9000) int n, @ForAll @IntRange(max = 9) int offset) {
        double[] x = values(seed, n + offset);
        double[] y = values(seed + 1, n + offset);
        assertEquals(Double.doubleToLongBits(SCALAR.dot(x, offset, y, 0, n)), Double.doubleToLongBits(SIMD.dot(x, offset, y, 0, n)));
    }

    @Property
    void dots(@ForAll long seed, @ForAll @IntRange(max = 11) int rows, @ForAll @IntRange(max = 90) int n, @ForAll @IntRange(max = 9) int offset) {
        double[] a = values(seed, offset + rows * (n + 3));
        same(values(seed + 1, n + rows + 1), (k, y) -> k.dots(a, offset, n + 3, rows, y, rows + 1, n, y, 1));
    }

    @Property
    void rowsLongerThanAChunk(@ForAll long seed, @ForAll @IntRange(max = 5) int rows, @ForAll @IntRange(min = 4090, max = 4130) int n) {
        double[] a = values(seed, rows * n);
        double[] x = values(seed + 1, n);
        same(new double[rows], (k, y) -> k.dots(a, 0, n, rows, x, 0, n, y, 0));
    }

    @Property
    void axpyAndScale(@ForAll long seed, @ForAll @IntRange(max = 70) int n, @ForAll @IntRange(max = 9) int offset) {
        double[] x = values(seed, n + offset);
        same(values(seed + 1, n + offset), (k, y) -> k.axpy(x.length == 0 ? 1 : x[0], x, offset, y, offset, n));
        same(x, (k, y) -> k.scale(-1.7, y, offset, n));
    }

    @Property
    void combine(@ForAll long seed, @ForAll @IntRange(max = 9) int rows, @ForAll @IntRange(max = 150) int n, @ForAll @IntRange(max = 9) int offset) {
        double[] a = values(seed, offset + rows * (n + 1));
        double[] x = values(seed + 2, 3 * rows + 1);
        same(values(seed + 1, n + 2), (k, y) -> k.combine(a, offset, n + 1, rows, x, 1, 3, y, 2, n));
    }

    @Property
    void rankOne(@ForAll long seed, @ForAll @IntRange(max = 9) int rows, @ForAll @IntRange(max = 70) int n, @ForAll @IntRange(max = 9) int offset) {
        double[] x = values(seed, 2 * rows);
        double[] y = values(seed + 2, n);
        same(values(seed + 1, offset + rows * (n + 1)), (k, a) -> k.rankOne(a, offset, n + 1, rows, x, 0, 2, y, 0, n));
    }

    @Property
    void maxAbs(@ForAll long seed, @ForAll @IntRange(max = 70) int n, @ForAll boolean nan) {
        double[] x = values(seed, n + 1);
        if (nan) {
            x[n / 2] = Double.NaN;
        }
        assertEquals(SCALAR.maxAbs(x, 1, n), SIMD.maxAbs(x, 1, n));
    }

    @Property
    void rotate(@ForAll long seed, @ForAll @IntRange(max = 70) int n) {
        same(values(seed, 2 * n + 3), (k, z) -> k.rotate(z, 1, z, n + 2, n, 0.6, -0.8));
    }

    @Property
    void sweep(@ForAll long seed, @ForAll @IntRange(max = 9) int count, @ForAll @IntRange(max = 80) int width, @ForAll boolean upwards) {
        double[] c = values(seed + 1, count + 1);
        double[] s = values(seed + 2, count + 1);
        int stride = width + 1;
        same(values(seed, 2 + (count + 1) * stride),
                (k, z) -> k.sweep(z, upwards ? 2 + count * stride : 2, upwards ? -stride : stride, count, c, s, 1, width));
    }

    @Property
    void reflectors(@ForAll long seed, @ForAll @IntRange(max = 9) int count, @ForAll @IntRange(max = 50) int n) {
        double[] v = values(seed + 1, count + 1);
        double[] w = values(seed + 2, count + 1);
        double[] t = values(seed + 3, count + 1);
        int stride = n + 1;
        same(values(seed, 2 + (count + 2) * stride), (k, a) -> k.reflectRows(a, 2, stride, count, v, w, t, 1, n));
        same(values(seed, 2 + 3 * stride), (k, a) -> k.reflectThree(a, 2, stride, n, v[0], w[0], t[0]));
    }

    /** From the right is from the left on the transpose. */
    @Property
    void reflectorsFromTheRight(@ForAll long seed, @ForAll @IntRange(max = 9) int count, @ForAll @IntRange(max = 11) int rows) {
        double[] v = values(seed + 1, count);
        double[] w = values(seed + 2, count);
        double[] t = values(seed + 3, count);
        int columns = count + 2;
        double[] a = values(seed, rows * columns);
        double[] transposed = new double[rows * columns];
        for (int i = 0; i < a.length; i++) {
            transposed[i % columns * rows + i / columns] = a[i];
        }
        SCALAR.reflectRows(transposed, 0, rows, count, v, w, t, 0, rows);
        SIMD.reflectColumns(a, 0, columns, count, v, w, t, 0, rows);
        for (int i = 0; i < a.length; i++) {
            assertEquals(Double.doubleToLongBits(transposed[i % columns * rows + i / columns]), Double.doubleToLongBits(a[i]));
        }
    }

    private static double[] poles(long seed, int n) {
        double[] d = new SplittableRandom(seed).doubles(n).toArray();
        java.util.Arrays.sort(d);
        return d;
    }

    @Property
    void secularSums(@ForAll long seed, @ForAll @IntRange(max = 9) int from, @ForAll @IntRange(max = 8300) int n, @ForAll boolean squares) {
        double[] d = poles(seed, from + n + 1);
        double[] z = new SplittableRandom(seed + 1).doubles(from + n + 1, -1, 1).toArray();
        LinearKernels.Gap gap = gap(d[from], 1e-9, squares);
        same(new double[5], (k, out) -> k.secular(d, z, from, from + n, gap, out, 2));
    }

    @Property
    void poleKernels(@ForAll long seed, @ForAll @IntRange(max = 9) int from, @ForAll @IntRange(max = 90) int n, @ForAll boolean squares) {
        double[] d = poles(seed, from + n + 1);
        LinearKernels.Gap gap = gap(d[0], -0.3, squares);
        LinearKernels.Gap between = gap(d[from + n], 0, squares);
        same(values(seed, from + n), (k, w) -> k.poleRatios(d, from, from + n, gap, between, w));
        double[] z = values(seed + 1, n);
        same(new double[n + 3], (k, out) -> k.poleQuotients(z, d, n, gap, out, 2));
    }

    private static LinearKernels.Gap gap(double origin, double tau, boolean squares) {
        return new LinearKernels.Gap(origin, tau, squares ? 1 : 0, squares ? origin + tau : 1);
    }
}
