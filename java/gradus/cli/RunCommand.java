package gradus.cli;

import gradus.backend.Mode;
import gradus.experiments.Catalogue;
import gradus.lens.Probe;
import gradus.runner.Options;
import gradus.runner.Runner;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus run}. */
@Command(name = "run", description = "Run an experiment, or one of your own from a Java file, and write its report.", sortOptions = false)
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME|File.java", description = "An experiment of `gradus list`, or a Java file.")
    private String name;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random draws; the default is the experiment's own.")
    private Long seed;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the results; the default is runs/NAME.")
    private Path out;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder to look for data sets first.")
    private Path data;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu", description = "cpu, scalar, cuda or emulated; the default is cpu.")
    private String backend;

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "contract",
            description = "contract, the default: the same bits everywhere; fast or tf32, with --backend cuda: products by cuBLAS, without that promise.")
    private String mode;

    @Option(names = "--threads", paramLabel = "N", description = "Threads; the default is all cores. The result does not depend on it.")
    private Integer threads;

    @Option(names = "--quick", description = "Fewer epochs or rows, the same code; under a minute.")
    private boolean quick;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change a setting (`gradus list --settings`); may be repeated.")
    private Map<String, String> set = new HashMap<>();

    @Option(names = "--resume", description = "Continue from the checkpoints in the folder.")
    private boolean resume;

    @Option(names = "--probe", paramLabel = "STEPS", description = "Record every so many steps what the optimizer does, and write lens.html.")
    private int probe;

    @Option(names = "--probe-noise", paramLabel = "ROWS", description = "With --probe: gradient noise, from so many rows of each recorded batch one by one.")
    private int noise;

    @Option(names = "--probe-curvature", paramLabel = "STEPS", description = "With --probe: eigenvalues and trace of the Hessian every so many steps.")
    private int curvature;

    @Option(names = "--keep", description = "Keep the checkpoint of every epoch, so that `gradus lens fork` need not repeat the run from its beginning.")
    private boolean keep;

    @Option(names = "--trace", paramLabel = "MODEL:EPOCH[:STEP]", hidden = true, description = "Write hashes, or values, after each step of an epoch.")
    private String trace;

    @Override
    public Integer call() throws Exception {
        int cores = threads != null ? threads : Runtime.getRuntime().availableProcessors();
        Options options = new Options(seed, out, data, backend, mode(), cores, quick, set, resume, trace).keeping(keep).watchedBy(probe());
        if (name.endsWith(".java")) {
            SourceFile.run(Path.of(name), options);
        } else {
            Runner.run(Catalogue.named(name), options, Terminal.standard());
        }
        if (probe > 0) {
            System.out.println("lens " + (out != null ? out : Path.of("runs", name.replaceFirst("\\.java$", "").replaceAll(".*/", ""))).resolve("lens.html"));
        }
        return 0;
    }

    private Mode mode() {
        try {
            return Mode.of(mode);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--mode: " + e.getMessage());
        }
    }

    private Probe probe() {
        if (probe == 0 && (noise > 0 || curvature > 0)) {
            throw new UsageException("--probe-noise and --probe-curvature go with --probe STEPS");
        }
        return probe == 0 ? null : Probe.every(probe).withNoise(noise).withCurvature(curvature);
    }
}
