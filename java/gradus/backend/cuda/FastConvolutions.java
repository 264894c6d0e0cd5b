package gradus.backend.cuda;

import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.backend.cuda.Products.Operand;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * Convolutions of the fast mode: {@code kernels/columns.cu} lays the taps of every place side by side, and a library multiplies. The sums are its own, and so no
 * part of the contract. With taps T = (channel, row, column) and places P = (row, column) of the output, for each group:
 *
 * <pre>
 * forward          y[n]  = W · columns(x[n])                      [F, T]·[T, P], a batch over the samples
 * by the input     x[n]  = folded(Wᵀ · y[n])                      [T, F]·[F, P], a batch over the samples
 * by the weight    W     = Σ y[n] · columns(x[n])ᵀ                [F, NP]·[NP, T], one product over samples and places
 * </pre>
 *
 * The columns hold each element of x once for every tap, so samples go in portions that keep them within {@code room} elements. All methods give null where
 * there is nothing to multiply, where one sample's columns are too many, or where writing and reading the columns takes longer than the product saves.
 */
final class FastConvolutions {
    /** Elements of columns that there is memory for: 256 MiB of float32. */
    static final int ROOM = 1 << 26;

    /**
     * Filters from which columns pay beside {@code kernels/conv_strips.cuh}: a place's 9 · channels columns are 72 bytes each to write and read, 24 ps of an
     * H100's memory, and save its product about 0.3 ps a filter.
     */
    private static final int MANY_FILTERS = 64;

    private final CudaBackend backend;
    private final Products products;
    private final int room;

    FastConvolutions(CudaBackend backend, Products products, int room) {
        this.backend = backend;
        this.products = products;
        this.room = room;
    }

    /** The numbers of a convolution that all three products share; extents of one group where they say so. */
    private record Sizes(ConvShape shape, int filters, int taps, int places, int allTaps, int portion) {
        static Sizes of(ConvShape s, DType dtype, int room) {
            if (s.filters() < MANY_FILTERS && dtype == DType.FLOAT32 && ofStrips(s)) {
                return null;
            }
            int places = s.outHeight() * s.outWidth();
            int kernel = s.window().kernelHeight() * s.window().kernelWidth();
            long sample = (long) s.channels() * kernel * places;
            if (s.samples() == 0 || s.filters() == 0 || sample == 0 || sample > Integer.MAX_VALUE) {
                return null;
            }
            return new Sizes(s, s.groupFilters(), s.groupChannels() * kernel, places, s.channels() * kernel, Math.clamp(room / sample, 1, s.samples()));
        }

        /** What the kernels of 3 × 3 serve. */
        private static boolean ofStrips(ConvShape s) {
            Window w = s.window();
            return s.groups() == 1 && w.kernelHeight() == 3 && w.kernelWidth() == 3 && w.strideHeight() == w.strideWidth() && w.strideHeight() <= 2
                    && w.dilationHeight() == 1 && w.dilationWidth() == 1;
        }

        /** Samples from first on in one portion. */
        int count(int first) {
            return Math.min(portion, shape.samples() - first);
        }

        Shape columns() {
            return Shape.of(portion, allTaps, places);
        }

        Operand weight(long address, int group, boolean transposed, int bytes) {
            return new Operand(address + (long) group * filters * taps * bytes, transposed, taps, 0);
        }

        /** The filters of a group in y, from a sample on. */
        Operand output(long address, int first, int group, int bytes) {
            return new Operand(address + ((long) first * shape.filters() + (long) group * filters) * places * bytes, false, places, (long) shape.filters() * places);
        }

        /** The taps of a group in columns [sample, tap, place]. */
        Operand columns(long address, int group, int bytes) {
            return new Operand(address + (long) group * taps * places * bytes, false, places, (long) allTaps * places);
        }
    }

    Tensor forward(ConvShape shape, Tensor x, Tensor weight, Tensor bias, Epilogue phi) {
        Sizes s = Sizes.of(shape, x.dtype(), room);
        if (s == null) {
            return null;
        }
        DType dtype = x.dtype();
        try (Guests guests = new Guests(backend)) {
            long from = guests.denseAddress(x);
            long w = guests.denseAddress(weight);
            Tensor columns = guests.scratch(dtype, s.columns());
            Tensor y = backend.allocate(dtype, shape.output());
            if (bias != null) {
                backend.copy(guests.dense(bias).reshape(1, shape.filters(), 1, 1).broadcastTo(shape.output()), y);
            }
            for (int first = 0; first < shape.samples(); first += s.portion) {
                unfold(s, dtype, first, (long) s.allTaps * s.places, s.places, from, columns);
                for (int g = 0; g < shape.groups(); g++) {
                    products.product(dtype, s.filters, s.places, s.taps, s.weight(w, g, false, dtype.bytes()), s.columns(address(columns), g, dtype.bytes()),
                            bias == null ? 0 : 1, s.output(address(y), first, g, dtype.bytes()), s.count(first));
                }
            }
            return finished(y, phi);
        }
    }

