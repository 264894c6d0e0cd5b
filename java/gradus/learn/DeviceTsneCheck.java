package gradus.learn;

import gradus.backend.Backend;
import gradus.backend.Workers;
import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Exact t-SNE by the kernels of a device against the descent on the CPU, bit for bit, for {@code gradus bench gpu}. */
public final class DeviceTsneCheck {
    private DeviceTsneCheck() {
    }

    /**
     * Maps random points both ways and says in one line of {@code out} whether points, divergences and gradients are the same.
     *
     * @param sizes numbers of points; above 4096 the device folds several chunks of sources
     * @return whether they are
     */
    public static boolean run(Backend device, int threads, int[] sizes, int steps, Consumer<String> out) {
        Tsne tsne = Tsne.standard().withMethod(Tsne.Method.EXACT).withPerplexity(10).withSteps(steps).withExaggeration(12, steps / 3).withChecks(Math.max(1, steps / 6), 300, 1e-7);
        boolean equal = true;
        try (Workers workers = new Workers(threads)) {
            for (int n : sizes) {
                Affinity affinity = tsne.affinity(normal(n, 5, 1), workers);
                Tensor start = normal(n, 2, 1e-2f);
                List<String> here = new ArrayList<>();
                List<String> there = new ArrayList<>();
                here.add(words(tsne.embed(affinity, start, workers, c -> here.add(words(c)))));
                there.add(words(tsne.embed(affinity, start, workers, device, c -> there.add(words(c)))));
                equal &= here.equals(there);
            }
        }
        out.accept("bits exact t-SNE: " + (equal ? "equal in " + sizes.length + " cases" : "DIFFERENT"));
        return equal;
    }

    private static Tensor normal(int n, int d, float deviation) {
        float[] values = new float[n * d];
        new RandomStream(n, "t-SNE check " + d).normal(values, 0, values.length, 0, deviation);
        return Tensor.of(values, n, d);
    }

    private static String words(Tsne.Check check) {
        return check.kl() + " " + check.gradientNorm() + " " + Arrays.toString(check.points().toFloats());
    }

    private static String words(Embedding embedding) {
        return embedding.kl() + " " + embedding.gradientNorm() + " " + Arrays.toString(embedding.points().toFloats());
    }
}
