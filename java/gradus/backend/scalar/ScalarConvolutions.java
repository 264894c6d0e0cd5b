package gradus.backend.scalar;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * Plain loops over one element at a time: the definition of the bits of {@link Convolutions}.
 *
 * <p>Binary32 numbers travel as doubles where only sums, products and comparisons are taken: rounding the binary64 result of one such
 * operation on binary32 numbers gives the binary32 result. Fused multiply-adds have no such freedom and are taken in their own type.
 */
public final class ScalarConvolutions implements Convolutions {
    private final Backend backend;

    /** The reference, with results from this backend's memory, which must be the Java heap. */
    public ScalarConvolutions(Backend backend) {
        this.backend = backend;
    }

    @Override
    public Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        return switch (x.dtype()) {
            case FLOAT32 -> result(shape.output(), FloatLoops.forward(shape, x.toFloats(), weight.toFloats(), bias == null ? null : bias.toFloats(), phi));
            case FLOAT64 -> result(x.dtype(), shape.output(),
                    DoubleLoops.forward(shape, x.toDoubles(), weight.toDoubles(), bias == null ? null : bias.toDoubles(), phi));
        };
    }

    @Override
    public Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi) {
        return switch (y.dtype()) {
            case FLOAT32 -> result(shape.input(), FloatLoops.inputGradient(shape, y.toFloats(), weight.toFloats(), bias == null ? null : bias.toFloats(), phi));
            case FLOAT64 -> result(y.dtype(), shape.input(),
                    DoubleLoops.inputGradient(shape, y.toDoubles(), weight.toDoubles(), bias == null ? null : bias.toDoubles(), phi));
        };
    }

    @Override
    public Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
        return switch (y.dtype()) {
            case FLOAT32 -> result(shape.weight(), FloatLoops.weightGradient(shape, y.toFloats(), x.toFloats()));
            case FLOAT64 -> result(y.dtype(), shape.weight(), DoubleLoops.weightGradient(shape, y.toDoubles(), x.toDoubles()));
        };
    }

    @Override
    public Tensor epilogueGradient(Epilogue phi, Tensor g, Tensor y) {
        double[] slopes = g.toDoubles();
        double[] values = y.toDoubles();
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = g.dtype() == DType.FLOAT32 ? phi.gradient((float) slopes[i], (float) values[i]) : phi.gradient(slopes[i], values[i]);
        }
        return result(g.dtype(), g.shape(), slopes);
    }

    @Override
    public Tensor maxPool(PoolShape shape, Tensor x) {
        double[] in = x.toDoubles();
        double[] out = new double[shape.output().size()];
        for (int o = 0; o < out.length; o++) {
            int winner = winner(shape, in, o);
            out[o] = winner < 0 ? Double.NEGATIVE_INFINITY : in[winner];
        }
        return result(x.dtype(), shape.output(), out);
    }

    @Override
    public Tensor maxPoolGradient(PoolShape shape, Tensor g, Tensor x) {
        double[] in = x.toDoubles();
        double[] slopes = g.toDoubles();
        double[] dx = new double[in.length];
        for (int o = 0; o < slopes.length; o++) {
            int winner = winner(shape, in, o);
            if (winner >= 0) {
                dx[winner] = x.dtype().round(dx[winner] + slopes[o]);
            }
        }
        return result(x.dtype(), shape.input(), dx);
    }

    @Override
    public Tensor maxPoolPick(PoolShape shape, Tensor u, Tensor x) {
        double[] in = x.toDoubles();
        double[] from = u.toDoubles();
        double[] out = new double[shape.output().size()];
        for (int o = 0; o < out.length; o++) {
            int winner = winner(shape, in, o);
            out[o] = winner < 0 ? 0 : from[winner];
        }
        return result(x.dtype(), shape.output(), out);
    }

    /** Where the largest tap of the window of output o lies, or −1. */
    private static int winner(PoolShape s, double[] x, int o) {
        int plane = o / (s.outHeight() * s.outWidth()) * s.height() * s.width();
        int i = o / s.outWidth() % s.outHeight();
        int j = o % s.outWidth();
        int best = -1;
        for (int k = 0; k < s.window().kernelHeight(); k++) {
            for (int l = 0; l < s.window().kernelWidth(); l++) {
                int h = s.window().row(i, k);
                int w = s.window().column(j, l);
                if (h >= 0 && h < s.height() && w >= 0 && w < s.width()) {
                    int place = plane + h * s.width() + w;
                    if (best < 0 || x[place] > x[best] || Double.isNaN(x[place]) && !Double.isNaN(x[best])) {
                        best = place;
                    }
                }
            }
        }
        return best;
    }

    @Override
    public Tensor averagePool(PoolShape shape, Tensor x) {
        double[] in = x.toDoubles();
        double[] out = new double[shape.output().size()];
        eachTap(shape, (o, place, divisor) -> out[o] = x.dtype().round(out[o] + in[place]));
        for (int o = 0; o < out.length; o++) {
            out[o] = x.dtype().round(out[o] / shape.divisor(o / shape.outWidth() % shape.outHeight(), o % shape.outWidth()));
        }
        return result(x.dtype(), shape.output(), out);
    }

    @Override
    public Tensor averagePoolGradient(PoolShape shape, Tensor g) {
        double[] slopes = g.toDoubles();
        double[] dx = new double[shape.input().size()];
        eachTap(shape, (o, place, divisor) -> dx[place] = g.dtype().round(dx[place] + g.dtype().round(slopes[o] / divisor)));
        return result(g.dtype(), shape.input(), dx);
    }

    private interface Tap {
        void visit(int output, int input, int divisor);
    }

    /** Every tap that lies in the image, outputs ascending and in each its taps in (k, l) order. */
    private static void eachTap(PoolShape s, Tap tap) {
        Window window = s.window();
        int outputs = s.output().size();
        for (int o = 0; o < outputs; o++) {
            int plane = o / (s.outHeight() * s.outWidth()) * s.height() * s.width();
            int i = o / s.outWidth() % s.outHeight();
            int j = o % s.outWidth();
            int divisor = s.divisor(i, j);
            for (int k = 0; k < window.kernelHeight(); k++) {
                for (int l = 0; l < window.kernelWidth(); l++) {
                    int h = window.row(i, k);
                    int w = window.column(j, l);
                    if (h >= 0 && h < s.height() && w >= 0 && w < s.width()) {
                        tap.visit(o, plane + h * s.width() + w, divisor);
                    }
                }
            }
        }
    }

    @Override
    public Tensor resize(ResizeShape shape, Tensor x) {
        double[] in = x.toDoubles();
        double[] out = new double[shape.output().size()];
        eachSource(shape, (o, place, weight) -> out[o] = shape.mode() == ResizeShape.Mode.NEAREST ? in[place] : fma(x.dtype(), weight, in[place], out[o]));
        return result(x.dtype(), shape.output(), out);
    }

    @Override
    public Tensor resizeGradient(ResizeShape shape, Tensor g) {
        double[] slopes = g.toDoubles();
        double[] dx = new double[shape.input().size()];
        eachSource(shape, (o, place, weight) -> dx[place] = shape.mode() == ResizeShape.Mode.NEAREST
                ? g.dtype().round(dx[place] + slopes[o]) : fma(g.dtype(), weight, slopes[o], dx[place]));
        return result(g.dtype(), shape.input(), dx);
    }

    private interface Source {
        void visit(int output, int input, double weight);
    }

    /** Every place that an output is made of, outputs ascending: one place for nearest, four for bilinear. */
    private static void eachSource(ResizeShape s, Source source) {
        ResizeShape.Axis rows = s.rows();
        ResizeShape.Axis columns = s.columns();
        int outputs = s.output().size();
        for (int o = 0; o < outputs; o++) {
            int plane = o / (s.outHeight() * s.outWidth()) * s.height() * s.width();
            int i = o / s.outWidth() % s.outHeight();
            int j = o % s.outWidth();
            int low = plane + rows.low()[i] * s.width();
            int high = plane + rows.high()[i] * s.width();
            if (s.mode() == ResizeShape.Mode.NEAREST) {
                source.visit(o, low + columns.low()[j], 1);
            } else {
                double v = rows.share()[i];
                double h = columns.share()[j];
                source.visit(o, low + columns.low()[j], (1 - v) * (1 - h));
                source.visit(o, low + columns.high()[j], (1 - v) * h);
                source.visit(o, high + columns.low()[j], v * (1 - h));
                source.visit(o, high + columns.high()[j], v * h);
            }
        }
    }

    @Override
    public Tensor channelSums(Tensor x) {
        double[] in = x.toDoubles();
        return foldChannels(x, (sum, place, c) -> x.dtype().round(sum + in[place]));
    }

    @Override
    public Tensor channelSquares(Tensor x, Tensor mean) {
        double[] in = x.toDoubles();
        double[] centre = mean.toDoubles();
        return foldChannels(x, (sum, place, c) -> {
            double d = x.dtype().round(in[place] - centre[c]);
            return fma(x.dtype(), d, d, sum);
        });
    }

    @Override
    public Tensor channelProducts(Tensor g, Tensor x, Tensor mean) {
        double[] slopes = g.toDoubles();
        double[] in = x.toDoubles();
        double[] centre = mean.toDoubles();
        return foldChannels(x, (sum, place, c) -> fma(x.dtype(), slopes[place], x.dtype().round(in[place] - centre[c]), sum));
    }

    private interface Term {
        double addTo(double sum, int place, int channel);
    }

    private Tensor foldChannels(Tensor x, Term term) {
        int samples = x.dim(0);
        int channels = x.dim(1);
        int plane = x.size() == 0 ? 0 : x.size() / samples / channels;
        double[] sums = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            int c = channel;
            sums[c] = BatchTree.sum(x.dtype(), samples, plane, (sum, n, place) -> term.addTo(sum, (n * channels + c) * plane + place, c));
        }
        return result(x.dtype(), Shape.of(channels), sums);
    }

    @Override
    public Tensor normalize(Tensor x, Tensor mean, Tensor scale, Tensor shift, Epilogue phi) {
        DType type = x.dtype();
        double[] y = x.toDoubles();
        double[] m = mean.toDoubles();
        double[] a = scale.toDoubles();
        double[] b = shift.toDoubles();
        for (int i = 0; i < y.length; i++) {
            int c = channel(x, i);
            double z = fma(type, type.round(y[i] - m[c]), a[c], b[c]);
            y[i] = type == DType.FLOAT32 ? phi.apply((float) z) : phi.apply(z);
        }
        return result(type, x.shape(), y);
    }

    @Override
    public Tensor normalizeGradient(Tensor g, Tensor x, Tensor mean, Tensor offset, Tensor slope, Tensor scale) {
        DType type = x.dtype();
        double[] dx = g.toDoubles();
        double[] in = x.toDoubles();
        double[] m = mean.toDoubles();
        double[] o = offset.toDoubles();
        double[] k = slope.toDoubles();
        double[] a = scale.toDoubles();
        for (int i = 0; i < dx.length; i++) {
            int c = channel(x, i);
            double projected = fma(type, type.round(in[i] - m[c]), -k[c], type.round(dx[i] - o[c]));
            dx[i] = type.round(projected * a[c]);
        }
        return result(type, x.shape(), dx);
    }

    private static int channel(Tensor x, int place) {
        return place / (x.size() / x.dim(0) / x.dim(1)) % x.dim(1);
    }

    private static double fma(DType type, double a, double b, double c) {
        return type == DType.FLOAT32 ? Math.fma((float) a, (float) b, (float) c) : Math.fma(a, b, c);
    }

    private Tensor result(Shape shape, float[] values) {
        Tensor out = backend.allocate(DType.FLOAT32, shape);
        System.arraycopy(values, 0, out.floats(), out.offset(), values.length);
        return out;
    }

    private Tensor result(DType type, Shape shape, double[] values) {
        Tensor out = backend.allocate(type, shape);
        for (int i = 0; i < values.length; i++) {
            switch (type) {
                case FLOAT32 -> out.floats()[out.offset() + i] = (float) values[i];
                case FLOAT64 -> out.doubles()[out.offset() + i] = values[i];
            }
        }
        return out;
    }
}
