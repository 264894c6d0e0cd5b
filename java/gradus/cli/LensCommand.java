package gradus.cli;

import gradus.experiments.Catalogue;
import gradus.lens.LensPage;
import gradus.lens.Probe;
import gradus.runner.Experiment;
import gradus.runner.Fork;
import gradus.runner.Options;
import gradus.runner.Recorded;
import gradus.runner.Runner;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus lens}. */
@Command(name = "lens", description = "Look into optimizers: what a probe saw, forks of a run, dialects side by side, paths over test functions.",
        subcommands = {LensCommand.Show.class, LensCommand.ForkRun.class})
final class LensCommand {
    /** {@code gradus lens fork}. */
    @Command(name = "fork", description = "Repeat a run bit for bit up to a step, then go on with settings of its update rules changed.", sortOptions = false)
    static final class ForkRun implements Callable<Integer> {
        @Parameters(paramLabel = "RUN", description = "Folder of the run, for example runs/NAME.")
        private Path run;

        @Option(names = "--at", paramLabel = "STEP", required = true, description = "Steps that every training takes as the run did.")
        private long at;

        @Option(names = "--set", paramLabel = "RULE.SETTING=VALUE", description = "What changes then, for example adam.beta2=0.99; may be repeated. Without it nothing changes.")
        private Map<String, Double> set = new LinkedHashMap<>();

        @Option(names = "--model", paramLabel = "NAME", description = "The training that changes; without it every one.")
        private String model;

        @Option(names = "--file", paramLabel = "File.java", description = "The Java file of a run of your own.")
        private Path file;

        @Option(names = "--out", paramLabel = "DIR", description = "Folder for the fork; the default is RUN-fork-STEP.")
        private Path out;

        @Option(names = "--data", paramLabel = "DIR", description = "Folder to look for data sets first.")
        private Path data;

        @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu", description = "cpu, scalar, cuda or emulated; the default is cpu.")
        private String backend;

        @Option(names = "--probe", paramLabel = "STEPS", description = "Record every so many steps what the optimizer does.")
        private int probe;

        @Override
        public Integer call() throws Exception {
            Recorded recorded = Recorded.of(run);
            Path folder = out != null ? out : run.resolveSibling(run.getFileName() + "-fork-" + at);
            if (Files.exists(folder) && Files.isSameFile(folder, run)) {
                throw new UsageException("--out " + folder + ": that is the run itself");
            }
            Options options = recorded.options(folder, data, backend, Runtime.getRuntime().availableProcessors())
                    .forking(new Fork(run, at, model, set)).watchedBy(probe > 0 ? Probe.every(probe) : null);
            again(recorded, file, options);
            return 0;
        }
    }

    /** Runs what was recorded once more. */
    private static void again(Recorded recorded, Path file, Options options) throws Exception {
        if (file != null) {
            SourceFile.run(file, options);
            return;
        }
        Experiment experiment = Catalogue.find(recorded.experiment()).orElseThrow(() -> new UsageException("there is no experiment "
                + recorded.experiment() + "; for a run of your own name its source with --file"));
        Runner.run(experiment, options, Terminal.standard());
    }

    /** {@code gradus lens show}. */
    @Command(name = "show", description = "Write the page lens.html of a run that was made with --probe, and say where it is.")
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "RUN", description = "Folder of the run, for example runs/NAME.")
        private Path run;

        @Override
        public Integer call() throws Exception {
            System.out.println("lens " + LensPage.write(run));
            return 0;
        }
    }
}
