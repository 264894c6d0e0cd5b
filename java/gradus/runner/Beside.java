package gradus.runner;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Work of a run that nothing else of it waits for: one piece after the other on a thread of its own, all of it over before the run is. The first piece waits a moment, in
 * which a process that has just begun has its cores full of compiling; later the same work is done by compiled code.
 */
final class Beside implements AutoCloseable {
    private static final int MOMENT_MILLIS = 1000;

    private final Deque<Future<?>> pieces = new ArrayDeque<>();
    private final CountDownLatch wanted = new CountDownLatch(1);
    private ExecutorService thread;

    /** Throws what an earlier piece threw, if that is known by now. */
    void add(Run.Work work) {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("gradus-beside").factory());
            thread.submit(() -> wanted.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS));
        }
        try {
            while (!pieces.isEmpty() && pieces.getFirst().isDone()) {
                finish(pieces.removeFirst());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pieces.add(thread.submit(() -> {
            work.run();
            return null;
        }));
    }

    /** Someone waits: the first piece does not any longer. */
    void hurry() {
        wanted.countDown();
    }

    /** Waits for what was added, and throws what it threw. */
    void finish() throws IOException {
        hurry();
        while (!pieces.isEmpty()) {
            finish(pieces.removeFirst());
        }
    }

    private static void finish(Future<?> piece) throws IOException {
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

    /** Waits for what still goes on, so that nothing writes behind a run that failed; what it throws is not heard. */
    @Override
    public void close() {
        hurry();
        if (thread != null) {
            thread.close();
        }
    }
}
