package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.Epilogue;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.ThroughActivations;
import gradus.backend.Window;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Pooling and resampling of blocked images. A thread owns whole planes (one channel of one block of samples); inside, output pixels ascend, and every
 * tap of a pixel is one run of samples.
 *
 * @param <T> float[] or double[]
 */
final class PoolPasses<T> {
    private static final int GRAIN = 1 << 15;

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final PlainKernels<T> plain;
    private final Crew crew;
    private final Plans<PoolShape, Windows> windows = new Plans<>(s -> new Windows(s, Blocked.block(s.samples())));
    private final Plans<ResizeShape, Sources> sources = new Plans<>(s -> new Sources(s, Blocked.block(s.samples())));

    PoolPasses(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, PlainKernels<T> plain, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.plain = plain;
        this.crew = crew;
    }

    Tensor maxPool(PoolShape s, Tensor x) {
        Tensor from = blocked.arranged(x);
        Tensor y = blocked.allocate(x.dtype(), s.output());
        T in = array(from);
        T out = array(y);
        Windows windows = this.windows.of(s);
        planes(s.channels(), y, plane -> windows.each((pixel, bases, taps, divisor) ->
                loops.max(in, from.offset() + plane * windows.inPlane, bases, taps, out, y.offset() + plane * windows.outPlane + pixel, windows.block)));
        blocked.done(from, x);
        return y;
    }

    /** @param phi the rectifier that made x, through which the gradient is taken, or the identity */
    Tensor maxPoolGradient(PoolShape s, Tensor g, Tensor x, Epilogue phi) {
        Tensor from = blocked.arranged(x);
        Tensor slopes = blocked.arranged(g);
        Tensor dx = blocked.allocate(x.dtype(), s.input());
        T in = array(from);
        T up = array(slopes);
        T out = array(dx);
        Windows windows = this.windows.of(s);
        planes(s.channels(), dx, plane -> {
            int at = plane * windows.inPlane;
            if (!windows.tile || !windows.cover) {
                kernels.fill(out, dx.offset() + at, windows.inPlane, 0);
            }
            windows.each((pixel, bases, taps, divisor) -> loops.maxGradient(in, from.offset() + at, bases, taps,
                    up, slopes.offset() + plane * windows.outPlane + pixel, out, dx.offset() + at, windows.block, windows.tile));
            loops.through(phi, out, dx.offset() + at, in, from.offset() + at, windows.inPlane);
        });
        blocked.done(from, x);
        blocked.done(slopes, g);
        return dx;
    }

    Tensor maxPoolPick(PoolShape s, Tensor u, Tensor x) {
        Tensor from = blocked.arranged(x);
        Tensor picked = blocked.arranged(u);
        Tensor y = blocked.allocate(x.dtype(), s.output());
        T in = array(from);
        T values = array(picked);
        T out = array(y);
        Windows windows = this.windows.of(s);
        planes(s.channels(), y, plane -> windows.each((pixel, bases, taps, divisor) -> loops.maxPick(in, from.offset() + plane * windows.inPlane, bases, taps,
                values, picked.offset() + plane * windows.inPlane, out, y.offset() + plane * windows.outPlane + pixel, windows.block)));
        blocked.done(from, x);
        blocked.done(picked, u);
        return y;
    }

    Tensor averagePool(PoolShape s, Tensor x) {
        Tensor from = blocked.arranged(x);
        Tensor y = blocked.allocate(x.dtype(), s.output());
        T in = array(from);
        T out = array(y);
        Windows windows = this.windows.of(s);
        planes(s.channels(), y, plane -> windows.each((pixel, bases, taps, divisor) -> loops.average(in, from.offset() + plane * windows.inPlane, bases, taps,
                divisor, out, y.offset() + plane * windows.outPlane + pixel, windows.block)));
        blocked.done(from, x);
        return y;
    }

    Tensor averagePoolGradient(PoolShape s, Tensor g) {
        Tensor slopes = blocked.arranged(g);
        Tensor dx = blocked.allocate(g.dtype(), s.input());
        T up = array(slopes);
        T out = array(dx);
        Windows windows = this.windows.of(s);
        planes(s.channels(), dx, plane -> {
            int at = dx.offset() + plane * windows.inPlane;
            kernels.fill(out, at, windows.inPlane, 0);
            windows.each((pixel, bases, taps, divisor) -> loops.averageGradient(up, slopes.offset() + plane * windows.outPlane + pixel, divisor, bases, taps,
                    out, at, windows.block));
        });
        blocked.done(slopes, g);
        return dx;
    }

