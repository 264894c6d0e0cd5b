package gradus.backend.simd;

import gradus.backend.Workers;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** The speed of float32 products beside the measured peak of this machine's multiply units, for {@code gradus bench sgemm}. */
public final class GemmBench {
    private static final int REPEATS = 7;

    private GemmBench() {
    }

    /** Prints a line for each size, on one thread and on all. */
    public static void run(int threads, int[] sizes, Consumer<String> out) {
        double peak = FloatPeak.measure();
        out.accept(String.format(Locale.ROOT, "%s; measured peak of fused multiply-adds on one thread: %.0f GFLOP/s", Lanes.description(), peak));
        out.accept(String.format(Locale.ROOT, "%6s %16s %8s %20s %8s", "n", "1 thread GFLOP/s", "of peak", threads + " threads GFLOP/s", "speed-up"));
        try (Workers one = new Workers(1); Workers all = new Workers(threads)) {
            for (int n : sizes) {
                double single = product(n, one);
                double many = product(n, all);
                out.accept(String.format(Locale.ROOT, "%6d %16.0f %7.0f%% %20.0f %7.2f×", n, single, 100 * single / peak, many, many / single));
            }
        }
    }

    /** The best of several runs, since other work on the machine can only slow one down. */
    private static double product(int n, Workers workers) {
        Random random = new Random(1);
        float[] a = new float[n * n];
        float[] b = new float[n * n];
        float[] c = new float[n * n];
        for (int i = 0; i < a.length; i++) {
            a[i] = random.nextFloat();
            b[i] = random.nextFloat();
        }
        double flops = 2.0 * n * n * n;
        int calls = (int) Math.max(3, 4e9 / flops);
        double best = 0;
        for (int r = 0; r < REPEATS; r++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                FloatGemm.multiply(n, n, n, a, 0, n, 1, b, 0, n, 1, null, 0, c, 0, n, workers);
            }
            best = Math.max(best, calls * flops / (System.nanoTime() - start));
        }
        return best;
    }
}
