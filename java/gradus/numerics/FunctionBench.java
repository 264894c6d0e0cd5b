package gradus.numerics;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Results per second and thread of every float32 function, scalar code and vector code, for {@code gradus bench functions}. The inputs are 4096 floats spread over the interval where the
 * function does all its work; they and the results lie in the first-level cache.
 */
public final class FunctionBench {
    private static final int INPUTS = 4096;
    private static final int ROUNDS = 9;
    private static final long ROUND = 20_000_000L;
    /** Nanoseconds until the compiler is done with a loop; the Vector API takes it long. */
    private static final long WARM_UP = 800_000_000L;

    private interface Loop {
        void run(float[] x, float[] y);
    }

    private FunctionBench() {
    }

    /** Prints a line for each function: millions of results a second, scalar and vector, the median of nine rounds of 20 milliseconds. */
    public static void run(Consumer<String> out) {
        out.accept(String.format(Locale.ROOT, "%-12s %12s %12s", "function", "scalar, M/s", "vector, M/s"));
        for (Proof.Subject subject : Proof.subjects()) {
            switch (subject) {
                case Proof.Subject.Elementary(Function f) -> measure(out, subject, inputs(f), (x, y) -> {
                    for (int i = 0; i < x.length; i++) {
                        y[i] = f.apply(x[i]);
                    }
                }, (x, y) -> VectorFunctions.apply(f, x, 0, y, 0, x.length));
                case Proof.Subject.Power(int n) -> measure(out, subject, spread(-8, 8), (x, y) -> {
                    for (int i = 0; i < x.length; i++) {
                        y[i] = Functions.pow(x[i], n);
                    }
                }, (x, y) -> VectorFunctions.pow(n, x, 0, y, 0, x.length));
            }
        }
    }

    private static void measure(Consumer<String> out, Proof.Subject subject, float[] x, Loop scalar, Loop vector) {
        String fast = VectorApi.serves() ? String.format(Locale.ROOT, "%12.0f", rate(x, vector)) : String.format("%12s", "–");
        out.accept(String.format(Locale.ROOT, "%-12s %12.0f %s", subject.title(), rate(x, scalar), fast));
    }

    /** Millions of results a second. */
    private static double rate(float[] x, Loop loop) {
        float[] y = new float[x.length];
        double[] rates = new double[ROUNDS];
        rate(x, y, loop, WARM_UP);
        for (int round = 0; round < ROUNDS; round++) {
            rates[round] = rate(x, y, loop, ROUND);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static double rate(float[] x, float[] y, Loop loop, long nanoseconds) {
        long start = System.nanoTime();
        long passes = 0;
        long time;
        do {
            loop.run(x, y);
            passes++;
            time = System.nanoTime() - start;
        } while (time < nanoseconds);
        return 1e3 * passes * x.length / time;
    }

    private static float[] inputs(Function f) {
        return switch (f) {
            case EXP, EXPM1, SOFTPLUS, SIGMOID -> spread(-20, 20);
            case LOG, RSQRT, SQRT -> spread(0.01f, 100);
            case LOG1P -> spread(-0.9f, 100);
            case TANH, ERF -> spread(-3, 3);
            case SIN, COS -> spread(-100, 100);
            case NEG, ABS, SQUARE, RECIPROCAL, SIGN, RELU, FLOOR -> spread(-8, 8);
        };
    }

    /** Evenly from low to high, in an order that no branch can foresee. */
    private static float[] spread(float low, float high) {
        float[] x = new float[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            x[i] = low + (high - low) * ((i * 1597 % INPUTS + 0.5f) / INPUTS);
        }
        return x;
    }
}