    Tensor resize(ResizeShape s, Tensor x) {
        Tensor from = blocked.arranged(x);
        Tensor y = blocked.allocate(x.dtype(), s.output());
        T in = array(from);
        T out = array(y);
        Sources sources = this.sources.of(s);
        planes(s.channels(), y, plane -> {
            int source = from.offset() + plane * sources.inPlane;
            int target = y.offset() + plane * sources.outPlane;
            if (sources.twice) {
                plain.twice(s.height(), s.width(), in, source, out, target);
            } else if (sources.single != null) {
                loops.pick(in, source, sources.single, out, target, sources.block);
            } else {
                sources.each((pixel, taps, weights) -> loops.blend(in, source, taps, weights, out, target + pixel, sources.block));
            }
        });
        blocked.done(from, x);
        return y;
    }

    /** @param below the activation that made what was resized, through which the gradient is taken, or null */
    Tensor resizeGradient(ResizeShape s, Tensor g, ThroughActivations.Activated below) {
        Tensor slopes = blocked.arranged(g);
        Tensor dx = blocked.allocate(g.dtype(), s.input());
        Tensor v = below == null ? null : blocked.arranged(below.y());
        T up = array(slopes);
        T out = array(dx);
        Sources sources = this.sources.of(s);
        planes(s.channels(), dx, plane -> {
            int source = slopes.offset() + plane * sources.outPlane;
            int target = dx.offset() + plane * sources.inPlane;
            if (sources.twice) {
                plain.twiceSums(s.height(), s.width(), up, source, out, target);
            } else if (sources.single != null) {
                loops.pickSums(up, source, sources.starts, sources.outputs, out, target, sources.block);
            } else {
                kernels.fill(out, target, sources.inPlane, 0);
                sources.each((pixel, taps, weights) -> loops.blendGradient(up, source + pixel, taps, weights, out, target, sources.block));
            }
            if (v != null) {
                loops.through(below.phi(), out, target, array(v), v.offset() + plane * sources.inPlane, sources.inPlane);
            }
        });
        blocked.done(slopes, g);
        if (v != null) {
            blocked.done(v, below.y());
        }
        return dx;
    }

    private T array(Tensor t) {
        return kernels.array(t);
    }

    /** Runs the body for each channel of each block. */
    private void planes(int channels, Tensor larger, IntConsumer body) {
        if (larger.size() > 0) {
            int block = Blocked.block(larger.dim(0));
            crew.each(crew.threads(larger.size(), GRAIN), (larger.dim(0) + block - 1) / block * channels, body);
        }
    }

    private interface Tap {
        void visit(int pixel, int[] bases, int[] taps, double divisor);
    }

    /** The windows of one plane: for each output pixel the places of its taps. */
    private static final class Windows {
        final int block;
        final int inPlane;
        final int outPlane;
        private final PoolShape s;
        private final ConvAxis rows;
        private final ConvAxis columns;
        private final int[][][] taps;
        /** Windows in a row that have the same taps and divisor, one after the other: their bases. A single row of them is one call of a loop. */
        private final List<Run> runs = new ArrayList<>();
        /** Whether no two windows share a place, and whether all places are in one. */
        final boolean tile;
        final boolean cover;

        private record Run(int pixel, int[] bases, int[] taps, int divisor) {}

        Windows(PoolShape s, int block) {
            this.s = s;
            this.block = block;
            inPlane = s.height() * s.width() * block;
            outPlane = s.outHeight() * s.outWidth() * block;
            rows = new ConvAxis(s.outHeight(), s.window().kernelHeight(), (i, k) -> inside(s.window().row(i, k), s.height()));
            columns = new ConvAxis(s.outWidth(), s.window().kernelWidth(), (j, l) -> inside(s.window().column(j, l), s.width()));
            taps = new int[rows.patterns.length][columns.patterns.length][];
            for (int r = 0; r < taps.length; r++) {
                for (int c = 0; c < taps[r].length; c++) {
                    taps[r][c] = taps(rows.patterns[r].distance, columns.patterns[c].distance);
                }
            }
            int covered = 0;
            for (int i = 0; i < s.outHeight(); i++) {
                for (int j = 0, next; j < s.outWidth(); j = next) {
                    next = j + 1;
                    while (next < s.outWidth() && columns.pattern[next] == columns.pattern[j] && s.divisor(i, next) == s.divisor(i, j)) {
                        next++;
                    }
                    int first = j;
                    int row = i;
                    int[] bases = new int[next - j];
                    Arrays.setAll(bases, n -> base(row, first + n));
                    int[] all = taps[rows.pattern[i]][columns.pattern[j]];
                    runs.add(new Run((i * s.outWidth() + j) * block, bases, all, s.divisor(i, j)));
                    covered += all.length * bases.length;
                }
            }
            Window w = s.window();
            tile = w.strideHeight() > (w.kernelHeight() - 1) * w.dilationHeight() && w.strideWidth() > (w.kernelWidth() - 1) * w.dilationWidth();
            cover = covered == s.height() * s.width();
        }

