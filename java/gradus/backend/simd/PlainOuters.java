package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Window;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * The weight gradient of few samples, whose images lie row-major: for each sample one chain over pixels a weight, then the tree over samples. {@link ConvOuters} has
 * samples across the lanes; here they are the channels of one image, transposed so that they lie side by side, and a term is such a vector times one number of the other image.
 *
 * @param <T> float[] or double[]
 */
final class PlainOuters<T> {
    /** Fused multiply-adds that are worth waking a thread for: some 25 µs. A helper that sleeps between the layers of one image came too late for half of that. */
    private static final int GRAIN = 1 << 20;

    private final Backend backend;
    private final Blocked blocked;
    private final Kernels<T> kernels;
    private final ConvKernels<T> loops;
    private final PlainKernels<T> plain;
    private final Crew crew;

    PlainOuters(Backend backend, Blocked blocked, Kernels<T> kernels, ConvKernels<T> loops, PlainKernels<T> plain, Crew crew) {
        this.backend = backend;
        this.blocked = blocked;
        this.kernels = kernels;
        this.loops = loops;
        this.plain = plain;
        this.crew = crew;
    }

    Tensor weightGradient(ConvShape s, Tensor y, Tensor x) {
        Tensor result = backend.allocate(y.dtype(), s.weight());
        if (s.samples() == 0 || result.size() == 0) {
            backend.fill(result, 0);
            return result;
        }
        Tensor left = blocked.arranged(y);
        Tensor right = blocked.arranged(x);
        new Work(s, left, right).run(result);
        blocked.done(left, y);
        blocked.done(right, x);
        return result;
    }

    /** One of the two images: its channels in a group, and its extents. */
    private record Side(Tensor tensor, int groupChannels, int height, int width) {
        int plane() {
            return height * width;
        }
    }

    /** One call. */
    private final class Work {
        private final ConvShape s;
        private final Window window;
        /** Whether the filters are across the lanes, or the channels. */
        private final boolean filters;
        private final Side across;
        private final Side spread;
        private final int vectors;
        /** Channels across, with those that fill the last tile up. */
        private final int padded;
        private final int taps;
        private final int[][] rows;
        private final int[][] columns;
        private final int perSample;
        private final int tiles;

        Work(ConvShape s, Tensor y, Tensor x) {
            this.s = s;
            window = s.window();
            Side left = new Side(y, s.groupFilters(), s.outHeight(), s.outWidth());
            Side right = new Side(x, s.groupChannels(), s.height(), s.width());
            filters = (long) plain.padded(s.groupFilters()) * s.groupChannels() <= (long) plain.padded(s.groupChannels()) * s.groupFilters();
            across = filters ? left : right;
            spread = filters ? right : left;
            vectors = plain.vectors(across.groupChannels);
            padded = plain.padded(across.groupChannels);
            taps = window.kernelHeight() * window.kernelWidth();
            rows = ConvAxis.ranges(window.kernelHeight(), s.outHeight(), s.height(), window.strideHeight(), window.dilationHeight(), window.top());
            columns = ConvAxis.ranges(window.kernelWidth(), s.outWidth(), s.width(), window.strideWidth(), window.dilationWidth(), window.left());
            tiles = (spread.groupChannels + PlainKernels.SCALARS - 1) / PlainKernels.SCALARS;
            perSample = s.groups() * spread.groupChannels * taps * padded;
        }

        void run(Tensor result) {
            int images = s.samples() * s.groups();
            int image = across.plane() * padded;
            Tensor beside = backend.allocate(result.dtype(), Shape.of(images * image));
            Tensor chains = backend.allocate(result.dtype(), Shape.of(s.samples() * perSample));
            T from = kernels.array(across.tensor);
            T to = kernels.array(beside);
            long products = (long) s.output().size() * s.groupChannels() * taps;
            int threads = crew.threads(products, GRAIN);
            crew.each(threads, images, i -> {
                if (across.groupChannels < padded) {
                    kernels.fill(to, beside.offset() + i * image, image, 0);
                }
                kernels.transpose(across.plane(), across.groupChannels, from, across.tensor.offset() + i * across.groupChannels * across.plane(), 1, across.plane(),
                        to, beside.offset() + i * image, padded);
            });
            int items = images * tiles * window.kernelHeight();
            crew.share(threads, items, (thread, item) -> {
                int k = item % window.kernelHeight();
                int tile = item / window.kernelHeight() % tiles;
                int i = item / window.kernelHeight() / tiles;
                kernelRow(i, tile, k, to, beside.offset() + i * image, kernels.array(chains), chains.offset());
            });
            loops.foldSamples(s.samples(), kernels.array(chains), chains.offset(), perSample);
            arrange(kernels.array(chains), chains.offset(), kernels.array(result), result.offset());
            backend.release(beside);
            backend.release(chains);
        }

        /** The weights of one kernel row between the channels across of image (sample, group) i and a tile of the others. */
        private void kernelRow(int i, int tile, int k, T a, int ao, T chains, int co) {
            int first = tile * PlainKernels.SCALARS;
            int last = Math.min(PlainKernels.SCALARS, spread.groupChannels - first) - 1;
            T b = kernels.array(spread.tensor);
            int plane = spread.tensor.offset() + (i * spread.groupChannels + first) * spread.plane();
            int step = taps * padded;
            int to = co + (i * spread.groupChannels + first) * step;
            int top = rows[k][0];
            int height = rows[k][1] - top;
            for (int l = 0; l < window.kernelWidth(); l++) {
                int left = columns[l][0];
                int width = columns[l][1] - left;
                int y = top * s.outWidth() + left;
                int x = window.row(top, k) * s.width() + window.column(left, l);
                int yRow = s.outWidth();
                int xRow = window.strideHeight() * s.width();
                int xPixel = window.strideWidth();
                int c = to + (k * window.kernelWidth() + l) * padded;
                for (int lane = 0; lane < padded; lane += vectors * plain.lanes) {
                    if (height <= 0 || width <= 0) {
                        for (int r = 0; r <= last; r++) {
                            kernels.fill(chains, c + r * step + lane, vectors * plain.lanes, 0);
                        }
                    } else if (filters) {
                        plain.outer(vectors, height, width, a, ao + y * padded + lane, yRow * padded, padded, b, plane + x, xRow, xPixel, spread.plane(), last,
                                chains, c + lane, step);
                    } else {
                        plain.outer(vectors, height, width, a, ao + x * padded + lane, xRow * padded, xPixel * padded, b, plane + y, yRow, 1, spread.plane(), last,
                                chains, c + lane, step);
                    }
                }
            }
        }

        /** The sums, which lie [group, channel spread, tap, channel across], as weights [filter, channel, tap]. */
        private void arrange(T from, int at, T to, int result) {
            int all = spread.groupChannels * taps;
            for (int g = 0; g < s.groups(); g++) {
                if (filters) {
                    kernels.transpose(across.groupChannels, all, from, at + g * all * padded, 1, padded, to, result + g * across.groupChannels * all, all);
                    continue;
                }
                for (int f = g * spread.groupChannels; f < (g + 1) * spread.groupChannels; f++) {
                    kernels.transpose(across.groupChannels, taps, from, at + f * taps * padded, 1, padded, to, result + f * across.groupChannels * taps, taps);
                }
            }
        }
    }
}
