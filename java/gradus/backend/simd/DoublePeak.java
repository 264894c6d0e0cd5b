package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The measured peak of this machine's float64 multiply units, beside which benchmarks put their figures. */
public final class DoublePeak {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int REPEATS = 10;
    private static final int STEPS = 4_000_000;
    private static final int CHAINS = 10;

    private DoublePeak() {
    }

    /** Operations in 10⁻⁹ s on one thread, the best of several runs; a fused multiply-add counts as two. */
    public static double measure() {
        double best = 0;
        double[] sink = new double[SPECIES.length()];
        for (int r = 0; r < REPEATS; r++) {
            long start = System.nanoTime();
            chains(sink);
            best = Math.max(best, 2.0 * CHAINS * SPECIES.length() * STEPS / (System.nanoTime() - start));
        }
        if (Double.isNaN(sink[0])) {
            throw new ArithmeticException("peak: the chains are not numbers");
        }
        return best;
    }

    /** Independent chains in registers: enough to hide the latency. */
    private static void chains(double[] sink) {
        DoubleVector x = DoubleVector.broadcast(SPECIES, 0.999);
        DoubleVector y = DoubleVector.broadcast(SPECIES, 0.001);
        DoubleVector a = y;
        DoubleVector b = y;
        DoubleVector c = y;
        DoubleVector d = y;
        DoubleVector e = y;
        DoubleVector f = y;
        DoubleVector g = y;
        DoubleVector h = y;
        DoubleVector i = y;
        DoubleVector j = y;
        for (int s = 0; s < STEPS; s++) {
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
        }
        x.add(a).add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).intoArray(sink, 0);
    }
}
