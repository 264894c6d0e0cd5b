package gradus.cli;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.Mode;
import gradus.backend.cuda.DeviceBench;
import gradus.backend.simd.GemmBench;
import gradus.learn.DeviceTsneCheck;
import gradus.learn.LearnBench;
import gradus.linalg.LinalgBench;
import gradus.numerics.FunctionBench;
import gradus.runner.ConvBench;
import gradus.runner.StepBench;
import gradus.runner.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradus bench}. */
@Command(name = "bench", description = "Measure this machine's speed at a kind of work.")
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "KIND", description = "sgemm, conv, conv-steps (the times of steps alone), linalg, learn, functions, steps, or gpu, which checks every kernel first")
    private String kind;

    @Option(names = "--threads", paramLabel = "N", description = "Threads beside the measurement on one; the default is all cores.")
    private Integer threads;

    @Option(names = "--backend", paramLabel = "NAME", description = "Backend of steps and conv-steps (default cpu) and gpu (default cuda).")
    private String backendName;

    @Option(names = "--only", paramLabel = "TEXT", description = "Of steps and conv-steps: those whose names have this part.", defaultValue = "")
    private String only;

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "contract", description = "Mode of steps and conv-steps on cuda: contract, fast or tf32.")
    private String mode;

    @Option(names = "--quick", description = "One step of small batches for steps and conv-steps: for the emulated device, whose times mean nothing.")
    private boolean quick;

    @Option(names = "--turns", description = "Take the steps of steps and conv-steps when told: for each line of the standard input so many, an empty line for the next network. benchmarks/compare lets "
            + "two programs take turns so.")
    private boolean turns;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder to look for data sets first; learn maps its training images instead of generated rows.")
    private Path data;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        int cores = threads != null ? threads : Runtime.getRuntime().availableProcessors();
        if (cores < 1) {
            throw new UsageException("--threads " + cores + ": wanted at least 1");
        }
        if (backendName != null && !Backends.NAMES.contains(backendName)) {
            throw new UsageException("--backend " + backendName + " is not known; there are " + String.join(", ", Backends.NAMES));
        }
        switch (kind) {
            case "sgemm" -> GemmBench.run(cores, new int[] {192, 384, 768, 1536}, line(out));
            case "conv" -> new ConvBench(cores, line(out)).run();
            case "conv-steps" -> steps(cores, out, backend -> new ConvBench(cores, line(out)).steps(backend, quick, only, told()));
            case "linalg" -> LinalgBench.run(cores, line(out));
            case "learn" -> learn(cores, out);
            case "functions" -> FunctionBench.run(line(out));
            case "steps" -> steps(cores, out, backend -> new StepBench(backend, quick, told(), line(out)).run(only));
            case "gpu" -> gpu(cores, "emulated".equals(backendName), line(out));
            default -> throw new UsageException("there is no benchmark " + kind + "; there are sgemm, conv, conv-steps, linalg, learn, functions, steps and gpu");
        }
    }

    private static void gpu(int cores, boolean emulated, Consumer<String> out) {
        boolean equal = DeviceBench.run(emulated, cores, out);
        try (Backend device = Backends.open(emulated ? "emulated" : "cuda", cores, sentence -> { })) {
            equal &= DeviceTsneCheck.run(device, cores, emulated ? new int[] {131, 300} : new int[] {131, 3_000, 9_001}, emulated ? 6 : 60, out);
        }
        if (!equal) {
            throw new IllegalStateException("bench gpu: kernels differ from scalar code; the lines above say where");
        }
    }

    private static Consumer<String> line(PrintWriter out) {
        return line -> {
            out.println(line);
            out.flush();
        };
    }

    private void steps(int cores, PrintWriter out, Consumer<Backend> bench) {
        try (Backend backend = Backends.open(backendName != null ? backendName : "cpu", mode(), cores, out::println)) {
            bench.accept(backend);
        }
    }

    private BufferedReader told() {
        return turns ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)) : null;
    }

    private Mode mode() {
        try {
            return Mode.of(mode);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--mode: " + e.getMessage());
        }
    }

    private void learn(int cores, PrintWriter out) {
        try {
            LearnBench.run(cores, data, line(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
