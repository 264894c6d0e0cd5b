package gradus.backend.cuda;

/**
 * What a backend needs of a device besides its kernels: memory, copies, a stream, and where to find the kernels. Work on the stream runs in
 * the order in which it was sent.
 */
sealed interface Device extends AutoCloseable permits CudaDevice, EmulatorDevice {
    /** What it is, in words for the ledger and for doctor. */
    String description();

    /** The library of kernels, as {@link Bridge#open} gave it. */
    long library();

    /** The stream that all work goes to. */
    long stream();

    /** Memory for this many bytes, aligned to 256, or 0 when the device has too little left. */
    long allocate(long bytes);

    /** Gives memory back, once the work sent so far no longer needs it. */
    void free(long address);

    /** Copies array[offset … offset + length), a float[], double[] or int[] of elements {@code width} bytes wide, to the device. */
    void copyIn(long address, Object array, int offset, int length, int width);

    /** Copies from the device into array[offset … offset + length), when the work sent so far is done. */
    void copyOut(long address, Object array, int offset, int length, int width);

    /** Bytes that are free on the device. */
    long freeMemory();

    /** Bytes that the device has. */
    long totalMemory();

    /** Whether memory is handed out by the byte and never twice, so that the device can watch over it. */
    boolean watchesMemory();

    @Override
    void close();
}
