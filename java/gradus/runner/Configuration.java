package gradus.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to run the same experiment: flags of the virtual machine, backend and threads. None of them may change a result.
 *
 * @param name      as printed
 * @param jvm       flags of the virtual machine
 * @param arguments options of {@code gradus run}
 * @param patience  seconds of a processor's time after which a run is stopped and compared up to there; 0 for no limit
 */
record Configuration(String name, List<String> jvm, List<String> arguments, int patience) {
    private static final int PATIENCE_WITH_INTERPRETER = 120;

    private Configuration(String name, List<String> jvm, List<String> arguments) {
        this(name, jvm, arguments, 0);
    }

    /** All that this machine can do; the interpreter only for quick runs, and where these are long for it, only their beginning. */
    static List<Configuration> all(boolean quick, boolean emulated) {
        List<Configuration> all = new ArrayList<>();
        for (int threads : new int[] {1, 2, 3, 8}) {
            all.add(new Configuration("cpu, " + threads + (threads == 1 ? " thread" : " threads"), List.of(), List.of("--threads", "" + threads)));
        }
        for (int level = 1; level <= avxLevel(); level++) {
            all.add(new Configuration("cpu, -XX:UseAVX=" + level, List.of("-XX:UseAVX=" + level), List.of()));
        }
        all.add(new Configuration("cpu, C1 compiler only", List.of("-XX:TieredStopAtLevel=1"), List.of()));
        if (quick) {
            all.add(new Configuration("cpu, interpreter only (-Xint)", List.of("-Xint"), List.of(), PATIENCE_WITH_INTERPRETER));
        }
        all.add(new Configuration("scalar", List.of(), List.of("--backend", "scalar")));
        if (emulated) {
            all.add(new Configuration("emulated device", List.of(), List.of("--backend", "emulated")));
        }
        return all;
    }

    /** The highest {@code UseAVX} that this processor has: 3 for AVX-512, 0 where there is no AVX or no way to tell. */
    private static int avxLevel() {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        try {
            String flags = Files.isReadable(cpuinfo)
                    ? Files.readAllLines(cpuinfo).stream().filter(line -> line.startsWith("flags")).findFirst().orElse("") + " " : "";
            return flags.contains(" avx512f ") ? 3 : flags.contains(" avx2 ") ? 2 : flags.contains(" avx ") ? 1 : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
