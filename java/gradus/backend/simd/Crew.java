package gradus.backend.simd;

import gradus.backend.Workers;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Decides how many threads a piece of work is worth, and shares it out. */
final class Crew {
    private final Workers workers;

    Crew(Workers workers) {
        this.workers = workers;
    }

    /** Threads for so many elements when each thread should have at least {@code grain} of them. */
    int threads(long elements, int grain) {
        return elements < 2L * grain ? 1 : (int) Math.min(workers.threads(), elements / grain);
    }

    /** Runs the body for 0 … count − 1, on this thread alone when one thread is enough. */
    void each(int threads, int count, IntConsumer body) {
        if (threads > 1 && count > 1) {
            workers.forEach(count, body);
        } else {
            for (int i = 0; i < count; i++) {
                body.accept(i);
            }
        }
    }

    /** A piece of work and the number of the thread that does it, below the number of threads. */
    interface Piece {
        void run(int thread, int item);
    }

    /** Runs the body for the items 0 … count − 1 in ascending order as threads come free; a thread's number says which scratch memory is its own. */
    void share(int threads, int count, Piece body) {
        AtomicInteger next = new AtomicInteger();
        each(threads, threads, thread -> {
            for (int item; (item = next.getAndIncrement()) < count;) {
                body.run(thread, item);
            }
        });
    }

    Workers workers() {
        return workers;
    }
}
