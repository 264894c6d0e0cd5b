package gradus.backend.cuda;

import gradus.backend.Backend;
import gradus.backend.Convolutions;
import gradus.backend.Formula;
import gradus.backend.Fusion;
import gradus.backend.MatmulShape;
import gradus.backend.Mode;
import gradus.backend.NearestCenters;
import gradus.backend.PlaneDescent;
import gradus.backend.ReduceShape;
import gradus.backend.Reduction;
import gradus.backend.UnavailableException;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.numerics.RandomStream;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Computes on a device: each operation is one launch, or a few, of the kernels in {@code kernels/}, in the order of the contract and so with the bits of the
 * scalar backend. Tensors of the heap are taken as operands too and cost a copy each time; {@link #upload} keeps them. Not for several threads at once.
 */
public final class CudaBackend implements Backend {
    private static final int REDUCE_CHUNK = 4096;

    private final String name;
    private final Device device;
    private final DeviceMemory memory;
    private Convolutions convolutions;
    private final long library;
    private final long stream;
    private Cublas cublas;
    private FastProducts fast;
    private String mode = Mode.CONTRACT.label();

    CudaBackend(String name, Device device) {
        this.name = name;
        this.device = device;
        this.memory = new DeviceMemory(device);
        this.convolutions = new DeviceConvolutions(this, null);
        this.library = device.library();
        this.stream = device.stream();
    }

    /**
     * The kernels on a GPU; in another mode than the contract's, matrix products and convolutions by cuBLAS where that is faster.
     *
     * @throws UnavailableException with the reason and what to do, where there is no driver, no device or no kernels for it
     */
    public static CudaBackend cuda(Mode mode) {
        return cuda(mode, FastProducts.LEAST_TERMS, FastProducts.LEAST_DEPTH);
    }

    /** The same with cuBLAS for products of so many terms in all or in each sum. */
    static CudaBackend cuda(Mode mode, long leastTerms, int leastDepth) {
        CudaDevice device = CudaDevice.open();
        CudaBackend backend = new CudaBackend("cuda", device);
        if (mode != Mode.CONTRACT) {
            try {
                backend.cublas = new Cublas(device.cudaStream(), mode);
            } catch (UnavailableException | DeviceException e) {
                backend.close();
                throw new UnavailableException("--mode " + mode.label() + ": " + e.getMessage() + "; without --mode our own kernels serve");
            }
            backend.fast = new FastProducts(backend, backend.cublas, leastTerms, leastDepth);
            backend.convolutions = new DeviceConvolutions(backend, new FastConvolutions(backend, backend.cublas, FastConvolutions.ROOM));
            backend.mode = mode.label() + ", " + backend.cublas.description();
        }
        return backend;
    }

    /**
     * The kernels on the CPU, through the emulator.
     *
     * @param threads threads of the CPU that share the blocks of a launch
     * @throws UnavailableException where the native libraries were not built or do not fit this machine
     */
    public static CudaBackend emulated(int threads) {
        return emulated("emulated", EmulatorDevice.MEMORY, threads);
    }

    /** The kernels in the emulator that reports races, places out of bounds and values never set; slow. */
    static CudaBackend checked(long memory) {
        return emulated("checked", memory, 1);
    }

    private static CudaBackend emulated(String library, long memory, int threads) {
        try {
            NativeLibraries.loadBridge();
            return new CudaBackend("emulated", new EmulatorDevice(NativeLibraries.find(library), memory, threads));
        } catch (UnavailableException | UnsatisfiedLinkError e) {
            throw new UnavailableException("--backend emulated: " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public String mode() {
        return mode;
    }

    /** Bytes of tensors that live now, the most that lived at one time, and what was taken from the device. */
    public record MemoryUse(long inUse, long peak, long held) {}

    /** The state of the device memory. */
    public MemoryUse memoryUse() {
        return new MemoryUse(memory.inUse(), memory.peak(), memory.held());
    }

    @Override
    public Tensor allocate(DType dtype, Shape shape) {
        return Tensor.over(memory.allocate(dtype, shape.size(), "tensor " + shape), shape);
    }

    @Override
    public void release(Tensor tensor) {
        memory.release(storage(tensor));
    }

    @Override
    public Tensor upload(Tensor host) {
        if (host.storage() instanceof DeviceStorage s) {
            requireOurs(s, host);
            return host;
        }
        Tensor dense = host.isContiguous() ? host : host.copy();
        Tensor here = allocate(host.dtype(), host.shape());
        if (dense.size() > 0) {
            device.copyIn(address(here), DeviceMemory.array(dense.storage()), dense.offset(), dense.size(), dense.dtype().bytes());
        }
        return here;
    }

    @Override
    public Tensor download(Tensor tensor) {
        if (!(tensor.storage() instanceof DeviceStorage)) {
            return tensor.isContiguous() ? tensor : tensor.copy();
        }
        try (Guests guests = new Guests(this)) {
            Tensor dense = guests.dense(tensor);
            Tensor host = Tensor.zeros(tensor.dtype(), tensor.shape());
            if (dense.size() > 0) {
                device.copyOut(address(dense), DeviceMemory.array(host.storage()), 0, dense.size(), dense.dtype().bytes());
            }
            return host;
        }
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        if (!source.shape().equals(target.shape()) || source.dtype() != target.dtype()) {
            throw new ShapeException("copy: source " + source + " does not fit target " + target);
        }
        storage(target);
        try (Guests guests = new Guests(this)) {
            Tensor from = guests.here(source);
            for (Walk.Part part : Walk.of(target.shape(), from, target).parts()) {
                check(Bridge.copy(library, stream, type(source), part.flat(), address(from, part.offsets()[0]), address(target, part.offsets()[1])),
                        () -> "copy of " + source);
            }
        }
    }

    @Override
    public void fill(Tensor target, double value) {
        storage(target);
        for (Walk.Part part : Walk.of(target.shape(), target).parts()) {
            check(Bridge.fill(library, stream, type(target), part.flat(), value, address(target, part.offsets()[0])), () -> "fill of " + target);
        }
    }

    @Override
    public Tensor map(Function f, Tensor x) {
        try (Guests guests = new Guests(this)) {
            Tensor from = guests.here(x);
            Tensor y = allocate(x.dtype(), x.shape());
            for (Walk.Part part : Walk.of(x.shape(), from).parts()) {
                check(Bridge.map(library, stream, type(x), f.ordinal(), part.flat(), address(from, part.offsets()[0]), address(y, part.first())),
                        () -> f.name().toLowerCase(java.util.Locale.ROOT) + " of " + x);
            }
            return y;
        }
    }

    @Override
    public Tensor zip(Zip f, Tensor a, Tensor b) {
        Shape shape = Shape.broadcast(f.label(), a.shape(), b.shape());
        try (Guests guests = new Guests(this)) {
            Tensor left = guests.here(a);
            Tensor right = guests.here(b);
            Tensor y = allocate(a.dtype(), shape);
            for (Walk.Part part : Walk.of(shape, left, right).parts()) {
                check(Bridge.zip(library, stream, type(a), f.ordinal(), part.flat(), address(left, part.offsets()[0]), address(right, part.offsets()[1]),
                        address(y, part.first())), () -> f.label() + " of " + a + " and " + b);
            }
            return y;
        }
    }

    @Override
    public Tensor zip(Zip f, Tensor a, double b) {
        try (Guests guests = new Guests(this)) {
            Tensor left = guests.here(a);
            Tensor y = allocate(a.dtype(), a.shape());
            for (Walk.Part part : Walk.of(a.shape(), left).parts()) {
                check(Bridge.zipScalar(library, stream, type(a), f.ordinal(), part.flat(), address(left, part.offsets()[0]), b, address(y, part.first())),
                        () -> f.label() + " of " + a + " and " + b);
            }
            return y;
        }
    }

    @Override
    public Tensor select(Tensor mask, Tensor a, Tensor b) {
        Shape shape = Shape.broadcast("select", Shape.broadcast("select", mask.shape(), a.shape()), b.shape());
        try (Guests guests = new Guests(this)) {
            Tensor which = guests.here(mask);
            Tensor left = guests.here(a);
            Tensor right = guests.here(b);
            Tensor y = allocate(a.dtype(), shape);
            for (Walk.Part part : Walk.of(shape, which, left, right).parts()) {
                check(Bridge.select(library, stream, type(a), part.flat(), address(which, part.offsets()[0]), address(left, part.offsets()[1]),
                        address(right, part.offsets()[2]), address(y, part.first())), () -> "select of " + mask + ", " + a + " and " + b);
            }
            return y;
        }
    }

    @Override
    public Tensor reduce(Reduction r, Tensor x, int... axes) {
        boolean[] folded = ReduceShape.folded(x.shape(), axes);
        try (Guests guests = new Guests(this)) {
            Tensor from = guests.here(x);
            Walk kept = Walk.over(axesWhere(folded, false), from);
            Walk inner = Walk.over(axesWhere(folded, true), from);
            if (kept.rank() > Walk.MOST_AXES || inner.rank() > Walk.MOST_AXES) {
                Tensor ordered = guests.dense(ReduceShape.keptFirst(from, folded));
                Shape keptShape = ReduceShape.kept(x.shape(), folded);
                return reduce(r, ordered.reshape(keptShape.size(), keptShape.size() == 0 ? 0 : x.size() / keptShape.size()), 1).reshape(keptShape.dims());
            }
            Tensor y = allocate(x.dtype(), ReduceShape.kept(x.shape(), folded));
            long chunks = y.size() == 0 ? 0 : ((long) x.size() / y.size() + REDUCE_CHUNK - 1) / REDUCE_CHUNK;
            Tensor partial = chunks > 1 ? allocate(x.dtype(), Shape.of((int) (chunks * y.size()))) : null;
            check(Bridge.reduce(library, stream, type(x), r.ordinal(), kept.flat(0), inner.flat(0), address(from), address(partial), address(y)),
                    () -> r + " of " + x);
            if (partial != null) {
                release(partial);
            }
            return y;
        }
    }

    private static int[] axesWhere(boolean[] folded, boolean wanted) {
        return java.util.stream.IntStream.range(0, folded.length).filter(i -> folded[i] == wanted).toArray();
    }

    @Override
    public Tensor matmul(Tensor a, Tensor b, Tensor bias, Function activation) {
        Tensor product = fast == null ? null : fast.matmul(a, b, bias, activation);
        if (product != null) {
            return product;
        }
        Shape shape = MatmulShape.of(a, b, bias);
        try (Guests guests = new Guests(this)) {
            Tensor left = guests.here(a);
            Tensor right = guests.here(b);
            Tensor start = bias == null ? null : guests.here(bias);
            int[] batchAxes = java.util.stream.IntStream.range(0, shape.rank() - 2).toArray();
            Walk batches = Walk.over(batchAxes, left, right);
            if (batches.rank() > Walk.MOST_AXES) {
                left = guests.dense(left);
                right = guests.dense(right);
                batches = Walk.over(batchAxes, left, right);
            }
            Tensor c = allocate(a.dtype(), shape);
            int[] strides = {left.stride(-2), left.stride(-1), right.stride(-2), right.stride(-1), start == null ? 0 : start.stride(0)};
            check(Bridge.matmul(library, stream, type(a), shape.dim(-2), shape.dim(-1), a.dim(-1), strides, batches.flat(0), address(left), address(right),
                    address(start), activation == null ? -1 : activation.ordinal(), address(c)), () -> "matmul of " + a + " and " + b);
            return c;
        }
    }

    @Override
    public void evaluate(Formula formula, double[] scalars, Tensor... operands) {
        evaluate(formula, scalars, List.<Tensor[]>of(operands));
    }

    @Override
    public void evaluate(Formula formula, double[] scalars, List<Tensor[]> segments) {
        if (!DeviceFormulas.fit(formula, segments)) {
            segments.forEach(operands -> Backend.super.evaluate(formula, scalars, operands));
            return;
        }
        int[] lengths = segments.stream().mapToInt(s -> s[0].size()).toArray();
        long[] addresses = segments.stream().flatMap(Arrays::stream).mapToLong(CudaBackend::address).toArray();
        check(Bridge.evaluate(library, stream, type(segments.getFirst()[0]), DeviceFormulas.flat(formula), scalars, lengths, addresses),
                () -> "a formula of " + formula.steps().size() + " steps over " + Arrays.toString(lengths) + " elements");
    }

    /** Segments share a launch, and a copy would be one of its own. */
    @Override
    public int gathersBelow() {
        return 0;
    }

    @Override
    public Optional<Tensor> fused(Fusion fusion, Tensor... operands) {
        return DeviceFusions.of(this, fusion, operands);
    }

    @Override
    public Tensor bernoulli(RandomStream random, DType dtype, Shape shape, double p, double yes, double no) {
        Tensor y = allocate(dtype, shape);
        check(Bridge.bernoulli(library, stream, type(y), y.size(), random.position(), random.number(), random.seed(), random.threshold(p), yes, no, address(y)),
                () -> "bernoulli of " + shape);
        random.seek(random.position() + y.size());
        return y;
    }

    @Override
    public Tensor uniform(RandomStream random, DType dtype, Shape shape, double low, double high) {
        boolean single = dtype == DType.FLOAT32;
        random.requireRange("uniform", single ? (float) low : low, single ? (float) high : high);
        double width = single ? (float) high - (float) low : high - low;
        double last = single ? Math.nextDown((float) high) : Math.nextDown(high);
        Tensor y = allocate(dtype, shape);
        check(Bridge.uniform(library, stream, type(y), y.size(), random.position(), random.number(), random.seed(), low, width, last, address(y)),
                () -> "uniform of " + shape);
        random.seek(random.position() + (single ? 1L : 2L) * y.size());
        return y;
    }

    @Override
    public Tensor normal(RandomStream random, DType dtype, Shape shape, double mean, double deviation) {
        Tensor y = allocate(dtype, shape);
        check(Bridge.normal(library, stream, type(y), y.size(), random.position(), random.number(), random.seed(), mean, deviation, address(y)),
                () -> "normal of " + shape);
        random.seek(random.position() + (dtype == DType.FLOAT32 ? 1L : 2L) * (y.size() + y.size() % 2));
        return y;
    }

    @Override
    public Optional<NearestCenters> nearestCenters(float[] rows, int d) {
        return Optional.of(new DeviceCenters(this, rows, d));
    }

    @Override
    public Optional<PlaneDescent> planeDescent(float[] x, float[] y, int[] start, int[] column, float[] p) {
        return Optional.of(new DevicePlane(this, x, y, start, column, p));
    }

    @Override
    public Convolutions convolutions() {
        return convolutions;
    }

    @Override
    public void close() {
        if (cublas != null) {
            cublas.close();
        }
        memory.close();
        device.close();
    }

    // ------------------------------------------------------------------------------------------------------ for the package

    /** Writes integers to the memory of a tensor of float32, which they have the width of. */
    void put(Tensor t, int[] values) {
        device.copyIn(address(t), values, 0, values.length, Integer.BYTES);
    }

    /** Bytes that are free on the device. */
    long freeMemory() {
        return device.freeMemory();
    }

    long library() {
        return library;
    }

    long stream() {
        return stream;
    }

    /** Turns a status other than 0 into an error that names the operation. */
    void check(int status, Supplier<String> operation) {
        if (status != 0) {
            throw new DeviceException(operation.get() + ": " + Bridge.status(library, status));
        }
    }

    static int type(Tensor t) {
        return t.dtype().ordinal();
    }

    /** The address of a device tensor's first element, or 0 for null. */
    static long address(Tensor t) {
        return t == null ? 0 : address(t, 0);
    }

    private static long address(Tensor t, int offset) {
        return ((DeviceStorage) t.storage()).address() + ((long) t.offset() + offset) * t.dtype().bytes();
    }

    private DeviceStorage storage(Tensor t) {
        if (t.storage() instanceof DeviceStorage s) {
            requireOurs(s, t);
            return s;
        }
        throw new IllegalArgumentException("tensor " + t + " is on the heap; upload it to the device first");
    }

    private void requireOurs(DeviceStorage s, Tensor t) {
        if (s.memory() != memory) {
            throw new IllegalArgumentException("tensor " + t + " lies in the memory of another device");
        }
    }
}
