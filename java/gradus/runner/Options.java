package gradus.runner;

import gradus.backend.Backends;
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
 * @param watcher looks on at every training, or null
 * @param keep    keep the checkpoint of every epoch, so that forks need not replay the run from its beginning
 * @param fork    the run that this one repeats up to a step, or null
 */
public record Options(Long seed, Path out, Path data, String backend, Mode mode, int threads, boolean quick, Map<String, String> set, boolean resume,
                      String trace, Watcher.Maker watcher, boolean keep, Fork fork) {
    /** Copies the settings, checks the threads. */
    public Options {
        set = Map.copyOf(set);
        Objects.requireNonNull(backend, "backend");
        if (out != null && out.toString().isEmpty()) {
            throw new UsageException("--out: wanted the name of a folder; . is this one");
        }
        if (threads < 1) {
            throw new UsageException("--threads " + threads + ": wanted at least 1");
        }
        if (!Backends.NAMES.contains(backend)) {
            throw new UsageException("--backend " + backend + " is not known; there are " + String.join(", ", Backends.NAMES));
        }
    }

    /** Options in the contract's mode. */
    public Options(Long seed, Path out, Path data, String backend, int threads, boolean quick, Map<String, String> set, boolean resume, String trace) {
        this(seed, out, data, backend, Mode.CONTRACT, threads, quick, set, resume, trace);
    }

    /** A run that nobody watches, that keeps its last checkpoint only and is no fork. */
    public Options(Long seed, Path out, Path data, String backend, Mode mode, int threads, boolean quick, Map<String, String> set, boolean resume,
                   String trace) {
        this(seed, out, data, backend, mode, threads, quick, set, resume, trace, null, false, null);
    }

    /** The same with someone who looks on. */
    public Options watchedBy(Watcher.Maker maker) {
        return new Options(seed, out, data, backend, mode, threads, quick, set, resume, trace, maker, keep, fork);
    }

    /** The same with the checkpoint of every epoch kept, or not. */
    public Options keeping(boolean every) {
        return new Options(seed, out, data, backend, mode, threads, quick, set, resume, trace, watcher, every, fork);
    }

    /** The same as a fork of an earlier run. */
    public Options forking(Fork from) {
        return new Options(seed, out, data, backend, mode, threads, quick, set, resume, trace, watcher, keep, from);
    }

    /** A full run on the CPU with all cores. */
    public static Options defaults() {
        return new Options(null, null, null, "cpu", Runtime.getRuntime().availableProcessors(), false, Map.of(), false, null);
    }
}
