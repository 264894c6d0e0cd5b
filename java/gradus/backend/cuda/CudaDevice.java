package gradus.backend.cuda;

import gradus.backend.UnavailableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A GPU, by way of JCuda's driver interface: the device's primary context, which our kernels' runtime shares, one stream for everything, and copies that go
 * through two pieces of page-locked memory in turn, so that a copy to the device is on its way while the next piece is filled.
 */
final class CudaDevice implements Device {
    private static final int STAGING = 4 << 20;
    private static final int OUT_OF_MEMORY = CUresult.CUDA_ERROR_OUT_OF_MEMORY;
    private static final int NON_BLOCKING = 1;

    /** Device memory at an address, as JCuda wants to be told. */
    private static final class Address extends CUdeviceptr {
        Address() {
        }

        Address(long address) {
            super(new CUdeviceptr(), address);
        }

        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    private static final class Stream extends CUstream {
        long handle() {
            return getNativePointer();
        }
    }

    /** Page-locked memory, and the copy that last used it. */
    private record Staging(Pointer pointer, ByteBuffer buffer, CUevent copied) {
        static Staging allocate() {
            Pointer pointer = new Pointer();
            require(JCudaDriver.cuMemHostAlloc(pointer, STAGING, 0), "cuMemHostAlloc of " + STAGING + " bytes");
            CUevent copied = new CUevent();
            require(JCudaDriver.cuEventCreate(copied, 2), "cuEventCreate");
            return new Staging(pointer, pointer.getByteBuffer(0, STAGING).order(ByteOrder.nativeOrder()), copied);
        }

        void put(Object array, int from, int count) {
            switch (array) {
                case float[] f -> buffer.clear().asFloatBuffer().put(f, from, count);
                case double[] d -> buffer.clear().asDoubleBuffer().put(d, from, count);
                case int[] i -> buffer.clear().asIntBuffer().put(i, from, count);
                default -> throw new IllegalArgumentException("copy: " + array.getClass() + " is none of float[], double[], int[]");
            }
        }

        void get(Object array, int from, int count) {
            switch (array) {
                case float[] f -> buffer.clear().asFloatBuffer().get(f, from, count);
                case double[] d -> buffer.clear().asDoubleBuffer().get(d, from, count);
                default -> throw new IllegalArgumentException("copy: " + array.getClass() + " is neither float[] nor double[]");
            }
        }
    }

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final Stream stream = new Stream();
    private final long library;
    private final Staging[] staging = new Staging[2];
    private final String description;
    private Thread current;
    private int next;

    /**
     * Opens the first device that the driver shows ({@code CUDA_VISIBLE_DEVICES} chooses).
     *
     * @throws UnavailableException with the reason and what to do, where there is no driver, no device, or no kernels for it
     */
    static CudaDevice open() {
        try {
            return new CudaDevice();
        } catch (DeviceException e) {
            throw unavailable(e.getMessage());
        } catch (UnavailableException e) {
            throw e.getMessage().startsWith("--backend") ? e : unavailable(e.getMessage());
        }
    }

