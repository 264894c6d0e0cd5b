package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.optim.Adadelta;
import gradus.optim.Adagrad;
import gradus.optim.Adam;
import gradus.optim.AdamW;
import gradus.optim.AmsGrad;
import gradus.optim.Lion;
import gradus.optim.Momentum;
import gradus.optim.NAdam;
import gradus.optim.Nesterov;
import gradus.optim.RAdam;
import gradus.optim.RmsProp;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.runner.Options;
import gradus.tensor.NpyArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {
    @TempDir
    private Path folder;

    private Options options(String out, int threads, String backend) {
        return new Options(null, folder.resolve(out), null, backend, threads, false, Map.of(), false, null);
    }

    private Map<String, NpyArray> probed(String out, Rule<?> rule, Probe probe) throws Exception {
        new SmallRun(rule, 4).under(options(out, 2, "cpu").watchedBy(probe));
        return ProbeFile.readAll(folder.resolve(out)).getFirst().arrays();
    }

    private static double[] columns(Map<String, NpyArray> arrays, String name) {
        return arrays.get(name).doubles();
    }

    @Test
    void watchingChangesNoBitOfTheRun() {
        String hash = new SmallRun(Adam.torch(0.01), 4).under(options("plain", 2, "cpu")).hash();
        Probe everything = Probe.every(1).withNoise(4).withCurvature(5);
        assertEquals(hash, new SmallRun(Adam.torch(0.01), 4).under(options("watched", 2, "cpu").watchedBy(everything)).hash());
    }

    @Test
    void recordsHaveTheSameBitsOnAnyThreadsAndBackend() throws Exception {
        Probe everything = Probe.every(3).withNoise(4).withCurvature(6);
        new SmallRun(Adam.torch(0.01), 3).under(options("one", 1, "cpu").watchedBy(everything));
        new SmallRun(Adam.torch(0.01), 3).under(options("three", 3, "cpu").watchedBy(everything));
        new SmallRun(Adam.torch(0.01), 3).under(options("scalar", 2, "scalar").watchedBy(everything));
        byte[] records = Files.readAllBytes(folder.resolve("one/lens/model.npz"));
        assertArrayEquals(records, Files.readAllBytes(folder.resolve("three/lens/model.npz")));
        assertArrayEquals(records, Files.readAllBytes(folder.resolve("scalar/lens/model.npz")));
    }

    @Test
    void recordsBeforeAResumeAreKept() throws Exception {
        Probe everything = Probe.every(3).withNoise(4).withCurvature(6);
        // RAdam has no denominator in its first five steps.
        new SmallRun(RAdam.torch(0.01), 6).under(options("whole", 2, "cpu").watchedBy(everything));
        new SmallRun(RAdam.torch(0.01), 3).under(options("parts", 2, "cpu").watchedBy(everything));
        new SmallRun(RAdam.torch(0.01), 6).under(new Options(null, folder.resolve("parts"), null, "cpu", 2, false, Map.of(), true, null).watchedBy(everything));
        Map<String, NpyArray> whole = ProbeFile.readAll(folder.resolve("whole")).getFirst().arrays();
        Map<String, NpyArray> parts = ProbeFile.readAll(folder.resolve("parts")).getFirst().arrays();
        assertEquals(whole.keySet(), parts.keySet());
        for (String name : whole.keySet()) {
            double[] wanted = columns(whole, name);
            if (name.equals("successive")) {
                // The update of step 14 was another process'.
                Arrays.fill(wanted, 5 * 4, 6 * 4, Double.NaN);
            }
            assertArrayEquals(wanted, columns(parts, name), name);
        }
    }

    @Test
    void everyRuleCanBeProbed() throws Exception {
        List<Rule<?>> rules = List.of(new Sgd(0.1), Momentum.keras(0.1, 0.9), Nesterov.sutskever(0.1, 0.9), RmsProp.keras(0.01).withMomentum(0.5), Adagrad.torch(0.1),
                Adadelta.torch(), Adam.keras(0.01), AdamW.torch(0.01), AmsGrad.torch(0.01), NAdam.torch(0.01), RAdam.torch(0.01), Lion.keras(0.01),
                Adam.torch(0.01).withL2(0.1));
        for (int i = 0; i < rules.size(); i++) {
            Map<String, NpyArray> arrays = probed("rule " + i, rules.get(i), Probe.every(4));
            assertArrayEquals(new double[] {0, 4, 8, 12, 16}, columns(arrays, "step"), rules.get(i).toString());
            boolean divides = rules.get(i).settings().containsKey("epsilon");
            assertEquals(divides, arrays.containsKey("norm/denominator"), rules.get(i).toString());
            assertTrue(columns(arrays, "norm/update")[0] > 0, rules.get(i).toString());
        }
    }

    @Test
    void plainDescentGoesAgainstItsGradientAtItsLearningRate() throws Exception {
        Map<String, NpyArray> arrays = probed("sgd", new Sgd(0.25), Probe.every(4));
        for (double cosine : columns(arrays, "gradientUpdate")) {
            assertEquals(-1, cosine, 1e-6);
        }
        double[] rates = columns(arrays, "quantiles/rate");
        for (int i = 0; i < rates.length; i++) {
            assertEquals(0.25, rates[i], i % 6 == 5 ? 1e-7 : 0.25 / 32);
        }
        double[] cost = columns(arrays, "cost");
        double[] after = columns(arrays, "costAfter");
        double[] predicted = columns(arrays, "predicted");
        for (int i = 0; i < cost.length; i++) {
            assertEquals(-0.25 * squared(arrays, i), predicted[i], 1e-6 * Math.abs(predicted[i]));
            assertTrue(after[i] - cost[i] > predicted[i], "a convex loss falls by less than its slope promises");
        }
    }

    private static double squared(Map<String, NpyArray> arrays, int record) {
        double sum = 0;
        for (int p = 0; p < 4; p++) {
            double norm = columns(arrays, "norm/gradient")[record * 4 + p];
            sum += norm * norm;
        }
        return sum;
    }

    @Test
    void adamsEffectiveRateIsItsRateOverTheCorrectedDenominator() throws Exception {
        Map<String, NpyArray> arrays = probed("adam", Adam.torch(0.01), Probe.every(4));
        Map<String, Integer> firstBin = ProbeFile.readAll(folder.resolve("adam")).getFirst().firstBin();
        for (int i = 0; i < 20; i++) {
            double sum = meanOctave(arrays, firstBin, "rate", i) + meanOctave(arrays, firstBin, "denominator", i);
            assertEquals(StrictMath.log(0.01) / StrictMath.log(2), sum, 0.5, "bins of half an octave, twice a quarter off at most");
        }
        assertArrayEquals(new double[columns(arrays, "epsilonRules").length], columns(arrays, "epsilonRules"));
        Map<String, NpyArray> ruled = probed("ruled", new Adam(0.01, 0.9, 0.999, 1e3, gradus.optim.Dialect.TORCH), Probe.every(4));
        for (double share : columns(ruled, "epsilonRules")) {
            assertEquals(1, share);
        }
    }

    private static double meanOctave(Map<String, NpyArray> arrays, Map<String, Integer> firstBin, String quantity, int row) {
        NpyArray histogram = arrays.get("histogram/" + quantity);
        int bins = histogram.shape().dim(2);
        double sum = 0;
        long all = 0;
        for (int k = 0; k < bins; k++) {
            long count = histogram.longs()[row * bins + k];
            int bin = firstBin.get(quantity) + k;
            sum += count * (Math.floorDiv(bin, 2) + (Math.floorMod(bin, 2) == 0 ? 0.26 : 0.76));
            all += count;
        }
        return sum / all;
    }

    @Test
    void successiveUpdatesOfMomentumPointAlike() throws Exception {
        double[] cosines = columns(probed("momentum", Momentum.torch(0.001, 0.99), Probe.every(4)), "successive");
        for (int i = 0; i < 4; i++) {
            assertTrue(Double.isNaN(cosines[i]), "the first step has none before it");
        }
        for (int i = 4; i < cosines.length; i++) {
            assertTrue(cosines[i] > 0.5 && cosines[i] <= 1 + 1e-6, "" + cosines[i]);
        }
    }
}
