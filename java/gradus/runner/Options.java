package gradus.runner;

import gradus.backend.Mode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * How to run an experiment.
 *
 * @param seed    null for the experiment's own
 * @param out     folder for the results; null for {@code runs/NAME}
 * @param data    folder to look for data first; may be null
 * @param backend {@code cpu}, {@code scalar}, {@code cuda} or {@code emulated}
 * @param mode    the numeric contract, or a faster library's order of summation
 * @param threads at least 1
 * @param quick   fewer epochs or rows, the same code
 * @param set     settings changed from their defaults
 * @param resume  continue from the checkpoints in the folder
 * @param trace   {@code MODEL:EPOCH} or {@code MODEL:EPOCH:STEP} to look at closely, or null
 */
public record Options(Long seed, Path out, Path data, String backend, Mode mode, int threads, boolean quick, Map<String, String> set, boolean resume,
                      String trace) {
    /** Copies the settings, checks the threads. */
    public Options {
        set = Map.copyOf(set);
        Objects.requireNonNull(backend, "backend");
        if (threads < 1) {
            throw new IllegalArgumentException("--threads " + threads + ": wanted at least 1");
        }
    }

    /** Options in the contract's mode. */
    public Options(Long seed, Path out, Path data, String backend, int threads, boolean quick, Map<String, String> set, boolean resume, String trace) {
        this(seed, out, data, backend, Mode.CONTRACT, threads, quick, set, resume, trace);
    }

    /** A full run on the CPU with all cores. */
    public static Options defaults() {
        return new Options(null, null, null, "cpu", Runtime.getRuntime().availableProcessors(), false, Map.of(), false, null);
    }
}
