package gradus.cli;

import gradus.backend.UnavailableException;
import gradus.runner.UsageException;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
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
        int status;
        try {
            status = execute(arguments);
        } catch (OutOfMemoryError e) {   // picocli hands on exceptions, not errors
            System.err.println("gradus: " + message(e));
            status = CommandLine.ExitCode.SOFTWARE;
        }
        System.exit(status);
    }

    static int execute(String... arguments) {
        Main main = new Main();
        return line(main).execute(arguments);
    }

    static CommandLine line(Main main) {
        CommandLine line = new CommandLine(main);
        addHelp(line);
        line.setParameterExceptionHandler((e, parsed) -> wrongUsage(e));
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
        return line;
    }

    /** Every command takes --help; an inherited option would meet that of picocli's own command {@code help}. */
    private static void addHelp(CommandLine line) {
        for (CommandLine command : line.getSubcommands().values()) {
            if (!(command.getCommand() instanceof CommandLine.HelpCommand)) {
                command.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help message and exit.").build());
                addHelp(command);
            }
        }
    }

    /** One line on what is wrong and one on where help is; a command that only has others below it shows them. */
    private static int wrongUsage(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("gradus: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err) && !command.getSubcommands().isEmpty()) {
            command.usage(err);
        } else {
            err.println("./" + command.getCommandSpec().qualifiedName() + " --help says what it takes");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static String message(Throwable e) {
        Throwable cause = e instanceof java.io.UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        return words(cause) + (cause instanceof UsageException ? "" : place(cause));
    }

    /** The line of a user's own file from which an error came, in brackets, or nothing. */
    private static String place(Throwable e) {
        return Arrays.stream(e.getStackTrace()).filter(f -> f.getModuleName() == null && f.getFileName() != null
                && (f.getClassName() + "$").startsWith(f.getFileName().replaceFirst("\\.java$", "") + "$")).findFirst().map(f -> " (" + f.getFileName() + ":" + f.getLineNumber() + ")").orElse("");
    }

    private static String words(Throwable cause) {
        return switch (cause) {
            case java.nio.file.AccessDeniedException denied -> "cannot write or read " + denied.getMessage() + ": permission denied";
            case java.nio.file.NoSuchFileException missing -> "there is no file " + missing.getMessage();
            case OutOfMemoryError memory -> "out of memory (" + memory.getMessage() + "); GRADUS_JAVA_OPTS=-Xmx… gives more";
            case java.nio.file.FileAlreadyExistsException there -> there.getMessage() + " is there already";
            case NullPointerException surprise -> cause + " (--verbose shows where)";
            case IndexOutOfBoundsException surprise -> cause + " (--verbose shows where)";
            default -> cause.getMessage() != null ? cause.getMessage() : cause + " (--verbose shows where)";
        };
    }
}
