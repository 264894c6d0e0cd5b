package gradus.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CheckCommandTest {
    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = new CommandLine(new CheckCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println(e.getMessage());
            return 2;
        });
        return line.execute(arguments);
    }

    @Test
    void oneOperationIsATableOfOneLine() {
        assertEquals(0, run("softplus", "--backend", "cpu,scalar"), out::toString);
        assertTrue(out.toString().contains("second order") && out.toString().contains("Softplus "), out::toString);
    }

    @Test
    void mutantsAreCounted() {
        assertEquals(0, run("Matmul", "--mutations"), out::toString);
        assertTrue(out.toString().contains("GradCheck catches"), out::toString);
    }

    @Test
    void unknownNamesAreExplained() {
        assertEquals(2, run("sofplus"));
        assertTrue(out.toString().contains("there are no samples of an operation or layer sofplus; there are Add"), out::toString);
    }
}
