package gradus.backend.cuda;

/**
 * The native functions, one to one those of {@code kernels/launchers.h}; {@code native/bridge/bridge.cpp} passes them on. The first argument is a library
 * that {@link #open} gave, the second a stream. Addresses are those of device memory. Kernels answer 0 or a status.
 */
final class Bridge {
    /** GRADUS_INTERFACE of {@code kernels/launchers.h}, as these classes know it. */
    static final int INTERFACE = 7;

    private Bridge() {
    }

    /** GRADUS_INTERFACE as the bridge was built. */
    static native int builtInterface();

    /** Opens a library of kernels; an error says why it cannot be opened. */
    static native long open(String path);

    /** The words for a status. */
    static native String status(long library, int status);

    /** What a library is and how it was built. */
    static native String built(long library);

    /** The version of CUDA that a library needs of the driver, as 13000 for 13.0; 0 for none. */
    static native int toolkit(long library);

    /** Starts a kernel that does nothing: 0, or the status that says why the library has no code for the device. */
    static native int ready(long library, long stream);

    /** Loads a library of the system by name or path, for all that is loaded later; null, or the loader's words for why not. */
    static native String load(String name);

    // Memory of the emulator.

    static native long allocate(long library, long bytes);

    static native boolean free(long library, long address);

    static native long freeMemory(long library);

    static native long totalMemory(long library);

    static native void configure(long library, long bytes, int processors);

    /** Copies array[offset … offset + length) of elements {@code width} bytes wide to the device. */
    static native boolean copyIn(long library, long address, Object array, int offset, int length, int width);

    static native boolean copyOut(long library, long address, Object array, int offset, int length, int width);

    // Kernels.

    static native int map(long library, long stream, int type, int function, int[] walk, long x, long y);

    static native int zip(long library, long stream, int type, int zip, int[] walk, long a, long b, long y);

    static native int zipScalar(long library, long stream, int type, int zip, int[] walk, long a, double b, long y);

    static native int select(long library, long stream, int type, int[] walk, long mask, long a, long b, long y);

    static native int copy(long library, long stream, int type, int[] walk, long x, long y);

    static native int fill(long library, long stream, int type, int[] walk, double value, long y);

    static native int reduce(long library, long stream, int type, int reduction, int[] kept, int[] folded, long x, long partial, long y);

    static native int matmul(long library, long stream, int type, int m, int n, int k, int[] strides, int[] batches, long a, long b, long bias, int function,
            long c);

    static native int convForward(long library, long stream, int type, int[] shape, long x, long weight, long bias, int phi, double slope, long y);

    static native int convInput(long library, long stream, int type, int[] shape, long y, long weight, long bias, int phi, double slope, long x);

    static native int convWeight(long library, long stream, int type, int[] shape, long y, long x, long partial, long room, long weight);

    static native int columns(long library, long stream, int type, int[] shape, int first, int samples, long sampleStep, long tapStep, long x, long columns);

    static native int foldColumns(long library, long stream, int type, int[] shape, int first, int samples, long columns, long bias, int phi, double slope,
            long x);

    static native int maxPool(long library, long stream, int type, int[] shape, long x, long u, long y);

    static native int maxPoolGradient(long library, long stream, int type, int[] shape, long g, long x, long dx);

    static native int averagePool(long library, long stream, int type, int[] shape, long x, long y);

    static native int averagePoolGradient(long library, long stream, int type, int[] shape, long g, long dx);

    static native int resize(long library, long stream, int type, int[] shape, long x, long y);

    static native int resizeGradient(long library, long stream, int type, int[] shape, long g, long dx);

    static native int channelSums(long library, long stream, int type, int kind, int samples, int channels, int places, long g, long x, long mean,
            long partial, long room, long y);

    static native int normalize(long library, long stream, int type, int n, int channels, int places, long x, long mean, long scale, long shift, int phi,
            double slope, long y);

    static native int normalizeGradient(long library, long stream, int type, int n, int channels, int places, long g, long x, long mean, long offset,
            long slope, long scale, long dx);

    static native int phiGradient(long library, long stream, int type, int n, int phi, double slope, long g, long y, long dx);

    static native int evaluate(long library, long stream, int type, int[] formula, double[] scalars, int[] lengths, long[] addresses);

    static native int fused(long library, long stream, int type, int fusion, int rows, int width, long x, long target, long partial, long y);

    static native int bernoulli(long library, long stream, int type, int n, long position, long name, long seed, long threshold, double yes, double no, long y);

    static native int uniform(long library, long stream, int type, int n, long position, long name, long seed, double low, double width, double last, long y);

    static native int normal(long library, long stream, int type, int n, long position, long name, long seed, double mean, double deviation, long y);

    static native int nearestCenters(long library, long stream, int n, int k, int d, long rows, long centers, long labels);

    static native int tsneForces(long library, long stream, int n, long x, long y, long start, long column, long p, long slots, long z);

    static native int tsneUpdate(long library, long stream, int n, double exaggeration, double momentum, double rate, long z, long state);
}
