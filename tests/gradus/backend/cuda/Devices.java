package gradus.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.UnavailableException;
import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;

/** What the tests of device kernels share: the scalar backend, the two emulators, tensors in awkward layouts on any of them, and bits. */
final class Devices {
    static final Backend SCALAR = new ScalarBackend();
    private static final double[] AWKWARD = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, -1, 1e-40, -1e-40, 3e38, -3e38,
        1e-310, 0.5, 2, 100, -100};

    private Devices() {
    }

    /** The emulator that watches every access, or a skipped test where it was not built. */
    static CudaBackend checked() {
        return orSkip(() -> CudaBackend.checked(1L << 28));
    }

    /** The fast emulator, or a skipped test where it was not built. */
    static CudaBackend fast() {
        return orSkip(() -> CudaBackend.emulated(2));
    }

    private static CudaBackend orSkip(java.util.function.Supplier<CudaBackend> open) {
        try {
            return open.get();
        } catch (UnavailableException e) {
            System.out.println("SKIPPED: kernels on the emulated device: " + e.getMessage());
            return Assumptions.abort(e.getMessage());
        }
    }

    /** The same on a backend, its operands placed there by the given function. */
    interface Operation {
        Tensor on(Backend backend, UnaryOperator<Tensor> place);
    }

    /** Runs the operation on the scalar backend and on a device, and wants the same bits; memory of the device must come back. */
    static void same(CudaBackend device, Operation operation) {
        Tensor expected = operation.on(SCALAR, t -> t);
        List<Tensor> placed = new ArrayList<>();
        long before = device.memoryUse().inUse();
        Tensor there = operation.on(device, t -> {
            placed.add(device.upload(t));
            return placed.getLast();
        });
        Tensor actual = device.download(there);
        assertSame(expected, actual);
        if (placed.stream().noneMatch(t -> t.storage() == there.storage())) {
            device.release(there);
        }
        placed.forEach(device::release);
        assertEquals(before, device.memoryUse().inUse(), "bytes in use on the device before and after");
    }

    static void assertSame(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertEquals(expected.dtype(), actual.dtype());
        if (expected.dtype() == DType.FLOAT32) {
            assertArrayEquals(bits(expected.toFloats()), bits(actual.toFloats()));
        } else {
            assertArrayEquals(bits(expected.toDoubles()), bits(actual.toDoubles()));
        }
    }

    /** One value for all NaNs: which NaN an operation of IEEE-754 gives is the processor's choice. */
    private static int[] bits(float[] x) {
        int[] bits = new int[x.length];
        Arrays.setAll(bits, i -> Float.floatToIntBits(x[i]));
        return bits;
    }

    private static long[] bits(double[] x) {
        return Arrays.stream(x).mapToLong(Double::doubleToLongBits).toArray();
    }

    /** A row-major tensor of normal numbers, sometimes with zeros of both signs, infinities, NaN and subnormals among them. */
    static Tensor dense(Random random, DType dtype, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        boolean awkward = random.nextInt(3) == 0;
        Arrays.setAll(values, i -> awkward && random.nextInt(10) == 0 ? AWKWARD[random.nextInt(AWKWARD.length)] : random.nextGaussian());
        Tensor t = Tensor.of(values, dims);
        return dtype == DType.FLOAT64 ? t : t.as(DType.FLOAT32);
    }

    /** Small whole numbers, so that every order of summation gives the same. */
    static Tensor whole(DType dtype, int... dims) {
        Random random = new Random(dims.length + 31L * dims[0]);
        return Tensor.of(random.ints(Shape.of(dims).size(), -9, 10).asDoubleStream().toArray(), dims).as(dtype);
    }

    /** The shape itself, or one that broadcasts to it. */
    static int[] broadcast(Random random, int[] dims) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> dims;
            case 2 -> Arrays.copyOfRange(dims, random.nextInt(dims.length + 1), dims.length);
            default -> Arrays.stream(dims).map(d -> random.nextBoolean() ? 1 : d).toArray();
        };
    }

    /** The elements in another layout, on whatever memory {@code place} puts them: permuted, a part of a larger tensor, or repeated. */
    static Tensor layout(Random random, Tensor t, boolean repeats, UnaryOperator<Tensor> place) {
        int rank = t.rank();
        int kind = rank == 0 ? 0 : random.nextInt(repeats ? 5 : 4);
        return switch (kind) {
            case 0, 1 -> place.apply(t);
            case 2 -> {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < rank; i++) {
                    order.add(random.nextInt(order.size() + 1), i);
                }
                int[] axes = order.stream().mapToInt(i -> i).toArray();
                int[] inverse = new int[rank];
                for (int i = 0; i < rank; i++) {
                    inverse[axes[i]] = i;
                }
                yield place.apply(t.permute(axes).copy()).permute(inverse);
            }
            case 3 -> {
                int axis = random.nextInt(rank);
                Tensor larger = Tensor.full(t.dtype(), t.shape().with(axis, t.dim(axis) + 3), 9);
                SCALAR.copy(t, larger.slice(axis, 2, 2 + t.dim(axis)));
                yield place.apply(larger).slice(axis, 2, 2 + t.dim(axis));
            }
            default -> {
                int axis = random.nextInt(rank);
                yield t.dim(axis) == 0 ? place.apply(t) : place.apply(t.slice(axis, 0, 1).copy()).broadcastTo(t.shape());
            }
        };
    }
}
