package gradus.runner;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with rate and time left on the terminal, or nothing where the output is no terminal. */
public final class Progress implements AutoCloseable {
    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar for so many steps of something. */
    static Progress of(String label, long steps, boolean terminal) {
        return new Progress(!terminal ? null : new ProgressBarBuilder().setTaskName(label).setInitialMax(steps)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK).setUpdateIntervalMillis(200).showSpeed().clearDisplayOnFinish().setMaxRenderedLength(100)
                .setEtaFunction(Progress::timeLeft).build());
    }

    private static java.util.Optional<Duration> timeLeft(me.tongfei.progressbar.ProgressState state) {
        if (state.getCurrent() <= 0) {
            return java.util.Optional.empty();
        }
        return java.util.Optional.of(state.getElapsedAfterStart().multipliedBy(state.getMax() - state.getCurrent()).dividedBy(state.getCurrent()));
    }

    /** A bar for a download, in KiB; feed it with {@link #at}. */
    public static Progress bytes(String label, Terminal terminal) {
        return of(label, -1, terminal.interactive());
    }

    /** How far a download is; {@code total} may be −1 while unknown. */
    public void at(String what, long done, long total) {
        if (bar != null) {
            bar.maxHint(total < 0 ? -1 : total >> 10);
            bar.stepTo(done >> 10);
            bar.setExtraMessage(" KiB " + what);
        }
    }

    /** One step further, with a word on how it goes. */
    public void step(String message) {
        if (bar != null) {
            bar.step();
            bar.setExtraMessage(" " + message);
        }
    }

    /** Takes the bar off the screen. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
