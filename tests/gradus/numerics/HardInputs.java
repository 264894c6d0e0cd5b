package gradus.numerics;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/**
 * Writes hard_inputs.txt: for each elementary function the inputs, as bits in hexadecimal, whose value lies so near the middle of two floats that multi-precision
 * arithmetic must decide. A run over all floats, some minutes a function:
 * {@code java --add-modules jdk.incubator.vector -cp target/classes:target/test-classes gradus.numerics.HardInputs > tests/gradus/numerics/hard_inputs.txt}
 */
final class HardInputs {
    private static final List<Function> FUNCTIONS = List.of(Function.EXP, Function.EXPM1, Function.LOG, Function.LOG1P, Function.TANH, Function.SIGMOID, Function.SOFTPLUS,
            Function.SIN, Function.COS, Function.ERF, Function.RSQRT);

    private HardInputs() {
    }

    public static void main(String[] arguments) {
        for (Function f : FUNCTIONS) {
            ConcurrentSkipListSet<Integer> hard = new ConcurrentSkipListSet<>();
            Oracle oracle = new Oracle.Elementary(f);
            Thread[] workers = new Thread[Runtime.getRuntime().availableProcessors()];
            for (int t = 0; t < workers.length; t++) {
                long from = (1L << 32) * t / workers.length;
                long to = (1L << 32) * (t + 1) / workers.length;
                workers[t] = Thread.ofPlatform().start(() -> {
                    for (long i = from; i < to; i++) {
                        float x = Float.intBitsToFloat((int) i);
                        if (!oracle.isLimit(x) && Float.isNaN(oracle.decided(x))) {
                            hard.add((int) i);
                        }
                    }
                });
            }
            for (Thread worker : workers) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            System.out.println(f + hard.stream().map(i -> " " + Integer.toHexString(i)).collect(Collectors.joining()));
        }
    }
}
