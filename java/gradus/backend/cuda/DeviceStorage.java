package gradus.backend.cuda;

import gradus.tensor.DType;
import gradus.tensor.Storage;

/** Device memory behind a tensor. */
final class DeviceStorage extends Storage {
    private final DeviceMemory memory;
    private final DeviceMemory.Block block;
    private final DType dtype;
    private final int length;

    DeviceStorage(DeviceMemory memory, DeviceMemory.Block block, DType dtype, int length) {
        this.memory = memory;
        this.block = block;
        this.dtype = dtype;
        this.length = length;
    }

    /** Where the first element lies; fails after release. */
    long address() {
        requireLive();
        return block.address();
    }

    DeviceMemory.Block block() {
        return block;
    }

    /** Whose memory this is. */
    DeviceMemory memory() {
        return memory;
    }

    @Override
    public boolean isOnHeap() {
        return false;
    }

    @Override
    public Storage onHeap() {
        Storage host = dtype.zeros(length);
        memory.copyOut(this, host);
        return host;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public int length() {
        return length;
    }
}
