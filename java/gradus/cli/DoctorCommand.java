package gradus.cli;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.backend.cuda.NativeReport;
import gradus.lab.Machine;
import gradus.numerics.VectorApi;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gradus doctor}. */
@Command(name = "doctor", description = "Say what this machine offers, and for what is missing, why and what to install.", sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        report().forEach((part, words) -> out.printf("%-20s %s%n", part, words));
        out.flush();
        return 0;
    }

    private static SequencedMap<String, String> report() {
        SequencedMap<String, String> lines = new LinkedHashMap<>(Machine.describe());
        lines.put("memory", memory());
        lines.put("Vector API", VectorApi.serves() ? "serves" : "none: " + VectorApi.reason() + "; scalar code gives the same bits, slower");
        int threads = Runtime.getRuntime().availableProcessors();
        try (Backend cpu = Backends.open("cpu", threads, sentence -> { })) {
            lines.put("cpu", cpu.description());
        }
        lines.putAll(NativeReport.lines());
        return lines;
    }

    private static String memory() {
        double heap = Runtime.getRuntime().maxMemory() / 0x1p30;
        String all = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? String.format(Locale.ROOT, "%.1f GiB, of which ", os.getTotalMemorySize() / 0x1p30) : "";
        return String.format(Locale.ROOT, "%sJava takes up to %.1f GiB (GRADUS_JAVA_OPTS=-Xmx… changes that)", all, heap);
    }
}
