package gradus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.backend.Backend;
import gradus.backend.scalar.ScalarBackend;
import gradus.tensor.NpyArray;
import gradus.tensor.Npz;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Schedules, plateau and early stopping against PyTorch 2.13 and Keras 3.15: golden/schedules.py. */
class SchedulesTest {
    private final Map<String, NpyArray> golden = Npz.read(Path.of("tests/gradus/optim/golden/schedules.npz"));

    SchedulesTest() throws IOException {
    }

    private static Map<String, Schedule> schedules() {
        Map<String, Schedule> all = new LinkedHashMap<>();
        all.put("torch/stairs", new Schedule.Stairs(0.3, 0.5, 7));
        all.put("torch/exponential", new Schedule.Exponential(0.3, 0.9, 1));
        all.put("torch/cosine", new Schedule.Cosine(0.3, 0.01, 59));
        all.put("torch/warm-up", new Schedule.WarmUp(0.1, 10, new Schedule.Exponential(0.3, 0.9, 1)));
        all.put("keras/stairs", new Schedule.Stairs(0.3, 0.5, 7));
        all.put("keras/exponential", new Schedule.Exponential(0.3, 0.5, 7));
        all.put("keras/inverse-time", new Schedule.InverseTime(0.3, 0.05));
        all.put("keras/cosine", new Schedule.Cosine(0.3, 0.03, 40));
        all.put("keras/warm-up", new Schedule.WarmUp(0, 10, new Schedule.Cosine(0.3, 0.03, 40)));
        return all;
    }

    @TestFactory
    Stream<DynamicTest> learningRatesAgreeToTwelveDigits() {
        return schedules().entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
            double[] wanted = golden.get(e.getKey()).doubles();
            for (int t = 0; t < wanted.length; t++) {
                assertEquals(wanted[t], e.getValue().at(t), 1e-12 * wanted[t], "step " + t);
            }
        }));
    }

    @Test
    void everyScheduleHasAGoldenRow() {
        Set<Class<?>> kinds = schedules().values().stream().map(Object::getClass).collect(Collectors.toCollection(HashSet::new));
        kinds.add(Schedule.Constant.class);
        assertEquals(Set.of(Schedule.class.getDeclaredClasses()), kinds);
        assertEquals(0.3, new Schedule.Constant(0.3).at(77));
    }

    @Test
    void aScheduleCountedInEpochsStaysForTheEpoch() {
        Schedule halving = new Schedule.Exponential(8, 0.5, 1).every(3);
        assertArrayEquals(new double[] {8, 8, 8, 4, 4, 4, 2}, LongStream.range(0, 7).mapToDouble(halving::at).toArray());
    }

    @TestFactory
    Stream<DynamicTest> plateauLowersWhereTheFrameworkDoes() {
        return Map.of(
                "torch/plateau", new Plateau(0.5, 3, 1e-4, 0, 0, Dialect.TORCH),
                "torch/plateau/cooldown", new Plateau(0.5, 2, 1e-2, 4, 0, Dialect.TORCH),
                "keras/plateau", new Plateau(0.5, 3, 1e-4, 0, 0, Dialect.KERAS),
                "keras/plateau/cooldown", new Plateau(0.5, 2, 1e-2, 4, 0, Dialect.KERAS)
        ).entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
            Plateau.State s = e.getValue().begin();
            double[] wanted = golden.get(e.getKey()).doubles();
            double[] metrics = golden.get("metrics").doubles();
            for (int epoch = 0; epoch < metrics.length; epoch++) {
                s = e.getValue().observe(s, metrics[epoch]);
                assertEquals(wanted[epoch], s.factor(), 1e-12 * wanted[epoch], "epoch " + epoch);
            }
        }));
    }

    @Test
    void plateauStopsAtItsSmallestFactor() {
        Plateau plateau = new Plateau(0.5, 1, 0, 0, 0.3, Dialect.KERAS);
        Plateau.State s = plateau.begin();
        for (int epoch = 0; epoch < 10; epoch++) {
            s = plateau.observe(s, 1);
        }
        assertEquals(0.3, s.factor());
    }

    @TestFactory
    Stream<DynamicTest> earlyStoppingEndsAndRestoresWhereKerasDoes() {
        return Map.of(
                "keras/early/5", new EarlyStopping(5, 0),
                "keras/early/12", new EarlyStopping(12, 0),
                "keras/early/12/delta", new EarlyStopping(12, 0.02),
                "keras/early/30", new EarlyStopping(30, 0)
        ).entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> assertArrayEquals(golden.get(e.getKey()).doubles(), train(e.getValue()))));
    }

    /** The epoch that ended training, 0 if none did, and the epoch whose weights came back. */
    private double[] train(EarlyStopping stopping) {
        Backend backend = new ScalarBackend();
        Parameter w = new Parameter("w", Tensor.of(new double[1], 1));
        BestWeights best = new BestWeights(stopping, backend, List.of(w));
        int stopped = 0;
        double[] metrics = golden.get("metrics").doubles();
        for (int epoch = 1; epoch <= metrics.length && stopped == 0; epoch++) {
            backend.fill(w.tensor(), epoch);
            stopped = best.goOn(metrics[epoch - 1]) ? 0 : epoch;
        }
        best.restore();
        return new double[] {stopped, w.tensor().item()};
    }

    @Test
    void rangesAreChecked() {
        assertEquals("stairs: length is 0, at least 1 wanted", assertThrows(IllegalArgumentException.class, () -> new Schedule.Stairs(1, 0.5, 0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Plateau(1, 1, 0, 0, 0, Dialect.KERAS));
    }
}
