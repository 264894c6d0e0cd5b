package gradus.backend.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The measured peak of this machine's float32 multiply units, beside which benchmarks put their figures. */
public final class FloatPeak {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int REPEATS = 14;

    private FloatPeak() {
    }

    /** Operations in 10⁻⁹ s on one thread, the best of several runs; a fused multiply-add counts as two. */
    public static double measure() {
        double best = 0;
        float[] sink = new float[SPECIES.length()];
        int steps = 4_000_000;
        for (int r = 0; r < REPEATS; r++) {
            long start = System.nanoTime();
            chains(steps, sink);
            best = Math.max(best, 2.0 * 12 * SPECIES.length() * steps / (System.nanoTime() - start));
        }
        if (Float.isNaN(sink[0])) {
            throw new ArithmeticException("peak: the chains " + Arrays.toString(sink) + " are not numbers");
        }
        return best;
    }

    /** Twelve independent chains of fused multiply-adds in registers: enough to hide the latency on every processor we know. */
    private static void chains(int steps, float[] sink) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
        FloatVector a = y;
        FloatVector b = y;
        FloatVector c = y;
        FloatVector d = y;
        FloatVector e = y;
        FloatVector f = y;
        FloatVector g = y;
        FloatVector h = y;
        FloatVector i = y;
        FloatVector j = y;
        FloatVector k = y;
        FloatVector l = y;
        for (int s = 0; s < steps; s++) {
            a = x.fma(y, a);
            b = x.fma(y, b);
            c = x.fma(y, c);
            d = x.fma(y, d);
            e = x.fma(y, e);
            f = x.fma(y, f);
            g = x.fma(y, g);
            h = x.fma(y, h);
            i = x.fma(y, i);
            j = x.fma(y, j);
            k = x.fma(y, k);
            l = x.fma(y, l);
        }
        x.add(a).add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).intoArray(sink, 0);
    }
}
