package gradus.numerics;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Compares a function with its correctly rounded value at every float, or at every k-th, for the scalar code and for the vector code.
 *
 * <p>The expected value comes from {@link Oracle}, which shares nothing with the code under proof. With stride 1 a result without wrong inputs is a proof for the whole function on
 * this machine; since the code uses only operations that IEEE 754 defines to the last bit, for every machine.
 */
public final class Proof {
    private static final long FLOATS = 1L << 32;
    private static final int BLOCK = 1 << 14;
    private static final int EXAMPLES = 20;

    private Proof() {
    }

    /** What is proven: a {@link Function}, or x to an integer power. */
    public sealed interface Subject {
        /** How the command line and the tables name it. */
        String title();

        /** A function of one argument. */
        record Elementary(Function function) implements Subject {
            @Override
            public String title() {
                return function.name().toLowerCase(Locale.ROOT);
            }
        }

        /** xⁿ for an exponent from 1 to 24 or its negative. */
        record Power(int exponent) implements Subject {
            @Override
            public String title() {
                return "pow" + exponent;
            }
        }
    }

    /** Every function, and the powers whose exponents lie from −3 to 5 (0 and 1 are trivial). */
    public static List<Subject> subjects() {
        List<Subject> all = new ArrayList<>();
        for (Function f : Function.values()) {
            all.add(new Subject.Elementary(f));
        }
        for (int n : new int[] {-3, -2, -1, 2, 3, 4, 5}) {
            all.add(new Subject.Power(n));
        }
        return all;
    }

    /** An input at which one of the implementations is wrong; without vectors, {@code vector} repeats {@code scalar}. */
    public record Wrong(float x, float expected, float scalar, float vector) {
        @Override
        public String toString() {
            return Float.toHexString(x) + " (" + x + "): expected " + Float.toHexString(expected) + ", scalar " + Float.toHexString(scalar) + ", vector "
                    + Float.toHexString(vector);
        }
    }

    /**
     * What a run found.
     *
     * @param inputs      how many floats were tried
     * @param wrongScalar at how many the scalar code differs in any bit from the correctly rounded value
     * @param wrongVector the same for the vector code; 0 when there was none to try
     * @param slow        how many were decided by multi-precision arithmetic
     * @param vectors     whether the vector code took part ({@code jdk.incubator.vector} present)
     * @param examples    the first wrong inputs, at most 20
     * @param seconds     wall time
     * @param coreSeconds processor time of all threads together
     */
    public record Result(Subject subject, long inputs, long wrongScalar, long wrongVector, long slow, boolean vectors, List<Wrong> examples, double seconds,
            double coreSeconds) {
        /** Whether every result was right. */
        public boolean holds() {
            return wrongScalar == 0 && wrongVector == 0;
        }
    }

    /** Hears how far a run has come; called from any of its threads, about once in 16 thousand inputs. */
    @FunctionalInterface
    public interface Progress {
        /** {@code done} of {@code total} inputs are judged. */
        void at(long done, long total);
    }

    /**
     * Tries the floats whose bits are 0, stride, 2·stride, … below 2³². An odd stride meets every exponent.
     *
     * @throws IllegalArgumentException if stride or threads is below 1
     */
    public static Result run(Subject subject, long stride, int threads, Progress progress) {
        return run(subject, switch (subject) {
            case Subject.Elementary(Function f) -> new Oracle.Elementary(f);
            case Subject.Power(int n) -> new Oracle.Power(n);
        }, stride, threads, progress);
    }

    static Result run(Subject subject, Oracle oracle, long stride, int threads, Progress progress) {
        if (stride < 1 || threads < 1) {
            throw new IllegalArgumentException("proof of " + subject.title() + ": stride " + stride + " and threads " + threads + " must be at least 1");
        }
        long start = System.nanoTime();
        Tally sum = new Run(oracle, stride, progress).on(threads);
        double seconds = (System.nanoTime() - start) * 1e-9;
        List<Wrong> examples = sum.examples.stream().limit(EXAMPLES).map(Found::wrong).toList();
        return new Result(subject, sum.inputs, sum.wrongScalar, sum.wrongVector, sum.slow, vectorsPresent(), examples, seconds, sum.nanoseconds * 1e-9);
    }

    private static boolean vectorsPresent() {
        return VectorApi.serves();
    }

    private record Found(long index, Wrong wrong) {
    }

