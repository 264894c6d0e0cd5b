package gradus.runner;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work of a run that nothing else of it waits for: one piece after the other on a thread of its own, all of it over before the run is. */
final class Beside implements AutoCloseable {
    private final List<Future<?>> pieces = new ArrayList<>();
    private ExecutorService thread;

    void add(Run.Work work) {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("gradus-beside").factory());
        }
        pieces.add(thread.submit(() -> {
            work.run();
            return null;
        }));
    }

    /** Waits for what was added, and throws what it threw. */
    void finish() throws IOException {
        for (Future<?> piece : pieces) {
            try {
                piece.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException io -> throw new IOException(io.getMessage(), io);
                    case Error error -> throw error;
                    case Throwable other -> throw new IllegalStateException("work beside the run failed: " + other, other);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new InterruptedIOException("interrupted while work beside the run went on"));
            }
        }
        pieces.clear();
    }

    /** Waits for what still goes on, so that nothing writes behind a run that failed; what it throws is not heard. */
    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
    }
}
