package gradus.backend.cuda;

import gradus.backend.Mode;
import gradus.backend.PlaneDescent;
import gradus.backend.UnavailableException;
import gradus.numerics.RandomStream;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** Checks every kernel of a device against scalar code and times products and exact t-SNE, for {@code gradus bench gpu}. Lines are {@code name value}. */
public final class DeviceBench {
    private static final int ROUNDS = 7;

    private final boolean emulated;
    private final Consumer<String> out;

    private DeviceBench(boolean emulated, Consumer<String> out) {
        this.emulated = emulated;
        this.out = out;
    }

    /**
     * Runs everything; sizes are small on the emulator, whose times mean nothing.
     *
     * @return whether all kernels have the scalar backend's bits
     */
    public static boolean run(boolean emulated, int threads, Consumer<String> out) {
        DeviceBench bench = new DeviceBench(emulated, out);
        try (CudaBackend backend = emulated ? CudaBackend.emulated(threads) : CudaBackend.cuda(Mode.CONTRACT)) {
            out.accept("device " + backend.description());
            boolean equal = bench.check(backend, threads);
            bench.products("contract", backend);
            bench.tsne(backend);
            bench.fast();
            return equal;
        }
    }

    private boolean check(CudaBackend backend, int threads) {
        boolean[] equal = {true};
        DeviceCheck.run(backend, threads).forEach((family, result) -> {
            equal[0] &= result.different() == null;
            out.accept("bits " + family + ": " + (result.different() == null ? "equal in " + result.cases() + " cases" : "DIFFERENT: " + result.different()));
        });
        return equal[0];
    }

    private void fast() {
        if (emulated) {
            out.accept("sgemm fast: none, the emulator has no cuBLAS");
            return;
        }
        try (CudaBackend backend = CudaBackend.cuda(Mode.FAST)) {
            out.accept("fast mode: " + backend.mode());
            products("fast", backend);
        } catch (UnavailableException e) {
            out.accept("sgemm fast: none, " + e.getMessage());
        }
    }

    private void products(String mode, CudaBackend backend) {
        for (int n : emulated ? new int[] {192} : new int[] {1024, 2048, 4096, 8192}) {
            RandomStream random = new RandomStream(n, "bench gpu");
            Tensor a = backend.uniform(random, DType.FLOAT32, Shape.of(n, n), -1, 1);
            Tensor b = backend.uniform(random, DType.FLOAT32, Shape.of(n, n), -1, 1);
            int repeats = emulated ? 1 : Math.max(3, (int) (2e11 / n / n / n));
            double seconds = median(() -> {
                for (int i = 0; i < repeats; i++) {
                    backend.release(backend.matmul(a, b, null, null));
                }
            }, backend) / repeats;
            out.accept(String.format(Locale.ROOT, "sgemm %s n=%d GFLOP/s %.0f", mode, n, 2.0 * n * n * n / seconds / 1e9));
            backend.release(a);
            backend.release(b);
        }
    }

    /** A step of exact t-SNE: 70,000 points with 96 affinities each, drawn at random. */
    private void tsne(CudaBackend backend) {
        int n = emulated ? 2_000 : 70_000;
        int each = 96;
        RandomStream random = new RandomStream(1, "bench gpu, t-SNE");
        float[] x = new float[n];
        float[] y = new float[n];
        random.normal(x, 0, n, 0, 1e-4f);
        random.normal(y, 0, n, 0, 1e-4f);
        int[] start = new int[n + 1];
        int[] column = new int[n * each];
        float[] p = new float[n * each];
        Arrays.setAll(start, i -> i * each);
        Arrays.setAll(column, k -> random.below(n));
        Arrays.fill(p, 1f / n / each);
        int steps = emulated ? 1 : 20;
        try (PlaneDescent descent = backend.planeDescent(x, y, start, column, p).orElseThrow()) {
            double seconds = median(() -> {
                for (int i = 0; i < steps; i++) {
                    descent.forces();
                    descent.update(1, 0.8f, 200);
                }
            }, backend) / steps;
            out.accept(String.format(Locale.ROOT, "tsne exact n=%d ms/step %.2f, s/1000 steps %.2f", n, seconds * 1e3, seconds * 1e3));
        }
    }

    /** The median of several rounds, each to its end on the device, after one that does not count. */
    private double median(Runnable work, CudaBackend backend) {
        double[] times = new double[emulated ? 1 : ROUNDS];
        Tensor probe = backend.upload(Tensor.of(new float[1], 1));
        for (int round = emulated ? 0 : -1; round < times.length; round++) {
            long begin = System.nanoTime();
            work.run();
            backend.download(probe); // waits for all that was sent before
            if (round >= 0) {
                times[round] = (System.nanoTime() - begin) / 1e9;
            }
        }
        backend.release(probe);
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
