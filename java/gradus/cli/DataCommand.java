package gradus.cli;

import gradus.data.DataStore;
import gradus.data.DatasetSource;
import gradus.runner.Progress;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code gradus data}. */
@Command(name = "data", description = "Where the data sets are; fetch them; check them.")
final class DataCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "Folder to look in first.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        list();
        return 0;
    }

    @Command(name = "list", description = "Say where each file is.")
    void list() throws IOException {
        print(DataStore.ofMachine(folder).list());
    }

    @Command(name = "verify", description = "Read every file that is here and compare its SHA-256. Exits 1 when one is damaged.")
    int verify() throws IOException {
        List<DataStore.FileState> states = DataStore.ofMachine(folder).verify();
        print(states);
        return states.stream().anyMatch(s -> s.state() == DataStore.State.DAMAGED) ? 1 : 0;
    }

    @Command(name = "get", description = "Fetch a data set into the cache: fashion-mnist or mnist.")
    void get(@Parameters(paramLabel = "NAME", description = "fashion-mnist or mnist") String name) throws IOException {
        List<DatasetSource> wanted = DataStore.SOURCES.stream().filter(s -> s.folder().equals(name)).toList();
        if (wanted.isEmpty()) {
            throw new UsageException("there is no data set " + name + "; there are "
                    + String.join(", ", DataStore.SOURCES.stream().map(DatasetSource::folder).distinct().toList()));
        }
        for (DatasetSource source : wanted) {
            try (Progress bar = Progress.bytes(source.name(), Terminal.standard())) {
                DataStore.ofMachine(folder).get(source, bar::at);   // unlike load, replaces what is damaged in the cache
            }
            spec.commandLine().getOut().println(source.name() + ": here and sound");
        }
    }

    private void print(List<DataStore.FileState> states) {
        PrintWriter out = spec.commandLine().getOut();
        String last = "";
        for (DataStore.FileState s : states) {
            if (!s.source().name().equals(last)) {
                last = s.source().name();
                out.println(last + " (" + s.source().licence() + ")");
            }
            out.printf("  %-26s %-8s %s%n", s.file().name(), s.state().name().toLowerCase(java.util.Locale.ROOT), s.detail());
        }
        out.flush();
    }
}