    private CudaDevice() {
        int served = driver();
        int status = JCudaDriver.cuDeviceGet(device, 0);
        if (status == CUresult.CUDA_ERROR_INVALID_DEVICE || status == CUresult.CUDA_ERROR_NO_DEVICE) {
            throw noDevice(status);
        }
        require(status, "cuDeviceGet");
        require(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        here();
        library = kernels(served);
        require(JCudaDriver.cuStreamCreate(stream, NON_BLOCKING), "cuStreamCreate");
        String what = name() + ", compute capability " + capability();
        requireCode(what);
        for (int i = 0; i < staging.length; i++) {
            staging[i] = Staging.allocate();
        }
        description = String.format(Locale.ROOT, "%s, %.1f GiB, driver for CUDA %s, kernels by %s", what, totalMemory() / 0x1p30, version(served), Bridge.built(library));
    }

    /** Loads and starts the driver; the version of CUDA that it serves. */
    private static int driver() {
        NativeLibraries.loadBridge();
        String problem = Bridge.load("libcuda.so.1");
        if (problem != null) {
            throw unavailable(problem.contains("No such file") ? "libcuda.so.1 was not found; install the NVIDIA driver, or use --backend cpu"
                    : "libcuda.so.1 cannot be loaded (" + problem + "); install the NVIDIA driver anew, or use --backend cpu");
        }
        try {
            JCudaDriver.setExceptionsEnabled(false);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw unavailable("JCuda's libJCudaDriver was not found in " + System.getProperty("java.library.path") + "; build Gradus once with Maven, which puts it"
                    + " to target/native/jcuda/lib, and start it with ./gradus");
        }
        int status = JCudaDriver.cuInit(0);
        if (status == CUresult.CUDA_ERROR_NO_DEVICE) {
            throw noDevice(status);
        }
        require(status, "cuInit");
        int[] version = new int[1];
        require(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
        return version[0];
    }

    private static UnavailableException noDevice(int status) {
        return unavailable("the driver found no CUDA device (" + words(status) + "); see what nvidia-smi and CUDA_VISIBLE_DEVICES say, or use --backend cpu");
    }

    /** The library of kernels, where the driver is new enough for it. */
    private static long kernels(int served) {
        long library;
        try {
            library = Bridge.open(NativeLibraries.find("cuda").toString());
        } catch (UnsatisfiedLinkError e) {
            throw unavailable(e.getMessage());
        }
        requireDriver(served, Bridge.toolkit(library));
        return library;
    }

    /** A driver serves what was built by its own or an older major version. */
    static void requireDriver(int served, int wanted) {
        if (served / 1000 < wanted / 1000) {
            throw unavailable("the driver serves CUDA " + version(served) + ", the kernels were built by CUDA " + version(wanted)
                    + "; install a newer driver, build with an older toolkit (native/build.sh), or use --backend cpu");
        }
    }

    private void requireCode(String what) {
        int status = Bridge.ready(library, stream.handle());
        if (status != 0) {
            throw unavailable("the kernels (" + Bridge.built(library) + ") do not run on " + what + ": " + Bridge.status(library, status)
                    + ". Compute capability 7.5 or newer is needed; native/build.sh --architectures " + capability().replace(".", "")
                    + " compiles for this device, or use --backend cpu");
        }
        require(JCudaDriver.cuStreamSynchronize(stream), "the first kernel on " + what);
    }

    private static UnavailableException unavailable(String reason) {
        return new UnavailableException("--backend cuda: " + reason);
    }

    private String name() {
        byte[] name = new byte[256];
        require(JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
        return new String(name, StandardCharsets.US_ASCII).replaceAll("\0.*", "");
    }

    private String capability() {
        return attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) + "."
                + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    }

    private int attribute(int which) {
        int[] value = new int[1];
        require(JCudaDriver.cuDeviceGetAttribute(value, which, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /** 12.6 for 12060. */
    private static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    /** An error with the call and the driver's words, where the status is one. */
    private static void require(int status, String call) {
        if (status != CUresult.CUDA_SUCCESS) {
            throw new DeviceException(call + ": " + words(status));
        }
    }

    private static String words(int status) {
        String[] name = new String[1];
        String[] text = new String[1];
        JCudaDriver.cuGetErrorName(status, name);
        JCudaDriver.cuGetErrorString(status, text);
        return name[0] + " (" + status + "), " + text[0];
    }

    /** Makes the device's context that of this thread. */
    private void here() {
        if (Thread.currentThread() != current) {
            require(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
            current = Thread.currentThread();
        }
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public long library() {
        return library;
    }

    @Override
    public long stream() {
        return stream.handle();
    }

    CUstream cudaStream() {
        return stream;
    }

    @Override
    public long allocate(long bytes) {
        here();
        Address address = new Address();
        int status = JCudaDriver.cuMemAlloc(address, bytes);
        if (status == OUT_OF_MEMORY) {
            return 0;
        }
        require(status, "cuMemAlloc of " + bytes + " bytes");
        return address.value();
    }

    @Override
    public void free(long address) {
        here();
        require(JCudaDriver.cuMemFree(new Address(address)), "cuMemFree");
    }

    @Override
    public void copyIn(long address, Object array, int offset, int length, int width) {
        here();
        int piece = STAGING / width;
        for (int done = 0; done < length; done += piece) {
            int count = Math.min(piece, length - done);
            Staging through = staging[next];
            next = 1 - next;
            require(JCudaDriver.cuEventSynchronize(through.copied), "copy to the device");
            through.put(array, offset + done, count);
            require(JCudaDriver.cuMemcpyHtoDAsync(new Address(address + (long) done * width), through.pointer, (long) count * width, stream),
                    "copy of " + length + " elements to the device");
            require(JCudaDriver.cuEventRecord(through.copied, stream), "cuEventRecord");
        }
    }

    @Override
    public void copyOut(long address, Object array, int offset, int length, int width) {
        here();
        int piece = STAGING / width;
        for (int done = 0; done < length; done += piece) {
            int count = Math.min(piece, length - done);
            Staging through = staging[next];
            require(JCudaDriver.cuMemcpyDtoHAsync(through.pointer, new Address(address + (long) done * width), (long) count * width, stream),
                    "copy of " + length + " elements from the device");
            require(JCudaDriver.cuStreamSynchronize(stream), "work on the device before a copy of " + length + " elements from it");
            through.get(array, offset + done, count);
        }
    }

    @Override
    public long freeMemory() {
        return memory()[0];
    }

    @Override
    public long totalMemory() {
        return memory()[1];
    }

    private long[] memory() {
        here();
        long[] free = new long[1];
        long[] total = new long[1];
        require(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
        return new long[] {free[0], total[0]};
    }

    @Override
    public boolean watchesMemory() {
        return false;
    }

    @Override
    public void close() {
        here();
        JCudaDriver.cuStreamSynchronize(stream);
        for (Staging s : staging) {
            JCudaDriver.cuEventDestroy(s.copied);
            JCudaDriver.cuMemFreeHost(s.pointer);
        }
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
