package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.scalar.ScalarBackend;
import gradus.optim.Adam;
import gradus.optim.Momentum;
import gradus.runner.Fork;
import gradus.runner.Options;
import gradus.runner.Recorded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same gradients through two dialects, and paths over test functions. */
class DialectsTest {
    private final ScalarBackend backend = new ScalarBackend();

    @TempDir
    private Path folder;

    private DialectPair pair(String a, String b) {
        return new DialectDiff(a, NamedRules.of(a), b, NamedRules.of(b)).compare(backend, TestFunctions.ROSENBROCK, 40);
    }

    @Test
    void aRuleBesideItselfNeverParts() {
        DialectPair pair = pair("adam:torch", "adam:torch");
        assertEquals(-1, pair.firstDifference(0));
        assertArrayEquals(new double[40], pair.updateDifference(0));
    }

    @Test
    void adamPartsAtTheFirstStepByTheShareOfEpsilon() {
        DialectPair pair = pair("adam:torch", "adam:keras");
        assertEquals(0, pair.firstDifference(0));
        // |g| is 215.6 and 88 at the start, ε weighs 1e-8 in one and 1e-7/√0.001 in the other.
        double expected = (1e-7 / Math.sqrt(0.001) - 1e-8) * Math.hypot(1 / 215.6, 1 / 88.0) / Math.sqrt(2);
        assertEquals(expected, pair.updateDifference(0)[0], 1e-4 * expected);
    }

    @Test
    void momentumInBothFrameworksIsOneUpToRounding() {
        DialectPair pair = new DialectDiff("a", Momentum.torch(1e-4, 0.9), "b", Momentum.keras(1e-4, 0.9)).compare(backend, TestFunctions.ROSENBROCK, 40);
        for (double difference : pair.weightDifference(0)) {
            assertTrue(difference < 1e-12, "" + difference);
        }
    }

    @Test
    void gradientsOfARunComeFromRepeatingIt() throws Exception {
        SmallRun run = new SmallRun(Adam.torch(0.01), 3);
        String hash = run.under(new Options(null, folder.resolve("run"), null, "cpu", 2, false, Map.of(), false, null)).hash();
        DialectDiff diff = new DialectDiff("adam:torch", Adam.torch(0.01), "rmsprop:torch", NamedRules.of("rmsprop:torch"));
        Options again = Recorded.of(folder.resolve("run")).options(folder.resolve("again"), null, "cpu", 2)
                .forking(new Fork(folder.resolve("run"), 0, null, Map.of(), List.of())).watchedBy(diff);
        assertEquals(hash, run.under(again).hash());
        DialectPair pair = diff.pairs().get("model");
        assertEquals(15, pair.steps());
        assertEquals(List.of("0.weight", "0.bias", "3.weight", "3.bias"), pair.names());
        diff.write(folder.resolve("diff"), "the run", "");
        assertTrue(Files.size(folder.resolve("diff/report.html")) > 100_000);
        // Rule a is the run's own: its weights end where the run's did.
        assertEquals(0, pair.firstDifference(0));
    }

    @Test
    void unknownRulesAreRefusedInWords() {
        String message = assertThrows(IllegalArgumentException.class, () -> NamedRules.of("adam")).getMessage();
        assertTrue(message.contains("adam:torch, adam:keras"), message);
    }

    @Test
    void ratesOnTheQuadraticAreTheClosedForms() {
        for (TestPaths.Rate rate : new TestPaths(backend).rates(100)) {
            // A double root adds a factor of about 2 between steps 500 and 1000.
            assertEquals(rate.closed(), rate.measured(), 2e-3, rate.rule());
        }
    }

    @Test
    void pathsStayWhereTheFunctionFalls() throws Exception {
        TestPaths paths = new TestPaths(backend);
        for (TestFunctions.Surface f : TestFunctions.all()) {
            paths.rules(f).forEach((name, rule) -> assertTrue(paths.path(f, rule, 20).length == 21, f.name() + ", " + name));
        }
        Path page = paths.write(folder, List.of(TestFunctions.BOOTH), 30);
        assertTrue(Files.readString(page).contains("\"name\":\"Booth\""));
    }

    @Test
    void contoursOfAPlaneAreStraight() {
        double[][] plane = new double[5][5];
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                plane[i][j] = 2 * j + i + 0.25;
            }
        }
        for (double[] s : new Contours(plane).segments(3)) {
            assertEquals(2 * s[0] + s[1], 2 * s[2] + s[3], 1e-12);
        }
    }
}
