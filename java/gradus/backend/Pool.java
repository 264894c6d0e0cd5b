package gradus.backend;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * Heap memory that goes round: a released array serves the next tensor of its size class, so a training step in its steady state
 * allocates no arrays. Not for several threads at once.
 *
 * <p>A pool for vectors lets the data of large tensors begin at a {@linkplain CacheLines cache line}, so their offset is seldom 0. The array's place is asked for anew each time it goes out, as
 * the collector may have moved it.
 */
public final class Pool {
    /** The longest array that is kept for later. */
    private static final int LONGEST = 15 << 27;
    /** Elements from which on data begin at a cache line: to ask where that is takes 20 ns. */
    private static final int LARGE = 4096;

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

    private final boolean forVectors;

    /** An empty pool; {@code forVectors} lets the data of large tensors begin at a cache line. */
    public Pool(boolean forVectors) {
        this.forVectors = forVectors;
    }

    /** A row-major tensor whose elements are not set. */
    public Tensor allocate(DType dtype, Shape shape) {
        Storage storage = storage(dtype, shape.size());
        return Tensor.over(storage, shape, first(storage));
    }

    /** A tensor in blocks of so many samples, see {@link Tensor#batchBlocked}, whose elements are not set. */
    public Tensor allocateBlocked(DType dtype, Shape shape, int block) {
        Storage storage = storage(dtype, (int) Tensor.blockedLength(shape, block));
        return Tensor.batchBlocked(storage, shape, block, first(storage));
    }

    /** A storage of at least this length whose elements are not set. */
    private Storage storage(DType dtype, int length) {
        int rounded = sizeClass(length);
        bytesInUse += (long) rounded * dtype.bytes();
        peakBytes = Math.max(peakBytes, bytesInUse);
        Shelf shelf = shelves[dtype.ordinal()][number(rounded)];
        Object array = shelf == null || rounded > LONGEST ? null : shelf.take();
        int all = rounded + slack(rounded);
        return switch (dtype) {
            case FLOAT32 -> new Storage.Floats(array == null ? new float[all] : (float[]) array);
            case FLOAT64 -> new Storage.Doubles(array == null ? new double[all] : (double[]) array);
        };
    }

    private int slack(int rounded) {
        return forVectors && rounded >= LARGE && rounded <= LONGEST ? CacheLines.SLACK : 0;
    }

    private int first(Storage storage) {
        if (!forVectors || storage.length() < LARGE + CacheLines.SLACK || storage.length() > LONGEST) {
            return 0;
        }
        return switch (storage) {
            case Storage.Floats f -> CacheLines.first(f.array());
            case Storage.Doubles d -> CacheLines.first(d.array());
            default -> 0;
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
        int length = storage.length() - (storage.length() > LARGE ? slack(storage.length() - CacheLines.SLACK) : 0);
        if (sizeClass(length) == length) {
            bytesInUse -= (long) length * storage.dtype().bytes();
            if (length <= LONGEST) {
                shelf(storage.dtype(), length).put(array);
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
