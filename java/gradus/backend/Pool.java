package gradus.backend;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Heap memory that goes round: a released array serves the next tensor of its size class, so a training step in its steady state
 * allocates no arrays. Not for several threads at once.
 */
public final class Pool {
    private record Class(DType dtype, int length) {}

    private final Map<Class, ArrayDeque<Object>> free = new HashMap<>();
    private long bytesInUse;
    private long peakBytes;

    /** An empty pool. */
    public Pool() {
    }

    /** A row-major tensor whose elements are not set. */
    public Tensor allocate(DType dtype, Shape shape) {
        return Tensor.over(storage(dtype, shape.size()), shape);
    }

    /** A storage of at least this length whose elements are not set. */
    public Storage storage(DType dtype, int length) {
        int rounded = sizeClass(length);
        bytesInUse += (long) rounded * dtype.bytes();
        peakBytes = Math.max(peakBytes, bytesInUse);
        ArrayDeque<Object> arrays = free.get(new Class(dtype, rounded));
        Object array = arrays == null ? null : arrays.pollLast();
        return switch (dtype) {
            case FLOAT32 -> new Storage.Floats(array == null ? new float[rounded] : (float[]) array);
            case FLOAT64 -> new Storage.Doubles(array == null ? new double[rounded] : (double[]) array);
        };
    }

    /** Takes the array behind a storage back and marks the storage released. */
    public void release(Storage storage) {
        Object array = switch (storage) {
            case Storage.Floats f -> f.array();
            case Storage.Doubles d -> d.array();
            default -> throw new IllegalArgumentException("release: the storage does not belong to the heap's pool");
        };
        storage.release("its pool");
        if (sizeClass(storage.length()) == storage.length()) {
            bytesInUse -= (long) storage.length() * storage.dtype().bytes();
            free.computeIfAbsent(new Class(storage.dtype(), storage.length()), k -> new ArrayDeque<>()).addLast(array);
        }
    }

    /** Bytes handed out and not yet given back. */
    public long bytesInUse() {
        return bytesInUse;
    }

    /** The most bytes that were in use at one time. */
    public long peakBytes() {
        return peakBytes;
    }

    /** Lengths are rounded up to eight classes an octave: at most an eighth is wasted, and a short last batch reuses little. */
    private static int sizeClass(int length) {
        if (length <= 16) {
            return 16;
        }
        int step = Math.max(16, Integer.highestOneBit(length - 1) >> 3);
        long rounded = ((long) length + step - 1) / step * step;
        return rounded > Integer.MAX_VALUE - 8 ? length : (int) rounded;
    }
}
