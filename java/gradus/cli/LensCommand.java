package gradus.cli;

import gradus.backend.scalar.ScalarBackend;
import gradus.experiments.Catalogue;
import gradus.lens.DialectDiff;
import gradus.lens.LensPage;
import gradus.lens.NamedRules;
import gradus.lens.Probe;
import gradus.lens.TestFunctions;
import gradus.lens.TestPaths;
import gradus.optim.Rule;
import gradus.runner.Experiment;
import gradus.runner.Fork;
import gradus.runner.Options;
import gradus.runner.Recorded;
import gradus.runner.Runner;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus lens}. */
@Command(name = "lens", description = "Look into optimizers: what a probe saw, forks of a run, dialects side by side, paths over test functions.",
        subcommands = {LensCommand.Show.class, LensCommand.ForkRun.class, LensCommand.Diff.class, LensCommand.Paths.class})
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
                    .forking(new Fork(run, at, model, set, recorded.changes())).watchedBy(probe > 0 ? Probe.every(probe) : null);
            again(recorded, file, options);
            return 0;
        }
    }

    /** {@code gradus lens diff}. */
    @Command(name = "diff", description = "Give two rules the same gradients and show where and when they part.", sortOptions = false)
    static final class Diff implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "RULE:DIALECT", description = "For example adam:torch; an unknown name lists all.")
        private String a;

        @Parameters(index = "1", paramLabel = "RULE:DIALECT", description = "For example adam:keras.")
        private String b;

        @Option(names = "--run", paramLabel = "RUN", description = "Take the gradients of this run, which is repeated; without it those of a test function.")
        private Path run;

        @Option(names = "--file", paramLabel = "File.java", description = "The Java file of a run of your own.")
        private Path file;

        @Option(names = "--function", paramLabel = "NAME", defaultValue = "Rosenbrock", description = "The test function; the default is Rosenbrock.")
        private String function;

        @Option(names = "--steps", paramLabel = "N", defaultValue = "2000", description = "Steps on the test function; the default is 2000.")
        private int steps;

        @Option(names = "--set", paramLabel = "SETTING=VALUE", description = "Change a number of both rules, for example learningRate=0.01.")
        private Map<String, Double> set = new LinkedHashMap<>();

        @Option(names = "--data", paramLabel = "DIR", description = "Folder to look for data sets first.")
        private Path data;

        @Option(names = "--out", paramLabel = "DIR", description = "Folder for the report; the default is runs/lens/A-B.")
        private Path out;

        @Override
        public Integer call() throws Exception {
            requireSteps(steps);
            Path folder = out != null ? out : Path.of("runs", "lens", (a + "-" + b).replace(':', '-'));
            DialectDiff diff = new DialectDiff(a, rule(a), b, rule(b));
            String command = "./gradus lens diff " + a + " " + b;
            if (run == null) {
                diff.compare(new ScalarBackend(), surface(function), steps);
                diff.write(folder, "the test function " + function + " along the path of " + a, command + " --function " + function + " --steps " + steps);
            } else {
                Recorded recorded = Recorded.of(run);
                Options options = recorded.options(folder.resolve("run"), data, "cpu", Runtime.getRuntime().availableProcessors());
                again(recorded, file, options.forking(new Fork(run, 0, null, Map.of(), recorded.changes())).watchedBy(diff));
                diff.write(folder, "the run " + run, command + " --run " + run);
            }
            diff.pairs().forEach((model, pair) -> {
                for (int i = 0; i < pair.names().size(); i++) {
                    int first = pair.firstDifference(i);
                    double[] apart = pair.weightDifference(i);
                    System.out.printf(Locale.ROOT, "%-32s %s, weights apart by %.3g of the way after %d steps%n", model + " " + pair.names().get(i),
                            first < 0 ? "never differs" : "differs from step " + first, apart[apart.length - 1], apart.length);
                }
            });
            System.out.println("report " + folder.resolve("report.html"));
            return 0;
        }

        private Rule<?> rule(String name) {
            try {
                Rule<?> rule = NamedRules.of(name);
                for (Map.Entry<String, Double> setting : set.entrySet()) {
                    rule = rule.with(setting.getKey(), setting.getValue());
                }
                return rule;
            } catch (IllegalArgumentException e) {
                throw new UsageException(e.getMessage());
            }
        }
    }

    /** {@code gradus lens paths}. */
    @Command(name = "paths", description = "Draw the paths of several rules over the contours of test functions.", sortOptions = false)
    static final class Paths implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "FUNCTION", description = "One of them; without it all.")
        private String function;

        @Option(names = "--steps", paramLabel = "N", defaultValue = "400", description = "Steps of each path; the default is 400.")
        private int steps;

        @Option(names = "--out", paramLabel = "DIR", description = "Folder for paths.html; the default is runs/lens.")
        private Path out;

        @Override
        public Integer call() throws Exception {
            requireSteps(steps);
            List<TestFunctions.Surface> surfaces = new ArrayList<>(function == null ? TestFunctions.all() : List.of(surface(function)));
            if (function == null) {
                surfaces.add(TestFunctions.turnedQuadratic(100, 0.5));
            }
            TestPaths paths = new TestPaths(new ScalarBackend());
            Path page = paths.write(out != null ? out : Path.of("runs", "lens"), surfaces, steps);
            System.out.printf("rates on the quadratic of condition 100   measured  closed form%n");
            paths.rates(100).forEach(r -> System.out.printf(Locale.ROOT, "%-40s %9.5f %12.5f%n", r.rule(), r.measured(), r.closed()));
            System.out.println("paths " + page);
            return 0;
        }
    }

    private static void requireSteps(int steps) {
        if (steps < 1) {
            throw new UsageException("--steps " + steps + ": wanted at least 1");
        }
    }

    private static TestFunctions.Surface surface(String name) {
        return TestFunctions.all().stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst().orElseThrow(() -> new UsageException("there is no test function "
                + name + "; there are " + String.join(", ", TestFunctions.all().stream().map(TestFunctions.Surface::name).toList())));
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
