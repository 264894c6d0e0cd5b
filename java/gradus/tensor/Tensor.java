package gradus.tensor;

import java.util.Arrays;

/**
 * An n-dimensional array of float32 or float64: a {@link Shape}, a {@link Storage}, and the layout that maps an index to a place in it.
 *
 * <p>Two layouts exist. <b>Strided</b>: element (i₀, i₁, …) lies at {@code offset + Σ iₖ·strideₖ}; reshape, transpose, slice and broadcast
 * are views and copy nothing. <b>Batch-blocked</b> ({@link #batchBlock()} = b &gt; 0): the samples of axis 0 are kept in blocks of b with
 * the sample innermost, {@code [N/b][rest][b]}, which gives convolution kernels full vectors; the last block is padded. The logical shape is
 * the same in both.
 *
 * <p>A tensor is not changed after it was made, save by the engine's own updates of parameters.
 */
public final class Tensor {
    private final Storage storage;
    private final Shape shape;
    private final int[] strides;
    private final int offset;
    private final int batchBlock;

    private Tensor(Storage storage, Shape shape, int[] strides, int offset, int batchBlock) {
        this.storage = storage;
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.batchBlock = batchBlock;
    }

    /** A row-major tensor over the beginning of a storage. */
    public static Tensor over(Storage storage, Shape shape) {
        return over(storage, shape, 0);
    }

    /** A row-major tensor over a part of a storage that begins at {@code offset}. */
    public static Tensor over(Storage storage, Shape shape, int offset) {
        if (offset < 0 || (long) offset + shape.size() > storage.length()) {
            throw new ShapeException("tensor " + shape + " at offset " + offset + " does not fit a storage of " + storage.length() + " elements");
        }
        return new Tensor(storage, shape, shape.sharedStrides(), offset, 0);
    }

    /** A batch-blocked tensor over a storage of at least {@code ⌈N/b⌉·b·(elements of one sample)} elements from {@code offset} on. */
    public static Tensor batchBlocked(Storage storage, Shape shape, int block, int offset) {
        if (shape.rank() < 2 || block < 1) {
            throw new ShapeException("batch-blocked tensor: shape " + shape + " needs two axes, block " + block + " at least 1");
        }
        int sample = shape.size() == 0 ? 0 : shape.size() / shape.dim(0);
        if (offset < 0 || offset + blockedLength(shape, block) > storage.length()) {
            throw new ShapeException("batch-blocked tensor " + shape + " in blocks of " + block + " at offset " + offset + " does not fit a storage of "
                    + storage.length() + " elements");
        }
        int[] strides = shape.rowMajorStrides();
        for (int i = 1; i < strides.length; i++) {
            strides[i] *= block;
        }
        strides[0] = sample * block;
        return new Tensor(storage, shape, strides, offset, block);
    }

    /** Elements that a batch-blocked tensor of this shape occupies, padding included. */
    public static long blockedLength(Shape shape, int block) {
        if (shape.size() == 0) {
            return 0;
        }
        long blocks = (shape.dim(0) + block - 1L) / block;
        return blocks * block * (shape.size() / shape.dim(0));
    }

    /** A float32 tensor that wraps the values, row-major. */
    public static Tensor of(float[] values, int... dims) {
        return checked(new Storage.Floats(values), Shape.of(dims));
    }

    /** A float64 tensor that wraps the values, row-major. */
    public static Tensor of(double[] values, int... dims) {
        return checked(new Storage.Doubles(values), Shape.of(dims));
    }

    private static Tensor checked(Storage storage, Shape shape) {
        if (storage.length() != shape.size()) {
            throw new ShapeException("tensor: " + storage.length() + " values do not fill shape " + shape + " of " + shape.size());
        }
        return over(storage, shape);
    }

    /** A tensor of zeros. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return over(dtype.zeros(shape.size()), shape);
    }

    /** A tensor with one value everywhere, rounded to the type. */
    public static Tensor full(DType dtype, Shape shape, double value) {
        Tensor t = zeros(dtype, shape);
        switch (t.storage) {
            case Storage.Floats f -> Arrays.fill(f.array(), (float) value);
            case Storage.Doubles d -> Arrays.fill(d.array(), value);
            default -> throw new IllegalStateException("a fresh tensor lives on the heap");
        }
        return t;
    }

    /** A tensor without dimensions. */
    public static Tensor scalar(DType dtype, double value) {
        return full(dtype, Shape.SCALAR, value);
    }

    /** Extents. */
    public Shape shape() {
        return shape;
    }

    /** Element type. */
    public DType dtype() {
        return storage.dtype();
    }

    /** Number of elements. */
    public int size() {
        return shape.size();
    }

    /** Extent of a dimension; negative axes count from the end. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /** Number of dimensions. */
    public int rank() {
        return shape.rank();
    }

    /** The memory behind this tensor. */
    public Storage storage() {
        return storage;
    }

