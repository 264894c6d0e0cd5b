package gradus.linalg;

import gradus.backend.Workers;
import gradus.backend.simd.DoublePeak;
import gradus.linalg.Lanczos.Limits;
import gradus.numerics.RandomStream;
import gradus.numerics.VectorApi;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The speed of the decompositions, for {@code gradus bench linalg}: seconds on one thread and on all, warm, best of several, and the rate of the nominal
 * operation count beside the measured peak of this machine's multiply units.
 */
public final class LinalgBench {
    private static final int REPEATS = 7;
    private static final int WARM_UP = 5;
    private static final double ENOUGH_SECONDS = 4;

    private final Consumer<String> out;
    private final double peak;
    private final Workers one;
    private final Workers all;

    private LinalgBench(Consumer<String> out, double peak, Workers one, Workers all) {
        this.out = out;
        this.peak = peak;
        this.one = one;
        this.all = all;
    }

    private interface Work {
        Object run(Workers workers);
    }

    /** Prints a line for each decomposition. */
    public static void run(int threads, Consumer<String> out) {
        double peak = VectorApi.serves() ? DoublePeak.measure() : 0;
        out.accept(peak == 0 ? "float64; without the Vector API" : String.format(Locale.ROOT, "float64; measured peak of fused multiply-adds on one thread: %.0f GFLOP/s", peak));
        out.accept(String.format(Locale.ROOT, "%-34s %10s %10s %10s %9s", "", "1 thread s", threads + " threads", "GFLOP/s", "of peak"));
        try (Workers one = new Workers(1); Workers all = new Workers(threads)) {
            new LinalgBench(out, peak, one, all).everything();
        }
    }

    private void everything() {
        double n = 784;
        Matrix square = gaussian(784, 784, "square");
        Matrix symmetric = square.plus(square.transpose());
        Matrix tall = gaussian(1000, 784, "tall");
        Matrix positive = Products.gram(tall, one);
        measure("product 784", 2 * n * n * n, w -> Products.multiply(square, square, w));
        measure("cholesky 784", n * n * n / 3, w -> Cholesky.of(positive, w));
        measure("lu 784", 2 * n * n * n / 3, w -> Lu.of(square, w));
        measure("qr 1000 x 784", 2 * n * n * (1000 - n / 3), w -> Qr.of(tall, w));
        measure("symmetric eigen 784", 9 * n * n * n, w -> SymmetricEigen.of(symmetric, w));
        measure("symmetric eigenvalues 784", 4 * n * n * n / 3, w -> SymmetricEigen.values(symmetric, w));
        measure("svd 1000 x 784, vectors", 4 * 1000 * n * n + 8 * n * n * n, w -> Svd.of(tall, w));
        measure("singular values 1000 x 784", 4 * n * n * (1000 - n / 3), w -> Svd.values(tall, w));
        measure("eigen 784, vectors", 25 * n * n * n, w -> Eigen.of(square, w));
        Matrix data = gaussian(10_000, 784, "data");
        measure("covariance + eigen 10,000 x 784", 10_000 * n * n + 9 * n * n * n, w -> SymmetricEigen.of(Products.gram(data, w), w));
        Csr ratings = ratings();
        measure("sparse truncated svd, k = 100", 0,
                w -> TruncatedSvd.lanczos(LinearOperator.of(ratings, w), 100, new Limits(1e-6, 0, 100), new RandomStream(1, "bench")));
    }

    private static Matrix gaussian(int rows, int columns, String name) {
        Matrix a = Matrix.zeros(rows, columns);
        new RandomStream(1, name).normal(a.data(), 0, a.data().length, 0, 1);
        return a;
    }

    /** 3,529 × 2,072 with about 200,000 entries, the size of a filtered table of ratings. */
    private static Csr ratings() {
        RandomStream random = new RandomStream(1, "ratings");
        int count = 200_000;
        int[] rows = new int[count];
        int[] columns = new int[count];
        double[] values = new double[count];
        for (int k = 0; k < count; k++) {
            rows[k] = random.below(3529);
            columns[k] = random.below(2072);
            values[k] = random.normal64();
        }
        return Coo.of(3529, 2072, rows, columns, values).toCsr();
    }

    private void measure(String name, double flops, Work work) {
        double single = seconds(work, one);
        double many = seconds(work, all);
        String line = String.format(Locale.ROOT, "%-34s %10.4f %10.4f", name, single, many);
        if (flops > 0) {
            double rate = flops / many / 1e9;
            line += String.format(Locale.ROOT, " %10.1f", rate) + (peak > 0 ? String.format(Locale.ROOT, " %8.0f%%", 100 * rate / (peak * all.threads())) : "");
        }
        out.accept(line);
    }

    /** The best of several runs, since other work on the machine can only slow one down. */
    private static double seconds(Work work, Workers workers) {
        double[] times = new double[WARM_UP + REPEATS];
        double spent = 0;
        int done = 0;
        while (done < times.length && (done < 2 || spent < ENOUGH_SECONDS)) {
            long start = System.nanoTime();
            Object result = work.run(workers);
            times[done] = (System.nanoTime() - start) * 1e-9;
            spent += times[done++];
            if (result == null) {
                throw new IllegalStateException("bench: no result");
            }
        }
        return Arrays.stream(times, 0, done).min().orElseThrow();
    }
}
