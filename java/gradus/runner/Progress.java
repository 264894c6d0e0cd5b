package gradus.runner;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/** How far long work is: a bar with rate and time left on a terminal; elsewhere, in a log or a pipe, a line every half minute. */
public final class Progress implements AutoCloseable {
    private static final long BETWEEN_LINES = 30_000_000_000L;
    /** A bar is drawn five times a second. */
    private static final long BETWEEN_LOOKS = 100_000_000L;

    private final ProgressBar bar;
    private final Terminal terminal;
    private final String label;
    private final boolean mayStopEarlier;
    private final LongSupplier nanos;
    private final long start;
    private long total;
    private long done;
    private long nextShown;

    /** Progress by the clock {@code nanos}. */
    Progress(String label, long total, boolean mayStopEarlier, Terminal terminal, LongSupplier nanos) {
        this.label = label;
        this.total = total;
        this.mayStopEarlier = mayStopEarlier;
        this.terminal = terminal;
        this.nanos = nanos;
        start = nanos.getAsLong();
        nextShown = terminal.interactive() ? start : start + BETWEEN_LINES;
        bar = !terminal.interactive() ? null : new ProgressBarBuilder().setTaskName(label).setInitialMax(total)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK).setUpdateIntervalMillis(200).showSpeed().clearDisplayOnFinish().setMaxRenderedLength(100)
                .setEtaFunction(state -> barTimeLeft(state)).build();
    }

    /** So many steps of something, or at most so many. */
    static Progress of(String label, long steps, boolean mayStopEarlier, Terminal terminal) {
        return new Progress(label, steps, mayStopEarlier, terminal, System::nanoTime);
    }

    private static Optional<Duration> barTimeLeft(ProgressState state) {
        return timeLeft(state.getElapsedAfterStart(), state.getCurrent(), state.getMax());
    }

    private static Optional<Duration> timeLeft(Duration elapsed, long done, long total) {
        return done <= 0 || total < done ? Optional.empty() : Optional.of(elapsed.multipliedBy(total - done).dividedBy(done));
    }

    /** A download, in KiB; feed it with {@link #at}. */
    public static Progress bytes(String label, Terminal terminal) {
        return of(label, -1, false, terminal);
    }

    /** How far a download is; {@code total} may be −1 while unknown. */
    public void at(String what, long bytes, long totalBytes) {
        done = bytes >> 10;
        total = totalBytes < 0 ? -1 : totalBytes >> 10;
        if (bar != null) {
            bar.maxHint(total);
        }
        show(() -> "KiB " + what);
    }

    /** One step further, with a word on how it goes, which is asked for only when it is shown: steps can be as short as some microseconds. */
    public void step(Supplier<String> message) {
        done++;
        show(message);
    }

    private void show(Supplier<String> message) {
        long now = nanos.getAsLong();
        if (now - nextShown < 0) {
            return;
        }
        if (bar != null) {
            nextShown = now + BETWEEN_LOOKS;
            bar.stepTo(done);
            bar.setExtraMessage(" " + message.get());
        } else {
            nextShown = now + BETWEEN_LINES;
            line(now, message.get());
        }
    }

    private void line(long now, String message) {
        String left = timeLeft(Duration.ofNanos(now - start), done, total)
                .map(d -> String.format(Locale.ROOT, ", %s %d:%02d left", mayStopEarlier ? "at most" : "about", d.toMinutes(), d.toSecondsPart())).orElse("");
        terminal.line(String.format(Locale.ROOT, "  %s: %,d%s %s%s", label, done, total < 0 ? "" : String.format(Locale.ROOT, " of %,d", total), message, left));
    }

    /** Takes the bar off the screen. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
