package gradus.runner;

import gradus.tensor.DType;
import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The same experiment in child processes, one for each way in which this machine can run it; all must leave the same ledger.
 *
 * <p>Where two differ, the first differing line of the ledgers names model and epoch; both are run again with the hash of every parameter after
 * every step of that epoch, and once more with the values after the step found, to name the element.
 */
public final class Reproduction {
    private static final int POLL_MILLIS = 200;
    private static final String LOG = "log.txt";

    private final List<String> java;
    private final String experiment;
    private final List<String> options;
    private final Path folder;
    private final Terminal terminal;
    private final Set<Configuration> stopped = new HashSet<>();

    /**
     * A reproduction.
     *
     * @param java    the command that starts {@code gradus}, without the flags under test: the java binary and its module flags, split after
     *                the binary
     * @param options of {@code gradus run}, passed on to every run
     * @param folder  for the runs' results
     */
    public Reproduction(List<String> java, String experiment, List<String> options, Path folder, Terminal terminal) {
        this.java = List.copyOf(java);
        this.experiment = experiment;
        this.options = List.copyOf(options);
        this.folder = folder;
        this.terminal = terminal;
    }

    /** Runs all configurations, prints a line for each, and says where the first two that differ part. True when all agree. */
    public boolean run(boolean quick, boolean emulated) throws IOException, InterruptedException {
        List<Configuration> all = Configuration.all(quick, emulated);
        terminal.line(experiment + (options.isEmpty() ? "" : " " + String.join(" ", options)) + " in " + all.size() + " configurations");
        Configuration first = null;
        Configuration different = null;
        for (Configuration c : all) {
            long start = System.nanoTime();
            run(c, List.of());
            double seconds = (System.nanoTime() - start) / 1e9;
            if (first == null) {
                first = c;
            } else if (different == null && !agree(first, c)) {
                different = c;
            }
            String found = stopped.contains(c) ? "stopped: " + evidence(c).size() + " of " + evidence(first).size() + " lines" : hash(c);
            terminal.line(String.format(Locale.ROOT, "  %-32s %-24s %7.1f s", c.name(), found, seconds));
        }
        if (different == null) {
            terminal.line("one hash: all " + (all.size() - stopped.size()) + " configurations" + (stopped.isEmpty() ? "" : " that ended") + " agree to the last bit"
                    + (stopped.isEmpty() ? "" : ", and so does what the stopped one wrote into its ledger"));
            return true;
        }
        explain(first, different);
        return false;
    }

    private Path out(Configuration c) {
        return folder.resolve(c.name().replaceAll("[^A-Za-z0-9]+", "-").replaceAll("-$", ""));
    }

    private void run(Configuration c, List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(java.getFirst());
        command.addAll(c.jvm());
        command.addAll(java.subList(1, java.size()));
        command.addAll(List.of("run", experiment, "--out", out(c).toString()));
        command.addAll(options);
        command.addAll(c.arguments());
        command.addAll(more);
        Files.createDirectories(out(c));
        Path log = out(c).resolve(LOG);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (c.patience() > 0 && !ends(process, c.patience())) {
            process.destroyForcibly().waitFor();
            stopped.add(c);
        } else if (process.waitFor() != 0) {
            throw new IOException(c.name() + ": the run failed with status " + process.exitValue() + "; the end of " + log + ":\n" + tail(log));
        }
    }

    /** Whether a process ends within so many seconds of a processor's time, which other work on the machine does not use up as it does time. */
    private static boolean ends(Process process, int seconds) throws InterruptedException {
        long start = System.nanoTime();
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            Duration spent = process.info().totalCpuDuration().orElse(Duration.ofNanos(System.nanoTime() - start));
            if (process.isAlive() && spent.toSeconds() >= seconds) {
                return false;
            }
        }
        return true;
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    /** The ledger without its first line, which says how the run was made; of a stopped run the lines that it completed. */
    private List<String> evidence(Configuration c) throws IOException {
        Path file = out(c).resolve(stopped.contains(c) ? "ledger.txt.part" : "ledger.txt");
        String text = stopped.contains(c) && !Files.exists(file) ? "" : Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(1).toList();
    }

    private boolean agree(Configuration whole, Configuration c) throws IOException {
        List<String> a = evidence(whole);
        List<String> b = evidence(c);
        return stopped.contains(c) ? b.size() <= a.size() && b.equals(a.subList(0, b.size())) : b.equals(a);
    }

    private String hash(Configuration c) throws IOException {
        List<String> lines = evidence(c);
        return lines.isEmpty() ? "no parameters" : lines.getLast().substring(lines.getLast().lastIndexOf(' ') + 1).substring(0, 7 + 16) + "…";
    }

    private void explain(Configuration a, Configuration b) throws IOException, InterruptedException {
        String line = firstDifference(evidence(a), evidence(b));
        if (line == null) {
            terminal.line("DIFFERENT: " + b.name() + " left another number of ledger lines than " + a.name());
            return;
        }
        String[] fields = line.split(" ");
        String where = fields[0] + ":" + fields[1];
        for (Configuration c : List.of(a, b)) {
            Files.deleteIfExists(Trace.hashes(out(c)));
            run(c, List.of("--trace", where));
        }
        String step = firstDifference(Files.readAllLines(Trace.hashes(out(a))), Files.readAllLines(Trace.hashes(out(b))));
        if (step == null) {
            terminal.line("DIFFERENT: model " + fields[0] + ", epoch " + fields[1] + "; run again, the two agreed: the difference comes and goes");
            return;
        }
        String batch = step.split(" ")[0];
        for (Configuration c : List.of(a, b)) {
            run(c, List.of("--trace", where + ":" + batch));
        }
        terminal.line("DIFFERENT: " + a.name() + " and " + b.name() + " part in model " + fields[0] + ", epoch " + fields[1] + ", step " + batch + ":");
        terminal.line("  " + element(Safetensors.read(Trace.values(out(a))).tensors(), Safetensors.read(Trace.values(out(b))).tensors()));
    }

    /** The first line of a that b has otherwise, or null. */
    static String firstDifference(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!a.get(i).equals(b.get(i))) {
                return a.get(i);
            }
        }
        return null;
    }

    /** The first parameter and element that differ in their bits, in words. */
    static String element(SortedMap<String, Tensor> a, SortedMap<String, Tensor> b) {
        for (String name : a.keySet()) {
            Tensor x = a.get(name);
            double[] left = x.toDoubles();
            double[] right = b.get(name).toDoubles();
            for (int i = 0; i < left.length; i++) {
                if (Double.doubleToRawLongBits(left[i]) != Double.doubleToRawLongBits(right[i])) {
                    return "parameter " + name + " " + x.shape() + ", element " + i + ": " + text(left[i], x.dtype()) + " against " + text(right[i], x.dtype());
                }
            }
        }
        return "the parameters after that step agree: the difference comes and goes";
    }

    private static String text(double value, DType dtype) {
        return dtype == DType.FLOAT32 ? (float) value + " (" + Float.toHexString((float) value) + ")" : value + " (" + Double.toHexString(value) + ")";
    }

    /** Removes the results of earlier reproductions: folders of a configuration's name with the log of its run, and nothing else that may lie in the folder. */
    public void clean() throws IOException {
        for (Configuration c : Configuration.all(true, true)) {
            if (Files.isRegularFile(out(c).resolve(LOG))) {
                try (Stream<Path> all = Files.walk(out(c))) {
                    for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(p);
                    }
                }
            }
        }
    }
}
