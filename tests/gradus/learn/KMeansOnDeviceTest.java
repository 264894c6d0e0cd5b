package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.UnavailableException;
import gradus.backend.Workers;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** k-means whose rows look for their centres on a device, here the emulated one, has every bit of k-means on the CPU, which skips most of that work. */
class KMeansOnDeviceTest {
    @Test
    void labelsCentersAndHistoryAreThoseOfTheCpu() {
        // As many rows as do not fill a block, clusters beyond a tile of centres, and rows that are equal, so that clusters fall empty.
        float[] equal = new float[37 * 3];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = i / 3 % 4;
        }
        for (Object[] of : new Object[][] {{TsneData.clusters(451, 20, 8), 12}, {TsneData.clusters(300, 7, 30), 35}, {Tensor.of(equal, 37, 3), 6}}) {
            same((Tensor) of[0], KMeans.of((int) of[1], 5).withStarts(2));
        }
    }

    private static void same(Tensor x, KMeans options) {
        try (Workers workers = new Workers(1); Backend device = Backends.open("emulated", 2, sentence -> { })) {
            List<Clustering> here = new ArrayList<>();
            List<Clustering> there = new ArrayList<>();
            options.fit(x, workers, here::add);
            options.fit(x, workers, device, there::add);
            for (int i = 0; i < here.size(); i++) {
                assertArrayEquals(here.get(i).labels(), there.get(i).labels());
                assertArrayEquals(here.get(i).centers().data(), there.get(i).centers().data(), 0);
                assertArrayEquals(here.get(i).history(), there.get(i).history(), 0);
                assertEquals(here.get(i).inertia(), there.get(i).inertia());
                assertEquals(here.get(i).iterations(), there.get(i).iterations());
            }
        } catch (UnavailableException e) {
            System.out.println("SKIPPED: k-means on the emulated device: " + e.getMessage());
            Assumptions.abort(e.getMessage());
        }
    }
}
