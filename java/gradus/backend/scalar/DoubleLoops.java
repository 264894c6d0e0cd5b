package gradus.backend.scalar;

import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.Window;
import gradus.tensor.DType;

/** The three passes of a convolution in binary64 on row-major arrays; {@link FloatLoops} is the same text in binary32. */
final class DoubleLoops {
    private DoubleLoops() {
    }

    static double[] forward(ConvShape s, double[] x, double[] weight, double[] bias, Epilogue phi) {
        double[] y = new double[s.output().size()];
        int o = 0;
        for (int n = 0; n < s.samples(); n++) {
            for (int f = 0; f < s.filters(); f++) {
                for (int i = 0; i < s.outHeight(); i++) {
                    for (int j = 0; j < s.outWidth(); j++) {
                        y[o++] = phi.apply(output(s, x, weight, bias == null ? 0 : bias[f], n, f, i, j));
                    }
                }
            }
        }
        return y;
    }

    private static double output(ConvShape s, double[] x, double[] weight, double start, int n, int f, int i, int j) {
        Window w = s.window();
        int firstChannel = f / s.groupFilters() * s.groupChannels();
        double sum = start;
        int t = f * s.groupChannels() * w.kernelHeight() * w.kernelWidth();
        for (int c = 0; c < s.groupChannels(); c++) {
            int plane = (n * s.channels() + firstChannel + c) * s.height();
            for (int k = 0; k < w.kernelHeight(); k++) {
                int row = w.row(i, k);
                for (int l = 0; l < w.kernelWidth(); l++, t++) {
                    int column = w.column(j, l);
                    if (row >= 0 && row < s.height() && column >= 0 && column < s.width()) {
                        sum = Math.fma(x[(plane + row) * s.width() + column], weight[t], sum);
                    }
                }
            }
        }
        return sum;
    }

    static double[] inputGradient(ConvShape s, double[] y, double[] weight, double[] bias, Epilogue phi) {
        double[] x = new double[s.input().size()];
        int o = 0;
        for (int n = 0; n < s.samples(); n++) {
            for (int c = 0; c < s.channels(); c++) {
                for (int h = 0; h < s.height(); h++) {
                    for (int w = 0; w < s.width(); w++) {
                        x[o++] = phi.apply(input(s, y, weight, bias == null ? 0 : bias[c], n, c, h, w));
                    }
                }
            }
        }
        return x;
    }

    private static double input(ConvShape s, double[] y, double[] weight, double start, int n, int c, int h, int w) {
        Window window = s.window();
        int firstFilter = c / s.groupChannels() * s.groupFilters();
        double sum = start;
        for (int f = firstFilter; f < firstFilter + s.groupFilters(); f++) {
            int plane = (n * s.filters() + f) * s.outHeight();
            int t = (f * s.groupChannels() + c % s.groupChannels()) * window.kernelHeight() * window.kernelWidth();
            for (int k = 0; k < window.kernelHeight(); k++) {
                int i = Loops.meeting(h - window.row(0, k), window.strideHeight(), s.outHeight());
                for (int l = 0; l < window.kernelWidth(); l++, t++) {
                    int j = Loops.meeting(w - window.column(0, l), window.strideWidth(), s.outWidth());
                    if (i >= 0 && j >= 0) {
                        sum = Math.fma(y[(plane + i) * s.outWidth() + j], weight[t], sum);
                    }
                }
            }
        }
        return sum;
    }

    static double[] weightGradient(ConvShape s, double[] y, double[] x) {
        Window window = s.window();
        double[] dw = new double[s.weight().size()];
        int o = 0;
        for (int f = 0; f < s.filters(); f++) {
            for (int c = 0; c < s.groupChannels(); c++) {
                int channel = f / s.groupFilters() * s.groupChannels() + c;
                for (int k = 0; k < window.kernelHeight(); k++) {
                    for (int l = 0; l < window.kernelWidth(); l++) {
                        dw[o++] = weight(s, y, x, f, channel, k, l);
                    }
                }
            }
        }
        return dw;
    }

    private static double weight(ConvShape s, double[] y, double[] x, int f, int c, int k, int l) {
        int places = s.outHeight() * s.outWidth();
        return BatchTree.sum(DType.FLOAT64, s.samples(), places, (sum, n, place) -> {
            int row = s.window().row(place / s.outWidth(), k);
            int column = s.window().column(place % s.outWidth(), l);
            if (row < 0 || row >= s.height() || column < 0 || column >= s.width()) {
                return sum;
            }
            return Math.fma(y[(n * s.filters() + f) * places + place], x[((n * s.channels() + c) * s.height() + row) * s.width() + column], sum);
        });
    }
}