    /** Place of the first element in the storage. */
    public int offset() {
        return offset;
    }

    /** Distance in elements between neighbours along an axis (in a batch-blocked tensor, along axis 0, between blocks). */
    public int stride(int axis) {
        return strides[shape.axis(axis)];
    }

    /** Samples per block, or 0 when the tensor is strided. */
    public int batchBlock() {
        return batchBlock;
    }

    /** The heap array behind a float32 tensor (all of it: mind {@link #offset()}). */
    public float[] floats() {
        if (storage instanceof Storage.Floats f) {
            return f.array();
        }
        throw new IllegalStateException("tensor " + this + " holds no float32 values on the heap");
    }

    /** The heap array behind a float64 tensor (all of it: mind {@link #offset()}). */
    public double[] doubles() {
        if (storage instanceof Storage.Doubles d) {
            return d.array();
        }
        throw new IllegalStateException("tensor " + this + " holds no float64 values on the heap");
    }

    /** Whether the elements lie one after the other in row-major order. */
    public boolean isContiguous() {
        if (batchBlock > 0) {
            return false;
        }
        if (strides == shape.sharedStrides()) {
            return true;
        }
        int step = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            int d = shape.dim(i);
            if (d != 1) {
                if (strides[i] != step) {
                    return shape.size() == 0;
                }
                step *= d;
            }
        }
        return true;
    }

    /** Whether both tensors map every index to the same place relative to their offset, without gaps. */
    public boolean sameDenseLayout(Tensor other) {
        return shape.equals(other.shape) && batchBlock == other.batchBlock && (batchBlock > 0 || isContiguous() && other.isContiguous());
    }

    /** The place of an element in the storage. */
    public int place(int... index) {
        if (index.length != shape.rank()) {
            throw new ShapeException("index " + Arrays.toString(index) + " does not fit shape " + shape);
        }
        int place = offset;
        for (int i = 0; i < index.length; i++) {
            if (index[i] < 0 || index[i] >= shape.dim(i)) {
                throw new ShapeException("index " + Arrays.toString(index) + " is out of range for shape " + shape);
            }
            if (i == 0 && batchBlock > 0) {
                place += index[0] / batchBlock * strides[0] + index[0] % batchBlock;
            } else {
                place += index[i] * strides[i];
            }
        }
        return place;
    }

    /** One element. Of a tensor on a device all are fetched; take {@link #copy} first to read many. */
    public double get(int... index) {
        if (!storage.isOnHeap()) {
            return fetched().get(index);
        }
        int place = place(index);
        return dtype() == DType.FLOAT32 ? floats()[place] : doubles()[place];
    }

    /** The only element of a tensor of one element. */
    public double item() {
        if (size() != 1) {
            throw new ShapeException("item: tensor " + shape + " has " + size() + " elements, not one");
        }
        return get(new int[rank()]);
    }

    /** The same elements in another shape; one extent may be −1 and is inferred. Needs a contiguous tensor, or a blocked one that keeps axis 0. */
    public Tensor reshape(int... dims) {
        return reshape(inferred(dims));
    }

    /** The same elements in another shape of the same size. Needs a contiguous tensor, or a blocked one that keeps axis 0. */
    public Tensor reshape(Shape target) {
        if (target.equals(shape)) {
            return this;
        }
        if (target.size() != size()) {
            throw new ShapeException("reshape: shape " + shape + " of " + size() + " elements does not fit " + target);
        }
        if (batchBlock > 0 && target.rank() >= 2 && target.dim(0) == shape.dim(0)) {
            return batchBlocked(storage, target, batchBlock, offset);
        }
        if (!isContiguous()) {
            throw new ShapeException("reshape: tensor " + shape + " is a view that is not contiguous; copy it first");
        }
        return new Tensor(storage, target, target.sharedStrides(), offset, 0);
    }

    private Shape inferred(int[] dims) {
        int[] copy = dims.clone();
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] == -1 && unknown < 0) {
                unknown = i;
            } else {
                known *= copy[i];
            }
        }
        if (unknown >= 0) {
            copy[unknown] = known == 0 ? 0 : (int) (size() / known);
        }
        Shape target = Shape.of(copy);
        if (target.size() != size()) {
            throw new ShapeException("reshape: shape " + shape + " of " + size() + " elements does not fit " + Arrays.toString(dims));
        }
        return target;
    }

    /** A view with the axes in another order. */
    public Tensor permute(int... axes) {
        requireStrided("permute");
        boolean[] seen = new boolean[rank()];
        int[] dims = new int[rank()];
        int[] steps = new int[rank()];
        if (axes.length != rank()) {
            throw new ShapeException("permute: axes " + Arrays.toString(axes) + " do not fit shape " + shape);
        }
        for (int i = 0; i < axes.length; i++) {
            int a = shape.axis(axes[i]);
            if (seen[a]) {
                throw new ShapeException("permute: axis " + a + " appears twice in " + Arrays.toString(axes));
            }
            seen[a] = true;
            dims[i] = shape.dim(a);
            steps[i] = strides[a];
        }
        return new Tensor(storage, Shape.of(dims), steps, offset, 0);
    }

    /** A view with the last two axes exchanged. */
    public Tensor transpose() {
        if (rank() < 2) {
            throw new ShapeException("transpose: shape " + shape + " has fewer than two axes");
        }
        requireStrided("transpose");
        int[] dims = shape.dims();
        int[] steps = strides.clone();
        dims[rank() - 1] = shape.dim(-2);
        dims[rank() - 2] = shape.dim(-1);
        steps[rank() - 1] = strides[rank() - 2];
        steps[rank() - 2] = strides[rank() - 1];
        return new Tensor(storage, Shape.of(dims), steps, offset, 0);
    }

    /** A view of the indices {@code from ≤ i < to} along one axis. */
    public Tensor slice(int axis, int from, int to) {
        int a = shape.axis(axis);
        if (from < 0 || to < from || to > shape.dim(a)) {
            throw new ShapeException("slice: " + from + ".." + to + " is out of range for axis " + a + " of shape " + shape);
        }
        requireStrided("slice");
        Shape cut = shape.with(a, to - from);
        return new Tensor(storage, cut, strides, cut.size() == 0 ? 0 : offset + from * strides[a], 0);
    }

    /** A view in which extents of 1, and missing leading axes, are repeated to fill the target shape. */
    public Tensor broadcastTo(Shape target) {
        if (target.equals(shape)) {
            return this;
        }
        requireStrided("broadcast");
        int lead = target.rank() - rank();
        int[] steps = new int[target.rank()];
        for (int i = 0; i < target.rank(); i++) {
            int d = i < lead ? 1 : shape.dim(i - lead);
            if (lead < 0 || d != target.dim(i) && d != 1) {
                throw new ShapeException("broadcast: shape " + shape + " does not broadcast to " + target);
            }
            steps[i] = d == 1 ? 0 : strides[i - lead];
        }
        return new Tensor(storage, target, steps, offset, 0);
    }

    /** A row-major copy on the heap in fresh memory, whatever the layout. */
    public Tensor copy() {
        if (!storage.isOnHeap()) {
            return fetched().copy();
        }
        Tensor out = zeros(dtype(), shape);
        if (isContiguous() && size() > 0) {
            Object from = storage instanceof Storage.Floats f ? f.array() : doubles();
            System.arraycopy(from, offset, out.storage instanceof Storage.Floats f ? f.array() : out.doubles(), 0, size());
            return out;
        }
        int[] places = places();
        switch (storage) {
            case Storage.Floats f -> {
                float[] to = out.floats();
                for (int i = 0; i < to.length; i++) {
                    to[i] = f.array()[places[i]];
                }
            }
            case Storage.Doubles d -> {
                double[] to = out.doubles();
                for (int i = 0; i < to.length; i++) {
                    to[i] = d.array()[places[i]];
                }
            }
            default -> throw new IllegalStateException("copy: tensor " + this + " is neither float32 nor float64");
        }
        return out;
    }

    /** The same view of the same numbers on the heap. */
    private Tensor fetched() {
        return new Tensor(storage.onHeap(), shape, strides, offset, batchBlock);
    }

    /** All elements in row-major order, widened to float64. */
    public double[] toDoubles() {
        Tensor dense = isContiguous() && size() > 0 && storage instanceof Storage.Doubles ? this : copy();
        double[] out = new double[size()];
        if (dtype() == DType.FLOAT64) {
            System.arraycopy(dense.doubles(), dense.offset, out, 0, out.length);
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = dense.floats()[i];
            }
        }
        return out;
    }

    /** All elements in row-major order, rounded to float32. */
    public float[] toFloats() {
        if (dtype() == DType.FLOAT32) {
            return copy().floats();
        }
        double[] wide = toDoubles();
        float[] out = new float[wide.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) wide[i];
        }
        return out;
    }

    /** This tensor in the other type: the same tensor if it has it already, else a rounded or widened copy. */
    public Tensor as(DType dtype) {
        if (dtype == dtype()) {
            return this;
        }
        return dtype == DType.FLOAT32 ? over(new Storage.Floats(toFloats()), shape) : over(new Storage.Doubles(toDoubles()), shape);
    }

    /** The storage places of all elements in row-major order of the logical index. */
    private int[] places() {
        int[] places = new int[size()];
        int[] index = new int[rank()];
        for (int i = 0; i < places.length; i++) {
            places[i] = place(index);
            for (int a = rank() - 1; a >= 0 && ++index[a] == shape.dim(a); a--) {
                index[a] = 0;
            }
        }
        return places;
    }

    private void requireStrided(String operation) {
        if (batchBlock > 0) {
            throw new ShapeException(operation + ": tensor " + shape + " is batch-blocked; make it contiguous first");
        }
    }

    @Override
    public String toString() {
        return dtype().code().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}
