package gradus.cli;

import gradus.backend.Backends;
import gradus.check.Coverage;
import gradus.check.MutationReport;
import gradus.runner.UsageException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradus check}. */
@Command(name = "check", description = "Verify the gradients of all operations and layers against numeric derivatives; exit 1 on any miss.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OP", arity = "0..*", description = "Operations or layers, for example Softplus Conv2d; the default is all.")
    private List<String> names = List.of();

    @Option(names = "--backend", paramLabel = "NAME", split = ",", defaultValue = "cpu",
            description = "Backends whose bits are compared with scalar; the default is cpu.")
    private List<String> backends = List.of();

    @Option(names = "--mutations", description = "Break every backward rule in eight ways and count who notices.")
    private boolean mutations;

    @Override
    public Integer call() {
        for (String b : backends) {
            if (!Backends.NAMES.contains(b)) {
                throw new UsageException("backend " + b + " is not known; there are " + String.join(", ", Backends.NAMES));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        Coverage coverage;
        try {
            coverage = Coverage.of(names, backends);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        out.println(coverage);
        boolean caught = true;
        if (mutations) {
            out.println("\nBreaking every backward rule in eight ways; this takes half a minute.");
            out.flush();
            MutationReport report = MutationReport.of(names);
            out.println("\n" + report);
            caught = report.share() >= 0.99;
        }
        out.flush();
        return coverage.complete() && caught ? 0 : 1;
    }
}
