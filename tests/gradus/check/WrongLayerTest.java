package gradus.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The wrong layer of examples/ fails understandably, and so does the test that the failure offers to paste. */
@Execution(ExecutionMode.CONCURRENT)
class WrongLayerTest {
    private static final Path EXAMPLE = Path.of("examples", "WrongLayer.java");

    @TempDir
    private Path folder;

    private record Outcome(int exit, String output) {
    }

    private static Outcome run(Path source) throws Exception {
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8",
                "-Dfile.encoding=UTF-8", "-p", "target/classes" + File.pathSeparator + "target/lib", "--add-modules", "gradus", source.toString())
                .redirectErrorStream(true).start();
        String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(p.waitFor(), output);
    }

    @Test
    void theWrongLayerAndThePastedTestFail() throws Exception {
        Outcome example = run(EXAMPLE);
        assertEquals(1, example.exit, example.output);
        assertTrue(example.output.contains("Wrong gradient: dense (seed 1)"), example.output);
        assertTrue(example.output.contains("looks like the right one transposed"), example.output);
        assertTrue(example.output.contains("The smallest failing input found"), example.output);
        assertTrue(example.output.contains("void gradientOf_dense()"), example.output);

        int from = example.output.lastIndexOf("GradCheck.of((x, weight)");
        String statement = example.output.substring(from, example.output.indexOf(".verify();", from) + ".verify();".length());
        String source = Files.readString(EXAMPLE);
        Path pasted = folder.resolve("Pasted.java");
        Files.writeString(pasted, source.substring(0, source.indexOf("void main()")) + "void main() {\n" + statement + "\n}\n");
        Outcome again = run(pasted);
        assertEquals(1, again.exit, again.output);
        assertTrue(again.output.contains("Wrong gradient"), again.output);
    }
}
