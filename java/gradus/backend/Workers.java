package gradus.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed set of threads that share out numbered pieces of work.
 *
 * <p>{@link #forEach} hands the indices 0, 1, … out in ascending order, one at a time, to the calling thread and to the helpers. Who runs
 * which index is left to chance, so a body must own what it writes: a whole output tile, or a slot of its own that the caller folds in order
 * afterwards. Then the result cannot depend on the number of threads.
 *
 * <p>Helpers spin for half a millisecond after their last piece of work before they sleep, because the kernels of one training step follow each other within that time and waking a sleeping
 * thread, on a virtual machine above all, costs more than many of them take.
 */
public final class Workers implements AutoCloseable {
    private static final long SPIN_NANOS = 500_000;
    private static final int SPINS_PER_CLOCK = 32;

    private static final VarHandle BUSY = field(Workers.class, "busy", boolean.class);
    private static final VarHandle NEXT = field(Job.class, "next", int.class);
    private static final VarHandle DONE = field(Job.class, "done", int.class);

    /** One call of {@link #forEach}. A helper that comes late finds all indices taken and leaves the job alone. */
    private static final class Job {
        final IntConsumer body;
        final int count;
        final Thread caller;
        private volatile int next;
        private volatile int done;
        private volatile boolean callerSleeps;
        private volatile int failedIndex = Integer.MAX_VALUE;
        private Throwable failure;

        Job(IntConsumer body, int count) {
            this.body = body;
            this.count = count;
            this.caller = Thread.currentThread();
        }

        void work() {
            int finished = 0;
            for (int i; (i = (int) NEXT.getAndAdd(this, 1)) < count; finished++) {
                // Indices are taken in ascending order, so everything below a failed index still runs and the lowest failure wins.
                if (i < failedIndex) {
                    try {
                        body.accept(i);
                    } catch (Throwable t) {
                        failed(i, t);
                    }
                }
            }
            if (finished > 0 && (int) DONE.getAndAdd(this, finished) + finished == count && callerSleeps) {
                LockSupport.unpark(caller);
            }
        }

        private synchronized void failed(int index, Throwable thrown) {
            if (index < failedIndex) {
                failure = thrown;
                failedIndex = index;
            }
        }
    }

    /** A thread that takes part in jobs. */
    private final class Helper extends Thread {
        private volatile boolean sleeps;

        Helper(int number) {
            super("gradus-worker-" + number);
            setDaemon(true);
        }

        @Override
        public void run() {
            Job last = null;
            while (!closed) {
                Job now = await(last);
                if (now != null) {
                    now.work();
                }
                last = now;
            }
        }

        private Job await(Job last) {
            long deadline = System.nanoTime() + spinNanos;
            do {
                for (int i = 0; i < SPINS_PER_CLOCK; i++) {
                    if (job != last) {
                        return job;
                    }
                    Thread.onSpinWait();
                }
            } while (System.nanoTime() < deadline);
            sleeps = true;
            while (job == last && !closed) {
                LockSupport.park(Workers.this);
            }
            sleeps = false;
            return job;
        }
    }

    private final Helper[] helpers;
    private final long spinNanos;
    private volatile Job job;
    private volatile boolean busy;
    private volatile boolean closed;

    /**
     * Workers for this many threads, the calling thread counted in.
     *
     * @throws IllegalArgumentException when {@code threads} is below 1
     */
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("workers: " + threads + " threads asked for, at least 1 wanted");
        }
        // With more threads than processors a spinning helper would hold up the one that has work.
        spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].start();
        }
    }

    /** Number of threads that work, the caller counted in. */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs {@code body} once for each of 0 … {@code count} − 1 and returns when all have finished. The calling thread takes part. A call from
     * inside a body, or while another thread's call is running, is served by its own thread alone.
     *
     * <p>When bodies throw, no further index is begun and the failure of the lowest index is thrown here.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public void forEach(int count, IntConsumer body) {
        if (closed) {
            throw new IllegalStateException("workers: closed");
        }
        if (count <= 1 || helpers.length == 0 || !BUSY.compareAndSet(this, false, true)) {
            for (int i = 0; i < count; i++) {
                body.accept(i);
            }
            return;
        }
        Job mine = new Job(body, count);
        try {
            job = mine;
            wake(count - 1);
            mine.work();
            awaitRest(mine);
        } finally {
            // Not kept: the body may hold on to large tensors.
            job = null;
            busy = false;
        }
        if (mine.failure != null) {
            rethrow(mine.failure);
        }
    }

    private void wake(int wanted) {
        for (int i = 0; i < helpers.length && i < wanted; i++) {
            if (helpers[i].sleeps) {
                LockSupport.unpark(helpers[i]);
            }
        }
    }

    private void awaitRest(Job mine) {
        long deadline = 0;
        while (mine.done < mine.count) {
            for (int i = 0; i < SPINS_PER_CLOCK && mine.done < mine.count; i++) {
                Thread.onSpinWait();
            }
            long now = System.nanoTime();
            deadline = deadline == 0 ? now + spinNanos : deadline;
            if (now >= deadline) {
                mine.callerSleeps = true;
                if (mine.done < mine.count) {
                    LockSupport.park(this);
                }
            }
        }
    }

    /** Ends the threads. Work that is under way is finished first by those who do it. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("workers: a body threw a checked exception", failure);
        }
    }

    private static VarHandle field(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
