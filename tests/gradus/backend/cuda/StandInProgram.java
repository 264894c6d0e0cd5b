package gradus.backend.cuda;

import static gradus.backend.cuda.Devices.SCALAR;
import static gradus.backend.cuda.Devices.dense;
import static gradus.backend.cuda.Devices.same;
import static gradus.backend.cuda.Devices.whole;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Epilogue;
import gradus.backend.Mode;
import gradus.backend.Reduction;
import gradus.backend.UnavailableException;
import gradus.backend.Window;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What {@link StandInTest} runs in a process whose loader finds the stand-ins for the driver and for cuBLAS. Prints a line for each thing it tried. */
final class StandInProgram {
    private StandInProgram() {
    }

    public static void main(String[] arguments) throws Exception {
        Path behaviour = Path.of(System.getenv("STAND_IN"));
        if (arguments.length > 0) {
            Files.writeString(behaviour, arguments[0]);
            System.out.println("refusal: " + refusal(Mode.CONTRACT));
            return;
        }
        Files.writeString(behaviour, "no-device");
        System.out.println("no device: " + refusal(Mode.CONTRACT));
        Files.writeString(behaviour, "");
        contract();
        fast();
        Files.writeString(behaviour, "small");
        tooLittleMemory();
    }

    private static String refusal(Mode mode) {
        try (CudaBackend backend = CudaBackend.cuda(mode)) {
            return "served by " + backend.description();
        } catch (UnavailableException e) {
            return e.getMessage();
        }
    }

    private static void contract() {
        try (CudaBackend cuda = CudaBackend.cuda(Mode.CONTRACT)) {
            System.out.println("device: " + cuda.description());
            for (DType dtype : DType.values()) {
                same(cuda, (backend, place) -> backend.map(Function.EXP, place.apply(dense(new Random(1), dtype, 3, 1_000_003))));
                same(cuda, (backend, place) -> backend.zip(Zip.ADD, place.apply(dense(new Random(1), dtype, 7, 5)).transpose(), place.apply(dense(new Random(2), dtype, 7))));
                same(cuda, (backend, place) -> backend.reduce(Reduction.SUM, place.apply(dense(new Random(1), dtype, 20_001))));
                same(cuda, (backend, place) -> backend.matmul(place.apply(dense(new Random(1), dtype, 33, 17)), place.apply(dense(new Random(2), dtype, 17, 9)),
                        null, Function.SIGMOID));
            }
            System.out.println("contract: bits equal, " + cuda.mode());
        }
    }

    private static void fast() {
        try (CudaBackend cuda = CudaBackend.cuda(Mode.FAST, 0, 0)) {
            System.out.println("mode: " + cuda.mode());
            for (DType dtype : DType.values()) {
                products(cuda, dtype);
            }
            for (DType dtype : DType.values()) {
                convolutions(cuda, dtype);
            }
            System.out.println("fast: numbers equal");
        }
    }

    private static void products(CudaBackend cuda, DType dtype) {
        same(cuda, (backend, place) -> backend.matmul(place.apply(whole(dtype, 3, 5)), place.apply(whole(dtype, 5, 4)), null, null));
        same(cuda, (backend, place) -> backend.matmul(place.apply(whole(dtype, 5, 3)).transpose(), place.apply(whole(dtype, 4, 5)).transpose(),
                place.apply(whole(dtype, 4)), Function.RELU));
        same(cuda, (backend, place) -> backend.matmul(place.apply(whole(dtype, 6, 2, 3, 5)), place.apply(whole(dtype, 6, 2, 5, 7)).slice(3, 1, 5), null, null));
        same(cuda, (backend, place) -> backend.matmul(place.apply(whole(dtype, 2, 3, 5)), place.apply(whole(dtype, 1, 5, 4)).broadcastTo(Shape.of(2, 5, 4)), null,
                null));
        same(cuda, (backend, place) -> backend.matmul(place.apply(whole(dtype, 1, 9)), place.apply(whole(dtype, 9, 1)), null, Function.SQUARE));
        same(cuda, (backend, place) -> backend.matmul(place.apply(whole(dtype, 4, 0)), place.apply(whole(dtype, 0, 2)), place.apply(whole(dtype, 2)), null));
    }