        private int base(int i, int j) {
            int row = rows.patterns[rows.pattern[i]].bases[rows.place[i]];
            return (row * s.width() + columns.patterns[columns.pattern[j]].bases[columns.place[j]]) * block;
        }

        private static int inside(int place, int extent) {
            return place >= 0 && place < extent ? place : -1;
        }

        private int[] taps(int[] down, int[] across) {
            int[] all = new int[down.length * across.length];
            for (int t = 0; t < all.length; t++) {
                all[t] = (down[t / across.length] * s.width() + across[t % across.length]) * block;
            }
            return all;
        }

        /** Visits the output pixels in ascending order, in runs. */
        void each(Tap tap) {
            for (Run run : runs) {
                tap.visit(run.pixel, run.bases, run.taps, run.divisor);
            }
        }
    }

    private interface Source {
        void visit(int pixel, int[] taps, double[] weights);
    }

    /** What each output pixel of a resampled plane is made of: one place, or several with weights. */
    private static final class Sources {
        final int block;
        final int inPlane;
        final int outPlane;
        private final int[][] taps;
        private final double[][] weights;
        /** Where no output is made of more than one place: the number of the pixel there, else null. */
        final int[] single;
        /** Whether that doubles both axes of row-major planes that are wide enough for {@link PlainKernels#twice}. */
        final boolean twice;
        /** Where there is a single place, also the outputs that are made of pixel i, ascending, from starts[i] up to starts[i + 1]. */
        int[] starts;
        int[] outputs;

        Sources(ResizeShape s, int block) {
            this.block = block;
            inPlane = s.height() * s.width() * block;
            outPlane = s.outHeight() * s.outWidth() * block;
            int pixels = s.outHeight() * s.outWidth();
            boolean nearest = s.mode() == ResizeShape.Mode.NEAREST;
            single = nearest ? new int[pixels] : null;
            taps = nearest ? null : new int[pixels][];
            weights = nearest ? null : new double[pixels][];
            ResizeShape.Axis rows = s.rows();
            ResizeShape.Axis columns = s.columns();
            for (int o = 0; o < pixels; o++) {
                int i = o / s.outWidth();
                int j = o % s.outWidth();
                int low = rows.low()[i] * s.width();
                int high = rows.high()[i] * s.width();
                if (nearest) {
                    single[o] = low + columns.low()[j];
                } else {
                    double v = rows.share()[i];
                    double h = columns.share()[j];
                    taps[o] = new int[] {(low + columns.low()[j]) * block, (low + columns.high()[j]) * block,
                        (high + columns.low()[j]) * block, (high + columns.high()[j]) * block};
                    weights[o] = new double[] {(1 - v) * (1 - h), (1 - v) * h, v * (1 - h), v * h};
                }
            }
            twice = nearest && block == 1 && s.width() >= PlainKernels.PAIRS && s.outWidth() == 2 * s.width() && s.outHeight() == 2 * s.height();
            if (nearest) {
                invert(s.height() * s.width());
            }
        }

        private void invert(int pixels) {
            starts = new int[pixels + 1];
            outputs = new int[single.length];
            for (int place : single) {
                starts[place + 1]++;
            }
            for (int i = 0; i < pixels; i++) {
                starts[i + 1] += starts[i];
            }
            int[] next = starts.clone();
            for (int o = 0; o < single.length; o++) {
                outputs[next[single[o]]++] = o;
            }
        }

        /** Visits the output pixels that are made of several places, in ascending order. */
        void each(Source source) {
            for (int o = 0; o < taps.length; o++) {
                source.visit(o * block, taps[o], weights[o]);
            }
        }
    }
}
