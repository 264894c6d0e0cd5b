package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.optim.Adam;
import gradus.runner.Fork;
import gradus.runner.Options;
import gradus.runner.Recorded;
import gradus.runner.Run;
import gradus.runner.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six epochs of five steps, forked. */
class ForkTest {
    private static final SmallRun RUN = new SmallRun(Adam.torch(0.01), 6);

    @TempDir
    private Path folder;

    private Run original(boolean keep) {
        return RUN.under(new Options(null, folder.resolve("run"), null, "cpu", 2, false, Map.of(), false, null).keeping(keep));
    }

    private Run fork(String out, long at, Map<String, Double> set) throws Exception {
        return fork("run", out, at, set, false);
    }

    private Run fork(String of, String out, long at, Map<String, Double> set, boolean keep) throws Exception {
        Recorded recorded = Recorded.of(folder.resolve(of));
        return RUN.under(recorded.options(folder.resolve(out), null, "cpu", 2).keeping(keep)
                .forking(new Fork(folder.resolve(of), at, null, set, recorded.changes())));
    }

    private List<String> costs(String run) throws Exception {
        return Files.readAllLines(folder.resolve(run).resolve("losses.csv"));
    }

    @Test
    void aForkWithNothingChangedEndsInTheHashOfTheRun() throws Exception {
        String hash = original(true).hash();
        for (long at : new long[] {0, 4, 5, 17, 29}) {
            assertEquals(hash, fork("same " + at, at, Map.of()).hash(), "at step " + at);
            assertEquals(costs("run"), costs("same " + at));
            List<String> ledger = Files.readAllLines(folder.resolve("same " + at).resolve("ledger.txt"));
            assertEquals(Files.readAllLines(folder.resolve("run/ledger.txt")).subList(1, 7), ledger.subList(1, 7));
        }
    }

    @Test
    void settingsThatTheExperimentDoesNotDeclareAreThoseOfTheRun() throws Exception {
        String hash = RUN.under(new Options(null, folder.resolve("run"), null, "cpu", 2, false, Map.of("more", "3"), false, null).keeping(true)).hash();
        assertEquals(hash, fork("same", 31, Map.of()).hash());
    }

    @Test
    void aChangedBeta2PartsTheCurvesAtTheForkAndNotBefore() throws Exception {
        String hash = original(true).hash();
        for (int at : new int[] {0, 10, 17}) {
            assertNotEquals(hash, fork("changed " + at, at, Map.of("adam.beta2", 0.9)).hash());
            List<String> run = costs("run");
            List<String> fork = costs("changed " + at);
            assertEquals(run.size(), fork.size());
            // Line i + 1 is the cost before step i. The first step under another β₂ is step `at`, so the first other cost is the one after it; Adam's
            // very first update does not depend on β₂.
            int last = at == 0 ? 1 : at;
            assertEquals(run.subList(0, last + 2), fork.subList(0, last + 2));
            for (int i = last + 2; i < run.size(); i++) {
                assertNotEquals(run.get(i), fork.get(i), "cost before step " + (i - 1));
            }
            String report = Files.readString(folder.resolve("changed " + at).resolve("report.html"));
            assertTrue(report.contains("the first " + (last + 1) + " costs are the run"), "the report says where they part");
        }
    }

    @Test
    void withoutKeptCheckpointsTheRunIsRepeatedFromItsBeginning() throws Exception {
        original(true);
        Run kept = fork("from a checkpoint", 17, Map.of("learningRate", 0.02));
        original(false);
        try (var files = Files.walk(folder.resolve("run/checkpoints/model"))) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
        Run repeated = fork("from the beginning", 17, Map.of("learningRate", 0.02));
        assertEquals(kept.hash(), repeated.hash());
        assertArrayEquals(Files.readAllBytes(folder.resolve("from a checkpoint/losses.csv")), Files.readAllBytes(folder.resolve("from the beginning/losses.csv")));
    }

    @Test
    void aForkOfAForkRepeatsItsChange() throws Exception {
        original(true);
        for (boolean keep : new boolean[] {true, false}) {
            String of = "fork kept " + keep;
            String hash = fork("run", of, 8, Map.of("adam.beta2", 0.9), keep).hash();
            for (long at : new long[] {3, 8, 17, 29}) {
                assertEquals(hash, fork(of, "same " + keep + at, at, Map.of(), keep).hash(), "at step " + at);
                assertEquals(costs(of), costs("same " + keep + at));
            }
            Run changed = fork(of, "changed " + keep, 17, Map.of("learningRate", 0.02), keep);
            List<String> fork = costs(of);
            List<String> second = costs("changed " + keep);
            assertEquals(fork.subList(0, 19), second.subList(0, 19));
            assertNotEquals(fork.get(19), second.get(19));
            assertEquals(changed.hash(), fork("changed " + keep, "third " + keep, 25, Map.of(), keep).hash());
        }
    }

    @Test
    void whatCannotBeChangedIsRefusedInWords() throws Exception {
        original(false);
        String unknown = assertThrows(UsageException.class, () -> fork("a", 3, Map.of("adam.decay", 1.0))).getMessage();
        assertTrue(unknown.contains("adam.decay") && unknown.contains("adam.beta2"), unknown);
        String late = assertThrows(UsageException.class, () -> fork("b", 30, Map.of("adam.beta2", 0.9))).getMessage();
        assertTrue(late.contains("takes only 30 steps"), late);
        Recorded recorded = Recorded.of(folder.resolve("run"));
        String absent = assertThrows(UsageException.class, () -> RUN.under(recorded.options(folder.resolve("c"), null, "cpu", 2)
                .forking(new Fork(folder.resolve("run"), 3, "decoder", Map.of("adam.beta2", 0.9), recorded.changes())))).getMessage();
        assertTrue(absent.startsWith("--model decoder: the run has no such training; it has "), absent);
        String none = assertThrows(UsageException.class, () -> Recorded.of(folder)).getMessage();
        assertTrue(none.contains("no ledger.txt"), none);
    }
}