    /** Whole numbers give the contract's; others lie as near as two orders of summation of the same terms can. */
    private static void convolutions(CudaBackend cuda, DType dtype) {
        ConvShape shape = ConvShape.of(Shape.of(5, 4, 7, 6), Shape.of(6, 2, 3, 2), Window.of(3, 2).stride(2, 1).padding(1, 0, 1, 1), 2);
        same(cuda, (backend, place) -> backend.convolutions().forward(shape, place.apply(whole(dtype, 5, 4, 7, 6)), place.apply(whole(dtype, 6, 2, 3, 2)),
                place.apply(whole(dtype, 6)), Epilogue.RELU));
        same(cuda, (backend, place) -> backend.convolutions().inputGradient(shape, place.apply(whole(dtype, shape.output().dims())),
                place.apply(whole(dtype, 6, 2, 3, 2)), null, Epilogue.IDENTITY));
        same(cuda, (backend, place) -> backend.convolutions().weightGradient(shape, place.apply(whole(dtype, shape.output().dims())),
                place.apply(whole(dtype, 5, 4, 7, 6))));
        Random random = new Random(3);
        Tensor x = Tensor.of(random.doubles(5 * 4 * 7 * 6, -1, 1).toArray(), 5, 4, 7, 6).as(dtype);
        Tensor weight = Tensor.of(random.doubles(6 * 2 * 3 * 2, -1, 1).toArray(), 6, 2, 3, 2).as(dtype);
        Tensor y = Tensor.of(random.doubles(shape.output().size(), -1, 1).toArray(), shape.output().dims()).as(dtype);
        near(cuda, backend -> backend.convolutions().forward(shape, x, weight, null, Epilogue.IDENTITY),
                SCALAR.convolutions().forward(shape, SCALAR.map(Function.ABS, x), SCALAR.map(Function.ABS, weight), null, Epilogue.IDENTITY), 2 * 3 * 2);
        near(cuda, backend -> backend.convolutions().inputGradient(shape, y, weight, null, Epilogue.IDENTITY),
                SCALAR.convolutions().inputGradient(shape, SCALAR.map(Function.ABS, y), SCALAR.map(Function.ABS, weight), null, Epilogue.IDENTITY), 3 * 3 * 2);
        near(cuda, backend -> backend.convolutions().weightGradient(shape, y, x),
                SCALAR.convolutions().weightGradient(shape, SCALAR.map(Function.ABS, y), SCALAR.map(Function.ABS, x)), 5 * shape.outHeight() * shape.outWidth());
    }

    /** Two sums of n products differ by at most 2n roundings of the sum of their magnitudes. */
    private static void near(CudaBackend cuda, java.util.function.Function<Backend, Tensor> operation, Tensor magnitudes, int terms) {
        double[] expected = operation.apply(SCALAR).toDoubles();
        double[] actual = cuda.download(operation.apply(cuda)).toDoubles();
        double[] size = magnitudes.toDoubles();
        double unit = magnitudes.dtype() == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= 2 * terms * unit * size[i])) {
                throw new AssertionError("element " + i + " is " + actual[i] + ", the contract's " + expected[i]);
            }
        }
    }

    /** A device that is full says so, and serves again when something was released. */
    private static void tooLittleMemory() {
        try (CudaBackend cuda = CudaBackend.cuda(Mode.CONTRACT)) {
            List<Tensor> held = new ArrayList<>();
            try {
                while (true) {
                    held.add(cuda.upload(Tensor.zeros(DType.FLOAT32, Shape.of(100, 100, 5))));
                }
            } catch (DeviceException e) {
                System.out.println("full: " + e.getMessage());
            }
            held.forEach(cuda::release);
            Tensor x = cuda.upload(Tensor.of(new float[] {1, 2}, 2));
            System.out.println("after: " + SCALAR.reduce(Reduction.SUM, cuda.download(x)).reshape().item() + ", " + cuda.memoryUse().inUse() + " bytes in use");
        }
    }
}
