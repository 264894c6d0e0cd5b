package gradus.backend;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * Heap memory that goes round: a released array serves the next tensor of its size class, so a training step in its steady state
 * allocates no arrays. Not for several threads at once.
 */
public final class Pool {
    /** The longest array that is kept for later. */
    private static final int LONGEST = 15 << 27;

    /** Free arrays of one size class, the latest on top. */
    private static final class Shelf {
        private Object[] arrays = new Object[4];
        private int count;

        Object take() {
            if (count == 0) {
                return null;
            }
            Object top = arrays[--count];
            arrays[count] = null;
            return top;
        }

        void put(Object array) {
            if (count == arrays.length) {
                arrays = Arrays.copyOf(arrays, 2 * count);
            }
            arrays[count++] = array;
        }
    }

    /** By type and number of the size class; made when first used. */
    private final Shelf[][] shelves = new Shelf[DType.values().length][512];
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
        Shelf shelf = shelves[dtype.ordinal()][number(rounded)];
        Object array = shelf == null || rounded > LONGEST ? null : shelf.take();
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
            if (storage.length() <= LONGEST) {
                shelf(storage.dtype(), storage.length()).put(array);
            }
        }
    }

    private Shelf shelf(DType dtype, int rounded) {
        Shelf[] mine = shelves[dtype.ordinal()];
        int number = number(rounded);
        if (mine[number] == null) {
            mine[number] = new Shelf();
        }
        return mine[number];
    }

    /** Bytes handed out and not yet given back. */
    public long bytesInUse() {
        return bytesInUse;
    }

    /** The most bytes that were in use at one time. */
    public long peakBytes() {
        return peakBytes;
    }

    /** The number of a size class: sixteen for each octave, of which eight at most are used. */
    private static int number(int rounded) {
        int octave = 31 - Integer.numberOfLeadingZeros(Math.max(16, rounded - 1));
        return 16 * octave + ((rounded - 1) >> Math.max(4, octave - 3));
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
