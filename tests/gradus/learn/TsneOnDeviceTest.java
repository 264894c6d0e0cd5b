package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.UnavailableException;
import gradus.backend.Workers;
import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact t-SNE by the kernels of a device, here the emulated one, has the bits of the descent on the CPU: points, checks and all. */
class TsneOnDeviceTest {
    /** Below and above a tile, and above a chunk of 4096 sources. */
    @ParameterizedTest
    @ValueSource(ints = {40, 131, 4100})
    void stepsHaveTheBitsOfTheDescentHere(int n) {
        Tsne tsne = Tsne.standard().withPerplexity(5).withSteps(n > 1000 ? 2 : 60).withExaggeration(12, n > 1000 ? 1 : 20).withChecks(n > 1000 ? 1 : 10, 300, 1e-7);
        float[] rows = new float[n * 3];
        new RandomStream(n, "rows").normal(rows, 0, rows.length, 0, 1);
        float[] start = new float[n * 2];
        new RandomStream(n, "start").normal(start, 0, start.length, 0, 1e-2f);
        try (Workers workers = new Workers(1); Backend device = Backends.open("emulated", 2, sentence -> { })) {
            Affinity affinity = tsne.affinity(Tensor.of(rows, n, 3), workers);
            Tsne exact = tsne.withMethod(Tsne.Method.EXACT);
            List<Tsne.Check> expected = new ArrayList<>();
            List<Tsne.Check> actual = new ArrayList<>();
            Embedding here = exact.embed(affinity, Tensor.of(start, n, 2), workers, expected::add);
            Embedding there = exact.embed(affinity, Tensor.of(start, n, 2), workers, device, actual::add);
            assertArrayEquals(here.points().toFloats(), there.points().toFloats());
            assertEquals(here.kl(), there.kl());
            assertEquals(here.gradientNorm(), there.gradientNorm());
            assertEquals(expected.size(), actual.size());
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).kl(), actual.get(i).kl());
                assertEquals(expected.get(i).gradientNorm(), actual.get(i).gradientNorm());
                assertArrayEquals(expected.get(i).points().toFloats(), actual.get(i).points().toFloats());
            }
        } catch (UnavailableException e) {
            System.out.println("SKIPPED: t-SNE on the emulated device: " + e.getMessage());
            Assumptions.abort(e.getMessage());
        }
    }
}
