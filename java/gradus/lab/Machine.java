package gradus.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run ran on, for {@code results.json} and the report. None of it may change a result. */
public final class Machine {
    private Machine() {
    }

    /** Java, virtual machine and its flags, operating system, processor, by name. */
    public static Map<String, String> describe() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("java", System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
        out.put("vm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.info"));
        String flags = flags();
        if (!flags.isEmpty()) {
            out.put("flags", flags);
        }
        out.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
        String processor = processor(Path.of("/proc/cpuinfo"));
        if (!processor.isEmpty()) {
            out.put("processor", processor);
        }
        out.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return out;
    }

    /** The virtual machine's own flags: those that begin with -X. */
    private static String flags() {
        return ProcessHandle.current().info().arguments().map(Stream::of).orElseGet(Stream::empty)
                .filter(a -> a.startsWith("-X")).collect(Collectors.joining(" "));
    }

    /** Linux' name of the processor, or nothing. */
    private static String processor(Path cpuinfo) {
        try {
            List<String> lines = Files.isReadable(cpuinfo) ? Files.readAllLines(cpuinfo) : List.of();
            return lines.stream().filter(l -> l.startsWith("model name")).findFirst().map(l -> l.substring(l.indexOf(':') + 1).strip()).orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }
}
