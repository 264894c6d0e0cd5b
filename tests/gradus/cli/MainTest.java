package gradus.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line as a whole: help everywhere, wrong usage in two lines and with status 2. */
class MainTest {
    private final StringWriter said = new StringWriter();
    private final CommandLine line = Main.line(new Main()).setOut(new PrintWriter(said)).setErr(new PrintWriter(said));

    @ParameterizedTest
    @ValueSource(strings = {"", "list", "run", "repro", "data", "data list", "data get", "data verify", "bench", "prove", "check", "lens", "lens show", "lens fork",
        "lens diff", "lens paths", "doctor", "help"})
    void everyCommandTakesHelp(String command) {
        for (String help : List.of("--help", "-h")) {
            assertEquals(0, line.execute((command + " " + help).strip().split(" ")), said::toString);
            assertTrue(said.toString().contains("Usage: gradus " + command), said::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", value = {
        "run => Missing required parameter: 'NAME|File.java'",
        "run pca-by-hand --threads x => Invalid value for option '--threads': 'x' is not an int",
        "run pca-by-hand --threads 0 => --threads 0: wanted at least 1",
        "run pca-by-hand --backend gpu => --backend gpu is not known; there are cpu, scalar, cuda, emulated",
        "run pca-by-hans => there is no experiment pca-by-hans; did you mean pca-by-hand? `gradus list` shows all",
        "run pca-by-hand --out= => --out: wanted the name of a folder; . is this one",
        "bench steps --threads 0 => --threads 0: wanted at least 1",
        "bench steps --backend gpu => --backend gpu is not known; there are cpu, scalar, cuda, emulated",
        "prove exp --stride 0 => prove: --stride 0: wanted at least 1",
        "lens diff adam:torch adam:keras --steps 0 => --steps 0: wanted at least 1",
        "lens paths --steps -3 => --steps -3: wanted at least 1"})
    void wrongUsageIsSaidInALineOrTwo(String command, String message) {
        assertEquals(2, line.execute(command.split(" ")), said::toString);
        assertTrue(said.toString().startsWith("gradus: " + message + "\n"), said::toString);
        assertTrue(said.toString().lines().count() <= 2, said::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lens", "frobnicate", "lens frok"})
    void whatIsMissingOrMisspeltIsOffered(String command) {
        assertEquals(2, line.execute(command.split(" ")));
        assertTrue(said.toString().contains("fork") || said.toString().contains("Did you mean"), said::toString);
    }
}
