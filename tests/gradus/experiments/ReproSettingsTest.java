package gradus.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import gradus.runner.Experiment;
import gradus.runner.Options;
import gradus.runner.Runner;
import gradus.runner.Setting;
import gradus.runner.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code gradus repro --quick} asks of an interpreter is a run that ends, and leaves something to compare. */
class ReproSettingsTest {
    private static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);

    @TempDir
    private Path folder;

    static Stream<String> names() {
        return Catalogue.ALL.stream().map(Experiment::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyExperimentRunsWithThem(String name) throws Exception {
        Experiment experiment = Catalogue.named(name);
        Map<String, String> set = experiment.settings().stream().filter(s -> !s.repro().equals(s.quick())).collect(Collectors.toMap(Setting::name, Setting::repro));
        Runner.run(experiment, new Options(null, folder, null, "cpu", 2, true, set, false, null), SILENT);
        assertFalse(Files.readAllLines(folder.resolve("ledger.txt")).stream().skip(1).toList().isEmpty(), "the ledger has hashes");
    }

    @Test
    void aSettingHasItsQuickValueUnlessAnotherIsGiven() {
        Setting epochs = Setting.of("epochs", 50, 4, "passes");
        assertEquals("4", epochs.repro());
        assertEquals(new Setting("epochs", "50", "4", "1", "passes", Setting.Kind.COUNT), epochs.inRepro(1));
        assertEquals(List.of(epochs.inRepro(2)), Setting.inRepro(List.of(epochs), Map.of("epochs", 2, "rows", 3)));
        assertNotEquals(epochs, epochs.inRepro(2));
    }
}
