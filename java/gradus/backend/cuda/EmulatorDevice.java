package gradus.backend.cuda;

import java.nio.file.Path;

/** The emulated device: kernels and memory on the CPU. Each call is done when it returns. */
final class EmulatorDevice implements Device {
    /** Memory of the emulated device; a real one of this kind would be small. */
    static final long MEMORY = 4L << 30;

    private final long library;
    private final boolean checked;

    /** Opens the emulator's library; an error says why it cannot be opened. */
    EmulatorDevice(Path file, long memory, int processors) {
        library = Bridge.open(file.toString());
        checked = Bridge.built(library).startsWith("checked");
        Bridge.configure(library, memory, processors);
    }

    @Override
    public String description() {
        return Bridge.built(library);
    }

    @Override
    public long library() {
        return library;
    }

    @Override
    public long stream() {
        return 0;
    }

    @Override
    public long allocate(long bytes) {
        return Bridge.allocate(library, bytes);
    }

    @Override
    public void free(long address) {
        if (!Bridge.free(library, address)) {
            throw new DeviceException("free: address " + Long.toHexString(address) + " was not allocated or is already free");
        }
    }

    @Override
    public void copyIn(long address, Object array, int offset, int length, int width) {
        if (!Bridge.copyIn(library, address, array, offset, length, width)) {
            throw new DeviceException("copy to the device: " + length + " elements do not fit the memory at " + Long.toHexString(address));
        }
    }

    @Override
    public void copyOut(long address, Object array, int offset, int length, int width) {
        if (!Bridge.copyOut(library, address, array, offset, length, width)) {
            throw new DeviceException("copy from the device: " + length + " elements are not all in the memory at " + Long.toHexString(address));
        }
    }

    @Override
    public long freeMemory() {
        return Bridge.freeMemory(library);
    }

    @Override
    public long totalMemory() {
        return Bridge.totalMemory(library);
    }

    @Override
    public boolean watchesMemory() {
        return checked;
    }

    @Override
    public void close() {
    }
}
