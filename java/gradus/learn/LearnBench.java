package gradus.learn;

import gradus.backend.Workers;
import gradus.data.DataProgress;
import gradus.data.DataStore;
import gradus.data.FashionMnist;
import gradus.linalg.Matrix;
import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The speed of learning, for {@code gradus bench learn}: seconds on one thread and on all, best of several, on Fashion-MNIST's test images and on generated ratings;
 * then how the time of t-SNE grows with the number of points.
 */
public final class LearnBench {
    private static final int FACTORS = 100;
    private static final int ALS_STEPS = 5;
    /** Points of the growing maps; generated rows end at the last but one. */
    private static final int[] POINTS = {2_500, 5_000, 10_000, 20_000, 40_000, 70_000};

    private final Consumer<String> out;
    private final Workers one;
    private final Workers all;

    private LearnBench(Consumer<String> out, Workers one, Workers all) {
        this.out = out;
        this.one = one;
        this.all = all;
    }

    private interface Work {
        /** A remark on the result, or nothing. */
        String run(Workers workers);
    }

    /**
     * Prints a line for each kind of work.
     *
     * @param data folder with Fashion-MNIST's training images for the growth of t-SNE, to all 70,000 images; without one, up to 40,000 rows of a generated
     *             mixture are mapped
     * @throws IOException when the images cannot be read
     */
    public static void run(int threads, Path data, Consumer<String> out) throws IOException {
        DataStore store = DataStore.ofMachine(data);
        Tensor images = store.load(FashionMnist.TEST, DataProgress.NONE).images().flattened();
        try (Workers one = new Workers(1); Workers all = new Workers(threads)) {
            LearnBench bench = new LearnBench(out, one, all);
            out.accept(String.format(Locale.ROOT, "%-36s %10s %10s", "", "1 thread s", threads + " threads"));
            bench.images(images);
            bench.alternatingStep();
            if (data == null) {
                bench.growth(mixture(40_000, 784), "rows of a mixture of ten normals in 784 dimensions");
            } else {
                bench.growth(below(store.load(FashionMnist.TRAIN, DataProgress.NONE).images().flattened(), images), "Fashion-MNIST, training images first");
            }
        }
    }

    /** The rows of both, one below the other. */
    private static Tensor below(Tensor upper, Tensor lower) {
        float[] rows = Arrays.copyOf(upper.toFloats(), upper.size() + lower.size());
        System.arraycopy(lower.toFloats(), 0, rows, upper.size(), lower.size());
        return Tensor.of(rows, upper.dim(0) + lower.dim(0), upper.dim(1));
    }

    private void images(Tensor x) {
        measure("full pca 10,000 x 784", 5, w -> remark(Pca.fit(x, w).componentsFor(0.95) + " components hold 95 %%"));
        measure("k-means 10, 10 starts, 10,000 x 784", 3, w -> remark("inertia %.5g", KMeans.of(10, 120).fit(x, w).inertia()));
        measure("t-sne 10,000 x 784, 1000 steps", 2, w -> remark("KL %.4f", Tsne.standard().fit(x, w).kl()));
    }

    private static String remark(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** A step of alternating ridge regression at the published size: from the SVD start, the mean of several steps. */
    private void alternatingStep() {
        Ratings ratings = RatingsGenerator.restaurants().generate(0).ratings().withMoreThan(20);
        CenteredRatings data = CenteredRatings.of(ratings);
        FactorStart.Pair start = FactorStart.SVD.of(data, FACTORS, 0, all);
        double[] seconds = new double[2];
        for (int repeat = 0; repeat < 3; repeat++) {
            for (int i = 0; i < 2; i++) {
                AlternatingLeastSquares als = new AlternatingLeastSquares(data, start.q().copy(), start.p().copy(), 1e-4, i == 0 ? one : all);
                long begin = System.nanoTime();
                for (int step = 0; step < ALS_STEPS; step++) {
                    als.step(step);
                }
                double now = (System.nanoTime() - begin) * 1e-9 / ALS_STEPS;
                seconds[i] = repeat == 0 ? now : Math.min(now, seconds[i]);
            }
        }
        line("als step, k = " + FACTORS, seconds[0], seconds[1], ratings.toString());
    }

    private void measure(String name, int repeats, Work work) {
        double[] single = new double[repeats];
        double[] many = new double[repeats];
        String remark = "";
        for (int i = 0; i < repeats; i++) {
            many[i] = seconds(() -> work.run(all));
            long begin = System.nanoTime();
            remark = work.run(one);
            single[i] = (System.nanoTime() - begin) * 1e-9;
        }
        line(name, Arrays.stream(single).min().orElseThrow(), Arrays.stream(many).min().orElseThrow(), remark);
    }

    private static double seconds(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) * 1e-9;
    }

    private void line(String name, double single, double many, String remark) {
        out.accept(String.format(Locale.ROOT, "%-36s %10.4f %10.4f   %s", name, single, many, remark));
    }

    /** Time of t-SNE at each number of points, and the exponents a in time ∝ nᵃ, fitted to the logarithms. */
    private void growth(Tensor rows, String what) {
        out.accept("");
        out.accept("t-sne of " + what + ", 1000 steps, " + all.threads() + " threads");
        out.accept(String.format(Locale.ROOT, "%10s %12s %12s %12s %10s", "points", "affinities s", "descent s", "whole s", "KL"));
        List<double[]> times = new ArrayList<>();
        Tsne tsne = Tsne.standard();
        for (int n : Arrays.stream(POINTS).filter(n -> n <= rows.dim(0)).toArray()) {
            Tensor x = rows.slice(0, 0, n).copy();
            long begin = System.nanoTime();
            Affinity affinity = tsne.affinity(x, all);
            double first = (System.nanoTime() - begin) * 1e-9;
            Embedding map = tsne.embed(affinity, tsne.start().of(x, 0, all), all, check -> { });
            double whole = (System.nanoTime() - begin) * 1e-9;
            times.add(new double[] {first, whole - first, whole});
            out.accept(String.format(Locale.ROOT, "%10d %12.3f %12.3f %12.3f %10.4f", n, first, whole - first, whole, map.kl()));
        }
        out.accept(String.format(Locale.ROOT, "%10s %12.2f %12.2f %12.2f", "exponent", exponent(times, 0), exponent(times, 1), exponent(times, 2)));
    }

    /** The slope of the least-squares line through the logarithms, by the differences of all pairs. */
    private static double exponent(List<double[]> times, int column) {
        double above = 0;
        double below = 0;
        for (int i = 0; i < times.size(); i++) {
            for (int j = 0; j < i; j++) {
                double x = StrictMath.log((double) POINTS[i] / POINTS[j]);
                above += x * StrictMath.log(times.get(i)[column] / times.get(j)[column]);
                below += x * x;
            }
        }
        return above / below;
    }

    /** Ten normals of deviation 1 whose centres have entries of deviation 0.5. */
    private static Tensor mixture(int n, int d) {
        float[] x = new float[n * d];
        float[] centers = new float[10 * d];
        new RandomStream(1, "bench/centers").normal(centers, 0, centers.length, 0, 0.5f);
        new RandomStream(1, "bench/rows").normal(x, 0, x.length, 0, 1);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] += centers[i % 10 * d + j];
            }
        }
        return Tensor.of(x, n, d);
    }
}