    /** Counts, kept by each thread alone and then added. */
    private static final class Tally {
        private long inputs;
        private long wrongScalar;
        private long wrongVector;
        private long slow;
        private long nanoseconds;
        private final List<Found> examples = new ArrayList<>();

        void add(Tally other) {
            inputs += other.inputs;
            wrongScalar += other.wrongScalar;
            wrongVector += other.wrongVector;
            slow += other.slow;
            nanoseconds += other.nanoseconds;
            examples.addAll(other.examples);
            examples.sort(Comparator.comparingLong(Found::index));
        }
    }

    private static final class Run {
        private final Oracle oracle;
        private final long stride;
        private final long total;
        private final boolean vectors = vectorsPresent();
        private final Progress progress;
        private final AtomicLong next = new AtomicLong();
        private final AtomicLong done = new AtomicLong();

        Run(Oracle oracle, long stride, Progress progress) {
            this.oracle = oracle;
            this.stride = stride;
            this.total = (FLOATS + stride - 1) / stride;
            this.progress = progress;
        }

        Tally on(int threads) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Tally[] tallies = new Tally[threads];
            Thread[] workers = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                Tally tally = tallies[t] = new Tally();
                workers[t] = Thread.ofPlatform().daemon().name("proof-" + t).start(() -> {
                    try {
                        work(tally);
                        tally.nanoseconds = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    } catch (RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                        next.set(total);
                    }
                });
            }
            join(workers);
            if (failure.get() != null) {
                throw new IllegalStateException("proof of " + oracle + " broke off: " + failure.get().getMessage(), failure.get());
            }
            Tally sum = new Tally();
            Arrays.stream(tallies).forEach(sum::add);
            return sum;
        }

        private void join(Thread[] workers) {
            try {
                for (Thread worker : workers) {
                    worker.join();
                }
            } catch (InterruptedException e) {
                next.set(total);
                Thread.currentThread().interrupt();
                throw new IllegalStateException("proof of " + oracle + " was interrupted", e);
            }
        }

        private void work(Tally tally) {
            float[] x = new float[BLOCK];
            float[] expected = new float[BLOCK];
            float[] scalar = new float[BLOCK];
            float[] vector = new float[BLOCK];
            for (long from = next.getAndAdd(BLOCK); from < total; from = next.getAndAdd(BLOCK)) {
                int count = (int) Math.min(BLOCK, total - from);
                for (int i = 0; i < count; i++) {
                    x[i] = Float.intBitsToFloat((int) ((from + i) * stride));
                }
                tally.slow += expect(x, expected, count);
                for (int i = 0; i < count; i++) {
                    scalar[i] = oracle.computed(x[i]);
                }
                if (vectors) {
                    oracle.computed(x, vector, count);
                } else {
                    System.arraycopy(scalar, 0, vector, 0, count);
                }
                if (!agree(expected, scalar, count) || !agree(expected, vector, count)) {
                    judge(from, count, x, expected, scalar, vector, tally);
                }
                tally.inputs += count;
                progress.at(done.addAndGet(count), total);
            }
        }

        /** Fills in the right results; returns how many needed multi-precision arithmetic. */
        private int expect(float[] x, float[] expected, int count) {
            oracle.decided(x, expected, count);
            int slow = 0;
            for (int i = 0; i < count; i++) {
                if (oracle.isLimit(x[i])) {
                    expected[i] = oracle.limit(x[i]);
                } else if (expected[i] != expected[i]) {
                    expected[i] = oracle.computedSlowly(x[i]);
                    slow++;
                }
            }
            return slow;
        }

        private static boolean agree(float[] a, float[] b, int count) {
            long bytes = 4L * count;
            return MemorySegment.mismatch(MemorySegment.ofArray(a), 0, bytes, MemorySegment.ofArray(b), 0, bytes) < 0;
        }

        private void judge(long from, int count, float[] x, float[] expected, float[] scalar, float[] vector, Tally tally) {
            for (int i = 0; i < count; i++) {
                int bits = Float.floatToRawIntBits(expected[i]);
                boolean scalarWrong = Float.floatToRawIntBits(scalar[i]) != bits;
                boolean vectorWrong = vectors && Float.floatToRawIntBits(vector[i]) != bits;
                tally.wrongScalar += scalarWrong ? 1 : 0;
                tally.wrongVector += vectorWrong ? 1 : 0;
                if ((scalarWrong || vectorWrong) && tally.examples.size() < EXAMPLES) {
                    tally.examples.add(new Found(from + i, new Wrong(x[i], expected[i], scalar[i], vector[i])));
                }
            }
        }
    }
}
