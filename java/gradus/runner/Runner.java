package gradus.runner;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.data.Csv;
import gradus.lab.Machine;
import gradus.lab.Measurement;
import gradus.lab.Results;
import gradus.report.HtmlReport;
import gradus.tensor.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Runs an experiment and writes what it leaves: report, results, losses, tables, parameters, ledger. */
public final class Runner {
    private static final int VALUES_SHOWN = 40;

    private Runner() {
    }

    /** Runs the experiment; the folder is checked, and the backend opened, before anything is computed. */
    @SuppressWarnings("try")   // the lock is only held
    public static Run run(Experiment experiment, Options options, Terminal terminal) {
        requireKnownSettings(experiment, options);
        Path folder = options.out() != null ? options.out() : Path.of("runs", experiment.name());
        long start = System.nanoTime();
        try {
            requireWritable(folder);
            try (FolderLock lock = FolderLock.of(folder);
                 Backend backend = Backends.open(options.backend(), options.mode(), options.threads(), terminal::line)) {
                terminal.line(experiment.name() + ": " + experiment.title());
                terminal.line("on " + backend.description() + (options.quick() ? ", quick" : ""));
                if (options.resume() && Files.notExists(folder.resolve("checkpoints"))) {
                    terminal.line("--resume: " + folder + " has no checkpoints, so the run begins at its beginning");
                }
                Run run = new Run(experiment, options, folder, backend, terminal);
                try {
                    compute(run);
                    run.requireForked();
                    run.finish();
                    if (options.fork() != null) {
                        ForkReport.add(run);
                    }
                    write(run);
                    run.finishBeside();
                } finally {
                    run.close();
                }
                conclude(run, (System.nanoTime() - start) / 1e9);
                requireUsedSettings(run);
                return run;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(placed(e, folder));
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(placed(e.getCause(), folder));
        }
    }

    /** Runs the experiment; what it says of a wrong number is said together with the settings that were given. */
    private static void compute(Run run) {
        try {
            run.experiment().run(run);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            if (run.options().set().isEmpty()) {
                throw e;
            }
            IllegalArgumentException more = new IllegalArgumentException(e.getMessage() + "; this run has" + settings(run), e);
            more.setStackTrace(e.getStackTrace());
            throw more;
        }
    }

    /** The operating system says that there is no space left, and not where. */
    private static IOException placed(IOException e, Path folder) {
        boolean nameless = !(e instanceof FileSystemException) && ("No space left on device".equals(e.getMessage()) || "Disk quota exceeded".equals(e.getMessage()));
        return nameless ? new IOException("--out " + folder + ": " + e.getMessage() + "; make room and go on from the last checkpoint with --resume, or choose another folder", e) : e;
    }

    private static void requireKnownSettings(Experiment experiment, Options options) {
        if (experiment.settings().isEmpty()) {
            return;
        }
        for (String key : options.set().keySet()) {
            Setting setting = experiment.settings().stream().filter(s -> s.name().equals(key)).findFirst().orElseThrow(() -> new UsageException("--set " + key + ": "
                    + experiment.name() + " has no such setting; it has " + String.join(", ", experiment.settings().stream().map(Setting::name).toList())));
            setting.require(options.set().get(key));
        }
    }

    private static void requireUsedSettings(Run run) {
        for (String key : run.options().set().keySet()) {
            if (!run.settings().containsKey(key)) {
                throw new UsageException("--set " + key + ": the experiment never asked for this setting, so the results are those without it; it asked for "
                        + (run.settings().isEmpty() ? "none" : String.join(", ", run.settings().keySet())));
            }
        }
    }

    private static void requireWritable(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".gradus", ""));
        } catch (IOException e) {
            throw new IOException("--out " + folder + ": the folder cannot be written (" + reason(e) + "); choose another with --out", e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException file -> file.getFile() + " is a file";
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> missing.getFile() + " cannot be made";
            default -> e.getMessage();
        };
    }

    private static void write(Run run) throws IOException {
        Path folder = run.folder();
        Map<String, Object> configuration = run.configuration();
        Map<String, String> environment = new TreeMap<>(Machine.describe());
        environment.put("backend", run.backend().description());
        Results results = new Results(run.experiment().name(), run.seed(), configuration, environment, run.hash(), run.values());
        results.write(folder.resolve("results.json"));
        for (Map.Entry<String, Table> table : run.tables().entrySet()) {
            Csv.write(folder.resolve(table.getKey() + ".csv"), table.getValue().header(), table.getValue().rows());
        }
        if (!run.parameters().isEmpty()) {
            Safetensors.write(folder.resolve("parameters.safetensors"), run.parameters(), new TreeMap<>(Map.of("hash", run.hash())));
        }
        new HtmlReport(run.experiment().title(), run.experiment().source(), command(run), results, run.notes(), run.figures()).write(folder);
    }

    private static String command(Run run) {
        StringBuilder command = new StringBuilder("./gradus run ").append(run.experiment().name());
        if (run.options().seed() != null) {
            command.append(" --seed ").append(run.options().seed());
        }
        if (run.quick()) {
            command.append(" --quick");
        }
        return command + settings(run);
    }

    private static String settings(Run run) {
        StringBuilder all = new StringBuilder();
        new TreeMap<>(run.options().set()).forEach((key, value) -> all.append(" --set ").append(key).append('=').append(value));
        return all.toString();
    }

    private static void conclude(Run run, double seconds) {
        Terminal terminal = run.terminal();
        if (!run.values().isEmpty()) {
            terminal.line(String.format(Locale.ROOT, "%n%-44s %12s %12s  %s", "value", "published", "measured", "match"));
            run.values().stream().limit(VALUES_SHOWN).forEach(v -> terminal.line(row(v)));
            long more = run.values().size() - VALUES_SHOWN;
            if (more > 0) {
                terminal.line("… and " + more + " more in results.json");
            }
            long published = run.values().stream().filter(v -> v.within() != null).count();
            long within = run.values().stream().filter(v -> Boolean.TRUE.equals(v.within())).count();
            if (published > 0) {
                terminal.line(within + " of " + published + " published values matched");
            }
        }
        terminal.line(String.format(Locale.ROOT, "%n%s%nreport %s (%.1f s)", run.hash() == null ? "no parameters" : run.hash(),
                run.folder().resolve("report.html"), seconds));
    }

    private static String row(Measurement v) {
        String published = v.published() == null ? "–" : number(v.published());
        String match = v.within() == null ? "" : v.within() ? "yes" : "no (tolerance " + number(v.tolerance()) + ")";
        return String.format(Locale.ROOT, "%-44s %12s %12s  %s", v.name(), published, number(v.measured()), match);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : String.format(Locale.ROOT, "%.6g", value);
    }
}
