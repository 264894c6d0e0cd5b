package gradus.cli;

import gradus.experiments.Catalogue;
import gradus.runner.Experiment;
import gradus.runner.Setting;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradus list}. */
@Command(name = "list", description = "List the experiments, with the source that each one reproduces.")
final class ListCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--settings", description = "List the settings of each experiment too.")
    private boolean settings;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (Experiment e : Catalogue.ALL) {
            out.printf("%-28s %s%n%-28s   %s%n", e.name(), e.title(), "", e.source());
            if (settings) {
                for (Setting s : e.settings()) {
                    out.printf("%-28s   --set %s=%s  (quick: %s%s)  %s%n", "", s.name(), s.full(), s.quick(),
                            s.repro().equals(s.quick()) ? "" : "; repro --quick: " + s.repro(), s.meaning());
                }
            }
        }
    }
}