    Tensor inputGradient(ConvShape shape, Tensor y, Tensor weight, Tensor bias, Epilogue phi) {
        Sizes s = Sizes.of(shape, y.dtype(), room);
        if (s == null) {
            return null;
        }
        DType dtype = y.dtype();
        try (Guests guests = new Guests(backend)) {
            long from = guests.denseAddress(y);
            long w = guests.denseAddress(weight);
            long start = guests.denseAddress(bias);
            Tensor columns = guests.scratch(dtype, s.columns());
            Tensor x = backend.allocate(dtype, shape.input());
            for (int first = 0; first < shape.samples(); first += s.portion) {
                for (int g = 0; g < shape.groups(); g++) {
                    products.product(dtype, s.taps, s.places, s.filters, s.weight(w, g, true, dtype.bytes()), s.output(from, first, g, dtype.bytes()), 0,
                            s.columns(address(columns), g, dtype.bytes()), s.count(first));
                }
                int portion = first;
                backend.check(Bridge.foldColumns(backend.library(), backend.stream(), dtype.ordinal(), DeviceConvolutions.numbers(shape), first, s.count(first),
                        address(columns), start, phi.kind().ordinal(), phi.slope(), address(x)), () -> "columns of " + shape + " from sample " + portion);
            }
            return x;
        }
    }

    Tensor weightGradient(ConvShape shape, Tensor y, Tensor x) {
        Sizes s = Sizes.of(shape, y.dtype(), room);
        if (s == null) {
            return null;
        }
        DType dtype = y.dtype();
        try (Guests guests = new Guests(backend)) {
            long from = guests.denseAddress(x);
            Tensor cotangent = guests.dense(y).reshape(shape.samples(), shape.filters(), s.places);
            Tensor columns = guests.scratch(dtype, s.columns());
            Tensor byFilter = guests.scratch(dtype, Shape.of(shape.filters(), s.portion, s.places));
            Tensor w = backend.allocate(dtype, shape.weight());
            for (int first = 0; first < shape.samples(); first += s.portion) {
                int terms = s.count(first) * s.places;
                unfold(s, dtype, first, s.places, terms, from, columns);
                Tensor filters = Tensor.over(byFilter.storage(), Shape.of(shape.filters(), s.count(first), s.places), byFilter.offset());
                backend.copy(cotangent.slice(0, first, first + s.count(first)).permute(1, 0, 2), filters);
                for (int g = 0; g < shape.groups(); g++) {
                    products.product(dtype, s.filters, s.taps, terms, new Operand(address(filters) + (long) g * s.filters * terms * dtype.bytes(), false, terms, 0),
                            new Operand(address(columns) + (long) g * s.taps * terms * dtype.bytes(), true, terms, 0), first == 0 ? 0 : 1,
                            s.weight(address(w), g, false, dtype.bytes()), 1);
                }
            }
            return w;
        }
    }

    private void unfold(Sizes s, DType dtype, int first, long sampleStep, long tapStep, long x, Tensor columns) {
        backend.check(Bridge.columns(backend.library(), backend.stream(), dtype.ordinal(), DeviceConvolutions.numbers(s.shape), first, s.count(first), sampleStep, tapStep,
                x, address(columns)), () -> "columns of " + s.shape + " from sample " + first);
    }

    private Tensor finished(Tensor y, Epilogue phi) {
        Tensor out = switch (phi.kind()) {
            case IDENTITY -> y;
            case RELU -> backend.map(Function.RELU, y);
            case LEAKY_RELU -> backend.zip(Zip.LEAKY_RELU, y, phi.slope());
            case SIGMOID -> backend.map(Function.SIGMOID, y);
            case TANH -> backend.map(Function.TANH, y);
        };
        if (out != y) {
            backend.release(y);
        }
        return out;
    }

    private static long address(Tensor t) {
        return CudaBackend.address(t);
    }
}
