package gradus.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code gradus doctor} has a line for everything, and what is missing says what to install. */
class DoctorTest {
    @Test
    void everyPartIsFoundOrSaysWhatToDo() {
        StringWriter said = new StringWriter();
        assertEquals(0, new CommandLine(new Main()).setOut(new PrintWriter(said)).execute("doctor"));
        List<String> lines = said.toString().lines().toList();
        for (String part : List.of("java", "vm", "os", "processors", "memory", "Vector API", "cpu", "libgradus_bridge", "libgradus_emulated", "libgradus_cuda",
                "libgradus_cublas", "emulated device", "CUDA toolkit", "NVIDIA driver", "CUDA device", "cuBLAS", "fast mode")) {
            List<String> mine = lines.stream().filter(l -> l.matches("\\Q" + part + "\\E {2,}\\S.*|.{20} \\S.*") && l.substring(0, 20).strip().equals(part)).toList();
            assertEquals(1, mine.size(), () -> part + " in\n" + said);
            String words = mine.getFirst().substring(21);
            assertTrue(!words.startsWith("none") || words.matches(".*(install|build|brings|puts it there|CUDA_VISIBLE_DEVICES|gradus\\.vectors|scalar code).*"),
                    () -> mine.getFirst());
        }
    }
}
