package gradus.backend.cuda;

import gradus.tensor.DType;
import gradus.tensor.Storage;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Device memory that goes round: a released block serves the next tensor of its size class. All work goes to one stream, so a block can be
 * handed on while its last reader is still running. Memory of tensors that nobody refers to any more, though nobody released them, comes back
 * as well. Not for several threads at once.
 */
final class DeviceMemory implements AutoCloseable {
    /** A piece of device memory. */
    record Block(long address, long bytes) {}

    /** Finds out when a storage can no longer be reached. */
    private static final class Lost extends PhantomReference<DeviceStorage> {
        private final Block block;

        Lost(DeviceStorage storage, ReferenceQueue<DeviceStorage> queue) {
            super(storage, queue);
            block = storage.block();
        }
    }

    private static final long SMALLEST = 256;
    /** Bytes that a run may take at most, to share a device with others; all of it where the property is not set. */
    private static final String LIMIT = "gradus.device.memory";

    private final Device device;
    private final long limit;
    private final Map<Long, ArrayDeque<Block>> idle = new HashMap<>();
    private final ReferenceQueue<DeviceStorage> lost = new ReferenceQueue<>();
    private final Map<Long, Lost> live = new HashMap<>();
    private final Set<Block> all = new HashSet<>();
    private long inUse;
    private long peak;
    private long held;

    DeviceMemory(Device device) {
        this.device = device;
        this.limit = Long.getLong(LIMIT, Long.MAX_VALUE);
    }

    /** Memory for this many elements, unset; {@code what} names the tensor in the error when there is too little. */
    DeviceStorage allocate(DType dtype, int length, Object what) {
        reclaim();
        long bytes = sizeClass((long) length * dtype.bytes());
        Block block = block(bytes, what);
        inUse += bytes;
        peak = Math.max(peak, inUse);
        DeviceStorage storage = new DeviceStorage(this, block, dtype, length);
        live.put(block.address(), new Lost(storage, lost));
        return storage;
    }

    private Block block(long bytes, Object what) {
        ArrayDeque<Block> ready = idle.get(bytes);
        if (ready != null && !ready.isEmpty()) {
            return ready.pollLast();
        }
        long address = take(bytes);
        if (address == 0) {
            trim();
            address = take(bytes);
        }
        if (address == 0) {
            System.gc();
            reclaim();
            trim();
            address = take(bytes);
        }
        if (address == 0) {
            throw new DeviceException("device memory: no room for " + what + " of " + bytes + " bytes; " + device.freeMemory() + " of "
                    + device.totalMemory() + " are free, this run holds " + held + (limit == Long.MAX_VALUE ? "" : " of the " + limit + " that -D" + LIMIT + " allows")
                    + ". Take a smaller batch, free the device for this run, or use --backend cpu; --resume goes on from the last checkpoint");
        }
        held += bytes;
        Block block = new Block(address, bytes);
        all.add(block);
        return block;
    }

    private long take(long bytes) {
        return bytes > limit - held ? 0 : device.allocate(bytes);
    }

    /** Takes the memory of a storage back and marks the storage released. */
    void release(DeviceStorage storage) {
        storage.release("its device's pool");
        Lost reference = live.remove(storage.block().address());
        reference.clear();
        putBack(storage.block());
    }

    private void putBack(Block block) {
        inUse -= block.bytes();
        if (device.watchesMemory()) {
            free(block);
        } else {
            idle.computeIfAbsent(block.bytes(), k -> new ArrayDeque<>()).addLast(block);
        }
    }

    private void reclaim() {
        while (lost.poll() instanceof Lost gone) {
            live.remove(gone.block.address());
            putBack(gone.block);
        }
    }

    /** Gives all idle memory back to the device. */
    private void trim() {
        idle.values().forEach(blocks -> blocks.forEach(this::free));
        idle.clear();
    }

    private void free(Block block) {
        device.free(block.address());
        held -= block.bytes();
        all.remove(block);
    }

    /** Eight classes an octave, as on the heap; by the byte where the device watches. */
    private long sizeClass(long bytes) {
        if (device.watchesMemory()) {
            return bytes;
        }
        if (bytes <= SMALLEST) {
            return SMALLEST;
        }
        long step = Math.max(SMALLEST, Long.highestOneBit(bytes - 1) >> 3);
        return (bytes + step - 1) / step * step;
    }

    /** Copies all elements of a storage into an array of the heap. */
    void copyOut(DeviceStorage from, Storage host) {
        if (from.length() > 0) {
            device.copyOut(from.address(), array(host), 0, from.length(), from.dtype().bytes());
        }
    }

    /** The array behind a storage of the heap. */
    static Object array(Storage storage) {
        return switch (storage) {
            case Storage.Floats f -> f.array();
            case Storage.Doubles d -> d.array();
            default -> throw new IllegalArgumentException("a tensor lives on the heap or on this device, not in a " + storage.getClass().getSimpleName());
        };
    }

    /** Bytes of tensors that live now. */
    long inUse() {
        return inUse;
    }

    /** The most bytes that lived at one time. */
    long peak() {
        return peak;
    }

    /** Bytes that were taken from the device. */
    long held() {
        return held;
    }

    @Override
    public void close() {
        all.forEach(block -> device.free(block.address()));
        all.clear();
        idle.clear();
        live.clear();
        held = 0;
    }
}
