package gradus.cli;

import gradus.backend.UnavailableException;
import gradus.runner.UsageException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code gradus}. */
@Command(name = "gradus", mixinStandardHelpOptions = true, version = "gradus 0.1.0",
        description = "Numerics from scratch: one experiment, one result, to the last bit.",
        subcommands = {ListCommand.class, RunCommand.class, ReproCommand.class, DataCommand.class, BenchCommand.class, ProveCommand.class, CheckCommand.class, LensCommand.class, DoctorCommand.class, CommandLine.HelpCommand.class})
public final class Main {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces of errors.")
    private boolean verbose;

    /** For picocli. */
    public Main() {
    }

    /** Runs a command line and exits with 0 (done), 1 (failed) or 2 (wrong usage). */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (main.verbose) {
                e.printStackTrace(err);
            } else {
                err.println("gradus: " + message(e));
            }
            err.flush();
            return e instanceof UsageException || e instanceof UnavailableException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
        return line.execute(arguments);
    }

    private static String message(Throwable e) {
        Throwable cause = e instanceof java.io.UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        return switch (cause) {
            case java.nio.file.AccessDeniedException denied -> "cannot write or read " + denied.getMessage() + ": permission denied";
            case java.nio.file.NoSuchFileException missing -> "there is no file " + missing.getMessage();
            case OutOfMemoryError memory -> "out of memory (" + memory.getMessage() + "); GRADUS_JAVA_OPTS=-Xmx… gives more";
            default -> cause.getMessage() != null ? cause.getMessage() : cause + " (--verbose shows where)";
        };
    }
}
